"""Values that leave the skills room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .models import Outcome, Skill, SkillFramework

__all__ = [
    "ClusterEntry",
    "FrameworkEntry",
    "OutcomeEntry",
    "RelatedSkill",
    "SkillEntry",
    "framework_entry",
    "lost_skill",
    "outcome_entry",
    "skill_entry",
]


@dataclass(frozen=True)
class FrameworkEntry:
    """A framework as other rooms see it."""

    key: str
    name: str
    url: str
    version: str
    language: str
    source: str
    imported_at: datetime | None


@dataclass(frozen=True)
class SkillEntry:
    """A skill as other rooms see it. ``is_lost`` marks one that badges mention and the table has no more."""

    key: str
    name: str
    statement: str
    uri: str
    framework_key: str
    framework_name: str
    level: str = ""
    level_scheme: str = ""
    category: str = ""
    language: str = ""
    retired_at: datetime | None = None
    successor_key: str = ""
    is_lost: bool = False


@dataclass(frozen=True)
class ClusterEntry:
    """A cluster as other rooms see it."""

    key: str
    name: str


@dataclass(frozen=True)
class RelatedSkill:
    """A skill beside another: *kind* reads from the asked skill to this one.

    Besides the four stored kinds there are the two that they are called from the other end: ``narrower`` and
    ``required_by``.
    """

    kind: str
    skill: SkillEntry


@dataclass(frozen=True)
class OutcomeEntry:
    """An outcome as other rooms see it."""

    key: str
    statement: str
    skill_key: str
    skill_name: str


def framework_entry(row: SkillFramework) -> FrameworkEntry:
    """A framework row as a value."""
    return FrameworkEntry(row.key, row.name, row.url, row.version, row.language, row.source, row.imported_at)


def skill_entry(row: Skill) -> SkillEntry:
    """A skill row, read with its framework and its successor, as a value."""
    return SkillEntry(
        key=row.key,
        name=row.name,
        statement=row.statement,
        uri=row.uri,
        framework_key=row.framework.key,
        framework_name=row.framework.name,
        level=row.level,
        level_scheme=row.level_scheme,
        category=row.category,
        language=row.language or row.framework.language,
        retired_at=row.retired_at,
        successor_key=row.successor.key if row.successor else "",
    )


def lost_skill(key: str) -> SkillEntry:
    """What to show where a skill was mentioned that is not there any more."""
    return SkillEntry(
        key=key, name=key, statement="", uri="", framework_key="", framework_name="", is_lost=True
    )


def outcome_entry(row: Outcome) -> OutcomeEntry:
    """An outcome row, read with its skill, as a value."""
    skill = row.skill
    return OutcomeEntry(row.key, row.statement, skill.key if skill else "", skill.name if skill else "")
