"""The page of a quick check. Whatever it renders holds only what the learner may know by now."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from web_fragments.fragment import Fragment

from . import sentences
from .drafts import draft_mark
from .guards import Visitor
from .questions import Question
from .rendering import add_resources, as_data, render, translator

__all__ = ["check_fragment", "draft_text", "result_html"]


def check_fragment(block: Any, visitor: Visitor, context: dict[str, Any], *, key: bool = False) -> Fragment:
    """The question; with *key* (Studio only) the right answers beside it."""
    i18n = translator(block)
    question = block.question
    given = _given(block)
    fragment = Fragment(
        render(
            block,
            "check.html",
            {
                "question": question,
                "title": block.display_name,
                "shows_title": not context.get("in_microcred_unit") and not visitor.preview,
                "options": [
                    {"id": option.id, "text": option.text, "chosen": option.id in given, "number": number}
                    for number, option in enumerate(question.options, start=1)
                ],
                "typed": given[0] if given and question.check_type in ("number", "text") else "",
                "open": visitor.signed_in and not block.closed,
                "closed": block.closed,
                "signed_in": visitor.signed_in,
                "has_draft": block.draft is not None and not block.closed,
                "attempts": ""
                if block.passed
                else sentences.attempts(i18n, question.attempts_allowed, block.attempts_used),
                "result": result_html(block),
                "problems": block.own_problems() if visitor.staff and not visitor.preview else [],
                "answers": _key(question) if key and visitor.preview else [],
                "settings": as_data(_page_settings(block)),
            },
        )
    )
    add_resources(block, fragment, styles=("microcred",), scripts=("page", "check"))
    fragment.initialize_js("MicrocredCheck")
    return fragment


def result_html(block: Any) -> str:
    """The result of the last attempt, empty before the first.

    Which of several ticked options were right is told only once all are: with attempts left it would be the
    key. The author's feedback for a chosen option is always shown, that is what it was written for.
    """
    last = block.last
    if not last:
        return ""
    _ = translator(block).gettext
    question = block.question
    passed = bool(last.get("passed"))
    fallback = _("That is right.") if passed else _("Not quite.")
    overall = question.feedback_correct if passed else question.feedback_incorrect
    chosen = _as_list(last.get("answer"))
    answered = [option for option in question.options if option.id in chosen]
    return render(
        block,
        "check_result.html",
        {
            "passed": passed,
            "closed": block.closed,
            "headline": fallback,
            "overall": overall,
            "typed": last.get("answer") if question.check_type in ("number", "text") else "",
            "answered": [{"text": option.text, "feedback": option.feedback} for option in answered],
        },
    )


def draft_text(block: Any) -> str:
    """The stored draft in words: the texts of the options that are ticked, or what is typed."""
    given = _as_list(block.draft)
    texts = {option.id: option.text for option in block.question.options}
    return ", ".join(texts.get(entry, entry) for entry in given)


def _given(block: Any) -> list[str]:
    """The draft, else the answer last marked."""
    if block.draft is not None and not block.closed:
        return _as_list(block.draft)
    return _as_list(block.last.get("answer")) if block.last else []


def _as_list(answer: Any) -> list[str]:
    if isinstance(answer, list):
        return [str(entry) for entry in answer]
    return [str(answer)] if answer is not None else []


def _key(question: Question) -> list[str]:
    if question.check_type in ("single", "multiple"):
        return [option.text for option in question.options if option.correct]
    if question.check_type == "number" and question.number_answer is not None:
        tolerance = f" ± {question.number_tolerance}" if question.number_tolerance else ""
        return [f"{question.number_answer}{tolerance} {question.number_unit}".strip()]
    return list(question.text_answers)


def _page_settings(block: Any) -> dict[str, Any]:
    _ = translator(block).gettext
    return {
        "attempt": block.attempts_used,
        "mark": draft_mark(block.draft),
        "csrfCookie": str(getattr(settings, "CSRF_COOKIE_NAME", "csrftoken")),
        "texts": {
            "saving": _("Saving your draft…"),
            "saved": _("Draft saved."),
            "notSaved": _("Your draft is not saved yet. Check your connection; we keep trying."),
            "failed": _(
                "Your answer could not be sent. Check your connection and try again: nothing is lost."
            ),
        },
    }
