"""More time or more attempts for one learner: set by course staff with a reason, ended by them, all of it audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .care_models import Accommodation
from .deadlines import Allowance
from .errors import EvidenceError, MayNotGrant, SubmissionNotFound

__all__ = [
    "AccommodationInfo",
    "allowance_of",
    "end_accommodation",
    "grant_accommodation",
    "list_accommodations",
]

MOST_DAYS = 365
MOST_ATTEMPTS = 20


@dataclass(frozen=True)
class AccommodationInfo:
    """One exception as course staff see it."""

    id: str
    learner_id: int
    learner_name: str
    part_usage_key: str
    extra_days: int
    extra_attempts: int
    reason: str
    set_at: datetime


def allowance_of(learner_id: int, course_key: str, part_usage_key: str) -> Allowance:
    """What holds for this learner and this task now: the most generous of each kind."""
    rows = Accommodation.objects.filter(
        learner_id=learner_id, course_key=course_key, part_usage_key__in=("", part_usage_key), ended_at=None
    ).values_list("extra_days", "extra_attempts")
    found = list(rows)
    if not found:
        return Allowance()
    return Allowance(max(days for days, _n in found), max(attempts for _d, attempts in found))


def grant_accommodation(
    actor_id: int,
    course_key: str,
    *,
    learner_id: int,
    extra_days: int,
    extra_attempts: int,
    reason: str,
    now: datetime,
    part_usage_key: str = "",
) -> None:
    """Grant it; for the whole course unless one task is named. The reason is asked of whoever grants it."""
    _refuse_unless_staff(actor_id, course_key)
    reason = " ".join(reason.replace("\x00", "").split())
    if not 0 <= extra_days <= MOST_DAYS or not 0 <= extra_attempts <= MOST_ATTEMPTS:
        raise EvidenceError(
            _("Give at most {days} days and {attempts} attempts.").format(
                days=MOST_DAYS, attempts=MOST_ATTEMPTS
            )
        )
    if not extra_days and not extra_attempts:
        raise EvidenceError(_("Give at least one day or one attempt."))
    if not reason or len(reason) > 500:
        raise EvidenceError(_("Say why, in at most 500 characters. Leave out what is confidential."))
    if not permissions.takes_course(learner_id, course_key):
        raise EvidenceError(_("This person is not enrolled in the course."))
    with transaction.atomic():
        row = Accommodation.objects.create(
            learner_id=learner_id,
            course_key=course_key,
            part_usage_key=part_usage_key[:255],
            extra_days=extra_days,
            extra_attempts=extra_attempts,
            reason=reason,
            set_by_id=actor_id,
            set_at=now,
        )
        # Who was granted it stands in the row alone, where it can be forgotten; the log is for ever.
        audit.record(
            "evidence.accommodation_granted",
            object_type="accommodation",
            object_id=str(row.pk),
            actor_id=actor_id,
            now=now,
            details={"course": course_key, "extra_days": extra_days, "extra_attempts": extra_attempts},
        )


def end_accommodation(actor_id: int, accommodation_id: str, *, now: datetime) -> str:
    """End it, and answer whose course it was in. What was handed in under it stays handed in."""
    with transaction.atomic():
        try:
            row = Accommodation.objects.select_for_update().get(pk=accommodation_id)
        except (Accommodation.DoesNotExist, ValidationError, ValueError) as error:
            raise SubmissionNotFound(_("There is no such accommodation.")) from error
        _refuse_unless_staff(actor_id, row.course_key)
        if row.ended_at is not None:
            return row.course_key
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        audit.record(
            "evidence.accommodation_ended",
            object_type="accommodation",
            object_id=str(row.pk),
            actor_id=actor_id,
            now=now,
            details={"course": row.course_key},
        )
    return row.course_key


def list_accommodations(actor_id: int, course_key: str) -> tuple[AccommodationInfo, ...]:
    """Those that hold in the course now, newest first."""
    _refuse_unless_staff(actor_id, course_key)
    rows = list(
        Accommodation.objects.filter(course_key=course_key, ended_at=None).order_by("-set_at", "pk")[:500]
    )
    people = platform().people(row.learner_id for row in rows)
    return tuple(
        AccommodationInfo(
            str(row.pk),
            row.learner_id,
            people[row.learner_id].name if row.learner_id in people else "",
            row.part_usage_key,
            row.extra_days,
            row.extra_attempts,
            row.reason,
            row.set_at,
        )
        for row in rows
    )


def _refuse_unless_staff(actor_id: int, course_key: str) -> None:
    if not permissions.may_in_course(actor_id, permissions.CourseAction.CARE_FOR_EVIDENCE, course_key):
        raise MayNotGrant(_("Only the course's staff decide about this."))
