"""A document of a shape seen before gets its canonical bytes without JSON-LD processing: the same bytes, or none.

Expanding JSON-LD is nearly the whole cost of ``eddsa-rdfc-2022``, and it depends on very little of a credential.
Two documents have the same *shape* when they differ in free strings only; what expansion does with one it does
with the other. So a shape is compiled once (`compilation`) and filled in afterwards (`plan`).

The fast route is taken only where **all** of this holds; otherwise the plain route (`plain_route`) answers, and
refuses whatever has to be refused:

1. *Everything that steers is equal.* The key of a shape holds the text of the document without its free strings:
   member names, nesting, array lengths, numbers, booleans, and of the strings ``@context``, every type, language
   and direction, and whatever came out as something else than one whole literal or address when the shape was
   compiled (JSON literals, terms in the place of an address).
2. *Every free string came out.* Compiling replaces each by an unguessable probe. One that does not come out
   belongs to a member that would not be signed: there is no plan, and the plain route refuses the document.
3. *An address is plain.* A string that stands for an address must be ASCII without any character that N-Quads
   escapes, and absolute with one of a short list of schemes none of which is a term, or begins a term, of any
   known context: then no context can give it another meaning. Relative references and ``_:`` never pass.
4. *A text is any text*, written in the escapes of canonical N-Quads; half surrogate pairs never pass.
5. *Names of blank nodes are found per document.* One string can renumber them all; hashes are computed for every
   blank node that sees one. Equal hashes, and doubled statements about blank nodes, go through the whole of
   RDFC-1.0 with its limit of work.
6. *The plan has proved itself.* Before it is kept it must give the plain route's bytes for the document itself,
   for one with other strings of all kinds in every free place, and for one in which these strings are equal in
   many places.
7. *Contexts come from the closed set of this package*, so a shape's meaning cannot change while it is remembered.

Memory is bounded in shapes and bytes; nothing is compiled before its second sight (`shape_memory`).
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microcred_app.ob3.compilation import Compiled, address_pattern, compile_plan, free_places
from microcred_app.ob3.dataset import escape_literal
from microcred_app.ob3.errors import CanonicalisationError, Ob3Error
from microcred_app.ob3.json_text import as_literals, encode_json, name_places, split_strings, with_places
from microcred_app.ob3.plain_route import Canonicaliser
from microcred_app.ob3.plan import Plan
from microcred_app.ob3.shape_memory import ShapeMemory

__all__ = ["ShapeCanonicaliser", "prove"]

# Every escape of N-Quads and JSON, beyond ASCII and beyond the first plane, and what looks like N-Quads itself.
_ODD_TEXTS = (
    '"',
    "\\",
    "\n\r\t\b\f",
    "\x00\x1f\x7f",
    "é",
    "😀 \U0010ffff",
    "_:c14n0 .",
    "\\u0041/",
    " !",
    "",
)


class ShapeCanonicaliser:
    """Canonicalises like the plain route it is given, faster where it can; may be shared by threads."""

    def __init__(self, plain: Canonicaliser, memory: ShapeMemory[Plan] | None = None) -> None:
        self.plain = plain
        self.addresses = address_pattern(plain.contexts)
        self.memory: ShapeMemory[Plan] = ShapeMemory() if memory is None else memory

    def __call__(self, document: Mapping[str, Any]) -> bytes:
        """Return the canonical N-Quads of *document*; raises `CanonicalisationError` or `ContextError`."""
        try:
            text = encode_json(document)
        except (TypeError, ValueError, RecursionError):
            return self.plain(document)  # not JSON: refused there by name
        return self.canonicalise_text(text, document)

    def canonicalise_text(self, text: bytes, document: Mapping[str, Any]) -> bytes:
        """Return the canonical N-Quads of *document*, whose JSON is *text*."""
        parts = split_strings(text)
        for plan in self.memory.find(parts):
            canonical = fill(plan, as_literals(parts, text))  # what was encoded has no half characters
            if canonical is not None:
                return canonical
        if self.memory.may_learn(parts):
            self._learn(parts, text)
        return self.plain(document)

    def compile(
        self, document: Mapping[str, Any], tree: Mapping[str, Any], width: int, free: set[int]
    ) -> Compiled | None:
        """Return a plan of *document* that has proved itself, or None (`compilation.compile_plan`)."""
        compiled = compile_plan(document, tree, width, free, self.plain, self.addresses)
        return compiled if compiled and prove(compiled, document, tree, self.plain) else None

    def _learn(self, parts: list[bytes], text: bytes) -> None:
        document, names = json.loads(text), name_places(parts)
        if not isinstance(document, dict) or len(names) != _count_names(document):
            return  # not an object, or a member name stands twice
        tree = with_places(parts, names)
        compiled = self.compile(document, tree, len(parts), free_places(tree))
        free = compiled.free if compiled else frozenset()
        key = [place for place in range(1, len(parts), 2) if place not in free]
        self.memory.learn(parts, key, compiled.plan if compiled else None)


def fill(plan: Plan, literals: Sequence[bytes]) -> bytes | None:
    """Return what *plan* makes of *literals*, or None where the plain route has to look."""
    try:
        return plan.fill(literals)
    except CanonicalisationError:
        return None


def prove(
    compiled: Compiled, document: Mapping[str, Any], tree: Mapping[str, Any], plain: Canonicaliser
) -> bool:
    """Return whether the plan gives the plain route's bytes for *document* and for two others of its shape."""
    width = compiled.plan.width
    for strings in (None, _Strings(compiled, alike=False), _Strings(compiled, alike=True)):
        places: dict[int, str] = {}
        other = _with_strings(document, tree, strings, places)
        parts = [places.get(place, "") for place in range(width)]
        filled = fill(compiled.plan, [escape_literal(part).encode() for part in parts])
        try:
            if filled is not None and filled != plain(other):
                return False
        except Ob3Error:
            return False
        if filled is None and strings is None:
            return False
    return True


@dataclass(frozen=True)
class _Strings:
    """Strings to prove a plan with: odd ones, different in every place, or the same few everywhere."""

    compiled: Compiled
    alike: bool

    def at(self, place: int, value: str) -> str:
        if place not in self.compiled.free:
            return value
        number = place % 3 if self.alike else place
        if place in self.compiled.addresses:
            return f"urn:proof:{number}" if self.alike else f"urn:proof:{secrets.token_hex(4)}:{number}"
        text = _ODD_TEXTS[number % len(_ODD_TEXTS)]
        return text if self.alike else f"{secrets.token_hex(2)}{text}{number}"


def _with_strings(value: Any, tree: Any, strings: _Strings | None, places: dict[int, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _with_strings(item, tree[name], strings, places) for name, item in value.items()}
    if isinstance(value, list):
        return [
            _with_strings(item, branch, strings, places) for item, branch in zip(value, tree, strict=True)
        ]
    if not isinstance(value, str):
        return value
    place = int(tree)
    places[place] = strings.at(place, value) if strings else value
    return places[place]


def _count_names(value: Any) -> int:
    if isinstance(value, Mapping):
        return len(value) + sum(map(_count_names, value.values()))
    return sum(map(_count_names, value)) if isinstance(value, list) else 0
