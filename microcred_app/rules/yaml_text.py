"""YAML text as plain values, with the line of every place; nothing but maps, lists and scalars.

Built from parser events instead of a loader, because a loader that is "safe" still expands aliases (a few
hundred bytes become gigabytes), lets a duplicated key win silently, reads ``no`` as false and ``08:30`` as a
number, and knows no lines. Here:

* anchors, aliases, tags, merge keys and further documents are refused;
* keys are texts and stand once in their map;
* plain scalars are whole numbers, decimal numbers, ``true``, ``false``, ``null``, else text. Dates stay text;
* reading stops at :data:`MAX_VALUES` values, at :data:`MAX_NESTING` levels, at the length the caller allows.

What :func:`yaml.safe_dump` writes from JSON values reads back equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from .errors import RequirementError, gettext_noop, shorten

__all__ = ["YamlDocument", "read_yaml_values"]

MAX_VALUES = 20_000
MAX_NESTING = 40
MAX_DIGITS = 30
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+][0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """Plain values, and for each path in them (``badges[2].requirement.all[0]``) the line, from 1."""

    value: Any
    lines: dict[str, int]

    def line_of(self, path: str) -> int:
        """The line of *path*, or of the nearest place above it that stands in the text."""
        while path not in self.lines and path:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 1)


def read_yaml_values(text: str, *, longest: int) -> YamlDocument:
    """The one document in *text*; raises :class:`RequirementError` with path and line."""
    if len(text) > longest:
        raise RequirementError(
            "",
            gettext_noop("The text has {length} characters."),
            gettext_noop("up to {most}"),
            length=len(text),
            most=longest,
        )
    try:
        return _Builder(text).build()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RequirementError(
            "",
            gettext_noop("This is no YAML: {reason}."),
            line=mark.line + 1 if mark else None,
            reason=error.problem or error.context or "",
        ) from None
    except yaml.reader.ReaderError as error:
        raise RequirementError(
            "",
            gettext_noop("The character {code} cannot stand in YAML."),
            line=text.count("\n", 0, error.position) + 1,
            code=f"U+{ord(error.character) if isinstance(error.character, str) else error.character:04X}",
        ) from None


class _Builder:
    """Turns events into values, one by one, so that refusing is cheap whatever follows."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
        self._lines: dict[str, int] = {}
        self._values = 0

    def build(self) -> YamlDocument:
        next(self._events)  # the stream begins
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            self._refuse("", event, gettext_noop("The text is empty."), gettext_noop("one document"))
        value = self._value(next(self._events), "", 0)
        next(self._events)  # the document ends
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._refuse(
                "", event, gettext_noop("A second document begins here."), gettext_noop("one document")
            )
        return YamlDocument(value, self._lines)

    def _value(self, event: Any, path: str, depth: int) -> Any:
        self._check(event, path, depth)
        self._lines[path] = event.start_mark.line + 1
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, depth)
        return self._scalar(event, path)

    def _check(self, event: Any, path: str, depth: int) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            self._refuse(path, event, gettext_noop("The text has too many values."), str(MAX_VALUES))
        if depth > MAX_NESTING:
            self._refuse(
                path,
                event,
                gettext_noop("This is nested too deep to be read."),
                gettext_noop("a flatter tree"),
            )
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._refuse(
                path,
                event,
                gettext_noop("Anchors (&) and aliases (*) are not read."),
                gettext_noop("the same text written again; text that begins with & or * stands in quotes"),
            )
        if event.tag is not None and event.tag != "!":
            self._refuse(
                path,
                event,
                gettext_noop("Tags (!) are not read."),
                gettext_noop("maps, lists, texts, numbers, true, false and null"),
            )

    def _map(self, path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._name(event, path, depth)
            if name in found:
                self._refuse(
                    path,
                    event,
                    gettext_noop("The key {name} stands twice in one map."),
                    gettext_noop("it once"),
                    name=shorten(name),
                )
            place = f"{path}.{name[:100]}" if path else name[:100]
            found[name] = self._value(next(self._events), place, depth + 1)
            self._lines[place] = event.start_mark.line + 1
        return found

    def _name(self, event: Any, path: str, depth: int) -> str:
        self._check(event, path, depth)
        name = self._scalar(event, path) if isinstance(event, yaml.ScalarEvent) else None
        if not isinstance(name, str) or name == "<<":
            self._refuse(
                path,
                event,
                gettext_noop("The key {name} is no text."),
                gettext_noop("texts; numbers, true, false and null in quotes"),
                name=shorten(getattr(event, "value", [])),
            )
        return name

    def _list(self, path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event, f"{path}[{len(found)}]", depth + 1))
        return found

    def _scalar(self, event: Any, path: str) -> Any:
        text = event.value
        if event.style is not None or event.tag == "!":
            return text
        if text in _WORDS:
            return _WORDS[text]
        if len(text) > MAX_DIGITS:
            if text.removeprefix("-").replace(".", "", 1).isdigit():
                self._refuse(
                    path,
                    event,
                    gettext_noop("A number has {length} digits."),
                    gettext_noop("up to {most}"),
                    length=len(text),
                    most=MAX_DIGITS,
                )
            return text
        if _WHOLE.fullmatch(text):
            return int(text)
        return float(text) if _DECIMAL.fullmatch(text) else text

    def _refuse(self, path: str, event: Any, problem: str, allowed: str = "", **values: object) -> NoReturn:
        line = event.start_mark.line + 1
        raise RequirementError(path, problem, allowed, line=line, **values)
