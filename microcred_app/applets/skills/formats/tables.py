"""Comma separated tables: bounded, with line numbers, and without anything a spreadsheet would run.

Commas, semicolons and tabs are understood, whichever the header uses: spreadsheets write what their user's
country uses. Quoting is strict; a quote that is never closed is told with the line where it opens and does not
swallow the rest of the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .rows import Problems, SourceFile
from .text import TextRefused, decode

__all__ = ["MAX_LINES", "Line", "Table", "place_in", "read_table"]

MAX_LINES = 250_000
MAX_COLUMNS = 200
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Line:
    """One line of a table: where it stands, and its cells by column."""

    place: str
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """The cell, or nothing when the table has no such column."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True)
class Table:
    """Columns and lines of a file."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def place_in(file: SourceFile, place: str) -> str:
    """A place within a file that stands beside others."""
    return f"{file.name}, {place}" if place else file.name


def read_table(file: SourceFile, problems: Problems) -> Table | None:
    """The table in *file*; nothing when it cannot be read, which *problems* then tells."""
    try:
        text = decode(file.content)
    except TextRefused as error:
        problems.add(place_in(file, error.place), str(error))
        return None
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        problem = _header_problem(columns)
        if problem:
            problems.add(_at(file, 1), problem)
            return None
        return Table(columns, tuple(_lines(file, reader, columns, problems)))
    except csv.Error as error:
        problems.add(
            _at(file, reader.line_num),
            _("The table breaks off here ({error}). Look for a quotation mark that is not closed.").format(
                error=error
            ),
        )
        return None


def _lines(
    file: SourceFile, reader: Iterator[list[str]], columns: tuple[str, ...], problems: Problems
) -> Iterator[Line]:
    begin = _line_number(reader) + 1
    for count, cells in enumerate(reader):
        number, begin = begin, _line_number(reader) + 1
        if count >= MAX_LINES:
            problems.add(
                _at(file, number),
                _("At most {limit} lines are read. Split the file.").format(limit=MAX_LINES),
            )
            return
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            problems.add(
                _at(file, number),
                _("The line has {cells} cells, the header has {columns}.").format(
                    cells=len(cells), columns=len(columns)
                ),
            )
            continue
        yield Line(_at(file, number), dict(zip(columns, cells, strict=True)))


def _line_number(reader: object) -> int:
    """How many lines of the file were read so far; typeshed keeps csv's reader type to itself."""
    return int(getattr(reader, "line_num"))  # noqa: B009 - see above


def _delimiter(text: str) -> str:
    header = text[:10_000].split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _header_problem(columns: tuple[str, ...]) -> str:
    if not any(columns):
        return _("The first line must name the columns.")
    if len(columns) > MAX_COLUMNS:
        return _("The first line names {count} columns; at most {limit} are read.").format(
            count=len(columns), limit=MAX_COLUMNS
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        return _("These columns stand there twice: {names}.").format(names=", ".join(twice))
    return ""


def _at(file: SourceFile, number: int) -> str:
    return place_in(file, _("line {number}").format(number=number))
