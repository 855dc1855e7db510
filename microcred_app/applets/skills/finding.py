"""Find skills, without ever reading a whole framework to show a form."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from .data import (
    ClusterEntry,
    FrameworkEntry,
    SkillEntry,
    framework_entry,
    lost_skill,
    skill_entry,
)
from .errors import FrameworkNotFound, SkillNotFound
from .models import Skill, SkillCluster, SkillFramework

__all__ = [
    "clusters_of",
    "count_skills",
    "get_framework",
    "get_skill",
    "get_skills",
    "list_clusters",
    "list_frameworks",
    "list_skills",
    "offered_skills",
    "search_skills",
    "show_skill",
    "show_skills",
    "skill_names",
    "skills_in_cluster",
    "skills_of",
]

MAX_WORDS = 6
MAX_SEARCH = 100
MAX_FOUND = 200


def list_frameworks() -> tuple[FrameworkEntry, ...]:
    """Every framework, by name."""
    return tuple(map(framework_entry, SkillFramework.objects.order_by("name", "key")))


def get_framework(key: str) -> FrameworkEntry:
    """The framework with this key; raises :class:`FrameworkNotFound`."""
    row = SkillFramework.objects.filter(key=key).first()
    if row is None:
        raise FrameworkNotFound(_("There is no skill framework “{key}”.").format(key=key))
    return framework_entry(row)


def list_skills(
    *, framework_key: str = "", limit: int | None = None, offset: int = 0
) -> tuple[SkillEntry, ...]:
    """Skills by name, retired ones included. Without a limit that may be tens of thousands: not for pages."""
    rows = _narrowed(framework_key).order_by("name", "key")
    return tuple(map(skill_entry, rows[offset:] if limit is None else rows[offset : offset + limit]))


def count_skills(*, framework_key: str = "") -> int:
    """How many skills there are, retired ones included."""
    return _narrowed(framework_key).count()


def search_skills(
    text: str, framework: str = "", limit: int = 20, *, category: str = "", cluster: str = ""
) -> tuple[SkillEntry, ...]:
    """At most *limit* skills in use whose name has every word of *text*; names that begin with it come first.

    A whole key or address finds its skill too. Without a text the first by name. Bounded in words and length,
    because anybody who may edit a course can ask.
    """
    text = " ".join(text[:MAX_SEARCH].replace("\x00", "").split())
    rows = _narrowed(framework).filter(retired_at=None)
    if category:
        rows = rows.filter(category=category)
    if cluster:
        rows = rows.filter(clusters__key=cluster)
    if text:
        named = Q()
        for word in text.split()[:MAX_WORDS]:
            named &= Q(name__icontains=word)
        rows = rows.filter(named | Q(key__iexact=text) | Q(uri=text))
    rank = Case(
        When(Q(name__iexact=text) | Q(key__iexact=text), then=Value(0)),
        When(name__istartswith=text, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = rows.annotate(rank=rank).order_by("rank", "name", "key")[: max(0, min(limit, MAX_FOUND))]
    return tuple(map(skill_entry, found))


def offered_skills(limit: int = MAX_FOUND) -> tuple[SkillEntry, ...]:
    """A short list for a form: skills that outcomes or badges use already, then others, by name.

    With more skills than *limit* the form needs :func:`search_skills` for the rest.
    """
    rows = _narrowed("").filter(retired_at=None)
    used = set(Skill.objects.filter(outcomes__isnull=False).values_list("pk", flat=True)[:limit])
    chosen = list(rows.filter(pk__in=used).order_by("name", "key"))
    if len(chosen) < limit:
        chosen += rows.exclude(pk__in=used).order_by("name", "key")[: limit - len(chosen)]
    return tuple(map(skill_entry, sorted(chosen, key=lambda row: (row.name, row.key))))


def get_skill(key: str) -> SkillEntry:
    """The skill with this key; raises :class:`SkillNotFound`."""
    row = _narrowed("").filter(key=key).first()
    if row is None:
        raise SkillNotFound(_("There is no skill “{key}”.").format(key=key))
    return skill_entry(row)


def get_skills(keys: Iterable[str]) -> tuple[SkillEntry, ...]:
    """The skills with these keys, in the order of the keys.

    A skill that somebody deleted is left out: a credential cannot align to what is not there, and a learner's
    badge does not wait for it. Pages show it with :func:`show_skills`.
    """
    return tuple(entry for entry in show_skills(keys) if not entry.is_lost)


def skill_names(keys: Iterable[str]) -> dict[str, str]:
    """Names by key; a skill that is gone is left out, and shown by its key."""
    return dict(Skill.objects.filter(key__in=set(keys)).values_list("key", "name"))


def show_skill(key: str) -> SkillEntry:
    """The skill with this key, or an entry that says that it is lost."""
    return show_skills([key])[0]


def show_skills(keys: Iterable[str]) -> tuple[SkillEntry, ...]:
    """An entry for every key, in the order of the keys; for lost skills one that says so."""
    wanted = list(keys)
    rows = _narrowed("").filter(key__in=wanted) if wanted else ()
    found = {row.key: skill_entry(row) for row in rows}
    return tuple(found.get(key) or lost_skill(key) for key in wanted)


def skills_of(outcome_keys: Iterable[str]) -> tuple[SkillEntry, ...]:
    """The skills that these outcomes are aligned to, each once."""
    rows = _narrowed("").filter(outcomes__key__in=set(outcome_keys)).distinct()
    return tuple(map(skill_entry, rows.order_by("name")))


def list_clusters() -> tuple[ClusterEntry, ...]:
    """Every cluster, by name."""
    return tuple(ClusterEntry(row.key, row.name) for row in SkillCluster.objects.order_by("name", "key"))


def clusters_of(skill_key: str) -> tuple[ClusterEntry, ...]:
    """The clusters of one skill, by name."""
    rows = SkillCluster.objects.filter(skills__key=skill_key).order_by("name", "key")
    return tuple(ClusterEntry(row.key, row.name) for row in rows)


def skills_in_cluster(cluster_key: str) -> tuple[str, ...]:
    """Keys of the skills in a cluster, retired ones included: what was earned with them still counts."""
    rows = Skill.objects.filter(clusters__key=cluster_key).order_by("key")
    return tuple(rows.values_list("key", flat=True))


def _narrowed(framework_key: str) -> QuerySet[Skill]:
    rows = Skill.objects.select_related("framework", "successor")
    return rows.filter(framework__key=framework_key) if framework_key else rows
