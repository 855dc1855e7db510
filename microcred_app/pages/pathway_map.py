"""A map of a requirement: a picture for the eye, and the same as a nested list for everybody else.

The picture is SVG that takes its colours from the page (``builder_map.css``), so it works in dark and in forced
colours; states are told by a sign and a word, never by colour alone. Where things stand is computed by
:func:`lay_out`, a pure function from the tree; :func:`render_map` draws it and escapes every title.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.rules.requirement import is_leaf, placed_members

from .builder_words import group_words, kind_word

__all__ = ["Box", "MapLayout", "lay_out", "render_map"]

WIDTH = 360
PAD = 10
LINE = 18
CAPTION = 16
GAP = 10
WORD_GAP = 22
STATION = 26
MOST_LINES = 3
_NARROW_WIDTH = 7.4
_WIDE_WIDTH = 14.0


@dataclass(frozen=True)
class Box:
    """One part of the map: where it stands, and what is written in it. Units are those of the picture."""

    path: str
    x: int
    y: int
    width: int
    height: int
    depth: int
    is_group: bool
    lines: tuple[str, ...]
    caption: str
    state: str
    joined: str = ""


@dataclass(frozen=True)
class MapLayout:
    """Every box, groups before their members."""

    boxes: tuple[Box, ...]
    height: int
    width: int = WIDTH


def lay_out(node: rules.Node, names: rules.Names, explanation: rules.Explanation | None = None) -> MapLayout:
    """Where everything stands: members below one another inside their group, nothing overlapping."""
    states = {part.path: part.state.value for part in explanation.parts()} if explanation else {}
    boxes: list[Box] = []
    height = _place(node, "", (0, 0, WIDTH), names, states, boxes, "", "")
    return MapLayout(tuple(sorted(boxes, key=lambda box: (box.y, box.depth))), height)


def render_map(
    node: rules.Node, names: rules.Names, explanation: rules.Explanation | None = None
) -> SafeString:
    """The map as a figure with its text equivalent, in the reader's language and direction."""
    layout = lay_out(node, names, explanation)
    mirrored = get_language_bidi()
    drawn = "".join(_draw(box, mirrored) for box in layout.boxes)
    picture = (
        f'<svg class="mc-map__picture" viewBox="-2 -2 {layout.width + 4} {layout.height + 4}" '
        f'role="img" aria-label="{escape(_("Map of the requirement. The same stands below as a list."))}">{drawn}</svg>'
    )
    states = {part.path: part.state.value for part in explanation.parts()} if explanation else {}
    return format_html(
        '<figure class="mc-map">{}<details class="mc-map__text"><summary>{}</summary><ul>{}</ul></details></figure>',
        mark_safe(picture),  # noqa: S308 - every text in it was escaped where it was drawn
        _("The map as a list"),
        mark_safe(_list_item(node, "", names, states, "")),  # noqa: S308 - escaped where it was written
    )


def _place(
    node: rules.Node,
    path: str,
    room: tuple[int, int, int],
    names: rules.Names,
    states: Mapping[str, str],
    boxes: list[Box],
    joined: str,
    weight: str,
    depth: int = 0,
) -> int:
    """Add the boxes of *node* into *room* (x, y, width); the height it takes."""
    x, y, width = room
    state = states.get(path, "")
    if is_leaf(node):
        lines = _wrapped(_title(node, names), width - STATION - 3 * PAD)
        caption = _caption(node, weight)
        height = 2 * PAD + LINE * len(lines) + CAPTION
        boxes.append(Box(path, x, y, width, height, depth, False, lines, caption, state, joined))
        return height
    lines = _wrapped(" · ".join(filter(None, (group_words(node), weight))), width - 2 * PAD)
    word = {rules.AllOf: _("and"), rules.AnyOf: _("or")}.get(type(node), "")
    inner_y = y + PAD + LINE * len(lines) + PAD // 2
    inset = PAD if depth < 5 else PAD // 2
    weights = node.weights if isinstance(node, rules.Points) else ()
    members = tuple(placed_members(node, path))
    for position, (place, member) in enumerate(members):
        if position:
            inner_y += WORD_GAP if word else GAP
        own_weight = _points(weights[position]) if weights else ""
        room = (x + inset, inner_y, width - 2 * inset)
        joint = word if position else ""
        inner_y += _place(member, place, room, names, states, boxes, joint, own_weight, depth + 1)
    height = inner_y + PAD - y
    boxes.append(Box(path, x, y, width, height, depth, True, lines, "", state, joined))
    return height


def _draw(box: Box, mirrored: bool) -> str:
    """One box; everything in it that somebody typed is escaped."""

    def across(x: float) -> float:
        return WIDTH - x if mirrored else x

    left = WIDTH - box.x - box.width if mirrored else box.x
    kind = "group" if box.is_group else "leaf"
    parts = [
        f'<g class="mc-map__{kind} mc-map__{kind}--{box.depth % 2} mc-map--{box.state or "plain"}">',
        f'<rect x="{left}" y="{box.y}" width="{box.width}" height="{box.height}" rx="8"/>',
    ]
    if box.joined:
        middle = box.x + box.width / 2
        parts.append(
            f'<text class="mc-map__joint" x="{across(middle)}" y="{box.y - 7}" text-anchor="middle">'
            f"{escape(box.joined)}</text>"
        )
    text_x = box.x + PAD
    baseline = box.y + PAD + 13
    if not box.is_group:
        centre = across(box.x + PAD + 10)
        middle_y = box.y + box.height / 2
        parts.append(f'<circle cx="{centre}" cy="{middle_y}" r="10"/>')
        sign = _SIGNS.get(box.state, "")
        if sign:
            parts.append(
                f'<text class="mc-map__sign" x="{centre}" y="{middle_y + 5}" text-anchor="middle">{sign}</text>'
            )
        text_x += STATION
    for number, line in enumerate(box.lines):
        parts.append(f'<text x="{across(text_x)}" y="{baseline + number * LINE}">{escape(line)}</text>')
    if not box.is_group:
        words = " · ".join(filter(None, (box.caption, _state_word(box.state))))
        below = baseline + len(box.lines) * LINE - 2
        parts.append(f'<text class="mc-map__caption" x="{across(text_x)}" y="{below}">{escape(words)}</text>')
    parts.append("</g>")
    return "".join(parts)


_SIGNS = {"done": "✓", "expired": "!", "waiting": "…", "closed": "✕"}


def _state_word(state: str) -> str:
    words = {
        "done": _("done"),
        "expired": _("has expired"),
        "waiting": _("comes with time"),
        "closed": _("not possible any more"),
        "missing": _("still open"),
    }
    return words.get(state, "")


def _list_item(
    node: rules.Node, path: str, names: rules.Names, states: Mapping[str, str], weight: str
) -> str:
    words = rules.say(node, names, badges.phrases()) if is_leaf(node) else group_words(node)
    told = ", ".join(filter(None, (words[:1].upper() + words[1:], weight, _state_word(states.get(path, "")))))
    weights = node.weights if isinstance(node, rules.Points) else ()
    inner = "".join(
        _list_item(member, place, names, states, _points(weights[position]) if weights else "")
        for position, (place, member) in enumerate(placed_members(node, path))
    )
    return f"<li>{escape(told)}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def _title(leaf: rules.Leaf, names: rules.Names) -> str:
    if isinstance(leaf, rules.TimeLeaf):
        words = rules.say(leaf, names, badges.phrases())
        return words[:1].upper() + words[1:]
    return names.of(leaf)


def _caption(leaf: rules.Leaf, weight: str) -> str:
    parts = [kind_word(leaf.kind)]
    if isinstance(leaf, rules.CreditsLeaf):
        parts.append(_("at least {number}").format(number=_number(leaf.minimum)))
    window = rules.ANY_TIME if isinstance(leaf, rules.TimeLeaf) else leaf.window
    if window.within is not None:
        words, period = badges.phrases(), window.within
        parts.append(words.within(words.period(period.years, period.months, period.days)))
    return " · ".join(filter(None, (*parts, weight)))


def _number(amount: Decimal) -> str:
    return number_format(amount.normalize() if amount % 1 else int(amount), use_l10n=True)


def _points(weight: Decimal) -> str:
    plural = int(weight) if weight == int(weight) else 2
    return ngettext("{number} point", "{number} points", plural).format(number=_number(weight))


def _wrapped(text: str, width: int) -> tuple[str, ...]:
    """*text* in lines that fit, by the usual widths of letters; what is more than three lines ends in an ellipsis."""
    lines, current = [], ""
    for word in text.split() or [""]:
        for piece in _pieces(word, width):
            candidate = f"{current} {piece}".strip() if current else piece
            if current and _measure(candidate) > width:
                lines.append(current)
                current = piece
            else:
                current = candidate
    lines.append(current)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1].rstrip()[:-1] + "…"]
    return tuple(lines)


def _pieces(word: str, width: int) -> list[str]:
    """The word, cut where it is wider than the room (long keys, and scripts without blanks)."""
    pieces, current = [], ""
    for letter in word:
        if current and _measure(current + letter) > width:
            pieces.append(current)
            current = ""
        current += letter
    return [*pieces, current]


def _measure(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return wide * _WIDE_WIDTH + (len(text) - wide) * _NARROW_WIDTH
