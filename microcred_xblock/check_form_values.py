"""Turns what Studio's form for a quick check sends into field values.

What cannot be read is kept as it was sent, so that validation can say so beside its field.
"""

from __future__ import annotations

from typing import Any

from .form_values import as_flag, as_number, as_text, as_whole, with_ids

__all__ = ["read_form"]

_TEXTS = (
    *("display_name", "check_type", "prompt", "image_url", "image_alt", "number_unit", "gap_text"),
    *("feedback_correct", "feedback_incorrect"),
)
#: Choices that the form always sends; other clients may leave them out.
_CHOICES = {
    "number_tolerance_kind": "absolute",
    "purpose": "graded",
    "attempt_policy": "best",
    "reveal": "course",
}
_LINES = ("text_answers", "text_patterns", "extra_matches", "try_feedback")
_FLAGS = ("shuffle", "number_unit_required", "partial_credit")


def read_form(data: dict[str, Any]) -> dict[str, Any]:
    """Field values of what the form sent."""
    values: dict[str, Any] = {name: as_text(data.get(name)) for name in _TEXTS}
    values |= {name: as_text(data.get(name)) or otherwise for name, otherwise in _CHOICES.items()}
    values |= {name: _lines(data.get(name)) for name in _LINES}
    values |= {name: as_flag(data.get(name)) for name in _FLAGS}
    values["options"] = [_option(entry) for entry in with_ids(data.get("options"), "o")]
    values["pairs"] = [
        {name: as_text(entry.get(name)) for name in ("id", "text", "match", "feedback")}
        for entry in with_ids(data.get("pairs"), "p")
    ]
    values["gaps"] = [
        {
            "id": as_text(entry.get("id")),
            "answers": _lines(entry.get("answers")),
            "choices": _lines(entry.get("choices")),
            "feedback": as_text(entry.get("feedback")),
        }
        for entry in with_ids(data.get("gaps"), "g")
    ]
    units = data.get("number_units")
    values["number_units"] = [
        {"name": as_text(entry.get("name")), "worth": as_text(entry.get("worth")) or "1"}
        for entry in (units if isinstance(units, list) else [])
        if isinstance(entry, dict)
        and (as_text(entry.get("name")) or as_text(entry.get("worth")) not in ("", "1"))
    ]
    values["hints"] = _hints(data)
    values["text_ignores"] = data.get("text_ignores", ["case"])
    values["number_answer"] = as_number(data.get("number_answer"))
    values["number_tolerance"] = as_number(data.get("number_tolerance", 0)) or 0
    values["attempts_allowed"] = as_whole(data.get("attempts_allowed", 0)) or 0
    values["hint_cost"] = as_whole(data.get("hint_cost", 0)) or 0
    for name, otherwise in (("mastery", 100), ("average_over", 3)):
        whole = as_whole(data.get(name))
        values[name] = otherwise if whole is None else whole
    return values


def _option(entry: dict[str, Any]) -> dict[str, Any]:
    """What is stored of an option; what most options do not have is left out."""
    option = {
        "id": as_text(entry.get("id")),
        "text": as_text(entry.get("text")),
        "correct": as_flag(entry.get("correct")),
        "feedback": as_text(entry.get("feedback")),
    }
    option |= {name: text for name in ("image_url", "image_alt") if (text := as_text(entry.get(name)))}
    return option | ({"fixed": True} if entry.get("fixed") is True else {})


def _hints(data: dict[str, Any]) -> list[str]:
    """The hints: rows or texts in ``hints``, else the one text that older clients send as ``hint``."""
    sent = data.get("hints")
    if isinstance(sent, list):
        texts = [as_text(entry.get("text")) if isinstance(entry, dict) else as_text(entry) for entry in sent]
        return [text for text in texts if text]
    return [text for text in (as_text(data.get("hint")),) if text]


def _lines(value: object) -> list[str]:
    lines = value.split("\n") if isinstance(value, str) else value
    return [text for text in map(as_text, lines if isinstance(lines, list) else []) if text]
