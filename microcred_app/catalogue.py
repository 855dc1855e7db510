"""A catalogue file: issuer, skills, outcomes, badges and pathways in one JSON document, read into the rooms.

Reading the same file again changes nothing; a badge whose definition differs from its current version gets
the next version. Everything is read in one transaction: a mistake anywhere leaves the database as it was and
is reported with the entry it stands in. Pictures are files beside the catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from . import rules
from .applets.badges import api as badges
from .applets.pathways import api as pathways
from .applets.skills import api as skills
from .errors import MicrocredError

__all__ = ["CatalogueError", "CatalogueSummary", "read_catalogue"]


class CatalogueError(MicrocredError):
    """The file cannot be read; the text names the entry and what is wrong with it."""

    code = "catalogue_refused"


@dataclass(frozen=True)
class CatalogueSummary:
    """What reading a catalogue led to."""

    outcomes: int
    badges_published: tuple[str, ...]
    badges_unchanged: tuple[str, ...]
    pathways: int


def read_catalogue(path: Path, *, actor_id: int | None, now: datetime) -> CatalogueSummary:
    """Read the file at *path* into the database; raises :class:`CatalogueError`."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    if not isinstance(data, dict):
        raise CatalogueError(f"{path.name}: expected an object with issuer, skills, outcomes and badges.")
    folder = path.parent.resolve()
    published: list[str] = []
    unchanged: list[str] = []

    def read_badge(entry: dict[str, Any]) -> None:
        definition = _definition(entry, data["issuer"]["slug"], folder)
        if _is_current(definition):
            unchanged.append(definition.key)
        else:
            badges.publish_badge(definition, actor_id=actor_id, now=now)
            published.append(definition.key)

    with transaction.atomic():
        _each({"issuer": [data.get("issuer")]}, "issuer", lambda entry: _define_issuer(entry, folder))
        _each(data, "frameworks", _define_framework)
        _each(data, "skills", _define_skill)
        _each(data, "outcomes", lambda entry: _define_outcome(entry, now))
        _each(data, "badges", read_badge)
        _each(data, "pathways", _define_pathway)
    return CatalogueSummary(
        outcomes=len(data.get("outcomes", [])),
        badges_published=tuple(published),
        badges_unchanged=tuple(unchanged),
        pathways=len(data.get("pathways", [])),
    )


def _each(data: dict[str, Any], section: str, read: Callable[[dict[str, Any]], None]) -> None:
    """Read every entry of a section; whatever is wrong is told with the entry's place."""
    for position, entry in enumerate(data.get(section, [])):
        place = f"{section}[{position}]"
        try:
            read(entry)
        except KeyError as error:
            raise CatalogueError(f"{place}: {error} is missing or names nothing.") from error
        except (TypeError, AttributeError, ValueError) as error:
            raise CatalogueError(f"{place}: has the wrong shape ({error}).") from error
        except ObjectDoesNotExist as error:
            raise CatalogueError(f"{place}: names something that does not exist ({error}).") from error
        except (MicrocredError, OSError) as error:
            raise CatalogueError(f"{place}: {error}") from error


def _define_issuer(entry: dict[str, Any], folder: Path) -> None:
    badges.define_issuer(
        slug=entry["slug"],
        name=entry["name"],
        url=entry["url"],
        description=entry.get("description", ""),
        email=entry.get("email", ""),
        image=_picture(folder, entry.get("image", "")),
    )


def _define_framework(entry: dict[str, Any]) -> None:
    skills.define_framework(key=entry["key"], name=entry["name"], url=entry.get("url", ""))


def _define_skill(entry: dict[str, Any]) -> None:
    skills.define_skill(
        key=entry["key"],
        framework_key=entry["framework"],
        name=entry["name"],
        statement=entry.get("statement", ""),
        uri=entry.get("uri", ""),
    )


def _define_outcome(entry: dict[str, Any], now: datetime) -> None:
    skills.define_outcome(
        key=entry["key"], statement=entry["statement"], skill_key=entry.get("skill", ""), now=now
    )


def _picture(folder: Path, name: str) -> bytes:
    """The bytes of a picture beside the catalogue; a path that leads elsewhere is refused."""
    if not name:
        return b""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise CatalogueError(f"The picture {name} lies outside the catalogue's folder.")
    return path.read_bytes()


def _definition(entry: dict[str, Any], issuer_slug: str, folder: Path) -> badges.BadgeDefinition:
    return badges.BadgeDefinition(
        key=entry["key"],
        kind=entry["kind"],
        issuer_slug=issuer_slug,
        name=entry["name"],
        description=entry["description"],
        achievement_type=entry["achievement_type"],
        image=_picture(folder, entry["image"]),
        image_alt=entry.get("image_alt", ""),
        requirement=entry["requirement"],
        skill_keys=tuple(entry.get("skills", [])),
        criteria_intro=entry.get("criteria_intro", ""),
        language=entry.get("language", "en"),
        minutes=int(entry.get("minutes", 0)),
    )


def _is_current(definition: badges.BadgeDefinition) -> bool:
    """Whether the badge's current version says exactly this."""
    try:
        current = badges.current_badge(definition.key)
        requirement = rules.parse_requirement(definition.requirement)
    except (badges.BadgeNotFound, rules.RequirementError):
        return False
    picture = badges.get_picture(current.image_sha256)
    as_published = badges.BadgeDefinition(
        key=current.key,
        kind=current.kind,
        issuer_slug=current.issuer.slug,
        name=current.name,
        description=current.description,
        achievement_type=current.achievement_type,
        image=picture.content if picture else b"",
        image_alt=current.image_alt,
        requirement=current.requirement,
        skill_keys=current.skill_keys,
        criteria_intro=current.criteria_intro,
        language=current.language,
        minutes=current.minutes,
    )
    wanted = replace(definition, requirement=requirement, skill_keys=tuple(sorted(definition.skill_keys)))
    return wanted == as_published


def _define_pathway(entry: dict[str, Any]) -> None:
    stages = [
        (stage["title"], "badge" if "badge" in stage else "outcome", stage.get("badge") or stage["outcome"])
        for stage in entry.get("stages", [])
    ]
    pathways.define_pathway(
        key=entry["key"],
        title=entry["title"],
        description=entry.get("description", ""),
        badge_key=entry["badge"],
        stages=stages,
    )
