"""Requirements that are well formed and still not what anybody meant: found before they award.

* ``everybody``: met by a learner who has done nothing, now or from some date on;
* ``nobody``: met by no learner from now on, whatever they do or did: the dates are over, or the counting asks for
  more different things than there are, or a sign-off is asked for and forbidden;
* ``dead``: the innermost parts of which the same is true;
* ``pointless``: a member of an ``any`` that everybody meets makes its neighbours pointless;
* ``shared``: one thing may meet two members of a counting group and will be counted once.

How: a verdict depends on facts in one direction only, more facts never take it away, except for sign-offs
under a ``not``. So two judgements suffice for each moment at which a date begins or ends: one with no facts, and one
with everything that somebody could have by then, for each choice of the forbidden sign-offs. That is exact up
to :data:`MOST_CASES` cases; beyond, sign-offs are taken as possible and impossible at once, so ``nobody`` may be
missed there but is never claimed wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import compress, product

from .errors import gettext_noop
from .evaluation import Judgement, Reading
from .facts import Relations
from .requirement import (
    AnyOf,
    AtLeast,
    FactLeaf,
    Leaf,
    Node,
    Not,
    Points,
    SignOffLeaf,
    TimeLeaf,
    placed_members,
    walk,
    walk_with_paths,
)
from .sharing import may_bring, shares_things
from .window import closing, opening

__all__ = ["Finding", "FindingKind", "lint"]

MOST_CASES = 256


class FindingKind(StrEnum):
    """What is odd about a requirement."""

    EVERYBODY = "everybody"
    NOBODY = "nobody"
    DEAD = "dead"
    POINTLESS = "pointless"
    SHARED = "shared"


_PROBLEMS = {
    FindingKind.EVERYBODY: gettext_noop("This would award everybody, without anybody doing anything."),
    FindingKind.NOBODY: gettext_noop("This would award nobody: it cannot be met any more."),
    FindingKind.DEAD: gettext_noop("Nobody can meet this part any more."),
    FindingKind.POINTLESS: gettext_noop(
        "Everybody meets this, so the other members of its group are pointless."
    ),
    FindingKind.SHARED: gettext_noop("One thing may meet several members of this group. It counts once."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to ask about before publishing. ``since`` is when it becomes true, if it is not true yet."""

    kind: FindingKind
    path: str
    since: datetime | None = None

    @property
    def problem(self) -> str:
        """What is odd, as a template for the catalogue."""
        return _PROBLEMS[self.kind]


def lint(node: Node, now: datetime, relations: Relations | None = None) -> tuple[Finding, ...]:
    """Everything odd about *node* from *now* on, outermost places first."""
    known = relations or Relations()
    moments = sorted({now, *(moment for moment in _moments(node) if moment > now)})
    given_away = _met_by_nothing(node, moments)
    possible = _possible(node, moments, known)
    found: list[Finding] = []
    if id(node) in given_away:
        since = given_away[id(node)]
        found.append(Finding(FindingKind.EVERYBODY, "", since if since > now else None))
    if id(node) not in possible:
        found.append(Finding(FindingKind.NOBODY, ""))
    for path, part in walk_with_paths(node):
        if isinstance(part, AtLeast | Points) and shares_things(part, known):
            found.append(Finding(FindingKind.SHARED, path))
        members = tuple(placed_members(part, path))
        if id(part) not in possible and path and not any(id(member) not in possible for _, member in members):
            found.append(Finding(FindingKind.DEAD, path))
        if isinstance(part, AnyOf) and len(members) > 1:
            free = (place for place, member in members if given_away.get(id(member)) == now)
            found.extend(Finding(FindingKind.POINTLESS, place) for place in free)
    return tuple(found)


def _moments(node: Node) -> Iterator[datetime]:
    """When what is possible may change: times begin and end, ranges of facts begin."""
    for part in walk(node):
        if isinstance(part, TimeLeaf):
            if part.ends is not None:
                yield closing(part.ends)
            if part.starts is not None:
                yield opening(part.starts)
        elif isinstance(part, FactLeaf) and part.window.starts is not None:
            yield opening(part.window.starts)


def _met_by_nothing(node: Node, moments: list[datetime]) -> dict[int, datetime]:
    """For each node that a learner without facts meets: since when."""
    found: dict[int, datetime] = {}
    for moment in moments:
        judgement = Judgement(partial(_read_nothing, now=moment))
        for part in walk(node):
            if id(part) not in found and judgement.satisfied(part):
                found[id(part)] = moment
    return found


def _read_nothing(leaf: Leaf, now: datetime) -> Reading:
    met = isinstance(leaf, TimeLeaf) and leaf.holds(now)
    return Reading(met, may_bring(leaf, Relations()) if met else frozenset())


def _possible(node: Node, moments: list[datetime], relations: Relations) -> set[int]:
    """The nodes that somebody could meet at one of the moments."""
    forbidding = [part for part in walk(node) if isinstance(part, Not) and _sign_offs(part)]
    forbidden = sorted({leaf for part in forbidding for leaf in _sign_offs(part)}, key=repr)
    choices: list[frozenset[SignOffLeaf] | None] = [None]
    if len(moments) << len(forbidden) <= MOST_CASES:
        picks = product((False, True), repeat=len(forbidden))
        choices = [frozenset(compress(forbidden, picked)) for picked in picks]
    found: set[int] = set()
    parts = list(walk(node))
    for moment, given in product(moments, choices):
        absent = frozenset[SignOffLeaf]() if given is None else frozenset(forbidden) - given
        judgement = Judgement(
            partial(_read_best, now=moment, absent=absent, relations=relations),
            frozenset(forbidding) if given is None else frozenset(),
        )
        found.update(id(part) for part in parts if id(part) not in found and judgement.satisfied(part))
    return found


def _sign_offs(node: Not) -> list[SignOffLeaf]:
    return [part for part in walk(node) if isinstance(part, SignOffLeaf)]


def _read_best(leaf: Leaf, now: datetime, absent: frozenset[SignOffLeaf], relations: Relations) -> Reading:
    """The leaf as the luckiest learner has it at *now*, without the sign-offs that are *absent*."""
    met = leaf.holds(now) if isinstance(leaf, TimeLeaf) else _could_be_met(leaf, now)
    if not met or leaf in absent:
        return Reading(False)
    return Reading(True, may_bring(leaf, relations))


def _could_be_met(leaf: FactLeaf, now: datetime) -> bool:
    window = leaf.window
    if window.starts is not None and opening(window.starts) > now:
        return False
    if window.ends is None or window.within is None:
        return True
    return window.within.after(closing(window.ends)) > now
