"""The parts of a question: options, pairs, gaps and units, read from whatever an author's file holds.

Reading never raises. What cannot be used is left out; ``check_validation`` tells the author what is wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from .number_answers import Measure

__all__ = [
    "GAP_MARK",
    "Gap",
    "Option",
    "Pair",
    "picture_address",
    "plain_text",
    "plain_texts",
    "read_gaps",
    "read_measures",
    "read_number",
    "read_options",
    "read_pairs",
    "token_of",
]

MOST_OPTIONS = 40
MOST_GAPS = 20
#: Where a gap stands in the text of a fill-the-gaps question: ``[[g1]]``.
GAP_MARK = re.compile(r"\[\[([A-Za-z0-9_-]{1,20})\]\]")


@dataclass(frozen=True)
class Option:
    """One choice, one thing to put in order, or one statement to confirm. ``fixed`` options are not shuffled."""

    id: str
    text: str
    correct: bool
    feedback: str
    image_url: str = ""
    image_alt: str = ""
    fixed: bool = False

    @property
    def name(self) -> str:
        """What it is called where there is room for words only."""
        return self.text or self.image_alt

    @property
    def token(self) -> str:
        """What the page calls it where its own id could give the answer away."""
        return token_of(self.text, self.image_url)


@dataclass(frozen=True)
class Pair:
    """One line of a matching question and what belongs to it."""

    id: str
    text: str
    match: str
    feedback: str = ""


@dataclass(frozen=True)
class Gap:
    """One gap: chosen from ``choices`` when there are any, typed otherwise."""

    id: str
    answers: tuple[str, ...]
    choices: tuple[str, ...] = ()
    feedback: str = ""


def plain_text(value: object) -> str:
    """The text without surrounding white space; anything that is not text is no text."""
    return value.strip() if isinstance(value, str) else ""


def plain_texts(value: object) -> tuple[str, ...]:
    """The texts of a list that say something."""
    return tuple(filter(None, map(plain_text, value))) if isinstance(value, list) else ()


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


def token_of(*texts: str) -> str:
    """A name for what a learner reads, made of nothing else: it cannot say which answer is right."""
    return "t" + sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()[:12]


def read_options(value: object) -> tuple[Option, ...]:
    """The usable options: text or a described picture, identifiers unique (a repeated one gets its place)."""
    options: list[Option] = []
    for identifier, entry in _entries(value, "o", MOST_OPTIONS):
        address, alt = picture_address(entry.get("image_url")), plain_text(entry.get("image_alt"))
        shown = bool(address and alt)
        text = plain_text(entry.get("text"))
        if text or shown:
            options.append(
                Option(
                    id=identifier,
                    text=text,
                    correct=entry.get("correct") is True,
                    feedback=plain_text(entry.get("feedback")),
                    image_url=address if shown else "",
                    image_alt=alt if shown else "",
                    fixed=entry.get("fixed") is True,
                )
            )
    return tuple(options)


def read_pairs(value: object) -> tuple[Pair, ...]:
    """The pairs that have both sides."""
    pairs = []
    for identifier, entry in _entries(value, "p", MOST_OPTIONS):
        text, match = plain_text(entry.get("text")), plain_text(entry.get("match"))
        if text and match:
            pairs.append(Pair(identifier, text, match, plain_text(entry.get("feedback"))))
    return tuple(pairs)


def read_gaps(value: object, text: str) -> tuple[Gap, ...]:
    """The gaps that have an answer and stand in *text*, in the order of the text."""
    found: dict[str, Gap] = {}
    for identifier, entry in _entries(value, "g", MOST_GAPS):
        answers, wrong = plain_texts(entry.get("answers")), plain_texts(entry.get("choices"))
        if answers:
            # A gap to choose for shows its first answer among the wrong ones; the others are spellings.
            choices = tuple(dict.fromkeys((answers[0], *wrong))) if wrong else ()
            found[identifier] = Gap(identifier, answers, choices, plain_text(entry.get("feedback")))
    places = dict.fromkeys(GAP_MARK.findall(text))
    return tuple(found[name] for name in places if name in found)


def read_measures(value: object, unit: str) -> tuple[Measure, ...]:
    """The question's own unit and every other spelling or unit an answer may come with."""
    measures = [Measure(unit)] if unit else []
    for entry in value[:MOST_OPTIONS] if isinstance(value, list) else ():
        if isinstance(entry, Mapping) and plain_text(entry.get("name")):
            worth = read_worth(entry.get("worth", "1"))
            if worth is not None:
                measures.append(Measure(plain_text(entry.get("name")), worth))
    return tuple(measures)


def read_worth(value: object) -> Fraction | None:
    """How many of the question's unit a unit is worth: "0.001", "1/36" or a number; None when it is neither."""
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    top, slash, bottom = text.replace(",", ".").partition("/")
    try:
        if len(text) > 30 or (slash and not Decimal(bottom)):
            return None
        parts = [Decimal(part) for part in ((top, bottom) if slash else (top or "1",))]
    except InvalidOperation:
        return None
    if not all(part.is_finite() and part > 0 and abs(part.adjusted()) < 20 for part in parts):
        return None
    return Fraction(parts[0]) / (Fraction(parts[1]) if slash else 1)


def _entries(value: object, prefix: str, most: int) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The mappings of a list, each with an identifier that no other has."""
    if not isinstance(value, list):
        return
    taken: set[str] = set()
    for place, entry in enumerate(value[:most], start=1):
        if not isinstance(entry, Mapping):
            continue
        identifier = plain_text(entry.get("id")) or f"{prefix}{place}"
        while identifier in taken:
            identifier += f"-{place}"
        taken.add(identifier)
        yield identifier, entry
