"""What a rule would do, computed on real data without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from microcred_app import rules

from ..awards import api as awards
from ..badges import api as badges
from ..delivery import api as delivery
from .data import Preview
from .population import concerned, in_chunks

__all__ = ["CHUNK", "Question", "Tally", "preview_requirement", "question_of", "room_of", "tally_of"]

CHUNK = 1_000


@dataclass
class Tally:
    """What was found of some learners; tallies of others may be added to it."""

    gains: list[int] = field(default_factory=list)
    keeps: list[int] = field(default_factory=list)
    no_longer: list[int] = field(default_factory=list)
    taken_back: list[int] = field(default_factory=list)
    pushes: int = 0
    stacks: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count what another tally found as well."""
        self.gains += other.gains
        self.keeps += other.keeps
        self.no_longer += other.no_longer
        self.taken_back += other.taken_back
        self.pushes += other.pushes
        self.stacks += other.stacks

    def as_preview(self, *, looked_at: int, room: int | None) -> Preview:
        """The answer, once everybody was looked at."""
        return Preview(
            gains=tuple(self.gains),
            keeps=tuple(self.keeps),
            no_longer=tuple(self.no_longer),
            taken_back=tuple(self.taken_back),
            pushes=self.pushes,
            stacks=tuple(sorted(self.stacks.items())),
            looked_at=looked_at,
            room=room,
        )


@dataclass(frozen=True)
class Question:
    """What is looked at; ``number`` is the version, 0 for one that does not exist yet."""

    badge_key: str
    number: int
    requirement: rules.Node
    current: badges.CurrentBadges
    now: datetime


def preview_requirement(badge_key: str, requirement: rules.Node, *, now: datetime) -> Preview:
    """Who would gain *badge_key* by *requirement*, who keeps it, who would not be given it any more.

    The badge need not exist yet. Stacks above it are followed as they would be. This looks at everybody before it
    returns; where somebody waits for the answer use :func:`~.preview_runs.request_preview`.
    """
    current = badges.current_definitions()
    learner_ids = concerned(requirement, current.relations, badge_key=badge_key)
    question = question_of(badge_key, requirement, current, now)
    whole = Tally()
    for chunk in in_chunks(learner_ids, CHUNK):
        whole.add(tally_of(chunk, question))
    return whole.as_preview(looked_at=len(learner_ids), room=room_of(badge_key))


def question_of(
    badge_key: str, requirement: rules.Node, current: badges.CurrentBadges, now: datetime
) -> Question:
    """The question that :func:`tally_of` asks of each learner."""
    badge = current.by_key.get(badge_key)
    number = badge.number if badge is not None and badge.requirement == requirement else 0
    return Question(badge_key, number, requirement, current, now)


def tally_of(learner_ids: Sequence[int], question: Question) -> Tally:
    """What the rule would do to these learners, in two reads."""
    tally = Tally()
    for standing in awards.read_standings(learner_ids).of.values():
        _count(tally, standing, question)
    tally.pushes = delivery.count_automatic(tally.gains)
    return tally


def room_of(badge_key: str) -> int | None:
    """How many more the badge's cap lets through now; None without one."""
    badge = badges.current_definitions().by_key.get(badge_key)
    return awards.room_under_cap(badge) if badge is not None else None


def _count(tally: Tally, standing: awards.Standing, asked: Question) -> None:
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
