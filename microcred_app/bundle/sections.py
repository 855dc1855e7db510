"""Sections of a bundle other than badges: how each entry is stored, and read back from the database.

Every section says the same three things: its members, what is stored now (by key, in the plain form of its
entries), and how an entry is written. What differs between the first two is the plan; writing it is applying.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills.models import Outcome, Skill, SkillFramework

from .entries import Member, line, lines, text
from .pictures import PictureFolder

__all__ = ["SECTIONS", "Entry", "Section", "Writing"]

Entry = dict[str, Any]
MAX_STAGES = 100
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,148}")


@dataclass(frozen=True)
class Writing:
    """What writing an entry needs to know."""

    actor_id: int | None
    now: datetime
    pictures: PictureFolder


@dataclass(frozen=True)
class Section:
    """One list of a bundle; ``key`` names the member that tells its entries apart."""

    name: str
    key: str
    members: Mapping[str, Member]
    stored: Callable[[], dict[str, Entry]]
    write: Callable[[Entry, Writing], None]


def _key_member(value: Any) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError(_("A key is 1 to 149 letters, digits, dots, colons, hyphens and underscores."))
    return value


def _address(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500 or not re.fullmatch(r"https?://[^\s<>\"]+", value):
        raise ValueError(_("Write an address that begins with https:// or http://."))
    return value


_KEY_MEMBER = Member(_key_member, required=True)
_ADDRESS = Member(_address)


def _stored_issuers() -> dict[str, Entry]:
    return {
        info.slug: {
            "slug": info.slug,
            "name": info.name,
            "url": info.url,
            "description": info.description,
            "email": info.email,
            "colour": info.colour,
            "image": info.image_sha256,
        }
        for info in badges.list_issuers()
    }


def _write_issuer(entry: Entry, writing: Writing) -> None:
    badges.define_issuer(
        slug=entry["slug"],
        name=entry["name"],
        url=entry["url"],
        description=entry["description"],
        email=entry["email"],
        colour=entry["colour"],
        image=writing.pictures.content(entry["image"]),
        actor_id=writing.actor_id,
    )


def _stored_frameworks() -> dict[str, Entry]:
    rows = SkillFramework.objects.values_list("key", "name", "url")
    return {key: {"key": key, "name": name, "url": url} for key, name, url in rows}


def _write_framework(entry: Entry, writing: Writing) -> None:
    skills.define_framework(key=entry["key"], name=entry["name"], url=entry["url"], actor_id=writing.actor_id)


def _stored_skills() -> dict[str, Entry]:
    names = ("key", "framework", "name", "statement", "uri")
    rows = Skill.objects.values_list("key", "framework__key", "name", "statement", "uri")
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def _write_skill(entry: Entry, writing: Writing) -> None:
    if not SkillFramework.objects.filter(key=entry["framework"]).exists():
        raise ValueError(_("There is no framework “{key}”.").format(key=entry["framework"]))
    skills.define_skill(
        key=entry["key"],
        framework_key=entry["framework"],
        name=entry["name"],
        statement=entry["statement"],
        uri=entry["uri"],
        actor_id=writing.actor_id,
    )


def _stored_outcomes() -> dict[str, Entry]:
    rows = Outcome.objects.values_list("key", "statement", "skill__key")
    return {key: {"key": key, "statement": said, "skill": skill or ""} for key, said, skill in rows}


def _write_outcome(entry: Entry, writing: Writing) -> None:
    if entry["skill"]:
        skills.get_skill(entry["skill"])
    skills.define_outcome(
        key=entry["key"],
        statement=entry["statement"],
        skill_key=entry["skill"],
        now=writing.now,
        actor_id=writing.actor_id,
    )


def _read_stages(value: Any) -> list[Any]:
    """Stages as ``{title, badge}`` or ``{title, outcome}``."""
    if not isinstance(value, list) or len(value) > MAX_STAGES:
        raise ValueError(_("Write a list of up to {limit} stages here.").format(limit=MAX_STAGES))
    for number, stage in enumerate(value, start=1):
        fine = isinstance(stage, dict) and set(stage) in ({"title", "badge"}, {"title", "outcome"})
        if not fine or not all(isinstance(part, str) for part in stage.values()):
            raise ValueError(
                _("Stage {number} has exactly a title and either a badge or an outcome.").format(
                    number=number
                )
            )
    return [{name: stage[name] for name in ("title", "badge", "outcome") if name in stage} for stage in value]


def _stored_pathways() -> dict[str, Entry]:
    return {
        pathway.key: {
            "key": pathway.key,
            "title": pathway.title,
            "description": pathway.description,
            "badge": pathway.badge_key,
            "state": pathway.state,
            "owner": pathway.owner,
            "level": pathway.level,
            "language": pathway.language,
            "occupations": sorted(pathway.occupations),
            "leads_to": sorted(pathway.leads_to),
            "stages": [{"title": title, kind: key} for title, kind, key in pathway.stages],
        }
        for pathway in pathways.pathway_definitions()
    }


def pathway_definition(entry: Entry) -> pathways.PathwayDefinition:
    """The definition that an entry spells."""
    stages = tuple(
        (stage["title"], *next((kind, stage[kind]) for kind in ("badge", "outcome") if kind in stage))
        for stage in entry["stages"]
    )
    return pathways.PathwayDefinition(
        key=entry["key"],
        title=entry["title"],
        badge_key=entry["badge"],
        description=entry["description"],
        stages=stages,
        state=entry["state"],
        owner=entry["owner"],
        occupations=tuple(entry["occupations"]),
        leads_to=tuple(entry["leads_to"]),
        level=entry["level"],
        language=entry["language"],
    )


def _write_pathway(entry: Entry, writing: Writing) -> None:
    pathways.store_pathway(pathway_definition(entry), actor_id=writing.actor_id, now=writing.now)


#: In the order in which they are written: what others name comes first. Badges go between the last two.
SECTIONS: tuple[Section, ...] = (
    Section(
        "issuers",
        "slug",
        {
            "slug": Member(_key_member, required=True),
            "name": line(255, required=True),
            "url": Member(_address, required=True),
            "description": text(5_000),
            "email": line(254),
            "colour": line(7),
            "image": line(500_000),
        },
        _stored_issuers,
        _write_issuer,
    ),
    Section(
        "frameworks",
        "key",
        {"key": _KEY_MEMBER, "name": line(255, required=True), "url": _ADDRESS},
        _stored_frameworks,
        _write_framework,
    ),
    Section(
        "skills",
        "key",
        {
            "key": _KEY_MEMBER,
            "framework": line(100, required=True),
            "name": line(255, required=True),
            "statement": text(5_000),
            "uri": _ADDRESS,
        },
        _stored_skills,
        _write_skill,
    ),
    Section(
        "outcomes",
        "key",
        {"key": _KEY_MEMBER, "statement": line(500, required=True), "skill": line(150)},
        _stored_outcomes,
        _write_outcome,
    ),
    Section(
        "pathways",
        "key",
        {
            "key": _KEY_MEMBER,
            "title": line(255, required=True),
            "description": text(10_000),
            "badge": line(100, required=True),
            "state": line(12, default="published"),
            "owner": line(255),
            "level": line(100),
            "language": line(35, default="en"),
            "occupations": lines(50),
            "leads_to": lines(50),
            "stages": Member(_read_stages, default=[]),
        },
        _stored_pathways,
        _write_pathway,
    ),
)
