"""One event among very many rules, and a stream of events, each from its marker to the committed outbox."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .population import (
    NOW,
    add_attainments,
    add_badges,
    add_learners,
    add_outcomes,
    connect_wallets,
    owe_evaluations,
)
from .statements import Statements, counted
from .stopwatch import Spent, Stopwatch, fair_seconds

if TYPE_CHECKING:
    from microcred_app.applets.attainments.api import DueEvaluationInfo

__all__ = [
    "EventCost",
    "StreamSpeed",
    "install",
    "measure_cold_start",
    "measure_events_at_once",
    "measure_one",
    "measure_single_events",
    "measure_stream",
]

OUTCOMES = 5_000


@dataclass(frozen=True)
class EventCost:
    """Statements of one event, transaction control apart: at most and on the average; and milliseconds (median)."""

    reads: int
    writes: int
    mean_reads: float
    mean_writes: float
    milliseconds: float


@dataclass(frozen=True)
class StreamSpeed:
    """Events per second of one process, by the clock and without waiting for other programs."""

    by_clock: float
    fair: float
    own_milliseconds: float
    server_milliseconds: float


def install(badges: int, pathways: int) -> None:
    """*badges* that ask for one outcome each, and *pathways* that ask for several badges, all published."""
    outcomes = add_outcomes(max(badges, OUTCOMES))
    add_badges((f"b{number}", {"outcome": outcomes[number]}) for number in range(badges))
    add_badges(
        (f"p{number}", {"all": [{"badge": f"b{(number * 7 + step * 13) % badges}"} for step in range(4)]})
        for number in range(pathways)
    )


def measure_one(*, earning: bool, with_wallet: bool = False, rounds: int = 200) -> EventCost:
    """One learner at a time, as in a request; *earning* a badge by it or nothing.

    *rounds* is more than a process takes places in a status list at once, so that this is counted too.
    """
    from microcred_app.api import evaluate_now
    from microcred_app.applets.attainments.api import evaluations_due

    # The last outcome of the catalogue is asked for by badges; one that no learner has yet earns nothing.
    outcome = "o11" if earning else "o12"
    times: list[float] = []
    found: list[Statements] = []
    for number in range(rounds):
        learner = add_learners(1)
        if with_wallet:
            connect_wallets(learner)
        add_attainments(learner, [outcome] if earning else ["o13"])
        owe_evaluations(learner, outcome)
        due = evaluations_due()
        with counted() as statements:
            begun = time.perf_counter()
            evaluate_now(due, now=NOW)
            times.append((time.perf_counter() - begun) * 1_000)
        if number:  # the first one takes up the definitions
            found.append(statements)
    assert all(one.reads and one.writes for one in found), "an event without a statement was not counted"
    _require(earning, with_wallet)
    return EventCost(
        max(one.reads for one in found),
        max(one.writes for one in found),
        statistics.mean(one.reads for one in found),
        statistics.mean(one.writes for one in found),
        statistics.median(times),
    )


def measure_cold_start() -> tuple[int, int, float]:
    """What a process that knows nothing reads: versions, queries for them, and seconds for all definitions."""
    from django.db import connection

    from microcred_app.applets.badges import api as badges
    from microcred_app.applets.badges import current

    badges.forget_versions()
    current._kept = current.CurrentBadges()
    asked: list[str] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        asked.append(sql)
        return execute(sql, params, many, context)

    watch = Stopwatch()
    with connection.execute_wrapper(note):
        found = badges.current_definitions()
    spent = watch.read()
    about_versions = [sql for sql in asked if "badgeversion" in sql.split(" WHERE ")[0]]
    return len(found.by_key), len(about_versions), spent.clock - spent.waited


def measure_stream(events: int) -> StreamSpeed:
    """Events per second of one process: evaluated, awarded, signed, self-checked, stored, committed."""
    from microcred_app.api import run_pending_evaluations
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.issuance.models import Credential

    learners = add_learners(events)
    add_attainments(learners, ["o21"])
    owe_evaluations(learners[:200], "o21")
    run_pending_evaluations(now=NOW)  # keys, lists and templates exist from here on
    owe_evaluations(learners[200:], "o21")
    watch = Stopwatch()
    while run_pending_evaluations(now=NOW):
        pass
    spent = watch.read()
    assert Award.objects.filter(learner_id__in=learners[-100:]).count() == 100
    assert Credential.objects.filter(learner_id__in=learners[-100:]).count() == 100
    return _speed(events - 200, spent)


def measure_single_events(events: int) -> StreamSpeed:
    """The same one by one, each in transactions of its own, as requests do it."""
    from microcred_app.api import evaluate_now
    from microcred_app.applets.attainments.api import evaluations_due

    learners = add_learners(events)
    add_attainments(learners, ["o22"])
    owe_evaluations(learners, "o22")
    due = evaluations_due(limit=events)
    evaluate_now(due[:1], now=NOW)
    watch = Stopwatch()
    for one in due[1:]:
        evaluate_now([one], now=NOW)
    return _speed(events - 1, watch.read())


def measure_events_at_once(events: int, threads: int) -> float:
    """Events per second, by the clock, of one process that handles *threads* of them at the same time.

    Each is an event of one learner with transactions and a connection of its own, as in the requests of a web server
    with threads: while one waits for the database, another is evaluated and signed.
    """
    from django.db import connection

    from microcred_app.api import evaluate_now
    from microcred_app.applets.attainments.api import evaluations_due
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.issuance.models import Credential

    learners = add_learners(events)
    add_attainments(learners, ["o23"])
    owe_evaluations(learners, "o23")
    due = evaluations_due(limit=events)
    evaluate_now(due[:1], now=NOW)
    shares = [due[1:][number::threads] for number in range(threads)]

    def handle(share: Sequence[DueEvaluationInfo]) -> None:
        try:
            for one in share:
                evaluate_now([one], now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        begun = time.perf_counter()
        for done in [pool.submit(handle, share) for share in shares]:
            done.result()
        seconds = time.perf_counter() - begun
    assert not evaluations_due(limit=1), "some events were not finished"
    assert Award.objects.filter(learner_id__in=learners).count() == events
    assert Credential.objects.filter(learner_id__in=learners).count() == events
    return (events - 1) / seconds


def _speed(events: int, spent: Spent) -> StreamSpeed:
    return StreamSpeed(
        by_clock=events / spent.clock,
        fair=events / fair_seconds(spent, [], processors=1),
        own_milliseconds=spent.ran / events * 1_000,
        server_milliseconds=spent.server_ran / events * 1_000,
    )


def _require(earning: bool, with_wallet: bool) -> None:
    from microcred_app.applets.attainments.models import DueEvaluation
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.delivery.models import Delivery

    assert not DueEvaluation.objects.exists()
    assert Award.objects.exists() == earning
    assert Delivery.objects.exists() == with_wallet
