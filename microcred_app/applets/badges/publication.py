"""Publishing: a definition is checked as a whole, then becomes an immutable version.

What is checked: names and texts are there and clean, the picture is a safe PNG or SVG with a text
alternative, the achievement type is one the standard knows, the requirement has good form, everything it
mentions exists, and no badge needs itself through others (the circle is named in full).
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.ob3.text import clean_line, clean_text
from microcred_app.ob3.vocabulary import ACHIEVEMENT_TYPES

from ..audit import api as audit
from ..skills.models import Outcome, Skill
from ..skills.stamp import touch_definitions
from .data import BadgeDefinition, PublishedBadge
from .errors import DefinitionRefused
from .images import PictureRefused, keep_picture
from .models import Badge, BadgeVersion, Issuer, RequirementMention
from .version_reader import forget_versions, read_versions

__all__ = ["publish_badge"]

MAX_NAME = 255
MAX_TEXT = 10_000
_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EXTENSION_TYPE = re.compile(r"ext:[A-Za-z0-9_./-]{1,90}")


@transaction.atomic
def publish_badge(definition: BadgeDefinition, *, actor_id: int | None, now: datetime) -> PublishedBadge:
    """Publish a new badge, or the next version of one; raises :class:`DefinitionRefused` with every problem."""
    problems = _text_problems(definition)
    node, problem = _read_requirement(definition)
    if problem:
        problems["requirement"] = problem
    issuer = Issuer.objects.filter(slug=definition.issuer_slug).first()
    if issuer is None:
        problems["issuer"] = _("Choose the organisation that issues this badge.")
    skills = list(Skill.objects.filter(key__in=definition.skill_keys))
    lost = set(definition.skill_keys) - {skill.key for skill in skills}
    if lost:
        problems["skills"] = _("Unknown skills: {keys}.").format(keys=", ".join(sorted(lost)))
    picture = None
    try:
        picture = keep_picture(definition.image)
    except PictureRefused as error:
        problems["image"] = str(error)
    if problems or issuer is None or node is None or picture is None:
        raise DefinitionRefused(problems)
    badge, _created = Badge.objects.select_for_update().get_or_create(
        key=definition.key, defaults={"issuer": issuer, "kind": definition.kind, "created_at": now}
    )
    if badge.kind != definition.kind or badge.issuer_id != issuer.pk:
        raise DefinitionRefused(
            {"kind": _("A badge keeps its kind and its issuer. Make a new badge instead.")}
        )
    version = BadgeVersion.objects.create(
        badge=badge,
        number=badge.versions.count() + 1,
        name=clean_line(definition.name),
        description=clean_text(definition.description),
        achievement_type=definition.achievement_type,
        criteria_intro=clean_text(definition.criteria_intro),
        language=definition.language,
        minutes=definition.minutes,
        image_id=picture.sha256,
        image_alt=clean_line(definition.image_alt),
        requirement=rules.to_json(node),
        published_at=now,
        published_by_id=actor_id,
    )
    version.skills.set(skills)
    RequirementMention.objects.bulk_create(
        RequirementMention(version=version, kind=kind, key=key) for kind, key in sorted(rules.mentions(node))
    )
    badge.current = version
    badge.save(update_fields=["current"])
    forget_versions()
    touch_definitions()
    audit.record(
        "badge.published",
        object_type="badge",
        object_id=badge.key,
        actor_id=actor_id,
        now=now,
        details={"version": version.number, "requirement": version.requirement},
        issuer_slug=issuer.slug,
    )
    return read_versions(BadgeVersion.objects.filter(pk=version.pk))[0]


def _text_problems(definition: BadgeDefinition) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not _KEY.fullmatch(definition.key):
        problems["key"] = _("Use 1 to 100 small letters, digits and hyphens.")
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
    """Which badges the current version of each badge needs."""
    rows = RequirementMention.objects.filter(kind="badge", version__current_of__isnull=False)
    needs: dict[str, set[str]] = {}
    for badge, needed in rows.values_list("version__badge__key", "key"):
        needs.setdefault(badge, set()).add(needed)
    return needs
