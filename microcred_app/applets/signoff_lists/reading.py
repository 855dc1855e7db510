"""Rows of a list as somebody wrote them: any spreadsheet's CSV, or one person on each line. Pure but for translation.

The file is read as it comes, never as a whole, and a row that cannot be read is one bad row: a quotation mark that is
never closed, or bytes of another encoding, at row 90,000 must not take the 10,000 after it along. So each row is read
from its own few lines, and reading goes on at the next line after a row that breaks.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from microcred_app.ob3.text import clean_line, clean_text
from microcred_app.spreadsheet import uncell

from .errors import ListFileRefused

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "OLDEST",
    "ListFile",
    "ReadRow",
    "is_day",
    "read_cells",
    "read_rows",
    "today_of",
]

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
OLDEST = timedelta(days=3660)
#: A row has so many lines and characters at most: somebody's reason may have line ends, a whole file is no reason.
MOST_LINES = 20
MOST_LETTERS = 5_000
#: And a file so many lines for each row that it may have, empty ones among them: somebody waits while it is read.
LINES_PER_ROW = 10
MOST_WHO = 254
MOST_REASON = 2_000
MOST_LINK = 1_000
_DELIMITERS = (",", ";", "\t")
#: The columns of a list, as a sheet to mend is headed.
COLUMNS = ("learner", "day", "reason", "evidence")

#: Headings by what their column holds (letters and digits only, small).
_HEADINGS = {
    "learner": (
        *("learner", "username", "user", "login", "email", "emailaddress", "mail"),
        *("externalid", "external", "externaluserid", "studentid", "person", "id"),
    ),
    "day": ["day", "date", "seenon", "seen"],
    "reason": ["reason", "whatyousaw", "note", "comment"],
    "evidence": ["evidence", "evidencelink", "link", "url", "address"],
}


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row; ``problem`` is a verdict of :class:`~.models.SignOffEntry` where it can be judged without any table."""

    number: int
    who: str
    day: str = ""
    seen_on: date | None = None
    reason: str = ""
    link: str = ""
    problem: str = ""


class _Stream(Protocol):
    """What is read in pieces: a file on disk, or an upload."""

    def read(self, size: int, /) -> Any:
        """At most so many bytes; none at the end."""


class ListFile:
    """A file of which at most :data:`MOST_BYTES` are read; knows its digest once it was read."""

    def __init__(self, name: str, stream: _Stream) -> None:
        self.name = clean_line(name)[:255]
        self._stream = stream
        self._digest = hashlib.sha256()
        self._size = 0

    @property
    def sha256(self) -> str:
        """Of the bytes that were read."""
        return self._digest.hexdigest()

    def lines(self) -> Iterator[str]:
        """The text, line by line, each with its end; a byte of another encoding is half of a surrogate pair in it.

        Raises :class:`ListFileRefused` beyond the bound.
        """
        decoder: codecs.IncrementalDecoder | None = None
        left = ""
        while True:
            piece = self._stream.read(65_536)
            self._size += len(piece)
            if self._size > MOST_BYTES:
                raise ListFileRefused(
                    _("The file is larger than {n} MB. Split it.").format(n=MOST_BYTES // 1_000_000)
                )
            self._digest.update(piece)
            if decoder is None:
                wide = piece[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
                errors = "replace" if wide else "surrogateescape"
                decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")(errors)
            left += decoder.decode(piece, final=not piece)
            end = left.rfind("\n") + 1 if piece else len(left)
            yield from io.StringIO(left[:end], newline="")
            left = left[end:]
            if not piece:
                return


def read_rows(lines: Iterable[str], *, today: date) -> Iterator[ReadRow]:
    """Every row that is not empty, in the order of the file.

    Columns are known by a heading; without one they are learner, day, reason, evidence. Raises
    :class:`ListFileRefused` where no row can be understood, or beyond :data:`MOST_ROWS`.
    """
    places: dict[str, list[int]] = {}
    count = 0
    for number, cells in _records(lines):
        if not places:
            places, is_heading = _places(cells or [])
            if is_heading:
                continue
        is_empty = cells is not None and not any(cell.strip() for cell in cells)
        count += not is_empty
        if count > MOST_ROWS or number > MOST_ROWS * LINES_PER_ROW:
            raise ListFileRefused(_("More than {n} rows. Split the file.").format(n=MOST_ROWS))
        if is_empty:
            continue
        yield _row(number, cells, places, today)
    if not count:
        raise ListFileRefused(
            _("Nobody is named. Write one person on each line, or choose a file with rows.")
        )


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | None]]:
    """Rows with the line they begin in; ``None`` for one that cannot be read. The first line says what parts cells."""
    source = iter(lines)
    waiting = deque(islice(source, 1))
    delimiter = max(_DELIMITERS, key=waiting[0].count) if waiting else ","
    number = 1
    while waiting:
        waiting.extend(islice(source, MOST_LINES - len(waiting)))
        record: list[str] | None = None
        used = 1
        if len(waiting[0]) <= MOST_LETTERS:
            reader = csv.reader(iter(waiting), delimiter=delimiter, strict=True)
            try:
                record = next(reader)
                used = reader.line_num
            except csv.Error:
                pass
        yield number, record
        for _line in range(used):
            waiting.popleft()
        waiting.extend(islice(source, 0 if waiting else 1))
        number += used


def _places(cells: Sequence[str]) -> tuple[dict[str, list[int]], bool]:
    """Where each column stands, and whether these cells are a heading."""
    plain = ["".join(letter for letter in cell.casefold() if letter.isalnum()) for cell in cells[:100]]
    found = {
        what: [plain.index(word) for word in words if word in plain] for what, words in _HEADINGS.items()
    }
    if found["learner"]:
        return found, True
    if any(found.values()) and len([word for word in plain if word]) > 1:
        raise ListFileRefused(
            _("There is no column for the learners. Head one of them: learner, e-mail, or external id.")
        )
    return {"learner": [0], "day": [1], "reason": [2], "evidence": [3]}, False


def _row(number: int, cells: Sequence[str] | None, places: dict[str, list[int]], today: date) -> ReadRow:
    if cells is None:
        return ReadRow(number, "", problem="broken")
    return read_cells(number, {what: _cell(cells, where) for what, where in places.items()}, today)


def read_cells(number: int, cells: Mapping[str, str], today: date) -> ReadRow:
    """A row of which each cell is known by its column (:data:`COLUMNS`)."""
    who, day, reason, link = (cells[what].strip() for what in COLUMNS)
    broken = any("\ud800" <= letter <= "\udfff" for cell in cells.values() for letter in cell)
    seen_on = is_day(day, today) if day else None
    problem = ""
    if broken or not clean_line(who) or len(who) > MOST_WHO or len(reason) > MOST_REASON:
        problem = "broken"
    elif day and seen_on is None:
        problem = "bad_day"
    elif link and not _is_link(link):
        problem = "bad_link"
    return ReadRow(
        number,
        clean_line(who)[:MOST_WHO],
        clean_line(day)[:40],
        seen_on,
        clean_text(reason)[:MOST_REASON],
        clean_line(link)[:MOST_LINK],
        problem,
    )


def _cell(cells: Sequence[str], places: Sequence[int]) -> str:
    """The first of these cells that is not empty."""
    for place in places:
        if place < len(cells) and (text := uncell(cells[place].replace("\x00", "").strip())):
            return text
    return ""


def is_day(text: str, today: date) -> date | None:
    """The day that the text names, if something can have been seen then; ``2026-03-31``, also with a midnight."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) < 10 or text[4] != "-" or text[7] != "-":
        return None  # 20260331 is a number to a spreadsheet, and 2026-W14 is nobody's day
    day = moment.date()
    return day if today - OLDEST <= day <= today else None


def _is_link(text: str) -> bool:
    """An address on the web that fits; it is never fetched."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(text) <= MOST_LINK
    except ValueError:
        return False


def today_of(now: datetime) -> date:
    """The day that sign-offs are dated by."""
    return now.astimezone(UTC).date()
