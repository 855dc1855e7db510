"""Write frameworks and skills, one at a time; whole frameworks come through :mod:`.importing`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .data import SkillEntry, skill_entry
from .errors import FrameworkNotFound, SkillNotFound, SkillRefused
from .field_form import (
    MAX_LEVEL,
    MAX_NAME,
    MAX_STATEMENT,
    is_address,
    is_key,
    is_language,
    tidy_line,
    tidy_text,
)
from .models import Skill, SkillCluster, SkillFramework
from .stamp import touch_definitions

__all__ = ["cluster_key", "define_framework", "define_skill", "put_in_clusters", "retire_skill"]

CATEGORIES = {value for value, _label in Skill.CATEGORIES}


def define_framework(
    *,
    key: str,
    name: str,
    url: str = "",
    version: str | None = None,
    language: str | None = None,
    actor_id: int | None = None,
) -> None:
    """Create or update a framework; what is ``None`` stays. Raises :class:`SkillRefused`, and ``NotAllowed``."""
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    values = {"name": tidy_line(name), "url": url}
    values |= {"version": tidy_line(version)} if version is not None else {}
    values |= {"language": language} if language is not None else {}
    if not is_key(key) or len(key) > 100:
        raise SkillRefused(_("“{key}” cannot be a framework’s key.").format(key=key[:100]))
    _refuse_values(values)
    if len(values.get("version", "")) > 60:
        raise SkillRefused(_("Keep the version below 60 characters."))
    SkillFramework.objects.update_or_create(key=key, defaults=values)
    touch_definitions()


def define_skill(
    *,
    key: str,
    framework_key: str,
    name: str,
    statement: str = "",
    uri: str = "",
    level: str | None = None,
    level_scheme: str | None = None,
    category: str | None = None,
    language: str | None = None,
    actor_id: int | None = None,
) -> SkillEntry:
    """Create or update a skill of a framework; what is ``None`` stays as it is.

    Raises :class:`FrameworkNotFound`, :class:`SkillRefused` when a value has not the form it must have, and
    ``NotAllowed``.
    """
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    framework = SkillFramework.objects.filter(key=framework_key).first()
    if framework is None:
        raise FrameworkNotFound(_("There is no skill framework “{key}”.").format(key=framework_key))
    values = {"name": tidy_line(name), "statement": tidy_text(statement), "uri": uri.strip()}
    optional = {"level": level, "level_scheme": level_scheme, "category": category, "language": language}
    values |= {field: tidy_line(value) for field, value in optional.items() if value is not None}
    if not is_key(key):
        raise SkillRefused(
            _("“{key}” cannot be a skill’s key: use ASCII letters, digits and . _ : ~ -").format(
                key=key[:150]
            )
        )
    _refuse_values(values)
    row, _created = Skill.objects.update_or_create(key=key, defaults={"framework": framework, **values})
    touch_definitions()
    return skill_entry(row)


@transaction.atomic
def retire_skill(
    key: str, *, successor_key: str = "", actor_id: int | None, now: datetime, reason: str = ""
) -> SkillEntry:
    """Retire a skill: nothing new aligns to it, what mentions it stays, and its successor says where to go.

    Raises :class:`SkillNotFound`, and :class:`SkillRefused` for a successor that leads back to the skill.
    """
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    row = Skill.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise SkillNotFound(_("There is no skill “{key}”.").format(key=key))
    row.successor = _successor(row, successor_key) if successor_key else None
    row.retired_at = row.retired_at or now
    row.save(update_fields=["retired_at", "successor"])
    touch_definitions()
    audit.record(
        "skill.retired",
        object_type="skill",
        object_id=key,
        actor_id=actor_id,
        now=now,
        reason=reason,
        details={"successor": successor_key},
        issuer_slug=permissions.acting_for(actor_id, permissions.Action.MANAGE_SKILLS),
    )
    return skill_entry(row)


def put_in_clusters(skill_key: str, names: Iterable[str]) -> None:
    """Put a skill into exactly these clusters; a cluster that does not exist is made.

    Raises :class:`SkillNotFound`, and :class:`SkillRefused` for a name without letters.
    """
    row = Skill.objects.filter(key=skill_key).first()
    if row is None:
        raise SkillNotFound(_("There is no skill “{key}”.").format(key=skill_key))
    clusters = []
    for name in map(tidy_line, names):
        key = cluster_key(name)
        if not key or len(name) > MAX_NAME:
            raise SkillRefused(_("“{name}” cannot be the name of a cluster.").format(name=name[:60]))
        clusters.append(SkillCluster.objects.get_or_create(key=key, defaults={"name": name})[0])
    row.clusters.set(clusters)


def cluster_key(name: str) -> str:
    """The key of a cluster, derived from its name."""
    return slugify(name, allow_unicode=True)[:100]


def _successor(row: Skill, key: str) -> Skill:
    successor = Skill.objects.filter(key=key).first()
    if successor is None:
        raise SkillNotFound(_("There is no skill “{key}”.").format(key=key))
    step: Skill | None = successor
    seen: set[int] = set()
    while step is not None and step.pk not in seen:
        if step.pk == row.pk:
            raise SkillRefused(_("“{key}” leads back to the skill that is retired.").format(key=key))
        seen.add(step.pk)
        step = step.successor
    return successor


def _refuse_values(values: dict[str, str]) -> None:
    """Raise :class:`SkillRefused` for the first value that has not the form it must have."""
    limits = {"name": MAX_NAME, "statement": MAX_STATEMENT, "level": MAX_LEVEL, "level_scheme": MAX_LEVEL}
    for field, limit in limits.items():
        if len(values.get(field, "")) > limit:
            raise SkillRefused(_("Keep {field} below {limit} characters.").format(field=field, limit=limit))
    if not values["name"]:
        raise SkillRefused(_("A name is missing."))
    for field in ("uri", "url"):
        if values.get(field) and not is_address(values[field]):
            raise SkillRefused(
                _("“{address}” is no http or https address.").format(address=values[field][:100])
            )
    if values.get("language") and not is_language(values["language"]):
        raise SkillRefused(_("Use a language code such as en, de or pt-BR."))
    if values.get("category") and values["category"] not in CATEGORIES:
        raise SkillRefused(_("Choose a category: {known}.").format(known=", ".join(sorted(CATEGORIES))))
