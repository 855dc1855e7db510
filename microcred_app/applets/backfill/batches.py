"""Start a back-fill, follow it, pause, resume and cancel it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..awards import api as awards
from ..badges import api as badges
from .data import BatchInfo
from .errors import BatchNotFound, BatchRefused
from .models import Batch, BatchSpan
from .population import concerned, pack_ids
from .signals import batch_waiting

__all__ = [
    "cancel_batch",
    "count_batches",
    "get_batch",
    "list_batches",
    "open_batches",
    "pause_batch",
    "resume_batch",
    "spans_of",
    "start_batch",
    "tidy_reason",
]

SPAN = 1_000
MAX_REASON = 2_000


def start_batch(badge_key: str, *, actor_id: int | None, now: datetime) -> BatchInfo:
    """Begin to grant the current version of a badge to everybody who has met it; a worker does the rest.

    Wallets are not told before the grace period is over, so that the whole can be undone until then. Raises
    :class:`BatchRefused` while another back-fill of the badge is open, and
    :class:`~microcred_app.permissions.api.NotAllowed`.
    """
    badge = badges.current_badge(badge_key)
    permissions.require(actor_id, permissions.Action.RUN_JOBS, badge.issuer.slug)
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
        BatchSpan.objects.bulk_create(spans_of(row, learner_ids), batch_size=500)
        _record("backfill.started", row, actor_id, now, details={"learners": len(learner_ids)})
        _announce(row)
    return get_batch(str(row.pk))


def pause_batch(batch_id: str, *, actor_id: int | None, now: datetime, reason: str = "") -> BatchInfo:
    """Stop after the pieces at hand; nothing is lost."""
    step = _Step((Batch.State.RUNNING,), Batch.State.PAUSED, "backfill.paused")
    return _change(batch_id, step, actor_id, now, reason)


def resume_batch(batch_id: str, *, actor_id: int | None, now: datetime, reason: str = "") -> BatchInfo:
    """Go on where it was paused."""
    step = _Step((Batch.State.PAUSED,), Batch.State.RUNNING, "backfill.resumed")
    return _change(batch_id, step, actor_id, now, reason)


def cancel_batch(batch_id: str, *, actor_id: int | None, now: datetime, reason: str = "") -> BatchInfo:
    """End it early; what was granted stands until it is undone."""
    return _change(batch_id, _Step(_OPEN, Batch.State.CANCELLED, "backfill.cancelled"), actor_id, now, reason)


def get_batch(batch_id: str, *, issuer_slugs: Collection[str] | None = None) -> BatchInfo:
    """One back-fill with its progress, of these organisations if some are named; or :class:`BatchNotFound`."""
    return _infos([_get(batch_id, issuer_slugs)])[0]


def list_batches(
    *,
    badge_key: str = "",
    states: Collection[str] = (),
    issuer_slugs: Collection[str] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[BatchInfo, ...]:
    """The newest back-fills first; of one badge, in some states, of some organisations if they are named."""
    rows = _found(badge_key, states, issuer_slugs).order_by("-started_at", "pk")
    return tuple(_infos(rows[offset : offset + limit]))


def count_batches(
    *, badge_key: str = "", states: Collection[str] = (), issuer_slugs: Collection[str] | None = None
) -> int:
    """How many :func:`list_batches` would find without a limit."""
    return _found(badge_key, states, issuer_slugs).count()


def open_batches() -> tuple[str, ...]:
    """Ids of back-fills that a worker can go on with, oldest first."""
    rows = Batch.objects.filter(state__in=(Batch.State.RUNNING, Batch.State.UNDOING))
    return tuple(map(str, rows.order_by("started_at", "pk").values_list("pk", flat=True)))


_OPEN = (Batch.State.RUNNING, Batch.State.PAUSED)


def spans_of(batch: Batch, learner_ids: list[int]) -> Iterable[BatchSpan]:
    """The pieces in which these learners, ascending, are worked on."""
    for begin in range(0, len(learner_ids), SPAN):
        piece = learner_ids[begin : begin + SPAN]
        yield BatchSpan(
            batch=batch,
            learner_ids=pack_ids(piece),
            cursor=piece[0] - 1,
            upper=piece[-1],
            total=len(piece),
        )


@dataclass(frozen=True)
class _Step:
    """From any of these states into another one, and what the audit log calls it."""

    allowed: tuple[Batch.State, ...]
    state: Batch.State
    action: str


def _change(batch_id: str, step: _Step, actor_id: int | None, now: datetime, reason: str) -> BatchInfo:
    row = _get(batch_id)
    permissions.require(actor_id, permissions.Action.RUN_JOBS, row.version.badge.issuer.slug)
    reason = tidy_reason(reason)
    finished = {"finished_at": now} if step.state == Batch.State.CANCELLED else {}
    with transaction.atomic():
        if not Batch.objects.filter(pk=row.pk, state__in=step.allowed).update(state=step.state, **finished):
            current = Batch.objects.values_list("state", flat=True).get(pk=row.pk)
            raise BatchRefused(_("This back-fill is {state}.").format(state=Batch.State(current).label))
        _record(step.action, row, actor_id, now, reason=reason)
        if step.state == Batch.State.RUNNING:
            _announce(row)
    return get_batch(batch_id)


def tidy_reason(reason: str) -> str:
    """The reason without what no table keeps; raises when it is too long to be read by anybody."""
    reason = reason.replace("\x00", "").strip()
    if len(reason) > MAX_REASON:
        raise awards.ReasonMissing(_("Keep the reason below {limit} characters.").format(limit=MAX_REASON))
    return reason


def _announce(row: Batch) -> None:
    transaction.on_commit(partial(batch_waiting.send_robust, sender=Batch, batch_id=str(row.pk)))


def _record(
    action: str,
    row: Batch,
    actor_id: int | None,
    now: datetime,
    *,
    reason: str = "",
    details: dict[str, int] | None = None,
) -> None:
    audit.record(
        action,
        object_type="batch",
        object_id=str(row.pk),
        actor_id=actor_id,
        now=now,
        reason=reason,
        details={"badge": row.version.badge.key, **(details or {})},
        issuer_slug=row.version.badge.issuer.slug,
    )


def _get(batch_id: str, issuer_slugs: Collection[str] | None = None) -> Batch:
    try:
        return _found("", (), issuer_slugs).get(pk=UUID(str(batch_id)))
    except (Batch.DoesNotExist, ValueError) as error:
        raise BatchNotFound(_("There is no such back-fill.")) from error


def _found(badge_key: str, states: Collection[str], issuer_slugs: Collection[str] | None) -> QuerySet[Batch]:
    rows = Batch.objects.select_related("version__badge__issuer")
    if badge_key:
        rows = rows.filter(version__badge__key=badge_key)
    if states:
        rows = rows.filter(state__in=states)
    if issuer_slugs is not None:
        rows = rows.filter(version__badge__issuer__slug__in=list(issuer_slugs))
    return rows


def _infos(rows: Iterable[Batch]) -> list[BatchInfo]:
    rows = list(rows)
    sums = (
        BatchSpan.objects.filter(batch__in=rows)
        .values("batch")
        .annotate(looked=Sum("done"), bad=Sum("failed"), back=Sum("taken"), work=Sum("seconds"))
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
        kind=row.kind,
        sequel_at=row.sequel_at,
        taken=int(sums.get("back") or 0),
        issuer_slug=row.version.badge.issuer.slug,
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
