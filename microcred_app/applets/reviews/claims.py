"""A submission is judged by one person at a time: a reservation with an end.

A reservation is a courtesy with teeth: while it lasts, nobody else's verdict is taken. When it has ended, anybody may
take over, and whoever comes back late is told so and keeps what they wrote as a draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.template.defaultfilters import date as date_text
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.conf import settings

from ..evidence.models import Submission
from .access import Marks, load, purpose_for, refuse_unless_reviewer
from .errors import ClaimHeld
from .models import ReviewClaim

__all__ = ["ClaimInfo", "claim", "claim_of", "forget_claim", "refuse_unless_free", "release"]


@dataclass(frozen=True)
class ClaimInfo:
    """Who is judging a submission, since when, and until when it is theirs."""

    reviewer_id: int
    reviewer_name: str
    since: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.until > now


def claim(reviewer_id: int, submission_id: str, *, now: datetime) -> ClaimInfo:
    """Reserve the submission, or renew the reservation; raises :class:`ClaimHeld` while somebody else holds it."""
    try:
        with transaction.atomic():
            row = load(submission_id, lock=True)
            refuse_unless_reviewer(reviewer_id, row)
            purpose_for(reviewer_id, row, Marks(row))
            refuse_unless_free(reviewer_id, row, now)
            held = ReviewClaim.objects.filter(submission=row).first()
            goes_on = held is not None and held.reviewer_id == reviewer_id and held.until > now
            made, _created = ReviewClaim.objects.update_or_create(
                submission=row,
                defaults={
                    "reviewer_id": reviewer_id,
                    "since": held.since if held is not None and goes_on else now,
                    "until": now + timedelta(minutes=settings().review_lease_minutes),
                },
            )
            return _info(made)
    except IntegrityError as error:  # two at once, where rows cannot be locked
        refuse_unless_free(reviewer_id, load(submission_id), now)
        raise ClaimHeld(_("Somebody else reserved this at the same moment. Reload the page.")) from error


@transaction.atomic
def release(reviewer_id: int, submission_id: str) -> None:
    """Give the reservation back; nothing happens when it is not this person's."""
    ReviewClaim.objects.filter(submission=load(submission_id), reviewer_id=reviewer_id).delete()


def claim_of(row: Submission, now: datetime) -> ClaimInfo | None:
    """The reservation, also one that has ended; none when nobody ever began."""
    held = ReviewClaim.objects.filter(submission=row).first()
    return _info(held) if held is not None else None


def refuse_unless_free(reviewer_id: int, row: Submission, now: datetime) -> None:
    """Raise :class:`ClaimHeld` while somebody else holds the submission."""
    held = claim_of(row, now)
    if held is not None and held.reviewer_id != reviewer_id and held.holds(now):
        raise ClaimHeld(
            _("{name} is judging this since {since}. You can take over after {until}.").format(
                name=held.reviewer_name or _("Somebody else"),
                since=_clock(held.since),
                until=_clock(held.until),
            )
        )


def forget_claim(row: Submission) -> None:
    """The submission is decided: nobody holds it any more."""
    ReviewClaim.objects.filter(submission=row).delete()


def _info(row: ReviewClaim) -> ClaimInfo:
    return ClaimInfo(row.reviewer_id, platform().learner_name(row.reviewer_id), row.since, row.until)


def _clock(moment: datetime) -> str:
    return str(date_text(localtime(moment), "H:i"))
