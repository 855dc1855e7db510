"""``python -m benchmarks.unit``: a unit's page and an ordinary answer; ends with 1 when a limit is missed.

The page is one GET of the address that stands in the course page's frame, by a learner who has done half of a unit of
twelve children: session, course, every child's own view, progress, what it counts towards. The answer is one POST to
the handler of a check that earns nothing. Each round has a learner of its own, and a new database connection inside
the measured time, as a server without persistent connections opens for every request.

Judged are the wall clock of an idle machine and the statements of this project: reads and writes of its own tables
and of completion. What the platform around it asks (session, account, roles, course content, learner state,
savepoints) is another on every platform; it is in the second number. ``--cpu`` judges processor time, for a busy
machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.site import measured_site
from benchmarks.unit.course import add_unit

__all__ = ["main"]

PAGE_MS, PAGE_QUERIES, ANSWER_MS = 80.0, 25, 40.0


@dataclass(frozen=True)
class Found:
    """Milliseconds of every round, and SQL statements of one: this project's, and all of them."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]
    own: int
    all: int

    def line(self, name: str, kept: bool) -> str:
        """The measurement in one line."""
        wall, cpu = (
            f"{statistics.median(values):6.1f} ms median, {statistics.quantiles(values, n=20)[-1]:6.1f} ms p95"
            for values in (self.wall, self.cpu)
        )
        return (
            f"  {name:7} wall {wall}   CPU {cpu}   {self.own} SQL statements of ours, {self.all} in all"
            f"   {'kept' if kept else 'MISSED'}"
        )


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unit", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="learners per measurement")
    parser.add_argument("--cpu", action="store_true", help="judge processor time instead of the wall clock")
    options = parser.parse_args(arguments)
    rounds = max(10, options.rounds)
    with measured_site():
        page, answer = measure(rounds)
    judged = [statistics.median(found.cpu if options.cpu else found.wall) for found in (page, answer)]
    kept = [judged[0] <= PAGE_MS and page.own <= PAGE_QUERIES, judged[1] <= ANSWER_MS]
    print(
        f"A unit of twelve children ({rounds} learners; limits: page {PAGE_MS:g} ms and {PAGE_QUERIES} SQL statements,"
    )
    print(f"answer {ANSWER_MS:g} ms; {'processor time' if options.cpu else 'wall clock'}, median):")
    print(page.line("page", kept[0]))
    print(answer.line("answer", kept[1]))
    # A place for benchmarks/upload.py: the large upload is measured by the same target.
    return 0 if all(kept) else 1


def measure(rounds: int) -> tuple[Found, Found]:
    """The page and the answer, for *rounds* learners each."""
    from django.urls import reverse

    from tests.fixtures.course_walk import Browser, enrolled_learner

    unit, texts, checks = add_unit()
    address = reverse("lms:chromeless", args=[unit])
    browsers = [Browser(enrolled_learner(f"reader-{number}")) for number in range(rounds + 2)]
    for browser in browsers:
        assert browser.client.get(address).status_code == 200
        seen = [str(key) for key in texts]
        moved = browser.call(unit.block_type, unit.block_id, "go_to", {"to": seen[-1], "seen": seen})
        assert moved.status_code == 200, moved.content
        assert _answered(browser, checks[0]).json()["progress"]["done"] == len(texts) + 1

    def page(browser: Any) -> None:
        shown = browser.client.get(address)
        assert shown.status_code == 200
        assert shown.content.count(b"data-mc-step=") == 12

    def answer(browser: Any) -> None:
        reply = _answered(browser, checks[1])
        assert reply.status_code == 200, reply.content
        assert reply.json()["progress"]["earned"] == []

    return _measured(page, browsers), _measured(answer, browsers)


def _answered(browser: Any, check: Any) -> Any:
    return browser.call(check.block_type, check.block_id, "submit", {"answer": "a", "attempt": 1})


def _measured(ask: Callable[[Any], None], browsers: list[Any]) -> Found:
    """The first learner warms up, the last one's statements are counted, which costs time."""
    from django.db import connection, connections
    from django.test.utils import CaptureQueriesContext

    wall, cpu = [], []
    for number, browser in enumerate(browsers[:-1]):
        connections.close_all()
        begun, begun_cpu = time.perf_counter(), time.process_time()
        ask(browser)
        ended_cpu, ended = time.process_time(), time.perf_counter()
        if number:
            wall.append((ended - begun) * 1000)
            cpu.append((ended_cpu - begun_cpu) * 1000)
    with CaptureQueriesContext(connection) as captured:
        ask(browsers[-1])
    texts = [query["sql"] for query in captured]
    own = [text for text in texts if "microcred_app_" in text or "completion_blockcompletion" in text]
    return Found(tuple(wall), tuple(cpu), len(own), len(texts))


if __name__ == "__main__":
    sys.exit(main())
