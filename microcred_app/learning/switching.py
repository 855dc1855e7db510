"""What a learner takes along from one pathway to another, told before they switch.

Nothing is lost by switching: badges and what was shown stay. But not everything counts everywhere, and whoever sees
what carries over, what is left, and what stays behind, decides with open eyes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from microcred_app import rules
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.awards import api as awards
from microcred_app.applets.pathways import api as pathways

from .offers import outcomes_behind
from .roads import Road, explain_roads

__all__ = ["CarriedOver", "list_switches", "show_switch"]

#: So many other pathways are weighed: those that share most are of the first.
MOST = 60
SHOWN = 12


@dataclass(frozen=True)
class CarriedOver:
    """Another pathway, as it would stand the moment the learner follows it.

    ``counts`` is done there already, ``begun`` are its badges of which some is done, with how much of how much;
    ``left`` is what is missing, with minutes where they are known. ``stays_behind`` was done for the pathway that is
    left and counts for nothing in this one.
    """

    pathway: pathways.PathwayInfo
    counts: tuple[str, ...]
    begun: tuple[tuple[str, int, int], ...]
    left: tuple[tuple[str, int | None], ...]
    stays_behind: tuple[str, ...]
    minutes_left: int | None


def list_switches(key: str, learner_id: int, *, now: datetime) -> tuple[CarriedOver, ...]:
    """Other open pathways, those first in which most counts already."""
    held = frozenset(awards.held_badges(learner_id))
    here = pathways.get_pathway(key, learner_id, held)
    others = [
        one
        for one in pathways.list_pathways(learner_id, held)
        if one.key != key and one.open and not one.complete
    ][:MOST]
    found = _weigh(here, others, learner_id, now)
    return tuple(sorted(found, key=lambda one: (-len(one.counts), -len(one.begun), one.pathway.title)))[
        :SHOWN
    ]


def show_switch(key: str, to: str, learner_id: int, *, now: datetime) -> CarriedOver:
    """What carries over to one of them; raises ``PathwayNotFound`` and ``PathwayClosed``."""
    held = frozenset(awards.held_badges(learner_id))
    here = pathways.get_pathway(key, learner_id, held)
    there = pathways.get_pathway(to, learner_id, held)
    pathways.require_open(there)
    return _weigh(here, [there], learner_id, now)[0]


def _weigh(
    here: pathways.PathwayInfo, others: Collection[pathways.PathwayInfo], learner_id: int, now: datetime
) -> list[CarriedOver]:
    every = [here, *others]
    facts = awards.known_facts(learner_id)
    roads = explain_roads([one.badge.requirement for one in every], learner_id, now=now, facts=facts)
    leaves = {leaf for road in roads for leaf in _leaves(road)}
    behind = outcomes_behind(leaves)
    met = attainments.best_scores(learner_id, {key for keys in behind.values() for key in keys}).keys()
    return [_carried(one, road, roads[0], behind, met) for one, road in zip(others, roads[1:], strict=True)]


def _carried(
    pathway: pathways.PathwayInfo,
    there: Road,
    here: Road,
    behind: dict[rules.Leaf, tuple[str, ...]],
    met: Collection[str],
) -> CarriedOver:
    counts, begun, left = [], [], []
    titles = _titles(there)
    done_there = _done(there)
    for leaf in _leaves(there):
        title, minutes = titles[leaf]
        if leaf in done_there:
            counts.append(title)
            continue
        outcomes = behind.get(leaf, ())
        shown = sum(key in met for key in outcomes)
        if isinstance(leaf, rules.BadgeLeaf) and shown:
            begun.append((title, shown, len(outcomes)))
        left.append((title, minutes))
    wanted = {(leaf.kind, leaf.key) for leaf in behind if leaf in titles and isinstance(leaf, rules.FactLeaf)}
    wanted |= {("outcome", key) for leaf in titles for key in behind.get(leaf, ())}
    mine, done_here = _titles(here), _done(here)
    stays = [
        mine[leaf][0]
        for leaf in _leaves(here)
        if leaf in done_here
        and (leaf.kind, leaf.key) not in wanted
        and not wanted & {("outcome", key) for key in behind.get(leaf, ())}
    ]
    ways = there.ways
    return CarriedOver(
        pathway=pathway,
        counts=_each_once(counts),
        begun=tuple(begun),
        left=tuple(dict.fromkeys(left)),
        stays_behind=_each_once(stays),
        minutes_left=ways[0].minutes if ways and ways[0].minutes else None,
    )


def _leaves(road: Road) -> list[rules.FactLeaf]:
    """What the rule asks to be done, each once; what a "not" names is nothing to do."""
    found: dict[rules.FactLeaf, None] = {}
    waiting: list[rules.Node] = [road.explanation.root.node]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, rules.FactLeaf):
            found[node] = None
        elif not isinstance(node, rules.Not):
            waiting[:0] = getattr(node, "members", ())
    return list(found)


def _titles(road: Road) -> dict[rules.FactLeaf, tuple[str, int | None]]:
    by_path = {part.path: part.node for part in road.explanation.parts()}
    return {
        node: (part.title, part.minutes)
        for part in road.leaves
        if isinstance(node := by_path.get(part.path), rules.FactLeaf)
    }


def _done(road: Road) -> set[rules.Node]:
    return {part.node for part in road.explanation.parts() if part.state is rules.State.DONE}


def _each_once(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(titles))
