"""The learner's valid badges as a résumé document, for systems of employers that read LER-RS.

The learner takes it themselves and gives it to whom they like; it holds their name and address for that.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.compat import platform
from microcred_app.ob3.ler_rs import Resume, build_resume

__all__ = ["MAX_BADGES", "my_resume"]

#: The newest that are looked at; whoever holds more takes the zip file of all of them.
MAX_BADGES = 1_000


def my_resume(learner_id: int, *, now: datetime) -> dict[str, Any]:
    """The document; badges that are revoked, suspended, expired or not signed yet are not in it."""
    held = [
        award
        for award in awards.list_awards(learner_id=learner_id, limit=MAX_BADGES)
        if award.reversed_at is None and (award.expires_at is None or award.expires_at > now)
    ]
    signed = issuance.credentials_of_awards(award.id for award in held)
    found = [signed[award.id] for award in held if award.id in signed]
    return build_resume(
        Resume(
            id=f"urn:uuid:{uuid4()}",
            credentials=tuple(json.loads(one.document) for one in found if _holds(one, now)),
            name=platform().learner_name(learner_id),
            email=platform().learner_email(learner_id),
        )
    )


def _holds(one: issuance.IssuedCredential, now: datetime) -> bool:
    ended = one.document_ends is not None and one.document_ends <= now
    return one.revoked_at is None and one.suspended_at is None and not ended
