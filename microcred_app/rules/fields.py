"""Single values of a requirement, read from JSON or YAML values: keys, scores, numbers, periods, dates.

Each function takes the place and the value found there, and either answers with the value as the tree keeps
it or raises :class:`RequirementError` saying what may stand there. Numbers that are added up become exact
decimals, so a sum never misses a limit by a binary rounding.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from .errors import RequirementError, gettext_noop, shorten
from .period import LONGEST_YEARS, Period
from .window import Bound

__all__ = [
    "MAX_KEY_LENGTH",
    "MAX_ROLE_LENGTH",
    "nearest",
    "read_amount",
    "read_bound",
    "read_flag",
    "read_key",
    "read_period",
    "read_share",
    "read_version",
    "write_amount",
    "write_bound",
]

MAX_KEY_LENGTH = 255
MAX_ROLE_LENGTH = 50
MAX_ADDRESS_LENGTH = 2_000
MAX_AMOUNT = 1_000_000
MAX_PLACES = 3
MAX_VERSION = 1_000_000
YEARS = (1900, 2999)


def nearest(word: object, known: Collection[str]) -> str:
    """The known name that *word* was probably meant to be, or nothing."""
    if not isinstance(word, str):
        return ""
    return next(iter(get_close_matches(word[:40].lower(), sorted(known), n=1, cutoff=0.6)), "")


def read_key(value: object, path: str, longest: int = MAX_KEY_LENGTH) -> str:
    """A key or an address as text: printable, not empty, no blanks at its ends."""
    if not isinstance(value, str) or not value.strip():
        raise RequirementError(
            path,
            gettext_noop("The key is empty or no text: {found}."),
            gettext_noop("a text of 1 to {longest} characters; put numbers in quotes"),
            found=shorten(value),
            longest=longest,
        )
    if len(value) > longest:
        raise RequirementError(
            path,
            gettext_noop("The text has {length} characters."),
            gettext_noop("a text of 1 to {longest} characters; put numbers in quotes"),
            length=len(value),
            longest=longest,
        )
    if value != value.strip() or not value.isprintable():
        raise RequirementError(
            path,
            gettext_noop("{found} has blanks at its ends or characters that cannot be seen."),
            gettext_noop("printable characters"),
            found=shorten(value),
        )
    return value


def read_share(value: object, path: str) -> float:
    """A score or a grade, from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise RequirementError(
            path,
            gettext_noop("{found} is no score."),
            gettext_noop("a number from 0 to 1, such as 0.8 for 80 %"),
            found=shorten(value),
        )
    return float(value) or 0.0


def read_amount(value: object, path: str) -> Decimal:
    """Points, weights or credits: above 0, at most a million, at most three decimal places."""
    amount = _exact(value)
    if amount is None or not 0 < amount <= MAX_AMOUNT or amount != round(amount, MAX_PLACES):
        raise RequirementError(
            path,
            gettext_noop("{found} is no amount that can be counted."),
            gettext_noop("a number above 0 and up to {most}, with at most {places} decimal places"),
            found=shorten(value),
            most=MAX_AMOUNT,
            places=MAX_PLACES,
        )
    return amount.normalize()


def write_amount(amount: Decimal) -> int | float:
    """An amount as a JSON number that reads back as the same amount."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _exact(value: object) -> Decimal | None:
    """The number as it was typed: the shortest text that reads back as the float is what stood there."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        return Decimal(value) if value.bit_length() <= 64 else None
    try:
        amount = Decimal(repr(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) <= MAX_AMOUNT else None


def read_version(value: object, path: str) -> int:
    """The number of a badge version."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_VERSION:
        raise RequirementError(
            path,
            gettext_noop("{found} is no version number."),
            gettext_noop("a whole number from 1"),
            found=shorten(value),
        )
    return value


def read_flag(value: object, path: str) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise RequirementError(
            path,
            gettext_noop("{found} is neither true nor false."),
            gettext_noop("true or false"),
            found=shorten(value),
        )
    return value


def read_period(value: object, path: str) -> Period:
    """An ISO 8601 period of years, months and days."""
    try:
        return Period.read(value if isinstance(value, str) else "")
    except ValueError:
        raise RequirementError(
            path,
            gettext_noop("{found} is no period."),
            gettext_noop(
                "years, months and days such as P3Y, P18M, P1Y6M or P30D, from one day to {years} years"
            ),
            found=shorten(value),
            years=LONGEST_YEARS,
        ) from None


def read_bound(value: object, path: str) -> Bound:
    """A day, or a moment with its offset from UTC (kept in UTC, whole seconds)."""
    found = _date_of(value)
    if found is None or not YEARS[0] <= found.year <= YEARS[1]:
        raise RequirementError(
            path,
            gettext_noop("{found} is no date."),
            gettext_noop(
                "a day such as 2025-01-31, or a moment with its offset such as 2025-01-31T16:00:00+01:00"
            ),
            found=shorten(value),
        )
    return found


def write_bound(bound: Bound) -> str:
    """A day or a moment as text that reads back as the same."""
    if isinstance(bound, datetime):
        return bound.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return bound.isoformat()


def _date_of(value: object) -> Bound | None:
    if isinstance(value, str) and len(value) <= len("2025-01-31T16:00:00+01:00"):
        try:
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        if value.tzinfo is None or value.microsecond or not YEARS[0] <= value.year <= YEARS[1]:
            return None
        return value.astimezone(UTC)
    return value if isinstance(value, date) else None
