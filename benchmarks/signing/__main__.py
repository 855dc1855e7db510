"""Prints what ours and the peers do per processor second, in turns, with the spread, and ends with 1 on a missed goal.

``python -m benchmarks.signing [OPERATION …] [--rounds N] [--without-orjson]``. Both programs do a short piece of work
in turn, many times over, so that whatever else the machine is doing falls on both alike; what counts is the median
of the ratios of neighbours.
"""

import argparse
import gc
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.signing.peer import Peer

__all__ = ["GOALS", "Goal", "Rates", "compare", "main"]

ROUNDS = 25


@dataclass(frozen=True)
class Goal:
    """One comparison: ours, the peer's operation, how often each in one turn, and the ratio to reach."""

    label: str
    ours: str
    theirs: str
    count: int
    their_count: int
    ratio: float


GOALS = (
    Goal("issue, shape seen", "issue", "issue", 250, 5, 45),
    Goal("issue, batch of one badge", "template", "issue", 500, 5, 90),
    Goal("verify, shape seen", "verify", "verify", 200, 5, 35),
    Goal("verify, seen, badges differ", "verify-mixed", "verify", 200, 5, 25),
    Goal("verify, shape never seen", "verify-unseen", "verify", 8, 5, 1),
    Goal("VC-JWT EdDSA issue", "jwt-issue", "jwt-issue", 400, 120, 3),
    Goal("VC-JWT EdDSA verify", "jwt-verify", "jwt-verify", 300, 120, 2),
    Goal("status change, 131,072", "status", "status", 100, 12, 5),
    Goal("status change, 1,048,576", "status-large", "status-large", 40, 4, 5),
    Goal("1,000 revoked at once", "revoke-many", "revoke-many", 40, 12, 2),
)


@dataclass(frozen=True)
class Rates:
    """What the turns of one comparison gave: operations per processor second of both, and the ratios of neighbours."""

    ours: Sequence[float]
    theirs: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        """The ratio of each pair of neighbours."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def calm(self) -> float:
        """The ratio of what each did in its best tenth of the turns: other load only ever slows a program down."""
        ours, theirs = (statistics.quantiles(rates, n=10)[-1] for rates in (self.ours, self.theirs))
        return ours / theirs

    def row(self) -> str:
        """Return the medians, between which ratios the middle half lies, and the ratio in calm."""
        low, _, high = statistics.quantiles(self.ratios, n=4)
        rates = f"{statistics.median(self.ours):9,.0f} {statistics.median(self.theirs):9,.0f}"
        return f"{rates} {self.ratio:7.1f}  {f'{low:.1f} to {high:.1f}':>15} {self.calm:7.1f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all, print the table, return 1 when a goal is missed."""
    options = _options(arguments)
    if options.without_orjson:
        sys.modules["orjson"] = None  # type: ignore[assignment]  # importing it now fails, as where it is not installed
    from benchmarks.signing.operations import Operations, check_equal, peer_job

    ours = Operations(unseen=8 * options.rounds + 20)
    check_equal(ours)
    peer = Peer(ours.signer, peer_job(ours))
    functions = ours.functions()
    # What this harness keeps for itself (thousands of documents) is not searched for garbage while measuring.
    gc.collect()
    gc.freeze()
    readers = "standard json" if options.without_orjson else "orjson where it is installed"
    print(
        f"Python {platform.python_version()}, {readers}; operations per processor second, {options.rounds} turns"
    )
    print(
        f"{'operation':28} {'ours':>9} {'peer':>9} {'ratio':>7}  {'middle half':>15} {'calm':>7} {'needed':>7}"
    )
    missed = 0
    for goal in GOALS:
        if goal.ours in (options.operations or [goal.ours]):
            rates = compare(goal, functions[goal.ours], peer, options.rounds)
            missed += rates.ratio < goal.ratio
            verdict = "ok" if rates.ratio >= goal.ratio else "MISSED"
            print(f"{goal.label:28} {rates.row()} {goal.ratio:7.1f}  {verdict}", flush=True)
    peer.close()
    return 1 if missed else 0


def compare(goal: Goal, function: Callable[[int], Any], peer: Any, rounds: int) -> Rates:
    """Return the rates of *rounds* turns, measured after warming up; who begins changes from turn to turn."""
    seconds(function, goal.count // 4 + 3)
    peer.seconds(goal.theirs, goal.their_count)
    ours, theirs = [], []
    for turn in range(rounds):
        if turn % 2:
            ours.append(goal.count / seconds(function, goal.count))
        theirs.append(goal.their_count / peer.seconds(goal.theirs, goal.their_count))
        if not turn % 2:
            ours.append(goal.count / seconds(function, goal.count))
    return Rates(ours, theirs)


def seconds(function: Callable[[int], Any], count: int) -> float:
    """Return the processor seconds that *count* calls took."""
    before = time.process_time()
    for number in range(count):
        function(number)
    return time.process_time() - before


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.signing", description=__doc__)
    names = [goal.ours for goal in GOALS]
    parser.add_argument(
        "operations", nargs="*", metavar="OPERATION", help=f"{', '.join(names)} (default: all)"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each comparison")
    parser.add_argument(
        "--without-orjson", action="store_true", help="measure with the standard library alone"
    )
    options = parser.parse_args(arguments)
    strange = set(options.operations) - set(names)
    if strange:
        parser.error(f"there is no operation {', '.join(sorted(strange))}; choose among {', '.join(names)}")
    if options.rounds < 3:
        parser.error("--rounds must be 3 or more: a median of fewer says nothing")
    return options


if __name__ == "__main__":
    sys.exit(main())
