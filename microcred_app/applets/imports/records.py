"""What files of other systems say, in one shape. Pure: nothing here knows the database.

A reader (:mod:`.json_shapes`, :mod:`.csv_shapes`) turns a file into these, or adds a problem that names the place.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from microcred_app.ob3.text import clean_line

__all__ = [
    "MOST_AWARDS",
    "MOST_BYTES",
    "MOST_DEFINITIONS",
    "ForeignAward",
    "ForeignDefinition",
    "Found",
    "SourceFile",
    "read_moment",
    "short",
]

#: All files of one import together.
MOST_BYTES = 100_000_000
MOST_AWARDS = 200_000
MOST_DEFINITIONS = 5_000
#: So many problems are told one by one.
TOLD = 50
LINE, TEXT, ADDRESS = 255, 10_000, 500


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed in."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ForeignDefinition:
    """A badge of another system. ``origin`` is its id there: an address, or what its name makes."""

    origin: str
    name: str
    description: str = ""
    criteria: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class ForeignAward:
    """That somebody holds it. The recipient is an address, or its hash with the salt; never both.

    ``origin`` is the award's id there, empty where the system gives none; ``sha256`` is of the document or row it was
    read from.
    """

    definition: str
    origin: str
    email: str
    email_hash: str
    salt: str
    issued_at: datetime
    expires_at: datetime | None
    revoked: bool
    sha256: str
    place: str

    @property
    def identity(self) -> str:
        """The same for the same award, in whichever file it comes again."""
        recipient = self.email or self.email_hash
        said = self.origin or f"{recipient} {self.issued_at.isoformat()}"
        return hashlib.sha256(f"{self.definition}\n{said}".encode()).hexdigest()


@dataclass
class Found:
    """What was read so far, and what is wrong. Definitions by origin; the first of the same origin stays."""

    formats: set[str] = field(default_factory=set)
    definitions: dict[str, ForeignDefinition] = field(default_factory=dict)
    awards: list[ForeignAward] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    problem_count: int = 0

    def refuse(self, place: str, problem: str) -> None:
        """Keep a problem with its place; only some of them are told."""
        self.problem_count += 1
        if len(self.problems) < TOLD:
            self.problems.append(f"{place}: {problem}")

    def define(self, definition: ForeignDefinition) -> None:
        """A definition; one that says more takes the place of one that was only mentioned."""
        known = self.definitions.get(definition.origin)
        if known is None or (not known.description and definition.description):
            self.definitions[definition.origin] = definition

    @property
    def is_full(self) -> bool:
        """Whether more was found than one import takes."""
        return len(self.awards) > MOST_AWARDS or len(self.definitions) > MOST_DEFINITIONS


def short(value: Any, limit: int) -> str:
    """A text on one line and of this length; empty where it is no text."""
    return clean_line(value.replace("\x00", ""))[:limit] if isinstance(value, str) else ""


def read_moment(value: Any) -> datetime:
    """A moment as other systems write it: ISO 8601, ``2026-03-01 10:00:00 UTC``, or seconds since 1970.

    Without a zone it is UTC. Raises ValueError for anything else: a day written 03/04/2026 is March to some and
    April to others.
    """
    if (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value.isdecimal()
    ):
        seconds = int(value)
        if not 0 < seconds < 32_503_680_000:
            raise ValueError(value)
        return datetime.fromtimestamp(seconds, UTC)
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError(value)
    moment = datetime.fromisoformat(value.strip().removesuffix(" UTC"))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1970 <= moment.year <= 9000:
        raise ValueError(value)
    return moment.astimezone(UTC)
