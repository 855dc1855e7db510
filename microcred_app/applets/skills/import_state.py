"""What the database holds of a framework before an import, read in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from .models import Skill, SkillFramework, SkillRelation

__all__ = ["TEXT_FIELDS", "Relation", "StoredSkill", "StoredState", "read_state", "relation"]

TEXT_FIELDS = ("name", "statement", "uri", "level", "level_scheme", "category", "language")
_SYMMETRIC = (SkillRelation.EQUIVALENT, SkillRelation.RELATED)

#: Kind, source key, target key; for kinds without direction the keys in order.
Relation = tuple[str, str, str]


def relation(kind: str, source: str, target: str) -> Relation:
    """The one form of a relation, by which a file and the database are compared."""
    if kind in _SYMMETRIC and target < source:
        return kind, target, source
    return kind, source, target


@dataclass(frozen=True)
class StoredSkill:
    """A skill of the framework as it is."""

    id: int
    key: str
    texts: Mapping[str, str]
    retired_at: datetime | None
    successor: str
    clusters: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class StoredState:
    """Skills by folded key; other frameworks' skills as far as the file touches them."""

    framework: SkillFramework | None
    skills: Mapping[str, StoredSkill]
    imported: Mapping[Relation, int]
    by_hand: frozenset[Relation]
    foreign_keys: Mapping[str, tuple[str, str]]
    foreign_addresses: Mapping[str, tuple[str, str]]


def read_state(framework_key: str, *, keys: Collection[str], addresses: Collection[str]) -> StoredState:
    """Read the framework, and of the others what has one of these (folded) keys or addresses."""
    framework = SkillFramework.objects.filter(key=framework_key).first()
    foreign_keys: dict[str, tuple[str, str]] = {}
    foreign_addresses: dict[str, tuple[str, str]] = {}
    others = Skill.objects.exclude(framework__key=framework_key)
    for key, uri, owner in others.values_list("key", "uri", "framework__key").iterator(2_000):
        if key.casefold() in keys:
            foreign_keys[key.casefold()] = key, owner
        if uri and uri in addresses:
            foreign_addresses[uri] = key, owner
    imported, by_hand = _relations(framework)
    return StoredState(
        framework, _skills(framework), imported, frozenset(by_hand), foreign_keys, foreign_addresses
    )


def _skills(framework: SkillFramework | None) -> dict[str, StoredSkill]:
    if framework is None:
        return {}
    columns = ("id", "key", "retired_at", "successor__key", *TEXT_FIELDS)
    stored: dict[str, StoredSkill] = {}
    by_id: dict[int, StoredSkill] = {}
    for row in Skill.objects.filter(framework=framework).values_list(*columns):
        pk, key, retired_at, successor, *texts = row
        skill = StoredSkill(pk, key, dict(zip(TEXT_FIELDS, texts, strict=True)), retired_at, successor or "")
        stored[key.casefold()] = by_id[pk] = skill
    members = Skill.clusters.through.objects.filter(skill__framework=framework)
    for pk, cluster in members.values_list("skill_id", "skillcluster__key"):
        by_id[pk].clusters.add(cluster)
    return stored


def _relations(framework: SkillFramework | None) -> tuple[dict[Relation, int], set[Relation]]:
    if framework is None:
        return {}, set()
    touching = Q(source__framework=framework) | Q(target__framework=framework)
    rows = SkillRelation.objects.filter(touching)
    imported: dict[Relation, int] = {}
    by_hand: set[Relation] = set()
    for pk, kind, source, target, was_imported in rows.values_list(
        "pk", "kind", "source__key", "target__key", "imported"
    ):
        if was_imported:
            imported[relation(kind, source, target)] = pk
        else:
            by_hand.add(relation(kind, source, target))
    return imported, by_hand
