"""The European classification ESCO, as its download hands it out in CSV.

Read are the files of the skill pillar: ``skills_xx.csv``, ``skillGroups_xx.csv`` and
``broaderRelationsSkillPillar_xx.csv`` (with or without the language in the name and the label columns that later
versions added). Give them together: relations lead to groups. Columns that a later version adds are left alone.
Occupations are no skills and are refused by name.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..field_form import MAX_NAME, shorten
from .rows import ParsedFramework, Problems, RelationRow, SkillRow, SourceFile
from .tables import Line, Table, read_table

__all__ = ["is_esco", "parse"]

BASE = "http://data.europa.eu/esco/"
CONCEPTS = frozenset({"conceptUri", "preferredLabel"})
BROADER = frozenset({"conceptUri", "broaderUri"})
FIELDS = frozenset({"key", "name", "statement", "uri", "category", "retired"})
SKILL_TYPES = ("", "KnowledgeSkillCompetence", "SkillGroup")
URL = "https://esco.ec.europa.eu/"


def is_esco(columns: tuple[str, ...]) -> bool:
    """Whether these are columns of a file of the skill pillar."""
    return set(columns) >= CONCEPTS or set(columns) >= BROADER


def parse(file: SourceFile, *, prefix: str = "") -> ParsedFramework:
    """Read one file of the skill pillar. A skill's key is *prefix* and the last part of its address."""
    problems = Problems()
    table = read_table(file, problems)
    if table is None:
        return ParsedFramework(problems)
    if set(table.columns) >= BROADER:
        relations = tuple(_relations(table, prefix))
        return ParsedFramework(problems, relations=relations, relation_kinds=frozenset({"broader"}))
    if not set(table.columns) >= CONCEPTS:
        problems.add(
            file.name,
            _(
                "This is no ESCO file of skills: it lacks conceptUri with preferredLabel or broaderUri. Take "
                "skills_en.csv, skillGroups_en.csv and broaderRelationsSkillPillar_en.csv."
            ),
        )
        return ParsedFramework(problems)
    skills = tuple(_skill(line, prefix) for line in table.lines if _is_skill(line, problems))
    return ParsedFramework(problems, skills=skills, fields=FIELDS, title="ESCO", url=URL)


def _is_skill(line: Line, problems: Problems) -> bool:
    kind = line.cell("conceptType")
    if kind in SKILL_TYPES:
        return True
    problems.add(
        line.place, _("“{kind}” is no skill. Take the files of the skill pillar.").format(kind=kind[:60])
    )
    return False


def _skill(line: Line, prefix: str) -> SkillRow:
    uri = line.cell("conceptUri")
    return SkillRow(
        key=_key(uri, prefix),
        name=shorten(line.cell("preferredLabel"), MAX_NAME),
        place=line.place,
        statement=line.cell("description") or line.cell("definition"),
        uri=uri,
        category=_category(line),
        retired=line.cell("status").casefold() in ("obsolete", "deprecated"),
    )


def _category(line: Line) -> str:
    scheme, reuse = line.cell("inScheme").casefold(), line.cell("reuseLevel").casefold()
    if "language" in scheme:
        return "language"
    if reuse == "transversal":
        return "transversal"
    return "technical" if reuse else ""


def _relations(table: Table, prefix: str) -> list[RelationRow]:
    return [
        RelationRow(
            _key(line.cell("conceptUri"), prefix),
            "broader",
            _key(line.cell("broaderUri"), prefix),
            line.place,
        )
        for line in table.lines
    ]


def _key(uri: str, prefix: str) -> str:
    """Skills and their groups are ``…/esco/skill/X``; groups of knowledge are ``…/esco/isced-f/X``."""
    kind, _slash, name = uri.removeprefix(BASE).rpartition("/")
    return f"{prefix}{name}" if kind in ("skill", "") else f"{prefix}{kind.rpartition('/')[2]}-{name}"
