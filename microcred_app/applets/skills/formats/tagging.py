"""Taxonomies of the platform's content tagging (``openedx_tagging``), read as frameworks; frameworks written as such.

The platform exports and imports a taxonomy as CSV (``id,value,parent_id``) or as JSON (``{"name", "description",
"tags": [{"id", "value", "parent_id"}]}``). A tag is a skill and its parent the broader skill, so courses are tagged and
badges aligned by one vocabulary: ``id`` is the tag's external id there and the skill's key here, without the
framework's prefix; behind ``~`` it is the whole key, of skills that have none.

What a taxonomy cannot hold is given up when one is written: a tag has one parent, stands at most three deep, its text
is unlike every other's and has no ``;``, no tabulator and no `` > ``. Statements, levels and links stay here.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from microcred_app.spreadsheet import is_formula, uncell

from ..field_form import MAX_KEY, MAX_NAME, shorten
from .json_tree import as_object, as_text, read_json
from .rows import ParsedFramework, Problems, RelationRow, SkillRow, SourceFile
from .tables import place_in, read_table

__all__ = [
    "TAG_COLUMNS",
    "Tag",
    "arrange",
    "is_tagging",
    "is_tagging_table",
    "parse",
    "write_csv",
    "write_json",
]

TAG_COLUMNS = ("id", "value", "parent_id")
FIELDS = frozenset({"key", "name"})
#: Levels of a taxonomy that the platform shows.
MAX_DEPTH = 3
MAX_VALUE = 500
#: No key begins with it: the rest is a skill's whole key, not to be put behind the framework's prefix.
_AS_IT_IS = "~"
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._:~-]+")


@dataclass(frozen=True)
class Tag:
    """One tag; ``parent_id`` is empty at the top."""

    id: str
    value: str
    parent_id: str = ""


def is_tagging_table(columns: tuple[str, ...]) -> bool:
    """Whether these are columns of an exported taxonomy; ours have ``key`` and ``name``."""
    return {"id", "value"} <= set(columns) <= {*TAG_COLUMNS, "external_id"}


def is_tagging(value: Any) -> bool:
    """Whether this is an exported taxonomy."""
    return isinstance(as_object(value).get("tags"), list)


def parse(file: SourceFile, *, prefix: str = "") -> ParsedFramework:
    """Read a taxonomy. A skill's key is *prefix* and the tag's id, or the id alone where it has the prefix already."""
    problems = Problems()
    if file.content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t")[:1] in (b"{", b"["):
        title, found = _read_json(file, problems)
    else:
        title, found = "", _read_table(file, problems)
    skills, relations = [], []
    for place, tag in found:
        if not tag.id or not tag.value:
            problems.add(place, _("A tag has an id and a value."))
            continue
        key = _key(tag.id, prefix)
        skills.append(SkillRow(key=key, name=shorten(tag.value, MAX_NAME), place=place))
        if tag.parent_id:
            relations.append(RelationRow(key, "broader", _key(tag.parent_id, prefix), place))
    return ParsedFramework(
        problems=problems,
        skills=tuple(skills),
        relations=tuple(relations),
        fields=FIELDS,
        relation_kinds=frozenset({"broader"}),
        closed=True,
        title=title,
    )


def arrange(
    names: Mapping[str, str], broader: Mapping[str, Sequence[str]], *, prefix: str
) -> tuple[Tag, ...]:
    """Skills, by key with their names, as tags; parents before their children, as the platform imports them."""
    parent = {key: next((one for one in sorted(broader.get(key, ())) if one in names), "") for key in names}
    depths: dict[str, int] = {}
    placed: dict[str, str] = {}
    for key in sorted(names):
        if key not in placed:
            _place(key, parent, depths, placed)
    texts = _unlike(names)
    return tuple(
        Tag(_id(key, prefix), texts[key], _id(placed[key], prefix) if placed[key] else "")
        for key in sorted(names, key=lambda key: (depths[key], key))
    )


def write_csv(tags: Sequence[Tag]) -> str:
    """The table that the platform imports. It reads cells as they stand, so nothing is put before a formula."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(TAG_COLUMNS)
    writer.writerows((tag.id, tag.value, tag.parent_id) for tag in tags)
    return sheet.getvalue()


def write_json(tags: Sequence[Tag], *, name: str) -> str:
    """The same as JSON."""
    rows = [
        {"id": tag.id, "value": tag.value, **({"parent_id": tag.parent_id} if tag.parent_id else {})}
        for tag in tags
    ]
    return json.dumps({"name": name, "description": "", "tags": rows}, ensure_ascii=False, indent=1)


def _place(key: str, parent: Mapping[str, str], depths: dict[str, int], placed: dict[str, str]) -> None:
    """Where the tag stands: below its parent, or below the parent's parent where that would be too deep."""
    chain = [key]
    while (above := parent[chain[-1]]) and above not in depths and above not in chain:
        chain.append(above)
    for one in reversed(chain):
        above = parent[one] if parent[one] in depths else ""
        while above and depths[above] >= MAX_DEPTH:
            above = placed[above]
        placed[one] = above
        depths[one] = depths[above] + 1 if above else 1


def _unlike(names: Mapping[str, str]) -> dict[str, str]:
    """Texts that a taxonomy takes, each unlike the others whatever their case: databases compare them so."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for key in sorted(names):
        text = " ".join(names[key].replace(";", ",").split()).replace(" > ", " › ")[:MAX_VALUE] or key
        if is_formula(text):
            text = f"“{text}”"
        if text.casefold() in taken:
            text = f"{text[: MAX_VALUE - len(key) - 3]} ({key})"
        taken.add(text.casefold())
        found[key] = text
    return found


def _key(tag_id: str, prefix: str) -> str:
    if tag_id.startswith(_AS_IT_IS):
        return tag_id[1:]
    bare = tag_id.removeprefix(prefix)
    return f"{prefix}{_NOT_IN_KEYS.sub('-', bare).strip('-')}"[:MAX_KEY]


def _id(key: str, prefix: str) -> str:
    """What :func:`_key` makes the same key of."""
    return key.removeprefix(prefix) if key.startswith(prefix) else f"{_AS_IT_IS}{key}"


def _read_json(file: SourceFile, problems: Problems) -> tuple[str, list[tuple[str, Tag]]]:
    value = as_object(read_json(file, problems))
    found = []
    tags = value.get("tags")
    for position, tag in enumerate(tags if isinstance(tags, list) else ()):
        place = place_in(file, f"tags[{position}]")
        if not isinstance(tag, dict):
            problems.add(place, _("This must be an object."))
            continue
        found.append((place, Tag(*(_text(tag.get(column)) for column in TAG_COLUMNS))))
    return as_text(value.get("name")), found


def _text(value: Any) -> str:
    """Ids of tags without an external one are numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else as_text(value)


def _read_table(file: SourceFile, problems: Problems) -> list[tuple[str, Tag]]:
    table = read_table(file, problems)
    if table is None:
        return []
    if not is_tagging_table(table.columns):
        problems.add(file.name, _("This is no taxonomy: its columns are id, value and parent_id."))
        return []
    return [
        (
            line.place,
            Tag(
                line.cells.get("external_id") or uncell(line.cell("id")),
                uncell(line.cell("value")),
                uncell(line.cell("parent_id")) if "parent_id" in table.columns else "",
            ),
        )
        for line in table.lines
    ]
