"""Says whether a log is whole, and if not, which entry is the first that cannot be trusted, in words.

Checked are the log in the database and exported files. A file is also compared with the database: whoever
rewrites the whole log from one entry on can make it agree with itself again, but not with a file that left the
house before, nor with a hash that an auditor noted down (*anchor*).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from .chain import GENESIS, digest, entry_hash
from .models import AuditEntry, AuditHead
from .sealing import content

__all__ = ["Anchor", "ChainReport", "LogUnreadable", "check_database", "check_file", "entries_between"]

PAGE = 1_000
MAX_LINE = 1_000_000
_MEMBERS = {
    "at", "actor", "issuer", "action", "object_type", "object_id", "reason", "details",
    "sequence", "previous", "hash",
}  # fmt: skip


class LogUnreadable(ValueError):
    """The file is no export of this log; the text names the line."""


@dataclass(frozen=True)
class Anchor:
    """A hash that somebody noted down earlier."""

    sequence: int
    hash: str


@dataclass(frozen=True)
class ChainReport:
    """What a check found. ``problem`` is empty when the log is whole."""

    entries: int
    first: int
    last: int
    head: str
    waiting: int = 0
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, removed, inserted or moved."""
        return not self.problem


@dataclass(frozen=True)
class _Link:
    content: Mapping[str, Any]
    sequence: int
    previous: str
    hash: str
    place: str


def check_database(*, anchor: Anchor | None = None) -> ChainReport:
    """Check every entry of the database, its head, and what waits for its place, while others go on writing."""
    walk = _Walk(sequence=0, previous=GENESIS, anchor=anchor)
    problem, moving = "", True
    while moving and not problem:
        head = _head()
        problem = walk.through(_stored(walk.last, head.sequence)) or _missing_end(walk, head)
        moving = AuditEntry.objects.filter(sequence__gt=walk.last).exists()
        # Entries and head are committed together: entries beyond a head that stands still are not ours.
        if moving and not problem and _head() == head:
            problem = _(
                "After entry {last}, the one that was written last, entries were inserted into the table."
            ).format(last=walk.last)
    waiting = 0
    if not problem:
        waiting, problem = _check_waiting()
    return walk.report(problem or walk.unmet_anchor(), waiting)


def check_file(stream: IO[bytes], *, anchor: Anchor | None = None, with_database: bool = True) -> ChainReport:
    """Check an exported file, and that the database still says the same; raises :class:`LogUnreadable`.

    The file is read line by line, none longer than a million bytes: a hostile file costs no memory.
    """
    links = _read_lines(stream)
    first = next(links, None)
    if first is None:
        raise LogUnreadable(_("The file is empty. Export at least one entry."))
    previous = first.previous if first.sequence > 1 else GENESIS
    walk = _Walk(sequence=first.sequence - 1, previous=previous, anchor=anchor)
    everything = _chained(first, links)
    problem = walk.through(_compared(everything) if with_database else everything)
    return walk.report(problem or walk.unmet_anchor(), 0)


class _Walk:
    """One walk along a chain, remembering how far it was whole."""

    def __init__(self, *, sequence: int, previous: str, anchor: Anchor | None) -> None:
        self.first, self.last, self.head = sequence + 1, sequence, previous
        self.entries = 0
        self.anchor, self.anchor_met = anchor, False

    def through(self, links: Iterable[_Link | str]) -> str:
        """Walk on; the first problem in words, or nothing."""
        for item in links:
            problem = item if isinstance(item, str) else self._step(item)
            if problem:
                return problem
        return ""

    def _step(self, link: _Link) -> str:
        if link.sequence != self.last + 1:
            return _wrong_place(link, self.last)
        if link.previous != self.head:
            return _(
                "{place}: it names another entry before it than entry {last}. An entry was replaced or moved here."
            ).format(place=link.place, last=self.last)
        if link.hash != entry_hash(link.content, sequence=link.sequence, previous=link.previous):
            return _("{place}: what it says was changed after it was written.").format(place=link.place)
        self.last, self.head = link.sequence, link.hash
        self.entries += 1
        return self._compare_anchor(link)

    def _compare_anchor(self, link: _Link) -> str:
        if self.anchor is None or link.sequence != self.anchor.sequence:
            return ""
        self.anchor_met = True
        if link.hash == self.anchor.hash.lower():
            return ""
        return _(
            "{place}: it agrees with its neighbours but not with the hash noted for it. The log was rewritten."
        ).format(place=link.place)

    def unmet_anchor(self) -> str:
        """What to say when the noted entry was never met."""
        if self.anchor is None or self.anchor_met:
            return ""
        return _("Entry {sequence}, whose hash was noted, is not there.").format(
            sequence=self.anchor.sequence
        )

    def report(self, problem: str, waiting: int) -> ChainReport:
        """What was found so far."""
        return ChainReport(self.entries, self.first, self.last, self.head, waiting, problem)


def _wrong_place(link: _Link, last: int) -> str:
    if link.sequence > last + 1:
        return _("Entry {missing} is missing: after entry {last} comes entry {sequence} ({place}).").format(
            missing=last + 1, last=last, sequence=link.sequence, place=link.place
        )
    return _("{place}: entry {sequence} stands after entry {last}. It was moved or inserted.").format(
        place=link.place, sequence=link.sequence, last=last
    )


def _head() -> Anchor:
    row = AuditHead.objects.filter(pk=1).first()
    return Anchor(row.sequence, row.entry_hash) if row else Anchor(0, GENESIS)


def _missing_end(walk: _Walk, head: Anchor) -> str:
    if head.sequence > walk.last:
        return _(
            "Entry {missing} is missing: the log ends at entry {last}, but {sequence} were written."
        ).format(missing=walk.last + 1, last=walk.last, sequence=head.sequence)
    if head.hash != walk.head:
        return _(
            "Entry {last} is not the one that was written last. The end of the log was replaced."
        ).format(last=walk.last)
    return ""


def _check_waiting() -> tuple[int, str]:
    """Entries that wait for their place must at least say what they said when they were written."""
    count = after = 0
    while rows := list(AuditEntry.objects.filter(sequence=None, pk__gt=after).order_by("pk")[:PAGE]):
        for row in rows:
            if digest(content(row)) != row.digest:
                return count, _(
                    "Row {row} of the table ({action}) was not written by this software, or was changed before "
                    "it got its place."
                ).format(row=row.pk, action=row.action)
        count, after = count + len(rows), rows[-1].pk
    return count, ""


def _stored(after: int, until: int | None) -> Iterator[_Link]:
    for row in entries_between(after, until):
        yield _Link(
            content(row),
            row.sequence or 0,
            row.previous_hash,
            row.entry_hash,
            _("Entry {sequence}").format(sequence=row.sequence),
        )


def entries_between(after: int, until: int | None) -> Iterator[AuditEntry]:
    """Entries with a place after *after*, up to and with *until*, in the order of the chain, page by page."""
    while True:
        rows = AuditEntry.objects.filter(sequence__gt=after).order_by("sequence")
        page = list((rows if until is None else rows.filter(sequence__lte=until))[:PAGE])
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].sequence or 0


def _read_lines(stream: IO[bytes]) -> Iterator[_Link]:
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise LogUnreadable(_("Line {number} is longer than any entry.").format(number=number))
        if line.strip():
            yield _read_line(line, number)


def _read_line(line: bytes, number: int) -> _Link:
    try:
        members = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LogUnreadable(
            _("Line {number} is not JSON: {error}").format(number=number, error=error)
        ) from error
    if not isinstance(members, dict) or set(members) != _MEMBERS:
        raise LogUnreadable(
            _("Line {number} is not an entry of an exported log. Expected are the members {members}.").format(
                number=number, members=", ".join(sorted(_MEMBERS))
            )
        )
    sequence, previous, own = members.pop("sequence"), members.pop("previous"), members.pop("hash")
    if type(sequence) is not int or not isinstance(previous, str) or not isinstance(own, str):
        raise LogUnreadable(
            _("Line {number}: sequence must be a number, previous and hash must be texts.").format(
                number=number
            )
        )
    place = _("Line {number}, entry {sequence}").format(number=number, sequence=sequence)
    return _Link(members, sequence, previous, own, place)


def _chained(first: _Link, rest: Iterator[_Link]) -> Iterator[_Link]:
    yield first
    yield from rest


def _compared(links: Iterable[_Link]) -> Iterator[_Link | str]:
    """Each link, and after it what the database says otherwise, if it does; asked page by page."""
    page: list[_Link] = []
    for link in links:
        page.append(link)
        if len(page) == PAGE:
            yield from _compare_page(page)
            page = []
    yield from _compare_page(page)


def _compare_page(page: list[_Link]) -> Iterator[_Link | str]:
    wanted = [link.sequence for link in page]
    rows = AuditEntry.objects.filter(sequence__in=wanted).values_list("sequence", "entry_hash")
    stored: dict[int | None, str] = dict(rows)
    for link in page:
        yield link
        if link.sequence not in stored:
            yield _("{place}: the database has no such entry any more.").format(place=link.place)
        elif stored[link.sequence] != link.hash:
            yield _(
                "{place}: the file is whole here, but the database says something else. The log in the database "
                "was rewritten, or the file is from another site."
            ).format(place=link.place)
