"""A length of calendar time: years, months and days, added to a moment exactly.

Why not days alone: "within 3 years" is a promise about dates on paper, and 1095 days break it in every leap
year. How adding works: years and months first, then days. A day that the target month does not have becomes
the month's last day, so 29 February plus one year is 28 February, and 31 January plus one month is the last
of February. Moments are UTC. ISO 8601-1:2019, 5.5.2.3 without weeks and times of day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["Period"]

LONGEST_YEARS = 100
_TEXT = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A period from one day to a hundred years; raises :class:`ValueError` when it is none."""

    years: int = 0
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if min(self.years, self.months, self.days) < 0 or not (self.years or self.months or self.days):
            raise ValueError("A period is longer than nothing.")
        if self.years + self.months / 12 + self.days / 365 > LONGEST_YEARS:
            raise ValueError(f"A period is at most {LONGEST_YEARS} years.")

    @classmethod
    def read(cls, text: str) -> Period:
        """The period that *text* spells, such as ``P3Y`` or ``P1Y6M``; raises :class:`ValueError`."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError("Not an ISO 8601 period of years, months and days.")
        return cls(*(int(part or 0) for part in found.groups()))

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.days, "D"))
        return "P" + "".join(f"{number}{unit}" for number, unit in parts if number)

    def after(self, moment: datetime) -> datetime:
        """The moment that lies this period after *moment*; the end of all dates where there is none."""
        moment = moment.astimezone(UTC)
        year, month = divmod(moment.year * 12 + moment.month - 1 + self.years * 12 + self.months, 12)
        try:
            day = min(moment.day, monthrange(year, month + 1)[1])
            return moment.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days)
        except (ValueError, OverflowError, IndexError):
            return datetime.max.replace(tzinfo=UTC)
