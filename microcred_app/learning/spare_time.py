"""What a learner can do for a pathway in the minutes they have, in whichever of their courses it stands.

Known are units that they opened, and units of courses in which they are enrolled. A unit whose author has not said how
long it takes is not called short.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from opaque_keys import InvalidKeyError

from microcred_app import rules
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.skills import api as skills
from microcred_app.compat import platform
from microcred_app.permissions import api as permissions

from .offers import outcomes_behind, unit_address
from .roads import Road

__all__ = ["FittingUnit", "units_that_fit"]

MOST = 12


@dataclass(frozen=True)
class FittingUnit:
    """A unit that fits; ``opened`` units the learner has begun. ``course_title`` says where it stands."""

    title: str
    outcome: str
    minutes: int
    link: str
    course_title: str
    opened: bool


def units_that_fit(road: Road, learner_id: int, minutes: int) -> tuple[FittingUnit, ...]:
    """Units that bring the learner further on this road and take at most *minutes*.

    First those of the shortest way to finish, then those that were begun, then the longer ones: time is used up.
    """
    way = {step.node for way in road.explanation.ways[:1] for step in way.steps}
    missing = {part.node for part in road.explanation.parts() if part.state is not rules.State.DONE}
    on_the_way = _open_outcomes(way, learner_id)
    wanted = on_the_way | _open_outcomes(missing, learner_id)
    names = skills.outcome_statements(wanted)
    found = []
    for key, usage_key, title, course_key, takes, opened in _known(learner_id, wanted):
        if 0 < takes <= minutes and (link := unit_address(usage_key)):
            unit = FittingUnit(title, names.get(key, key), takes, link, _course(course_key), opened)
            found.append(((key not in on_the_way, not opened, -takes, title), unit))
    return tuple(unit for _order, unit in sorted(found, key=lambda one: one[0])[:MOST])


def _open_outcomes(nodes: Collection[object], learner_id: int) -> set[str]:
    """Outcomes that these parts ask for; of badges below only what was never met, of a rule's own also what was met
    too weakly or too long ago."""
    leaves = {node for node in nodes if isinstance(node, rules.FactLeaf)}
    own = {leaf.key for leaf in leaves if isinstance(leaf, rules.OutcomeLeaf)}
    below = {key for keys in outcomes_behind(leaves).values() for key in keys} - own
    return own | (below - attainments.best_scores(learner_id, below).keys())


def _known(learner_id: int, outcome_keys: set[str]) -> list[tuple[str, str, str, str, int, bool]]:
    """Outcome, unit, title, course, minutes and whether it was begun; each unit once."""
    found = {
        unit.usage_key: (unit.outcome_key, unit.usage_key, unit.title, unit.course_key, unit.minutes, True)
        for unit in attainments.begun_units(outcome_keys, learner_id=learner_id)
    }
    enrolled: dict[str, bool] = {}
    for source in authoring.sources_of_outcomes(outcome_keys) if outcome_keys else ():
        if source.usage_key in found:
            continue
        if source.course_key not in enrolled:
            enrolled[source.course_key] = _is_enrolled(learner_id, source.course_key)
        if enrolled[source.course_key]:
            found[source.usage_key] = (
                source.outcome_key,
                source.usage_key,
                source.title,
                source.course_key,
                source.minutes,
                False,
            )
    return list(found.values())


def _is_enrolled(learner_id: int, course_key: str) -> bool:
    try:
        return permissions.takes_course(learner_id, course_key)
    except InvalidKeyError:
        return False


def _course(course_key: str) -> str:
    try:
        return platform().course_title(course_key)
    except InvalidKeyError:
        return ""
