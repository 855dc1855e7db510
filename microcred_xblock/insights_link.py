"""Where the course's team reads how learners get on in a unit."""

from __future__ import annotations

from typing import Any

from . import bridge
from .parts import course_key_of

__all__ = ["insights_url"]


def insights_url(block: Any) -> str:
    """The address of the unit's insights; empty where no app keeps any. The page itself asks who may read it."""
    if not bridge.available():
        return ""
    return bridge.insights_address(course_key_of(block), str(block.scope_ids.usage_id))
