"""Find and define skills and outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

from ..audit import api as audit
from .models import Outcome, Skill, SkillFramework
from .stamp import touch_definitions
from .verbs import advise

__all__ = [
    "OutcomeEntry",
    "OutcomeNotFound",
    "OutcomeRefused",
    "SkillEntry",
    "SkillNotFound",
    "advise",
    "create_outcome",
    "define_framework",
    "define_outcome",
    "define_skill",
    "get_outcome",
    "get_skill",
    "get_skills",
    "list_outcomes",
    "list_skills",
    "outcome_statements",
    "skills_of",
]

LOCAL_FRAMEWORK = "local"
MAX_STATEMENT = 500
MAX_SKILL_NAME = 255


class SkillError(MicrocredError):
    """Base of what this applet refuses."""


class OutcomeNotFound(SkillError):
    """No outcome has this key."""

    code = "outcome_not_found"
    http_status = 404


class SkillNotFound(SkillError):
    """No skill has this key."""

    code = "skill_not_found"
    http_status = 404


class OutcomeRefused(SkillError):
    """The outcome cannot be written as given."""

    code = "outcome_refused"


@dataclass(frozen=True)
class SkillEntry:
    """A skill as other rooms see it."""

    key: str
    name: str
    statement: str
    uri: str
    framework_key: str
    framework_name: str


@dataclass(frozen=True)
class OutcomeEntry:
    """An outcome as other rooms see it."""

    key: str
    statement: str
    skill_key: str
    skill_name: str


def list_outcomes() -> tuple[OutcomeEntry, ...]:
    """Every outcome, by statement."""
    return tuple(map(_outcome, Outcome.objects.select_related("skill").order_by("statement", "key")))


def get_outcome(key: str) -> OutcomeEntry:
    """The outcome with this key; raises :class:`OutcomeNotFound`."""
    row = Outcome.objects.select_related("skill").filter(key=key).first()
    if row is None:
        raise OutcomeNotFound(
            _("There is no outcome “{key}”. Choose one from the catalogue.").format(key=key)
        )
    return _outcome(row)


def outcome_statements(keys: Iterable[str]) -> dict[str, str]:
    """Statements by key; unknown keys are left out."""
    return dict(Outcome.objects.filter(key__in=set(keys)).values_list("key", "statement"))


def list_skills() -> tuple[SkillEntry, ...]:
    """Every skill, by name."""
    return tuple(map(_skill, Skill.objects.select_related("framework").order_by("name", "key")))


def get_skill(key: str) -> SkillEntry:
    """The skill with this key; raises :class:`SkillNotFound`."""
    row = Skill.objects.select_related("framework").filter(key=key).first()
    if row is None:
        raise SkillNotFound(_("There is no skill “{key}”.").format(key=key))
    return _skill(row)


def get_skills(keys: Iterable[str]) -> tuple[SkillEntry, ...]:
    """The skills with these keys, in the order of the keys; raises :class:`SkillNotFound` when one is gone."""
    wanted = list(keys)
    rows = Skill.objects.select_related("framework").filter(key__in=wanted) if wanted else ()
    found = {row.key: _skill(row) for row in rows}
    lost = next((key for key in wanted if key not in found), None)
    if lost is not None:
        raise SkillNotFound(_("There is no skill “{key}”.").format(key=lost))
    return tuple(found[key] for key in wanted)


def skills_of(outcome_keys: Iterable[str]) -> tuple[SkillEntry, ...]:
    """The skills that these outcomes are aligned to, each once."""
    rows = Skill.objects.filter(outcomes__key__in=set(outcome_keys)).select_related("framework").distinct()
    return tuple(map(_skill, rows.order_by("name")))


def define_framework(*, key: str, name: str, url: str = "") -> None:
    """Create or update a framework."""
    SkillFramework.objects.update_or_create(key=key, defaults={"name": name, "url": url})


def define_skill(
    *, key: str, framework_key: str, name: str, statement: str = "", uri: str = ""
) -> SkillEntry:
    """Create or update a skill of a framework."""
    framework = SkillFramework.objects.get(key=framework_key)
    row, _created = Skill.objects.update_or_create(
        key=key, defaults={"framework": framework, "name": name, "statement": statement, "uri": uri}
    )
    return _skill(row)


@transaction.atomic
def define_outcome(*, key: str, statement: str, skill_key: str, now: datetime) -> OutcomeEntry:
    """Create an outcome under a chosen key, or update its words."""
    skill = Skill.objects.get(key=skill_key) if skill_key else None
    row = Outcome.objects.filter(key=key).first() or Outcome(key=key, created_at=now)
    row.statement, row.skill = statement, skill
    row.save()
    touch_definitions()
    return _outcome(row)


@transaction.atomic
def create_outcome(
    *, statement: str, skill_key: str = "", new_skill_name: str = "", actor_id: int | None, now: datetime
) -> OutcomeEntry:
    """Write a new outcome, with a skill from the catalogue or a new one; the key is derived from the words.

    Raises :class:`OutcomeRefused` when the statement is empty, too long or already taken, and
    :class:`SkillNotFound` when the chosen skill is gone.
    """
    statement = " ".join(statement.split())
    if not statement:
        raise OutcomeRefused(_("Write what a learner can do after this unit."))
    if len(statement) > MAX_STATEMENT:
        raise OutcomeRefused(_("Keep the outcome below {limit} characters.").format(limit=MAX_STATEMENT))
    if Outcome.objects.filter(statement__iexact=statement).exists():
        raise OutcomeRefused(_("This outcome exists already. Choose it from the catalogue instead."))
    skill = _chosen_skill(skill_key, new_skill_name)
    key = f"{slugify(statement)[:60].strip('-') or 'outcome'}-{uuid4().hex[:6]}"
    row = Outcome.objects.create(
        key=key, statement=statement, skill=skill, created_by_id=actor_id, created_at=now
    )
    audit.record(
        "outcome.created",
        object_type="outcome",
        object_id=key,
        actor_id=actor_id,
        now=now,
        details={"statement": statement, "skill": skill.key if skill else ""},
    )
    return _outcome(row)


def _chosen_skill(skill_key: str, new_skill_name: str) -> Skill | None:
    new_skill_name = " ".join(new_skill_name.split())
    if skill_key:
        skill = Skill.objects.filter(key=skill_key).first()
        if skill is None:
            raise SkillNotFound(_("There is no skill “{key}”.").format(key=skill_key))
        return skill
    if not new_skill_name:
        return None
    if len(new_skill_name) > MAX_SKILL_NAME:
        raise OutcomeRefused(
            _("Keep the skill's name below {limit} characters.").format(limit=MAX_SKILL_NAME)
        )
    same = Skill.objects.filter(name__iexact=new_skill_name).first()
    if same is not None:
        return same
    framework, _created = SkillFramework.objects.get_or_create(
        key=LOCAL_FRAMEWORK, defaults={"name": _("Skills of this institution")}
    )
    key = f"{slugify(new_skill_name)[:60].strip('-') or 'skill'}-{uuid4().hex[:6]}"
    return Skill.objects.create(key=key, framework=framework, name=new_skill_name)


def _skill(row: Skill) -> SkillEntry:
    return SkillEntry(row.key, row.name, row.statement, row.uri, row.framework.key, row.framework.name)


def _outcome(row: Outcome) -> OutcomeEntry:
    skill = row.skill
    return OutcomeEntry(row.key, row.statement, skill.key if skill else "", skill.name if skill else "")
