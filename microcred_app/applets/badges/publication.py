"""Publishing: a definition is checked as a whole, then becomes an immutable version.

What is checked: names and texts are there and clean, the picture is a safe PNG or SVG with a text
alternative, the achievement type is one the standard knows, the requirement has good form, everything it
mentions exists, no badge needs itself through others (the circle is named in full), and the terms have one
meaning. A version takes effect at once, or waits for its date (:mod:`.life`).

This is the act alone. Whether a definition is ready, and approved by a second person, is asked before it:
:mod:`.readiness`, :mod:`.drafts`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.ob3.text import clean_line, clean_text
from microcred_app.ob3.vocabulary import ACHIEVEMENT_TYPES
from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..skills.models import Outcome, Skill
from ..skills.stamp import touch_definitions
from .accepted import accepted_problems
from .artwork import alt_text, draw_badge
from .data import BadgeDefinition, PublishedBadge
from .errors import DefinitionRefused
from .images import PictureRefused, check_picture, keep_picture
from .keys import key_problem
from .life import put_in_force
from .models import Badge, BadgeVersion, HolderDuty, Issuer, RequirementMention, ScheduledVersion
from .terms import governance_problems, terms_problems
from .version_reader import forget_versions, read_versions

__all__ = ["definition_problems", "publish_badge", "with_picture"]

MAX_NAME = 255
MAX_TEXT = 10_000
MAX_MINUTES = 1_000_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EXTENSION_TYPE = re.compile(r"ext:[A-Za-z0-9_./-]{1,90}")


@transaction.atomic
def publish_badge(definition: BadgeDefinition, *, actor_id: int | None, now: datetime) -> PublishedBadge:
    """Publish a new badge, or the next version of one; raises :class:`DefinitionRefused` with every problem.

    Raises :class:`~microcred_app.permissions.api.NotAllowed` first.
    """
    permissions.require(actor_id, permissions.Action.PUBLISH, definition.issuer_slug)
    definition = with_picture(definition)
    problems, node = _check(definition, now)
    issuer = Issuer.objects.filter(slug=definition.issuer_slug).first()
    if problems or issuer is None or node is None:
        raise DefinitionRefused(problems)
    badge, _created = Badge.objects.select_for_update().get_or_create(
        key=definition.key, defaults={"issuer": issuer, "kind": definition.kind, "created_at": now}
    )
    version = _write_version(badge, definition, node, actor_id=actor_id, now=now)
    governance = definition.governance
    badge.owner, badge.steward = clean_line(governance.owner), clean_line(governance.steward)
    badge.purpose, badge.review_due = clean_text(governance.purpose), governance.review_due
    badge.save(update_fields=["owner", "steward", "purpose", "review_due"])
    if version.effective_at > now:
        ScheduledVersion.objects.create(version=version, effective_at=version.effective_at)
    else:
        put_in_force(badge, version)
    due_at = definition.terms.holders_due_at(version.effective_at)
    if due_at is not None and version.number > 1:
        HolderDuty.objects.create(version=version, due_at=due_at)
    forget_versions()
    touch_definitions()
    audit.record(
        "badge.published",
        object_type="badge",
        object_id=badge.key,
        actor_id=actor_id,
        now=now,
        details={
            "version": version.number,
            "requirement": version.requirement,
            "effective_at": version.effective_at.isoformat(),
        },
        issuer_slug=issuer.slug,
    )
    return read_versions(BadgeVersion.objects.filter(pk=version.pk))[0]


def definition_problems(definition: BadgeDefinition, *, now: datetime) -> dict[str, str]:
    """Why *definition* could not be published now, by field; writes nothing."""
    return _check(with_picture(definition), now)[0]


def with_picture(definition: BadgeDefinition) -> BadgeDefinition:
    """The definition with a generated picture and text alternative where it has none of its own."""
    if definition.image:
        return definition
    issuer = Issuer.objects.filter(slug=definition.issuer_slug).first()
    name, kind = definition.name, definition.kind
    colour = issuer.colour if issuer else ""
    alt = definition.image_alt.strip()
    language = definition.language if _LANGUAGE.fullmatch(definition.language) else "en"
    return replace(
        definition,
        image=draw_badge(
            key=definition.key, name=name, kind=kind, colour=colour, level=definition.terms.level
        ),
        image_alt=alt
        or alt_text(name=name, issuer=issuer.name if issuer else "", kind=kind, language=language),
    )


def _check(definition: BadgeDefinition, now: datetime) -> tuple[dict[str, str], rules.Node | None]:
    """Every problem by field, and the requirement where it can be read."""
    problems = _text_problems(definition)
    node, problem = _read_requirement(definition)
    if problem:
        problems["requirement"] = problem
    if not Issuer.objects.filter(slug=definition.issuer_slug).exists():
        problems["issuer"] = _("Choose the organisation that issues this badge.")
    known = set(Skill.objects.filter(key__in=definition.skill_keys).values_list("key", flat=True))
    lost = set(definition.skill_keys) - known
    if lost:
        problems["skills"] = _("Unknown skills: {keys}.").format(keys=", ".join(sorted(lost)))
    try:
        check_picture(definition.image)
    except PictureRefused as error:
        problems["image"] = str(error)
    problems |= terms_problems(definition.terms, today=now.date())
    deadline, begins = definition.terms.holders_deadline, definition.effective_at
    if deadline is not None and begins is not None and deadline <= begins.date():
        problems["holders_deadline"] = _(
            "Holders need time after this version takes effect. Choose a later date."
        )
    problems |= governance_problems(definition.governance)
    if not 0 <= definition.minutes <= MAX_MINUTES:
        problems["minutes"] = _("Minutes are a whole number from 0 to {limit}.").format(limit=MAX_MINUTES)
    if "accepts" not in problems:
        problems |= accepted_problems(definition)
    return problems | _identity_problems(definition), node


def _identity_problems(definition: BadgeDefinition) -> dict[str, str]:
    """A badge stays what it is and whose it is, and does not come back from retirement unnoticed."""
    badge = Badge.objects.select_related("issuer").filter(key=definition.key).first()
    if badge is None:
        return {}
    if badge.kind != definition.kind or badge.issuer.slug != definition.issuer_slug:
        return {"kind": _("A badge keeps its kind and its issuer. Make a new badge instead.")}
    if badge.state == Badge.RETIRED:
        return {"key": _("This badge is retired. Reinstate it first, or make a new badge.")}
    return {}


def _write_version(
    badge: Badge, definition: BadgeDefinition, node: rules.Node, *, actor_id: int | None, now: datetime
) -> BadgeVersion:
    terms = definition.terms
    version = BadgeVersion.objects.create(
        badge=badge,
        number=badge.versions.count() + 1,
        name=clean_line(definition.name),
        description=clean_text(definition.description),
        achievement_type=definition.achievement_type,
        criteria_intro=clean_text(definition.criteria_intro),
        language=definition.language,
        minutes=definition.minutes,
        image_id=keep_picture(definition.image).sha256,
        image_alt=clean_line(definition.image_alt),
        requirement=rules.to_json(node),
        published_at=now,
        published_by_id=actor_id,
        effective_at=max(now, definition.effective_at or now),
        credits=terms.credits,
        credit_unit=terms.credit_unit,
        level=clean_line(terms.level),
        expires_on=terms.expires_on,
        expires_after=terms.expires_after,
        cap=terms.cap,
        holders_policy=terms.holders_policy,
        holders_deadline=terms.holders_deadline,
        accepts=list(terms.accepts),
        proof_type=terms.proof_type,
        document_days=terms.document_days,
    )
    version.skills.set(Skill.objects.filter(key__in=definition.skill_keys))
    RequirementMention.objects.bulk_create(
        RequirementMention(version=version, kind=kind, key=key) for kind, key in sorted(rules.mentions(node))
    )
    return version


def _text_problems(definition: BadgeDefinition) -> dict[str, str]:
    problems: dict[str, str] = {}
    if problem := key_problem(definition.key):
        problems["key"] = problem
    if definition.kind not in (Badge.MICRO, Badge.MACRO):
        problems["kind"] = _("Choose micro (one skill) or macro (a stack).")
    for field, value, limit in (
        ("name", definition.name, MAX_NAME),
        ("description", definition.description, MAX_TEXT),
        ("image_alt", definition.image_alt, 500),
    ):
        if not clean_text(value).strip():
            problems[field] = (
                _("Describe the picture for people who do not see it.")
                if field == "image_alt"
                else _("This text is missing.")
            )
        elif len(value) > limit:
            problems[field] = _("Keep this below {limit} characters.").format(limit=limit)
    if len(definition.criteria_intro) > MAX_TEXT:
        problems["criteria_intro"] = _("Keep this below {limit} characters.").format(limit=MAX_TEXT)
    if definition.achievement_type not in ACHIEVEMENT_TYPES and not _EXTENSION_TYPE.fullmatch(
        definition.achievement_type
    ):
        problems["achievement_type"] = _("“{value}” is no achievement type of Open Badges 3.0.").format(
            value=definition.achievement_type
        )
    if not _LANGUAGE.fullmatch(definition.language):
        problems["language"] = _("Use a language code such as en, de or pt-BR.")
    return problems


def _read_requirement(definition: BadgeDefinition) -> tuple[rules.Node | None, str]:
    try:
        node = rules.parse_requirement(definition.requirement)
    except rules.RequirementError as error:
        return None, error.say(_)
    lost = _unknown_keys(node, definition.key)
    if lost:
        return None, _("Nothing is known by these keys: {keys}.").format(keys=", ".join(sorted(lost)))
    circle = rules.find_cycle(_needs() | {definition.key: set(rules.badge_needs(node))}, definition.key)
    if circle:
        return None, _("These badges need one another in a circle: {circle}.").format(
            circle=" → ".join(circle)
        )
    return node, ""


def _unknown_keys(node: rules.Node, own_key: str) -> set[str]:
    """Keys of outcomes, badges and skills in the requirement that nothing here goes by."""
    lost: set[str] = set()
    for kind, model in (("outcome", Outcome), ("badge", Badge), ("credits", Skill)):
        keys = {key for found, key in rules.mentions(node) if found == kind}
        keys -= {own_key} if kind == "badge" else set()
        if keys:
            lost |= keys - set(model.objects.filter(key__in=keys).values_list("key", flat=True))
    return lost


def _needs() -> dict[str, set[str]]:
    """Which badges each badge needs, now or when a version that waits for its date comes into force."""
    rows = RequirementMention.objects.filter(kind="badge").filter(
        Q(version__current_of__isnull=False) | Q(version__scheduled__isnull=False)
    )
    needs: dict[str, set[str]] = {}
    for badge, needed in rows.values_list("version__badge__key", "key"):
        needs.setdefault(badge, set()).add(needed)
    return needs
