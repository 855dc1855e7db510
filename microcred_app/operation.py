"""How the site works at this moment, for those who run it: what waits, for how long, and what fails.

*Health* asks one question: is something due that nobody takes? A place that is down does not make the site ill: it is
left alone, shown by its own figure, and tried again. Otherwise anybody could fail the check by connecting a dead host.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from microcred_app.permissions.api import EVERYWHERE

from .applets.announcements.api import (
    announcement_backlog,
    announcement_tries,
)
from .applets.attainments.api import evaluations_backlog, evaluations_overdue
from .applets.delivery.api import (
    Backlog,
    CopyFigures,
    TargetState,
    Tries,
    copy_figures,
    list_targets,
    wallet_backlog,
    wallet_overdue,
    wallet_tries,
    worker_seen,
)
from .applets.mailing.api import mail_backlog, mail_overdue, mail_tries
from .applets.vendors.api import account_alarms, vendor_backlog, vendor_overdue, vendor_tries
from .applets.webhooks.api import webhook_backlog, webhook_overdue, webhook_tries
from .conf import settings

__all__ = [
    "Figures",
    "Health",
    "log_figures",
    "quantile",
    "read_clock_skew",
    "read_figures",
    "read_health",
    "read_warnings",
]

log = logging.getLogger("microcred.figures")

#: Seconds of difference between clocks that leases, validity dates and statuses put up with.
MOST_SKEW = 60.0
#: Each database's own clock, in UTC.
_CLOCKS = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "mysql": "SELECT UTC_TIMESTAMP(6)",
    "postgresql": "SELECT clock_timestamp() AT TIME ZONE 'utc'",
}


@dataclass(frozen=True)
class Health:
    """Whether everything due is being done; ``overdue`` says for each lane for how many seconds it is not.

    ``warnings`` need a person before long and make nothing ill: a vendor's key that ends, or was refused.
    """

    well: bool
    limit: float
    overdue: dict[str, float]
    worker_seen: float | None = None
    clock_skew: float = 0.0
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """Everything that is worth a curve."""

    health: Health
    backlogs: tuple[Backlog, ...]
    tries: tuple[Tries, ...]
    troubled: tuple[TargetState, ...]
    evaluations: int
    evaluations_failing: int
    oldest_evaluation: float
    copies: CopyFigures


def read_health(now: datetime) -> Health:
    """Ask the tables; an error to do so is the caller's to report as ill."""
    overdue = {
        "wallet": wallet_overdue(now=now),
        "webhook": webhook_overdue(now=now),
        "mail": mail_overdue(now=now),
        "vendor": vendor_overdue(now=now),
        "evaluation": evaluations_overdue(now),
    }
    limit = settings().health_overdue_seconds
    seen, skew = worker_seen(now), read_clock_skew()
    late = all(seconds <= limit for seconds in overdue.values())
    silent = seen.ago is not None and seen.ago > limit
    askew = abs(skew) > MOST_SKEW
    said = {
        "Something due is not done: is a worker running, and is it fast enough?": not late,
        "No worker was seen for too long: start microcred_worker, or look at its cron job.": silent,
        "No worker was ever seen: run microcred_worker, or call it from cron with --once.": seen.ago is None,
        "The clocks of this machine and of the database differ: let both follow one time server.": askew,
        "Workers and web processes do not share a cache: name one Redis or Memcached in CACHES for both.": (
            seen.shares_cache is False
        ),
    }
    return Health(
        well=late and not silent and not askew,
        limit=limit,
        overdue=overdue,
        worker_seen=seen.ago,
        clock_skew=skew,
        problems=tuple(text for text, wrong in said.items() if wrong),
    )


def read_clock_skew() -> float:
    """Seconds by which this machine's clock is ahead of the database's; 0.0 where the database cannot say."""
    question = _CLOCKS.get(connection.vendor)
    if question is None:
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(question)
        said = cursor.fetchone()[0]
    moment = datetime.fromisoformat(said) if isinstance(said, str) else said
    return (datetime.now(UTC).replace(tzinfo=None) - moment).total_seconds()


def read_warnings(now: datetime) -> tuple[str, ...]:
    """What needs a person before long, as ``vendor:ACCOUNT:CODE``; for whoever may see figures."""
    return tuple(f"vendor:{one.id}:{one.alarm}" for one in account_alarms(EVERYWHERE, now=now))


def read_figures(now: datetime) -> Figures:
    """Ask the tables for everything."""
    evaluations = evaluations_backlog(now)
    return Figures(
        health=replace(read_health(now), warnings=read_warnings(now)),
        backlogs=(
            wallet_backlog(now=now),
            webhook_backlog(now=now),
            mail_backlog(now=now),
            vendor_backlog(now=now),
            announcement_backlog(now=now),
        ),
        tries=(wallet_tries(), webhook_tries(), mail_tries(), vendor_tries(), announcement_tries()),
        troubled=list_targets(),
        evaluations=evaluations.waiting,
        evaluations_failing=evaluations.failing,
        oldest_evaluation=evaluations.oldest,
        copies=copy_figures(),
    )


def log_figures(now: datetime) -> None:
    """One line of JSON for each lane, on the logger ``microcred.figures``."""
    if not log.isEnabledFor(logging.INFO):
        return
    figures = read_figures(now)
    for backlog, tries in zip(figures.backlogs, figures.tries, strict=True):
        log.info("%s", json.dumps(_line(backlog, tries), sort_keys=True))
    evaluations = {
        "lane": "evaluation",
        "waiting": figures.evaluations,
        "failing": figures.evaluations_failing,
        "oldest": round(figures.oldest_evaluation, 1),
    }
    log.info("%s", json.dumps(evaluations, sort_keys=True))
    log.info("%s", json.dumps({"lane": "copies", **asdict(figures.copies)}, sort_keys=True))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which *share* of the sorted *values* lie; 0.0 of none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def _line(backlog: Backlog, tries: Tries) -> dict[str, Any]:
    return {
        "lane": backlog.lane,
        "waiting": backlog.waiting,
        "due": backlog.due,
        "for_person": backlog.for_person,
        "under_way": backlog.under_way,
        "delivered": backlog.delivered,
        "dead": backlog.dead,
        "oldest": round(backlog.oldest, 1),
        "overdue": round(backlog.overdue, 1),
        "took_p50": round(quantile(tries.took, 0.5), 3),
        "took_p95": round(quantile(tries.took, 0.95), 3),
        "arrived_after_p50": round(quantile(tries.arrived_after, 0.5), 3),
        "arrived_after_p95": round(quantile(tries.arrived_after, 0.95), 3),
        "outcomes": tries.outcomes,
    }
