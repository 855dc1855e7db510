"""Criteria text: generated from the requirement itself, so it cannot drift from what is enforced."""

from __future__ import annotations

from django.utils.translation import gettext as _

from microcred_app import rules

__all__ = ["criteria_text", "phrases"]


def phrases() -> rules.Phrases:
    """The parts of a requirement in the reader's language."""
    return rules.Phrases(
        outcome=lambda name: _("shows “{outcome}”").format(outcome=_unended(name)),
        outcome_with_score=lambda name, percent: _("shows “{outcome}” with at least {percent} %").format(
            outcome=_unended(name), percent=percent
        ),
        badge=lambda name: _("holds the badge “{badge}”").format(badge=name),
        all_of=lambda parts: _join(parts, _("and")),
        any_of=lambda parts: _join(parts, _("or")),
        at_least=lambda count, parts: _("at least {count} of these: {parts}").format(
            count=count, parts="; ".join(parts)
        ),
    )


def criteria_text(requirement: rules.Node, names: rules.Names, intro: str = "") -> str:
    """Prose of the registrar, if any, then the sentence that the rule engine enforces."""
    sentence = _("To earn this badge, a person {requirement}.").format(
        requirement=rules.say(requirement, names, phrases())
    )
    return f"{intro.strip()}\n\n{sentence}".strip()


def _join(parts: list[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _unended(statement: str) -> str:
    """A statement that stands inside a sentence loses its own full stop."""
    return statement.rstrip(" .")
