"""Badges that count as another one: they exist, and none counts as itself.

Kept with the version, so that an award made through an equivalent can be explained years later.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from .data import BadgeDefinition
from .models import Badge, BadgeVersion

__all__ = ["accepted_problems"]


def accepted_problems(definition: BadgeDefinition) -> dict[str, str]:
    """Whether what a definition accepts can be held by anybody."""
    accepted = definition.terms.accepted_badges
    if any(entry.key == definition.key and not entry.number for entry in accepted):
        return {"accepts": _("A badge counts as itself anyway. Name its older versions, as in key@1.")}
    keys = {entry.key for entry in accepted}
    known = set(Badge.objects.filter(key__in=keys).values_list("key", flat=True))
    numbered = {(entry.key, entry.number) for entry in accepted if entry.number}
    versions = set(
        BadgeVersion.objects.filter(badge__key__in=keys).values_list("badge__key", "number")
        if numbered
        else ()
    )
    lost = sorted(keys - known) + sorted(f"{key}@{number}" for key, number in numbered - versions)
    if lost:
        return {"accepts": _("Nothing is known by these keys: {keys}.").format(keys=", ".join(lost))}
    return {}
