"""Writes a plan, in thousands of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection

from .definitions import cluster_key
from .formats.rows import SkillRow
from .import_plan import Plan
from .import_state import TEXT_FIELDS, StoredSkill
from .models import Skill, SkillCluster, SkillFramework, SkillRelation

__all__ = ["write_plan"]

CHUNK = 1_000
_T = TypeVar("_T")


def write_plan(plan: Plan, framework: SkillFramework, *, now: datetime) -> None:
    """Write everything the plan says; call it inside the transaction that made the plan."""
    _write_skills(plan, framework, now)
    ids = dict(Skill.objects.filter(framework=framework).values_list("key", "pk"))
    if "successor" in plan.fields:
        _write_successors(plan, ids)
    if "clusters" in plan.fields:
        _write_clusters(plan, ids)
    for chunk in _chunks(plan.relations_removed):
        SkillRelation.objects.filter(pk__in=chunk).delete()
    _write_relations(plan, ids)
    for chunk in _chunks(plan.retire_ids):
        Skill.objects.filter(pk__in=chunk).update(retired_at=now)


def _write_skills(plan: Plan, framework: SkillFramework, now: datetime) -> None:
    new = [_new_skill(row, framework, now) for row in plan.new]
    Skill.objects.bulk_create(new, batch_size=CHUNK)
    changed = [_changed_skill(stored, row, framework, plan.fields, now) for stored, row in plan.changed]
    # One statement for a thousand rows; MariaDB knows by itself which unique column is meant, SQLite is told.
    target = ["id"] if connection.features.supports_update_conflicts_with_target else None
    Skill.objects.bulk_create(
        changed,
        batch_size=CHUNK,
        update_conflicts=True,
        update_fields=[*TEXT_FIELDS, "retired_at"],
        unique_fields=target,
    )


def _new_skill(row: SkillRow, framework: SkillFramework, now: datetime) -> Skill:
    texts = {name: getattr(row, name) for name in TEXT_FIELDS}
    return Skill(key=row.key, framework=framework, retired_at=now if row.retired else None, **texts)


def _changed_skill(
    stored: StoredSkill, row: SkillRow, framework: SkillFramework, fields: frozenset[str], now: datetime
) -> Skill:
    texts: dict[str, Any] = {
        name: getattr(row, name) if name in fields else stored.texts[name] for name in TEXT_FIELDS
    }
    retired_at = stored.retired_at
    if "retired" in fields:
        retired_at = (stored.retired_at or now) if row.retired else None
    return Skill(id=stored.id, key=stored.key, framework=framework, retired_at=retired_at, **texts)


def _written(plan: Plan) -> Iterator[tuple[str, SkillRow]]:
    """Every row that was new or changed, by the key it is stored under."""
    yield from ((row.key, row) for row in plan.new)
    yield from ((stored.key, row) for stored, row in plan.changed)


def _write_successors(plan: Plan, ids: dict[str, int]) -> None:
    stored = {known.key: known.successor for known, _row in plan.changed}
    wanted = {key: row.successor for key, row in _written(plan) if row.successor or stored.get(key)}
    outside = {key for key in wanted.values() if key} - ids.keys()
    folded = {key.casefold(): pk for key, pk in ids.items()}
    for chunk in _chunks(sorted(outside)):
        found = Skill.objects.filter(key__in=chunk).values_list("key", "pk")
        folded |= {key.casefold(): pk for key, pk in found}
    rows = [
        Skill(id=ids[key], successor_id=folded.get(successor.casefold())) for key, successor in wanted.items()
    ]
    Skill.objects.bulk_update(rows, ["successor"], batch_size=200)


def _write_clusters(plan: Plan, ids: dict[str, int]) -> None:
    names = {cluster_key(name): name for _key, row in _written(plan) for name in row.clusters}
    SkillCluster.objects.bulk_create(
        [SkillCluster(key=key, name=name) for key, name in sorted(names.items())],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )
    clusters = dict(SkillCluster.objects.values_list("key", "pk"))
    members = Skill.clusters.through
    stale = [stored.id for stored, row in plan.changed if stored.clusters]
    for chunk in _chunks(stale):
        members.objects.filter(skill_id__in=chunk).delete()
    members.objects.bulk_create(
        [
            members(skill_id=ids[key], skillcluster_id=clusters[cluster])
            for key, row in _written(plan)
            for cluster in sorted({cluster_key(name) for name in row.clusters})
        ],
        batch_size=CHUNK,
    )


def _write_relations(plan: Plan, ids: dict[str, int]) -> None:
    ends = {end for _kind, source, target in plan.relations_added for end in (source, target)}
    outside = sorted(ends - ids.keys())
    for chunk in _chunks(outside):
        ids = ids | dict(Skill.objects.filter(key__in=chunk).values_list("key", "pk"))
    rows = []
    for kind, source, target in plan.relations_added:
        pair = ids[source], ids[target]
        if kind in (SkillRelation.EQUIVALENT, SkillRelation.RELATED):
            pair = min(pair), max(pair)
        rows.append(SkillRelation(source_id=pair[0], kind=kind, target_id=pair[1], imported=True))
    SkillRelation.objects.bulk_create(rows, batch_size=CHUNK)


def _chunks(items: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (items[begin : begin + CHUNK] for begin in range(0, len(items), CHUNK))
