"""Define pathways; show a learner the road, follow it, leave it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.errors import MicrocredError

from ..attainments import api as attainments
from ..badges import api as badges
from ..badges.models import Badge
from .models import Following, Pathway, Stage

__all__ = [
    "PathwayInfo",
    "PathwayNotFound",
    "StageInfo",
    "define_pathway",
    "follow",
    "get_pathway",
    "leave",
    "list_pathways",
    "pathways_of_badges",
]


class PathwayNotFound(MicrocredError):
    """No pathway has this key."""

    code = "pathway_not_found"
    http_status = 404


@dataclass(frozen=True)
class StageInfo:
    """A stage as one learner sees it; ``unit_usage_key`` is empty until the learner met a unit for it."""

    title: str
    kind: str
    key: str
    done: bool
    unit_usage_key: str
    minutes: int


@dataclass(frozen=True)
class PathwayInfo:
    """A pathway as one learner sees it."""

    key: str
    title: str
    description: str
    badge: badges.PublishedBadge
    sentence: str
    stages: tuple[StageInfo, ...]
    following: bool
    complete: bool

    @property
    def done(self) -> int:
        """Stages that are done."""
        return sum(stage.done for stage in self.stages)


@transaction.atomic
def define_pathway(
    *, key: str, title: str, description: str, badge_key: str, stages: Sequence[tuple[str, str, str]]
) -> None:
    """Create or replace a pathway; *stages* are ``(title, "badge" | "outcome", key)`` in order."""
    badge = Badge.objects.get(key=badge_key)
    row, _created = Pathway.objects.update_or_create(
        key=key, defaults={"title": title, "description": description, "badge": badge}
    )
    row.stages.all().delete()
    Stage.objects.bulk_create(
        Stage(pathway=row, position=position, title=stage_title, kind=kind, key=stage_key)
        for position, (stage_title, kind, stage_key) in enumerate(stages)
    )


def list_pathways(learner_id: int, held: frozenset[str]) -> tuple[PathwayInfo, ...]:
    """Every pathway as this learner sees it; *held* are the keys of the badges the learner holds."""
    rows = Pathway.objects.select_related("badge").prefetch_related("stages").order_by("title")
    return tuple(_info(row, learner_id, held) for row in rows if row.badge.current_id)


def get_pathway(key: str, learner_id: int, held: frozenset[str]) -> PathwayInfo:
    """One pathway as this learner sees it; raises :class:`PathwayNotFound`."""
    row = Pathway.objects.select_related("badge").filter(key=key, badge__current__isnull=False).first()
    if row is None:
        raise PathwayNotFound(_("There is no pathway “{key}”.").format(key=key))
    return _info(row, learner_id, held)


def pathways_of_badges(badge_keys: Iterable[str]) -> dict[str, str]:
    """Key of one pathway for each of these badges that has one."""
    rows = Pathway.objects.filter(badge__key__in=set(badge_keys)).order_by("-pk")
    return dict(rows.values_list("badge__key", "key"))


def follow(learner_id: int, key: str, *, now: datetime) -> None:
    """Follow a pathway; following it twice is following it once."""
    row, created = Following.objects.get_or_create(
        pathway=_pathway(key), learner_id=learner_id, defaults={"followed_at": now}
    )
    if not created and row.left_at is not None:
        row.followed_at, row.left_at = now, None
        row.save(update_fields=["followed_at", "left_at"])


def leave(learner_id: int, key: str, *, now: datetime) -> None:
    """Leave a pathway; badges stay, and leaving one that is not followed changes nothing."""
    rows = Following.objects.filter(pathway=_pathway(key), learner_id=learner_id, left_at__isnull=True)
    rows.update(left_at=now)


def _pathway(key: str) -> Pathway:
    row = Pathway.objects.filter(key=key).first()
    if row is None:
        raise PathwayNotFound(_("There is no pathway “{key}”.").format(key=key))
    return row


def _info(row: Pathway, learner_id: int, held: frozenset[str]) -> PathwayInfo:
    badge = badges.current_badge(row.badge.key)
    stages = list(row.stages.all())
    needs = _outcomes_behind(stages)
    every_outcome = {key for keys in needs.values() for key in keys}
    scores = attainments.best_scores(learner_id, every_outcome)
    units = attainments.units_of_outcomes(every_outcome, learner_id=learner_id)
    infos = []
    for stage in stages:
        done = stage.key in held if stage.kind == "badge" else stage.key in scores
        unit = next(
            (units[key] for key in needs[stage.pk] if key in units and key not in scores), ("", "", 0)
        )
        infos.append(StageInfo(stage.title, stage.kind, stage.key, done, unit[0], unit[2]))
    following = Following.objects.filter(pathway=row, learner_id=learner_id, left_at__isnull=True).exists()
    return PathwayInfo(
        key=row.key,
        title=row.title,
        description=row.description,
        badge=badge,
        sentence=rules.say(badge.requirement, badges.names_for([badge.requirement]), badges.phrases()),
        stages=tuple(infos),
        following=following,
        complete=badge.key in held,
    )


def _outcomes_behind(stages: Sequence[Stage]) -> dict[int, tuple[str, ...]]:
    """Outcome keys that each stage asks for, directly or through its badge."""
    behind: dict[int, tuple[str, ...]] = {}
    for stage in stages:
        if stage.kind == "outcome":
            behind[stage.pk] = (stage.key,)
        else:
            node = badges.current_badge(stage.key).requirement
            behind[stage.pk] = tuple(sorted(key for kind, key in rules.mentions(node) if kind == "outcome"))
    return behind
