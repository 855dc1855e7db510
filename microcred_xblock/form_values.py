"""Turns what Studio's forms send into field values, and errors into what the forms show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from webob import Response

from .handlers import json_response
from .marking import AnswerError, parse_number
from .problem import Problem
from .rendering import translator

__all__ = ["as_flag", "as_number", "as_text", "as_whole", "refusal", "with_ids"]


def as_text(value: object) -> str:
    """Text without surrounding white space; anything else is no text."""
    return value.strip() if isinstance(value, str) else ""


def as_flag(value: object) -> bool:
    """True only for true."""
    return value is True


def as_number(value: object) -> Any:
    """The number typed (with comma or point), None for an empty box, the value itself when it is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = as_text(value)
    if not text:
        return None
    try:
        return float(parse_number(text))
    except AnswerError:
        return value


def as_whole(value: object) -> Any:
    """The whole number typed, None for an empty box, the value itself when it is none."""
    number = as_number(value)
    return int(number) if isinstance(number, float) and number.is_integer() else number


def with_ids(entries: object, prefix: str) -> list[dict[str, Any]]:
    """The mappings of a list, each with an id: its own, or the next free ``prefix`` + number.

    Ids tie learners' stored answers and reviewers' judgements to options and levels: an id once given stays
    with its entry, and the id of a removed entry is not given to a new one in the same save.
    """
    if not isinstance(entries, list):
        return []
    kept = [dict(entry) for entry in entries if isinstance(entry, Mapping)]
    taken = {as_text(entry.get("id")) for entry in kept}
    number = 0
    for entry in kept:
        if not as_text(entry.get("id")):
            number += 1
            while f"{prefix}{number}" in taken:
                number += 1
            entry["id"] = f"{prefix}{number}"
            taken.add(entry["id"])
    return kept


def refusal(block: Any, problems: Iterable[Problem]) -> Response:
    """400 with one message per field, and a sentence for the message box."""
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(problem.field, problem.message)
    gettext = translator(block).gettext
    return json_response({"errors": errors, "error": gettext("Not saved yet: mend the marked fields.")}, 400)
