"""The board on which a requirement is built: one tree, the trees of before, and what was said last.

Everything a person does is a button of one form, and every answer is drawn from the tree that came with it, so it
works without script, and with script there is still one place that knows the rules. Nothing is stored here: the
board travels in the form until the draft is saved. What was typed into the groups and into an open panel is taken
up with every button, whichever it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from microcred_app.rules import editing
from microcred_app.rules.outline import (
    GROUP_KINDS,
    EditRefused,
    Place,
    Tree,
    find,
    kind_of,
    members_at,
    open_tree,
    walk_places,
)

from .builder_leaf import leaves_of, panel_values

__all__ = ["Board", "Focus", "Panel", "act", "is_builder_act", "new_board", "place_text", "read_board"]

MOST_UNDO = 30
MOST_UNDO_TEXT = 300_000
_PLACE = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,40})?")
Speaker = Callable[[Tree], str]


@dataclass(frozen=True)
class Panel:
    """The form that is open for one leaf: a new one of the group at *place*, or the one that stands there."""

    task: str
    kind: str
    place: Place
    values: Mapping[str, Any]
    problems: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The panel as it travels in the form."""
        return f"{self.task}:{self.kind}:{place_text(self.place)}"


@dataclass(frozen=True)
class Focus:
    """Where the focus goes: the button of *verb* at *place*, or the place itself."""

    verb: str
    place: Place


@dataclass(frozen=True)
class Board:
    """A requirement under construction."""

    tree: Tree
    undo: tuple[Tree, ...] = ()
    panel: Panel | None = None
    focus: Focus | None = None
    said: str = ""
    refused: bool = False
    unreadable: str = ""

    @property
    def tree_text(self) -> str:
        """The tree as it travels in the form."""
        return json.dumps(self.tree)

    @property
    def undo_text(self) -> str:
        """The trees of before, as many as may travel."""
        kept: list[str] = []
        for tree in reversed(self.undo[-MOST_UNDO:]):
            text = json.dumps(tree)
            if sum(map(len, kept)) + len(text) > MOST_UNDO_TEXT:
                break
            kept.append(text)
        return f"[{','.join(reversed(kept))}]"


def new_board(data: object) -> Board:
    """The board of a stored requirement. One that cannot be shown as a tree is said, and kept until it is changed."""
    try:
        return Board(open_tree(data))
    except EditRefused as refusal:
        return Board({"all": []}, unreadable=refusal.say(_))


def read_board(post: QueryDict, stored: object) -> Board:
    """The board that came with a form, with every number and kind that was typed into its groups."""
    try:
        tree = open_tree(json.loads(post.get("requirement", "") or "null"))
        undo = tuple(map(open_tree, json.loads(post.get("undo", "") or "[]")))[-MOST_UNDO:]
    except (ValueError, RecursionError, TypeError):
        return new_board(stored)
    board = Board(tree, undo, _read_panel(post, tree))
    typed = _with_typed(tree, post)
    return board if typed == tree else replace(board, tree=typed, undo=(*undo, tree))


def act(board: Board, do: str, post: QueryDict, name: Speaker) -> Board:
    """The board after the button *do*. What makes no sense is refused in words, and changes nothing."""
    verb, _colon, rest = do.partition(":")
    try:
        return _ACTS[verb](board, rest, post, name)
    except EditRefused as refusal:
        return replace(board, said=refusal.say(_), refused=True, focus=Focus(verb, _place_or_root(rest)))


def place_text(place: Place) -> str:
    """A place as it stands in names of fields."""
    return ".".join(map(str, place))


def is_builder_act(do: str) -> bool:
    """Whether the button belongs to the board."""
    return do.partition(":")[0] in _ACTS


def _place(text: str) -> Place:
    text = text.rpartition(":")[2]
    if not _PLACE.fullmatch(text):
        raise EditRefused(gettext_noop("That part is not there any more."))
    return tuple(map(int, text.split("."))) if text else ()


def _place_or_root(text: str) -> Place:
    try:
        return _place(text)
    except EditRefused:
        return ()


def _edited(board: Board, edited: editing.Edited, verb: str, said: str) -> Board:
    """Only a change is worth a step back."""
    undo = board.undo if edited.tree == board.tree else (*board.undo, board.tree)
    panel = board.panel if edited.tree == board.tree else None
    return replace(
        board, tree=edited.tree, undo=undo, panel=panel, focus=Focus(verb, edited.place), said=said
    )


def _position(tree: Tree, place: Place) -> str:
    size = len(members_at(find(tree, place[:-1])))
    return _("It is number {number} of {size} in its group.").format(number=place[-1] + 1, size=size)


def _simple(verb: str, edit: Callable[[Tree, Place], editing.Edited], told: Callable[[], str]) -> Any:
    """An edit that needs nothing but its place."""

    def go(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
        place = _place(rest)
        moved = name(find(board.tree, place))
        edited = edit(board.tree, place)
        said = told().format(name=moved)
        if edited.place and verb in ("up", "down", "in", "out"):
            said = f"{said} {_position(edited.tree, edited.place)}"
        return _edited(board, edited, verb, said)

    return go


def _remove(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    place = _place(rest)
    gone = name(find(board.tree, place))
    said = _("{name} was removed. “Undo” brings it back.").format(name=gone)
    return _edited(board, editing.remove_member(board.tree, place), "item", said)


def _add_group(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    kind, _colon, where = rest.partition(":")
    place = _place(where)
    empty: dict[str, Tree] = {
        "all": {"all": []},
        "any": {"any": []},
        "at_least": {"at_least": 2, "of": []},
        "points": {"points": 2, "of": []},
    }
    if kind not in empty:
        raise EditRefused(gettext_noop("There is no such kind of group."))
    edited = editing.add_member(board.tree, place, empty[kind])
    return _edited(board, edited, "new-badge", _("A new group. Now add what belongs into it."))


def _open_new(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    kind, _colon, where = rest.partition(":")
    place = _place(where)
    if kind_of(find(board.tree, place)) not in GROUP_KINDS:
        raise EditRefused(gettext_noop("This is no group. Put a group around it first."))
    return replace(board, panel=Panel("new", kind, place, {}), focus=Focus("panel", place), said="")


def _open_edit(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    place = _place(rest)
    form = find(board.tree, place)
    panel = Panel("edit", kind_of(form), place, panel_values(form))
    return replace(board, panel=panel, focus=Focus("panel", place), said="")


def _close(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    panel = board.panel
    if panel is None:
        return board
    verb = "edit" if panel.task == "edit" else f"new-{panel.kind}"
    return replace(board, panel=None, focus=Focus(verb, panel.place), said=_("Nothing was changed."))


def _put(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    """Take what the open panel says into the tree, or say beside it what is wrong."""
    panel = board.panel
    if panel is None:
        return board
    forms, problems = leaves_of(panel.kind, panel.values)
    if problems:
        return replace(board, panel=replace(panel, problems=problems), focus=Focus("panel", panel.place))
    if panel.task == "edit":
        edited = editing.replace_member(board.tree, panel.place, forms[0])
        return _edited(
            board, edited, "edit", _("Changed: {name}.").format(name=name(find(edited.tree, panel.place)))
        )
    tree, place = board.tree, panel.place
    try:
        for form in forms:
            edited = editing.add_member(tree, panel.place, form)
            tree, place = edited.tree, edited.place
    except EditRefused as refusal:
        refused = replace(panel, problems=(refusal.say(_),))
        return replace(board, panel=refused, focus=Focus("panel", panel.place))
    said = _("Added: {names}.").format(names=", ".join(map(name, forms)))
    return _edited(board, editing.Edited(tree, place), "item", said)


def _search(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    return replace(board, focus=Focus("search", board.panel.place if board.panel else ()))


def _undo(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    if not board.undo:
        raise EditRefused(gettext_noop("There is nothing to undo."))
    return Board(
        board.undo[-1], board.undo[:-1], focus=Focus("undo", ()), said=_("The last change was taken back.")
    )


def _apply(board: Board, rest: str, post: QueryDict, name: Speaker) -> Board:
    """What was typed is in the tree already; the button only shows what it came to."""
    place = _place(rest)
    return replace(
        board,
        focus=Focus("apply", place),
        said=_("It now says: {name}.").format(name=name(find(board.tree, place))),
    )


_ACTS: dict[str, Callable[[Board, str, QueryDict, Speaker], Board]] = {
    "up": _simple(
        "up", lambda tree, place: editing.move_member(tree, place, -1), lambda: _("Moved up: {name}.")
    ),
    "down": _simple(
        "down", lambda tree, place: editing.move_member(tree, place, 1), lambda: _("Moved down: {name}.")
    ),
    "in": _simple("in", editing.nest_member, lambda: _("Moved into the group before it: {name}.")),
    "out": _simple("out", editing.lift_member, lambda: _("Taken out of its group: {name}.")),
    "group": _simple("item", editing.group_member, lambda: _("A new group stands around {name}.")),
    "ungroup": _simple("item", editing.ungroup_member, lambda: _("Dissolved: {name}. Its parts stay.")),
    "not": _simple("not", editing.negate_member, lambda: _("Turned round: {name}.")),
    "remove": _remove,
    "add-group": _add_group,
    "new": _open_new,
    "edit": _open_edit,
    "close": _close,
    "put": _put,
    "search": _search,
    "undo": _undo,
    "apply": _apply,
}


def _read_panel(post: QueryDict, tree: Tree) -> Panel | None:
    task, _colon, rest = post.get("panel", "").partition(":")
    kind, _colon, where = rest.partition(":")
    try:
        place = _place(where)
        form = find(tree, place)
    except EditRefused:
        return None
    fits = kind_of(form) in GROUP_KINDS if task == "new" else task == "edit" and kind_of(form) == kind
    return Panel(task, kind, place, panel_values(post)) if fits else None


def _with_typed(tree: Tree, post: QueryDict) -> Tree:
    """The tree with the kinds, numbers and weights that stand in the fields of its groups and members."""
    for place, form in list(walk_places(tree)):
        where = place_text(place)
        kind = kind_of(form)
        if kind in GROUP_KINDS:
            wanted = post.get(f"kind-{where}", kind)
            amount = _number(post.get(f"amount-{where}", ""))
            if wanted in GROUP_KINDS and wanted != kind:
                tree = editing.change_kind(tree, place, wanted, amount if _counts(kind) else None).tree
            elif _counts(kind) and f"amount-{where}" in post and amount != form[kind]:
                tree = editing.set_amount(tree, place, amount).tree
        weight = post.get(f"weight-{where}")
        if weight is not None and place and kind_of(find(tree, place[:-1])) == "points":
            number = _number(weight)
            if number != form.get("weight", 1):
                tree = editing.weigh_member(tree, place, number).tree
    return tree


def _counts(kind: str) -> bool:
    return kind in ("at_least", "points")


def _number(text: str) -> object:
    """The number that was typed, or the very text where it is none: the tree then says what is wrong with it."""
    plain = text.strip().replace(",", ".")
    if re.fullmatch(r"\d{1,9}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"\d{1,9}\.\d{1,9}", plain) else plain[:40]
