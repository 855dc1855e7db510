"""A requirement as one learner stands before it: what is done, what is missing, and what to do next.

Everything comes from :func:`rules.explain`, the judgement that awards, so nobody is told something else than what
is enforced. Without a learner nothing is done yet, and no place is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcred_app import rules
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges

from .offers import offers_for
from .titles import names_of, part_title

__all__ = ["NextStep", "Road", "RoadPart", "RoadStep", "RoadWay", "explain_roads"]


@dataclass(frozen=True)
class RoadPart:
    """One node of the requirement; ``state`` is one of :class:`rules.State`.

    ``link`` leads to where it can be done, ``about`` to what it is. ``reached`` of ``needed`` counts members or
    points of a group. ``until`` is when a done part is lost, or a waiting one begins.
    """

    path: str
    kind: str
    title: str
    state: str
    reached: Decimal
    needed: Decimal
    minutes: int | None
    link: str
    about: str
    until: datetime | None
    members: tuple[RoadPart, ...]


@dataclass(frozen=True)
class RoadStep:
    """One thing to do, or, with ``opens_at``, to wait for."""

    title: str
    unit_title: str
    minutes: int | None
    link: str
    opens_at: datetime | None


@dataclass(frozen=True)
class RoadWay:
    """Steps that finish the road; ``minutes`` is a lower bound unless ``exact``."""

    steps: tuple[RoadStep, ...]
    minutes: int
    exact: bool


@dataclass(frozen=True)
class NextStep:
    """What to do first, where, and why that."""

    title: str
    unit_title: str
    minutes: int | None
    link: str
    reason: str


@dataclass(frozen=True)
class Road:
    """The way to one badge for one learner. ``every_way`` is false when a shorter way may exist."""

    root: RoadPart
    ways: tuple[RoadWay, ...]
    every_way: bool
    next_step: NextStep | None
    explanation: rules.Explanation
    names: rules.Names

    @property
    def finished(self) -> bool:
        """Whether the requirement is met now."""
        return self.root.state == rules.State.DONE

    @property
    def lost(self) -> bool:
        """Whether nothing that the learner does can meet it any more."""
        return self.root.state == rules.State.CLOSED

    @property
    def leaves(self) -> tuple[RoadPart, ...]:
        """The single things, in the order of the requirement."""
        found: list[RoadPart] = []
        waiting = [self.root]
        while waiting:
            part = waiting.pop()
            if not part.members:
                found.append(part)
            waiting.extend(reversed(part.members))
        return tuple(found)


def explain_roads(
    requirements: Sequence[rules.Node],
    learner_id: int | None,
    *,
    now: datetime,
    facts: rules.Facts | None = None,
) -> tuple[Road, ...]:
    """How each of *requirements* stands for the learner; *facts* where the caller has read them already."""
    if facts is None:
        facts = (
            awards.known_facts(learner_id)
            if learner_id
            else rules.Facts((), badges.current_definitions().relations)
        )
    names = names_of(requirements)
    offers = offers_for(requirements, facts, learner_id or 0)
    return tuple(_road(node, facts, now, offers, names) for node in requirements)


def _road(
    node: rules.Node,
    facts: rules.Facts,
    now: datetime,
    offers: Mapping[rules.Leaf, rules.Offer],
    names: rules.Names,
) -> Road:
    explanation = rules.explain(node, facts, now, offers)
    return Road(
        root=_part(explanation.root, offers, names),
        ways=tuple(
            RoadWay(tuple(_step(step, names) for step in way.steps), way.minutes, way.exact)
            for way in explanation.ways
        ),
        every_way=explanation.complete,
        next_step=_next_step(explanation, names),
        explanation=explanation,
        names=names,
    )


def _part(part: rules.Part, offers: Mapping[rules.Leaf, rules.Offer], names: rules.Names) -> RoadPart:
    node = part.node
    offer = offers.get(node, rules.Offer()) if isinstance(node, rules.FactLeaf) else rules.Offer()
    about = ""
    if isinstance(node, rules.BadgeLeaf):
        badge = badges.latest_badges([node.key]).get(node.key)
        about = reverse("microcred_app:achievement", args=[badge.key, badge.number]) if badge else ""
    return RoadPart(
        path=part.path,
        kind=getattr(node, "kind", "group"),
        title=part_title(node, names),
        state=part.state.value,
        reached=part.reached,
        needed=part.needed,
        minutes=offer.minutes,
        link=offer.link,
        about=about,
        until=part.until,
        # What stands below a "not" is said with it: its members are no steps of anybody's.
        members=()
        if isinstance(node, rules.Not)
        else tuple(_part(member, offers, names) for member in part.members),
    )


def _step(step: rules.Step, names: rules.Names) -> RoadStep:
    return RoadStep(
        part_title(step.node, names), step.offer.title, step.offer.minutes, step.offer.link, step.opens_at
    )


def _next_step(explanation: rules.Explanation, names: rules.Names) -> NextStep | None:
    """The quickest thing of the shortest way that can be done now, where the learner knows the place if possible."""
    if not explanation.ways:
        return None
    way = explanation.ways[0]
    doable = [step for step in way.steps if step.opens_at is None]
    if not doable:
        opening = max(step.opens_at for step in way.steps if step.opens_at is not None)
        day = date_format(localtime(opening), "DATE_FORMAT")
        return NextStep(
            part_title(way.steps[0].node, names),
            "",
            None,
            "",
            _("There is nothing to do now but to wait until {day}.").format(day=day),
        )
    chosen = min(doable, key=lambda step: (not step.offer.link, step.offer.minutes or 1 << 20))
    expired = any(
        part.node == chosen.node and part.state is rules.State.EXPIRED for part in explanation.parts()
    )
    return NextStep(
        part_title(chosen.node, names),
        chosen.offer.title,
        chosen.offer.minutes,
        chosen.offer.link,
        _reason(way, expired),
    )


def _reason(way: rules.Way, expired: bool) -> str:
    if expired:
        return _("You had this, and it has become too old. It has to be done again.")
    count = len(way.steps)
    if count == 1:
        return _("This is all that is missing.")
    if not way.minutes:
        return ngettext(
            "The shortest way to finish has {count} step, and this is one you can begin with.",
            "The shortest way to finish has {count} steps, and this is one you can begin with.",
            count,
        ).format(count=count)
    if not way.exact:
        # Some of its steps say no length: what is known is only the least.
        text = ngettext(
            "The shortest way to finish has {count} step and takes {minutes} minutes or more. "
            "This is its quickest step.",
            "The shortest way to finish has {count} steps and takes {minutes} minutes or more. "
            "This is its quickest step.",
            count,
        )
    else:
        text = ngettext(
            "The shortest way to finish has {count} step and takes about {minutes} minutes. "
            "This is its quickest step.",
            "The shortest way to finish has {count} steps and takes about {minutes} minutes. "
            "This is its quickest step.",
            count,
        )
    return text.format(count=count, minutes=way.minutes)
