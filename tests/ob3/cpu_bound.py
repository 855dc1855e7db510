"""A bound in seconds of processor time, fair to slow machines and no softer on fast ones.

Processor time does not count waiting, but a slow or shared processor needs more of it for the same work. So a fixed
piece of work of the same kind (JSON, dicts, texts) is timed right before and after, and the bound is stretched by how
much slower than `REFERENCE` it went: never shrunk, and at most fourfold. A machine beyond that fails, and should.
"""

import json
import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["REFERENCE", "run_within"]

# Seconds for `reference_work` on the machine on which the bounds were set (2 cores, Python 3.11, idle).
REFERENCE = 0.0105
MOST = 4.0
_TEXT = json.dumps({"entries": [{f"name {n}": [n, str(n)]} for n in range(300)]})

T = TypeVar("T")


def reference_work() -> float:
    started = time.process_time()
    total = 0
    for _ in range(20):
        value = json.loads(_TEXT)
        for entry in value["entries"]:
            for name, numbers in entry.items():
                total += len(name) + numbers[0]
        json.dumps(value)
    return time.process_time() - started


def run_within(seconds: float, work: Callable[[], T]) -> T:
    """Return what *work* returns; fail when it takes more processor time than *seconds* on the reference machine."""
    before = reference_work()
    started = time.process_time()
    result = work()
    used = time.process_time() - started
    allowance = (
        min(MOST, max(1.0, before / REFERENCE, reference_work() / REFERENCE)) if used > seconds else 1.0
    )
    assert used <= seconds * allowance, (
        f"{used:.2f} s, {seconds * allowance:.2f} s allowed (machine × {allowance:.1f})"
    )
    return result
