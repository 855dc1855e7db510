"""The state of a unit that its form was opened upon: told apart by a fingerprint, compared field by field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .rendering import translator

__all__ = ["FIELDS", "changes", "fingerprint", "merged"]

#: The unit's own fields that the form writes. The order of parts is not among them: orders are merged.
FIELDS = ("display_name", "outcome_key", "estimated_minutes", "layout", "weight")


def fingerprint(block: Any) -> str:
    """The same text for the same values of the unit's fields, whoever asks."""
    values = {name: getattr(block, name) for name in (*FIELDS, "waivers")}
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:32]


def changes(block: Any, original: Mapping[str, Any], mine: Mapping[str, Any]) -> list[dict[str, str]]:
    """What somebody else changed since the form was opened upon *original*, and what *mine* says there.

    ``mine`` of an entry is empty where its author changed nothing: nobody has to choose then.
    """
    _ = translator(block).gettext
    labels = {
        "display_name": _("Title"),
        "outcome_key": _("Outcome"),
        "estimated_minutes": _("Minutes"),
        "layout": _("How learners see it"),
        "weight": _("Points in the gradebook"),
    }
    return [
        {
            "label": labels[name],
            "theirs": _shown(getattr(block, name)),
            "mine": _shown(mine.get(name)) if _differs(mine.get(name), original.get(name)) else "",
        }
        for name in FIELDS
        if _differs(getattr(block, name), original.get(name))
    ]


def merged(block: Any, original: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    """*mine* where its author changed something since *original*, and what the block says now everywhere else."""
    return {
        name: mine.get(name) if _differs(mine.get(name), original.get(name)) else getattr(block, name)
        for name in FIELDS
    }


def _differs(one: object, other: object) -> bool:
    return _shown(one) != _shown(other)


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)[:300]
