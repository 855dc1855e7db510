"""From an approved draft to a version: readiness is asked, reach is confirmed, then it is published.

Everything happens in one transaction. Whatever is missing is told at once and nothing is written.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from .content import definition_of, read_content
from .data import BadgeDefinition, PublishedBadge
from .drafts import OPEN_STATES, Draft, get_draft, settle_draft
from .errors import ConfirmationNeeded, NotReady, TransitionRefused
from .models import BadgeDraft, BadgeVersion
from .publication import publish_badge
from .reach import ReachPreview
from .readiness import REQUIRED, ReadinessItem, readiness_of

__all__ = ["definition_of_draft", "publish_draft", "readiness", "require_readiness"]


def definition_of_draft(draft: Draft) -> BadgeDefinition:
    """What the draft would publish."""
    return definition_of(draft.key, read_content(draft.content))


def readiness(
    draft: Draft, *, now: datetime, preview: ReachPreview | None = None
) -> tuple[ReadinessItem, ...]:
    """The readiness list of a draft."""
    return readiness_of(definition_of_draft(draft), now=now, preview=preview)


def require_readiness(
    definition: BadgeDefinition,
    *,
    confirm_reach: bool,
    now: datetime,
    preview: ReachPreview | None = None,
) -> None:
    """Raise :class:`NotReady` with every required item that is open, or :class:`ConfirmationNeeded`.

    *confirm_reach* is the second yes to a rule that awards everybody or nobody.
    """
    open_items = {
        item.code: item
        for item in readiness_of(definition, now=now, preview=preview)
        if item.level == REQUIRED and not item.satisfied
    }
    reach = open_items.pop("reach", None)
    if open_items:
        raise NotReady({code: f"{item.label}: {item.how_to_mend}" for code, item in open_items.items()})
    if reach is not None and not confirm_reach:
        raise ConfirmationNeeded(reach.how_to_mend)


@transaction.atomic
def publish_draft(
    key: str,
    *,
    revision: int,
    actor_id: int | None,
    now: datetime,
    confirm_reach: bool = False,
    preview: ReachPreview | None = None,
) -> PublishedBadge:
    """Publish this revision of the draft. Raises what :func:`require_readiness` raises, ``EditConflict``,
    :class:`TransitionRefused` when two people are needed and nobody approved, or ``NotAllowed``.
    """
    draft = get_draft(key)
    permissions.require(actor_id, permissions.Action.PUBLISH, str(draft.content.get("issuer") or ""))
    allowed = (BadgeDraft.APPROVED,) if settings().two_person_approval else OPEN_STATES
    if draft.state not in allowed:
        raise TransitionRefused(
            _("The draft “{key}” is “{state}”; it has to be approved first.").format(
                key=key, state=draft.state
            )
            if draft.is_open
            else _("The draft “{key}” is “{state}”; open it again first.").format(key=key, state=draft.state)
        )
    definition = definition_of_draft(draft)
    require_readiness(definition, confirm_reach=confirm_reach, now=now, preview=preview)
    published = publish_badge(definition, actor_id=actor_id, now=now)
    settle_draft(key, revision=revision, version=BadgeVersion.objects.get(pk=published.version_id))
    return published
