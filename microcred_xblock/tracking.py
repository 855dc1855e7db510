"""Tells the platform's tracking log what learners do, one line for each thing that happened.

Names are dotted, lower case, past tense; ``docs/reference/events.rst`` lists them with their fields. Nothing that was
typed is in them. The platform adds who and when, and drops events of staff who look through a learner's eyes.
"""

from __future__ import annotations

from typing import Any

__all__ = ["EVENTS", "tell"]

EVENTS = {
    "unit.viewed": ("unit", "course", "outcome", "done", "total", "complete"),
    "step.opened": ("unit", "step", "kind"),
    "step.completed": ("unit", "step", "kind", "score", "done", "total"),
    "unit.completed": ("unit", "course", "outcome", "score", "late"),
    "refresher.started": ("unit", "outcome"),
    "refresher.completed": ("unit", "outcome", "score"),
    "refresher.stopped": ("unit", "outcome"),
}


def tell(block: Any, name: str, **fields: Any) -> None:
    """Publish one event; a missing or unknown field is a mistake of ours and raises ``ValueError``."""
    if set(fields) != set(EVENTS[name]):
        raise ValueError(f"{name} takes {', '.join(EVENTS[name])}.")
    block.runtime.publish(block, f"microcred.{name}", fields)
