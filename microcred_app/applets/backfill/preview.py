"""What a rule would do, computed on real data without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from microcred_app import rules

from ..awards import api as awards
from ..badges import api as badges
from ..delivery import api as delivery
from .data import Preview
from .population import concerned, in_chunks

__all__ = ["preview_requirement"]

CHUNK = 1_000


@dataclass
class _Tally:
    gains: list[int] = field(default_factory=list)
    keeps: list[int] = field(default_factory=list)
    no_longer: list[int] = field(default_factory=list)
    taken_back: list[int] = field(default_factory=list)
    stacks: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Question:
    """What is looked at; ``number`` is the version, 0 for one that does not exist yet."""

    badge_key: str
    number: int
    requirement: rules.Node
    current: badges.CurrentBadges
    now: datetime


def preview_requirement(badge_key: str, requirement: rules.Node, *, now: datetime) -> Preview:
    """Who would gain *badge_key* by *requirement*, who keeps it, who would not be given it any more.

    The badge need not exist yet. Stacks above it are followed as they would be.
    """
    current = badges.current_definitions()
    learner_ids = concerned(requirement, current.relations, badge_key=badge_key)
    badge = current.by_key.get(badge_key)
    number = badge.number if badge is not None and badge.requirement == requirement else 0
    asked = _Question(badge_key, number, requirement, current, now)
    tally = _Tally()
    for chunk in in_chunks(learner_ids, CHUNK):
        standings = awards.read_standings(chunk)
        for standing in standings.of.values():
            _count(tally, standing, asked)
    return Preview(
        gains=tuple(tally.gains),
        keeps=tuple(tally.keeps),
        no_longer=tuple(tally.no_longer),
        taken_back=tuple(tally.taken_back),
        pushes=_pushes(tally.gains),
        stacks=tuple(sorted(tally.stacks.items())),
        looked_at=len(learner_ids),
        room=_room(badge_key, current),
    )


def _count(tally: _Tally, standing: awards.Standing, asked: _Question) -> None:
    facts = rules.Facts(standing.known, asked.current.relations)
    satisfied = rules.evaluate(asked.requirement, facts, asked.now).satisfied
    if asked.badge_key in standing.held:
        (tally.keeps if satisfied else tally.no_longer).append(standing.learner_id)
        return
    if not satisfied:
        return
    if not standing.may_be_granted(asked.badge_key, asked.number):
        tally.taken_back.append(standing.learner_id)
        return
    tally.gains.append(standing.learner_id)
    following = awards.due_awards(
        standing.also(rules.BadgeFact("preview", asked.badge_key, asked.now)),
        asked.current.mentioning([("badge", asked.badge_key)]),
        asked.current,
        now=asked.now,
    )
    tally.stacks.update(award.badge.key for award in following)


def _room(badge_key: str, current: badges.CurrentBadges) -> int | None:
    badge = current.by_key.get(badge_key)
    return awards.room_under_cap(badge) if badge is not None else None


def _pushes(learner_ids: Collection[int]) -> int:
    return sum(delivery.count_automatic(chunk) for chunk in in_chunks(list(learner_ids), CHUNK))
