"""Reads a quick check's authored values into a question that can be asked, however badly they were written.

``read_question`` never raises: what cannot be used is left out, and ``Question.answerable`` says whether
enough remains to ask it. ``validation.check_problems`` tells the author what is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

__all__ = [
    "CHECK_TYPES",
    "Option",
    "Question",
    "picture_address",
    "plain_text",
    "read_number",
    "read_question",
]

CHECK_TYPES = ("single", "multiple", "number", "text")
MAX_OPTIONS = 40


@dataclass(frozen=True)
class Option:
    """One choice of a single or multiple choice question."""

    id: str
    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True)
class Question:
    """A question as it can be asked and marked. It holds the answers: never serialise it for a browser."""

    check_type: str
    prompt: str
    options: tuple[Option, ...] = ()
    number_answer: Decimal | None = None
    number_tolerance: Decimal = Decimal(0)
    number_unit: str = ""
    text_answers: tuple[str, ...] = ()
    feedback_correct: str = ""
    feedback_incorrect: str = ""
    hint: str = ""
    image_url: str = ""
    image_alt: str = ""
    attempts_allowed: int = 0

    @property
    def answerable(self) -> bool:
        """Whether a learner could pass: a question and at least one right answer."""
        if not self.prompt:
            return False
        if self.check_type in ("single", "multiple"):
            return any(option.correct for option in self.options)
        if self.check_type == "number":
            return self.number_answer is not None
        return bool(self.text_answers)


def plain_text(value: object) -> str:
    """The text without surrounding white space; anything that is not text is no text."""
    return value.strip() if isinstance(value, str) else ""


def read_number(value: object) -> Decimal | None:
    """The exact decimal somebody typed, or None. A float is read as its shortest spelling: 0.1 is 0.1."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return Decimal(str(value))


def picture_address(value: object) -> str:
    """An address an ``img`` may load (web address or a course file), or nothing.

    ``data:`` and script addresses from an imported course are dropped here, before any template sees them.
    """
    address = plain_text(value)
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    if scheme in ("http", "https"):
        return address
    return address if not scheme and ":" not in address.split("/")[0] else ""


def read_options(value: object) -> tuple[Option, ...]:
    """The usable options: text present, identifiers unique (a repeated one is replaced by its place)."""
    if not isinstance(value, list):
        return ()
    options: list[Option] = []
    taken: set[str] = set()
    for place, entry in enumerate(value[:MAX_OPTIONS], start=1):
        if not isinstance(entry, Mapping) or not plain_text(entry.get("text")):
            continue
        identifier = plain_text(entry.get("id")) or f"o{place}"
        while identifier in taken:
            identifier += f"-{place}"
        taken.add(identifier)
        options.append(
            Option(
                id=identifier,
                text=plain_text(entry.get("text")),
                correct=entry.get("correct") is True,
                feedback=plain_text(entry.get("feedback")),
            )
        )
    return tuple(options)


def read_question(values: Mapping[str, Any]) -> Question:
    """The question *values* (a check's fields by name) spell, without ever raising."""
    check_type = values.get("check_type")
    attempts = values.get("attempts_allowed")
    tolerance = read_number(values.get("number_tolerance"))
    text_answers = values.get("text_answers")
    return Question(
        check_type=check_type if check_type in CHECK_TYPES else "single",
        prompt=plain_text(values.get("prompt")),
        options=read_options(values.get("options")),
        number_answer=read_number(values.get("number_answer")),
        number_tolerance=abs(tolerance) if tolerance is not None else Decimal(0),
        number_unit=plain_text(values.get("number_unit")),
        text_answers=tuple(filter(None, map(plain_text, text_answers)))
        if isinstance(text_answers, list)
        else (),
        feedback_correct=plain_text(values.get("feedback_correct")),
        feedback_incorrect=plain_text(values.get("feedback_incorrect")),
        hint=plain_text(values.get("hint")),
        image_url=picture_address(values.get("image_url")),
        image_alt=plain_text(values.get("image_alt")),
        attempts_allowed=attempts if isinstance(attempts, int) and attempts > 0 else 0,
    )
