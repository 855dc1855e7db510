"""Back-fills and previews as one person may see them; who may start and change them is asked in :mod:`.batches`.

``actor_id=None`` is the operator at the command line.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.permissions import api as permissions

from ..badges import api as badges
from .batches import get_batch, list_batches, start_batch
from .data import BatchInfo, PreviewInfo
from .errors import BatchRefused
from .preview_runs import preview_as_of_now
from .reach import require_confirmed_reach

__all__ = ["get_for", "list_for", "preview_for", "start_for"]

#: More than this stands on no list that anybody reads.
MAX_LISTED = 500


def list_for(actor_id: int | None) -> tuple[BatchInfo, ...]:
    """The newest back-fills of the actor's organisations."""
    scope = permissions.require_somewhere(actor_id, permissions.Action.VIEW_JOBS)
    found = list_batches(limit=MAX_LISTED)
    issuers = _issuers({batch.badge_key for batch in found})
    return tuple(batch for batch in found if scope.covers(issuers.get(batch.badge_key, "")))


def get_for(actor_id: int | None, batch_id: str) -> BatchInfo:
    """One back-fill that the actor may see."""
    return _checked(actor_id, batch_id, permissions.Action.VIEW_JOBS)


def preview_for(
    actor_id: int | None, badge_key: str, issuer_slug: str, requirement: rules.Node, *, now: datetime
) -> PreviewInfo:
    """:func:`.preview_runs.preview_as_of_now` for somebody who may see this organisation's awards.

    The answer names learners. A badge that exists is asked for at its own organisation, whatever is named.
    """
    issuer = _issuers({badge_key}).get(badge_key, issuer_slug)
    permissions.require(actor_id, permissions.Action.VIEW_AWARDS, issuer)
    return preview_as_of_now(badge_key, requirement, actor_id=actor_id, now=now)


def start_for(actor_id: int | None, badge_key: str, *, confirmed: bool, now: datetime) -> BatchInfo:
    """:func:`.batches.start_batch`, asked twice when it would award everybody, or nobody.

    Raises ``ConfirmationNeeded`` unless *confirmed* says that exactly this is meant.
    """
    badge = badges.current_badge(badge_key)
    permissions.require(actor_id, permissions.Action.RUN_JOBS, badge.issuer.slug)
    if not confirmed:
        seen = preview_as_of_now(badge_key, badge.requirement, actor_id=actor_id, now=now)
        if seen.preview is None:
            raise BatchRefused(
                _(
                    "Whom this concerns is still being computed ({percent} %). Ask again in a moment, or confirm that "
                    "the back-fill is to run whatever comes out."
                ).format(percent=seen.percent)
            )
        require_confirmed_reach(seen.preview, confirmed=False)
    return start_batch(badge_key, actor_id=actor_id, now=now)


def _checked(actor_id: int | None, batch_id: str, action: permissions.Action) -> BatchInfo:
    batch = get_batch(batch_id)
    permissions.require(actor_id, action, _issuers({batch.badge_key}).get(batch.badge_key, ""))
    return batch


def _issuers(keys: set[str]) -> dict[str, str]:
    return {key: badge.issuer.slug for key, badge in badges.latest_badges(keys).items()}
