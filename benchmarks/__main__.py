"""``python -m benchmarks``: print the measurements, and end with 1 when a limit is missed."""

from __future__ import annotations

import argparse
import sys

from benchmarks.answering import SCENES, measure
from benchmarks.page_weight import page_weight
from benchmarks.site import measured_site

__all__ = ["main"]

LIMIT_MS = 60.0
LIMIT_BYTES = 60_000
LEAST_ROUNDS = 40


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS, help="learners per measurement")
    parser.add_argument("--warm-up", type=int, default=5, help="learners before measuring begins")
    options = parser.parse_args(arguments)
    rounds = max(LEAST_ROUNDS, options.rounds)
    missed = 0
    with measured_site():
        print(f"The answer that earns a badge ({rounds} learners each, limit {LIMIT_MS:g} ms median):")
        for name, prepare, earned in SCENES:
            found = measure(prepare, earned, rounds=rounds, warm_up=max(1, options.warm_up))
            missed += found.median_wall > LIMIT_MS
            print(f"  {name:16} {found.summary()}  {_verdict(found.median_wall <= LIMIT_MS)}")
        weights = page_weight("inspect")
        total = sum(weights.values())
        missed += total > LIMIT_BYTES
        print(f"Scripts and styles of the unit page (limit {LIMIT_BYTES} bytes, uncompressed):")
        for file, size in weights.items():
            print(f"  {size:6}  {file}")
        print(f"  {total:6}  in all  {_verdict(total <= LIMIT_BYTES)}")
    return 1 if missed else 0


def _verdict(kept: bool) -> str:
    return "kept" if kept else "MISSED"


if __name__ == "__main__":
    sys.exit(main())
