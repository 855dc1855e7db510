"""Texts of one shape that also share most of their strings are filled in by a shorter plan, which gives the same bytes.

Credentials are verified in batches of one badge: only what belongs to the learner varies. What the last few texts of
a shape had in common is fixed in a plan of its own, so that statements and hashes that see no varying string are
computed once. A narrowed plan is a plan like any other: compiled and proved by `shapes`, on the conditions written
there. Which strings it fixes is a guess that cannot make it wrong: it is used only for texts in which every one of
these is equal, byte for byte, and all others take the wide plan.

Compiling is work that a stranger can ask for, so it must be earned: a shape is narrowed after `FIRST_DUE` uses, and
again, if that guess served less than half of the texts since, after four times as many each time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter

from microcred_app.ob3.plan import Getter, Plan

__all__ = ["FIRST_DUE", "WATCHED", "Narrowing"]

FIRST_DUE = 24
WATCHED = 12


@dataclass(frozen=True)
class _Narrowed:
    """A plan for texts whose strings at the picked places are `fixed`."""

    pick: Getter
    fixed: bytes
    plan: Plan


class Narrowing:
    """Watches the texts of one shape, says when and to what it should be narrowed, and keeps the narrowed plan.

    Threads may share it: a count that is lost moves the moment of narrowing, never the bytes.
    """

    def __init__(self, free: Collection[int]) -> None:
        """Watch the strings at the places in *free*, those that the wide plan takes."""
        self._free = tuple(sorted(free))
        self._known: _Narrowed | None = None
        self._base: Sequence[bytes] = ()
        self._varying: set[int] = set()
        self._uses = self._hits = 0
        self._due = FIRST_DUE

    def plan_for(self, parts: Sequence[bytes]) -> Plan | None:
        """Return the narrowed plan when it fits the text in *parts*."""
        known = self._known
        if known is None or b'"'.join(known.pick(parts)) != known.fixed:
            return None
        self._hits += 1
        return known.plan

    def watch(self, parts: Sequence[bytes]) -> frozenset[int]:
        """Count a use; return the places that vary when it is time to narrow, else nothing."""
        self._uses += 1
        if self._uses <= self._due - WATCHED:
            return frozenset()
        if not self._base:
            self._base = parts
        base = self._base
        self._varying.update(place for place in self._free if parts[place] != base[place])
        if self._uses < self._due:
            return frozenset()
        varying, served = frozenset(self._varying), 2 * self._hits >= self._uses
        self._base, self._varying = (), set()
        self._uses = self._hits = 0
        self._due *= 4
        worthwhile = 2 <= 2 * len(varying) <= len(self._free) - 2
        return varying if worthwhile and not served else frozenset()

    def keep(self, parts: Sequence[bytes], varying: Collection[int], plan: Plan) -> None:
        """Use *plan* from now on for texts that have what *parts* has wherever it does not vary."""
        pick = itemgetter(*(place for place in self._free if place not in varying))
        self._known = _Narrowed(pick, b'"'.join(pick(parts)), plan)
