"""How a language says the parts of a requirement.

The caller hands these functions in, translated and with the plural forms of its language, so that this
package stays free of any framework. The defaults are English. What they get is already clean: titles hold no
typographic quotation marks (:mod:`.titles`), so the marks that a phrase puts around a title cannot be forged.

For one sentence to have one reading a translation must keep titles in quotation marks, keep what
:attr:`Phrases.group` and :attr:`Phrases.qualified` set apart in brackets, and use different words for
different functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .fields import write_bound
from .window import Bound

__all__ = ["Phrases"]


def _joined(parts: list[str], word: str) -> str:
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _period(years: int, months: int, days: int) -> str:
    counted = [(years, "year"), (months, "month"), (days, "day")]
    parts = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in counted if number]
    return _joined(parts, "and")


def _points(amount: Decimal) -> str:
    return "1 point" if amount == 1 else f"{amount:f} points"


def _credits(amount: Decimal) -> str:
    return "1 credit" if amount == 1 else f"{amount:f} credits"


def _bound(bound: Bound) -> str:
    if not isinstance(bound, datetime):
        return bound.isoformat()
    return write_bound(bound).replace("T", " ").replace("Z", " UTC")


@dataclass(frozen=True)
class Phrases:
    """One function per kind of part. Percentages come as exact texts, amounts as exact decimals."""

    outcome: Callable[[str], str] = lambda name: f"shows “{name}”"
    outcome_with_score: Callable[[str, str], str] = lambda name, percent: (
        f"shows “{name}” with at least {percent} %"
    )
    outcome_with_level: Callable[[str, str], str] = lambda name, level: (
        f"shows “{name}” at the level “{level}” or above"
    )
    badge: Callable[[str], str] = lambda name: f"holds the badge “{name}”"
    badge_version: Callable[[int], str] = lambda version: f"version {version} or newer"
    badge_equivalent: Callable[[], str] = lambda: "or an accepted equivalent"
    grade: Callable[[str, str], str] = lambda name, percent: (
        f"has a grade of at least {percent} % in the course “{name}”"
    )
    part_grade: Callable[[str, str], str] = lambda name, percent: (
        f"has a grade of at least {percent} % in the part “{name}” of a course"
    )
    block: Callable[[str], str] = lambda name: f"completes “{name}”"
    passed: Callable[[str], str] = lambda name: f"has passed the course “{name}”"
    certified: Callable[[str], str] = lambda name: f"has the certificate of the course “{name}”"
    cohort: Callable[[str, str], str] = lambda name, group: (
        f"is in the cohort “{group}” of the course “{name}”"
    )
    credits: Callable[[Decimal, list[str]], str] = lambda amount, names: (
        f"has at least {_credits(amount)} in "
        + _joined([f"“{name}”" for name in names], "and")
        + (" taken together" if len(names) > 1 else "")
    )
    sign_off: Callable[[str, str], str] = lambda name, role: (
        f"has “{name}” signed off by somebody with the role “{role}”"
    )
    external: Callable[[str, str], str] = lambda name, issuer: (
        f"holds the badge “{name}” from the other issuer “{issuer}”"
    )
    time: Callable[[str], str] = lambda span: f"completes this {span}"
    not_sign_off: Callable[[str, str], str] = lambda name, role: (
        f"does not have “{name}” signed off by somebody with the role “{role}”"
    )
    not_time: Callable[[str], str] = lambda span: f"does not complete this {span}"
    none_of: Callable[[str], str] = lambda text: f"is not somebody who {text}"

    all_of: Callable[[list[str]], str] = lambda parts: _joined(parts, "and")
    any_of: Callable[[list[str]], str] = lambda parts: _joined(parts, "or")
    at_least: Callable[[int, list[str]], str] = lambda count, parts: (
        f"does at least {count} of these: " + "; ".join(parts)
    )
    points: Callable[[Decimal, list[str]], str] = lambda minimum, parts: (
        f"reaches at least {_points(minimum)} of these: " + "; ".join(parts)
    )
    weighed: Callable[[Decimal, str], str] = lambda weight, part: f"{_points(weight)} if the person {part}"
    group: Callable[[str], str] = lambda text: f"({text})"
    qualified: Callable[[str, list[str]], str] = lambda text, limits: f"{text} ({', '.join(limits)})"

    within: Callable[[str], str] = lambda period: f"within the last {period}"
    period: Callable[[int, int, int], str] = _period
    bound: Callable[[Bound], str] = _bound
    since: Callable[[str], str] = lambda first: f"from {first} on"
    until: Callable[[str], str] = lambda last: f"until {last}"
    between: Callable[[str, str], str] = lambda first, last: f"from {first} until {last}"
