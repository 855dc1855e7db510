"""How long one signed document is valid, where that is shorter than its award lasts.

A version may say that its documents are valid for some days at a time (``terms.document_days``). Then whoever has a
copy has one that ends soon, and as long as the award stands the site makes a newer one in time. Suspending an award is
leaving that out: Open Badges 3.0 allows one ``credentialStatus``, and that is revocation, which is final.

Both moments follow from the terms, the award's own end and the moment of signing alone, so that what the document says
and what the row says are never two things.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..awards.api import AwardInfo

__all__ = ["WHOLE", "Span", "span_of", "span_within"]

#: A document is renewed when this part of its days is left: a worker may be away for days, and copies are still good.
LEFT = 3


@dataclass(frozen=True)
class Span:
    """When a document ends, where that is before the award does, and when it is renewed. Both are none, or neither."""

    ends: datetime | None = None
    renew_at: datetime | None = None


#: What is signed is valid for as long as its award.
WHOLE = Span()


def span_of(award: AwardInfo, signed_at: datetime) -> Span:
    """The span of the award's document signed then."""
    return span_within(award.badge.terms.document_days, award.expires_at, signed_at)


def span_within(days: int | None, award_ends: datetime | None, signed_at: datetime) -> Span:
    """The same from the version's days and the award's own end."""
    if days is None:
        return WHOLE
    ends = signed_at.replace(microsecond=0) + timedelta(days=days)
    if award_ends is not None and award_ends <= ends:
        return WHOLE
    return Span(ends, ends - timedelta(days=days) / LEFT)
