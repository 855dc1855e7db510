"""Outcomes and skills for the forms in Studio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.applets.skills import api as skills

from .feeding import badges_fed_by

__all__ = [
    "OutcomeInfo",
    "SkillInfo",
    "create_outcome",
    "get_outcome",
    "list_outcomes",
    "list_skills",
    "search_skills",
    "statement_advice",
]

#: More skills than this do not fit the list of a form; the rest is found by searching.
MAX_OFFERED_SKILLS = 200


@dataclass(frozen=True)
class OutcomeInfo:
    """An outcome for a Studio form."""

    key: str
    statement: str
    skill_key: str
    skill_name: str
    badge_names: tuple[str, ...]


@dataclass(frozen=True)
class SkillInfo:
    """A skill for a Studio form."""

    key: str
    name: str
    framework: str


def list_outcomes() -> tuple[OutcomeInfo, ...]:
    """The catalogue for a Studio form, with the badges that each outcome feeds directly."""
    fed: dict[str, list[str]] = {}
    for badge in badges.list_badges():
        for kind, key in rules.mentions(badge.requirement):
            if kind == "outcome":
                fed.setdefault(key, []).append(badge.name)
    return tuple(_outcome(entry, fed.get(entry.key, [])) for entry in skills.list_outcomes())


def get_outcome(key: str) -> OutcomeInfo:
    """One outcome, with every badge it leads to."""
    return _outcome(skills.get_outcome(key), [badge.name for badge in badges_fed_by(key)])


def list_skills() -> tuple[SkillInfo, ...]:
    """Skills for an author to choose from: those in use, then others, never more than fit a form."""
    return tuple(map(_skill, skills.offered_skills(MAX_OFFERED_SKILLS)))


def search_skills(text: str, *, limit: int = 20) -> tuple[SkillInfo, ...]:
    """Skills whose name has these words, for a form that looks while its author types."""
    return tuple(map(_skill, skills.search_skills(text, limit=limit)))


def _skill(entry: skills.SkillEntry) -> SkillInfo:
    return SkillInfo(entry.key, entry.name, entry.framework_name)


def create_outcome(
    *, statement: str, skill_key: str = "", new_skill_name: str = "", actor_id: int | None, now: datetime
) -> OutcomeInfo:
    """Write a new outcome, and a new skill if one is named."""
    entry = skills.create_outcome(
        statement=statement, skill_key=skill_key, new_skill_name=new_skill_name, actor_id=actor_id, now=now
    )
    return _outcome(entry, [])


def statement_advice(statement: str) -> str:
    """A hint on the wording of an outcome, or nothing."""
    return skills.advise(statement)


def _outcome(entry: skills.OutcomeEntry, badge_names: list[str]) -> OutcomeInfo:
    return OutcomeInfo(
        entry.key, entry.statement, entry.skill_key, entry.skill_name, tuple(sorted(badge_names))
    )
