"""What every format is read into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["MAX_PROBLEMS", "ParsedFramework", "Problem", "Problems", "RelationRow", "SkillRow", "SourceFile"]

#: So many problems are told one by one; of the rest, only how many there are.
MAX_PROBLEMS = 100


@dataclass(frozen=True)
class SourceFile:
    """A file as somebody handed it in."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Problem:
    """Something that has to be mended before anything is imported. ``place`` is a line or a path."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class Problems:
    """Collects problems, and counts those beyond the first hundred without keeping them."""

    def __init__(self) -> None:
        self.first: list[Problem] = []
        self.count = 0

    def add(self, place: str, message: str) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < MAX_PROBLEMS:
            self.first.append(Problem(place, message))

    def include(self, other: Problems) -> None:
        """Those of another file too."""
        self.count += other.count
        self.first = [*self.first, *other.first][:MAX_PROBLEMS]


@dataclass(frozen=True)
class SkillRow:
    """A skill as its file says it."""

    key: str
    name: str
    place: str
    statement: str = ""
    uri: str = ""
    level: str = ""
    level_scheme: str = ""
    category: str = ""
    language: str = ""
    retired: bool = False
    successor: str = ""
    clusters: tuple[str, ...] = ()


@dataclass(frozen=True)
class RelationRow:
    """A relation as its file says it; ``source`` has ``target`` as its broader skill, requires it, and so on."""

    source: str
    kind: str
    target: str
    place: str


@dataclass(frozen=True)
class ParsedFramework:
    """What a file says.

    ``fields`` are the fields of a skill that the file speaks of; an update leaves the others as they are.
    ``relation_kinds`` are the kinds it lists completely: imported relations of these kinds that it does not list
    any more go. ``closed`` says that a relation to an unknown skill is a mistake and not a view into a framework
    that was not handed in.
    """

    problems: Problems
    skills: tuple[SkillRow, ...] = ()
    relations: tuple[RelationRow, ...] = ()
    fields: frozenset[str] = frozenset()
    relation_kinds: frozenset[str] = frozenset()
    closed: bool = False
    title: str = ""
    url: str = ""
    version: str = ""
    language: str = ""
    notes: tuple[str, ...] = field(default=())

    @staticmethod
    def together(parts: Iterable[ParsedFramework]) -> ParsedFramework:
        """Several files of one framework as one."""
        parts = list(parts)
        problems = Problems()
        for part in parts:
            problems.include(part.problems)
        return ParsedFramework(
            problems=problems,
            skills=tuple(row for part in parts for row in part.skills),
            relations=tuple(row for part in parts for row in part.relations),
            fields=frozenset().union(*(part.fields for part in parts)),
            relation_kinds=frozenset().union(*(part.relation_kinds for part in parts)),
            closed=all(part.closed for part in parts),
            title=next((part.title for part in parts if part.title), ""),
            url=next((part.url for part in parts if part.url), ""),
            version=next((part.version for part in parts if part.version), ""),
            language=next((part.language for part in parts if part.language), ""),
            notes=tuple(note for part in parts for note in part.notes),
        )
