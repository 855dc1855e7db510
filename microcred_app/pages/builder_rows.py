"""The tree as its rows are drawn: names, numbers, problems, and which buttons make sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.rules.outline import (
    GROUP_KINDS,
    Place,
    Tree,
    bare,
    can_negate,
    find,
    kind_of,
    members_at,
    problems_of,
    walk_places,
)

from .builder import Board, Focus, Panel, place_text
from .builder_leaf import PICKED_KINDS
from .builder_search import Found, find_choices
from .builder_words import kind_word, outline_words

__all__ = ["PanelForm", "Row", "Titles", "rows_of"]

#: Quotation marks of the languages there are: a name within a name goes without them.
_QUOTES = dict.fromkeys(map(ord, "“”„«»"))


@dataclass(frozen=True)
class PanelForm:
    """The form of a leaf with what can be picked."""

    panel: Panel
    title: str
    found: Found | None
    picks_one: bool
    focus: str


@dataclass(frozen=True)
class Row:
    """One part. ``name`` is how buttons call it; ``focus`` names the button that takes the focus, if one does."""

    place: str
    name: str
    text: str
    kind: str
    is_group: bool
    is_root: bool
    amount: object
    weight: object
    first: bool
    last: bool
    can_nest: bool
    can_lift: bool
    can_negate: bool
    negated: bool
    problems: tuple[str, ...]
    members: tuple[Row, ...]
    panel: PanelForm | None
    focus: str


class Titles:
    """What each part of one tree is called; asks for the titles of everything in it once."""

    def __init__(self, tree: Tree, *others: Tree) -> None:
        self._leaves: dict[int, rules.Node] = {}
        self._kept = (tree, *others)
        for root in self._kept:
            for _place, form in walk_places(root):
                self._read(form)
        self.names = badges.names_for(self._leaves.values())

    def _read(self, form: Tree) -> None:
        if kind_of(form) not in (*GROUP_KINDS, "not"):
            try:
                self._leaves[id(form)] = rules.parse_requirement(bare(form))
            except rules.RequirementError:
                return

    def name(self, form: Tree) -> str:
        """A short name, to follow a verb: the title of what the leaf asks for, or what kind of group it is."""
        kind = kind_of(form)
        members = members_at(form)
        if kind == "not":
            return _("not {name}").format(name=self.name(members[0]))
        if kind in GROUP_KINDS:
            words = outline_words(kind, form.get(kind), len(members))
            first = (
                f": {self.name(members[0])} …" if members and kind_of(members[0]) not in GROUP_KINDS else ""
            )
            return _("the group “{words}”").format(words=words + first.translate(_QUOTES))
        leaf = self._leaf(form)
        title = self.names.of(leaf) if leaf is not None and not isinstance(leaf, rules.TimeLeaf) else ""
        return f"“{title}”" if title else (self.text(form) if leaf else kind_word(kind))

    def text(self, form: Tree) -> str:
        """The part as one line."""
        kind = kind_of(form)
        if kind in (*GROUP_KINDS, "not"):
            return outline_words(kind, form.get(kind), len(members_at(form)))
        leaf = self._leaf(form)
        words = rules.say(leaf, self.names, badges.phrases()) if leaf else kind_word(kind)
        return words[:1].upper() + words[1:]

    def is_lost(self, form: Tree) -> str:
        """What the leaf asks for and nothing here goes by."""
        leaf = self._leaf(form)
        known: Mapping[str, Mapping[str, str]] = {
            "badge": self.names.badges,
            "outcome": self.names.outcomes,
            "credits": self.names.skills,
        }
        if leaf is None or kind_of(form) not in known or not isinstance(leaf, rules.FactLeaf):
            return ""
        return ", ".join(key for kind, key in rules.mentions_of_leaf(leaf) if not known[kind].get(key))

    def _leaf(self, form: Tree) -> rules.Leaf | None:
        found = self._leaves.get(id(form))
        if found is None and kind_of(form) not in (*GROUP_KINDS, "not"):
            try:
                found = rules.parse_requirement(bare(form))
            except rules.RequirementError:
                return None
        return found if isinstance(found, rules.FactLeaf | rules.TimeLeaf) else None


def rows_of(board: Board, titles: Titles, own_key: str = "") -> Row:
    """The whole tree as rows; problems stand at their parts."""
    problems: dict[Place, list[str]] = {}
    for problem in problems_of(board.tree):
        if _is_empty_group(find(board.tree, problem.place)):
            continue  # the row says what to do
        problems.setdefault(problem.place, []).append(problem.error.say_problem(_))
    for place, form in walk_places(board.tree):
        lost = titles.is_lost(form)
        if lost:
            problems.setdefault(place, []).append(
                _("Nothing is known by these keys: {keys}.").format(keys=lost)
            )
    return _Painter(board, titles, problems, own_key).row(board.tree, (), 0, 1, None)


def _is_empty_group(form: Tree) -> bool:
    return kind_of(form) in GROUP_KINDS and not members_at(form)


class _Painter:
    """Draws the rows of one board."""

    def __init__(
        self, board: Board, titles: Titles, problems: Mapping[Place, list[str]], own_key: str
    ) -> None:
        self._board = board
        self._titles = titles
        self._problems = problems
        self._own_key = own_key

    def row(self, form: Tree, place: Place, position: int, size: int, above: Tree | None) -> Row:
        """The row of *form* with the rows below it."""
        kind = kind_of(form)
        members = members_at(form)
        above_kind = kind_of(above) if above is not None else ""
        alone = above_kind in ("", "not")
        return Row(
            place=place_text(place),
            name=self._titles.name(form),
            text=self._titles.text(form),
            kind=kind,
            is_group=kind in GROUP_KINDS,
            is_root=not place,
            amount=form.get(kind) if kind in ("at_least", "points") else "",
            weight=form.get("weight", 1) if above_kind == "points" else None,
            first=alone or position == 0,
            last=alone or position == size - 1,
            can_nest=not alone and position > 0,
            can_lift=len(place) > 1 and above_kind != "not",
            can_negate=bool(place) and above_kind != "not" and (kind == "not" or can_negate(form)),
            negated=kind == "not",
            problems=tuple(self._problems.get(place, ())),
            members=tuple(
                self.row(member, (*place, number), number, len(members), form)
                for number, member in enumerate(members)
            ),
            panel=self._panel(place, form),
            focus=self._focus(place),
        )

    def _focus(self, place: Place) -> str:
        focus = self._board.focus
        return focus.verb if isinstance(focus, Focus) and focus.place == place else ""

    def _panel(self, place: Place, form: Tree) -> PanelForm | None:
        panel = self._board.panel
        if panel is None or panel.place != place:
            return None
        found = None
        if panel.kind in PICKED_KINDS:
            found = find_choices(
                panel.kind, str(panel.values.get("query", "")), panel.values.get("chosen", []), self._own_key
            )
        title = _("Add: {kind}") if panel.task == "new" else _("Change: {kind}")
        one = panel.task == "edit" and panel.kind in ("badge", "outcome")
        return PanelForm(panel, title.format(kind=kind_word(panel.kind)), found, one, self._focus(place))
