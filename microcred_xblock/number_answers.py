"""Reads numbers as people write them, with units, and compares them exactly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from .answer_errors import AnswerError

__all__ = ["Measure", "is_near", "parse_number", "read_measured"]

MAX_EXPONENT = 99
NUMBER_SHAPE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
GROUPED_BY_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}")
# White space, the apostrophes of Swiss typography and the Arabic thousands sign, between two digits.
THOUSANDS = re.compile(r"(?<=\d)[\s'\u2019\u066c](?=\d)")


@dataclass(frozen=True)
class Measure:
    """A spelling of a unit, and how many of the question's own unit it is worth (1 for another spelling)."""

    name: str
    worth: Fraction = Fraction(1)


def parse_number(text: str, unit: str = "") -> Decimal:
    """The number a person typed: decimal comma or point, thousands in groups, any digits, an optional unit.

    With one comma and no point the comma is the decimal sign ("1,234" is a little more than one): that is
    what most of the world types, and a checker cannot know better. Raises ``AnswerError``.
    """
    cleaned = _plain(text)
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


def read_measured(text: str, measures: Sequence[Measure], *, unit_required: bool = False) -> Fraction:
    """The typed number in the question's own unit, which is the first of *measures*. Raises ``AnswerError``.

    The longest spelling that fits wins: "mm" is not read as "m". A missing unit costs no attempt.
    """
    cleaned = _plain(text)
    named = [(unicodedata.normalize("NFKC", measure.name).strip(), measure.worth) for measure in measures]
    named = sorted((pair for pair in named if pair[0]), key=lambda pair: -len(pair[0]))
    # As written first, because "mW" and "MW" are a thousand million apart; then in any case.
    fitting = [pair for pair in named if cleaned.endswith(pair[0])]
    fitting += [pair for pair in named if cleaned.casefold().endswith(pair[0].casefold())]
    for name, worth in fitting:
        try:
            return Fraction(parse_number(cleaned[: len(cleaned) - len(name)])) * worth
        except AnswerError:
            continue
    number = Fraction(parse_number(cleaned))
    if unit_required and named:
        raise AnswerError("unit_missing")
    return number


def is_near(number: Fraction, answer: Decimal, tolerance: Decimal, *, percent: bool) -> bool:
    """Whether *number* is within *tolerance* of *answer*, both edges included.

    Fractions are exact: 1.1 is within 0.1 of 1.0, which binary floating point denies.
    """
    allowed = Fraction(tolerance)
    if percent:
        allowed = abs(Fraction(answer)) * allowed / 100
    return abs(number - Fraction(answer)) <= allowed


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u066b", ".").strip()
