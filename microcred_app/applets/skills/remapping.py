"""What units prove whose outcome this site does not know, and outcomes that are not offered any more.

A course that was imported from another site names outcomes by keys of that site. Its units cannot be changed without
its authors; what they prove here is a registrar's word, and stands in the audit log.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .data import OutcomeEntry
from .errors import OutcomeNotFound, OutcomeRefused
from .models import Outcome, OutcomeAlias
from .outcomes import get_outcome, outcome_entry
from .stamp import touch_definitions

__all__ = [
    "continue_remapping",
    "list_retired_outcomes",
    "proven_outcome",
    "remap_outcome",
    "restore_outcome",
    "retire_outcome",
]

MOST_LISTED = 200


def proven_outcome(key: str) -> Outcome | None:
    """The outcome that a unit proves which names *key*: the one of this key, else the one it was mapped to."""
    found: Outcome | None = Outcome.objects.filter(key=key).first()
    return found or (Outcome.objects.filter(aliases__key=key).first() if key else None)


@transaction.atomic
def remap_outcome(key: str, *, to: str, actor_id: int, now: datetime) -> OutcomeEntry:
    """Units that name *key* prove the outcome *to* from now on, and for everybody who completed them before.

    Raises :class:`OutcomeRefused` for a key that is an outcome here or was mapped before: what was proven is never
    proven as something else afterwards.
    """
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    if not key.strip() or len(key) > 150 or "\x00" in key:
        raise OutcomeRefused(_("These units name no outcome. Their author has to choose one."))
    if Outcome.objects.filter(key=key).exists():
        raise OutcomeRefused(
            _("This site knows the outcome “{key}”. It cannot become another one.").format(key=key)
        )
    row = Outcome.objects.select_for_update().filter(key=to, retired_at=None).first()
    if row is None:
        raise OutcomeNotFound(_("There is no outcome “{key}”. Choose one from the catalogue.").format(key=to))
    alias, made = OutcomeAlias.objects.get_or_create(
        key=key, defaults={"outcome": row, "made_by_id": actor_id, "made_at": now}
    )
    if not made and alias.outcome_id != row.pk:
        raise OutcomeRefused(_("Somebody else has mapped these units meanwhile. Reload the page."))
    if made:
        touch_definitions()
        _record("outcome.remapped", row.key, actor_id, now, details={"from": key})
    return get_outcome(to)


@transaction.atomic
def retire_outcome(key: str, *, actor_id: int, now: datetime) -> None:
    """Do not offer the outcome to authors any more. What was attained, and what asks for it, stays as it is."""
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    if not Outcome.objects.filter(key=key, retired_at=None).update(retired_at=now):
        raise OutcomeNotFound(_("There is no outcome “{key}” in use.").format(key=key))
    touch_definitions()
    _record("outcome.retired", key, actor_id, now)


@transaction.atomic
def restore_outcome(key: str, *, actor_id: int, now: datetime) -> None:
    """Offer a retired outcome again."""
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    if not Outcome.objects.filter(key=key, retired_at__isnull=False).update(retired_at=None):
        raise OutcomeNotFound(_("There is no retired outcome “{key}”.").format(key=key))
    touch_definitions()
    _record("outcome.restored", key, actor_id, now)


def list_retired_outcomes() -> tuple[OutcomeEntry, ...]:
    """Retired outcomes, newest first."""
    rows = Outcome.objects.filter(retired_at__isnull=False).select_related("skill")
    return tuple(map(outcome_entry, rows.order_by("-retired_at", "pk")[:MOST_LISTED]))


def continue_remapping() -> Iterator[OutcomeAlias]:
    """Mappings whose earlier learners were not all looked at."""
    yield from OutcomeAlias.objects.filter(attained_until__isnull=False).order_by("made_at", "pk")


def _record(
    action: str, key: str, actor_id: int, now: datetime, details: dict[str, str] | None = None
) -> None:
    audit.record(
        action,
        object_type="outcome",
        object_id=key,
        actor_id=actor_id,
        now=now,
        details=details or {},
        issuer_slug=permissions.acting_for(actor_id, permissions.Action.MANAGE_SKILLS),
    )
