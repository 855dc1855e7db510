"""``python -m benchmarks.delivery``: print the measurements, and end with 1 when a limit is missed."""

from __future__ import annotations

import argparse
import sys

from benchmarks.road.site import open_site

from .claiming import measure_claiming
from .far_side import far_side
from .pushing import measure_plain, measure_pushing
from .reading import measure_status_list, measure_verify_page
from .scene import credentials_of, due_rows, wallets_at

__all__ = ["main"]

LATENCY = 0.05
PER_SECOND, CPU_BESIDE_CLIENT, VERIFY_PAGE, STATUS_LIST = 500, 1.2, 50.0, 5.0
WALLETS_EACH = 10


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.delivery", description=__doc__)
    parser.add_argument("--pushes", type=int, default=10_000)
    options = parser.parse_args(arguments)
    kept: list[bool] = []

    def tell(line: str, *, within: bool) -> None:
        kept.append(within)
        print(f"  {line}  {'kept' if within else 'MISSED'}", flush=True)

    with open_site() as kind, far_side(LATENCY) as base_url:
        credentials_of(options.pushes)
        wallets_at(base_url)
        rows = due_rows()
        print(f"{kind}, {rows} pushes of signed credentials, far side {LATENCY * 1000:.0f} ms", flush=True)
        plain = measure_plain(base_url, min(rows, 5_000))
        pushing = measure_pushing(rows)
        beside = pushing.cpu_milliseconds - plain.cpu_milliseconds
        tell(f"pushes, one process, 32 connections: {pushing.per_second:.0f} per second ({PER_SECOND})",
             within=pushing.per_second >= PER_SECOND)  # fmt: skip
        tell(f"CPU per push beside the HTTP client's {plain.cpu_milliseconds:.2f} ms: {beside:.2f} ms "
             f"({CPU_BESIDE_CLIENT})", within=beside <= CPU_BESIDE_CLIENT)  # fmt: skip
        for number in range(WALLETS_EACH - 1):
            wallets_at(f"{base_url}/{number}")
        rows = due_rows()
        tell(f"{rows} due rows claimed by two workers, none twice: {measure_claiming(rows):.0f} per second",
             within=rows >= 100_000)  # fmt: skip
        page = measure_verify_page()
        tell(f"verify page: {page:.1f} ms ({VERIFY_PAGE:.0f})", within=page < VERIFY_PAGE)
        whole, unchanged = measure_status_list()
        tell(f"status list of 131,072: {whole:.2f} ms, unchanged {unchanged:.2f} ms ({STATUS_LIST:.0f})",
             within=whole < STATUS_LIST and unchanged < STATUS_LIST)  # fmt: skip
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
