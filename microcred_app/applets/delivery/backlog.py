"""How an outbox stands: how much of it waits, how long, and what the last tries came to.

Read from the tables when it is asked for: web processes and workers are many, and counters in the memory of one of
them would say nothing about the others. Nothing here names a learner or a credential.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from .health import FAILURES_BEFORE_PAUSE
from .models import Connection, Delivery, DeliveryAttempt, TargetHealth
from .outbox_row import OutboxAttempt, OutboxRow

__all__ = [
    "Backlog",
    "Tries",
    "measure_backlog",
    "measure_overdue",
    "measure_tries",
    "places_away",
    "wallet_backlog",
    "wallet_overdue",
    "wallet_tries",
]

#: The tries that are looked at: the newest, whatever their number is a minute.
NEWEST = 1_000


@dataclass(frozen=True)
class Backlog:
    """One outbox at one moment; ages in seconds, 0.0 where there is nothing.

    ``waiting`` are rows that are to be sent, of them ``due`` now; ``for_person`` wait for somebody to act. ``oldest``
    is the age of the oldest row that was to be sent by now. ``overdue`` says for how long something has been due
    without anybody taking it, leaving out places that are known to be down: it grows when workers are too few or none.
    """

    lane: str
    waiting: int
    due: int
    for_person: int
    under_way: int
    delivered: int
    dead: int
    oldest: float
    overdue: float


@dataclass(frozen=True)
class Tries:
    """The newest tries of one outbox: how many of each outcome, how long requests took, and how long it took from
    the cause to the arrival; both in seconds, sorted."""

    lane: str
    outcomes: dict[str, int]
    took: tuple[float, ...]
    arrived_after: tuple[float, ...]


def measure_backlog(
    model: type[OutboxRow], lane: str, *, now: datetime, away: Q, held: Q | None = None
) -> Backlog:
    """Count the rows of *model*. *away* selects rows of places that are known to be down; *held* others that cannot be
    sent yet."""
    rows = model._default_manager.order_by()
    counts = dict(rows.values_list("state").annotate(number=Count("pk")))
    pending = rows.filter(state=OutboxRow.State.PENDING)
    ready = pending.filter(next_attempt_at__lte=now)
    waiting_for_person = pending.filter(next_attempt_at__isnull=True).count()
    begun = pending.filter(Q(next_attempt_at__lte=now) | Q(next_attempt_at__isnull=False, attempts__gt=0))
    return Backlog(
        lane=lane,
        waiting=counts.get(OutboxRow.State.PENDING, 0) - waiting_for_person,
        due=ready.count(),
        for_person=waiting_for_person,
        under_way=counts.get(OutboxRow.State.CLAIMED, 0),
        delivered=counts.get(OutboxRow.State.DELIVERED, 0),
        dead=counts.get(OutboxRow.State.DEAD, 0),
        oldest=_age(begun.aggregate(found=Min("created_at"))["found"], now),
        overdue=measure_overdue(model, now=now, away=away, held=held),
    )


def measure_overdue(model: type[OutboxRow], *, now: datetime, away: Q, held: Q | None = None) -> float:
    """For how many seconds something has been due that nobody took; the oldest row by an index, and no counting:
    strangers may ask for it as often as they like."""
    rows = model._default_manager
    free = rows.filter(state=OutboxRow.State.PENDING, next_attempt_at__lte=now).exclude(away)
    if held is not None:
        free = free.exclude(held)
    lost = rows.filter(state=OutboxRow.State.CLAIMED, lease_until__lte=now).exclude(away)
    oldest = (
        *free.order_by("next_attempt_at").values_list("next_attempt_at", flat=True)[:1],
        *lost.order_by("lease_until").values_list("lease_until", flat=True)[:1],
    )
    since = [moment for moment in oldest if moment is not None]
    return _age(min(since, default=None), now)


def measure_tries(model: type[OutboxAttempt], lane: str) -> Tries:
    """The newest rows of a table of :class:`~.outbox_row.OutboxAttempt`."""
    newest: Any = model._default_manager.order_by("-pk")
    outcomes: dict[str, int] = {}
    took, arrived = [], []
    for outcome, started, finished, caused in newest.values_list(
        "outcome", "started_at", "finished_at", "delivery__created_at"
    )[:NEWEST]:
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if outcome != "lost":  # what a worker that died was doing took no time of any place
            took.append(max(0.0, (finished - started).total_seconds()))
        if outcome == "delivered":
            arrived.append(max(0.0, (finished - caused).total_seconds()))
    return Tries(lane, outcomes, tuple(sorted(took)), tuple(sorted(arrived)))


def places_away(lane: str, *, now: datetime) -> frozenset[str]:
    """The places of a lane that are known to be down, without the lane's name."""
    down = Q(failures_in_row__gte=FAILURES_BEFORE_PAUSE) | Q(paused_until__gt=now)
    rows = TargetHealth.objects.filter(down, target__startswith=f"{lane}:")
    return frozenset(target.partition(":")[2] for target in rows.values_list("target", flat=True))


def wallet_backlog(*, now: datetime) -> Backlog:
    """How pushes to wallets stand."""
    return measure_backlog(Delivery, "wallet", now=now, away=_wallets_away(now))


def wallet_overdue(*, now: datetime) -> float:
    """For how long nobody took a push that is due."""
    return measure_overdue(Delivery, now=now, away=_wallets_away(now))


def _wallets_away(now: datetime) -> Q:
    hosts = [int(place) for place in places_away("wallet", now=now)]
    return (
        Q(connection__in=Connection.objects.filter(host_id__in=hosts).values("pk")) if hosts else Q(pk__in=[])
    )


def wallet_tries() -> Tries:
    """The newest pushes to wallets."""
    return measure_tries(DeliveryAttempt, "wallet")


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())
