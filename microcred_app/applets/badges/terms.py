"""What a version promises beside its requirement: credits, level, expiry, a cap, and what happens to holders.

Terms are part of an immutable version. Each has one meaning that the engine can act on, so a combination that
has none (two expiry policies, a deadline without anything to do by it) is refused where it is written, and by
the database again.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

__all__ = [
    "CREDIT_UNITS",
    "HOLDERS_POLICIES",
    "PROOF_TYPES",
    "AcceptedBadge",
    "Governance",
    "Life",
    "Terms",
    "add_period",
    "governance_problems",
    "terms_problems",
]

#: keep: the old version stays as it is; redemonstrate: to be shown again by a date, else the old one is taken back;
#: upgrade: holders of an old version receive the new one, and what was issued stays valid; replace: the same, and the
#: old credentials are revoked once the new ones can no longer be called off.
HOLDERS_POLICIES = ("keep", "redemonstrate", "upgrade", "replace")
#: What an award rests on: tests of knowledge, judged work, or taking part.
PROOF_TYPES = ("knowledge", "application", "recognition")
CREDIT_UNITS = ("ECTS", "CEU", "CPD", "hours", "credits")
MAX_CREDITS = Decimal(10_000)
MAX_CAP = 1_000_000_000
MAX_ACCEPTS = 50
MAX_YEARS = 100
#: Days for which one signed document of a badge may be valid where it is renewed while the award stands.
MIN_DOCUMENT_DAYS, MAX_DOCUMENT_DAYS = 7, 365
_PERIOD = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")
_ACCEPTED = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?)(?:@([1-9][0-9]{0,5}))?")


@dataclass(frozen=True)
class AcceptedBadge:
    """A badge that counts as another one: every version of it (``number`` 0), or one version."""

    key: str
    number: int = 0

    @classmethod
    def read(cls, text: str) -> AcceptedBadge:
        """``key`` or ``key@number``; raises :class:`ValueError`."""
        found = _ACCEPTED.fullmatch(text)
        if found is None:
            raise ValueError(
                _("“{text}” is no badge. Write its key, or key@version.").format(text=text[:100])
            )
        return cls(found[1], int(found[2] or 0))

    def __str__(self) -> str:
        return f"{self.key}@{self.number}" if self.number else self.key


@dataclass(frozen=True)
class Terms:
    """The promises of one version. ``accepts`` lists what counts as this badge (``key`` or ``key@version``).

    With ``document_days`` a signed document is valid for so many days at most and is renewed while the award stands, so
    that an award can be suspended: its copies end by themselves. How long the award lasts is another thing.
    """

    credits: Decimal | None = None
    credit_unit: str = ""
    level: str = ""
    expires_on: date | None = None
    expires_after: str = ""
    cap: int | None = None
    holders_policy: str = "keep"
    holders_deadline: date | None = None
    accepts: tuple[str, ...] = ()
    proof_type: str = "recognition"
    document_days: int | None = None

    def holders_due_at(self, effective_at: datetime) -> datetime | None:
        """From when on something is to be done about holders of older versions; a deadline counts to its end."""
        if self.holders_policy == "redemonstrate" and self.holders_deadline is not None:
            return datetime.combine(self.holders_deadline, time(0), UTC) + timedelta(days=1)
        return effective_at if self.holders_policy in ("upgrade", "replace") else None

    def expires_at(self, awarded_at: datetime) -> datetime | None:
        """The moment from which an award made then is expired; none when it never is. A date counts to its end."""
        if self.expires_on is not None:
            return datetime.combine(self.expires_on, time(0), UTC) + timedelta(days=1)
        return add_period(awarded_at, self.expires_after) if self.expires_after else None

    @property
    def accepted_badges(self) -> tuple[AcceptedBadge, ...]:
        """What counts as this badge, read."""
        return tuple(map(AcceptedBadge.read, self.accepts))


@dataclass(frozen=True)
class Governance:
    """Who answers for a badge, what it is for, and when it is looked at again."""

    owner: str = ""
    steward: str = ""
    purpose: str = ""
    review_due: date | None = None


@dataclass(frozen=True)
class Life:
    """Where a badge is in its life. Deprecated ones are earned until ``sunset_at``, retired ones never."""

    state: str = "published"
    sunset_at: datetime | None = None
    successor: str = ""
    notice: str = ""


def add_period(moment: datetime, period: str) -> datetime:
    """The moment that lies an ISO 8601 period later, by the calendar: a year after 29 February is 28 February.

    Raises :class:`ValueError` when *period* is no period from one day to a hundred years.
    """
    found = _PERIOD.fullmatch(period)
    years, months, weeks, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    all_months, all_days = 12 * years + months, 7 * weeks + days
    if not (all_months or all_days) or all_months / 12 + all_days / 365 > MAX_YEARS:
        raise ValueError(
            _("“{period}” is no period. Write years, months, weeks or days as in P2Y, P18M or P90D.").format(
                period=period[:40]
            )
        )
    position = moment.year * 12 + moment.month - 1 + all_months
    year, month = position // 12, position % 12 + 1
    day = min(moment.day, monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day) + timedelta(days=all_days)


def terms_problems(terms: Terms, *, today: date) -> dict[str, str]:
    """What is wrong with *terms*, by field, apart from whether accepted badges exist."""
    return (
        _credit_problems(terms)
        | _expiry_problems(terms, today)
        | _holder_problems(terms, today)
        | _other_problems(terms)
    )


def governance_problems(governance: Governance) -> dict[str, str]:
    """What cannot be stored. What is missing is a matter of readiness."""
    limits = (("owner", governance.owner, 255), ("steward", governance.steward, 255))
    return {
        field: _("Keep this below {limit} characters.").format(limit=limit)
        for field, value, limit in (*limits, ("purpose", governance.purpose, 2_000))
        if len(value) > limit
    }


def _credit_problems(terms: Terms) -> dict[str, str]:
    if terms.credits is None:
        return {"credit_unit": _("Say how many credits, or leave out the unit.")} if terms.credit_unit else {}
    if not terms.credits.is_finite() or not 0 < terms.credits <= MAX_CREDITS:
        return {"credits": _("Credits are a number above 0, at most {limit}.").format(limit=MAX_CREDITS)}
    if terms.credits != round(terms.credits, 2):
        return {"credits": _("Credits have at most two decimal places.")}
    if terms.credit_unit not in CREDIT_UNITS:
        return {"credit_unit": _("Choose a unit: {units}.").format(units=", ".join(CREDIT_UNITS))}
    return {}


def _expiry_problems(terms: Terms, today: date) -> dict[str, str]:
    if terms.expires_on is not None and terms.expires_after:
        return {"expires_on": _("Choose one: a date for everybody, or a period after each award.")}
    if terms.expires_on is not None and terms.expires_on <= today:
        return {"expires_on": _("This date has passed: every award would be expired at once.")}
    if terms.expires_after:
        try:
            add_period(datetime(2000, 1, 1, tzinfo=UTC), terms.expires_after)
        except ValueError as error:
            return {"expires_after": str(error)}
    return {}


def _holder_problems(terms: Terms, today: date) -> dict[str, str]:
    if terms.holders_policy not in HOLDERS_POLICIES:
        return {"holders_policy": _("Choose one: {values}.").format(values=", ".join(HOLDERS_POLICIES))}
    redemonstrate = terms.holders_policy == "redemonstrate"
    if redemonstrate and terms.holders_deadline is None:
        return {"holders_deadline": _("Say until when holders have to show it again.")}
    if redemonstrate and terms.holders_deadline is not None and terms.holders_deadline <= today:
        return {"holders_deadline": _("This date has passed. Give holders time.")}
    if not redemonstrate and terms.holders_deadline is not None:
        return {"holders_deadline": _("A date has a meaning only where holders have to show it again.")}
    return {}


def _other_problems(terms: Terms) -> dict[str, str]:
    problems: dict[str, str] = {}
    days = terms.document_days
    if days is not None and not MIN_DOCUMENT_DAYS <= days <= MAX_DOCUMENT_DAYS:
        problems["document_days"] = _(
            "Write a whole number of days from {least} to {most}, or leave it out."
        ).format(least=MIN_DOCUMENT_DAYS, most=MAX_DOCUMENT_DAYS)
    if terms.cap is not None and not 0 < terms.cap <= MAX_CAP:
        problems["cap"] = _("A cap is a whole number above 0. Leave it out for no limit.")
    if len(terms.level) > 100:
        problems["level"] = _("Keep this below {limit} characters.").format(limit=100)
    if terms.proof_type not in PROOF_TYPES:
        problems["proof_type"] = _("Choose one: {values}.").format(values=", ".join(PROOF_TYPES))
    twice = [text for text, count in Counter(terms.accepts).items() if count > 1]
    if twice:
        problems["accepts"] = _("“{key}” stands here twice. List each once.").format(key=twice[0][:100])
    if len(terms.accepts) > MAX_ACCEPTS:
        # Every mention of the badge in a rule, and every explanation of it, looks at all that counts as it.
        problems["accepts"] = _(
            "These are {count} badges. At most {limit} can count as one: let a badge of its own accept the others."
        ).format(count=len(terms.accepts), limit=MAX_ACCEPTS)
    for text in terms.accepts[:MAX_ACCEPTS]:
        try:
            AcceptedBadge.read(text)
        except ValueError as error:
            problems["accepts"] = str(error)
    return problems
