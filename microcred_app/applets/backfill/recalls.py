"""Decide one thing about many awards: looked at first, confirmed as they were looked at, done in pieces.

They are taken back, suspended, or their suspension is lifted (``kind``).

Whoever confirms states how many awards they saw; if the selection is another one by then, nothing begins. What is
taken back is what was seen, not what matches later. A piece is one transaction: reversals with their trace, the bits in
the status lists (each list is signed once), webhooks, and pushes that have not begun. A killed worker loses one piece;
two workers take turns. As after a single reversal, none of it is granted again by itself.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..awards import api as awards
from ..badges.models import Issuer
from ..delivery import api as delivery
from ..issuance import api as issuance
from .errors import RecallNotFound, RecallRefused
from .models import Recall, RecallPiece
from .signals import batch_waiting

__all__ = [
    "MAX_RECALL",
    "CopyEnd",
    "RecallInfo",
    "RecallPreview",
    "cancel_recall",
    "get_recall",
    "list_recalls",
    "open_recalls",
    "preview_recall",
    "start_recall",
    "work_on_recall",
]

#: Awards of one recall: more is a back-fill that went wrong, which can be undone as a whole.
MAX_RECALL = 20_000
PIECE = 200
#: Awards that one question to the database is about, and that a preview names.
LOOK, SHOWN = 500, 100
MAX_TRIES = 5


@dataclass(frozen=True)
class CopyEnd:
    """Until when a copy of one award goes on verifying at the latest; None while it has none."""

    award_id: str
    learner_id: int
    badge: str
    until: datetime | None


@dataclass(frozen=True)
class RecallPreview:
    """What it would be done to now. ``seal`` stands for exactly these awards; ``badges`` are names with numbers.

    Where they are suspended, ``copies_until`` is when the last copy outside ends, ``copies`` says it for some of them
    (those that last longest first), and the others are left out: ``lasting`` of which copies do not end, and
    ``untouched`` that have ended or are suspended.
    """

    awards: int
    learners: int
    badges: tuple[tuple[str, int], ...]
    issuer_slug: str
    seal: str
    problem: str = ""
    copies_until: datetime | None = None
    copies: tuple[CopyEnd, ...] = ()
    lasting: int = 0
    untouched: int = 0


@dataclass(frozen=True)
class RecallInfo:
    """A recall and how far it is; ``taken`` of the ``done`` awards had not been taken back before."""

    id: str
    issuer_slug: str
    reason: str
    state: str
    started_by: int | None
    started_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    taken: int
    kind: str = "revoke"
    told: str = ""
    planned_end: date | None = None

    @property
    def percent(self) -> int:
        """Whole per cent of the awards that were looked at."""
        return 100 if not self.total else self.done * 100 // self.total


def preview_recall(
    wanted: awards.AwardFilter, *, now: datetime, kind: str = Recall.Kind.REVOKE
) -> RecallPreview:
    """Count what *wanted* selects among standing awards. Its ``issuer_slugs`` are those the person may revoke for."""
    return _look(wanted, kind, now)[0]


def start_recall(
    wanted: awards.AwardFilter,
    *,
    seal: str,
    count: int,
    words: awards.SuspensionWords,
    actor_id: int,
    now: datetime,
    kind: str = Recall.Kind.REVOKE,
) -> RecallInfo:
    """Begin to do it to what was looked at under *seal*; a worker does it.

    Raises :class:`RecallRefused` if it is not the same selection any more or *count* is not its number, and
    ``NotAllowed`` unless the actor may revoke for the organisation.
    """
    if not words.reason.replace("\x00", "").strip():
        raise awards.ReasonMissing(_("Give a reason. It is kept in the audit log."))
    words = words.tidied(today=now.date())
    preview, ids = _look(wanted, kind, now)
    if preview.problem:
        raise RecallRefused(preview.problem)
    if seal != preview.seal:
        raise RecallRefused(_("Other awards match now than those you looked at. Look again, and confirm."))
    if count != preview.awards:
        raise RecallRefused(_("Type the number of awards, as the page says."))
    permissions.require(actor_id, permissions.Action.REVOKE_AWARDS, preview.issuer_slug)
    with transaction.atomic():
        row = Recall.objects.create(
            issuer=Issuer.objects.get(slug=preview.issuer_slug),
            kind=kind,
            reason=words.reason,
            told=words.told if kind == Recall.Kind.SUSPEND else "",
            planned_end=words.planned_end if kind == Recall.Kind.SUSPEND else None,
            started_by_id=actor_id,
            started_at=now,
            total=len(ids),
        )
        pieces = (ids[begin : begin + PIECE] for begin in range(0, len(ids), PIECE))
        RecallPiece.objects.bulk_create(
            RecallPiece(recall=row, award_ids=b"".join(UUID(pk).bytes for pk in piece)) for piece in pieces
        )
        _record("recall.started", row, actor_id, now, reason=words.reason, awards=len(ids))
        # The tasks of back-fills go on with recalls as well.
        transaction.on_commit(partial(batch_waiting.send_robust, sender=Recall, batch_id=str(row.pk)))
    return _info(row)


def cancel_recall(recall_id: str, *, actor_id: int, now: datetime) -> RecallInfo:
    """End it after the piece at hand. What was taken back stays revoked."""
    row = _get(recall_id, None)
    permissions.require(actor_id, permissions.Action.REVOKE_AWARDS, row.issuer.slug)
    with transaction.atomic():
        running = Recall.objects.filter(pk=row.pk, state=Recall.State.RUNNING)
        if not running.update(state=Recall.State.CANCELLED, finished_at=now):
            raise RecallRefused(_("It has ended already."))
        _record("recall.cancelled", row, actor_id, now)
    return get_recall(recall_id)


def get_recall(recall_id: str, *, issuer_slugs: Collection[str] | None = None) -> RecallInfo:
    """One recall, of these organisations if some are named; or :class:`RecallNotFound`."""
    return _info(_get(recall_id, issuer_slugs))


def list_recalls(*, issuer_slugs: Collection[str] | None, limit: int = 50) -> tuple[RecallInfo, ...]:
    """The newest recalls of these organisations."""
    rows = Recall.objects.select_related("issuer").order_by("-started_at", "pk")
    if issuer_slugs is not None:
        rows = rows.filter(issuer__slug__in=list(issuer_slugs))
    return tuple(map(_info, rows[:limit]))


def open_recalls() -> tuple[str, ...]:
    """Ids of recalls that a worker can go on with, oldest first."""
    rows = Recall.objects.filter(state=Recall.State.RUNNING).order_by("started_at", "pk")
    return tuple(map(str, rows.values_list("pk", flat=True)))


def work_on_recall(recall_id: str, *, clock: Callable[[], datetime], seconds: float) -> bool:
    """Take back for about *seconds*; says whether there is more to do."""
    until = time.monotonic() + seconds
    tries = 0
    while time.monotonic() < until:
        try:
            if not _take_piece(UUID(recall_id), clock()):
                return False
            tries = 0
        except (
            IntegrityError,
            awards.AlreadySuspended,
            awards.NotSuspended,
        ):  # somebody changed one of these at the same moment: look again who stands
            tries += 1
            if tries == MAX_TRIES:
                raise
    return True


@transaction.atomic
def _take_piece(pk: UUID, now: datetime) -> bool:
    row = Recall.objects.select_for_update().select_related("issuer").get(pk=pk)  # one worker at a time
    if row.state != Recall.State.RUNNING:
        return False
    piece = row.pieces.filter(finished=False).order_by("pk").first()
    if piece is None:
        row.state, row.finished_at = Recall.State.DONE, now
        row.save(update_fields=["state", "finished_at"])
        _record("recall.done", row, None, now, awards=row.taken)
        return False
    named = bytes(piece.award_ids)
    ids = [str(UUID(bytes=named[begin : begin + 16])) for begin in range(0, len(named), 16)]
    taken = _DO[row.kind](row, ids, now)
    piece.finished = True
    piece.save(update_fields=["finished"])
    row.done, row.taken = row.done + len(ids), row.taken + taken
    row.save(update_fields=["done", "taken"])
    return True


def _revoke(row: Recall, ids: list[str], now: datetime) -> int:
    standing = awards.standing_versions(ids)
    awards.reverse_chosen(tuple(standing), actor_id=row.started_by_id, reason=row.reason, now=now)
    for award_id, (learner_id, badge_key) in standing.items():
        audit.record(
            "award.reversed",
            object_type="award",
            object_id=award_id,
            actor_id=row.started_by_id,
            now=now,
            reason=row.reason,
            details={"badge": badge_key, "learner": learner_id, "recall": str(row.pk)},
            issuer_slug=row.issuer.slug,
        )
    delivery.call_off(issuance.revoke_many(standing, now=now), now=now)
    return len(standing)


def _suspend(row: Recall, ids: list[str], now: datetime) -> int:
    words = awards.SuspensionWords(row.reason, row.told, row.planned_end)
    details = {"recall": str(row.pk)}
    return len(awards.suspend_many(ids, actor_id=row.started_by_id, words=words, now=now, details=details))


def _lift(row: Recall, ids: list[str], now: datetime) -> int:
    details = {"recall": str(row.pk)}
    return len(awards.lift_many(ids, actor_id=row.started_by_id, reason=row.reason, now=now, details=details))


_DO: Mapping[str, Callable[[Recall, list[str], datetime], int]] = {
    Recall.Kind.REVOKE: _revoke,
    Recall.Kind.SUSPEND: _suspend,
    Recall.Kind.LIFT: _lift,
}


def _look(wanted: awards.AwardFilter, kind: str, now: datetime) -> tuple[RecallPreview, list[str]]:
    if kind == Recall.Kind.LIFT:
        wanted = replace(wanted, state="suspended")
    matching = awards.standing_ids(wanted, limit=MAX_RECALL + 1)
    found, lasting = matching, 0
    if kind == Recall.Kind.SUSPEND and len(matching) <= MAX_RECALL:
        found, lasting = _suspendable(matching, now)
    ids = [pk for pk, _learner, _badge, _issuer in found]
    issuers = {slug for _pk, _learner, _badge, slug in found}
    problem = ""
    if not found and lasting:
        problem = awards.lasting_sentence()
    elif not found:
        problem = str(_NOTHING[kind])
    elif len(found) > MAX_RECALL:
        problem = _("More than {limit} awards match. Narrow the selection.").format(limit=MAX_RECALL)
    elif len(issuers) > 1:
        problem = _(
            "Awards of several organisations match. Choose a badge, so that one organisation answers for it."
        )
    counted = Counter(badge for _pk, _learner, badge, _issuer in found)
    preview = RecallPreview(
        awards=len(found),
        learners=len({learner for _pk, learner, _badge, _issuer in found}),
        badges=tuple(counted.most_common(50)),
        issuer_slug=next(iter(issuers), "") if len(issuers) == 1 else "",
        lasting=lasting,
        untouched=len(matching) - len(found) - lasting,
        seal=hashlib.sha256("".join(ids).encode()).hexdigest(),
        problem=problem,
    )
    if kind == Recall.Kind.SUSPEND and not problem:
        preview = replace(preview, **_copies(found))
    return preview, ids


_Found = list[tuple[str, int, str, str]]
_NOTHING: Mapping[str, Promise] = {
    Recall.Kind.REVOKE: gettext_lazy("No standing award matches. There is nothing to take back."),
    Recall.Kind.SUSPEND: gettext_lazy("No award matches that could be suspended."),
    Recall.Kind.LIFT: gettext_lazy("No suspended award matches. There is nothing to lift."),
}


def _suspendable(matching: _Found, now: datetime) -> tuple[_Found, int]:
    """What of it can be suspended, and of how many copies last."""
    able: set[str] = set()
    lasting: set[str] = set()
    for begin in range(0, len(matching), LOOK):
        ids = [row[0] for row in matching[begin : begin + LOOK]]
        seen = awards.suspendable(ids, now=now)
        able |= seen.awards.keys()
        lasting |= seen.lasting & set(ids)
    return [row for row in matching if row[0] in able], len(lasting)


def _copies(found: _Found) -> dict[str, Any]:
    ends: dict[str, datetime | None] = {}
    for begin in range(0, len(found), LOOK):
        ends |= issuance.copies_end([row[0] for row in found[begin : begin + LOOK]])
    last = max((moment for moment in ends.values() if moment is not None), default=None)
    copies = [CopyEnd(pk, learner, badge, ends.get(pk)) for pk, learner, badge, _slug in found]
    copies.sort(key=lambda one: (one.until is not None, one.until), reverse=True)
    return {"copies_until": last, "copies": tuple(copies[:SHOWN])}


def _record(
    action: str, row: Recall, actor_id: int | None, now: datetime, *, reason: str = "", **details: int
) -> None:
    audit.record(
        action,
        object_type="recall",
        object_id=str(row.pk),
        actor_id=actor_id,
        now=now,
        reason=reason,
        details={"kind": row.kind, **details},
        issuer_slug=row.issuer.slug,
    )


def _get(recall_id: str, issuer_slugs: Collection[str] | None) -> Recall:
    rows = Recall.objects.select_related("issuer")
    if issuer_slugs is not None:
        rows = rows.filter(issuer__slug__in=list(issuer_slugs))
    try:
        return rows.get(pk=UUID(str(recall_id)))
    except (Recall.DoesNotExist, ValueError) as error:
        raise RecallNotFound(_("There is no such job.")) from error


def _info(row: Recall) -> RecallInfo:
    return RecallInfo(
        id=str(row.pk),
        issuer_slug=row.issuer.slug,
        reason=row.reason,
        state=row.state,
        started_by=row.started_by_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        total=row.total,
        done=row.done,
        taken=row.taken,
        kind=row.kind,
        told=row.told,
        planned_end=row.planned_end,
    )
