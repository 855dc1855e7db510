"""What the audit log is told of badges and their drafts: one entry a decision, under the organisation that answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..audit import api as audit
from .models import Badge, BadgeDraft

__all__ = ["organisation_in", "record_about"]


def record_about(
    action: str,
    about: Badge | BadgeDraft,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write the entry, in the caller's transaction: a decision and its trace stand or fall together."""
    audit.record(
        action,
        object_type="badge",
        object_id=about.key,
        actor_id=actor_id,
        now=now,
        reason=reason,
        details=details,
        issuer_slug=about.issuer.slug if isinstance(about, Badge) else organisation_in(about.content),
    )


def organisation_in(content: Mapping[str, Any]) -> str:
    """The organisation that a draft's content names; empty where it names none yet."""
    return str(content.get("issuer") or "")
