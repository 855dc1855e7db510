"""Members of the entries of each section: which there are, what they hold, and what they are when left out.

An entry in its plain form holds every member, in the order of the table. What equals its default is left out
when it is written, so a bundle says what is special and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

__all__ = ["Member", "line", "lines", "read_entry", "shorten_entry", "text", "unknown_members"]


@dataclass(frozen=True)
class Member:
    """One member: how it is read (raising :class:`ValueError`), and its default when it may be left out."""

    read: Callable[[Any], Any]
    required: bool = False
    default: Any = ""


def line(limit: int, *, required: bool = False, default: str = "") -> Member:
    """A text on one line."""
    return Member(lambda value: " ".join(_text(value, limit).split()), required, default)


def text(limit: int, *, required: bool = False) -> Member:
    """A text of any number of lines."""
    return Member(lambda value: _text(value, limit), required)


def lines(limit: int) -> Member:
    """A list of texts whose order tells nothing."""

    def read(value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > limit:
            raise ValueError(_("Write a list of up to {limit} texts here.").format(limit=limit))
        return sorted({_text(entry, 500) for entry in value})

    return Member(read, default=[])


def read_entry(members: Mapping[str, Member], raw: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """The entry in its plain form, and what is wrong by member (under an empty name: with all of it)."""
    if not isinstance(raw, dict):
        return {}, {"": _("Write a map of members here.")}
    problems = unknown_members(raw, members)
    entry: dict[str, Any] = {}
    for name, member in members.items():
        try:
            if raw.get(name) not in (None, ""):
                entry[name] = member.read(raw[name])
            elif member.required:
                problems[name] = _("This is missing.")
            else:
                entry[name] = member.default
        except ValueError as error:
            problems[name] = str(error)
    return entry, problems


def unknown_members(raw: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, str]:
    """A problem for each member that nobody reads: a typing error must not be silently ignored."""
    hint = _("There is no such member. Known are: {members}.").format(members=", ".join(known))
    return {name[:100]: hint for name in raw if name not in known}


def shorten_entry(entry: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The entry without what goes without saying."""
    return {name: value for name, value in entry.items() if name not in defaults or value != defaults[name]}


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str):
        raise ValueError(_("Write a text here; put numbers and words like true in quotes."))
    if len(value) > limit:
        raise ValueError(_("Keep this below {limit} characters.").format(limit=limit))
    return value.strip()
