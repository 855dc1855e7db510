"""Values that leave the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..attainments.api import AttainmentFact
from ..badges.api import PublishedBadge

__all__ = ["AwardInfo"]


@dataclass(frozen=True)
class AwardInfo:
    """One award of the ledger. ``facts`` holds the attainments behind it where they are known already,
    ``batch_id`` names the back-fill that granted it, if one did.
    """

    id: str
    learner_id: int
    badge: PublishedBadge
    awarded_at: datetime
    because: dict[str, Any]
    reversed_at: datetime | None
    reversal_reason: str
    facts: tuple[AttainmentFact, ...] = ()
    batch_id: str = ""
