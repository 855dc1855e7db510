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

__all__ = ["LABELS", "BlankNode", "Choice", "Getter", "Plan", "Term"]

Getter = Callable[[Sequence[str]], tuple[str, ...]]

LABELS = tuple(f"_:c14n{number}" for number in range(2_000))


@dataclass(frozen=True)
class Term:
    """A term of a statement: fixed text, with the string at a place in the middle when `place` is given."""

    before: str
    place: int | None = None
    after: str = ""

    def write(self, slots: Sequence[str]) -> str:
        """Return the term as it stands in N-Quads."""
        return self.before if self.place is None else f"{self.before}{slots[self.place]}{self.after}"


@dataclass(frozen=True)
class BlankNode:
    """How the hash of a blank node is found: known, or of lines in a fixed order, or of lines to be sorted."""

    digest: str = ""
    text: Getter | None = None
    lines: tuple[Getter, ...] = ()

    def hash(self, slots: Sequence[str]) -> str:
        """Return the first-degree hash (RDFC-1.0 section 4.6), provided that no statement is doubled."""
        if self.text is not None:
            return sha256("".join(self.text(slots)).encode()).hexdigest()
        if self.digest:
            return self.digest
        return sha256("".join(sorted(["".join(line(slots)) for line in self.lines])).encode()).hexdigest()


@dataclass(frozen=True)
class Choice:
    """Objects that share subject and predicate: they are written in the order of their text."""

    objects: tuple[tuple[str, int, str], ...]
    strings: Getter | None

    def differs(self, slots: Sequence[str]) -> bool:
        """Return whether no two of the objects can be the same (blank nodes never are)."""
        if self.strings is None:
            return True
        strings = self.strings(slots)
        return len(set(strings)) == len(strings)

    def order(self, slots: Sequence[str]) -> list[str]:
        """Return the objects, line end included, in order."""
        return sorted([f"{before}{slots[place]}{after}" for before, place, after in self.objects])


@dataclass(frozen=True)
class Plan:
    """The compiled form of one shape. Places below `width` are strings of the document, then come `constants`,
    then the names of the blank nodes, then the objects of `choices`.
    """

    width: int
    constants: tuple[str, ...]
    addresses: Getter | None
    address_lines: Pattern[str]
    subjects: Getter | None
    blank_nodes: tuple[BlankNode, ...]
    choices: tuple[Choice, ...]
    fixed_groups: tuple[str, ...]
    groups: tuple[Getter, ...]
    lines: tuple[Getter, ...]
    quads: tuple[tuple[Term, Term, Term, Term], ...]
    in_groups: bool

    def fill(self, parts: Sequence[str]) -> bytes | None:
        """Return the canonical N-Quads for the strings in *parts*, or None when this plan cannot tell.

        *parts* are the pieces of `json_text`, their strings in the escapes of N-Quads. Raises
        `CanonicalisationError` where RDFC-1.0 asks for too much work, `UnicodeEncodeError` for half characters.
        """
        if self.addresses and not self.address_lines.fullmatch("\n".join(self.addresses(parts))):
            return None
        slots = [*parts, *self.constants]
        ordered = self._keeps_order(slots)
        if not ordered and self._doubles_matter(slots):
            return self._canonicalise(slots)
        if len(self.blank_nodes) > 1:
            hashes = [node.hash(slots) for node in self.blank_nodes]
            ranks = {digest: LABELS[rank] for rank, digest in enumerate(sorted(hashes))}
            if len(ranks) < len(hashes):
                return self._canonicalise(slots)
            slots += [ranks[digest] for digest in hashes]
        elif self.blank_nodes:
            slots.append(LABELS[0])
        if not ordered:
            return "".join(sorted({"".join(line(slots)) for line in self.lines})).encode()
        for choice in self.choices:
            slots += choice.order(slots)
        texts = ["".join(group(slots)) for group in self.groups]
        texts += self.fixed_groups
        texts.sort()
        return "".join(texts).encode()

    def size(self) -> int:
        """Return about how many bytes the plan keeps in memory."""
        pieces = sum(map(len, self.constants)) + sum(map(len, self.fixed_groups))
        return 2_000 + 2 * pieces + 90 * len(self.constants) + 900 * len(self.quads)

    def _keeps_order(self, slots: Sequence[str]) -> bool:
        if not self.in_groups:
            return False
        if self.subjects:
            subjects = self.subjects(slots)
            if len(set(subjects)) < len(subjects):
                return False
        for choice in self.choices:
            if not choice.differs(slots):
                return False
        return True

    def _doubles_matter(self, slots: Sequence[str]) -> bool:
        named = [*slots, *self._own_names()]
        seen: set[str] = set()
        for line, quad in zip(self.lines, self.quads, strict=True):
            text = "".join(line(named))
            if text in seen and any(term.place is not None and term.place >= len(slots) for term in quad):
                return True
            seen.add(text)
        return False

    def _canonicalise(self, slots: Sequence[str]) -> bytes:
        named = [*slots[: self.width + len(self.constants)], *self._own_names()]
        quads: list[Any] = [Quad(*(term.write(named) for term in quad)) for quad in self.quads]
        return canonical_nquads(dict.fromkeys(quads))

    def _own_names(self) -> list[str]:
        return [f"_:b{number}" for number in range(len(self.blank_nodes))]
