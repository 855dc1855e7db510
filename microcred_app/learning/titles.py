"""What a requirement asks for, in as few words as say it all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from opaque_keys import InvalidKeyError

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.compat import platform

__all__ = ["names_of", "part_title"]


def names_of(nodes: Iterable[rules.Node]) -> rules.Names:
    """Titles of everything these requirements mention, courses of the platform included."""
    nodes = tuple(nodes)
    courses = {key for node in nodes for kind, key in rules.mentions(node) if kind in ("grade", "standing")}
    names = badges.names_for(nodes)
    return replace(names, courses={key: _course_title(key) for key in sorted(courses)})


def _course_title(key: str) -> str:
    """The course's title; what is no course of the platform (a rule may name anything) is shown as it stands."""
    try:
        return platform().course_title(key)
    except InvalidKeyError:
        return key


def part_title(part: rules.Node, names: rules.Names) -> str:
    """A thing by its title where that says it all, a group by how much of it is needed, anything else in words."""
    match part:
        case rules.OutcomeLeaf() | rules.BadgeLeaf() if part.window == rules.ANY_TIME:
            return names.of(part)
        case rules.AllOf():
            return _("All of these")
        case rules.AnyOf():
            return _("One of these")
        case rules.AtLeast(count):
            return ngettext("{count} of these", "{count} of these", count).format(count=count)
        case rules.Points(minimum):
            return _("{points} points from these").format(points=number_format(minimum.normalize()))
        case _:
            text = rules.say(part, names, badges.phrases())
            return text[:1].upper() + text[1:]
