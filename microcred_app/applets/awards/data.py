"""Values that leave the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..attainments.api import AttainmentFact
from ..badges.api import PublishedBadge

__all__ = ["AwardInfo", "HandedIn"]


@dataclass(frozen=True)
class HandedIn:
    """What a document says of an attainment: in which unit it was shown, and what was handed in there.

    ``results`` are the judgements of it (``evidence.Judgement`` as plain values).
    """

    id: str
    source_title: str
    evidence: tuple[dict[str, Any], ...]
    results: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class AwardInfo:
    """One award of the ledger.

    ``facts`` holds the attainments behind it where they are known already, ``proofs`` what documents say of them,
    ``batch_id`` names the back-fill that granted it, if one did. ``reversal_cause`` is ``lapsed`` or ``replaced`` where
    no person judged the learner. Since ``suspended_at`` it is suspended, and counts for nothing until that is lifted.
    """

    id: str
    learner_id: int
    badge: PublishedBadge
    awarded_at: datetime
    because: dict[str, Any]
    reversed_at: datetime | None
    reversal_reason: str
    facts: tuple[AttainmentFact, ...] = ()
    proofs: tuple[HandedIn, ...] = ()
    expires_at: datetime | None = None
    batch_id: str = ""
    reversal_cause: str = ""
    suspended_at: datetime | None = None
