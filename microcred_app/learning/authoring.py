"""Outcomes, skills and unsaved forms for Studio: found as one types, never a whole catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from microcred_app import rules
from microcred_app.applets.audit import api as audit
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.badges import api as badges
from microcred_app.applets.skills import api as skills
from microcred_app.conf import settings

from .feeding import badges_fed_by

__all__ = [
    "FormDraftInfo",
    "OutcomeInfo",
    "SkillInfo",
    "adopt_outcome",
    "create_outcome",
    "drop_form_draft",
    "get_outcome",
    "guide_address",
    "insights_address",
    "keep_form_draft",
    "outcomes_worded",
    "outline_address",
    "read_form_draft",
    "register_unit",
    "search_outcomes",
    "search_skills",
    "statement_advice",
    "waive_transcript",
]

FormDraftInfo = authoring.FormDraftInfo


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


def get_outcome(key: str) -> OutcomeInfo:
    """One outcome, with every badge it leads to."""
    return _outcome(skills.get_outcome(key), [badge.name for badge in badges_fed_by(key)])


def search_outcomes(text: str, *, limit: int = 20) -> tuple[OutcomeInfo, ...]:
    """Outcomes with these words in statement, key or skill, with the badges that each feeds directly."""
    return _with_badges(skills.search_outcomes(text, limit=limit))


def outcomes_worded(statement: str) -> tuple[OutcomeInfo, ...]:
    """Outcomes with exactly these words: what a unit from another site most likely means."""
    return _with_badges(skills.outcomes_worded(statement))


def _with_badges(entries: Iterable[skills.OutcomeEntry]) -> tuple[OutcomeInfo, ...]:
    found = tuple(entries)
    keys = {entry.key for entry in found}
    fed: dict[str, set[str]] = {}
    for badge in badges.badges_mentioning(("outcome", key) for key in keys) if keys else ():
        for kind, key in rules.mentions(badge.requirement):
            if kind == "outcome" and key in keys:
                fed.setdefault(key, set()).add(badge.name)
    return tuple(_outcome(entry, list(fed.get(entry.key, ()))) for entry in found)


def adopt_outcome(*, key: str, statement: str, actor_id: int | None, now: datetime) -> OutcomeInfo:
    """Write the outcome of a unit that came from another site, under the key it has there."""
    entry = skills.adopt_outcome(key=key, statement=statement, actor_id=actor_id, now=now)
    return _outcome(entry, [badge.name for badge in badges_fed_by(key)])


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


def keep_form_draft(
    author_id: int, usage_key: str, values: Mapping[str, Any], *, base: str, now: datetime
) -> FormDraftInfo:
    """Keep what an author has typed and not saved."""
    return authoring.keep_draft(author_id, usage_key, values, base=base, now=now)


def read_form_draft(author_id: int, usage_key: str, *, now: datetime) -> FormDraftInfo | None:
    """What this author typed into this block's form and did not save."""
    return authoring.read_draft(author_id, usage_key, now=now)


def drop_form_draft(author_id: int, usage_key: str) -> None:
    """Forget it."""
    authoring.drop_draft(author_id, usage_key)


def register_unit(
    *, usage_key: str, course_key: str, outcome_key: str, title: str, minutes: int, now: datetime
) -> None:
    """Say that a unit proves an outcome, as its author has just saved it."""
    authoring.register_source(
        authoring.SourceInfo(usage_key, course_key, outcome_key, title, minutes), now=now
    )


def waive_transcript(*, usage_key: str, reason: str, actor_id: int | None, now: datetime) -> None:
    """Record why a video has no transcript: whoever decided that stands in the audit log."""
    audit.record(
        "unit.transcript_waived",
        object_type="block",
        object_id=usage_key,
        actor_id=actor_id,
        now=now,
        reason=reason,
    )


def guide_address() -> str:
    """Studio's short guide for authors; empty where Studio does not serve it."""
    try:
        return reverse("microcred_studio:guide")
    except NoReverseMatch:
        return ""


def outline_address(course_key: str) -> str:
    """Studio's page that makes units of a whole course; empty where Studio does not serve it."""
    try:
        return reverse("microcred_studio:outline", args=[course_key])
    except NoReverseMatch:
        return ""


def insights_address(course_key: str, unit_usage_key: str) -> str:
    """The LMS's page of figures about a unit. Studio is another process, which need not know the LMS's addresses."""
    page = reverse("insights-unit", urlconf="microcred_app.urls")
    return f"{settings().public_base_url}{page}?{urlencode({'course': course_key, 'unit': unit_usage_key})}"


def _outcome(entry: skills.OutcomeEntry, badge_names: list[str]) -> OutcomeInfo:
    return OutcomeInfo(
        entry.key, entry.statement, entry.skill_key, entry.skill_name, tuple(sorted(badge_names))
    )
