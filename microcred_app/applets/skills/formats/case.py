"""1EdTech CASE (Competencies and Academic Standards Exchange) 1.0 and 1.1: a CFPackage as JSON.

``CFItems`` are skills, ``isChildOf`` associations are their broader skills, ``precedes`` is a requirement the
other way round, ``isRelatedTo`` and ``exactMatchOf`` are what they say. Associations to the document itself say
that an item stands at the top; associations to items of other packages are counted and left out. CASE 1.1 differs
in what it adds (``extensions``, ``caseVersion``), not in what is read here; some servers wrap the package in a
member ``CFPackage``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ..field_form import MAX_LEVEL, MAX_NAME, is_language, shorten
from .json_tree import as_list, as_object, as_text, read_json
from .rows import ParsedFramework, Problems, RelationRow, SkillRow, SourceFile
from .tables import place_in

__all__ = ["is_case", "parse"]

FIELDS = frozenset({"key", "name", "statement", "uri", "level", "level_scheme", "language", "retired"})
KINDS = frozenset({"broader", "requires", "related", "equivalent"})
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._~-]+")


def is_case(value: Any) -> bool:
    """Whether this is a CFPackage."""
    package = _package(value)
    return "CFItems" in package or "CFDocument" in package


def parse(file: SourceFile, *, prefix: str = "", today: date) -> ParsedFramework:
    """Read one package. A skill's key is *prefix* and the item's identifier."""
    problems = Problems()
    value = read_json(file, problems)
    if problems.count:
        return ParsedFramework(problems)
    package = _package(value)
    items = package.get("CFItems")
    if not isinstance(items, list):
        problems.add(
            place_in(file, "CFItems"),
            _("A CASE package has a list CFItems. Download the package and not the document alone."),
        )
        return ParsedFramework(problems)
    document = as_object(package.get("CFDocument"))
    language = as_text(document.get("language"))
    return ParsedFramework(
        problems=problems,
        skills=tuple(_skills(file, items, prefix, language, today, problems)),
        relations=tuple(_relations(file, package, prefix, as_text(document.get("identifier")), problems)),
        fields=FIELDS,
        relation_kinds=KINDS if "CFAssociations" in package else frozenset(),
        title=as_text(document.get("title")),
        url=as_text(document.get("officialSourceURL")) or as_text(document.get("uri")),
        version=as_text(document.get("version"))[:60],
        language=language if is_language(language) else "",
    )


def _package(value: Any) -> dict[str, Any]:
    outer = as_object(value)
    return as_object(outer.get("CFPackage")) or outer


def _skills(
    file: SourceFile, items: list[Any], prefix: str, language: str, today: date, problems: Problems
) -> list[SkillRow]:
    rows = []
    for position, item in enumerate(items):
        place = place_in(file, f"CFItems[{position}]")
        if not isinstance(item, dict):
            problems.add(place, _("This must be an object."))
            continue
        rows.append(_skill(item, place, prefix, language, today))
    return rows


def _skill(item: dict[str, Any], place: str, prefix: str, language: str, today: date) -> SkillRow:
    statement = as_text(item.get("fullStatement"))
    name = as_text(item.get("abbreviatedStatement")) or statement
    code = as_text(item.get("humanCodingScheme"))
    levels = ", ".join(filter(None, map(as_text, as_list(item.get("educationLevel")))))
    ended = as_text(item.get("statusEndDate"))
    own_language = as_text(item.get("language")) or language
    return SkillRow(
        key=_key(as_text(item.get("identifier")), prefix),
        name=shorten(f"{code} {name}" if code and name != code else name, MAX_NAME),
        place=place,
        statement=statement,
        uri=as_text(item.get("uri")),
        level=shorten(levels, MAX_LEVEL),
        level_scheme="CEDS" if levels else "",
        language=own_language if is_language(own_language) else "",
        retired=bool(ended) and ended[:10] <= today.isoformat(),
    )


def _relations(
    file: SourceFile, package: dict[str, Any], prefix: str, document_id: str, problems: Problems
) -> list[RelationRow]:
    rows = []
    for position, association in enumerate(as_list(package.get("CFAssociations"))):
        place = place_in(file, f"CFAssociations[{position}]")
        if not isinstance(association, dict):
            problems.add(place, _("This must be an object."))
            continue
        origin, destination = (
            _end(association, "originNodeURI", "originNodeIdentifier"),
            _end(association, "destinationNodeURI", "destinationNodeIdentifier"),
        )
        if not origin or not destination:
            problems.add(place, _("The association lacks an end: originNodeURI and destinationNodeURI."))
        elif document_id not in (origin, destination):
            row = _relation(as_text(association.get("associationType")), origin, destination, prefix, place)
            rows.extend([row] if row else [])
    return rows


def _relation(kind: str, origin: str, destination: str, prefix: str, place: str) -> RelationRow | None:
    ends = _key(origin, prefix), _key(destination, prefix)
    match kind:
        case "isChildOf" | "isPartOf":
            return RelationRow(ends[0], "broader", ends[1], place)
        case "precedes":
            return RelationRow(ends[1], "requires", ends[0], place)
        case "exactMatchOf" | "isPeerOf":
            return RelationRow(ends[0], "equivalent" if kind == "exactMatchOf" else "related", ends[1], place)
        case "isRelatedTo":
            return RelationRow(ends[0], "related", ends[1], place)
    return None


def _end(association: dict[str, Any], member: str, short: str) -> str:
    """The identifier of one end: in a link object, or beside it as some exporters write it."""
    end = association.get(member)
    if isinstance(end, dict):
        return as_text(end.get("identifier")) or as_text(end.get("uri")).rsplit("/", 1)[-1]
    return as_text(association.get(short)) or as_text(end).rsplit("/", 1)[-1]


def _key(identifier: str, prefix: str) -> str:
    cleaned = _NOT_IN_KEYS.sub("-", identifier).strip("-")
    return f"{prefix}{cleaned}" if cleaned else ""
