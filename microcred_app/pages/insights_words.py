"""Figures of a check in words: what they mean, and what its author may look at."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcred_app.applets.insights import api as insights

__all__ = ["advice_sentences", "difficulty_words", "discrimination_words"]

#: From this share on a question is easy for those who answer it, and from this correlation on it tells well.
EASY, MIDDLE, HARD = 0.85, 0.5, 0.3
WELL, SOME = 0.3, 0.15


def difficulty_words(check: insights.CheckInsight) -> str:
    """The share that was right at the first try, judged."""
    if check.check_type == "attest":
        return _("Learners confirm something here; it is neither right nor wrong.")
    if check.difficulty is None:
        return _("Not told: too few were right, or too few were wrong.") if check.tables else ""
    if check.difficulty >= EASY:
        return _("Easy: most are right at the first try.")
    if check.difficulty >= MIDDLE:
        return _("Middling: more are right at the first try than wrong.")
    if check.difficulty >= HARD:
        return _("Hard: more are wrong at the first try than right.")
    return _("Very hard: few are right at the first try.")


def discrimination_words(check: insights.CheckInsight, group: int) -> str:
    """What the correlation with the other checks says, or why there is none."""
    reasons = {
        "alone": _("Needs another check in this unit to compare with."),
        "same": _("Not told: everybody does the same, so there is nothing to compare."),
        "attest": "",
        "few": ngettext(
            "Not told: it needs {n} learner who was right and {n} who was wrong.",
            "Not told: it needs {n} learners who were right and {n} who were wrong.",
            group,
        ).format(n=group),
    }
    if check.discrimination is None:
        return reasons.get(check.not_told, "")
    if check.discrimination >= WELL:
        return _("Tells well: who is right here does better in the unit’s other checks.")
    if check.discrimination >= SOME:
        return _("Tells somewhat: who is right here does a little better in the unit’s other checks.")
    if check.discrimination >= 0:
        return _("Tells little: who is right here does no better in the unit’s other checks.")
    return _("Works against: who is right here does worse in the unit’s other checks.")


def advice_sentences(check: insights.CheckInsight) -> list[str]:
    """What to look at, most urgent first."""
    sentences = {
        "negative": _("Look at the key and the wording: learners who know more get this wrong more often."),
        "distractor": _("One wrong option is chosen more often than the right one. Is it wrong, or the key?"),
        "hard": _("Few are right at the first try. Does the unit teach it before it asks?"),
        "weak": _("Whether somebody is right says little about what they can do. Is it a guess, or a trick?"),
        "easy": _("Nearly everybody is right. Keep it as encouragement, or ask for more."),
        "unused": _(
            "There is a wrong option that nobody chose. Replace it with a mistake that learners make."
        ),
    }
    return [text for code, text in sentences.items() if code in check.advice]
