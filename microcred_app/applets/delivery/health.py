"""Circuit breaker: a place that does not answer is left alone for a while, and then tried with one push.

::

    open ──(five failures in a row, or Retry-After)──► paused ──(time is up)──► probing ──success──► open
                                                         ▲                        │
                                                         └───────failure, longer──┘

What fails while a place is paused was sent before: a host that restarts loses all requests that were under way, and
that is one failure more and not thirty. Such failures make no pause longer.

Rows of a paused place are not claimed, so they neither use up their tries nor stand in the way of others. The state
is in the database: what one worker found out holds for all of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from microcred_app.conf import settings

from .models import TargetHealth
from .push import Outcome

__all__ = ["HealthBook", "TargetState", "list_targets", "pause_after"]

FAILURES_BEFORE_PAUSE = 5
_LONGEST_PAUSE = 600.0
#: What a place may ask for at most; a row's own Retry-After may be longer.
_LONGEST_WISH = 3600.0
#: Answers that speak of the place and not of what was sent.
_PLACE_AT_FAULT = frozenset({"host_unreachable", "answer_unusable", "host_problem", "too_busy"})


@dataclass(frozen=True)
class TargetState:
    """How one place stands."""

    target: str
    failures_in_row: int = 0
    paused_until: datetime | None = None
    last_code: str = ""

    def paused(self, now: datetime) -> bool:
        """Whether nothing is sent there now."""
        return self.paused_until is not None and self.paused_until > now

    @property
    def probing(self) -> bool:
        """Whether one push at a time is enough until one succeeds."""
        return self.failures_in_row >= FAILURES_BEFORE_PAUSE


def pause_after(failures: int, outcome: Outcome) -> timedelta | None:
    """How long the place is left alone after its *failures*-th failure in a row; None: not at all.

    A place that says when to come back (429 or 503 with Retry-After) is believed at once, up to an hour.
    """
    if outcome.retry_after is not None:
        return timedelta(seconds=min(outcome.retry_after, _LONGEST_WISH))
    if failures < FAILURES_BEFORE_PAUSE:
        return None
    return timedelta(
        seconds=min(
            settings().delivery_first_wait_seconds * 2.0 ** min(failures - FAILURES_BEFORE_PAUSE, 10),
            _LONGEST_PAUSE,
        )
    )


class HealthBook:
    """What one worker knows of the places it sends to; it writes when a state changes and reads when asked."""

    def __init__(self) -> None:
        self._known: dict[str, TargetState] = {}

    def read(self, now: datetime) -> tuple[str, ...]:
        """Read the table; the places that are paused now."""
        rows = TargetHealth.objects.filter(failures_in_row__gt=0) | TargetHealth.objects.filter(
            paused_until__gt=now
        )
        self._known = {row.target: _state(row) for row in rows}
        return tuple(state.target for state in self._known.values() if state.paused(now))

    def of(self, target: str) -> TargetState:
        """What is known of a place; nothing bad, if nothing is."""
        return self._known.get(target, TargetState(target))

    def note(self, target: str, outcomes: Collection[Outcome], *, now: datetime) -> TargetState:
        """Take the outcomes of one place, in the order they came; the state after them."""
        before = self.of(target)
        state = before
        for outcome in outcomes:
            state = _after(state, outcome, now)
        if state != before:
            self._known[target] = state
            TargetHealth.objects.update_or_create(
                target=target,
                defaults={
                    "failures_in_row": state.failures_in_row,
                    "paused_until": state.paused_until,
                    "last_code": state.last_code,
                    "changed_at": now,
                },
            )
        return state


def list_targets() -> tuple[TargetState, ...]:
    """Places that failed lately, the worst first."""
    rows = TargetHealth.objects.filter(failures_in_row__gt=0).order_by("-failures_in_row", "target")
    return tuple(map(_state, rows))


def _after(state: TargetState, outcome: Outcome, now: datetime) -> TargetState:
    if outcome.kind == "retry" and outcome.code in _PLACE_AT_FAULT:
        if state.paused(now) and outcome.retry_after is None:
            return state
        failures = state.failures_in_row + 1
        pause = pause_after(failures, outcome)
        until = state.paused_until
        if pause is not None:
            until = max(now + pause, until or now)
        return TargetState(state.target, failures, until, outcome.code)
    # Any other answer, a refusal too, came from a place that works.
    return TargetState(state.target) if state.failures_in_row or state.paused_until else state


def _state(row: TargetHealth) -> TargetState:
    return TargetState(row.target, row.failures_in_row, row.paused_until, row.last_code)
