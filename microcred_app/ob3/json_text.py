"""JSON text taken apart into its structure and its strings, without parsing it: put together they are the text.

Texts are UTF-8 bytes: sorted as bytes they are in the order of their code points, which is the order of RDFC-1.0.

Entries at even places are structure (braces, numbers, names' colons), entries at odd places the raw content of
strings, escapes as written. Two texts with equal structure and equal member names differ in the values of
strings only; that is what `shapes` builds on. Nothing here judges whether a text is JSON: callers parse it, or
wrote it themselves.
"""

import json
import re
from collections.abc import Mapping, Sequence
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any

from microcred_app.ob3.dataset import escape_literal

try:
    import orjson
except ImportError:  # an extra: everything works without it, some of it slower
    orjson = None  # type: ignore[assignment]

__all__ = [
    "as_literals",
    "chunks_around",
    "decode_exact",
    "decode_known",
    "encode_json",
    "has_long_number",
    "is_small",
    "name_places",
    "renumbered",
    "split_strings",
    "structure_of",
    "with_places",
]

_STRING = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_plain_decoder = json.JSONDecoder()
# The encoder in C, made once: `JSONEncoder.encode` makes one for each call.
_plain = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))
_encode = (
    c_make_encoder(None, _plain.default, encode_basestring, None, ":", ",", False, False, False)
    if c_make_encoder is not None
    else lambda value, _level: _plain.iterencode(value)
)
_LIKE_THE_STANDARD = (
    orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
    if orjson is not None
    else 0
)
_LONGEST_INDENTED = 20_000
_MOST_BRACKETS = 200  # together at most 8 MB of indented text
_LONG_ESCAPE = re.compile(rb'\\[^"bfnrt]', re.DOTALL)  # the others are written alike in JSON and in N-Quads
_DIGITS_TO_ZERO = bytes.maketrans(b"0123456789", b"0000000000")
_scan = _plain_decoder.raw_decode


def encode_json(value: Any) -> bytes:
    """Return *value* as compact JSON; `TypeError`, `ValueError` or `RecursionError` for what JSON cannot carry.

    orjson is used when it is installed; what it writes as ``null`` or cannot write is left to the standard library.
    """
    if orjson is not None:
        try:
            text: bytes = orjson.dumps(value, option=_LIKE_THE_STANDARD)
        except TypeError:
            text = b"null"
        if b"null" not in text:
            return text
    return "".join(_encode(value, 0)).encode()


def has_long_number(structure: bytes) -> bool:
    """Return whether a number of 18 digits or more stands in *structure*: orjson reads some of these as fractions."""
    return b"0" * 18 in structure.translate(_DIGITS_TO_ZERO)


def decode_known(text: bytes, *, long_numbers: bool) -> Any:
    """Return the value of *text*, of which is known that no name is doubled and no number infinite; or `ValueError`."""
    if orjson is not None and not long_numbers:
        return orjson.loads(text)
    if not text.startswith(b"{"):
        return json.loads(text)
    return _scan(text.decode())[0]  # what may follow belongs to the structure, which is known


def decode_exact(text: bytes) -> Any:
    """Return the value of *text* when writing it again gives *text*, else None.

    A text that comes out the same has no doubled name, no half character, no number that changed.
    """
    if orjson is None:
        return None
    try:
        value = orjson.loads(text)
        return value if orjson.dumps(value) == text else None
    except (ValueError, TypeError):
        return None


def is_small(value: Any, text: bytes, *, depth: int, entries: int) -> bool:
    """Return whether *value*, read from *text*, is surely nested no deeper than *depth* and has less than *entries*.

    *text* must be exact (`decode_exact`). orjson indents by two characters for each level and gives each entry a
    line; within strings it writes no line ends. So the indented text says what walking through the value would say:
    where a line begins far in, and by how much it is longer, which is three characters or more for each line but
    the last. Indenting can multiply the length of a text by the number of its brackets: longer texts, or with more
    of these, are left to those who walk.
    """
    if (
        orjson is None
        or len(text) > _LONGEST_INDENTED
        or text.count(b"[") + text.count(b"{") > _MOST_BRACKETS
    ):
        return False
    lines: bytes = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    return len(lines) - len(text) + 2 < 3 * entries and b"\n" + b"  " * depth not in lines


def split_strings(text: bytes) -> list[bytes]:
    """Return structure and strings of *text* in turn; an even number of entries means an unclosed string."""
    # Without the two characters \\" in a row every quotation mark opens or closes a string.
    escaped = b"\\" in text and (b'\\"' in text or b"\\\\" in text)
    return _STRING.split(text) if escaped else text.split(b'"')


def structure_of(parts: Sequence[bytes]) -> bytes:
    """Return the structure alone, as one text in which quotation marks stand for strings."""
    return b'"'.join(parts[::2])


def name_places(parts: Sequence[bytes]) -> list[int]:
    """Return where the member names stand in *parts*: the strings that a colon follows."""
    return [place for place in range(1, len(parts), 2) if parts[place + 1].lstrip(b" \t\r\n")[:1] == b":"]


def as_literals(parts: list[bytes], text: bytes) -> list[bytes]:
    r"""Return *parts* with every string in the escapes of canonical N-Quads.

    The short escapes (``\n``, ``\"``, ``\\`` …) are the same in both languages, so most texts pass unchanged;
    ``\u…``, ``\/`` and U+007F are written differently.
    """
    if b"\x7f" not in text and not (b"\\" in text and _LONG_ESCAPE.search(text.replace(b"\\\\", b""))):
        return parts
    return [_as_literal(part) if place % 2 else part for place, part in enumerate(parts)]


def _as_literal(content: bytes) -> bytes:
    if b"\\" not in content and b"\x7f" not in content:
        return content
    return escape_literal(json.loads(b'"%b"' % content)).encode()


def with_places(parts: Sequence[bytes], names: Sequence[int]) -> Mapping[str, Any]:
    """Return the parsed text with the place of each string value instead of the value, as text."""
    named = set(names)
    marked = [b"%d" % place if place % 2 and place not in named else part for place, part in enumerate(parts)]
    tree: Mapping[str, Any] = json.loads(b'"'.join(marked))
    return tree


def renumbered(tree: Any, places: Sequence[int]) -> Any:
    """Return a *tree* of `with_places` with the number of each place in *places* instead; -1 for all others."""
    numbers = {str(place): str(number) for number, place in enumerate(places)}

    def renumber(branch: Any) -> Any:
        if isinstance(branch, Mapping):
            return {name: renumber(member) for name, member in branch.items()}
        if isinstance(branch, list):
            return [renumber(item) for item in branch]
        return numbers.get(branch, "-1") if isinstance(branch, str) else branch

    return renumber(tree)


def chunks_around(parts: Sequence[bytes], places: Sequence[int]) -> list[bytes]:
    """Return the text around the strings at *places*, with an empty entry for each of these."""
    chunks: list[bytes] = []
    start = 0
    for place in places:
        chunks += [b'"'.join(parts[start:place]), b""]
        start = place + 1
    return [*chunks, b'"'.join(parts[start:])]
