"""The page of a quick check. Whatever it renders holds only what the learner may know by now."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from web_fragments.fragment import Fragment

from . import check_results, sentences
from .check_inputs import inputs
from .check_posts import csrf_token
from .check_sitting import Sitting
from .drafts import draft_mark
from .guards import Visitor
from .rendering import add_resources, as_data, render, translator

__all__ = ["check_fragment", "draft_text", "question_html", "state"]

STYLES = ("microcred", "check")
SCRIPTS = ("page", "check")


def check_fragment(block: Any, visitor: Visitor, context: dict[str, Any], *, key: bool = False) -> Fragment:
    """The question; with *key* (Studio only) the right answers beside it."""
    sitting = Sitting(block, visitor)
    fragment = Fragment(
        question_html(
            sitting,
            shows_title=not context.get("in_microcred_unit") and not visitor.preview,
            problems=block.own_problems() if visitor.staff and not visitor.preview else [],
            key=key and visitor.preview,
        )
    )
    add_resources(block, fragment, styles=STYLES, scripts=SCRIPTS)
    fragment.initialize_js("MicrocredCheck")
    return fragment


def question_html(
    sitting: Sitting, *, shows_title: bool = False, problems: list[str] | None = None, key: bool = False
) -> str:
    """The question as HTML. A sitting at a question that is only being written shows that one."""
    block, question = sitting.block, sitting.question
    visitor = sitting.visitor
    gives = visitor.masquerading and sitting.counted.left == 0 and not sitting.counted.passed
    return render(
        block,
        "check.html",
        {
            "question": question,
            "title": block.display_name,
            "shows_title": shows_title,
            **inputs(question, sitting.seed, _given(sitting)),
            "open": visitor.signed_in and not sitting.closed and question.answerable,
            "signed_in": visitor.signed_in,
            "hints": _hints(sitting),
            "conditions": _conditions(sitting),
            "result": result_html(sitting),
            "problems": problems or [],
            "answers": check_results.key_lines(question) if key else [],
            "gives": gives and visitor.recorded,
            "answer_known": sitting.told.answer,
            "attempt": block.attempts_used + 1,
            "action": block.runtime.handler_url(block, "submit") if _acts(visitor) else "",
            "csrf": csrf_token(),
            "settings": as_data(_page_settings(sitting)),
            **_next(sitting),
        },
    )


def state(sitting: Sitting) -> dict[str, Any]:
    """How things stand, for the page's script and other clients of the handlers."""
    question = sitting.question
    told = sitting.told.correctness
    return {
        # What may not be told is null: a client must not mistake it for wrong.
        "passed": sitting.counted.passed if told else None,
        "score": sitting.score if told and sitting.block.last else None,
        "closed": sitting.closed,
        "attempt": sitting.block.attempts_used,
        "attempts_allowed": question.attempts_allowed,
        "attempts_left": sitting.counted.left,
        "attempts": _next(sitting)["attempts"],
        "result_html": result_html(sitting),
        "hints_html": hints_html(sitting),
        "hints_used": sitting.block.hints_used,
        "next": _next(sitting),
    }


def result_html(sitting: Sitting) -> str:
    """The result of the last attempt, with the right answer where it may be shown; empty before there is any."""
    block = sitting.block
    if block.last:
        return render(block, "check_result.html", {"result": check_results.result(sitting)})
    if not sitting.told.answer:
        return ""
    shown = {"told": True, "headline": "", "key": check_results.key_lines(sitting.question), "passed": None}
    return render(
        block,
        "check_result.html",
        {"result": {**shown, "over": sitting.told.over, "gave_up": sitting.gave_up}},
    )


def hints_html(sitting: Sitting) -> str:
    """The hints asked for so far."""
    return render(sitting.block, "check_hints.html", {"hints": _hints(sitting)})


def _hints(sitting: Sitting) -> list[dict[str, Any]]:
    return [{"number": number, "text": text} for number, text in enumerate(sitting.hints, start=1)]


def _acts(visitor: Visitor) -> bool:
    """Whether the form leads anywhere; a preview of a form being written has no address."""
    return visitor.signed_in and (not visitor.preview or visitor.user_id is not None)


def _next(sitting: Sitting) -> dict[str, Any]:
    """What can be done next, in words: the labels of the buttons, empty where there is none."""
    i18n = translator(sitting.block)
    block, question = sitting.block, sitting.question
    hint = ""
    if not sitting.closed and block.hints_used < len(question.hints):
        hint = sentences.hint_button(i18n, block.hints_used, len(question.hints), question.hint_cost)
    done = sitting.counted.passed and not sitting.counted.may_improve and sitting.told.correctness
    return {
        "attempts": "" if done else sentences.attempts_left(i18n, sitting.counted.left),
        "hint_button": hint,
        "answer_button": _answer_button(sitting),
    }


def _answer_button(sitting: Sitting) -> str:
    _ = translator(sitting.block).gettext
    if not sitting.told.on_demand or (sitting.counted.passed and not sitting.question.practice):
        return ""
    if sitting.question.practice:
        return str(_("Show the right answer"))
    return str(_("Show the right answer and end this question"))


def _conditions(sitting: Sitting) -> list[str]:
    """What a learner should know before the first attempt, where it is not what everybody expects."""
    i18n = translator(sitting.block)
    question = sitting.question
    found = []
    if question.practice:
        found.append(i18n.gettext("For practice: try as often as you like, nothing is graded."))
    if question.check_type == "attest":
        found.append(i18n.gettext("This is your own word. It is kept with your name and the date."))
    elif question.partial_credit and question.mastery < 1:
        text = i18n.gettext("{needed} % is enough.")
        found.append(text.format(needed=check_results.percent(question.mastery)))
    if question.attempt_policy == "average":
        text = i18n.gettext("What counts is the mean of your last {over} attempts.")
        found.append(text.format(over=question.average_over))
    elif question.attempt_policy == "latest":
        found.append(i18n.gettext("What counts is your latest attempt."))
    return found


def draft_text(sitting: Sitting) -> str:
    """The stored draft in words, for a person who chooses between two."""
    return check_results.answer_words(sitting.question, sitting.block.draft)


def _given(sitting: Sitting) -> Any:
    """The draft, else the answer last marked."""
    if sitting.block.draft is not None and not sitting.closed:
        return sitting.block.draft
    return sitting.block.last.get("answer") if sitting.block.last else None


def _page_settings(sitting: Sitting) -> dict[str, Any]:
    _ = translator(sitting.block).gettext
    return {
        "attempt": sitting.block.attempts_used,
        "hints": sitting.block.hints_used,
        "mark": draft_mark(sitting.block.draft),
        "csrfCookie": str(getattr(settings, "CSRF_COOKIE_NAME", "csrftoken")),
        "texts": {
            "saving": _("Saving your draft…"),
            "saved": _("Draft saved."),
            "notSaved": _("Your draft is not saved yet. Check your connection; we keep trying."),
            "failed": _(
                "Your answer could not be sent. Check your connection and try again: nothing is lost."
            ),
            "moved": _("{thing}: now number {number} of {total}"),
        },
    }
