"""What one learner must do in a unit, in order: taken from the children this learner may see.

``get_children()`` and never ``children``: the latter lists blocks hidden from the learner (cohorts, staff
only), which would make a unit nobody can finish; loading one of them answers None and crashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xblock.completable import XBlockCompletionMode

__all__ = [
    "CHECK",
    "EVIDENCE",
    "UNIT",
    "Part",
    "Unit",
    "course_key_of",
    "finished_content",
    "part_of",
    "visible",
]

UNIT = "microcred_unit"
CHECK = "microcred_check"
EVIDENCE = "microcred_evidence"
_KINDS = {CHECK: "check", EVIDENCE: "evidence"}


@dataclass(frozen=True)
class Part:
    """One thing to do; ``kind`` is ``check``, ``practice`` (a check that is not graded), ``evidence`` or
    ``content`` (a block that is not ours)."""

    usage_key: str
    kind: str
    title: str


@dataclass(frozen=True)
class Unit:
    """A unit as this learner meets it; after ``closes_at`` the course gives no points for it."""

    usage_key: str
    course_key: str
    outcome_key: str
    title: str
    minutes: int
    parts: tuple[Part, ...]
    closes_at: datetime | None = None

    def part(self, usage_key: str) -> Part | None:
        """The part of that key, if this learner has it."""
        return next((part for part in self.parts if part.usage_key == usage_key), None)


def visible(unit_block: Any) -> list[Any]:
    """The children this learner may see."""
    return [child for child in unit_block.get_children() if child is not None]


def part_of(child: Any) -> Part | None:
    """The part a child is, or None for what can never be completed (a discussion, say)."""
    kind = _KINDS.get(child.scope_ids.block_type, "content")
    if kind == "content" and XBlockCompletionMode.get_mode(child) == XBlockCompletionMode.EXCLUDED:
        return None
    if kind == "check" and getattr(child, "purpose", "") == "practice":
        kind = "practice"
    title = getattr(child, "display_name", "") or ""
    return Part(usage_key=str(child.scope_ids.usage_id), kind=kind, title=str(title))


def course_key_of(block: Any) -> str:
    """The course (or library) a block is in, as text; empty where the runtime has none."""
    usage = block.scope_ids.usage_id
    key = getattr(usage, "context_key", None) or getattr(usage, "course_key", None)
    return str(key) if key is not None else ""


def finished_content(children: list[Any], completion: Any) -> set[str]:
    """The usage keys of the foreign *children* the completion service holds as complete.

    A child that only groups others is complete when everything below it is, as the platform counts it.
    """
    leaves = {
        str(child.scope_ids.usage_id): [
            leaf.scope_ids.usage_id for leaf in completion.get_completable_children(child)
        ]
        for child in children
    }
    wanted = [leaf for keys in leaves.values() for leaf in keys]
    if not wanted:
        return set()
    reached = completion.get_completions(wanted)
    return {
        key for key, below in leaves.items() if below and all(reached.get(leaf, 0.0) >= 1.0 for leaf in below)
    }
