"""What a unit feeds: badges, their stacks, and the pathways over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from microcred_app import rules
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.skills.remapping import proven_outcome

from .addresses import absolute
from .roads import Road, explain_roads
from .titles import part_title

__all__ = [
    "CountsTowards",
    "badges_fed_by",
    "counts_towards",
]


@dataclass(frozen=True)
class CountsTowards:
    """A badge that a unit feeds, with what this learner still misses, what to do next, and on which road.

    ``next_url`` is empty where the learner has not met the place yet. ``pathway_state`` is ``following``,
    ``paused`` or empty; ``done`` of ``total`` counts the pathway's stages.
    """

    badge_key: str
    badge_name: str
    earned: bool
    sentence: str
    missing: tuple[str, ...]
    pathway_url: str
    next_title: str = ""
    next_url: str = ""
    next_minutes: int | None = None
    next_reason: str = ""
    pathway_title: str = ""
    pathway_state: str = ""
    done: int = 0
    total: int = 0


def counts_towards(learner_id: int | None, outcome_key: str, *, now: datetime) -> tuple[CountsTowards, ...]:
    """What a unit with this outcome feeds; without a learner, nothing is done yet."""
    with badges.holding_definitions():
        return _feeds(learner_id, outcome_key, now)


def _feeds(learner_id: int | None, outcome_key: str, now: datetime) -> tuple[CountsTowards, ...]:
    fed = badges_fed_by(outcome_key)
    if not fed:
        return ()
    facts = awards.known_facts(learner_id) if learner_id else rules.Facts()
    held = frozenset(fact.key for fact in facts if isinstance(fact, rules.BadgeFact))
    found = explain_roads([badge.requirement for badge in fed], learner_id, now=now, facts=facts)
    keys = pathways.pathways_of_badges(badge.key for badge in fed)
    return tuple(
        _towards(badge, road, badge.key in held, _pathway(keys.get(badge.key), learner_id, held), facts, now)
        for badge, road in zip(fed, found, strict=True)
    )


def _pathway(key: str | None, learner_id: int | None, held: frozenset[str]) -> pathways.PathwayInfo | None:
    return pathways.get_pathway(key, learner_id or 0, held) if key else None


def _towards(
    badge: badges.PublishedBadge,
    road: Road,
    earned: bool,
    pathway: pathways.PathwayInfo | None,
    facts: rules.Facts,
    now: datetime,
) -> CountsTowards:
    step = None if earned else road.next_step
    return CountsTowards(
        badge_key=badge.key,
        badge_name=badge.name,
        earned=earned,
        sentence=badges.criteria_text(badge.requirement, road.names),
        missing=tuple(part_title(part, road.names) for part in rules.missing(badge.requirement, facts, now)),
        pathway_url=absolute("microcred_app:my-pathway", pathway.key) if pathway else "",
        next_title=(step.unit_title or step.title) if step else "",
        next_url=step.link if step else "",
        next_minutes=step.minutes if step else None,
        next_reason=step.reason if step else "",
        pathway_title=pathway.title if pathway else "",
        pathway_state=_state(pathway),
        done=pathway.done if pathway else 0,
        total=len(pathway.stages) if pathway else 0,
    )


def _state(pathway: pathways.PathwayInfo | None) -> str:
    if pathway is None or not pathway.following:
        return ""
    return "paused" if pathway.paused else "following"


def badges_fed_by(outcome_key: str) -> tuple[badges.PublishedBadge, ...]:
    """Badges that mention the outcome, and the stacks above them, nearest first."""
    if not outcome_key:
        return ()
    found: dict[str, badges.PublishedBadge] = {}
    with badges.holding_definitions():
        if not badges.badges_mentioning([("outcome", outcome_key)]):
            # A unit from another site may have been mapped to an outcome of this one.
            outcome = proven_outcome(outcome_key)
            outcome_key = outcome.key if outcome is not None else outcome_key
        asked: set[tuple[str, str]] = {("outcome", outcome_key)}
        while asked:
            level = [badge for badge in badges.badges_mentioning(asked) if badge.key not in found]
            found.update({badge.key: badge for badge in level})
            asked = {("badge", badge.key) for badge in level}
    return tuple(found.values())
