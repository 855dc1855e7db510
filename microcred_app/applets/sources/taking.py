"""What is taken up of what the platform says: what a badge in force asks for, once, about people who have an account.

Why not everything: a platform tells of every answer to every problem. What nobody asks for can be read from the
platform's tables when somebody does, see :mod:`.replaying`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from microcred_app.compat import open_accounts, platform
from microcred_app.platform_facts import Seen
from microcred_app.rules import Mention

from ..attainments.observed import ObservedState, observe, standings_observed
from ..attainments.reported import FactRefused
from ..badges import api as badges

__all__ = ["PLATFORM", "Taken", "asked_by_badges", "take_in"]

log = logging.getLogger(__name__)

#: The source under which the platform's word stands.
PLATFORM = "platform"
#: Kinds of facts that a platform reports.
KINDS = frozenset({"grade", "block", "standing"})
#: Blocks that have no completion of their own: they are complete when everything below them is.
_CONTAINERS = ("+type@vertical+", "+type@sequential+", "+type@chapter+")


@dataclass(frozen=True)
class Taken:
    """How many of these were asked for, were news, and said what cannot be."""

    asked: int = 0
    news: int = 0
    refused: int = 0


def asked_by_badges() -> Collection[Mention]:
    """What badges in force ask of the platform: one small question to the database."""
    return badges.current_definitions().mentioned_by.keys()


def take_in(
    seen: Iterable[Seen], *, asked: Collection[Mention], now: datetime, settled: bool = False
) -> Taken:
    """Write down what is asked for. Once or ten times, early or late, the facts are the same afterwards.

    *settled* says that it was read from the platform's tables and not told by an event. Each learner's fact is a
    transaction of its own. Nothing is written about accounts that are gone or retired.
    """
    found = [entry for entry in seen if entry.kind in KINDS]
    if not settled:
        found += _containers_of(found)
    wanted = [entry for entry in found if (entry.kind, entry.key) in asked]
    if not wanted:
        return Taken()
    accounts = open_accounts(entry.learner_id for entry in wanted)
    news = refused = 0
    for entry in wanted:
        if entry.learner_id not in accounts:
            continue
        try:
            news += _observe(entry, now=now, settled=settled)
        except FactRefused as error:
            refused += 1
            log.error("The platform says of %s what cannot be: %s", entry.key, error)
    return Taken(len(wanted), news, refused)


def _observe(entry: Seen, *, now: datetime, settled: bool) -> int:
    state = ObservedState(
        learner_id=entry.learner_id,
        kind=entry.kind,
        key=entry.key,
        at=entry.at or now,
        source=PLATFORM,
        holds=entry.holds,
        number=entry.number,
        role=entry.role,
    )
    news = int(observe(state, now=now, settled=settled))
    if not entry.alone:
        return news
    family = entry.role[:6]
    others = standings_observed(entry.learner_id, entry.kind, entry.key, source=PLATFORM) - {entry.role}
    for role in sorted(role for role in others if role.startswith(family)):
        ended = ObservedState(
            entry.learner_id, entry.kind, entry.key, state.at, PLATFORM, holds=False, role=role
        )
        news += int(observe(ended, now=now, settled=settled))
    return news


def _containers_of(seen: Iterable[Seen]) -> list[Seen]:
    """Pages and sections that badges ask for, where one of these completions has completed them.

    A platform that cannot answer must not cost the completion itself; the reading of its tables asks again.
    """
    found = []
    for entry in seen:
        if entry.kind != "block" or not entry.holds:
            continue
        for key in _containers_asked(badges.current_definitions().stamp).get(entry.course_key, ()):
            try:
                if platform().container_complete(entry.learner_id, key):
                    found.append(replace(entry, key=key))
            except Exception:
                log.exception("The platform did not say whether %s is complete.", key)
    return found


@lru_cache(maxsize=4)
def _containers_asked(stamp: str) -> dict[str, tuple[str, ...]]:
    """Containers that badges in force ask for, by course; worked out once for each state of the definitions."""
    found: dict[str, tuple[str, ...]] = {}
    for kind, key in badges.current_definitions(stamp).mentioned_by:
        if kind == "block" and any(part in key for part in _CONTAINERS):
            course = f"course-v1:{key.removeprefix('block-v1:').partition('+type@')[0]}"
            found[course] = (*found.get(course, ()), key)
    return found
