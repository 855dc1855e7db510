"""A site at work for a while: does its memory stay flat, and is nothing left lying? ``python -m tests.chaos.soak``.

Redis, three Celery workers and five moody hosts; learners come all the time, and strangers look. The memory of every
process of ours is noted; the first third is for warming up. When nobody comes any more everything that waits
has to be done within two minutes. Prints its figures, and ends with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.chaos.test_deliveries_survive import REPOSITORY, Site

WORKERS = ("worker1", "worker2", "worker3")
EVERY = 5.0
DRAIN = 120.0
#: What a process may grow by after warming up, from the first quarter of the rest to the last: the larger of the two.
GROWTH, GROWTH_MB = 0.05, 6.0


def main(arguments: list[str] | None = None) -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=3.0, help="learners per second at most")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="microcred-soak-") as folder:
        site = Site(Path(folder))
        try:
            return _soak(site, options.minutes * 60, options.rate)
        finally:
            for name in list(site.running):
                site.kill(name)


def _soak(site: Site, seconds: float, rate: float) -> int:
    _people(site, "prepare", str(site.port))
    for name in ("redis", "hosts", *WORKERS, "cron"):
        site.start(name)
    log = (site.folder / "people.out").open("wb")
    people = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.feeding", "feed", str(seconds), str(rate)],
        cwd=REPOSITORY, env=site.with_broker, stdout=subprocess.PIPE, stderr=log,
    )  # fmt: skip
    ours = {name: site.running[name].pid for name in WORKERS} | {"people": people.pid}
    memory: dict[str, list[float]] = {name: [] for name in ours}
    try:
        while people.poll() is None:
            time.sleep(EVERY)
            for name, pid in ours.items():
                size = _megabytes(pid)
                if size:
                    memory[name].append(size)
    finally:
        people.kill()
    assert people.stdout is not None
    said = people.stdout.read().splitlines()
    if not said:
        print((site.folder / "people.out").read_text()[-3_000:])
        print("The people's process failed.  MISSED")
        return 1
    done = json.loads(said[-1])
    left, drained_in = _drain(site)
    kept = [_tell(f"people: {done['learners']} learners, {done['pages']} looked at, {done['taken_back']} taken back",
                  done["learners"] > 0 and done["pages"] == done["learners"])]  # fmt: skip
    kept += [_judge(name, sizes) for name, sizes in memory.items()]
    alive = all(site.running[name].poll() is None for name in WORKERS)
    kept.append(_tell("every worker is still the process that it was", alive))
    kept.append(
        _tell(
            f"left after {drained_in:.0f} s: {left['left']} deliveries, {left['markers']} evaluations; "
            f"deliveries {left['deliveries']}; health {'well' if left['well'] else 'ILL'}",
            not left["left"] and not left["markers"] and left["well"],
        )
    )
    return 0 if all(kept) else 1


def _drain(site: Site) -> tuple[dict[str, Any], float]:
    begun = time.monotonic()
    while True:
        left = json.loads(_people(site, "report"))
        waited = time.monotonic() - begun
        if (not left["left"] and not left["markers"]) or waited > DRAIN:
            return left, waited
        time.sleep(2.0)


def _judge(name: str, sizes: list[float]) -> bool:
    rest = sizes[len(sizes) // 3 :]
    quarter = max(1, len(rest) // 4)
    if len(rest) < 4:
        return _tell(f"{name}: too short to judge", within=False)
    before, after = median(rest[:quarter]), median(rest[-quarter:])
    limit = max(before * GROWTH, GROWTH_MB)
    return _tell(
        f"{name}: {before:.0f} MB after warming up, {after:.0f} MB at the end, at most {max(sizes):.0f} MB",
        after - before <= limit,
    )


def _tell(line: str, within: bool) -> bool:
    print(f"  {line}  {'kept' if within else 'MISSED'}", flush=True)
    return within


def _people(site: Site, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.feeding", *arguments],
        cwd=REPOSITORY, env=site.with_broker, stdout=subprocess.PIPE, timeout=300, check=True,
    )  # fmt: skip
    return done.stdout.decode().strip().splitlines()[-1] if done.stdout.strip() else ""


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


if __name__ == "__main__":
    sys.exit(main())
