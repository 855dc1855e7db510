"""JSON text, read strictly and within bounds.

What the standard library lets pass and we do not: duplicated members (the last one would win silently, RFC
8259 section 4), ``NaN`` and ``Infinity``, numbers of thousands of digits, and nesting that exhausts the stack.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from .errors import RequirementError, gettext_noop, shorten
from .json_form import parse_requirement, to_json
from .requirement import Node

__all__ = ["MAX_TEXT_LENGTH", "read_json", "write_json"]

MAX_TEXT_LENGTH = 256_000
MAX_DIGITS = 30


def read_json(text: str) -> Node:
    """The requirement that *text* spells; raises :class:`RequirementError`."""
    if len(text) > MAX_TEXT_LENGTH:
        raise RequirementError(
            "",
            gettext_noop("The text has {length} characters."),
            gettext_noop("up to {most}"),
            length=len(text),
            most=MAX_TEXT_LENGTH,
        )
    try:
        values = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_whole,
            parse_float=_fraction,
        )
    except json.JSONDecodeError as error:
        raise RequirementError(
            "",
            gettext_noop("This is no JSON: {reason} (column {column})."),
            line=error.lineno,
            reason=error.msg,
            column=error.colno,
        ) from None
    except RecursionError:
        raise RequirementError(
            "", gettext_noop("This is nested too deep to be read."), gettext_noop("a flatter tree")
        ) from None
    return parse_requirement(values)


def write_json(node: Node) -> str:
    """The requirement as JSON text; reading it gives an equal tree."""
    return json.dumps(to_json(node), ensure_ascii=False, indent=2) + "\n"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise RequirementError(
                "",
                gettext_noop("The member {name} stands twice in one object."),
                gettext_noop("it once"),
                name=shorten(name),
            )
        found[name] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise RequirementError(
        "", gettext_noop("{name} is no number."), gettext_noop("finite numbers"), name=name
    )


def _whole(digits: str) -> int:
    _refuse_long(digits)
    return int(digits)


def _fraction(digits: str) -> float:
    _refuse_long(digits)
    return float(digits)


def _refuse_long(digits: str) -> None:
    if len(digits) > MAX_DIGITS:
        raise RequirementError(
            "",
            gettext_noop("A number has {length} digits."),
            gettext_noop("up to {most}"),
            length=len(digits),
            most=MAX_DIGITS,
        )
