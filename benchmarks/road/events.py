"""One event among very many rules, and a stream of events, each from its marker to the committed outbox."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from .population import NOW, add_attainments, add_badges, add_learners, add_outcomes, owe_evaluations

__all__ = ["EventCost", "install", "measure_one", "measure_stream"]

OUTCOMES = 5_000


@dataclass(frozen=True)
class EventCost:
    """Statements of one event, transaction control apart, and its milliseconds (median)."""

    reads: int
    writes: int
    milliseconds: float


def install(badges: int, pathways: int) -> None:
    """*badges* that ask for one outcome each, and *pathways* that ask for several badges, all published."""
    outcomes = add_outcomes(max(badges, OUTCOMES))
    add_badges((f"b{number}", {"outcome": outcomes[number]}) for number in range(badges))
    add_badges(
        (f"p{number}", {"all": [{"badge": f"b{(number * 7 + step * 13) % badges}"} for step in range(4)]})
        for number in range(pathways)
    )


def measure_one(*, earning: bool, rounds: int = 30) -> EventCost:
    """One learner at a time, as in a request; *earning* a badge by it or nothing."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    from microcred_app.api import evaluate_now
    from microcred_app.applets.attainments.api import evaluations_due

    # The last outcome of the catalogue is asked for by badges; one that no learner has yet earns nothing.
    outcome = "o11" if earning else "o12"
    times, statements = [], []
    for number in range(rounds):
        learner = add_learners(1)
        add_attainments(learner, [outcome] if earning else ["o13"])
        owe_evaluations(learner, outcome)
        due = evaluations_due()
        reset_queries()  # the log is bounded, and what fell out of it would not be counted
        with CaptureQueriesContext(connection) as captured:
            begun = time.perf_counter()
            evaluate_now(due, now=NOW)
            times.append((time.perf_counter() - begun) * 1_000)
        if number:  # the first one takes up the definitions
            statements.append([query["sql"] for query in captured])
    assert all(statements), "an event without a statement was not counted"
    reads = max(sum(sql.lstrip("( ").upper().startswith("SELECT") for sql in each) for each in statements)
    writes = max(
        sum(sql.upper().startswith(("INSERT", "UPDATE", "DELETE")) for sql in each) for each in statements
    )
    _require(earning)
    return EventCost(reads, writes, statistics.median(times))


def measure_stream(events: int) -> float:
    """Events per second of one process: evaluated, awarded, signed, self-checked, stored, committed."""
    from microcred_app.api import run_pending_evaluations
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.issuance.models import Credential

    learners = add_learners(events)
    add_attainments(learners, ["o21"])
    owe_evaluations(learners[:200], "o21")
    run_pending_evaluations(now=NOW)  # keys, lists and templates exist from here on
    owe_evaluations(learners[200:], "o21")
    begun = time.perf_counter()
    while run_pending_evaluations(now=NOW):
        pass
    seconds = time.perf_counter() - begun
    assert Award.objects.filter(learner_id__in=learners[-100:]).count() == 100
    assert Credential.objects.filter(learner_id__in=learners[-100:]).count() == 100
    return (events - 200) / seconds


def _require(earning: bool) -> None:
    from microcred_app.applets.attainments.models import DueEvaluation
    from microcred_app.applets.awards.models import Award

    assert not DueEvaluation.objects.exists()
    assert Award.objects.exists() == earning
