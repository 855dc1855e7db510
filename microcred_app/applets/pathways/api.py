"""Define pathways; show a learner the road, follow it, pause it, leave it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from microcred_app import rules

from ..attainments import api as attainments
from ..badges import api as badges
from .definition import (
    PathwayDefinition,
    PathwayRefused,
    pathway_definitions,
    pathway_problems,
    store_pathway,
)
from .following import (
    PathwayClosed,
    PathwayNotFound,
    find_pathway,
    follow,
    following_state,
    leave,
    pause,
    switch,
)
from .models import Following, Pathway, Stage

__all__ = [
    "PathwayClosed",
    "PathwayDefinition",
    "PathwayInfo",
    "PathwayNotFound",
    "PathwayRefused",
    "StageInfo",
    "define_pathway",
    "follow",
    "get_pathway",
    "leave",
    "list_followed",
    "list_pathways",
    "pathway_definitions",
    "pathway_problems",
    "pathways_of_badges",
    "pause",
    "require_open",
    "store_pathway",
    "switch",
]


@dataclass(frozen=True)
class StageInfo:
    """A stage as one learner sees it; ``unit_usage_key`` is empty until the learner met a unit for it.

    ``lost`` says that what the stage asks for cannot be earned any more; whoever holds it keeps it.
    """

    title: str
    kind: str
    key: str
    done: bool
    unit_usage_key: str
    minutes: int
    lost: bool = False


@dataclass(frozen=True)
class PathwayInfo:
    """A pathway as one learner sees it. ``minutes`` is the sum of its stages.

    ``open`` is false when the pathway or its badge was retired: it is shown to whoever followed it or holds the
    badge, and takes nobody new.
    """

    key: str
    title: str
    description: str
    badge: badges.PublishedBadge
    sentence: str
    stages: tuple[StageInfo, ...]
    following: bool
    complete: bool
    paused: bool = False
    open: bool = True
    minutes: int = 0
    level: str = ""
    language: str = "en"
    owner: str = ""
    occupations: tuple[str, ...] = ()
    leads_to: tuple[tuple[str, str], ...] = ()

    @property
    def done(self) -> int:
        """Stages that are done."""
        return sum(stage.done for stage in self.stages)


def define_pathway(
    *,
    key: str,
    title: str,
    description: str,
    badge_key: str,
    stages: Sequence[tuple[str, str, str]],
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Create or replace a published pathway with nothing but its road. :func:`store_pathway` takes all of it."""
    definition = PathwayDefinition(
        key=key, title=title, description=description, badge_key=badge_key, stages=tuple(stages)
    )
    store_pathway(definition, actor_id=actor_id, now=now)


def list_pathways(learner_id: int, held: frozenset[str]) -> tuple[PathwayInfo, ...]:
    """Pathways open to this learner, and closed ones that they follow or have completed, by title.

    *held* are the keys of the badges the learner holds.
    """
    rows = list(_rows().exclude(state=Pathway.DRAFT).order_by("title", "key"))
    states = following_state(learner_id, [row.pk for row in rows])
    shown = _infos(rows, learner_id, held, states)
    return tuple(info for info in shown if info.open or info.following or info.complete)


def list_followed(learner_id: int, held: frozenset[str]) -> tuple[PathwayInfo, ...]:
    """Pathways that this learner follows, by title; read without the others, of which there may be hundreds."""
    followed = Following.objects.filter(learner_id=learner_id, left_at__isnull=True)
    rows = list(
        _rows()
        .filter(pk__in=list(followed.values_list("pathway_id", flat=True)))
        .exclude(state=Pathway.DRAFT)
        .order_by("title", "key")
    )
    return tuple(_infos(rows, learner_id, held, following_state(learner_id, [row.pk for row in rows])))


def get_pathway(key: str, learner_id: int, held: frozenset[str]) -> PathwayInfo:
    """One pathway as this learner sees it, closed or not; raises :class:`PathwayNotFound`."""
    rows = [find_pathway(key, _rows())]
    return _infos(rows, learner_id, held, following_state(learner_id, [rows[0].pk]))[0]


def require_open(pathway: PathwayInfo) -> None:
    """Raise :class:`PathwayClosed` where it takes nobody new and the learner does not follow it."""
    if not pathway.open and not pathway.following:
        raise PathwayClosed(_("This pathway is closed. What you earned on it stays yours."))


def pathways_of_badges(badge_keys: Iterable[str]) -> dict[str, str]:
    """Key of one published pathway for each of these badges that has one."""
    rows = Pathway.objects.filter(badge__key__in=set(badge_keys), state=Pathway.PUBLISHED).order_by("-pk")
    return dict(rows.values_list("badge__key", "key"))


def _rows() -> QuerySet[Pathway]:
    return Pathway.objects.select_related("badge").prefetch_related("stages", "leads_to")


def _infos(
    rows: Sequence[Pathway], learner_id: int, held: frozenset[str], states: dict[int, str]
) -> list[PathwayInfo]:
    """Everything about these pathways in a number of queries that does not grow with them."""
    stages = [stage for row in rows for stage in row.stages.all()]
    known = badges.latest_badges(
        {row.badge.key for row in rows} | {stage.key for stage in stages if stage.kind == "badge"}
    )
    needs = _outcomes_behind(stages, known)
    every_outcome = {key for keys in needs.values() for key in keys}
    scores = attainments.best_scores(learner_id, every_outcome)
    units = attainments.units_of_outcomes(every_outcome, learner_id=learner_id)
    names = badges.names_for([known[row.badge.key].requirement for row in rows])
    infos = []
    for row in rows:
        badge = known[row.badge.key]
        parts = tuple(
            _stage(stage, needs[stage.pk], known, held, scores, units) for stage in row.stages.all()
        )
        state = states.get(row.pk, "")
        infos.append(
            PathwayInfo(
                key=row.key,
                title=row.title,
                description=row.description,
                badge=badge,
                sentence=rules.say(badge.requirement, names, badges.phrases()),
                stages=parts,
                following=bool(state),
                complete=badge.key in held,
                paused=state == "paused",
                open=row.state == Pathway.PUBLISHED and row.badge.current_id is not None,
                minutes=sum(stage.minutes for stage in parts),
                level=row.level,
                language=row.language,
                owner=row.owner,
                occupations=tuple(row.occupations),
                leads_to=tuple(
                    sorted(
                        (following.title, following.key)
                        for following in row.leads_to.all()
                        if following.state == Pathway.PUBLISHED
                    )
                ),
            )
        )
    return infos


def _stage(
    stage: Stage,
    needs: tuple[str, ...],
    known: dict[str, badges.PublishedBadge],
    held: frozenset[str],
    scores: dict[str, float],
    units: dict[str, tuple[str, str, int]],
) -> StageInfo:
    done = stage.key in held if stage.kind == "badge" else stage.key in scores
    open_unit = next((units[key] for key in needs if key in units and key not in scores), ("", "", 0))
    badge = known.get(stage.key) if stage.kind == "badge" else None
    minutes = badge.minutes if badge else sum(units[key][2] for key in needs if key in units)
    lost = stage.kind == "badge" and (badge is None or badge.life.state == "retired")
    return StageInfo(
        stage.title, stage.kind, stage.key, done, open_unit[0], minutes or open_unit[2], lost and not done
    )


def _outcomes_behind(
    stages: Iterable[Stage], known: dict[str, badges.PublishedBadge]
) -> dict[int, tuple[str, ...]]:
    """Outcome keys that each stage asks for, directly or through its badge; none for a badge that is gone."""
    behind: dict[int, tuple[str, ...]] = {}
    for stage in stages:
        if stage.kind == "outcome":
            behind[stage.pk] = (stage.key,)
        elif stage.key in known:
            node = known[stage.key].requirement
            behind[stage.pk] = tuple(sorted(key for kind, key in rules.mentions(node) if kind == "outcome"))
        else:
            behind[stage.pk] = ()
    return behind
