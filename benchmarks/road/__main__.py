"""``python -m benchmarks.road``: print the measurements, and end with 1 when a limit is missed."""

from __future__ import annotations

import argparse
import os
import sys

from .backfill import measure_backfill
from .events import (
    StreamSpeed,
    install,
    measure_cold_start,
    measure_events_at_once,
    measure_one,
    measure_single_events,
    measure_stream,
)
from .preview import measure_preview
from .site import open_site

__all__ = ["main"]

#: Events per second of one process, and awards per second of a back-fill with two, by database.
LIMITS = {"SQLite": (800, 2_500), "MariaDB": (400, 1_500)}
MOST_READS, MOST_WRITES = 4, 4
#: Requests that a process of a web server with threads answers at the same time.
AT_ONCE = 4
#: A request that asks for a large preview comes back before anybody has looked at everybody.
MOST_SECONDS_OF_REQUEST = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.road", description=__doc__)
    parser.add_argument("--badges", type=int, default=5_000)
    parser.add_argument("--pathways", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=4_000, help="events in the stream")
    parser.add_argument("--awards", type=int, default=100_000, help="awards of the back-fill")
    options = parser.parse_args(arguments)
    kept = []

    def tell(line: str, *, within: bool = True, limit: str = "") -> None:
        kept.append(within)
        verdict = f"  {'kept' if within else 'MISSED'} ({limit})" if limit else ""
        print(f"  {line}{verdict}", flush=True)

    def tell_speed(name: str, speed: StreamSpeed, least: int = 0) -> None:
        tell(
            f"{name}: {speed.fair:,.0f} per second and process ({speed.by_clock:,.0f} by the clock;"
            f" {speed.own_milliseconds:.2f} ms of ours and {speed.server_milliseconds:.2f} ms of the server's each)",
            within=speed.fair >= least,
            limit=f"at least {least}" if least else "",
        )

    with open_site() as kind:
        per_second, awards_per_second = LIMITS[kind]
        install(options.badges, options.pathways)
        print(
            f"{kind}, {options.badges:,} badges and {options.pathways:,} pathways installed,"
            f" load of the machine {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        versions, queries, seconds = measure_cold_start()
        tell(
            f"cold start: {versions:,} versions in {queries} query, {seconds:.1f} s",
            within=queries == 1,
            limit="1",
        )
        for name, earning, wallet, most in (
            ("event that earns nothing", False, False, (1, MOST_WRITES)),
            ("event that earns a badge", True, False, (MOST_READS, MOST_WRITES)),
            ("the same, with a wallet", True, True, (MOST_READS, MOST_WRITES)),
        ):
            one = measure_one(earning=earning, with_wallet=wallet)
            # With a wallet one event in a block of places writes one row more: on the average it is kept.
            writes = one.mean_writes if wallet else one.writes
            tell(
                f"{name}: {one.mean_reads:.2f} reads and {one.mean_writes:.2f} writes, at most {one.reads} and"
                f" {one.writes}, {one.milliseconds:.1f} ms",
                within=one.reads <= most[0] and writes <= most[1] + (0.02 if wallet else 0),
                limit=f"{most[0]} and {most[1]}",
            )
        singles = max(200, options.events // 4)
        one_by_one = measure_single_events(singles)
        if kind == "SQLite":  # one writer at a time: there is nothing to gain from several
            tell_speed("single events, one by one", one_by_one, per_second)
        else:
            tell_speed("single events, one by one", one_by_one)
            rate = measure_events_at_once(2 * singles, AT_ONCE)
            tell(
                f"single events, {AT_ONCE} at once in the threads of one process: {rate:,.0f} per second by the clock",
                within=rate >= per_second,
                limit=f"at least {per_second}",
            )
        tell_speed("stream of events", measure_stream(options.events), per_second)
        speed = measure_backfill(options.awards)
        tell(
            f"back-fill of {options.awards:,} awards, two processes: {speed.fair:,.0f} per second"
            f" ({speed.by_clock:,.0f} by the clock; {speed.own_milliseconds:.2f} ms of ours and"
            f" {speed.server_milliseconds:.2f} ms of the server's each)",
            within=speed.fair >= awards_per_second,
            limit=f"at least {awards_per_second}",
        )
        preview = measure_preview(options.awards)
        tell(
            f"preview over {preview.learners:,} learners: asked for in {preview.request_seconds:.2f} s,"
            f" computed at {preview.per_second:,.0f} learners per second and process, read in"
            f" {preview.reading_seconds:.2f} s",
            within=preview.request_seconds <= MOST_SECONDS_OF_REQUEST,
            limit=f"asked for in at most {MOST_SECONDS_OF_REQUEST:g} s",
        )
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
