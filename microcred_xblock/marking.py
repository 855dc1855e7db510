"""Marks an answer: the same answer to the same question always gets the same mark, and nothing else happens.

An answer that cannot be read raises ``AnswerError`` *before* it costs an attempt: typing "about three" into
a number field is a slip, not a wrong answer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from .questions import Question

__all__ = ["AnswerError", "Mark", "mark", "normalise_text", "parse_number", "read_answer"]

MAX_ANSWER_CHARACTERS = 2000
MAX_EXPONENT = 99
NUMBER_SHAPE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
GROUPED_BY_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}")
# White space, the apostrophes of Swiss typography and the Arabic thousands sign, between two digits.
THOUSANDS = re.compile(r"(?<=\d)[\s'\u2019\u066c](?=\d)")


class AnswerError(ValueError):
    """An answer that cannot be marked. ``code`` says why; no attempt is used."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Mark:
    """The judgement of one answer."""

    passed: bool
    score: float
    chosen: tuple[str, ...] = ()


def normalise_text(text: str) -> str:
    """Text as it is compared: one spelling per character (NFC), no letter case, single spaces, no edges."""
    # Unicode 3.13 D145: decompose before folding, or a precomposed and a combined letter fold differently.
    folded = unicodedata.normalize("NFD", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def parse_number(text: str, unit: str = "") -> Decimal:
    """The number a person typed: decimal comma or point, thousands in groups, any digits, an optional unit.

    With one comma and no point the comma is the decimal sign ("1,234" is a little more than one): that is
    what most of the world types, and a checker cannot know better. Raises ``AnswerError``.
    """
    cleaned = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u066b", ".").strip()
    if unit:
        wanted = unicodedata.normalize("NFKC", unit).strip()
        if wanted and cleaned.casefold().endswith(wanted.casefold()):
            cleaned = cleaned[: len(cleaned) - len(wanted)].strip()
    cleaned = THOUSANDS.sub("", cleaned)
    if "," in cleaned and "." in cleaned:
        decimal_sign = max(",", ".", key=cleaned.rfind)
        cleaned = cleaned.replace("." if decimal_sign == "," else ",", "")
    cleaned = cleaned.replace(",", "") if GROUPED_BY_COMMA.fullmatch(cleaned) else cleaned.replace(",", ".")
    if len(cleaned) > 64 or not NUMBER_SHAPE.fullmatch(cleaned):
        raise AnswerError("not_a_number")
    try:
        number = Decimal(cleaned)
    except InvalidOperation as error:
        raise AnswerError("not_a_number") from error
    if abs(number.adjusted()) > MAX_EXPONENT and number:
        raise AnswerError("not_a_number")
    return number


def read_answer(question: Question, answer: Any) -> str | list[str]:
    """The answer in the one shape its question takes, or ``AnswerError``; bad shapes have code ``malformed``."""
    if question.check_type == "multiple":
        if not isinstance(answer, list) or not all(isinstance(entry, str) for entry in answer):
            raise AnswerError("malformed")
        chosen = sorted(set(answer))
        _require_known(question, chosen)
        if not chosen:
            raise AnswerError("empty")
        return chosen
    if question.check_type == "number" and isinstance(answer, (int, float)) and not isinstance(answer, bool):
        answer = str(answer)
    if not isinstance(answer, str) or len(answer) > MAX_ANSWER_CHARACTERS:
        raise AnswerError("malformed")
    if not answer.strip():
        raise AnswerError("empty")
    if question.check_type == "single":
        _require_known(question, [answer])
    return answer


def mark(question: Question, answer: Any) -> Mark:
    """The mark of *answer*; multiple choice is all or nothing. Raises ``AnswerError``."""
    if not question.answerable:
        raise AnswerError("not_ready")
    readable = read_answer(question, answer)
    if question.check_type in ("single", "multiple"):
        chosen = tuple([readable] if isinstance(readable, str) else readable)
        right = {option.id for option in question.options if option.correct}
        passed = set(chosen) == right if question.check_type == "multiple" else chosen[0] in right
        return _judged(passed, chosen)
    typed = str(readable)
    if question.check_type == "number":
        return _judged(_is_near(question, parse_number(typed, question.number_unit)))
    return _judged(normalise_text(typed) in {normalise_text(right) for right in question.text_answers})


def _judged(passed: bool, chosen: tuple[str, ...] = ()) -> Mark:
    return Mark(passed=passed, score=1.0 if passed else 0.0, chosen=chosen)


def _is_near(question: Question, number: Decimal) -> bool:
    if question.number_answer is None:
        return False
    # Fractions are exact: 1.1 is within 0.1 of 1.0, which binary floating point denies.
    return abs(Fraction(number) - Fraction(question.number_answer)) <= Fraction(question.number_tolerance)


def _require_known(question: Question, chosen: list[str]) -> None:
    known = {option.id for option in question.options}
    if not set(chosen) <= known:
        raise AnswerError("unknown_option")
