"""Wallets are read back by the worker itself, seldom and gently; a copy that was lost is sent again, once.

A wallet::

    a badge arrived ──► due, minutes later ──(taken)──► read to its end ──► due again, days later
                          ▲                      │
                          └── hours later, longer each time: it could not be read to its end

A copy::

    held ──missing, or another copy──► sent again ──missing or other again──► left alone ──its owner sends it──► sent

*Left alone* means that nobody wants a fight: who deletes a badge in their wallet sees it come back once and not again.
They are told so on their page, where they can send it. A newer edition of a badge that vanished twice does not go there
either; one that is held as another copy gets its newer editions as before. What an operator decides
(:mod:`.reconciling`) is not bound by this.

Limits: a host is asked for ``COPIES_PER_HOST_MINUTE`` wallets a minute by all workers together, for :data:`SECONDS`
each and within the bounds of :mod:`.holdings`; hosts that are paused (:mod:`.health`, shared with pushes) are not
asked, and one that does not answer here counts there. Nothing is concluded from a wallet that was not read to its end.
The worst a host that lies can bring about is one more push of each of its own copies. What is young is not looked for:
a host may show later what it took.

A worker that stops in between leaves the wallet due again after :data:`LEASE`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import SystemRandom
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .arrivals import first_wait
from .health import HealthBook
from .models import Connection, Delivery, LostCopy, WalletReading
from .outbound_guard import OutboundGuard
from .push import Outcome
from .reconciling import Comparison, compare_wallet, deliver_missing

__all__ = ["CopyFigures", "ReadBack", "copy_figures", "read_back"]

log = logging.getLogger(__name__)

#: For one wallet; pushes wait for it in a worker that is alone.
SECONDS = 8.0
LEASE = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
#: A wallet that could not be read is tried again after this, twice as long each time.
FIRST_WAIT = timedelta(hours=1)
#: Due wallets that are looked at together; those of hosts that may not be asked now are put off by up to this.
LOOK = 50
PUT_OFF = timedelta(hours=6)
#: Answers that say that the host does not work; the others are about this wallet, or about reading.
_HOST_AWAY = frozenset({"host_unreachable", "host_problem", "too_busy"})

_chance = SystemRandom()


@dataclass(frozen=True)
class ReadBack:
    """What one round came to: wallets that were read and could not be; copies sent again and left alone."""

    read: int = 0
    unread: int = 0
    again: int = 0
    left_alone: int = 0

    @property
    def total(self) -> int:
        """How many wallets were asked for."""
        return self.read + self.unread


@dataclass(frozen=True)
class CopyFigures:
    """How copies stand; ``unread`` wallets could not be read to their end when they were tried last."""

    wallets: int
    unread: int
    sent_again: int
    left_alone: int


def read_back(
    clock: Callable[[], datetime],
    *,
    limit: int = 1,
    seconds: float = 60.0,
    guard: OutboundGuard | None = None,
) -> ReadBack:
    """Read up to *limit* wallets that are due. Asks hosts: call it outside a transaction."""
    done, until = ReadBack(), time.monotonic() + seconds
    if settings().copies_every_days <= 0:
        return done
    health = HealthBook()
    for _turn in range(limit):
        reading = _take(clock(), health) if time.monotonic() <= until else None
        if reading is None:
            break
        done = _read(done, reading, clock, health, guard)
    return done


def copy_figures(*, issuer_slugs: Collection[str] | None = None) -> CopyFigures:
    """For figures and the console; copies of these organisations' badges, if some are named."""
    copies = LostCopy.objects.order_by()
    if issuer_slugs is not None:
        slug = "delivery__credential__award__version__badge__issuer__slug__in"
        copies = copies.filter(**{slug: list(issuer_slugs)})
    left = copies.filter(left_alone_at__isnull=False).count()
    return CopyFigures(
        wallets=WalletReading.objects.count(),
        unread=WalletReading.objects.exclude(last_code="").count(),
        sent_again=copies.count() - left,
        left_alone=left,
    )


def _take(now: datetime, health: HealthBook) -> WalletReading | None:
    """The wallet that has been due for longest at a host that may be asked now; this worker's for :data:`LEASE`."""
    due = WalletReading.objects.filter(next_at__lte=now).select_related("connection").order_by("next_at")
    found = list(due[:LOOK])
    if not found:
        return None
    away = {int(target.partition(":")[2]) for target in health.read(now) if target.startswith("wallet:")}
    away |= _at_their_limit(now)
    put_off = []
    taken = None
    for row in found:
        if row.connection.host_id in away:
            put_off.append(row.pk)
            continue
        held = WalletReading.objects.filter(pk=row.pk, next_at=row.next_at)
        if held.update(next_at=now + LEASE, begun_at=now):
            taken = row
            break
    if put_off:
        wait = MINUTE + PUT_OFF * _chance.random()
        WalletReading.objects.filter(pk__in=put_off, next_at__lte=now).update(next_at=now + wait)
    return taken


def _at_their_limit(now: datetime) -> set[int]:
    lately = WalletReading.objects.filter(begun_at__gt=now - MINUTE).order_by()
    counts = lately.values_list("connection__host_id").annotate(number=Count("pk"))
    return {host for host, number in counts if number >= settings().copies_per_host_minute}


def _read(
    done: ReadBack,
    reading: WalletReading,
    clock: Callable[[], datetime],
    health: HealthBook,
    guard: OutboundGuard | None,
) -> ReadBack:
    began = clock()
    settled = began - timedelta(minutes=settings().copies_first_minutes)
    watched = Delivery.objects.filter(
        connection_id=reading.connection_id, state=Delivery.State.DELIVERED
    ).exclude(last_code__in=Delivery.LEFT_ALONE)
    connection = reading.connection
    if connection.disconnected_at is not None or not watched.exists():
        WalletReading.objects.filter(pk=reading.pk).delete()  # comes back with the next arrival
        return done
    if connection.broken_at is not None:
        _again_in(reading, timedelta(days=1), began, code="needs_reconnect")
        return done
    try:
        found = compare_wallet(
            reading.connection_id,
            now=began,
            guard=guard,
            seconds=SECONDS,
            among=Q(delivered_at__lte=settled) & ~Q(last_code__in=Delivery.LEFT_ALONE),
        )
    except Connection.DoesNotExist:  # its owner closed their account meanwhile
        return done
    except DatabaseError:
        raise
    except Exception:  # one wallet must not keep the worker from its other work
        log.exception("Reading the wallet %s back failed in an unforeseen way", reading.connection_id)
        _could_not(reading, "internal", clock())
        return replace(done, unread=done.unread + 1)
    now = clock()
    if found.code:
        if found.code in _HOST_AWAY:
            health.note(f"wallet:{connection.host_id}", [Outcome("retry", found.code)], now=now)
        _could_not(reading, found.code, now)
        return replace(done, unread=done.unread + 1)
    health.note(f"wallet:{connection.host_id}", [Outcome("delivered", "read")], now=now)
    again, left = _settle(found, settled, now)
    young = watched.filter(delivered_at__gt=settled).exists()
    _again_in(reading, first_wait() if young else _every() * (0.8 + 0.4 * _chance.random()), now, read=True)
    return replace(done, read=done.read + 1, again=done.again + again, left_alone=done.left_alone + left)


@transaction.atomic
def _settle(found: Comparison, settled: datetime, now: datetime) -> tuple[int, int]:
    """Send lost copies again that were not sent again before, and leave the others alone; how many of each."""
    codes = dict.fromkeys(found.missing, LostCopy.Kind.MISSING)
    codes |= dict.fromkeys(found.differing, LostCopy.Kind.OTHER)
    # What was pushed anew while the wallet was read is not what was read.
    rows = Delivery.objects.filter(pk__in=codes, state=Delivery.State.DELIVERED, delivered_at__lte=settled)
    lost = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    before = set(LostCopy.objects.filter(delivery_id__in=lost).values_list("delivery_id", flat=True))
    left = [pk for pk in lost if pk in before]
    for kind, code in ((LostCopy.Kind.MISSING, "gone_again"), (LostCopy.Kind.OTHER, "kept_other")):
        _leave_alone([pk for pk in left if codes[pk] == kind], kind, code, now)
    again = frozenset(lost) - before
    LostCopy.objects.bulk_create(
        LostCopy(delivery_id=pk, kind=codes[pk], noticed_at=now) for pk in lost if pk in again
    )
    chosen = replace(
        found,
        missing=tuple(pk for pk in found.missing if pk in again),
        differing=tuple(pk for pk in found.differing if pk in again),
    )
    if not again:
        return 0, len(left)
    reason = _("It was missing, or another copy, when the wallet was read back.")
    return deliver_missing(chosen, actor_id=None, now=now, reason=reason), len(left)


def _leave_alone(ids: Collection[UUID], kind: LostCopy.Kind, code: str, now: datetime) -> None:
    if ids:
        LostCopy.objects.filter(delivery_id__in=ids).update(kind=kind, left_alone_at=now)
        Delivery.objects.filter(pk__in=ids).update(last_code=code)


def _could_not(reading: WalletReading, code: str, now: datetime) -> None:
    wait = min(FIRST_WAIT * 2 ** min(reading.failures, 10), _every())
    _again_in(reading, wait * (0.8 + 0.4 * _chance.random()), now, code=code, failures=reading.failures + 1)


def _again_in(
    reading: WalletReading,
    wait: timedelta,
    now: datetime,
    *,
    code: str = "",
    failures: int = 0,
    read: bool = False,
) -> None:
    changes = {"next_at": now + wait, "last_code": code, "failures": min(failures, 100)}
    if read:
        changes["read_at"] = now
    WalletReading.objects.filter(pk=reading.pk).update(**changes)


def _every() -> timedelta:
    return timedelta(days=settings().copies_every_days)
