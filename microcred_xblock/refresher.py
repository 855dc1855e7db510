"""Doing a completed unit's checks again: the record, the grade and the badge stay what they are.

A refresher lives in the unit's own state until it is finished or stopped. The checks are put back to the beginning,
with what they held kept aside; when all of them are passed anew, the app records that the outcome was shown again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xblock.fields import Scope

from .parts import CHECK

__all__ = ["begin", "checks_of", "finished_score", "is_offered", "is_on", "note", "overlay", "stop"]


def checks_of(children: list[Any]) -> dict[str, Any]:
    """The quick checks of a unit that can be answered, by usage key."""
    return {
        str(child.scope_ids.usage_id): child
        for child in children
        if child.scope_ids.block_type == CHECK and child.question.answerable
    }


def is_on(unit: Any) -> bool:
    """Whether the learner is in the middle of a refresher."""
    return bool((unit.refresher or {}).get("on"))


def is_offered(unit: Any, children: list[Any], progress: Any, *, recorded: bool) -> bool:
    """Whether there is something to refresh: a completed unit with checks, on a site that keeps records."""
    return recorded and bool(progress.complete) and not is_on(unit) and bool(checks_of(children))


def begin(unit: Any, children: list[Any]) -> str:
    """Put the checks back to their beginning; the usage key of the first."""
    checks = checks_of(children)
    kept = {key: _state(child) for key, child in checks.items()}
    for child in checks.values():
        recorded = child.attempts_before + child.attempts_used
        for field in _state_fields(child):
            field.delete_from(child)
        child.attempts_before = recorded
        child.save()
    unit.refresher = {"on": True, "done": {}, "kept": kept}
    return next(iter(checks))


def note(unit: Any, part_key: str, score: float) -> None:
    """A check was passed in this refresher."""
    now = unit.refresher
    unit.refresher = {**now, "done": {**now["done"], part_key: score}}


def finished_score(unit: Any, children: list[Any]) -> float | None:
    """The mean of the scores once every check was passed again, else None."""
    checks = checks_of(children)
    done = unit.refresher.get("done", {})
    scores = [done[key] for key in checks if key in done]
    return sum(scores) / len(scores) if checks and len(scores) == len(checks) else None


def stop(unit: Any, children: list[Any], *, restore: bool) -> None:
    """End the refresher; with *restore* checks that were not passed again show what they showed before."""
    now = unit.refresher or {}
    unit.refresher = {}
    if not restore:
        return
    for key, child in checks_of(children).items():
        kept = now.get("kept", {}).get(key)
        if kept is None or child.passed:
            continue
        for field in _state_fields(child):
            if field.name in kept:
                field.write_to(child, field.from_json(kept[field.name]))
            else:
                field.delete_from(child)
        child.save()


def overlay(unit: Any, children: list[Any], progress: Any) -> Any:
    """The progress as a refresher shows it: its checks are to do until they are passed again, and only they count."""
    if not is_on(unit):
        return progress
    checks = checks_of(children)
    done = unit.refresher.get("done", {})
    parts = tuple(
        replace(part, state="done" if part.usage_key in done else "todo")
        if part.usage_key in checks
        else part
        for part in progress.parts
    )
    return replace(progress, parts=parts, done=len([key for key in checks if key in done]), total=len(checks))


def _state_fields(child: Any) -> list[Any]:
    return [field for field in child.fields.values() if field.scope == Scope.user_state]


def _state(child: Any) -> dict[str, Any]:
    return {
        field.name: field.to_json(field.read_from(child))
        for field in _state_fields(child)
        if field.is_set_on(child)
    }
