"""What the room of lists hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["CANNOT_BE_DONE", "CAN_BE_DONE", "PIECE", "ListInfo", "ListRow", "Thing"]

#: Rows that are signed off in one transaction.
PIECE = 200

#: Rows that are signed off once the list is started, and rows of which somebody is told why they are not.
CAN_BE_DONE = ("earns", "lacks")
CANNOT_BE_DONE = (
    "signed", "holds", "unknown", "several", "oneself", "twice", "bad_day", "bad_link", "broken", "failed"
)  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """What is signed off, in which role, and the organisations whose rules ask for it."""

    key: str
    role: str
    issuer_slugs: frozenset[str]


@dataclass(frozen=True)
class ListInfo:
    """A list and how far it is.

    ``counts`` are its rows by verdict; empty once the rows are gone, and where many lists are told, for started ones.
    """

    id: str
    key: str
    role: str
    issuer_slugs: tuple[str, ...]
    reason: str
    file_name: str
    sha256: str
    state: str
    handed_in_by: int | None
    handed_in_at: datetime
    started_by: int | None
    started_at: datetime | None
    finished_at: datetime | None
    hold_until: datetime | None
    last_notice_at: datetime | None
    total: int
    checked: int
    chosen: int
    done: int
    signed: int
    passed_over: int
    granted: int
    undo_reason: str
    counts: dict[str, int]

    @property
    def percent(self) -> int:
        """Whole per cent of what is under way: rows checked, or rows done."""
        part, whole = (
            (self.checked, self.total) if self.state == "checking" else (self.done, self.chosen or self.done)
        )
        return 100 if not whole else min(100, part * 100 // whole)

    @property
    def can_be_done(self) -> int:
        """Rows that are signed off once it is started."""
        return sum(self.counts.get(verdict, 0) for verdict in CAN_BE_DONE)

    @property
    def cannot_be_done(self) -> int:
        """Rows that are not, each with its reason."""
        return sum(self.counts.get(verdict, 0) for verdict in CANNOT_BE_DONE)


@dataclass(frozen=True)
class ListRow:
    """One row with what is to become of it.

    ``earns`` are keys of badges; ``lacks`` is what is missing for each badge that is not earned, in the reader's words.
    """

    number: int
    who: str
    learner_id: int | None
    day: str
    seen_on: date | None
    reason: str
    link: str
    verdict: str
    earns: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
