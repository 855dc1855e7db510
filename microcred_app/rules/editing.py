"""Edits of a requirement while somebody builds it: each gives a new tree and leaves the one it was given alone.

Edits work on outlines (:mod:`.outline`), so they may lead through trees that are no requirement yet. Undo is keeping
the tree of before, because no edit changes it. An edit answers with the place at which the thing that was edited
stands now, so that the focus can stay with it. What makes no sense is refused with a reason, and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import gettext_noop
from .outline import (
    GROUP_KINDS,
    EditRefused,
    Place,
    Tree,
    bare,
    can_negate,
    find,
    kind_of,
    list_name,
    members_at,
    walk_places,
)
from .requirement import MAX_DEPTH, MAX_NODES

__all__ = [
    "Edited",
    "add_member",
    "change_kind",
    "group_member",
    "lift_member",
    "move_member",
    "negate_member",
    "nest_member",
    "remove_member",
    "replace_member",
    "set_amount",
    "ungroup_member",
    "weigh_member",
]


@dataclass(frozen=True, slots=True)
class Edited:
    """The tree after an edit, and where the thing that was edited stands now."""

    tree: Tree
    place: Place


def add_member(tree: Tree, place: Place, form: Tree) -> Edited:
    """Put *form* at the end of the group at *place*."""
    group = _group_at(tree, place)
    members = members_at(group)
    if form in members and members_at(form):
        raise EditRefused(gettext_noop("The same stands in this group already."))
    if kind_of(form) not in GROUP_KINDS and any(bare(form) == bare(member) for member in members):
        raise EditRefused(gettext_noop("The same stands in this group already."))
    return _checked(tree, _put(tree, place, _with_members(group, [*members, form])), (*place, len(members)))


def remove_member(tree: Tree, place: Place) -> Edited:
    """Take the part away; the focus goes to what stands there then. Removing the root empties it."""
    if not place:
        return Edited({"all": []}, ())
    above, position = place[:-1], place[-1]
    group = find(tree, above)
    find(tree, place)
    if kind_of(group) == "not":
        return remove_member(tree, above)
    members = members_at(group)
    del members[position]
    left = _put(tree, above, _with_members(group, members))
    return Edited(left, (*above, min(position, len(members) - 1)) if members else above)


def move_member(tree: Tree, place: Place, step: int) -> Edited:
    """Change places with the neighbour before (``-1``) or behind (``1``)."""
    above, position, group, members = _member(tree, place)
    target = position + step
    if kind_of(group) == "not" or not 0 <= target < len(members):
        first = gettext_noop("It is the first of its group already.")
        last = gettext_noop("It is the last of its group already.")
        raise EditRefused(first if step < 0 else last)
    members[position], members[target] = members[target], members[position]
    return Edited(_put(tree, above, _with_members(group, members)), (*above, target))


def nest_member(tree: Tree, place: Place) -> Edited:
    """Put the part into the group before it; a single part before it becomes a group of both."""
    above, position, group, members = _member(tree, place)
    if kind_of(group) == "not" or position == 0:
        raise EditRefused(gettext_noop("Nothing stands before it in its group. Move it down first."))
    before, moving = members[position - 1], bare(members[position])
    if kind_of(before) in GROUP_KINDS:
        inner = members_at(before)
        grown = _with_members(before, [*inner, moving])
        inside = len(inner)
    else:
        grown = _weighed({"all": [bare(before), moving]}, before)
        inside = 1
    members[position - 1 : position + 1] = [grown]
    left = _put(tree, above, _with_members(group, members))
    return _checked(tree, left, (*above, position - 1, inside))


def lift_member(tree: Tree, place: Place) -> Edited:
    """Take the part out of its group, to stand behind it; a group left empty goes."""
    above, position, group, members = _member(tree, place)
    if not above:
        raise EditRefused(gettext_noop("It stands in the outermost group already."))
    if kind_of(group) == "not" or kind_of(find(tree, above[:-1])) == "not":
        raise EditRefused(gettext_noop("It stands under a “not”. Take the “not” away first."))
    moving = bare(members.pop(position))
    upper_place, upper_position = above[:-1], above[-1]
    upper = find(tree, upper_place)
    outer = members_at(upper)
    outer[upper_position : upper_position + 1] = [
        *([_with_members(group, members)] if members else []),
        moving,
    ]
    landed = upper_position + (1 if members else 0)
    return Edited(_put(tree, upper_place, _with_members(upper, outer)), (*upper_place, landed))


def group_member(tree: Tree, place: Place, kind: str = "all") -> Edited:
    """Put a new group around the part; the focus goes to the group."""
    form = find(tree, place)
    wrapped = _weighed(_with_members(_empty_group(kind), [bare(form)]), form)
    return _checked(tree, _put(tree, place, wrapped), place)


def ungroup_member(tree: Tree, place: Place) -> Edited:
    """Put the members of the group where the group stood."""
    form = find(tree, place)
    inner = [bare(member) for member in members_at(form)]
    if kind_of(form) not in GROUP_KINDS:
        raise EditRefused(gettext_noop("Only a group can be dissolved."))
    if not place or kind_of(find(tree, place[:-1])) == "not":
        if len(inner) == 1 and kind_of(inner[0]) in GROUP_KINDS:
            return Edited(_put(tree, place, inner[0]), place)
        raise EditRefused(gettext_noop("The outermost group stays. You can change what kind of group it is."))
    above, position, group, members = _member(tree, place)
    members[position : position + 1] = inner
    left = _put(tree, above, _with_members(group, members))
    return Edited(left, (*above, min(position, len(members) - 1)) if members else above)


def change_kind(tree: Tree, place: Place, kind: str, amount: object = None) -> Edited:
    """Make the group one of another kind, with the same members. *amount* is how many, or how many points."""
    form = _group_at(tree, place)
    members = members_at(form)
    if kind_of(form) == "points" and kind != "points":
        members = [bare(member) for member in members]
    changed = _with_members(_empty_group(kind, len(members), amount), members)
    return Edited(_put(tree, place, _weighed(changed, form)), place)


def set_amount(tree: Tree, place: Place, amount: object) -> Edited:
    """Say how many members, or points, the group needs. What is no such number stays, as a problem."""
    form = _group_at(tree, place)
    kind = kind_of(form)
    if kind not in ("at_least", "points"):
        raise EditRefused(gettext_noop("This kind of group counts nothing."))
    return Edited(_put(tree, place, {**form, kind: amount}), place)


def weigh_member(tree: Tree, place: Place, weight: object) -> Edited:
    """Say how many points the member of a points group brings."""
    _above, _position, group, _members = _member(tree, place)
    if kind_of(group) != "points":
        raise EditRefused(gettext_noop("Only members of a group that counts points have a weight."))
    plain = bare(find(tree, place))
    return Edited(_put(tree, place, plain if weight == 1 else {**plain, "weight": weight}), place)


def negate_member(tree: Tree, place: Place) -> Edited:
    """Turn the part into "not this", or take the "not" away again."""
    form = find(tree, place)
    if not place:
        raise EditRefused(gettext_noop("The outermost group cannot be turned into a “not”."))
    if kind_of(form) == "not":
        return Edited(_put(tree, place, _weighed(form["not"], form)), place)
    if kind_of(find(tree, place[:-1])) == "not":
        return negate_member(tree, place[:-1])
    if not can_negate(form):
        raise EditRefused(
            gettext_noop(
                "Only sign-offs and times can be turned round: learning more must never cost a badge."
            )
        )
    return _checked(tree, _put(tree, place, _weighed({"not": bare(form)}, form)), place)


def replace_member(tree: Tree, place: Place, form: Tree) -> Edited:
    """Put another leaf where one stands; its weight stays."""
    before = find(tree, place)
    if kind_of(before) in (*GROUP_KINDS, "not"):
        raise EditRefused(gettext_noop("A group stands here."))
    return _checked(tree, _put(tree, place, _weighed(bare(form), before)), place)


def _checked(before: Tree, after: Tree, place: Place) -> Edited:
    """The edit, unless it makes the tree larger or deeper than a requirement may be."""
    if _size(after) > max(MAX_NODES, _size(before)):
        raise EditRefused(
            gettext_noop("A requirement has at most {most} parts. Make a badge of some of them."),
            most=MAX_NODES,
        )
    if _depth(after) > max(MAX_DEPTH, _depth(before)):
        raise EditRefused(
            gettext_noop("Groups are nested at most {most} deep. Make a badge of the inner ones."),
            most=MAX_DEPTH,
        )
    return Edited(after, place)


def _size(tree: Tree) -> int:
    return sum(1 for _part in walk_places(tree))


def _depth(tree: Tree) -> int:
    return 1 + max((len(place) for place, _part in walk_places(tree)), default=0)


def _member(tree: Tree, place: Place) -> tuple[Place, int, Tree, list[Tree]]:
    """The place of the group around a part, the part's position there, the group and its members."""
    if not place:
        raise EditRefused(gettext_noop("The outermost group stays where it is."))
    find(tree, place)
    group = find(tree, place[:-1])
    return place[:-1], place[-1], group, members_at(group)


def _group_at(tree: Tree, place: Place) -> Tree:
    form = find(tree, place)
    if kind_of(form) not in GROUP_KINDS:
        raise EditRefused(gettext_noop("This is no group. Put a group around it first."))
    return form


def _put(tree: Tree, place: Place, form: Tree) -> Tree:
    if not place:
        return form
    members = members_at(tree)
    members[place[0]] = _put(members[place[0]], place[1:], form)
    return _with_members(tree, members)


def _with_members(group: Tree, members: list[Tree]) -> Tree:
    kind = kind_of(group)
    if kind == "not":
        return {**group, "not": members[0]}
    if kind != "points":
        members = [bare(member) for member in members]
    return {**group, list_name(kind): members}


def _empty_group(kind: str, size: int = 1, amount: object = None) -> Tree:
    if kind in ("all", "any"):
        return {kind: []}
    if kind not in GROUP_KINDS:
        raise EditRefused(gettext_noop("There is no such kind of group."))
    return {kind: max(1, size - 1) if amount is None else amount, "of": []}


def _weighed(form: Tree, before: Tree) -> Tree:
    """*form* with the weight that *before* had."""
    return {**bare(form), "weight": before["weight"]} if "weight" in before else form
