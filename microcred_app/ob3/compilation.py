"""A plan is made of what the plain route does with a document whose free strings were replaced by probes.

Each probe is an address with an unguessable random part. Where it comes out shows where its string belongs and
whether it is an address or a text there. A probe that comes out nowhere belongs to a member that would not be
signed: no plan is made, and the plain route, asked instead, refuses the document by name. A probe that comes out
inside something else (a JSON literal), as a type, or in place of a term shows a string that steers: it becomes
part of the key, and the document is probed again without it.
"""

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from microcred_app.ob3.assembly import MAX_STATEMENTS, Line, assemble
from microcred_app.ob3.contexts import ContextStore
from microcred_app.ob3.dataset import Quad
from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.plain_route import Canonicaliser
from microcred_app.ob3.plan import Plan

__all__ = ["Compiled", "address_pattern", "compile_plan", "free_places"]

_ROUNDS = 4
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_STEERING_NAMES = frozenset({"@context", "type", "@type", "@language", "@direction"})
_SCHEMES = (
    "acct",
    "ark",
    "data",
    "did",
    "doi",
    "geo",
    "http",
    "https",
    "info",
    "mailto",
    "tag",
    "tel",
    "urn",
)
_CHARACTERS = r"[!#-;=?-\[\]_a-z~]+"  # ASCII without what N-Quads would escape in an address


@dataclass(frozen=True)
class Compiled:
    """A plan, the places of the strings it takes, and which of them are addresses. All other strings are its key."""

    plan: Plan
    free: frozenset[int]
    addresses: frozenset[int]


def address_pattern(contexts: ContextStore) -> re.Pattern[bytes]:
    """Return what addresses, one per line, look like when no context can give them another meaning.

    Absolute, and of a usual scheme that no term of any context in *contexts* is or begins with.
    """
    heads: set[str] = set()
    waiting: list[Any] = list(contexts.documents.values())
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            heads.update(name.split(":", 1)[0] for name in item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    schemes = "|".join(scheme for scheme in _SCHEMES if scheme not in heads)
    one = f"(?:{schemes}):{_CHARACTERS}"
    return re.compile(f"{one}(?:\n{one})*".encode())


def free_places(tree: Any) -> set[int]:
    """Return the places of all strings in *tree* that may vary as far as member names tell."""
    found: set[int] = set()
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            waiting.extend(value for name, value in item.items() if name not in _STEERING_NAMES)
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str):
            found.add(int(item))
    return found


def compile_plan(
    document: Mapping[str, Any],
    tree: Mapping[str, Any],
    width: int,
    free: Collection[int],
    canonicaliser: Canonicaliser,
    addresses: re.Pattern[bytes],
) -> Compiled | None:
    """Return the plan of *document*, or None when there can be none.

    *tree* is *document* with the place of every string instead of the string; strings at *free* places vary,
    all others are the same in every document the plan will be used for. *width* is the number of places.
    """
    varying = set(free)
    for _ in range(_ROUNDS):
        probes = _Probes(varying)
        try:
            quads = canonicaliser.quads(probes.put(document, tree))
        except Ob3Error:
            return None
        steering = probes.read(quads, addresses)
        if not steering:
            if varying - probes.found or len(quads) > MAX_STATEMENTS:
                return None
            lines = [probes.pieces(quad) for quad in quads]
            plan = assemble(lines, width, sorted(probes.addresses), addresses)
            return Compiled(plan, frozenset(varying), frozenset(probes.addresses))
        varying -= steering
    return None


class _Probes:
    """Puts probes in place of strings, and finds them in the statements that come out."""

    def __init__(self, places: Collection[int]) -> None:
        mark = f"urn:probe:{secrets.token_hex(12)}:"
        self._texts = {place: f"{mark}{place}." for place in places}
        self._pattern = re.compile(re.escape(mark) + r"(\d+)\.")
        self._values: dict[int, str] = {}
        self.found: set[int] = set()
        self.addresses: set[int] = set()

    def put(self, value: Any, tree: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self.put(member, tree[name]) for name, member in value.items()}
        if isinstance(value, list):
            return [self.put(item, branch) for item, branch in zip(value, tree, strict=True)]
        if not isinstance(value, str) or int(tree) not in self._texts:
            return value
        self._values[int(tree)] = value
        return self._texts[int(tree)]

    def read(self, quads: Iterable[Quad], pattern: re.Pattern[bytes]) -> set[int]:
        """Note where the probes came out; return the places whose strings steer."""
        steering: set[int] = set()
        for quad in quads:
            for part, term in zip(quad._fields, quad, strict=True):
                for match in self._pattern.finditer(term):
                    place = int(match[1])
                    self.found.add(place)
                    names = part == "predicate" or (part == "object" and quad.predicate == _TYPE)
                    if names or not _stands_alone(term, match):
                        steering.add(place)
                    elif term.startswith("<"):
                        self.addresses.add(place)
        steering.update(p for p in self.addresses if not pattern.fullmatch(self._values[p].encode()))
        return steering

    def pieces(self, quad: Quad) -> Line:
        """Return the terms of *quad*, each as fixed texts and places in turn."""
        subject, predicate, value, graph = (self._term(term) for term in quad)
        return subject, predicate, value, graph

    def _term(self, term: str) -> tuple[str | int, ...]:
        match = self._pattern.search(term)
        return (term,) if match is None else (term[: match.start()], int(match[1]), term[match.end() :])


def _stands_alone(term: str, match: re.Match[str]) -> bool:
    before, after = term[: match.start()], term[match.end() :]
    return (before == "<" and after == ">") or (before == '"' and after.startswith('"'))
