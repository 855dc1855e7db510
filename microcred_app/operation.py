"""How the site works at this moment, for those who run it: what waits, for how long, and what fails.

*Health* asks one question: is something due that nobody takes? A place that is down does not make the site ill: it is
left alone, shown by its own figure, and tried again. Otherwise anybody could fail the check by connecting a dead host.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .applets.attainments.api import evaluations_backlog, evaluations_overdue
from .applets.delivery.api import (
    Backlog,
    TargetState,
    Tries,
    list_targets,
    wallet_backlog,
    wallet_overdue,
    wallet_tries,
)
from .applets.mailing.api import mail_backlog, mail_overdue, mail_tries
from .applets.webhooks.api import webhook_backlog, webhook_overdue, webhook_tries
from .conf import settings

__all__ = ["Figures", "Health", "log_figures", "quantile", "read_figures", "read_health"]

log = logging.getLogger("microcred.figures")


@dataclass(frozen=True)
class Health:
    """Whether everything due is being done; ``overdue`` says for each lane for how many seconds it is not."""

    well: bool
    limit: float
    overdue: dict[str, float]


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


def read_health(now: datetime) -> Health:
    """Ask the tables; an error to do so is the caller's to report as ill."""
    overdue = {
        "wallet": wallet_overdue(now=now),
        "webhook": webhook_overdue(now=now),
        "mail": mail_overdue(now=now),
        "evaluation": evaluations_overdue(now),
    }
    limit = settings().health_overdue_seconds
    return Health(all(seconds <= limit for seconds in overdue.values()), limit, overdue)


def read_figures(now: datetime) -> Figures:
    """Ask the tables for everything."""
    evaluations = evaluations_backlog(now)
    return Figures(
        health=read_health(now),
        backlogs=(wallet_backlog(now=now), webhook_backlog(now=now), mail_backlog(now=now)),
        tries=(wallet_tries(), webhook_tries(), mail_tries()),
        troubled=list_targets(),
        evaluations=evaluations.waiting,
        evaluations_failing=evaluations.failing,
        oldest_evaluation=evaluations.oldest,
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
