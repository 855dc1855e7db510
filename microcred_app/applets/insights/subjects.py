"""What figures are about, and what has to be asked to count each: units, badges, pathways, skills and profiles as they
are defined now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from microcred_app import rules

from ..badges import api as badges
from ..pathways.models import Pathway
from ..skills.models import Outcome, Skill
from .facts import unit_rows
from .models import InsightFigure, JobProfile

__all__ = ["Subject", "UnitShape", "World", "read_world", "subjects_of"]

CHECKED = ("check", "practice")
#: Leaves behind which somebody or something judged what a learner can do.
ASSESSED = ("grade", "signoff", "credits", "external")


@dataclass(frozen=True)
class UnitShape:
    """A unit: its course, outcome, title, and which of its parts check something or ask for evidence."""

    key: str
    course_key: str
    outcome_key: str
    title: str
    checks: tuple[str, ...]
    asks_evidence: bool


@dataclass(frozen=True)
class Subject:
    """One thing to count: the units, outcomes and badges behind it, and what else its figures depend on."""

    kind: str
    key: str
    title: str
    issuer_slug: str = ""
    course_key: str = ""
    units: tuple[UnitShape, ...] = ()
    outcomes: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    pathway: str = ""
    skills: tuple[str, ...] = ()
    assessed: bool = True
    minutes: int = 0
    alike: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[str, ...]:
        """Parts that are checks."""
        return tuple(check for unit in self.units for check in unit.checks)

    @property
    def asks_evidence(self) -> bool:
        """Whether any of its units asks for evidence."""
        return any(unit.asks_evidence for unit in self.units)


@dataclass(frozen=True)
class World:
    """Definitions and units as they are now, read once for all subjects."""

    units: dict[str, UnitShape]
    by_outcome: dict[str, list[UnitShape]]
    current: badges.CurrentBadges
    skill_outcomes: dict[str, set[str]] = field(default_factory=dict)
    skill_badges: dict[str, set[str]] = field(default_factory=dict)
    alike: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def units_of(self, outcomes: tuple[str, ...]) -> tuple[UnitShape, ...]:
        """Units that prove any of these outcomes."""
        return tuple(unit for key in outcomes for unit in self.by_outcome.get(key, ()))

    def outcomes_behind(self, badge_key: str) -> tuple[str, ...]:
        """Outcomes that the badge asks for, itself or through badges that it asks for."""
        found: set[str] = set()
        seen: set[str] = set()
        ahead = [badge_key]
        while ahead:
            badge = self.current.by_key.get(ahead.pop())
            if badge is None or badge.key in seen:
                continue
            seen.add(badge.key)
            for kind, key in rules.mentions(badge.requirement):
                if kind == "outcome":
                    found.add(key)
                elif kind == "badge":
                    ahead.append(key)
        return tuple(sorted(found))


def read_world() -> World:
    """Everything that subjects are made of."""
    units = {
        key: UnitShape(
            key,
            course,
            outcome,
            title,
            tuple(part["usage_key"] for part in parts if part["kind"] in CHECKED),
            any(part["kind"] == "evidence" for part in parts),
        )
        for key, (course, outcome, title, parts) in unit_rows().items()
    }
    by_outcome: dict[str, list[UnitShape]] = defaultdict(list)
    for unit in units.values():
        by_outcome[unit.outcome_key].append(unit)
    skill_outcomes: dict[str, set[str]] = defaultdict(set)
    for outcome, skill in Outcome.objects.filter(skill__isnull=False).values_list("key", "skill__key"):
        skill_outcomes[skill].add(outcome)
    current = badges.current_definitions()
    skill_badges: dict[str, set[str]] = defaultdict(set)
    for badge in current.by_key.values():
        for skill in badge.skill_keys:
            skill_badges[skill].add(badge.key)
    return World(units, by_outcome, current, skill_outcomes, skill_badges, badges.alike_badges())


def subjects_of(world: World) -> list[Subject]:
    """Everything that figures are kept about, in a fixed order."""
    found = [_unit(world, unit) for unit in world.units.values()]
    found += [_badge(world, badge) for badge in world.current.by_key.values()]
    for pathway in Pathway.objects.exclude(state=Pathway.DRAFT).select_related("badge__issuer"):
        stages = list(pathway.stages.values_list("kind", "key"))
        outcomes = {key for kind, key in stages if kind == "outcome"}
        for key in [pathway.badge.key, *(key for kind, key in stages if kind == "badge")]:
            outcomes.update(world.outcomes_behind(key))
        proved = tuple(sorted(outcomes))
        found.append(
            Subject(
                InsightFigure.PATHWAY,
                pathway.key,
                pathway.title,
                issuer_slug=pathway.badge.issuer.slug,
                units=world.units_of(proved),
                outcomes=proved,
                badges=(pathway.badge.key,),
                pathway=pathway.key,
            )
        )
    names = dict(Skill.objects.filter(retired_at=None).values_list("key", "name"))
    for key in sorted({*world.skill_outcomes, *world.skill_badges} & names.keys()):
        found.append(_skills(world, InsightFigure.SKILL, key, names[key], (key,)))
    found += [
        _skills(
            world,
            InsightFigure.PROFILE,
            profile.key,
            profile.title,
            tuple(profile.skill_keys),
            profile.issuer_slug,
        )
        for profile in JobProfile.objects.order_by("key")
    ]
    return found


def _unit(world: World, unit: UnitShape) -> Subject:
    asking = world.current.mentioning([("outcome", unit.outcome_key)])
    return Subject(
        InsightFigure.UNIT,
        unit.key,
        unit.title,
        course_key=unit.course_key,
        units=(unit,),
        outcomes=(unit.outcome_key,),
        badges=tuple(sorted(badge.key for badge in asking)),
    )


def _badge(world: World, badge: badges.PublishedBadge) -> Subject:
    outcomes = world.outcomes_behind(badge.key)
    units = world.units_of(outcomes)
    mentioned = {kind for kind, _key in rules.mentions(badge.requirement)}
    judged = any(unit.checks or unit.asks_evidence for unit in units)
    return Subject(
        InsightFigure.BADGE,
        badge.key,
        badge.name,
        issuer_slug=badge.issuer.slug,
        units=units,
        outcomes=outcomes,
        badges=(badge.key,),
        assessed=judged or bool(mentioned.intersection(ASSESSED)) or (bool(outcomes) and not units),
        minutes=badge.minutes,
        alike=world.alike.get(badge.key, ()),
    )


def _skills(
    world: World, kind: str, key: str, title: str, skills: tuple[str, ...], issuer_slug: str = ""
) -> Subject:
    outcomes = tuple(sorted({one for skill in skills for one in world.skill_outcomes.get(skill, ())}))
    held = tuple(sorted({one for skill in skills for one in world.skill_badges.get(skill, ())}))
    return Subject(
        kind,
        key,
        title,
        issuer_slug=issuer_slug,
        units=world.units_of(outcomes),
        outcomes=outcomes,
        badges=held,
        skills=skills,
    )
