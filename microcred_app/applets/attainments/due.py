"""What is still to be evaluated: durable markers, and the signal that one was committed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q

from microcred_app.one_statement import Condition

from .models import DueEvaluation
from .signals import evaluation_due

__all__ = [
    "DueEvaluationInfo",
    "EvaluationBacklog",
    "FailedEvaluation",
    "evaluations_backlog",
    "evaluations_due",
    "evaluations_overdue",
    "failed_evaluations",
    "forget_evaluations",
    "mark_due",
    "note_failure",
]


@dataclass(frozen=True)
class DueEvaluationInfo:
    """Something about a learner changed; ``kind`` and ``key`` say what, in the words of requirements."""

    id: int
    learner_id: int
    kind: str
    key: str


@dataclass(frozen=True)
class FailedEvaluation:
    """Evaluations after changes of one thing that failed and are still owed: how many, and the last reason."""

    kind: str
    key: str
    count: int
    last_error: str


def mark_due(learner_id: int, kind: str, key: str, *, now: datetime) -> None:
    """Owe the learner an evaluation. Call it in the transaction that writes the change.

    The signal follows the commit: what comes of the evaluation cannot undo the change.
    """
    row = DueEvaluation.objects.create(learner_id=learner_id, kind=kind, key=key, created_at=now)
    due = DueEvaluationInfo(row.pk, learner_id, kind, key)
    transaction.on_commit(lambda: evaluation_due.send(sender=DueEvaluation, due=due, now=now))


def evaluations_due(*, limit: int = 200) -> tuple[DueEvaluationInfo, ...]:
    """What is owed, oldest first; those that failed least come first."""
    rows = DueEvaluation.objects.order_by("tries", "created_at", "pk")
    return tuple(
        DueEvaluationInfo(*row) for row in rows.values_list("pk", "learner_id", "kind", "key")[:limit]
    )


def failed_evaluations(*, limit: int = 200) -> tuple[FailedEvaluation, ...]:
    """What failed at least once and waits for another try, by the thing that changed; most learners first."""
    rows = DueEvaluation.objects.filter(tries__gt=0).order_by().values("kind", "key")
    found = rows.annotate(count=Count("pk"), newest=Max("pk")).order_by("-count", "kind", "key")[:limit]
    errors = dict(
        DueEvaluation.objects.filter(pk__in=[row["newest"] for row in found]).values_list("pk", "last_error")
    )
    return tuple(
        FailedEvaluation(row["kind"], row["key"], row["count"], errors.get(row["newest"], ""))
        for row in found
    )


@dataclass(frozen=True)
class EvaluationBacklog:
    """What is owed at one moment; the age of the oldest in seconds."""

    waiting: int
    failing: int
    oldest: float


def evaluations_backlog(now: datetime) -> EvaluationBacklog:
    """How evaluations stand."""
    rows = DueEvaluation.objects.aggregate(
        waiting=Count("pk"), failing=Count("pk", filter=Q(tries__gt=0)), oldest=Min("created_at")
    )
    return EvaluationBacklog(rows["waiting"], rows["failing"], _age(rows["oldest"], now))


def evaluations_overdue(now: datetime) -> float:
    """For how many seconds an evaluation has been owed that nobody tried; one row by an index."""
    untried = (
        DueEvaluation.objects.filter(tries=0).order_by("created_at").values_list("created_at", flat=True)
    )
    return _age(next(iter(untried[:1]), None), now)


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())


def forget_evaluations(ids: Iterable[int], *, provided: Condition | None = None) -> int:
    """Remove the markers of evaluations that are done; how many there were.

    With a condition they are removed by the statement that looks at it, so that nothing can come in between.
    """
    wanted, removed = list(ids), 0
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        statement, parameters = f"{_REMOVAL} ({', '.join(['%s'] * len(some))})", some
        if provided is not None:
            statement, parameters = f"{statement} AND {provided.text}", [*some, *provided.parameters]
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            removed += cursor.rowcount
    return removed


#: Nothing refers to a marker, so there is nothing to look for before it goes, and nothing to build for each event.
_REMOVAL = f"DELETE FROM {DueEvaluation._meta.db_table} WHERE id IN"  # noqa: S608 - names from the model
_AT_ONCE = 500


def note_failure(ids: Iterable[int], error: str) -> None:
    """Keep the markers, with why the evaluation failed; they are tried again after all others."""
    DueEvaluation.objects.filter(pk__in=list(ids)).update(tries=F("tries") + 1, last_error=error[:500])
