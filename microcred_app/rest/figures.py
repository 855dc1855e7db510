"""Figures in the text form that Prometheus reads; needs ``prometheus-client``.

Gauges all of them, read from the tables when they are asked for: a process that counted for itself would know only what
it did itself, and forget it when it ends.
"""

from __future__ import annotations

from dataclasses import asdict

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from microcred_app.operation import Figures, quantile

__all__ = ["CONTENT_TYPE", "as_text"]

QUANTILES = (0.5, 0.95, 0.99)


def as_text(figures: Figures) -> bytes:
    """*figures* as one page of text."""
    registry = CollectorRegistry()
    gauge = _Gauges(registry)
    gauge("microcred_healthy", "1 while everything due is being done", float(figures.health.well))
    if figures.health.worker_seen is not None:
        gauge("microcred_worker_seen_seconds", "Since when no worker was seen", figures.health.worker_seen)
    gauge(
        "microcred_clock_skew_seconds",
        "How far this clock is ahead of the database's",
        figures.health.clock_skew,
    )
    for backlog in figures.backlogs:
        lane = {"lane": backlog.lane}
        for state in ("waiting", "due", "for_person", "under_way", "delivered", "dead"):
            gauge(
                "microcred_outbox_rows",
                "Rows of an outbox by state",
                getattr(backlog, state),
                **lane,
                state=state,
            )
        gauge("microcred_outbox_oldest_seconds", "Age of the oldest row to be sent", backlog.oldest, **lane)
    for tries in figures.tries:
        for outcome, number in sorted(tries.outcomes.items()):
            gauge(
                "microcred_recent_tries", "Outcomes of the newest 1,000 tries", number,
                lane=tries.lane, outcome=outcome,
            )  # fmt: skip
        for share in QUANTILES:
            about = {"lane": tries.lane, "quantile": str(share)}
            gauge(
                "microcred_request_seconds",
                "What the newest requests took",
                quantile(tries.took, share),
                **about,
            )
            gauge(
                "microcred_arrival_seconds", "From the cause to the arrival, of the newest",
                quantile(tries.arrived_after, share), **about,
            )  # fmt: skip
    for lane_name, seconds in sorted(figures.health.overdue.items()):
        gauge("microcred_overdue_seconds", "For how long nobody took what is due", seconds, lane=lane_name)
    gauge(
        "microcred_vendor_accounts_alarming",
        "Vendor accounts whose key ends, ended or was refused, or whose template is gone",
        len(figures.health.warnings),
    )
    for place in figures.troubled:
        gauge(
            "microcred_place_failures",
            "Failures in a row of a place",
            place.failures_in_row,
            place=place.target,
        )
    for state, number in asdict(figures.copies).items():
        gauge(
            "microcred_copies",
            "Wallets that are read back, of them those that could not be read, and badges they had lost",
            number,
            state=state,
        )
    gauge("microcred_evaluations_waiting", "Changes that were not evaluated yet", figures.evaluations)
    gauge("microcred_evaluations_failing", "Of them, those that failed", figures.evaluations_failing)
    gauge("microcred_evaluation_oldest_seconds", "Age of the oldest of them", figures.oldest_evaluation)
    return generate_latest(registry)


class _Gauges:
    """Gauges of one answer, made when they are first set."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._made: dict[str, Gauge] = {}

    def __call__(self, name: str, help_text: str, value: float, **labels: str) -> None:
        if name not in self._made:
            self._made[name] = Gauge(name, help_text, tuple(labels), registry=self._registry)
        made = self._made[name]
        (made.labels(**labels) if labels else made).set(value)
