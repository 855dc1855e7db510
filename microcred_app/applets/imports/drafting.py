"""Drafts of badges of this site, begun from what another system says of its own; somebody still has to say how each is
earned, to draw it and to publish it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from ..badges import api as badges
from ..badges.models import Badge, BadgeDraft
from .errors import ImportRefused
from .models import ImportedDefinition

__all__ = ["MOST_DRAFTS", "open_drafts"]

MOST_DRAFTS = 200


def open_drafts(
    rows: Sequence[ImportedDefinition], issuer_slug: str, *, actor_id: int | None, now: datetime
) -> None:
    """A draft for each of these, under a key that nothing has; where it came from stands in its purpose."""
    if len(rows) > MOST_DRAFTS:
        raise ImportRefused(
            _(
                "Drafts can be made of {n} badges at a time. Import without drafts, or split the files."
            ).format(n=MOST_DRAFTS)
        )
    taken = {*Badge.objects.values_list("key", flat=True), *BadgeDraft.objects.values_list("key", flat=True)}
    for row in rows:
        key = _free_key(row.name, taken)
        taken.add(key)
        content = {
            "issuer": issuer_slug,
            "name": row.name,
            "description": row.description[:5_000],
            "criteria_intro": row.criteria[:5_000],
            "purpose": _("Imported from {issuer}: {origin}").format(
                issuer=row.issuer_name or "?", origin=row.origin
            )[:900],
        }
        badges.open_draft(key, content, actor_id=actor_id, now=now)
        row.draft_key = key
        row.save(update_fields=["draft_key"])


def _free_key(name: str, taken: set[str]) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:80].strip("-") or "badge"
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return key
