"""A preview of a rule that concerns very many is computed beside the request, in pieces, and kept for a while.

Few learners are answered at once. Many are cut into pieces that workers take by one conditional update each, with a
lease, so that any number share them and any may die; what a piece found is stored with it, and a piece that is done
twice finds the same. The whole is put together from the pieces when somebody looks.

Whoever asks the same question while the answer is fresh is shown the same run. An answer is fresh for ten minutes
and as long as no definition changes; it names learners, so it is removed after a day.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from microcred_app import rules

from ..badges import api as badges
from .data import Preview, PreviewInfo
from .errors import PreviewNotFound, PreviewRefused
from .models import PreviewPiece, PreviewRun
from .population import concerned, in_chunks, pack_ids, unpack_ids
from .preview import CHUNK, Question, Tally, question_of, room_of, tally_of
from .signals import preview_waiting

__all__ = ["get_preview", "open_previews", "preview_as_of_now", "request_preview", "work_on_preview"]

#: A rule that concerns no more learners than this is answered at once.
AT_ONCE = 2_000
FRESH = timedelta(minutes=10)
#: A run that no worker finished in this time is given up for a new one.
PATIENCE = timedelta(hours=1)
KEPT = timedelta(days=1)
#: Large previews of one person that may be under way at the same time.
MOST_AT_ONCE = 5
LEASE = timedelta(seconds=120)

_Run = PreviewRun


def request_preview(
    badge_key: str, requirement: rules.Node, *, actor_id: int | None, now: datetime, again: bool = False
) -> PreviewInfo:
    """The preview of this rule for this badge: the answer, or a run that is under way.

    A fresh answer is given again, unless *again* asks for a new one; a run that is under way is not begun twice.
    Raises :class:`PreviewRefused` while too many runs of this person are under way.
    """
    stamp = badges.current_definitions().stamp
    fingerprint = _fingerprint(badge_key, requirement, stamp)
    known = _known(fingerprint, now, finished=not again)
    if known is not None:
        return _info(known)
    _require_turn(actor_id, now)
    _Run.objects.filter(started_at__lt=now - KEPT).delete()
    run = _Run.objects.create(
        fingerprint=fingerprint,
        stamp=stamp,
        badge_key=badge_key,
        requirement=rules.to_json(requirement),
        started_by_id=actor_id,
        started_at=now,
    )
    relations = badges.current_definitions(stamp).relations
    if len(concerned(requirement, relations, badge_key=badge_key, limit=AT_ONCE + 1)) <= AT_ONCE:
        work_on_preview(str(run.pk), clock=lambda: now, seconds=float("inf"))
    else:
        transaction.on_commit(partial(preview_waiting.send_robust, sender=_Run, run_id=str(run.pk)))
    return get_preview(str(run.pk))


def preview_as_of_now(
    badge_key: str, requirement: rules.Node, *, actor_id: int | None, now: datetime
) -> PreviewInfo:
    """As :func:`request_preview`; what can be told at once is told as of *now*, what is large as of its run."""
    known = request_preview(badge_key, requirement, actor_id=actor_id, now=now)
    if known.preview is None or known.at == now or known.preview.looked_at > AT_ONCE:
        return known
    return request_preview(badge_key, requirement, actor_id=actor_id, now=now, again=True)


def get_preview(run_id: str) -> PreviewInfo:
    """One preview, with its answer when it is done; raises :class:`PreviewNotFound`."""
    try:
        return _info(_Run.objects.get(pk=UUID(str(run_id))))
    except (_Run.DoesNotExist, ValueError) as error:
        raise PreviewNotFound(_("There is no such preview. It is kept for a day.")) from error


def open_previews() -> tuple[str, ...]:
    """Ids of previews that a worker can go on with, oldest first."""
    rows = _Run.objects.filter(state=_Run.State.RUNNING).order_by("started_at", "pk")
    return tuple(map(str, rows.values_list("pk", flat=True)))


def work_on_preview(run_id: str, *, clock: Callable[[], datetime], seconds: float) -> bool:
    """Compute pieces for about *seconds*; says whether there is more to do for somebody."""
    until = time.monotonic() + seconds
    run = _Run.objects.filter(pk=UUID(run_id), state=_Run.State.RUNNING).first()
    if run is None:
        return False
    _cut(run)
    while time.monotonic() < until:
        current = badges.current_definitions()
        if current.stamp != run.stamp:
            _end(run, _Run.State.OUTDATED, clock())
            return False
        piece = _take_piece(run, clock())
        if piece is None:
            if run.pieces.filter(finished=False).exists():
                return True  # somebody else holds the last pieces
            _end(run, _Run.State.DONE, clock())
            return False
        requirement = rules.parse_requirement(run.requirement)
        _compute(piece, question_of(run.badge_key, requirement, current, run.started_at))
    return True


def _cut(run: PreviewRun) -> None:
    """Find whom the rule concerns and cut the pieces, once, whoever comes first."""
    if run.total is not None:
        return
    with transaction.atomic():
        locked = _Run.objects.select_for_update().get(pk=run.pk)
        if locked.total is None:
            requirement = rules.parse_requirement(run.requirement)
            relations = badges.current_definitions().relations
            found = concerned(requirement, relations, badge_key=run.badge_key)
            PreviewPiece.objects.bulk_create(
                (
                    PreviewPiece(run=run, learner_ids=pack_ids(chunk), total=len(chunk))
                    for chunk in in_chunks(found, CHUNK)
                ),
                batch_size=200,
            )
            _Run.objects.filter(pk=run.pk).update(total=len(found))


def _take_piece(run: PreviewRun, now: datetime) -> PreviewPiece | None:
    free = run.pieces.filter(finished=False).filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))
    for piece in free.order_by("pk")[:20]:
        token = uuid4().hex
        taken = PreviewPiece.objects.filter(pk=piece.pk, token=piece.token, finished=False)
        if taken.update(token=token, lease_until=now + LEASE):
            piece.token = token
            return piece
    return None


def _compute(piece: PreviewPiece, question: Question) -> None:
    tally = tally_of(unpack_ids(bytes(piece.learner_ids)), question)
    PreviewPiece.objects.filter(pk=piece.pk, token=piece.token).update(
        gains=pack_ids(tally.gains),
        keeps=pack_ids(tally.keeps),
        no_longer=pack_ids(tally.no_longer),
        taken_back=pack_ids(tally.taken_back),
        pushes=tally.pushes,
        stacks=dict(tally.stacks),
        finished=True,
        token="",
        lease_until=None,
    )


def _end(run: PreviewRun, state: PreviewRun.State, now: datetime) -> None:
    _Run.objects.filter(pk=run.pk, state=_Run.State.RUNNING).update(state=state, finished_at=now)


def _require_turn(actor_id: int | None, now: datetime) -> None:
    """One person's questions must not keep the workers from everybody else's work."""
    running = _Run.objects.filter(
        started_by_id=actor_id, state=_Run.State.RUNNING, started_at__gt=now - PATIENCE
    )
    if actor_id is not None and running.count() >= MOST_AT_ONCE:
        raise PreviewRefused(
            _("{count} previews of yours are being computed. Wait until one of them is done.").format(
                count=MOST_AT_ONCE
            )
        )


def _fingerprint(badge_key: str, requirement: rules.Node, stamp: str) -> str:
    question = json.dumps([badge_key, rules.to_json(requirement), stamp], sort_keys=True)
    return hashlib.sha256(question.encode()).hexdigest()


def _known(fingerprint: str, now: datetime, *, finished: bool) -> PreviewRun | None:
    running = Q(state=_Run.State.RUNNING, started_at__gt=now - PATIENCE)
    fresh = Q(state=_Run.State.DONE, started_at__gt=now - FRESH)
    rows = _Run.objects.filter(running | fresh if finished else running, fingerprint=fingerprint)
    return rows.order_by("-started_at", "-pk").first()


def _info(run: PreviewRun) -> PreviewInfo:
    done = run.pieces.filter(finished=True).aggregate(done=Sum("total"))["done"] or 0
    return PreviewInfo(
        id=str(run.pk),
        badge_key=run.badge_key,
        state=run.state,
        at=run.started_at,
        total=run.total,
        done=done,
        preview=_together(run) if run.state == _Run.State.DONE else None,
    )


def _together(run: PreviewRun) -> Preview:
    whole = Tally()
    pieces: Iterable[PreviewPiece] = run.pieces.order_by("pk").defer("learner_ids")
    for piece in pieces:
        whole.add(
            Tally(
                gains=unpack_ids(bytes(piece.gains)),
                keeps=unpack_ids(bytes(piece.keeps)),
                no_longer=unpack_ids(bytes(piece.no_longer)),
                taken_back=unpack_ids(bytes(piece.taken_back)),
                pushes=piece.pushes,
                stacks=Counter(piece.stacks),
            )
        )
    return whole.as_preview(looked_at=run.total or 0, room=room_of(run.badge_key))
