"""Prints how many operations per processor second ours and the peers do, in turns, and whether goals are met."""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.signing.operations import LIST_URL, NOW, Operations, check_equal
from benchmarks.signing.peer import Peer

ROUNDS = 9


@dataclass(frozen=True)
class Goal:
    """One comparison: ours, the peer's operation, how often per round, and the ratio to reach."""

    label: str
    ours: str
    theirs: str
    count: int
    their_count: int
    ratio: float


GOALS = (
    Goal("issue, shape seen", "issue", "issue", 600, 20, 45),
    Goal("issue, batch of one badge", "template", "issue", 1_000, 20, 90),
    Goal("verify, shape seen", "verify", "verify", 600, 20, 35),
    Goal("verify, shape never seen", "verify-unseen", "verify", 20, 20, 1),
    Goal("VC-JWT EdDSA issue", "jwt-issue", "jwt-issue", 600, 300, 3),
    Goal("VC-JWT EdDSA verify", "jwt-verify", "jwt-verify", 600, 300, 2),
    Goal("status change published", "status", "status", 100, 30, 5),
)


def main() -> int:
    """Measure all, print the table, return 1 when a goal is missed."""
    ours = Operations(unseen=400)
    check_equal(ours)
    date = NOW.isoformat().replace("+00:00", "Z")
    peer = Peer(ours.signer, ours.credentials, date, LIST_URL, ours.revoked)
    functions = ours.functions()
    # What this harness keeps for itself (thousands of documents) is not searched for garbage while measuring.
    gc.collect()
    gc.freeze()
    print(f"{'operation':28} {'ours/s':>9} {'peer/s':>9} {'ratio':>7} {'needed':>7}")
    missed = 0
    chosen = sys.argv[1:] or [goal.ours for goal in GOALS]
    for goal in (goal for goal in GOALS if goal.ours in chosen):
        rate, their_rate, ratio = compare(goal, functions[goal.ours], peer)
        missed += ratio < goal.ratio
        verdict = "ok" if ratio >= goal.ratio else "MISSED"
        print(f"{goal.label:28} {rate:9,.0f} {their_rate:9,.0f} {ratio:7.1f} {goal.ratio:7.1f}  {verdict}")
    peer.close()
    return 1 if missed else 0


def compare(goal: Goal, function: Callable[[int], Any], peer: Peer) -> tuple[float, float, float]:
    """Return the median rates and the median of the ratios of pairs, measured in turns after warming up."""
    seconds(function, goal.count // 4 + 3)
    peer.seconds(goal.theirs, goal.their_count)
    pairs = []
    for _ in range(ROUNDS):
        their_rate = goal.their_count / peer.seconds(goal.theirs, goal.their_count)
        pairs.append((goal.count / seconds(function, goal.count), their_rate))
    rates, their_rates = zip(*pairs, strict=True)
    ratio = statistics.median(rate / their_rate for rate, their_rate in pairs)
    return statistics.median(rates), statistics.median(their_rates), ratio


def seconds(function: Callable[[int], Any], count: int) -> float:
    """Return the processor seconds that *count* calls took."""
    before = time.process_time()
    for number in range(count):
        function(number)
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
