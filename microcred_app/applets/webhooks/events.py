"""What an endpoint can be told, and the words it is told in. Pure.

A message says what happened to an award and never to whom: learner and award stand in it under names that this endpoint
alone knows. Whoever needs the person asks the learner, or the learner has agreed to be named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

__all__ = ["PLACES", "AwardFacts", "Event", "award_content", "sample_content"]


class Event(StrEnum):
    """A kind of message."""

    AWARDED = "badge.awarded"
    RENEWED = "badge.renewed"
    EXPIRED = "badge.expired"
    SUSPENDED = "badge.suspended"
    REINSTATED = "badge.reinstated"
    REVOKED = "badge.revoked"
    TEST = "endpoint.test"


#: The order of the messages about one award. An award begins once, as the first of its badge or as a renewal. It may be
#: suspended and reinstated several times: each time takes the next two places.
PLACES: Mapping[Event, int] = {
    Event.AWARDED: 0,
    Event.RENEWED: 0,
    Event.SUSPENDED: 1,
    Event.REINSTATED: 2,
    Event.EXPIRED: 20_000,
    Event.REVOKED: 30_000,
    Event.TEST: 0,
}


@dataclass(frozen=True)
class AwardFacts:
    """What a message says of an award."""

    award_id: str
    learner_id: int
    badge_key: str
    badge_name: str
    badge_kind: str
    version: int
    organisation: str
    awarded_at: datetime
    expires_at: datetime | None


def award_content(
    event: Event, facts: AwardFacts, *, learner: str, award: str, at: datetime
) -> dict[str, Any]:
    """The body of a message about an award; *learner* and *award* are names that the endpoint knows."""
    return {
        "type": event.value,
        "timestamp": at.isoformat(),
        "data": {
            "award": award,
            "learner": learner,
            "organisation": facts.organisation,
            "badge": {
                "key": facts.badge_key,
                "name": facts.badge_name,
                "kind": facts.badge_kind,
                "version": facts.version,
            },
            "awarded_at": facts.awarded_at.isoformat(),
            "expires_at": facts.expires_at.isoformat() if facts.expires_at else None,
        },
    }


def sample_content(organisation: str, *, at: datetime) -> dict[str, Any]:
    """The body of a test event; no award stands behind it."""
    return {"type": Event.TEST.value, "timestamp": at.isoformat(), "data": {"organisation": organisation}}
