"""How long a learner waits for the answer that earns a badge.

Measured is one POST to the real handler address of the check that completes the unit: session and CSRF,
loading the course, marking, progress, attainment, evaluation, award, signed and self-checked credential,
outbox, completion, grade, and the answer with its piece of page. Each round has a new learner who did
everything else before, in requests that are not measured. A new database connection is opened inside the
measured time, as a server without persistent connections does for every request.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["SCENES", "Measurement", "measure"]

LAST_CHECK = "puncture-last-stretch"


@dataclass(frozen=True)
class Measurement:
    """Milliseconds per answer, one entry for each round, and SQL statements of one answer."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]
    queries: int

    @property
    def median_wall(self) -> float:
        """The median learner's wait."""
        return statistics.median(self.wall)

    def summary(self) -> str:
        """Medians and 95th percentiles."""
        return (
            f"wall {self.median_wall:6.1f} ms median, {_p95(self.wall):6.1f} ms p95   "
            f"CPU {statistics.median(self.cpu):6.1f} ms median, {_p95(self.cpu):6.1f} ms p95   "
            f"{self.queries} SQL statements"
        )


def measure(
    prepare: Callable[[Any, int], None], earned: set[str], *, rounds: int, warm_up: int
) -> Measurement:
    """Let *rounds* new learners, made ready by *prepare*, give the answer that earns them *earned*."""
    from django.db import connection, connections
    from django.test.utils import CaptureQueriesContext

    from tests.fixtures.course_walk import Browser, enrolled_learner

    wall, cpu, queries = [], [], 0
    for number in range(warm_up + rounds + 1):
        browser = Browser(enrolled_learner(f"learner-{prepare.__name__}-{number}"))
        prepare(browser, number)
        connections.close_all()
        if number == warm_up + rounds:  # counted apart, because counting costs time
            with CaptureQueriesContext(connection) as captured:
                answer = browser.answer(LAST_CHECK)
            queries = len(captured)
        else:
            begun, begun_cpu = time.perf_counter(), time.process_time()
            answer = browser.answer(LAST_CHECK)
            ended_cpu, ended = time.process_time(), time.perf_counter()
            if number >= warm_up:
                wall.append((ended - begun) * 1000)
                cpu.append((ended_cpu - begun_cpu) * 1000)
        _require(answer, earned)
    return Measurement(tuple(wall), tuple(cpu), queries)


def micro(browser: Any, _number: int) -> None:
    """A learner for whom the answer earns one badge."""
    browser.do_unit("puncture", but=LAST_CHECK)


def micro_and_macro(browser: Any, number: int) -> None:
    """A learner who holds the reviewed badge already, so that the answer earns a badge and the stack above it."""
    from django.contrib.auth import get_user_model

    from tests.fixtures.course_walk import Browser

    browser.do_unit("inspect")
    submission = browser.call("microcred_evidence", "inspect-evidence", "status").json()["submission"]["id"]
    verdict = Browser(get_user_model().objects.get(username="reviewer")).review(submission)
    assert verdict.status_code == 302, verdict.content
    micro(browser, number)


#: What is measured: name, how a learner gets there, badges the answer must show.
SCENES: tuple[tuple[str, Callable[[Any, int], None], set[str]], ...] = (
    ("one badge", micro, {"puncture-mender"}),
    ("badge and stack", micro_and_macro, {"puncture-mender", "roadside-repair"}),
)


def _require(answer: Any, earned: set[str]) -> None:
    """A fast answer that earned nothing must not count."""
    assert answer.status_code == 200, answer.content
    shown = answer.json()["progress"]["earned"]
    assert {badge["badge_key"] for badge in shown} == earned, shown
    assert all(badge["issued"] for badge in shown), shown


def _p95(values: tuple[float, ...]) -> float:
    return statistics.quantiles(values, n=20)[-1]
