"""A parsed document has one meaning and a bounded size; everything else is refused before work is spent on it.

Two readers that resolve a doubled member name differently see two credentials under one signature. Deep or
huge documents stop a server. Both are decided here, before JSON-LD is touched.
"""

import codecs
import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

from microcred_app.ob3.errors import InputError

__all__ = ["Limits", "check_text", "is_within", "parse_json"]


@dataclass(frozen=True)
class Limits:
    """Bounds for one document: bytes of text, nesting, values in all, entries of one array or object."""

    max_bytes: int = 4_000_000
    max_depth: int = 24
    max_values: int = 6_000
    max_items: int = 1_000


def parse_json(data: bytes | str, limits: Limits | None = None) -> Any:
    """Return the JSON value of *data*, or raise `InputError` naming what stands in the way.

    Refused: text that is not UTF-8, doubled member names, NaN and Infinity, lone surrogates, and whatever
    exceeds *limits*.
    """
    limits = limits or Limits()
    text = _decode(data, limits)
    try:
        value = json.loads(text, object_pairs_hook=_unique_members, parse_constant=_refuse_constant)
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise InputError("input.syntax", f"This is not JSON: {error}") from error
    _check_size(value, limits)
    return value


def check_text(data: bytes | str, limits: Limits) -> bytes:
    """Return *data* as bytes without byte order mark; raises `InputError` when it is too long or not bytes."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if not isinstance(data, bytes | bytearray):
        raise InputError("input.type", "Hand in the document as bytes.")
    if len(data) > limits.max_bytes:
        raise InputError(
            "input.too_large", f"The document has {len(data)} bytes; at most {limits.max_bytes} are read."
        )
    return bytes(data).removeprefix(codecs.BOM_UTF8)


def _decode(data: bytes | str, limits: Limits) -> str:
    try:
        return check_text(data, limits).decode()
    except UnicodeDecodeError as error:
        raise InputError("input.encoding", "The document is not UTF-8 text.") from error


def is_within(value: Any, limits: Limits) -> bool:
    """Return whether parsed *value* is not nested, long or large beyond *limits*."""
    level: list[Any] = [[value]]
    seen = 0
    for _ in range(limits.max_depth + 1):  # the list around the value is a level too
        if not level:
            return True
        sizes = [*map(len, level)]
        seen += sum(sizes)
        if max(sizes) > limits.max_items or seen > limits.max_values:
            return False
        # One comprehension for a whole level: entering one for each list takes longer than looking through it.
        level = [
            child
            for item in level
            for child in (item.values() if type(item) is dict else item)
            if type(child) is dict or type(child) is list
        ]
    return False


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise InputError("input.doubled_member", f"The member “{double[:80]}” appears twice in one object.")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise InputError("input.not_a_number", f"{name} is not a JSON number.")


def _check_size(value: Any, limits: Limits) -> None:
    waiting: list[tuple[Any, int]] = [(value, 1)]
    seen = 0
    while waiting:
        item, depth = waiting.pop()
        seen += 1
        if depth > limits.max_depth:
            raise InputError("input.too_deep", f"Values are nested deeper than {limits.max_depth} levels.")
        children = _children(item)
        if len(children) > limits.max_items:
            raise InputError("input.too_many_items", f"One list has more than {limits.max_items} entries.")
        if seen + len(waiting) + len(children) > limits.max_values:
            raise InputError("input.too_many_values", f"There are more than {limits.max_values} values.")
        waiting.extend((child, depth + 1) for child in children)


def _children(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return [*item.values(), *(name for name in item if not _is_text(name))]
    if isinstance(item, list):
        return item
    if isinstance(item, float) and not math.isfinite(item):
        raise InputError("input.not_a_number", "A number is too large to be read.")
    if isinstance(item, str) and not _is_text(item):
        raise InputError("input.encoding", "A text contains half of a surrogate pair.")
    return []


def _is_text(value: str) -> bool:
    return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)
