"""Shapes are remembered within fixed bounds, and a stranger's document cannot push work or memory beyond them.

A shape is found by the structure of a text, then by its member names and the other strings that belong to its
key. It is learned on second sight only: documents that come once cost nothing but their plain processing. Each
structure may be learned from a limited number of times; every use of what was learned earns one more.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from threading import Lock
from typing import Generic, Protocol, TypeVar

from microcred_app.ob3.json_text import structure_of
from microcred_app.ob3.plan import Getter

__all__ = ["MAX_BYTES", "MAX_SHAPES", "ShapeMemory"]

MAX_SHAPES = 512
MAX_BYTES = 64_000_000
MAX_SIGHTINGS = 4_096
MAX_LESSONS = 16
MAX_KEYS = 4
MAX_STRINGS = 4_000
MAX_TEXT = 250_000  # proving a plan costs several times the plain route: not for giants


class Sized(Protocol):
    """Whatever knows about how much memory it takes."""

    def size(self) -> int:
        """Return the size in bytes."""
        ...


Shape = TypeVar("Shape", bound=Sized)


@dataclass
class _Family(Generic[Shape]):
    """The shapes of one structure: for each choice of key strings, the shapes by key."""

    lessons: int = MAX_LESSONS
    size: int = 0
    known: dict[tuple[int, ...], tuple[Getter, dict[bytes, Shape]]] = field(default_factory=dict)

    def count(self) -> int:
        return sum(len(shapes) for _, shapes in self.known.values())


class ShapeMemory(Generic[Shape]):
    """Remembers shapes, the least recently used structure leaving first; may be shared by threads."""

    def __init__(self, max_shapes: int = MAX_SHAPES, max_bytes: int = MAX_BYTES) -> None:
        self._max_shapes, self._max_bytes = max_shapes, max_bytes
        self._families: OrderedDict[bytes, _Family[Shape]] = OrderedDict()
        self._sightings: OrderedDict[int, None] = OrderedDict()
        self._lock = Lock()
        self.shapes = 0
        self.bytes = 0

    def find(self, parts: Sequence[bytes]) -> list[Shape]:
        """Return the shapes that the text in *parts* may have: none, one, rarely more."""
        structure = structure_of(parts)
        with self._lock:
            family = self._families.get(structure)
            if family is None:
                return []
            self._families.move_to_end(structure)
            found = []
            for pick, shapes in family.known.values():
                shape = shapes.get(b'"'.join(pick(parts)))
                if shape is not None:
                    found.append(shape)
            if found and family.lessons < MAX_LESSONS:
                family.lessons += 1
            return found

    def may_learn(self, parts: Sequence[bytes]) -> bool:
        """Return whether the structure of *parts* was seen before and has lessons left; counts as one."""
        if len(parts) > 2 * MAX_STRINGS or len(parts) % 2 == 0 or sum(map(len, parts)) > MAX_TEXT:
            return False
        structure = structure_of(parts)
        with self._lock:
            family = self._families.get(structure)
            if family is not None:
                family.lessons = max(family.lessons - 1, -1)
                return family.lessons >= 0
            sighting = hash(structure)
            if sighting in self._sightings:
                return True
            self._sightings[sighting] = None
            if len(self._sightings) > MAX_SIGHTINGS:
                self._sightings.popitem(last=False)
            return False

    def learn(self, parts: Sequence[bytes], places: Sequence[int], shape: Shape | None) -> None:
        """Keep *shape* for texts like *parts* that have the same strings at *places*; None: there is no shape."""
        structure = structure_of(parts)
        with self._lock:
            family = self._families.setdefault(structure, _Family())
            self._families.move_to_end(structure)
            if shape is None or len(places) < 2:
                return
            self._forget(family)
            kinds = tuple(places)
            if kinds not in family.known and len(family.known) >= MAX_KEYS:
                family.known.pop(next(iter(family.known)))
            pick, shapes = family.known.setdefault(kinds, (itemgetter(*kinds), {}))
            if len(shapes) >= MAX_LESSONS:
                shapes.pop(next(iter(shapes)))
            shapes[b'"'.join(pick(parts))] = shape
            family.size = sum(
                len(key) + shape.size() for _, kept in family.known.values() for key, shape in kept.items()
            ) + len(structure)
            self.shapes += family.count()
            self.bytes += family.size
            while self._families and (self.shapes > self._max_shapes or self.bytes > self._max_bytes):
                self._forget(self._families.popitem(last=False)[1])

    def _forget(self, family: _Family[Shape]) -> None:
        self.shapes -= family.count()
        self.bytes -= family.size
