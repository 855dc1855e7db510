"""Back-fills as people ask for them: whoever starts or changes one holds the office for it at that organisation.

:mod:`.batches` carries out; here it is decided who may ask. ``actor_id=None`` is the operator at the command line.
"""

from __future__ import annotations

from datetime import datetime

from microcred_app import rules

from ..badges import api as badges
from ..offices import api as offices
from .batches import cancel_batch, get_batch, list_batches, pause_batch, resume_batch, start_batch
from .data import BatchInfo, Preview
from .preview import preview_requirement
from .undoing import undo_batch

__all__ = [
    "cancel_for",
    "get_for",
    "list_for",
    "pause_for",
    "preview_for",
    "resume_for",
    "start_for",
    "undo_for",
]

#: More than this stands on no list that anybody reads.
MAX_LISTED = 500


def list_for(actor_id: int | None) -> tuple[BatchInfo, ...]:
    """The newest back-fills of the actor's organisations."""
    scope = offices.require_somewhere(actor_id, offices.Action.VIEW_JOBS)
    found = list_batches(limit=MAX_LISTED)
    issuers = _issuers({batch.badge_key for batch in found})
    return tuple(batch for batch in found if scope.covers(issuers.get(batch.badge_key, "")))


def get_for(actor_id: int | None, batch_id: str) -> BatchInfo:
    """One back-fill that the actor may see."""
    return _checked(actor_id, batch_id, offices.Action.VIEW_JOBS)


def start_for(actor_id: int | None, badge_key: str, *, now: datetime) -> BatchInfo:
    """:func:`.batches.start_batch` for somebody who may run jobs of the badge's organisation."""
    badge = badges.current_badge(badge_key)
    offices.require(actor_id, offices.Action.RUN_JOBS, badge.issuer.slug)
    return start_batch(badge_key, actor_id=actor_id, now=now)


def pause_for(actor_id: int | None, batch_id: str, *, now: datetime) -> BatchInfo:
    """:func:`.batches.pause_batch` for somebody who may run this job."""
    batch = _checked(actor_id, batch_id, offices.Action.RUN_JOBS)
    return pause_batch(batch.id, actor_id=actor_id, now=now)


def resume_for(actor_id: int | None, batch_id: str, *, now: datetime) -> BatchInfo:
    """:func:`.batches.resume_batch` for somebody who may run this job."""
    batch = _checked(actor_id, batch_id, offices.Action.RUN_JOBS)
    return resume_batch(batch.id, actor_id=actor_id, now=now)


def cancel_for(actor_id: int | None, batch_id: str, *, now: datetime) -> BatchInfo:
    """:func:`.batches.cancel_batch` for somebody who may run this job."""
    batch = _checked(actor_id, batch_id, offices.Action.RUN_JOBS)
    return cancel_batch(batch.id, actor_id=actor_id, now=now)


def undo_for(actor_id: int, batch_id: str, *, reason: str, now: datetime) -> BatchInfo:
    """:func:`.undoing.undo_batch` for somebody who may run this job and revoke what it granted."""
    batch = _checked(actor_id, batch_id, offices.Action.RUN_JOBS)
    issuer = _issuers({batch.badge_key}).get(batch.badge_key, "")
    offices.require(actor_id, offices.Action.REVOKE_AWARDS, issuer)
    return undo_batch(batch.id, actor_id=actor_id, reason=reason, now=now)


def preview_for(
    actor_id: int | None, badge_key: str, issuer_slug: str, requirement: rules.Node, *, now: datetime
) -> Preview:
    """:func:`.preview.preview_requirement` for somebody who may see this organisation's awards.

    The answer names learners. A badge that exists is asked for at its own organisation, whatever is named.
    """
    issuer = _issuers({badge_key}).get(badge_key, issuer_slug)
    offices.require(actor_id, offices.Action.VIEW_AWARDS, issuer)
    return preview_requirement(badge_key, requirement, now=now)


def _checked(actor_id: int | None, batch_id: str, action: offices.Action) -> BatchInfo:
    batch = get_batch(batch_id)
    offices.require(actor_id, action, _issuers({batch.badge_key}).get(batch.badge_key, ""))
    return batch


def _issuers(keys: set[str]) -> dict[str, str]:
    return {key: badge.issuer.slug for key, badge in badges.latest_badges(keys).items()}
