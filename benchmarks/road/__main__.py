"""``python -m benchmarks.road``: print the measurements, and end with 1 when a limit is missed."""

from __future__ import annotations

import argparse
import sys

from .backfill import measure_backfill
from .events import install, measure_one, measure_stream
from .site import open_site

__all__ = ["main"]

#: Events per second of one process, and awards per second of a back-fill with two, by database.
LIMITS = {"SQLite": (800, 2_500), "MariaDB": (400, 1_500)}
MOST_READS, MOST_WRITES = 4, 4


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.road", description=__doc__)
    parser.add_argument("--badges", type=int, default=5_000)
    parser.add_argument("--pathways", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=4_000, help="events in the stream")
    parser.add_argument("--awards", type=int, default=100_000, help="awards of the back-fill")
    options = parser.parse_args(arguments)
    kept = []

    def tell(line: str, *, within: bool) -> None:
        kept.append(within)
        print(f"  {line}  {'kept' if within else 'MISSED'}", flush=True)

    with open_site() as kind:
        per_second, awards_per_second = LIMITS[kind]
        install(options.badges, options.pathways)
        print(f"{kind}, {options.badges} badges and {options.pathways} pathways installed", flush=True)
        nothing = measure_one(earning=False)
        tell(
            f"event that earns nothing: {nothing.reads} read, {nothing.writes} write, {nothing.milliseconds:.1f} ms",
            within=nothing.reads <= 1,
        )
        one = measure_one(earning=True)
        tell(
            f"event that earns a badge: {one.reads} reads, {one.writes} writes, {one.milliseconds:.1f} ms",
            within=one.reads <= MOST_READS and one.writes <= MOST_WRITES,
        )
        stream = measure_stream(options.events)
        tell(
            f"stream of events: {stream:.0f} per second and process ({per_second})",
            within=stream >= per_second,
        )
        rate = measure_backfill(options.awards)
        tell(
            f"back-fill of {options.awards} awards, two processes: {rate:.0f} per second ({awards_per_second})",
            within=rate >= awards_per_second,
        )
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
