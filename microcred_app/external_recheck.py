"""Badges of other issuers that count here are asked about again: an issuer may revoke after the day they were brought.

Each is asked once in ``EXTERNAL_RECHECK_HOURS``, one after another, through the same lookups and the same outbound
guard as every verification. Only a clear "revoked" (or "suspended") takes the fact back; a list that cannot be fetched,
is out of date or is not the issuer's own says nothing, and nothing changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from .applets.attainments import api as attainments
from .applets.audit import api as audit
from .conf import settings
from .ob3.report import FAILED, PASSED
from .ob3.structure import issuer_id
from .verifier import check_revocation

__all__ = ["Rechecked", "recheck_badges", "revocation_subject"]

log = logging.getLogger(__name__)

#: A worker that stops in between leaves the row due again after this.
LEASE = timedelta(minutes=10)
MAX_ENTRIES = 4
MAX_VALUE = 2_000
_ENTRY_FIELDS = ("id", "type", "statusListCredential", "statusListIndex", "statusPurpose", "statusSize")


@dataclass(frozen=True)
class Rechecked:
    """What one round came to."""

    clear: int = 0
    revoked: int = 0
    unclear: int = 0

    @property
    def total(self) -> int:
        """How many were asked about."""
        return self.clear + self.revoked + self.unclear


def revocation_subject(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """What has to be kept of a verified credential to ask later whether it was revoked; None when it cannot be.

    Bounded: names and addresses are cut off nowhere, an entry with something longer is left out.
    """
    status = document.get("credentialStatus")
    entries = status if isinstance(status, list) else [status]
    kept = [
        {name: entry[name] for name in _ENTRY_FIELDS if name in entry}
        for entry in entries
        if isinstance(entry, Mapping)
    ]
    kept = [entry for entry in kept if len(str(entry)) <= MAX_VALUE][:MAX_ENTRIES]
    if not kept:
        return None
    return {
        "id": str(document.get("id", ""))[:MAX_VALUE],
        "issuer": issuer_id(document),
        "credentialStatus": kept,
    }


def recheck_badges(clock: Callable[[], datetime], *, limit: int = 1) -> Rechecked:
    """Ask about up to *limit* badges that are due. Looks up other sites: call it outside a transaction."""
    outcomes = {"clear": 0, "revoked": 0, "unclear": 0}
    for _turn in range(limit):
        now = clock()
        watched = attainments.claim_watched(now, until=now + LEASE)
        if watched is None:
            break
        outcomes[_ask(watched, now)] += 1
    return Rechecked(**outcomes)


def _ask(watched: attainments.WatchedFact, now: datetime) -> str:
    check = check_revocation(watched.subject, now=now)
    again = now + timedelta(hours=settings().external_recheck_hours)
    if check.outcome == PASSED:
        attainments.note_clear(watched.fact_id, now=now, check_at=again)
        return "clear"
    if check.outcome != FAILED:
        log.info("Whether %s was revoked could not be checked: %s", watched.fact_id, check.reason)
        attainments.note_unclear(watched.fact_id, since=watched.unclear_since or now, check_at=again)
        return "unclear"
    _take_back(watched, check.reason, now)
    return "revoked"


@transaction.atomic
def _take_back(watched: attainments.WatchedFact, finding: str, now: datetime) -> None:
    """The fact does not count any more, with its trace; nothing when somebody else took it back meanwhile."""
    reason = (
        _("Its issuer has suspended it.")
        if finding == "status.suspended"
        else _("Its issuer has revoked it.")
    )
    try:
        attainments.take_back(watched.fact_id, actor_id=None, reason=reason, now=now)
    except attainments.FactNotFound:
        return
    audit.record(
        "external.revoked",
        object_type="external",
        object_id=watched.fact_id,
        actor_id=None,
        now=now,
        reason=reason,
        details={
            "learner": watched.learner_id,
            "issuer": watched.subject["issuer"],
            "credential": watched.subject["id"],
        },
    )
