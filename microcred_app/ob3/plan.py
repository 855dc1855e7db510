"""A plan turns the strings of one document into its canonical N-Quads, in the order RDFC-1.0 demands, or declines.

What a plan knows is fixed when it is compiled (`compilation`): which statements there are and which strings stand
in them. What it still decides per document, because it depends on the strings, is exactly what RDFC-1.0 decides:
the hash of each blank node that sees a string, hence the names of all blank nodes, and the order of the lines.

Lines of one subject stay together and keep their order, since their predicates are known; so only the subjects,
and the objects that share subject and predicate, are sorted. When two subjects or two such objects turn out
equal, or a statement stands in a graph of its own, all lines are written, doubles dropped, and sorted. When two
blank nodes have equal hashes, or a statement about a blank node is doubled, the statements go through the whole
of RDFC-1.0 (`rdfc`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from re import Pattern
from typing import Any

from microcred_app.ob3.dataset import Quad
from microcred_app.ob3.rdfc import canonical_nquads

__all__ = ["LABELS", "BlankNodes", "Choice", "Getter", "Plan", "Term"]

Getter = Callable[[Sequence[bytes]], tuple[bytes, ...]]

LABELS = tuple(b"_:c14n%d" % number for number in range(2_000))


@dataclass(frozen=True)
class Term:
    """A term of a statement: fixed text, with the string at a place in the middle when `place` is given."""

    before: str
    place: int | None = None
    after: str = ""

    def write(self, slots: Sequence[bytes]) -> str:
        """Return the term as it stands in N-Quads."""
        return self.before if self.place is None else f"{self.before}{slots[self.place].decode()}{self.after}"


@dataclass(frozen=True)
class BlankNodes:
    """How the hashes of all blank nodes are found: known, or of lines in a fixed order, or of lines to be sorted.

    Blank nodes are numbered in this order.
    """

    known: tuple[bytes, ...]
    texts: tuple[Getter, ...]
    lines: tuple[tuple[Getter, ...], ...]

    def __len__(self) -> int:
        return len(self.known) + len(self.texts) + len(self.lines)

    def hashes(self, slots: Sequence[bytes]) -> list[bytes]:
        """Return the first-degree hashes (RDFC-1.0 section 4.6), provided that no statement is doubled."""
        found = [*self.known, *[sha256(b"".join(text(slots))).digest() for text in self.texts]]
        for lines in self.lines:
            found.append(sha256(b"".join(sorted([b"".join(line(slots)) for line in lines]))).digest())
        return found


@dataclass(frozen=True)
class Choice:
    """Objects that share subject and predicate: they are written in the order of their text."""

    objects: tuple[tuple[bytes, int, bytes], ...]

    def order(self, slots: Sequence[bytes]) -> list[bytes]:
        """Return the objects, line end included, in order."""
        return sorted([before + slots[place] + after for before, place, after in self.objects])


@dataclass(frozen=True)
class Plan:
    """The compiled form of one shape. Places below `width` are strings of the document, then come `constants`,
    then the names of the blank nodes, then the objects of `choices`.

    `apart` are the strings of subjects, and of objects that share subject and predicate, each with their number:
    as long as all strings of one entry differ, no two lines are the same (blank nodes never are) and the order of
    subjects is that of their texts.
    """

    width: int
    constants: tuple[bytes, ...]
    addresses: Getter | None
    address_lines: Pattern[bytes]
    apart: tuple[tuple[Getter, int], ...]
    blank_nodes: BlankNodes
    choices: tuple[Choice, ...]
    fixed_groups: tuple[bytes, ...]
    groups: tuple[Getter, ...]
    lines: tuple[Getter, ...]
    quads: tuple[tuple[Term, Term, Term, Term], ...]
    in_groups: bool

    def fill(self, parts: Sequence[bytes]) -> bytes | None:
        """Return the canonical N-Quads for the strings in *parts*, or None when this plan cannot tell.

        *parts* are the pieces of `json_text`, their strings in the escapes of N-Quads, in UTF-8. Raises
        `CanonicalisationError` where RDFC-1.0 asks for too much work.
        """
        if self.addresses and not self.address_lines.fullmatch(b"\n".join(self.addresses(parts))):
            return None
        slots = [*parts, *self.constants]
        ordered = self._keeps_order(slots)
        if not ordered and self._doubles_matter(slots):
            return self._canonicalise(slots)
        if len(self.blank_nodes) > 1:
            hashes = self.blank_nodes.hashes(slots)
            labels = dict(zip(sorted(hashes), LABELS, strict=False))
            if len(labels) < len(hashes):
                return self._canonicalise(slots)
            slots += [labels[digest] for digest in hashes]
        elif self.blank_nodes:
            slots.append(LABELS[0])
        if not ordered:
            return b"".join(sorted({b"".join(line(slots)) for line in self.lines}))
        for choice in self.choices:
            slots += choice.order(slots)
        texts = [b"".join(group(slots)) for group in self.groups]
        texts += self.fixed_groups
        texts.sort()
        return b"".join(texts)

    def size(self) -> int:
        """Return about how many bytes the plan keeps in memory."""
        pieces = sum(map(len, self.constants)) + sum(map(len, self.fixed_groups))
        return 2_000 + 2 * pieces + 90 * len(self.constants) + 900 * len(self.quads)

    def _keeps_order(self, slots: Sequence[bytes]) -> bool:
        return self.in_groups and all(len(set(alike(slots))) == count for alike, count in self.apart)

    def _doubles_matter(self, slots: Sequence[bytes]) -> bool:
        named = [*slots, *self._own_names()]
        seen: set[bytes] = set()
        for line, quad in zip(self.lines, self.quads, strict=True):
            text = b"".join(line(named))
            if text in seen and any(term.place is not None and term.place >= len(slots) for term in quad):
                return True
            seen.add(text)
        return False

    def _canonicalise(self, slots: Sequence[bytes]) -> bytes:
        named = [*slots[: self.width + len(self.constants)], *self._own_names()]
        quads: list[Any] = [Quad(*(term.write(named) for term in quad)) for quad in self.quads]
        return canonical_nquads(dict.fromkeys(quads))

    def _own_names(self) -> list[bytes]:
        return [b"_:b%d" % number for number in range(len(self.blank_nodes))]
