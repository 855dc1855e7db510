"""What a sign-off would do for one learner, by the same evaluation that awards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from microcred_app import rules

from ..awards import api as awards
from ..badges import api as badges

__all__ = ["Judge", "Judged", "moment_of"]

#: What is missing is kept for so many badges, and so much for each: a row is read by a person.
MOST_BADGES = 5
MOST_MISSING = 5


@dataclass(frozen=True)
class Judged:
    """A verdict of :class:`~.models.SignOffEntry`, and what stands behind it."""

    verdict: str
    details: dict[str, Any]


class Judge:
    """Knows which badges ask for the thing; asked of learner after learner, it reads nothing."""

    def __init__(self, key: str, role: str, current: badges.CurrentBadges, now: datetime) -> None:
        self._key, self._role, self._current, self._now = key, role, current, now
        self.mentioning = current.mentioning([("signoff", key)])
        self.asking = tuple(badge for badge in self.mentioning if asks(badge, key, role))

    def judge(self, standing: awards.Standing, seen_on: date | None) -> Judged:
        """What signing off for this learner would do now.

        A sign-off that stands is not given twice, unless the row names a later day: that is a new demonstration, which
        renews what ends.
        """
        newest = max((fact.at for fact in standing.known if self._is_it(fact)), default=None)
        again = seen_on is not None and newest is not None and newest.astimezone(UTC).date() < seen_on
        if newest is not None and not again:
            return Judged("signed", {})
        if self.asking and all(self._is_held(standing, badge, again) for badge in self.asking):
            return Judged("holds", {})
        also = replace(standing, known=(*standing.known, self._fact(seen_on)))
        due = awards.due_awards(also, self.mentioning, self._current, now=self._now)
        if due:
            return Judged("earns", {"earns": [award.badge.key for award in due]})
        facts = rules.Facts(also.known, self._current.relations)
        lacking = [badge for badge in self.asking if badge.key not in standing.held][:MOST_BADGES]
        return Judged("lacks", {"lacks": [self._lack(badge, standing, facts) for badge in lacking]})

    def _lack(
        self, badge: badges.PublishedBadge, standing: awards.Standing, facts: rules.Facts
    ) -> dict[str, Any]:
        if not standing.may_be_granted(badge.key, badge.number):
            return {"badge": badge.key, "taken_back": True}
        missing = rules.missing(badge.requirement, facts, self._now)[:MOST_MISSING]
        return {"badge": badge.key, "missing": [rules.to_json(leaf) for leaf in missing]}

    def _is_it(self, fact: rules.Fact) -> bool:
        return isinstance(fact, rules.SignOffFact) and (fact.key, fact.role) == (self._key, self._role)

    def _is_held(self, standing: awards.Standing, badge: badges.PublishedBadge, again: bool) -> bool:
        held = standing.held.get(badge.key)
        if held is None or (held.until is not None and held.until <= self._now):
            return False
        return held.until is None or not again

    def _fact(self, seen_on: date | None) -> rules.SignOffFact:
        return rules.SignOffFact("list", self._key, moment_of(seen_on, self._now), role=self._role)


def asks(badge: badges.PublishedBadge, key: str, role: str) -> bool:
    """Whether the badge's rule asks for this thing in this role."""
    return any(
        isinstance(part, rules.SignOffLeaf) and (part.key, part.role) == (key, role)
        for part in rules.walk(badge.requirement)
    )


def moment_of(seen_on: date | None, now: datetime) -> datetime:
    """The moment of a day: its noon, because the day is one of the person's own time zone; today's is now."""
    if seen_on is None or seen_on >= now.astimezone(UTC).date():
        return now
    return datetime(seen_on.year, seen_on.month, seen_on.day, 12, tzinfo=UTC)
