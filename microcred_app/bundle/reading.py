"""YAML text as plain values, with the line of every place; what could harm or mislead is refused.

Values are built from parser events and not by a loader, because even a "safe" loader expands aliases (a few
hundred bytes become gigabytes), lets a duplicated key win unseen, and reads ``no`` as false and a date as an
object. Here anchors, aliases, tags, merge keys and further documents are refused; plain scalars are whole
numbers, decimal numbers, ``true``, ``false``, ``null`` (or nothing), and text otherwise; size, depth and the
number of values are bounded. JSON is read as well, since YAML contains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml
from django.utils.translation import gettext as _

from .errors import BundleError, BundleProblem

__all__ = ["MAX_BYTES", "Document", "read_text"]

MAX_BYTES = 10_000_000
MAX_VALUES = 1_000_000
MAX_DEPTH = 40
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,29})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}(?:[eE][-+][0-9]{1,2})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True)
class Document:
    """Plain values, and for each path in them the line it stands on, from 1."""

    value: Any
    lines: dict[str, int]

    def problem(self, path: str, text: str) -> BundleProblem:
        """A problem at *path*, with the line of it or of the nearest place above it."""
        place = path
        while place and place not in self.lines:
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
        return BundleProblem(self.lines.get(place, 1), path, text)


def read_text(content: bytes) -> Document:
    """The one document in *content*; raises :class:`BundleError` with line and path."""
    if len(content) > MAX_BYTES:
        raise BundleError(
            [BundleProblem(0, "", _("The file has more than {limit} bytes.").format(limit=MAX_BYTES))]
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BundleError([BundleProblem(line, "", _("The file is not UTF-8. Save it as UTF-8."))]) from None
    try:
        return _Builder(text).build()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BundleError([BundleProblem(line, "", _("A control character stands here."))]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = _("This is no YAML: {reason}.").format(reason=error.problem or error.context or "")
        raise BundleError([BundleProblem(mark.line + 1 if mark else 1, "", reason)]) from None


class _Builder:
    """Turns events into values one by one, so that refusing is cheap whatever follows."""

    def __init__(self, text: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events: Iterator[Any] = yaml.parse(text, Loader=loader)
        self._lines: dict[str, int] = {}
        self._values = 0

    def build(self) -> Document:
        next(self._events)  # the stream begins
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            self._refuse(event, "", _("The file is empty."))
        value = self._value(next(self._events), "", 0)
        next(self._events)  # the document ends
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._refuse(event, "", _("A second document begins here. Keep everything in one."))
        return Document(value, self._lines)

    def _value(self, event: Any, path: str, depth: int) -> Any:
        self._check(event, path, depth)
        self._lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            found: list[Any] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                found.append(self._value(event, f"{path}[{len(found)}]", depth + 1))
            return found
        return self._scalar(event)

    def _check(self, event: Any, path: str, depth: int) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            self._refuse(event, path, _("The file has more than {limit} values.").format(limit=MAX_VALUES))
        if depth > MAX_DEPTH:
            self._refuse(event, path, _("This is nested more than {limit} deep.").format(limit=MAX_DEPTH))
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._refuse(
                event,
                path,
                _("Anchors (&) and aliases (*) are not read. Write it again, or put the text in quotes."),
            )
        if event.tag is not None and event.tag != "!":
            self._refuse(event, path, _("Tags (!) are not read. Leave it out, or put the text in quotes."))

    def _map(self, path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._check(event, path, depth)
            name = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else None
            if not isinstance(name, str) or name == "<<":
                self._refuse(event, path, _("A key has to be a text."))
            if name in found:
                self._refuse(event, path, _("The key “{name}” stands twice.").format(name=name[:100]))
            place = f"{path}.{name[:100]}" if path else name[:100]
            self._lines[place] = event.start_mark.line + 1
            found[name] = self._value(next(self._events), place, depth + 1)
        return found

    def _scalar(self, event: Any) -> Any:
        text = event.value
        if not event.implicit[0]:  # in quotes, or a block
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _WHOLE.fullmatch(text):
            return int(text)
        return float(text) if _DECIMAL.fullmatch(text) else text

    def _refuse(self, event: Any, path: str, text: str) -> NoReturn:
        raise BundleError([BundleProblem(event.start_mark.line + 1, path, text)])
