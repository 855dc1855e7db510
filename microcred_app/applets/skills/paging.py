"""Skills in slices: a framework may have twenty thousand."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from ..keyset import Slice, slice_after
from .data import SkillEntry, skill_entry
from .models import Skill

__all__ = ["page_skills"]

MAX_WORDS = 6


def page_skills(
    *, framework_key: str = "", text: str = "", after: Sequence[str] | None = None, limit: int = 50
) -> Slice[SkillEntry]:
    """Skills by key, retired ones included; with *text*, those whose name has every word of it."""
    rows = Skill.objects.select_related("framework", "successor")
    if framework_key:
        rows = rows.filter(framework__key=framework_key)
    for word in text.split()[:MAX_WORDS]:
        rows = rows.filter(Q(name__icontains=word) | Q(key__iexact=word))
    found, place = slice_after(rows, ("key",), after, limit=limit, descending=False)
    return Slice(tuple(map(skill_entry, found)), place)
