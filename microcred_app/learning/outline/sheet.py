"""Reads an edited sheet into units to build; every fault is told with its line, and one fault builds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from microcred_app.applets.skills import api as skills
from microcred_app.compat import CourseBlock
from microcred_app.spreadsheet import is_formula, uncell

from .proposal import COLUMNS, MOST_MINUTES, PAGE, UNIT, blocks_by_key

__all__ = ["COLUMNS", "MAX_ROWS", "OutlinePlan", "PlannedUnit", "plan_outline"]

#: More units than this are not one course.
MAX_ROWS = 5_000
MOST_TITLE = 200
MOST_STATEMENT = 500
_YES = frozenset({"yes", "y", "1", "true", "x"})
_NO = frozenset({"no", "n", "0", "false", ""})
_ADDS = {"check": "microcred_check", "evidence": "microcred_evidence", "text": "html"}
_NEEDED = ("page", "make", "title", "minutes", "blocks")


@dataclass(frozen=True)
class PlannedUnit:
    """One unit of the sheet. ``outcome_key`` is empty where *statement* becomes a new outcome."""

    place: str
    page: CourseBlock
    title: str
    outcome_key: str
    statement: str
    skill_key: str
    minutes: int
    blocks: tuple[CourseBlock, ...]
    adds: tuple[str, ...]
    advice: str


@dataclass(frozen=True)
class OutlinePlan:
    """What a sheet would do. With ``problem_count`` above 0 it does nothing; the first hundred problems are told."""

    units: tuple[PlannedUnit, ...]
    left_out: int
    problems: tuple[skills.Problem, ...]
    problem_count: int

    @property
    def new_outcomes(self) -> tuple[str, ...]:
        """Statements that become outcomes, each once."""
        return tuple(dict.fromkeys(unit.statement for unit in self.units if not unit.outcome_key))


class _Reader:
    """The lines of one sheet against one course. A block can move only once, so lines know what others took."""

    def __init__(self, known: Mapping[str, CourseBlock], lines: list[skills.Line]) -> None:
        self.known = known
        self.by_name = {block.short: block for block in known.values()} | dict(known)
        self.taken: dict[str, str] = {}
        self.problems = skills.Problems()
        self.outcomes = skills.known_outcomes(filter(None, (line.cell("outcome") for line in lines)))
        self.skills = skills.skill_names(filter(None, (line.cell("skill") for line in lines)))

    def read(self, line: skills.Line) -> PlannedUnit | None:
        """The unit of the line, or None where it is not wanted or wrong."""
        before = self.problems.count
        page = self._page(line)
        title = uncell(line.cell("title"))
        if not title or len(title) > MOST_TITLE:
            self._tell(line, _("Give the unit a title of at most {most} characters.").format(most=MOST_TITLE))
        outcome, statement = self._outcome(line)
        minutes = line.cell("minutes")
        if not (minutes.isascii() and minutes.isdigit() and 1 <= int(minutes[:4]) <= MOST_MINUTES):
            self._tell(
                line, _("Minutes are a whole number from 1 to 30, not “{value}”.").format(value=minutes[:40])
            )
        skill = line.cell("skill")
        if skill and skill not in self.skills:
            self._tell(
                line,
                _("There is no skill “{key}”. Leave the cell empty or use its key.").format(key=skill[:80]),
            )
        blocks = self._blocks(line, page)
        adds = self._adds(line)
        if not blocks and not adds:
            self._tell(line, _("The unit would be empty: name blocks of the page, or parts to add."))
        if page is None or self.problems.count > before:
            return None
        return PlannedUnit(
            line.place,
            page,
            title,
            outcome,
            statement,
            skill,
            int(minutes),
            blocks,
            adds,
            skills.advise(statement),
        )

    def wanted(self, line: skills.Line) -> bool:
        """Whether the line is to be built; what is neither yes nor no is a fault."""
        said = line.cell("make").casefold()
        if said not in _YES | _NO:
            self._tell(line, _("Write yes or no under “make”, not “{value}”.").format(value=said[:40]))
        return said in _YES

    def _tell(self, line: skills.Line, message: str) -> None:
        self.problems.add(line.place, message)

    def _page(self, line: skills.Line) -> CourseBlock | None:
        name = line.cell("page")
        page = self.by_name.get(name)
        if page is None or page.block_type != PAGE:
            self._tell(
                line, _("“{name}” is no page of this course. Take the sheet anew.").format(name=name[:120])
            )
            return None
        return page

    def _outcome(self, line: skills.Line) -> tuple[str, str]:
        key, statement = line.cell("outcome"), " ".join(uncell(line.cell("statement")).split())
        if key:
            if key not in self.outcomes:
                self._tell(
                    line, _("There is no outcome “{key}”. Write a statement instead.").format(key=key[:80])
                )
                return "", ""
            return key, self.outcomes[key].statement
        if not statement or statement.startswith("["):
            self._tell(line, _("Write what learners can do afterwards in place of the words in brackets."))
        elif len(statement) > MOST_STATEMENT:
            self._tell(line, _("Keep the statement below {most} characters.").format(most=MOST_STATEMENT))
        elif is_formula(statement):
            self._tell(line, _("The statement begins like a formula. Begin with a verb."))
        return "", statement

    def _blocks(self, line: skills.Line, page: CourseBlock | None) -> tuple[CourseBlock, ...]:
        found = []
        for name in line.cell("blocks").split():
            block = self.by_name.get(name)
            if block is None or (page is not None and block.parent != page.usage_key):
                self._tell(line, _("“{name}” is no block of this page.").format(name=name[:120]))
            elif block.block_type == UNIT:
                self._tell(
                    line,
                    _("“{name}” is a micro-unit already; units do not stand in units.").format(name=name),
                )
            elif block.usage_key in self.taken:
                self._tell(
                    line,
                    _("“{name}” moves in {place} already: a block stands in one place.").format(
                        name=name, place=self.taken[block.usage_key]
                    ),
                )
            else:
                self.taken[block.usage_key] = line.place
                found.append(block)
        return tuple(found)

    def _adds(self, line: skills.Line) -> tuple[str, ...]:
        names = line.cell("add").replace(",", " ").casefold().split()
        unknown = [name for name in names if name not in _ADDS]
        if unknown:
            self._tell(
                line,
                _("“{name}” cannot be added. Add: {known}.").format(
                    name=unknown[0][:40], known=", ".join(_ADDS)
                ),
            )
        if len(names) > 10:
            self._tell(line, _("Add at most ten parts to a unit."))
        return tuple(_ADDS[name] for name in names if name in _ADDS)


def plan_outline(course_key: str, content: bytes, *, name: str = "units.csv") -> OutlinePlan:
    """What the sheet would build in the course as it is now; nothing is written.

    Read like every table here: UTF-8 or marked UTF-16, comma, semicolon or tab, strict quotes. Raises
    :class:`.NoSuchCourse`.
    """
    known = blocks_by_key(course_key)
    problems = skills.Problems()
    table = skills.read_table(skills.SourceFile(name, content), problems)
    if table is None:
        return OutlinePlan((), 0, tuple(problems.first), problems.count)
    missing = [column for column in _NEEDED if column not in table.columns]
    if missing:
        problems.add(name, _("These columns are missing: {names}.").format(names=", ".join(missing)))
        return OutlinePlan((), 0, tuple(problems.first), problems.count)
    if len(table.lines) > MAX_ROWS:
        problems.add(
            name,
            _("The sheet has {count} lines; at most {most} are built at once.").format(
                count=len(table.lines), most=MAX_ROWS
            ),
        )
        return OutlinePlan((), 0, tuple(problems.first), problems.count)
    reader = _Reader(known, list(table.lines))
    reader.problems.include(problems)
    wanted = [line for line in table.lines if reader.wanted(line)]
    units = [unit for line in wanted if (unit := reader.read(line)) is not None]
    return OutlinePlan(
        tuple(units), len(table.lines) - len(wanted), tuple(reader.problems.first), reader.problems.count
    )
