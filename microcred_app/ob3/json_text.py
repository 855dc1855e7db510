"""JSON text taken apart into its structure and its strings, without parsing it: the pieces put together are the text.

Entries at even places are structure (braces, numbers, names' colons), entries at odd places the raw content of
strings, escapes as written. Two texts with equal structure and equal member names differ in the values of
strings only; that is what `shapes` builds on. Nothing here judges whether a text is JSON: callers parse it, or
wrote it themselves.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from microcred_app.ob3.dataset import escape_literal

__all__ = ["as_literals", "encode_json", "name_places", "split_strings", "structure_of", "with_places"]

_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
encode_json = _encoder.encode


def split_strings(text: str) -> list[str]:
    """Return structure and strings of *text* in turn; an even number of entries means an unclosed string."""
    # Without the two characters \" in a row every quotation mark opens or closes a string.
    return _STRING.split(text) if '\\"' in text else text.split('"')


def structure_of(parts: Sequence[str]) -> str:
    """Return the structure alone, as one text in which quotation marks stand for strings."""
    return '"'.join(parts[::2])


def name_places(parts: Sequence[str]) -> list[int]:
    """Return where the member names stand in *parts*: the strings that a colon follows."""
    return [place for place in range(1, len(parts), 2) if parts[place + 1].lstrip(" \t\r\n")[:1] == ":"]


def as_literals(parts: list[str], text: str) -> list[str]:
    r"""Return *parts* with every string in the escapes of canonical N-Quads.

    The short escapes (``\n``, ``\"``, ``\\`` …) are the same in both languages, so most texts pass unchanged;
    ``\u…``, ``\/`` and U+007F are written differently.
    """
    if "\x7f" not in text and ("\\" not in text or ("\\u" not in text and "\\/" not in text)):
        return parts
    return [_as_literal(part) if place % 2 else part for place, part in enumerate(parts)]


def _as_literal(content: str) -> str:
    return escape_literal(json.loads(f'"{content}"')) if "\\" in content or "\x7f" in content else content


def with_places(parts: Sequence[str], names: Sequence[int]) -> Mapping[str, Any]:
    """Return the parsed text with the place of each string value instead of the value, as text."""
    named = set(names)
    marked = [
        str(place) if place % 2 and place not in named else part for place, part in enumerate(parts)
    ]
    tree: Mapping[str, Any] = json.loads('"'.join(marked))
    return tree
