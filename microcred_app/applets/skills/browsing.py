"""Look through whole frameworks, retired skills included, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from .data import OutcomeEntry, SkillEntry, outcome_entry, skill_entry
from .models import Outcome, Skill, SkillFramework

__all__ = ["SkillFilter", "browse_skills", "count_browsed", "count_in_frameworks", "outcomes_of_skill"]

MAX_WORDS = 6
MAX_SEARCH = 100


@dataclass(frozen=True)
class SkillFilter:
    """What to look for; what is empty narrows nothing. ``state`` is ``in_use`` or ``retired``."""

    text: str = ""
    framework_key: str = ""
    state: str = ""


def browse_skills(wanted: SkillFilter, *, limit: int, offset: int = 0) -> tuple[SkillEntry, ...]:
    """A page of skills by name."""
    rows = _rows(wanted).select_related("framework", "successor").order_by("name", "key")
    return tuple(map(skill_entry, rows[offset : offset + limit]))


def count_browsed(wanted: SkillFilter) -> int:
    """How many there are."""
    return _rows(wanted).count()


def count_in_frameworks() -> dict[str, tuple[int, int]]:
    """For each framework its skills in use, and its retired ones."""
    retired = Count("skills", filter=Q(skills__retired_at__isnull=False))
    rows = SkillFramework.objects.annotate(all_of_them=Count("skills"), retired=retired)
    counted = rows.values_list("key", "all_of_them", "retired")
    return {key: (everything - gone, gone) for key, everything, gone in counted}


def outcomes_of_skill(skill_key: str) -> tuple[OutcomeEntry, ...]:
    """The outcomes that are aligned to a skill, by statement."""
    rows = Outcome.objects.select_related("skill").filter(skill__key=skill_key)
    return tuple(map(outcome_entry, rows.order_by("statement", "key")))


def _rows(wanted: SkillFilter) -> QuerySet[Skill]:
    rows = Skill.objects.all()
    if wanted.framework_key:
        rows = rows.filter(framework__key=wanted.framework_key)
    if wanted.state in ("in_use", "retired"):
        rows = rows.filter(retired_at__isnull=wanted.state == "in_use")
    text = " ".join(wanted.text[:MAX_SEARCH].replace("\x00", "").split())
    if text:
        named = Q()
        for word in text.split()[:MAX_WORDS]:
            named &= Q(name__icontains=word)
        rows = rows.filter(named | Q(key__iexact=text) | Q(uri=text))
    return rows
