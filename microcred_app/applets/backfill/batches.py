"""Start a back-fill, follow it, pause, resume and cancel it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from ..audit import api as audit
from ..awards import api as awards
from ..badges import api as badges
from .data import BatchInfo
from .errors import BatchNotFound, BatchRefused
from .models import Batch, BatchSpan
from .population import concerned
from .signals import batch_waiting

__all__ = [
    "cancel_batch",
    "get_batch",
    "list_batches",
    "open_batches",
    "pause_batch",
    "resume_batch",
    "start_batch",
]

SPAN = 2_000


def start_batch(badge_key: str, *, actor_id: int | None, now: datetime) -> BatchInfo:
    """Begin to grant the current version of a badge to everybody who has met it; a worker does the rest.

    Wallets are not told before the grace period is over, so that the whole can be undone until then. Raises
    :class:`BatchRefused` while another back-fill of the badge is open.
    """
    badge = badges.current_badge(badge_key)
    relations = badges.current_definitions().relations
    learner_ids = concerned(badge.requirement, relations)
    with transaction.atomic():
        badges.lock_badge(badge_key)
        if Batch.objects.filter(version__badge__key=badge_key, state__in=_OPEN).exists():
            raise BatchRefused(
                _(
                    "A back-fill of this badge is under way. Let it finish, or cancel it, before you start another."
                )
            )
        row = Batch.objects.create(
            version_id=badge.version_id,
            started_by_id=actor_id,
            started_at=now,
            hold_until=now + timedelta(hours=settings().backfill_grace_hours),
            total=len(learner_ids),
        )
        BatchSpan.objects.bulk_create(_spans(row, learner_ids), batch_size=500)
        _record("backfill.started", row, badge_key, actor_id, now, details={"learners": len(learner_ids)})
        _announce(row)
    return get_batch(str(row.pk))


def pause_batch(batch_id: str, *, actor_id: int | None, now: datetime) -> BatchInfo:
    """Stop after the pieces at hand; nothing is lost."""
    return _change(batch_id, (Batch.State.RUNNING,), Batch.State.PAUSED, "backfill.paused", actor_id, now)


def resume_batch(batch_id: str, *, actor_id: int | None, now: datetime) -> BatchInfo:
    """Go on where it was paused."""
    return _change(batch_id, (Batch.State.PAUSED,), Batch.State.RUNNING, "backfill.resumed", actor_id, now)


def cancel_batch(batch_id: str, *, actor_id: int | None, now: datetime) -> BatchInfo:
    """End it early; what was granted stands until it is undone."""
    return _change(batch_id, _OPEN, Batch.State.CANCELLED, "backfill.cancelled", actor_id, now)


def get_batch(batch_id: str) -> BatchInfo:
    """One back-fill with its progress; raises :class:`BatchNotFound`."""
    return _infos([_get(batch_id)])[0]


def list_batches(*, limit: int = 50) -> tuple[BatchInfo, ...]:
    """The newest back-fills first."""
    return tuple(_infos(_rows().order_by("-started_at", "pk")[:limit]))


def open_batches() -> tuple[str, ...]:
    """Ids of back-fills that a worker can go on with, oldest first."""
    rows = Batch.objects.filter(state__in=(Batch.State.RUNNING, Batch.State.UNDOING))
    return tuple(map(str, rows.order_by("started_at", "pk").values_list("pk", flat=True)))


_OPEN = (Batch.State.RUNNING, Batch.State.PAUSED)


def _spans(batch: Batch, learner_ids: list[int]) -> Iterable[BatchSpan]:
    for begin in range(0, len(learner_ids), SPAN):
        piece = learner_ids[begin : begin + SPAN]
        yield BatchSpan(batch=batch, cursor=piece[0] - 1, upper=piece[-1], total=len(piece))


def _change(
    batch_id: str,
    allowed: tuple[Batch.State, ...],
    state: Batch.State,
    action: str,
    actor_id: int | None,
    now: datetime,
) -> BatchInfo:
    row = _get(batch_id)
    finished = {"finished_at": now} if state == Batch.State.CANCELLED else {}
    with transaction.atomic():
        if not Batch.objects.filter(pk=row.pk, state__in=allowed).update(state=state, **finished):
            current = Batch.objects.values_list("state", flat=True).get(pk=row.pk)
            raise BatchRefused(_("This back-fill is {state}.").format(state=Batch.State(current).label))
        _record(action, row, row.version.badge.key, actor_id, now)
        if state == Batch.State.RUNNING:
            _announce(row)
    return get_batch(batch_id)


def _announce(row: Batch) -> None:
    transaction.on_commit(partial(batch_waiting.send_robust, sender=Batch, batch_id=str(row.pk)))


def _record(
    action: str,
    row: Batch,
    badge_key: str,
    actor_id: int | None,
    now: datetime,
    details: dict[str, int] | None = None,
) -> None:
    audit.record(
        action,
        object_type="batch",
        object_id=str(row.pk),
        actor_id=actor_id,
        now=now,
        details={"badge": badge_key, **(details or {})},
    )


def _get(batch_id: str) -> Batch:
    try:
        return _rows().get(pk=UUID(str(batch_id)))
    except (Batch.DoesNotExist, ValueError) as error:
        raise BatchNotFound(_("There is no such back-fill.")) from error


def _rows() -> QuerySet[Batch]:
    return Batch.objects.select_related("version__badge")


def _infos(rows: Iterable[Batch]) -> list[BatchInfo]:
    rows = list(rows)
    sums = (
        BatchSpan.objects.filter(batch__in=rows)
        .values("batch")
        .annotate(looked=Sum("done"), bad=Sum("failed"), work=Sum("seconds"))
    )
    by_batch = {entry["batch"]: entry for entry in sums}
    granted = awards.count_in_batches(row.pk for row in rows)
    return [_info(row, by_batch.get(row.pk, {}), granted.get(row.pk, 0)) for row in rows]


def _info(row: Batch, sums: dict[str, float], granted: int) -> BatchInfo:
    done = int(sums.get("looked") or 0)
    work = float(sums.get("work") or 0.0)
    rate = done / work if work else None
    running = row.state == Batch.State.RUNNING
    return BatchInfo(
        id=str(row.pk),
        badge_key=row.version.badge.key,
        badge_name=row.version.name,
        version=row.version.number,
        state=row.state,
        started_by=row.started_by_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        hold_until=row.hold_until,
        total=row.total,
        done=done,
        granted=granted,
        failed=int(sums.get("bad") or 0),
        rate=rate,
        seconds_left=round((row.total - done) / rate) if running and rate else None,
        undo_reason=row.undo_reason,
    )
