"""``make bench-scale``: fill a site, let it work, print what it takes, and end with 1 when a limit is missed."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

from benchmarks.delivery.far_side import far_side

from .events import WARMING_UP, measure_events
from .growth import EventCost, measure_cost
from .kept import find_site, keep_site
from .learners import Learners
from .nights import measure_nights
from .pages import measure_pages
from .population import EACH, Scene, Sizes, add_attainments, set_the_scene
from .site import Memory, open_site, running, worker_processes
from .space import bytes_of_rows

__all__ = ["main"]

EVENT_MS, EVENTS_PER_SECOND = 150.0, 50.0
PAGE_MS = 300.0
#: Minutes that all jobs of a night take together.
NIGHT_MINUTES = 15.0
MEMORY_MB = 400.0
#: So much may the time of an event and its statements differ between the smallest and the largest site.
FLAT = 1.5
MORE_STATEMENTS = 4.0
FLAT_FROM = 1_000
SEEDING_SECONDS_OF_TWO_MILLIONS = 180.0
WEB_PROCESSES = CELERY_WORKERS = 2
Tell = Callable[..., None]


def main(arguments: list[str] | None = None) -> int:
    """Fill, measure, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--attainments", type=int, default=2_000_000)
    parser.add_argument("--learners", type=int, default=0, help="a tenth of the attainments at least")
    parser.add_argument("--badges", type=int, default=5_000)
    parser.add_argument("--pathways", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60.0, help="for which events come")
    parser.add_argument("--rate", type=float, default=EVENTS_PER_SECOND, help="events per second")
    parser.add_argument("--rounds", type=int, default=7, help="times that a page is asked for")
    parser.add_argument("--only", default="growth,events,pages,nights", help="parts, with commas")
    parser.add_argument(
        "--keep", type=Path, help="folder of the data: filled by the first run, found by others"
    )
    options = parser.parse_args(arguments)
    learners = max(options.learners, options.attainments // EACH)
    sizes = Sizes(learners, options.attainments, options.badges, options.pathways)
    parts = set(options.only.split(","))
    kept: list[bool] = []

    def tell(line: str, *, within: bool = True, limit: str = "") -> None:
        kept.append(within)
        verdict = f"  {'kept' if within else 'MISSED'} ({limit})" if limit else ""
        print(f"  {line}{verdict}", flush=True)

    with ExitStack() as stack:
        folder = stack.enter_context(open_site(options.keep))
        address = stack.enter_context(far_side(0.05))
        begun = time.monotonic()
        turn = find_site(options.keep, address)
        scene = turn.scene if turn else set_the_scene(sizes, address)
        print(
            f"MariaDB, {scene.sizes.learners:,} learners, {scene.sizes.badges:,} badges,"
            f" {scene.sizes.pathways:,} pathways {'found' if turn else 'made'} in {time.monotonic() - begun:.0f} s;"
            f" load of the machine {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        if turn is None:
            turn = Learners(scene)
            _fill(scene, turn, tell, grow="growth" in parts)
        stack.callback(keep_site, options.keep, turn)
        keep_site(options.keep, turn)
        tell(
            "a row with its indexes: " + ", ".join(f"{name} {size:,} bytes" for name, size in bytes_of_rows())
        )
        if "events" in parts:
            _events(folder, scene, turn, tell, options.rate, options.seconds)
        if parts & {"pages", "nights"}:
            _course_with_answers(scene)
        if "nights" in parts:
            _nights(scene, tell)
        if "pages" in parts:
            _pages(scene, tell, options.rounds)
    return 0 if all(kept) else 1


def _fill(scene: Scene, turn: Learners, tell: Tell, *, grow: bool) -> None:
    """Attainments in steps, with the same event measured at each size."""
    wanted = scene.sizes.attainments
    steps = [size for size in (FLAT_FROM, 20_000, 200_000) if size < wanted] + [wanted]
    costs: list[EventCost] = []
    there, seconds = 0, 0.0
    for size in steps:
        begun = time.monotonic()
        add_attainments(scene, there, size - there)
        seconds, there = seconds + time.monotonic() - begun, size
        if grow:
            costs.append(_cost(scene, turn, size))
            cost = costs[-1]
            tell(
                f"one event with {size:,} attainments: {cost.reads:g} reads, {cost.writes:g} writes,"
                f" {cost.milliseconds:.1f} ms ({cost.by_clock:.1f} by the clock)"
            )
    most = SEEDING_SECONDS_OF_TWO_MILLIONS * max(wanted, 100_000) / 2_000_000
    tell(
        f"{wanted:,} attainments with units, awards, documents and deliveries written in {seconds:.0f} s",
        within=seconds <= most,
        limit=f"at most {most:.0f} s",
    )
    if not grow:
        return
    first, last = costs[0], costs[-1]
    tell(
        f"an event's time from {first.attainments:,} to {last.attainments:,} attainments:"
        f" times {last.milliseconds / first.milliseconds:.2f}",
        within=last.milliseconds <= first.milliseconds * FLAT,
        limit=f"at most times {FLAT:g}",
    )
    # Some learners have a wallet, and a badge that this process did not sign before costs it three reads more.
    tell(
        f"an event's statements: {first.reads + first.writes:g}, and {last.reads + last.writes:g}",
        within=abs(first.reads + first.writes - last.reads - last.writes) <= MORE_STATEMENTS,
        limit=f"{MORE_STATEMENTS:g} apart at most",
    )


def _cost(scene: Scene, turn: Learners, size: int) -> EventCost:
    from django.db import connection

    with connection.cursor() as cursor:
        # Fresh statistics, as the server keeps them on its own a little later.
        cursor.execute(
            "ANALYZE TABLE microcred_app_attainment, microcred_app_award, microcred_app_unitprogress"
        )
        cursor.fetchall()
    return measure_cost(size, turn.places(60, size))


def _events(folder: Path, scene: Scene, turn: Learners, tell: Tell, rate: float, seconds: float) -> None:
    """Web processes take submissions, Celery workers push what follows and work on other tasks."""
    with ExitStack() as stack:
        pids: dict[str, int] = {}
        for number in range(1, WEB_PROCESSES + 1):
            command = [sys.executable, "-m", "benchmarks.scale.web"]
            pids[f"web process {number}"] = stack.enter_context(
                running(folder, f"web{number}", command, MICROCRED_SCALE_CELERY="1")
            )
        for number in range(1, CELERY_WORKERS + 1):
            pids[f"Celery worker {number}"] = stack.enter_context(
                running(folder, f"worker{number}", worker_processes(number), MICROCRED_SCALE_CELERY="1")
            )
        memory = stack.enter_context(Memory(pids))
        places = turn.places(WARMING_UP + int(rate * seconds), scene.sizes.attainments)
        counted = {**pids, "the database": int(os.environ["MICROCRED_MARIADB_PID"])}
        times = measure_events(places, rate, counted)
        tell(
            f"{times.events:,} events at {times.per_second:.0f} per second through {WEB_PROCESSES} web processes:"
            f" {times.awards:,} awards and {times.deliveries:,} outbox rows, pushed {times.pushed_after:.1f} s after"
            f" the last; {times.failed} failed",
            within=times.awards >= times.events and not times.failed and times.per_second >= rate * 0.9,
            limit="an award each",
        )
        for name, (middle, most) in (
            ("from its commit to its award and outbox, committed", times.after_commit),
            ("from its arrival, waiting and submission included", times.after_arrival),
        ):
            tell(
                f"event, {name}: {middle:.0f} ms, 95 of 100 within {most:.0f} ms",
                within=most < EVENT_MS,
                limit=f"under {EVENT_MS:.0f} ms",
            )
        whole = sum(times.spent.values())
        tell(
            f"processor time of an event and its push: {whole:.1f} ms ("
            + ", ".join(f"{name} {spent:.1f}" for name, spent in times.spent.items())
            + f"), so {rate:g} per second keep {whole * rate / 1_000:.1f} processors busy"
        )
        _work_for_the_workers(scene, tell)
    for said in sorted(folder.glob("w*.out")):
        if "Traceback" in (text := said.read_text()):
            print(f"  {said.stem} failed at something: {text[-1_500:]}", flush=True)
    for name, most in memory.most.items():
        tell(f"memory of {name}: {most:.0f} MB at most", within=0 < most < MEMORY_MB,
             limit=f"under {MEMORY_MB:.0f} MB")  # fmt: skip


def _work_for_the_workers(scene: Scene, tell: Tell) -> None:
    """A back-fill of a new badge and the scheduled tasks, by the same two workers: their memory counts with it."""
    from django.utils import timezone

    from benchmarks.road.population import add_badges
    from microcred_app import tasks
    from microcred_app.applets.backfill import api as backfill

    from .workers import app

    app.set_default()
    rule = {"any": [{"outcome": f"o{number * 4}"} for number in range(min(100, scene.sizes.badges))]}
    add_badges([("late", rule)])
    batch = backfill.start_batch("late", actor_id=None, now=timezone.now())
    begun = time.monotonic()
    for _worker in range(CELERY_WORKERS):
        tasks.backfill_task.delay(batch.id)
    for task in (
        tasks.remind_task,
        tasks.sweep_offers_task,
        tasks.bring_into_force_task,
        tasks.note_expired_task,
    ):
        task.delay()
    while (now := backfill.get_batch(batch.id)).state == "running" and time.monotonic() - begun < 600:
        time.sleep(0.2)
    seconds = time.monotonic() - begun
    tell(
        f"back-fill by the Celery workers: {now.granted:,} awards in {seconds:.1f} s, {now.failed} failed",
        within=now.state == "done" and now.granted > 0 and not now.failed,
        limit="done, none failed",
    )


def _course_with_answers(scene: Scene) -> None:
    from django.core.management import call_command

    from benchmarks import insights

    call_command("seed_demo", stdout=StringIO())
    insights.fill(min(20_000, scene.sizes.learners))


def _pages(scene: Scene, tell: Tell, rounds: int) -> None:
    """On figures that the worker counted, as pages of a site that runs."""
    from django.utils import timezone

    from microcred_app.applets.insights.api import refresh_recent

    begun = time.monotonic()
    counted = refresh_recent(timezone.now()).counted
    tell(
        f"figures brought up to date before the pages: {counted:,} counted in {time.monotonic() - begun:.1f} s"
    )
    for page in measure_pages(scene, rounds):
        tell(
            f"page {page.name}: {page.milliseconds:.0f} ms ({page.by_clock:.0f} by the clock), {page.reads} reads",
            within=page.milliseconds < PAGE_MS,
            limit=f"under {PAGE_MS:.0f} ms",
        )


def _nights(scene: Scene, tell: Tell) -> None:
    whole = 0.0
    for job in measure_nights(scene):
        whole += job.seconds
        tell(f"night, {job.name}: {job.seconds:.1f} s, {job.count:,} {job.things}")
    tell(
        f"everything of a night: {whole / 60:.1f} minutes",
        within=whole <= NIGHT_MINUTES * 60,
        limit=f"at most {NIGHT_MINUTES:.0f} minutes",
    )


if __name__ == "__main__":
    sys.exit(main())
