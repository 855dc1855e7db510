"""Find and define outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.text import slugify
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .data import OutcomeEntry, outcome_entry
from .errors import OutcomeNotFound, OutcomeRefused, SkillNotFound
from .field_form import MAX_NAME
from .models import Outcome, Skill, SkillFramework
from .stamp import touch_definitions

__all__ = [
    "adopt_outcome",
    "create_outcome",
    "define_outcome",
    "get_outcome",
    "known_outcomes",
    "list_outcomes",
    "outcome_statements",
    "outcomes_worded",
    "search_outcomes",
]

LOCAL_FRAMEWORK = "local"
MAX_STATEMENT = 500
MAX_WORDS = 6
MAX_SEARCH = 100
MAX_FOUND = 20
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,149}")


def list_outcomes() -> tuple[OutcomeEntry, ...]:
    """Every outcome, by statement."""
    rows = Outcome.objects.select_related("skill").order_by("statement", "key")
    return tuple(map(outcome_entry, rows))


def search_outcomes(text: str, *, limit: int = MAX_FOUND) -> tuple[OutcomeEntry, ...]:
    """Outcomes that have every word of *text* in their statement, key or skill, best first; at most twenty.

    Without words, those written last: an author who writes a course uses what they wrote a minute ago. The
    limits hold whatever a caller asks: a catalogue of thousands is never read to fill a list.
    """
    text = " ".join(text[:MAX_SEARCH].replace("\x00", " ").split())
    rows = Outcome.objects.select_related("skill").filter(retired_at=None)
    found = max(0, min(limit, MAX_FOUND))
    if not text:
        return tuple(map(outcome_entry, rows.order_by("-created_at", "-pk")[:found]))
    for word in text.split()[:MAX_WORDS]:
        rows = rows.filter(
            Q(statement__icontains=word) | Q(key__icontains=word) | Q(skill__name__icontains=word)
        )
    rank = Case(
        When(Q(key__iexact=text) | Q(statement__iexact=text), then=Value(0)),
        When(statement__istartswith=text, then=Value(1)),
        When(statement__icontains=text, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return tuple(map(outcome_entry, rows.annotate(rank=rank).order_by("rank", "statement", "key")[:found]))


def known_outcomes(keys: Iterable[str]) -> dict[str, OutcomeEntry]:
    """The outcomes of these keys in one query; unknown keys are left out."""
    rows = Outcome.objects.select_related("skill").filter(key__in=set(keys))
    return {row.key: outcome_entry(row) for row in rows}


def outcomes_worded(statement: str) -> tuple[OutcomeEntry, ...]:
    """Outcomes with exactly these words, for a unit whose own outcome has another key here."""
    statement = " ".join(statement.split())
    rows = Outcome.objects.select_related("skill").filter(statement__iexact=statement) if statement else ()
    return tuple(map(outcome_entry, rows[:MAX_FOUND]))


def get_outcome(key: str) -> OutcomeEntry:
    """The outcome with this key; raises :class:`OutcomeNotFound`."""
    row = Outcome.objects.select_related("skill").filter(key=key).first()
    if row is None:
        raise OutcomeNotFound(
            _("There is no outcome “{key}”. Choose one from the catalogue.").format(key=key)
        )
    return outcome_entry(row)


def outcome_statements(keys: Iterable[str]) -> dict[str, str]:
    """Statements by key; unknown keys are left out."""
    return dict(Outcome.objects.filter(key__in=set(keys)).values_list("key", "statement"))


@transaction.atomic
def define_outcome(
    *, key: str, statement: str, skill_key: str, now: datetime, actor_id: int | None = None
) -> OutcomeEntry:
    """Create an outcome under a chosen key, or update its words; raises ``NotAllowed``."""
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    skill = Skill.objects.get(key=skill_key) if skill_key else None
    row = Outcome.objects.filter(key=key).first() or Outcome(key=key, created_at=now)
    row.statement, row.skill = statement, skill
    row.save()
    touch_definitions()
    return outcome_entry(row)


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
        issuer_slug=permissions.acting_for(actor_id, permissions.Action.MANAGE_SKILLS),
    )
    return outcome_entry(row)


@transaction.atomic
def adopt_outcome(*, key: str, statement: str, actor_id: int | None, now: datetime) -> OutcomeEntry:
    """Write an outcome that came with a course from another site, under the key it had there.

    Raises :class:`OutcomeRefused` when the key is no key, the words will not do, or this site has other words
    under the same key: then an author decides, not an import.
    """
    statement = " ".join(statement.split())
    if not _KEY.fullmatch(key):
        raise OutcomeRefused(
            _("“{key}” cannot be the key of an outcome. Write a new outcome instead.").format(key=key[:80])
        )
    if not statement or len(statement) > MAX_STATEMENT:
        raise OutcomeRefused(_("Write what a learner can do after this unit."))
    row = Outcome.objects.select_related("skill").filter(key=key).first()
    if row is not None:
        if row.statement.casefold() != statement.casefold():
            raise OutcomeRefused(
                _(
                    "This site has other words under the key “{key}”. Choose an outcome or write a new one."
                ).format(key=key)
            )
        return outcome_entry(row)
    row = Outcome.objects.create(key=key, statement=statement, created_by_id=actor_id, created_at=now)
    touch_definitions()
    audit.record(
        "outcome.adopted",
        object_type="outcome",
        object_id=key,
        actor_id=actor_id,
        now=now,
        details={"statement": statement},
    )
    return outcome_entry(row)


def _chosen_skill(skill_key: str, new_skill_name: str) -> Skill | None:
    new_skill_name = " ".join(new_skill_name.split())
    if skill_key:
        skill = Skill.objects.filter(key=skill_key).first()
        if skill is None:
            raise SkillNotFound(_("There is no skill “{key}”.").format(key=skill_key))
        return skill
    if not new_skill_name:
        return None
    if len(new_skill_name) > MAX_NAME:
        raise OutcomeRefused(_("Keep the skill's name below {limit} characters.").format(limit=MAX_NAME))
    same = Skill.objects.filter(name__iexact=new_skill_name, retired_at=None).order_by("pk").first()
    if same is not None:
        return same
    framework, _created = SkillFramework.objects.get_or_create(
        key=LOCAL_FRAMEWORK, defaults={"name": _("Skills of this institution")}
    )
    key = f"{slugify(new_skill_name)[:60].strip('-') or 'skill'}-{uuid4().hex[:6]}"
    return Skill.objects.create(key=key, framework=framework, name=new_skill_name)
