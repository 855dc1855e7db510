"""Rich Skill Descriptors of the Open Skills Network, as its management tool OSMT exports them: CSV and JSON-LD.

A descriptor's canonical address is its identity and becomes the address that credentials align to; the category
becomes a cluster. Keywords, employers and occupation codes are left alone: they describe a labour market and not
what a learner can do.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from ..field_form import MAX_NAME, shorten
from .json_tree import as_list, as_object, as_text, read_json
from .rows import ParsedFramework, Problems, SkillRow, SourceFile
from .tables import Line, place_in, read_table

__all__ = ["is_rsd", "is_rsd_table", "parse"]

FIELDS = frozenset({"key", "name", "statement", "uri", "clusters"})
NAME, STATEMENT, URL = "rsd name", "skill statement", "canonical url"
CATEGORIES = ("category", "categories", "skill category", "skill categories")
_GONE = ("archived", "deleted")


def is_rsd_table(columns: tuple[str, ...]) -> bool:
    """Whether these are columns of OSMT's table."""
    return {column.casefold() for column in columns} >= {NAME, STATEMENT}


def is_rsd(value: Any) -> bool:
    """Whether this is a descriptor, a list of them, or a collection that holds some."""
    return any("skillName" in as_object(item) for item in _descriptors(value)[:10])


def parse(file: SourceFile, *, prefix: str = "", today: date) -> ParsedFramework:
    """Read OSMT's CSV or JSON-LD. A skill's key is *prefix* and the last part of its canonical address."""
    if file.content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t")[:1] in (b"{", b"["):
        return _parse_json(file, prefix, today)
    return _parse_table(file, prefix)


def _parse_table(file: SourceFile, prefix: str) -> ParsedFramework:
    problems = Problems()
    table = read_table(file, problems)
    if table is None:
        return ParsedFramework(problems)
    if not is_rsd_table(table.columns):
        problems.add(
            file.name,
            _(
                "This is no table of Rich Skill Descriptors: it lacks the columns RSD Name and Skill Statement."
            ),
        )
        return ParsedFramework(problems)
    spelled = {column.casefold(): column for column in table.columns}
    category = next((spelled[name] for name in CATEGORIES if name in spelled), "")
    return ParsedFramework(
        problems,
        skills=tuple(_row(line, spelled, category, prefix) for line in table.lines),
        fields=FIELDS if category else FIELDS - {"clusters"},
    )


def _row(line: Line, spelled: dict[str, str], category: str, prefix: str) -> SkillRow:
    name, uri = line.cell(spelled[NAME]), line.cell(spelled.get(URL, ""))
    return SkillRow(
        key=_key(uri, name, prefix),
        name=shorten(name, MAX_NAME),
        place=line.place,
        statement=line.cell(spelled[STATEMENT]),
        uri=uri,
        clusters=_clusters(line.cell(category).split(";") if category else []),
    )


def _parse_json(file: SourceFile, prefix: str, today: date) -> ParsedFramework:
    problems = Problems()
    value = read_json(file, problems)
    if problems.count:
        return ParsedFramework(problems)
    skills = []
    for position, item in enumerate(_descriptors(value)):
        place = place_in(file, f"[{position}]")
        if not isinstance(item, dict) or "skillName" not in item:
            problems.add(place, _("This is no Rich Skill Descriptor: it lacks skillName."))
        else:
            skills.append(_descriptor(item, place, prefix, today))
    title = as_text(as_object(value).get("name"))
    return ParsedFramework(problems, skills=tuple(skills), fields=FIELDS | {"retired"}, title=title)


def _descriptor(item: dict[str, Any], place: str, prefix: str, today: date) -> SkillRow:
    name, uri = as_text(item.get("skillName")), as_text(item.get("id") or item.get("@id"))
    archived = as_text(item.get("archiveDate"))
    state = as_text(item.get("publishStatus") or item.get("status")).casefold()
    return SkillRow(
        key=_key(as_text(item.get("uuid")) or uri, name, prefix),
        name=shorten(name, MAX_NAME),
        place=place,
        statement=as_text(item.get("skillStatement")),
        uri=uri,
        retired=state in _GONE or (bool(archived) and archived[:10] <= today.isoformat()),
        clusters=_clusters([*as_list(item.get("category")), *as_list(item.get("categories"))]),
    )


def _descriptors(value: Any) -> list[Any]:
    if isinstance(value, dict):
        for member in ("skills", "@graph"):
            if isinstance(value.get(member), list):
                return list(value[member])
    return as_list(value)


def _clusters(names: list[Any]) -> tuple[str, ...]:
    return tuple(name for name in map(as_text, names) if slugify(name, allow_unicode=True))


def _key(uri: str, name: str, prefix: str) -> str:
    last = uri.rstrip("/").rsplit("/", 1)[-1] or slugify(name)[:100]
    return f"{prefix}{last}" if last else ""
