"""How skills relate, without circles among broader skills and among requirements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from .cycles import find_way, say_circle
from .data import RelatedSkill, skill_entry
from .errors import RelationRefused, SkillNotFound
from .models import Skill, SkillRelation
from .stamp import touch_definitions

__all__ = ["ORDERED_KINDS", "edges_of", "relate_skills", "related_skills", "skills_below", "unrelate_skills"]

#: Kinds that have a direction and must not run in a circle.
ORDERED_KINDS = (SkillRelation.BROADER, SkillRelation.REQUIRES)
KINDS = tuple(kind for kind, _label in SkillRelation.KINDS)
_FROM_THE_OTHER_END = {SkillRelation.BROADER: "narrower", SkillRelation.REQUIRES: "required_by"}


@transaction.atomic
def relate_skills(source_key: str, kind: str, target_key: str, *, actor_id: int | None = None) -> None:
    """Say that *source* has *target* as its broader skill, requires it, equals it or has to do with it.

    Saying it again changes nothing. Raises :class:`RelationRefused` for an unknown kind, for a skill related to
    itself, and for a circle, which it names in full.
    """
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    # First of all, because it is also a lock: two people who close one circle at two places at once must not
    # both be let through.
    touch_definitions()
    source, target = _pair(source_key, kind, target_key)
    if kind in ORDERED_KINDS:
        way = find_way(edges_of(kind), target_key, source_key)
        if way:
            raise RelationRefused(
                _("This would close a circle of “{kind}”: {circle}.").format(
                    kind=kind, circle=say_circle((source_key, *way))
                )
            )
    SkillRelation.objects.get_or_create(source=source, kind=kind, target=target)


@transaction.atomic
def unrelate_skills(source_key: str, kind: str, target_key: str, *, actor_id: int | None = None) -> None:
    """Take a relation back; it is no error when there is none."""
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    source, target = _pair(source_key, kind, target_key)
    SkillRelation.objects.filter(source=source, kind=kind, target=target).delete()
    touch_definitions()


def related_skills(skill_key: str) -> tuple[RelatedSkill, ...]:
    """Everything one skill has to do with, read from its own end, by kind and name."""
    rows = SkillRelation.objects.filter(Q(source__key=skill_key) | Q(target__key=skill_key)).select_related(
        "source__framework", "source__successor", "target__framework", "target__successor"
    )
    found = [
        RelatedSkill(row.kind, skill_entry(row.target))
        if row.source.key == skill_key
        else RelatedSkill(_FROM_THE_OTHER_END.get(row.kind, row.kind), skill_entry(row.source))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda item: (item.kind, item.skill.name, item.skill.key)))


def skills_below(keys: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each of these skills every skill below it, however deep."""
    children: dict[str, set[str]] = {}
    for source, targets in edges_of(SkillRelation.BROADER).items():
        for target in targets:
            children.setdefault(target, set()).add(source)
    return {key: _below(key, children) for key in keys}


def _below(key: str, children: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        new = children.get(waiting.pop(), set()) - found - {key}
        found |= new
        waiting += new
    return frozenset(found)


def edges_of(kind: str) -> Mapping[str, set[str]]:
    """Every relation of one kind, as targets by source."""
    edges: dict[str, set[str]] = {}
    rows = SkillRelation.objects.filter(kind=kind).values_list("source__key", "target__key")
    for source, target in rows:
        edges.setdefault(source, set()).add(target)
    return edges


def _pair(source_key: str, kind: str, target_key: str) -> tuple[Skill, Skill]:
    if kind not in KINDS:
        raise RelationRefused(_("Choose a kind of relation: {known}.").format(known=", ".join(KINDS)))
    rows = {row.key: row for row in Skill.objects.filter(key__in=(source_key, target_key))}
    for key in (source_key, target_key):
        if key not in rows:
            raise SkillNotFound(_("There is no skill “{key}”.").format(key=key))
    source, target = rows[source_key], rows[target_key]
    if source.pk == target.pk:
        raise RelationRefused(_("A skill cannot be related to itself: {key}.").format(key=source_key))
    if kind not in ORDERED_KINDS and source.pk > target.pk:
        return target, source
    return source, target
