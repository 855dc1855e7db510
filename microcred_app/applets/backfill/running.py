"""Do a back-fill piece by piece; any number of workers at once, any of which may die at any instruction.

A worker takes a span by one conditional update. For each chunk of learners it reads where they stand, signs for
those who are due *outside* any transaction, so that several processes sign at once, and then writes awards,
credentials and outbox rows in one short transaction. Then it looks again, until nothing is due: what another
worker granted meanwhile may complete a stack. Only then the cursor moves, and only for the worker whose token the
span carries; a chunk that is done twice finds nothing due the second time, because the ledger says so.

A chunk that cannot be signed as a whole is done learner by learner: one learner's trouble is counted as failed and
does not stop the others.
"""

from __future__ import annotations

import logging
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from ..audit import api as audit
from ..awards import api as awards
from ..badges import api as badges
from ..issuance import api as issuance
from .models import Batch, BatchSpan
from .population import concerned_between, unpack_ids
from .succession import withdraw

__all__ = ["work_on"]

log = logging.getLogger(__name__)

CHUNK = 500
LEASE = timedelta(seconds=120)
MAX_ROUNDS = 50


def work_on(batch_id: str, *, clock: Callable[[], datetime], seconds: float) -> bool:
    """Work on a running back-fill for about *seconds*; says whether there is more to do for somebody.

    Ends early when it is paused or cancelled, and marks it done with its last piece.
    """
    until = time.monotonic() + seconds
    pk = UUID(batch_id)
    while time.monotonic() < until:
        span = _take_span(pk, clock())
        if span is None:
            return _finish(pk, clock())
        while time.monotonic() < until:
            if not _do_chunk(span, clock()):
                break
        else:
            BatchSpan.objects.filter(pk=span.pk, token=span.token).update(token="", lease_until=None)
    return True


def _take_span(batch_id: UUID, now: datetime) -> BatchSpan | None:
    """A span that nobody works on, now ours; None when there is none or the batch does not run."""
    if not Batch.objects.filter(pk=batch_id, state=Batch.State.RUNNING).exists():
        return None
    free = BatchSpan.objects.filter(batch_id=batch_id, finished=False).filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    )
    for span in free.order_by("pk")[:20]:
        token = uuid4().hex
        taken = BatchSpan.objects.filter(pk=span.pk, token=span.token, finished=False)
        if taken.update(token=token, lease_until=now + LEASE):
            span.token = token
            return span
    return None


def _finish(batch_id: UUID, now: datetime) -> bool:
    """Whether anything is left; the last worker out marks the batch as done."""
    batch = Batch.objects.select_related("version__badge__issuer").get(pk=batch_id)
    if batch.state != Batch.State.RUNNING:
        return False
    if batch.spans.filter(finished=False).exists():
        return True  # somebody else holds the last pieces
    with transaction.atomic():
        if Batch.objects.filter(pk=batch_id, state=Batch.State.RUNNING).update(
            state=Batch.State.DONE, finished_at=now, sequel_at=_sequel_at(batch)
        ):
            audit.record(
                "backfill.done" if batch.kind == Batch.Kind.GRANT else "holders.done",
                object_type="batch",
                object_id=str(batch_id),
                actor_id=None,
                now=now,
                details={"badge": batch.version.badge.key, "kind": batch.kind},
                issuer_slug=batch.version.badge.issuer.slug,
            )
    return False


def _sequel_at(batch: Batch) -> datetime | None:
    """When old credentials are revoked: not before the new ones can no longer be called off."""
    replaces = batch.kind == Batch.Kind.UPGRADE and batch.version.holders_policy == "replace"
    return batch.hold_until if replaces else None


def _do_chunk(span: BatchSpan, now: datetime) -> bool:
    """One chunk of the span; False when the span is finished, lost, or the batch does not run any more."""
    begun = time.monotonic()
    batch = Batch.objects.get(pk=span.batch_id)
    if batch.state != Batch.State.RUNNING:
        BatchSpan.objects.filter(pk=span.pk, token=span.token).update(token="", lease_until=None)
        return False
    current = badges.current_definitions()
    badge = _version_of(batch, current)
    if badge is None:
        _end_superseded(batch, now)
        return False
    learner_ids = _people(batch, badge, span, now)
    failed = 0
    if batch.kind == Batch.Kind.WITHDRAW:
        withdraw(span, badge, learner_ids, now)
    else:
        failed = _grant_all(batch, badge, learner_ids, now)
    at_end = len(learner_ids) < CHUNK
    moved = BatchSpan.objects.filter(pk=span.pk, token=span.token).update(
        cursor=span.upper if at_end else learner_ids[-1],
        done=F("done") + len(learner_ids),
        failed=F("failed") + failed,
        seconds=F("seconds") + (time.monotonic() - begun),
        finished=at_end,
        token="" if at_end else span.token,
        lease_until=None if at_end else now + LEASE,
    )
    span.cursor = learner_ids[-1] if learner_ids else span.upper
    return bool(moved) and not at_end


def _version_of(batch: Batch, current: badges.CurrentBadges) -> badges.PublishedBadge | None:
    """The version, while it may act: only the one in force does, but what it replaced is replaced for good."""
    found = current.by_version.get(batch.version_id)
    if found is None and batch.kind == Batch.Kind.WITHDRAW:
        known = badges.versions_by_id([batch.version_id])[batch.version_id]
        return known if known.holders_policy == "replace" else None
    return found


def _people(batch: Batch, badge: badges.PublishedBadge, span: BatchSpan, now: datetime) -> list[int]:
    """The next learners of the piece: as the span names them, or asked anew where it was cut before spans did."""
    if batch.kind != Batch.Kind.GRANT:
        return awards.holders_between(
            badge.key, before=badge.number, lower=span.cursor, upper=span.upper, limit=CHUNK, now=now
        )
    if not span.learner_ids:
        relations = badges.current_definitions().relations
        return concerned_between(badge.requirement, relations, span.cursor, span.upper, CHUNK)
    named = unpack_ids(bytes(span.learner_ids))
    begin = bisect_right(named, span.cursor)
    return named[begin : begin + CHUNK]


def _end_superseded(batch: Batch, now: datetime) -> None:
    """Another version came into force, or the badge was retired: nobody is granted what is not in force."""
    with transaction.atomic():
        if Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING).update(
            state=Batch.State.CANCELLED, finished_at=now
        ):
            badge = batch.version.badge
            audit.record(
                "backfill.superseded",
                object_type="batch",
                object_id=str(batch.pk),
                actor_id=None,
                now=now,
                details={"badge": badge.key, "version": batch.version.number},
                issuer_slug=badge.issuer.slug,
            )


def _grant_all(batch: Batch, badge: badges.PublishedBadge, learner_ids: Sequence[int], now: datetime) -> int:
    """Grant what is due to these learners, until nothing is; the number of learners who could not be given it."""
    for _round in range(MAX_ROUNDS):
        found = awards.within_caps(_find(batch, badge, learner_ids, now))
        if not found:
            return 0
        try:
            prepared = issuance.sign_due(found, now=now)
            with transaction.atomic():
                issuance.write_granted(
                    found, prepared, now=now, batch_id=batch.pk, hold_until=batch.hold_until
                )
        except awards.CapReached:
            continue
        except IntegrityError:
            if not awards.granted_meanwhile(found):
                raise
            continue  # somebody else was faster: look again at what they wrote
        except issuance.AwardsRefused as error:
            if len(learner_ids) > 1:
                return sum(_grant_all(batch, badge, [learner_id], now) for learner_id in learner_ids)
            log.error("Back-fill %s passes over learner %s: %s", batch.pk, learner_ids[0], error)
            return 1
        if not awards.built_on(found, badges.current_definitions()):
            return 0
    return len(learner_ids)


def _find(
    batch: Batch, badge: badges.PublishedBadge, learner_ids: Sequence[int], now: datetime
) -> list[awards.DueAward]:
    if not learner_ids:
        return []
    standings = awards.read_standings(learner_ids)
    current = badges.current_definitions(standings.stamp)
    candidates = current.mentioning([("badge", badge.key)])
    if batch.kind == Batch.Kind.UPGRADE:
        upgrades = awards.due_upgrades(standings, badge, now=now)
        if upgrades:
            return upgrades  # stacks that ask for the new version follow in the next round
    else:
        candidates = (badge, *candidates)
    return [
        due
        for standing in standings.of.values()
        for due in awards.due_awards(standing, candidates, current, now=now)
    ]
