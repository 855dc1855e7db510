"""``python -m benchmarks.insights``: the insights of a unit that many learners of a course did; 1 when too slow.

Twenty thousand learners, each with three checks (one of them typed), five steps and about 1.4 attempts; half of them
completed the unit. Measured is the whole request by a member of the team or a registrar, from the session to the page,
on SQLite, after the figures were counted as the worker does it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.site import measured_site

__all__ = ["main"]

LIMIT_MS = 300.0
COURSE = "course-v1:Microcred+BIKE101+2026"
UNIT = "block-v1:Microcred+BIKE101+2026+type@microcred_unit+block@measured"
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
KINDS = ("html", "check", "check", "check", "html")


def main(arguments: list[str] | None = None) -> int:
    """Fill, measure, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.insights", description=__doc__)
    parser.add_argument("--learners", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cpu", action="store_true", help="judge processor time, for a busy machine")
    options = parser.parse_args(arguments)
    with measured_site():
        fill(options.learners)
        began = time.perf_counter()
        count()
        print(f"Counted from nothing in {time.perf_counter() - began:.1f} s.", end=" ")
        began = time.perf_counter()
        count()
        print(f"Looked for changes, of which there were none, in {time.perf_counter() - began:.1f} s.")
        found = measure(options.rounds, time.process_time if options.cpu else time.perf_counter)
    clock = "processor time" if options.cpu else "wall clock"
    print(
        f"Insights with {options.learners} learners ({clock}, limit {LIMIT_MS:g} ms, {options.rounds} rounds):"
    )
    for name, times in found.items():
        print(f"  {name:7} {statistics.median(times):7.1f} ms median, {max(times):7.1f} ms at most")
    return int(any(statistics.median(times) > LIMIT_MS for times in found.values()))


def fill(learners: int) -> None:
    """The rows that learners would have left."""
    from django.contrib.auth import get_user_model

    from microcred_app.applets.attainments.models import PartResult, StepVisit, UnitProgress

    chance = random.Random(7)
    parts = [
        {"usage_key": f"{UNIT}-{n}", "kind": "check" if kind == "check" else "content", "title": f"Step {n}"}
        for n, kind in enumerate(KINDS)
    ]
    people = get_user_model()
    if people.objects.filter(username="bench0").exists():
        return  # a site that was kept
    # Addresses as every account of the platform has one, and no two the same.
    people.objects.bulk_create(
        [people(username=f"bench{n}", email=f"bench{n}@example.org") for n in range(learners)], batch_size=500
    )
    ids = list(people.objects.filter(username__startswith="bench").values_list("pk", flat=True))
    progress, results, visits, responses = [], [], [], []
    for learner in ids:
        began = BEGAN + timedelta(minutes=chance.randrange(250_000))
        done = chance.random() < 0.5
        row = UnitProgress(
            learner_id=learner,
            unit_usage_key=UNIT,
            course_key=COURSE,
            outcome_key="none",
            title="Measured",
            parts=parts,
            started_at=began,
            completed_at=began + timedelta(minutes=9) if done else None,
        )
        progress.append(row)
        reached = len(parts) if done else chance.randrange(1, len(parts))
        able = chance.random()
        for place, part in enumerate(parts[:reached]):
            visits.append(
                StepVisit(
                    progress=row,
                    part_usage_key=part["usage_key"],
                    first_seen_at=began,
                    last_seen_at=began,
                    seconds=min(1_700, int(chance.expovariate(1 / 90))),
                )
            )
            if done or place < reached - 1:
                results.append(
                    PartResult(progress=row, part_usage_key=part["usage_key"], score=1.0, done_at=began)
                )
            if part["kind"] == "check":
                responses += answers(learner, part["usage_key"], place, able, began, chance)
    write(progress, results, visits, responses)


def answers(
    learner: int, part: str, place: int, able: float, began: datetime, chance: random.Random
) -> list[Any]:
    """One learner's attempts at one check: options, or for the last check words that many and few write."""
    from microcred_app.applets.responses.models import ItemResponse

    found = []
    for attempt in range(1, 4):
        right = chance.random() < 0.3 + 0.5 * able
        value = ("a" if right else chance.choice("bcd")) if place < 3 else typed(right, chance)
        found.append(
            ItemResponse(
                learner_id=learner,
                part_usage_key=part,
                course_key=COURSE,
                attempt=attempt,
                check_type="single" if place < 3 else "text",
                question="0123456789abcdef",
                given=[["", value]],
                score=float(right),
                passed=right,
                hints=int(chance.random() < 0.1),
                at=began,
            )
        )
        if right:
            break
    return found


def typed(right: bool, chance: random.Random) -> str:
    """A word: the right one, one of some mistakes, or something that nobody else writes."""
    if right:
        return "sidewall"
    return f"mistake {chance.randrange(30)}" if chance.random() < 0.6 else f"own words {chance.random()}"


def write(progress: list[Any], results: list[Any], visits: list[Any], responses: list[Any]) -> None:
    """All of it in a few large statements."""
    from django.db import transaction

    with transaction.atomic():
        for rows in (progress, results, visits, responses):
            type(rows[0]).objects.bulk_create(rows, batch_size=1_000)


def count() -> None:
    """What the worker does every ten minutes."""
    from django.utils import timezone

    from microcred_app.applets.insights.api import refresh_figures

    refresh_figures(timezone.now())


def measure(rounds: int, clock: Callable[[], float]) -> dict[str, list[float]]:
    """Milliseconds of each request, by page."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    console = "/microcred/registrar/insights/"
    pages: dict[str, tuple[str, str, dict[str, str], bytes]] = {
        "course": ("author", "/microcred/insights/", {"course": COURSE}, b"Measured"),
        "unit": ("author", "/microcred/insights/unit/", {"course": COURSE, "unit": UNIT}, b"Measured"),
        "badges": ("registrar", console, {}, b"As counted on"),
        "skills": ("registrar", f"{console}skills/", {}, b"What is missing"),
        "worth": ("registrar", f"{console}worth/", {}, b"badges looked at"),
        "ending": ("registrar", f"{console}ending/", {}, b"Ending soon"),
    }
    clients = {name: Client(headers={"accept": "text/html"}) for name in ("author", "registrar")}
    for name, client in clients.items():
        client.force_login(get_user_model().objects.get(username=name))
    found: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(rounds + 1):
        for name, (who, address, query, said) in pages.items():
            began = clock()
            answer = clients[who].get(address, query)
            took = (clock() - began) * 1_000
            if answer.status_code != 200 or said not in answer.content:
                raise SystemExit(f"{address} did not answer as it should.")
            if number:  # the first round loads templates and prepares statements
                found[name].append(took)
    return found


if __name__ == "__main__":
    sys.exit(main())
