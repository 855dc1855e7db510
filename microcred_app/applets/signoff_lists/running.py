"""Sign off piece by piece; workers take turns at a list, and any may die at any instruction.

The facts of a piece and the awards that follow are written in one transaction, and then it looks again until nothing
is due, because a badge that another worker granted meanwhile may complete a stack. Only then the list moves on. A piece
that is done twice finds its facts written, each under the key that the list and the learner make, and nothing due.

A piece that cannot be done as a whole is done row by row: one learner's trouble is told beside their row and does not
stop the others.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from ..attainments.api import mark_due
from ..attainments.reported_many import NewSignOff, learners_of_source, report_sign_offs
from ..awards import api as awards
from ..badges import api as badges
from ..issuance import api as issuance
from .cancelling import count_written
from .checking import check_piece
from .data import CAN_BE_DONE, PIECE
from .judging import Judge, moment_of
from .lists import notice_time, record, source_of
from .models import SignOffEntry, SignOffList
from .people import open_accounts
from .undoing import undo_piece

__all__ = ["work_on_list"]

log = logging.getLogger(__name__)

MAX_ROUNDS = 50
MAX_TRIES = 5
State = SignOffList.State
Verdict = SignOffEntry.Verdict


class _Stopped(Exception):
    """Somebody paused, cancelled or undid the list: nothing more of it is written."""


class PieceUnsettled(RuntimeError):
    """Others were faster every time. The piece is done again."""


def work_on_list(list_id: str, *, clock: Callable[[], datetime], seconds: float) -> bool:
    """Check, sign off or undo for about *seconds*; says whether there is more to do."""
    until = time.monotonic() + seconds
    pk = UUID(list_id)
    steps = {State.CHECKING: check_piece, State.RUNNING: _do_piece, State.UNDOING: undo_piece}
    while time.monotonic() < until:
        state = SignOffList.objects.filter(pk=pk).values_list("state", flat=True).first()
        step = steps.get(State(state)) if state else None
        if step is None or not step(pk, clock()):
            return False
    return True


def _do_piece(pk: UUID, now: datetime) -> bool:
    row = SignOffList.objects.get(pk=pk)
    judge = Judge(row.key, row.role, badges.current_definitions(), now)
    if not judge.asking:
        _end(row, State.CANCELLED, "signoff_list.superseded", now)
        return False
    entries = list(
        row.entries.filter(verdict__in=CAN_BE_DONE, number__gt=row.cursor).order_by("number")[:PIECE]
    )
    if not entries:
        _end(row, State.DONE, "signoff_list.done", now)
        return False
    try:
        _do_all(row, judge, entries, now)
    except _Stopped:
        return False
    _move_on(row, entries)
    return True


def _do_all(row: SignOffList, judge: Judge, entries: Sequence[SignOffEntry], now: datetime) -> None:
    """Sign off for these rows and grant what follows; each row says afterwards that it is done, or why it is not."""
    for attempt in range(MAX_TRIES):
        try:
            _sign(row, judge, entries, now)
        except _Stopped:
            raise
        except IntegrityError:
            log.info("List %s looks again at rows that somebody else wrote too (%s).", row.pk, attempt)
        except Exception:
            log.exception(
                "List %s cannot do %s rows from row %s on.", row.pk, len(entries), entries[0].number
            )
            break
        else:
            return
    if len(entries) > 1:
        for entry in entries:
            _do_all(row, judge, [entry], now)
    else:
        _pass_over(row, entries[0], now)


def _pass_over(row: SignOffList, entry: SignOffEntry, now: datetime) -> None:
    """Say that the row failed; where it is signed off and only its badge failed, that is owed from now on."""
    learner_id = entry.learner_id or 0
    if learners_of_source(source_of(row.pk), row.key, [learner_id]):
        mark_due(learner_id, "signoff", row.key, now=now)
        entry.verdict = Verdict.DONE
    else:
        entry.verdict = Verdict.FAILED


def _sign(row: SignOffList, judge: Judge, entries: Sequence[SignOffEntry], now: datetime) -> None:
    with transaction.atomic():
        _hold(row)
        learner_ids = [entry.learner_id for entry in entries if entry.learner_id is not None]
        still_open = open_accounts(learner_ids)
        standings = awards.read_standings(learner_ids)
        mine = learners_of_source(source_of(row.pk), row.key, learner_ids)
        signing = []
        for entry in entries:
            entry.verdict, entry.details = Verdict.DONE, {}
            if entry.learner_id is None or entry.learner_id not in still_open:
                entry.verdict = Verdict.UNKNOWN
            elif entry.learner_id == row.started_by_id:
                entry.verdict = Verdict.ONESELF
            elif entry.learner_id not in mine:
                judged = judge.judge(standings.of[entry.learner_id], entry.seen_on)
                if judged.verdict in CAN_BE_DONE:
                    signing.append(entry)
                else:  # somebody else signed it off meanwhile
                    entry.verdict = Verdict(judged.verdict)
        report_sign_offs(
            [
                NewSignOff(entry.learner_id or 0, moment_of(entry.seen_on, now), _reason(row, entry))
                for entry in signing
            ],
            key=row.key,
            role=row.role,
            source=source_of(row.pk),
            actor_id=row.started_by_id,
            now=now,
        )
        signed = [entry.learner_id for entry in entries if entry.verdict == Verdict.DONE and entry.learner_id]
        found = _grant(row, judge, signed, now)
    # Whoever grants what others build on looks once more after the commit, when it can see what they wrote.
    for _round in range(MAX_ROUNDS):
        if not found or not awards.built_on(found, badges.current_definitions()):
            return
        with transaction.atomic():
            _hold(row)
            found = _grant(row, judge, signed, now)
    raise PieceUnsettled(f"Still not settled after {MAX_ROUNDS} rounds; others kept writing.")


def _hold(row: SignOffList) -> None:
    """Keep the list as it is until the caller's transaction ends.

    Whoever pauses, cancels or undoes it meanwhile waits for this piece, and nothing is written after it.
    """
    if not SignOffList.objects.select_for_update().filter(pk=row.pk, state=State.RUNNING).exists():
        raise _Stopped


def _grant(
    row: SignOffList, judge: Judge, learner_ids: Sequence[int], now: datetime
) -> list[awards.DueAward]:
    """Write what is due to these learners now, in the caller's transaction."""
    if not learner_ids:
        return []
    standings = awards.read_standings(learner_ids)
    current = badges.current_definitions(standings.stamp)
    found = list(
        awards.within_caps(
            [
                due
                for standing in standings.of.values()
                for due in awards.due_awards(standing, judge.mentioning, current, now=now)
            ]
        )
    )
    if not found:
        return []
    # Nothing is renewed in place: when the list is undone, what was held before it must still hold.
    prepared = issuance.sign_due(found, now=now)
    hold_until = notice_time(row.hold_until or now, row.granted)
    try:
        issuance.write_granted(found, prepared, now=now, batch_id=row.pk, hold_until=hold_until)
    except awards.CapReached as error:
        raise IntegrityError(str(error)) from error  # somebody else was granted the last one: look again
    return found


def _granted(row: SignOffList) -> int:
    return awards.count_in_batches([row.pk]).get(row.pk, 0)


def _reason(row: SignOffList, entry: SignOffEntry) -> str:
    return "\n".join(filter(None, (entry.reason or row.reason, entry.link)))


def _move_on(row: SignOffList, entries: Sequence[SignOffEntry]) -> None:
    """Say what came of the rows, once: only where nobody else has moved the list meanwhile."""
    signed = sum(entry.verdict == Verdict.DONE for entry in entries)
    with transaction.atomic():
        moved = SignOffList.objects.filter(pk=row.pk, cursor=row.cursor).update(
            cursor=entries[-1].number,
            signed=F("signed") + signed,
            passed_over=F("passed_over") + len(entries) - signed,
            granted=_granted(row),
        )
        if moved:
            SignOffEntry.objects.bulk_update(entries, ["verdict", "details"], batch_size=100)


def _end(row: SignOffList, state: State, action: str, now: datetime) -> None:
    with transaction.atomic():
        granted = _granted(row)
        if SignOffList.objects.filter(pk=row.pk, state=State.RUNNING).update(
            state=state, finished_at=now, granted=granted
        ):
            count_written(row.pk, now)
            row.refresh_from_db(fields=["signed"])
            record(action, str(row.pk), None, now, signed=row.signed, granted=granted)
