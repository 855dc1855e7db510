"""Plain values as YAML: the same values give the same bytes, on every machine and with every YAML library.

Maps and lists in block style, one thing per line, so that a difference between two exports is a difference
between two definitions. Texts of several lines are literal blocks; a text that could be read as anything else
stands in double quotes, escaped as JSON is, which YAML reads the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["write_text"]

_PLAIN = re.compile(r"[^\W\d_](?:[\w ./()+,:@'&=–—’“”„«»%…?!;-]*[\w.)%”»’…?!])?")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_RESERVED = frozenset(["true", "false", "null", "yes", "no", "on", "off", "y", "n"])
_LITERAL = re.compile(r"(?=[^\s#])[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]*")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def write_text(value: Mapping[str, Any], *, heading: str = "") -> str:
    """The YAML of a map of plain JSON values; *heading* lines go on top as comments."""
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    return "\n".join([*lines, *_map(value, "")]) + "\n"


def _map(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, member in value.items():
        key = name if _PLAIN_KEY.fullmatch(name) and name.casefold() not in _RESERVED else _quoted(name)
        yield from _member(f"{indent}{key}:", member, indent)


def _list(value: list[Any], indent: str) -> Iterator[str]:
    for member in value:
        if isinstance(member, Mapping) and member:
            first, *rest = _map(member, indent + "  ")
            yield f"{indent}- {first[len(indent) + 2 :]}"
            yield from rest
        else:
            yield from _member(f"{indent}-", member, indent)


def _member(head: str, member: Any, indent: str) -> Iterator[str]:
    if isinstance(member, Mapping) and member:
        yield head
        yield from _map(member, indent + "  ")
    elif isinstance(member, list) and member:
        yield head
        yield from _list(member, indent + "  ")
    elif isinstance(member, str) and "\n" in member and _is_literal(member):
        yield f"{head} {'|' if member.endswith(chr(10)) else '|-'}"
        body = member[:-1] if member.endswith("\n") else member
        yield from (f"{indent}  {line}".rstrip() for line in body.split("\n"))
    else:
        yield f"{head} {_scalar(member)}"


def _is_literal(text: str) -> bool:
    """Whether a block says exactly this: no space at an end of a line, no second newline at the end."""
    lines = text.split("\n")
    fine = all(line == line.rstrip() for line in lines) and not text.endswith("\n\n")
    return fine and _LITERAL.fullmatch(text) is not None


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.casefold() not in _RESERVED and ": " not in value
        return value if plain else _quoted(value)
    return json.dumps(value, allow_nan=False)


def _quoted(text: str) -> str:
    found = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda hit: f"\\u{ord(hit[0]):04x}", found)
