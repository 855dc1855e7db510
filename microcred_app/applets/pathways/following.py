"""Following a pathway: begun, paused, taken up again and left by the learner alone, nothing lost.

Following is a bookmark with dates. It never decides what is earned, so pausing or leaving takes nothing away.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

from .models import Following, Pathway

__all__ = [
    "PathwayClosed",
    "PathwayNotFound",
    "find_pathway",
    "follow",
    "following_state",
    "leave",
    "pause",
    "switch",
]


class PathwayNotFound(MicrocredError):
    """No pathway has this key."""

    code = "pathway_not_found"
    http_status = 404


class PathwayClosed(MicrocredError):
    """The pathway takes nobody new."""

    code = "pathway_closed"
    http_status = 409


def find_pathway(key: str, rows: QuerySet[Pathway] | None = None) -> Pathway:
    """The pathway that learners may see; drafts are not there for them. Raises :class:`PathwayNotFound`.

    *rows* are looked through instead, where more than the pathway itself is to be read with it.
    """
    rows = Pathway.objects.select_related("badge") if rows is None else rows
    row = rows.filter(key=key).exclude(state=Pathway.DRAFT).first()
    if row is None:
        raise PathwayNotFound(_("There is no pathway “{key}”.").format(key=key))
    return row


@transaction.atomic
def follow(learner_id: int, key: str, *, now: datetime) -> None:
    """Follow a pathway, or take it up again after a pause; following it twice is following it once.

    Raises :class:`PathwayClosed` for somebody new when the pathway or its badge is retired.
    """
    pathway = find_pathway(key)
    row = Following.objects.select_for_update().filter(pathway=pathway, learner_id=learner_id).first()
    if row is not None and row.left_at is None:
        Following.objects.filter(pk=row.pk).update(paused_at=None)
        return
    if pathway.state == Pathway.RETIRED or pathway.badge.state == "retired":
        raise PathwayClosed(_("This pathway is closed. What you earned on it stays yours."))
    Following.objects.update_or_create(
        pathway=pathway,
        learner_id=learner_id,
        defaults={"followed_at": now, "paused_at": None, "left_at": None},
    )


@transaction.atomic
def switch(learner_id: int, key: str, to: str, *, now: datetime) -> None:
    """Leave one pathway and follow another, both or neither; raises what :func:`follow` does."""
    follow(learner_id, to, now=now)
    leave(learner_id, key, now=now)


def pause(learner_id: int, key: str, *, now: datetime) -> None:
    """Set a pathway aside; pausing twice keeps the first date, and one that is not followed stays so."""
    _of(learner_id, key).filter(paused_at__isnull=True).update(paused_at=now)


def leave(learner_id: int, key: str, *, now: datetime) -> None:
    """Leave a pathway; badges stay, and leaving one that is not followed changes nothing."""
    _of(learner_id, key).update(left_at=now, paused_at=None)


def following_state(learner_id: int, pathway_ids: list[int]) -> dict[int, str]:
    """``following`` or ``paused`` for each of these pathways that the learner has not left."""
    rows = Following.objects.filter(learner_id=learner_id, pathway_id__in=pathway_ids, left_at__isnull=True)
    return {
        pathway: "paused" if paused_at else "following"
        for pathway, paused_at in rows.values_list("pathway_id", "paused_at")
    }


def _of(learner_id: int, key: str) -> QuerySet[Following]:
    return Following.objects.filter(pathway=find_pathway(key), learner_id=learner_id, left_at__isnull=True)
