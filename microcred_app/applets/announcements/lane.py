"""Announcements, some at a time: the lane of :class:`~.models.Announcement` rows.

The far side is this process: signals and a log. A worker that dies between telling and its own record tells again;
receivers know an award by its id.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from microcred_app.compat import open_accounts, platform

from ..attainments.models import Attainment, ReportedFact
from ..awards.models import Award
from ..delivery.claiming import claim_rows, lease
from ..delivery.lane import Done, Job, Recorded
from ..delivery.outbound_guard import OutboundGuard
from ..delivery.push import Outcome
from ..delivery.recording import end_used_up, give_back, note_lost, record_tries
from .gathering import gather
from .models import Announcement, AnnouncementAttempt, NoticeChoice
from .telling import AwardTold, tell

__all__ = ["AnnouncementLane"]

log = logging.getLogger(__name__)
PLACE = "platform"


class AnnouncementLane:
    """Tells the platform. One instance belongs to one worker."""

    name = "announcement"

    def claim(self, now: datetime, limit: int, worker: str, *, avoid: Collection[str]) -> Sequence[Job]:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        place = f"{self.name}:{PLACE}"
        if place in avoid:
            return ()
        gather(now)
        token = claim_rows(
            Announcement,
            now=now,
            limit=limit,
            worker=worker,
            wanted=~waits_for_the_award(),
            note_lost=partial(note_lost, AnnouncementAttempt, now=now, note="it is told again."),
        )
        held = Announcement.objects.filter(
            state=Announcement.State.CLAIMED, lease_until=now + lease(), claim_token=token
        ).select_related("award__version__badge__issuer", "award__reversal")
        rows = list(held.order_by("created_at", "revoked"))
        told = _told(rows)
        return [Job(row.pk, token, place, row.attempts, now, told.get(row.pk)) for row in rows]

    def send(self, job: Job, *, now: datetime, guard: OutboundGuard) -> tuple[Outcome, Any]:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`; receivers may use tables, each for itself."""
        award: AwardTold | None = job.cargo
        if award is None:
            return Outcome("dead", "no_account"), None
        try:
            tell(award)
        except Exception as error:  # whatever a receiver, the log or the bus raises is a failed try
            log.exception("The platform did not take the announcement of award %s.", award.award_id)
            return Outcome("retry", "not_taken", detail=type(error).__name__), None
        finally:
            # Receivers may have used the database; this thread's connection is nobody's when the turn is over.
            if not connection.in_atomic_block and threading.current_thread() is not threading.main_thread():
                connection.close()
        return Outcome("delivered", "told"), None

    def record(self, done: Sequence[Done], *, worker: str) -> Recorded:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        ended = [end_used_up(entry) for entry in done]
        with transaction.atomic():
            record_tries(Announcement, AnnouncementAttempt, ended, worker)
        return Recorded(ended)

    def release(self, jobs: Sequence[Job], *, until: datetime) -> None:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        for job in jobs:
            give_back(Announcement, job, until=until)


def waits_for_the_award() -> Q:
    """Revocations whose award is still to be told: nobody hears of an end before its beginning."""
    before = Announcement.objects.filter(
        award_id=OuterRef("award_id"),
        revoked=False,
        state__in=(Announcement.State.PENDING, Announcement.State.CLAIMED),
    )
    return Q(revoked=True) & Q(Exists(before))


def _told(rows: Sequence[Announcement]) -> Mapping[UUID, AwardTold]:
    """What each row tells; rows about accounts that are gone or retired are left out. Few queries, however many."""
    learners = {row.award.learner_id for row in rows}
    accounts = {user.pk: user for user in get_user_model().objects.filter(pk__in=open_accounts(learners))}
    people = platform().people(accounts)
    refusing = set(
        NoticeChoice.objects.filter(learner_id__in=learners, wanted=False).values_list(
            "learner_id", flat=True
        )
    )
    courses = _courses([row.award for row in rows])
    told = {}
    for row in rows:
        award, account = row.award, accounts.get(row.award.learner_id)
        if account is None:
            continue
        person, version = people.get(account.pk), award.version
        told[row.pk] = AwardTold(
            award_id=str(award.pk),
            revoked=row.revoked,
            at=award.reversal.reversed_at if row.revoked and hasattr(award, "reversal") else award.awarded_at,
            learner_id=account.pk,
            username=str(account.get_username()),
            email=person.email if person else "",
            name=person.name if person else "",
            active=bool(account.is_active),
            badge_key=version.badge.key,
            badge_kind=version.badge.kind,
            version=version.number,
            badge_name=version.name,
            description=version.description,
            organisation=version.badge.issuer.slug,
            course_key=courses.get(award.pk, ""),
            notify=account.pk not in refusing,
        )
    return told


def _courses(awards: Sequence[Award]) -> dict[UUID, str]:
    """The course behind each award: of the first attainment it rests on, else of the first fact about a course."""
    ids = {award.pk: _fact_ids(award.because) for award in awards}
    wanted = {pk for found in ids.values() for pk in found}
    courses: dict[str, str] = {
        str(pk): key for pk, key in Attainment.objects.filter(pk__in=wanted).values_list("pk", "course_key")
    }
    for pk, key in ReportedFact.objects.filter(pk__in=wanted - courses.keys()).values_list("pk", "key"):
        if key.startswith("block-v1:"):
            key = f"course-v1:{key.removeprefix('block-v1:').partition('+type@')[0]}"
        courses[str(pk)] = key
    found = {}
    for award_id, facts in ids.items():
        keys = (courses.get(pk, "") for pk in facts)
        key = next((key for key in keys if key.startswith(("course-v1:", "ccx-v1:"))), "")
        if key:
            found[award_id] = key
    return found


def _fact_ids(because: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of attainments and facts in the provenance; badges below are left to their own announcements."""
    leaves = because.get("met", ())
    return tuple(str(pk) for leaf in leaves for pk in (*leaf.get("attainments", ()), *leaf.get("facts", ())))
