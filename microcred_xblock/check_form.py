"""Studio's form for a quick check: what it shows, and what it takes."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment

from .authoring import require_author
from .form_values import as_flag, as_number, as_text, as_whole, refusal, with_ids
from .questions import read_options
from .rendering import add_resources, as_data, render, translator
from .validation import check_problems

__all__ = ["FIELDS", "form_fragment", "save_form"]

FIELDS = (
    "display_name",
    "check_type",
    "prompt",
    "image_url",
    "image_alt",
    "options",
    "number_answer",
    "number_tolerance",
    "number_unit",
    "text_answers",
    "feedback_correct",
    "feedback_incorrect",
    "hint",
    "attempts_allowed",
)
_TEXTS = tuple(
    name
    for name in FIELDS
    if name not in ("options", "number_answer", "number_tolerance", "text_answers", "attempts_allowed")
)


def form_fragment(block: Any) -> Fragment:
    """The form with the block's values; unreadable ones come up empty, with the problem named above."""
    _ = translator(block).gettext
    values = block.authored()
    options = [
        {"id": option.id, "text": option.text, "correct": option.correct, "feedback": option.feedback}
        for option in read_options(values["options"])
    ]
    answers = values["text_answers"] if isinstance(values["text_answers"], list) else []
    fragment = Fragment(
        render(
            block,
            "check_form.html",
            {
                "values": {**values, "number_answer": _shown(values["number_answer"])},
                "types": [
                    ("single", _("One correct answer")),
                    ("multiple", _("Several correct answers")),
                    ("number", _("A number")),
                    ("text", _("A word or short text")),
                ],
                "options": as_data(options),
                "text_answers": "\n".join(answer for answer in answers if isinstance(answer, str)),
                "problems": block.own_problems() if values["prompt"] or values["options"] else [],
            },
        )
    )
    add_resources(block, fragment, styles=("studio",), scripts=("page", "studio"))
    fragment.initialize_js("MicrocredCheckForm")
    return fragment


def save_form(block: Any, data: dict[str, Any]) -> Any:
    """Sets the fields once every one of them is right; refuses with messages otherwise and sets none."""
    require_author(block)
    values = read_form(data)
    problems = check_problems(values, translator(block).gettext)
    if problems:
        return refusal(block, problems)
    for name in FIELDS:
        setattr(block, name, values[name])
    return {"result": "success"}


def read_form(data: dict[str, Any]) -> dict[str, Any]:
    """Field values of what the form sent; kept as sent where unreadable, so that validation can say so."""
    values: dict[str, Any] = {name: as_text(data.get(name)) for name in _TEXTS}
    options = data.get("options")
    values["options"] = [
        {
            "id": as_text(entry.get("id")),
            "text": as_text(entry.get("text")),
            "correct": as_flag(entry.get("correct")),
            "feedback": as_text(entry.get("feedback")),
        }
        for entry in with_ids(options, "o")
    ]
    answers = data.get("text_answers")
    if isinstance(answers, str):
        answers = answers.split("\n")
    listed = answers if isinstance(answers, list) else []
    values["text_answers"] = [text for text in map(as_text, listed) if text]
    values["number_answer"] = as_number(data.get("number_answer"))
    values["number_tolerance"] = as_number(data.get("number_tolerance", 0)) or 0
    values["attempts_allowed"] = as_whole(data.get("attempts_allowed", 0)) or 0
    return values


def _shown(number: Any) -> str:
    return "" if number is None else str(number).removesuffix(".0")
