"""Our own table of skills, for frameworks that live in a spreadsheet (docs/how-to/import-skills.rst).

Written by hand, therefore strict: a column that is not known is a typing error and not something to skip, and a
relation to a skill that does not exist is a mistake. Cells that a spreadsheet would run as a formula are refused,
because whoever exports the skills later would hand them on.
"""

from __future__ import annotations

from django.utils.text import slugify
from django.utils.translation import gettext as _

from .rows import ParsedFramework, Problems, RelationRow, SkillRow, SourceFile
from .tables import Line, read_table

__all__ = ["COLUMNS", "parse"]

RELATIONS = ("broader", "requires", "equivalent", "related")
TEXTS = ("statement", "uri", "level", "level_scheme", "category", "language", "successor")
COLUMNS = ("key", "name", *TEXTS, "retired", "clusters", *RELATIONS)
REQUIRED = ("key", "name")
SEPARATOR = "|"
MAX_IN_CELL = 200
_YES = {"yes", "true", "1", "x"}
_NO = {"", "no", "false", "0"}


def parse(file: SourceFile, *, prefix: str = "") -> ParsedFramework:
    """Read our own table. Keys are taken as they stand."""
    problems = Problems()
    table = read_table(file, problems)
    if table is None:
        return ParsedFramework(problems)
    unknown = [name for name in table.columns if name not in COLUMNS]
    lost = [name for name in REQUIRED if name not in table.columns]
    if unknown or lost:
        problems.add(file.name, _column_problem(unknown, lost))
        return ParsedFramework(problems)
    skills: list[SkillRow] = []
    relations: list[RelationRow] = []
    for line in table.lines:
        formula = _formula(line)
        if formula:
            problems.add(line.place, formula)
            continue
        skills.append(_skill(line, problems))
        relations.extend(_relations(line, problems))
    return ParsedFramework(
        problems=problems,
        skills=tuple(skills),
        relations=tuple(relations),
        fields=frozenset(table.columns) - set(RELATIONS),
        relation_kinds=frozenset(table.columns) & set(RELATIONS),
        closed=True,
    )


def _skill(line: Line, problems: Problems) -> SkillRow:
    retired = line.cell("retired").casefold()
    if retired not in _YES | _NO:
        problems.add(line.place, _("retired: write yes or no, not “{value}”.").format(value=retired[:40]))
    return SkillRow(
        key=line.cell("key"),
        name=line.cell("name"),
        place=line.place,
        statement=line.cell("statement"),
        uri=line.cell("uri"),
        level=line.cell("level"),
        level_scheme=line.cell("level_scheme"),
        category=line.cell("category").casefold(),
        language=line.cell("language"),
        retired=retired in _YES,
        successor=line.cell("successor"),
        clusters=tuple(
            name for name in _parts(line, "clusters", problems) if slugify(name, allow_unicode=True)
        ),
    )


def _relations(line: Line, problems: Problems) -> list[RelationRow]:
    return [
        RelationRow(line.cell("key"), kind, target, line.place)
        for kind in RELATIONS
        for target in _parts(line, kind, problems)
    ]


def _parts(line: Line, column: str, problems: Problems) -> list[str]:
    parts = [part.strip() for part in line.cell(column).split(SEPARATOR) if part.strip()]
    if len(parts) > MAX_IN_CELL:
        problems.add(
            line.place,
            _("{column}: at most {limit} entries in one cell.").format(column=column, limit=MAX_IN_CELL),
        )
    return parts[:MAX_IN_CELL]


def _formula(line: Line) -> str:
    """What to say about a cell that a spreadsheet would run; a statement may begin with a dash, it is prose."""
    for column, cell in line.cells.items():
        risky = ("=", "@") if column == "statement" else ("=", "@", "+", "-")
        if cell.lstrip().startswith(risky):
            return _(
                "{column}: a text that begins with {sign} is run as a formula by spreadsheets. Write it another way."
            ).format(column=column, sign=cell.lstrip()[0])
    return ""


def _column_problem(unknown: list[str], lost: list[str]) -> str:
    known = ", ".join(COLUMNS)
    if lost:
        return _("The table lacks the columns {lost}. Known columns are: {known}.").format(
            lost=", ".join(lost), known=known
        )
    return _("These columns are not known: {unknown}. Known columns are: {known}.").format(
        unknown=", ".join(name[:60] for name in unknown[:20]), known=known
    )
