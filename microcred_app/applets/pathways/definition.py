"""What a pathway says, checked as a whole before it is stored.

A pathway points at things that live on their own: badges retire, outcomes are renamed. What it points at has to
exist when it is written; what becomes of it later is shown and never breaks the page (:mod:`.api`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.errors import MicrocredError
from microcred_app.ob3.text import clean_line, clean_text
from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..badges import api as badges
from ..badges.models import Badge
from ..skills.api import outcome_statements
from .models import Pathway, Stage

__all__ = ["PathwayDefinition", "PathwayRefused", "pathway_definitions", "pathway_problems", "store_pathway"]

STATES = (Pathway.DRAFT, Pathway.PUBLISHED, Pathway.RETIRED)
MAX_STAGES = 100
MAX_OCCUPATIONS = 50
MAX_LEADS_TO = 50
MAX_TEXT = 10_000
_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_OCCUPATION = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,19}:\S{1,200}")


class PathwayRefused(MicrocredError):
    """A pathway cannot be stored; ``problems`` maps each field to what is wrong with it."""

    code = "pathway_refused"

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        details = " ".join(f"{field}: {problem}" for field, problem in self.problems.items())
        super().__init__(_("The pathway cannot be stored yet. {details}").format(details=details))


@dataclass(frozen=True)
class PathwayDefinition:
    """A pathway as a registrar writes it.

    ``stages`` are ``(title, "badge" | "outcome", key)`` in order; ``occupations`` are codes with their scheme,
    such as ``ISCO:7231``; ``leads_to`` are keys of pathways that may follow.
    """

    key: str
    title: str
    badge_key: str
    description: str = ""
    stages: tuple[tuple[str, str, str], ...] = ()
    state: str = Pathway.PUBLISHED
    owner: str = ""
    occupations: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    level: str = ""
    language: str = "en"


def pathway_problems(definition: PathwayDefinition) -> dict[str, str]:
    """What is wrong with *definition*, by field; writes nothing."""
    problems = _text_problems(definition)
    if not Badge.objects.filter(key=definition.badge_key).exists():
        problems["badge"] = _("There is no badge “{key}”.").format(key=definition.badge_key[:100])
    stages = _stage_problem(definition.stages)
    if stages:
        problems["stages"] = stages
    lost = set(definition.leads_to) - {definition.key}
    lost -= set(Pathway.objects.filter(key__in=lost).values_list("key", flat=True))
    if lost or definition.key in definition.leads_to or len(definition.leads_to) > MAX_LEADS_TO:
        problems["leads_to"] = _("Name up to {limit} other pathways that exist. Unknown: {keys}.").format(
            limit=MAX_LEADS_TO, keys=", ".join(sorted(lost)) or definition.key
        )
    elif circle := _circle(definition):
        problems["leads_to"] = _("These pathways would lead to one another in a circle: {circle}.").format(
            circle=" → ".join(circle)
        )
    return problems


def _circle(definition: PathwayDefinition) -> tuple[str, ...]:
    """The circle that *definition* would close, from it back to it: whoever follows it would never arrive."""
    if not definition.leads_to:
        return ()
    leads: dict[str, set[str]] = {}
    through = Pathway.leads_to.through.objects.values_list("from_pathway__key", "to_pathway__key")
    for source, target in through:
        leads.setdefault(source, set()).add(target)
    return rules.find_cycle(leads | {definition.key: set(definition.leads_to)}, definition.key)


@transaction.atomic
def store_pathway(definition: PathwayDefinition, *, actor_id: int | None, now: datetime) -> None:
    """Create a pathway or replace what it says; raises :class:`PathwayRefused` with every problem.

    Whoever follows it goes on following it. A pathway belongs to the organisation of its badge. Raises
    :class:`~microcred_app.permissions.api.NotAllowed` unless the actor may edit drafts there and where it belonged
    before, and may publish when it is, or was, more than a draft.
    """
    organisation = _require(definition, actor_id)
    problems = pathway_problems(definition)
    if problems:
        raise PathwayRefused(problems)
    row, created = Pathway.objects.update_or_create(
        key=definition.key,
        defaults={
            "title": clean_line(definition.title),
            "description": clean_text(definition.description),
            "badge": Badge.objects.get(key=definition.badge_key),
            "state": definition.state,
            "owner": clean_line(definition.owner),
            "occupations": list(definition.occupations),
            "level": clean_line(definition.level),
            "language": definition.language,
        },
    )
    row.leads_to.set(Pathway.objects.filter(key__in=definition.leads_to))
    row.stages.all().delete()
    Stage.objects.bulk_create(
        Stage(pathway=row, position=position, title=clean_line(title), kind=kind, key=key)
        for position, (title, kind, key) in enumerate(definition.stages)
    )
    audit.record(
        "pathway.created" if created else "pathway.changed",
        object_type="pathway",
        object_id=definition.key,
        actor_id=actor_id,
        now=now,
        details={"state": definition.state, "badge": definition.badge_key, "stages": len(definition.stages)},
        issuer_slug=organisation,
    )


def _require(definition: PathwayDefinition, actor_id: int | None) -> str:
    """The organisation of the pathway's badge, if there is such a badge; asked for together with the one before."""
    badge = Badge.objects.select_related("issuer").filter(key=definition.badge_key).first()
    stored = Pathway.objects.select_related("badge__issuer").filter(key=definition.key).first()
    organisation = badge.issuer.slug if badge else ""
    states = {definition.state} | ({stored.state} if stored else set())
    for slug in sorted({organisation} | ({stored.badge.issuer.slug} if stored else set())):
        if not slug:
            permissions.require_somewhere(actor_id, permissions.Action.EDIT_DRAFTS)
            continue
        permissions.require(actor_id, permissions.Action.EDIT_DRAFTS, slug)
        if states != {Pathway.DRAFT}:
            permissions.require(actor_id, permissions.Action.PUBLISH, slug)
    return organisation


def pathway_definitions() -> tuple[PathwayDefinition, ...]:
    """Every pathway as it was written, in every state, by key."""
    rows = Pathway.objects.select_related("badge").prefetch_related("stages", "leads_to").order_by("key")
    return tuple(
        PathwayDefinition(
            key=row.key,
            title=row.title,
            badge_key=row.badge.key,
            description=row.description,
            stages=tuple((stage.title, stage.kind, stage.key) for stage in row.stages.all()),
            state=row.state,
            owner=row.owner,
            occupations=tuple(row.occupations),
            leads_to=tuple(sorted(following.key for following in row.leads_to.all())),
            level=row.level,
            language=row.language,
        )
        for row in rows
    )


def _text_problems(definition: PathwayDefinition) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not _KEY.fullmatch(definition.key):
        problems["key"] = _("Use 1 to 100 small letters, digits and hyphens.")
    if not clean_line(definition.title):
        problems["title"] = _("This text is missing.")
    for field, value, limit in (
        ("title", definition.title, 255),
        ("owner", definition.owner, 255),
        ("level", definition.level, 100),
        ("description", definition.description, MAX_TEXT),
    ):
        if len(value) > limit:
            problems[field] = _("Keep this below {limit} characters.").format(limit=limit)
    if definition.state not in STATES:
        problems["state"] = _("Choose one: {values}.").format(values=", ".join(STATES))
    if not _LANGUAGE.fullmatch(definition.language) or len(definition.language) > 35:
        problems["language"] = _("Use a language code such as en, de or pt-BR.")
    codes = definition.occupations
    if len(codes) > MAX_OCCUPATIONS or not all(_OCCUPATION.fullmatch(code) for code in codes):
        problems["occupations"] = _(
            "Write up to {limit} codes with their scheme, such as ISCO:7231 or ESCO:http://data.europa.eu/esco/…"
        ).format(limit=MAX_OCCUPATIONS)
    return problems


def _stage_problem(stages: Sequence[tuple[str, str, str]]) -> str:
    """What is wrong with the stages: each has a title and names a known badge or outcome, each once."""
    if len(stages) > MAX_STAGES:
        return _("A pathway has at most {limit} stages.").format(limit=MAX_STAGES)
    for position, (title, kind, _key) in enumerate(stages, start=1):
        if not clean_line(title) or len(title) > 255 or kind not in ("badge", "outcome"):
            return _("Stage {number} needs a title and a badge or an outcome.").format(number=position)
    named = [(kind, key) for _title, kind, key in stages]
    if len(set(named)) < len(named):
        return _("The same badge or outcome stands in two stages.")
    known = {("outcome", key) for key in outcome_statements(key for kind, key in named if kind == "outcome")}
    known |= {("badge", key) for key in badges.latest_badges(key for kind, key in named if kind == "badge")}
    lost = sorted(key for kind, key in named if (kind, key) not in known)
    if lost:
        return _("Nothing is known by these keys: {keys}.").format(keys=", ".join(lost))
    return ""
