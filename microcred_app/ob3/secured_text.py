"""A signed document is read and hashed in one go when its shape is known: bytes in, values and hashes out.

Here the shape is that of the whole signed text, proof and white space included. Knowing it saves three things
at once: looking for doubled names and for excess (both are properties of the shape), writing the document down
again without its proof, and JSON-LD. The conditions are those of `shapes`; where one does not hold the text is
read by `json_input` and hashed by the plain route. Shapes in frequent use are narrowed (`narrowing`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from microcred_app.ob3.compilation import Compiled, free_places
from microcred_app.ob3.errors import InputError
from microcred_app.ob3.json_input import Limits, check_text, is_within, parse_json
from microcred_app.ob3.json_text import (
    as_literals,
    decode_exact,
    decode_known,
    has_long_number,
    is_small,
    name_places,
    renumbered,
    split_strings,
    structure_of,
    with_places,
)
from microcred_app.ob3.narrowing import NarrowedShape, Watch, pieces_around
from microcred_app.ob3.plan import Plan
from microcred_app.ob3.shape_memory import ShapeMemory
from microcred_app.ob3.shapes import ShapeCanonicaliser, fill
from microcred_app.ob3.structure import repeats_itself

__all__ = ["SecuredReader", "SecuredText"]

MAX_PLANNED_PROOFS = 2
MAX_NARROWED = 8
MAX_NARROWED_BYTES = 1_000_000
_DEFAULT_LIMITS = Limits()
_EXPONENT = re.compile(rb"[0-9][eE]")


@dataclass(frozen=True)
class _SecuredShape:
    """The plans of a signed document: of what its proofs cover, and of the options of each proof."""

    document: Plan
    options: tuple[Plan, ...]
    may_repeat_itself: bool
    long_numbers: bool
    watch: Watch

    def size(self) -> int:
        return self.document.size() + sum(plan.size() for plan in self.options)


@dataclass(frozen=True)
class _Readable:
    """The shape of a text that was read before: it may be read."""

    def size(self) -> int:
        return 500


class SecuredText(NamedTuple):
    """A parsed text, and what is known about it from its shape.

    That is the 64 bytes each of its proofs signs, and whether an object inside could repeat the credential.
    """

    value: Any
    hash_data: tuple[bytes, ...] = ()
    may_repeat_itself: bool = True


class SecuredReader:
    """Reads signed texts, and remembers their shapes; may be shared by threads."""

    def __init__(self, canonicaliser: ShapeCanonicaliser) -> None:
        self._canonicaliser = canonicaliser
        self.memory: ShapeMemory[_SecuredShape] = ShapeMemory()
        self._payloads: ShapeMemory[_Readable] = ShapeMemory()
        # Another tuple for each change: whoever reads sees one or the other.
        self._narrowed: tuple[NarrowedShape, ...] = ()

    def read(self, data: bytes | str, limits: Limits | None = None) -> SecuredText:
        """Return the value of *data*; raises `InputError` exactly where `json_input.parse_json` does."""
        if limits is not None:
            return SecuredText(parse_json(data, limits))
        text = check_text(data, _DEFAULT_LIMITS)
        return self._read_narrowed(text) or self._read_wide(text)

    def _read_narrowed(self, text: bytes) -> SecuredText | None:
        for narrowed in self._narrowed:
            strings = narrowed.strings(text)
            if strings is not None:
                if narrowed is not self._narrowed[0]:
                    self._put_first(narrowed)
                return _fill_narrowed(narrowed, strings, text)
        return None

    def _put_first(self, narrowed: NarrowedShape) -> None:
        others = (other for other in self._narrowed if other is not narrowed)
        self._narrowed = (narrowed, *others)[:MAX_NARROWED]

    def _read_wide(self, text: bytes) -> SecuredText:
        parts = split_strings(text)
        shapes = self.memory.find(parts)
        if not shapes and self.memory.may_learn(parts):
            self._learn(parts, parse_json(text))
            shapes = self.memory.find(parts)
        for shape in shapes:
            read = _fill_wide(shape, parts, text)
            if read is not None:
                varying = shape.watch.count(parts)
                if varying:
                    self._narrow(shape, parts, read.value, varying)
                return read
        return SecuredText(parse_json(text))

    def read_payload(self, data: bytes, limits: Limits | None = None) -> Any:
        """Return the value of *data*, the payload of a token, exactly as `json_input.parse_json` does.

        Its shape, numbers aside, tells that no name is doubled and nothing exceeds the limits.
        """
        if limits is not None or len(data) > _DEFAULT_LIMITS.max_bytes or b"\\u" in data:
            return parse_json(data, limits)
        exact = decode_exact(data)
        if isinstance(exact, dict) and (
            is_small(exact, data, depth=_DEFAULT_LIMITS.max_depth, entries=_DEFAULT_LIMITS.max_items)
            or is_within(exact, _DEFAULT_LIMITS)
        ):
            return exact
        parts = split_strings(data)
        numbered = structure_of(parts)
        # Whole numbers may differ: they cannot double a name, deepen a text, or be infinite.
        parts[::2] = numbered.translate(None, b"0123456789").split(b'"')
        if self._payloads.find(parts):
            try:
                return decode_known(data, long_numbers=has_long_number(numbered))
            except ValueError:
                return parse_json(data)
        value = parse_json(data)
        finite = not _EXPONENT.search(numbered)
        if isinstance(value, Mapping) and finite and self._payloads.may_learn(parts):
            self._payloads.learn(parts, name_places(parts), _Readable())
        return value

    def _learn(self, parts: list[bytes], value: Any) -> None:
        names = name_places(parts)
        tree = with_places(parts, names)
        compiled = self._compile(value, tree, len(parts))
        free = set(range(1, len(parts), 2)) - set(names)
        shape = None
        if compiled:
            # Strings of proofs that no plan takes (the signature) are free; those that steer any plan are not.
            for plan, places in compiled:
                free -= places - plan.free
            document, *options = (plan.plan for plan, _ in compiled)
            numbers = has_long_number(structure_of(parts))
            shape = _SecuredShape(document, tuple(options), repeats_itself(value), numbers, Watch(free))
        self.memory.learn(parts, [place for place in range(1, len(parts), 2) if place not in free], shape)

    def _narrow(self, shape: _SecuredShape, parts: list[bytes], value: Any, varying: frozenset[int]) -> None:
        gaps = sorted(varying)
        tree = renumbered(with_places(parts, name_places(parts)), gaps)
        plans = []
        for document, places in _secured(value, tree):
            free = _all_places(places).intersection(range(len(gaps)))
            compiled = self._canonicaliser.compile(document, places, len(gaps), free)
            if compiled is None or compiled.free != free:
                return
            plans.append(compiled.plan)
        narrowed = NarrowedShape(
            pieces_around(parts, gaps),
            plans[0],
            tuple(plans[1:]),
            shape.may_repeat_itself,
            shape.long_numbers,
        )
        if narrowed.size() <= MAX_NARROWED_BYTES:
            self._put_first(narrowed)

    def _compile(self, value: Any, tree: Any, width: int) -> list[tuple[Compiled, set[int]]]:
        if not 0 < len(_proofs(value)) <= MAX_PLANNED_PROOFS:
            return []
        found = []
        for document, places in _secured(value, tree):
            compiled = self._canonicaliser.compile(document, places, width, free_places(places))
            if compiled is None:
                return []
            found.append((compiled, _all_places(places)))
        return found


def _fill_wide(shape: _SecuredShape, parts: list[bytes], text: bytes) -> SecuredText | None:
    try:
        # Its structure was checked when the shape was learned; an escape may still be half of a pair.
        value = parse_json(text) if b"\\u" in text else decode_known(text, long_numbers=shape.long_numbers)
        literals = as_literals(parts, text)
    except (ValueError, InputError):
        return None
    return _fill(shape, literals, value)


def _fill_narrowed(shape: NarrowedShape, strings: list[bytes], text: bytes) -> SecuredText | None:
    try:
        # All escapes stand in its pieces, and were checked when the shape was learned.
        value = decode_known(text, long_numbers=shape.long_numbers)
    except ValueError:
        return None
    return _fill(shape, strings, value)


def _fill(shape: _SecuredShape | NarrowedShape, literals: list[bytes], value: Any) -> SecuredText | None:
    document = fill(shape.document, literals)
    options = [fill(plan, literals) for plan in shape.options]
    if document is None or None in options:
        return None
    digest = sha256(document).digest()
    hash_data = tuple(sha256(option or b"").digest() + digest for option in options)
    return SecuredText(value, hash_data, shape.may_repeat_itself)


def _secured(value: Any, tree: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return what is hashed of *value*, the document and the options of each proof, each with its places in *tree*."""
    pairs = [(_without_proof(value), _without_proof(tree))]
    for proof, branch in zip(_proofs(value), _proofs(tree), strict=True):
        pairs.append((_configuration(proof, value), _configuration(branch, tree)))
    return pairs


def _proofs(value: Any) -> list[Mapping[str, Any]]:
    proofs = value.get("proof") if isinstance(value, Mapping) else None
    listed = proofs if isinstance(proofs, list) else [proofs]
    return listed if all(isinstance(proof, Mapping) for proof in listed) else []


def _without_proof(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in value.items() if name != "proof"}


def _configuration(proof: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    stated = {name: member for name, member in proof.items() if name not in ("proofValue", "@context")}
    return {**stated, "@context": value.get("@context")}


def _all_places(tree: Any) -> set[int]:
    if isinstance(tree, Mapping):
        return set().union(*map(_all_places, tree.values()))
    if isinstance(tree, list):
        return set().union(*map(_all_places, tree))
    return {int(tree)} if isinstance(tree, str) else set()
