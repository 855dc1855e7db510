"""Hand a list in, look at it, start it, pause it, go on, end it early, forget it.

Who may do so is asked before (:mod:`microcred_app.signoff_lists`); here it is asked whether the list stands where it
can be done. Every change of state is one conditional update, so that two people who press at once are told apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.conf import settings

from ..audit import api as audit
from ..backfill.signals import batch_waiting
from ..badges import api as badges
from ..bulk_rows import insert_rows
from ..keyset import Slice, slice_after
from .data import CANNOT_BE_DONE, ListInfo, ListRow, Thing
from .errors import ListNotFound, ListRefused
from .models import SignOffEntry, SignOffList
from .reading import ListFile, ReadRow, read_rows, today_of

__all__ = [
    "drop_list",
    "get_list",
    "hand_in_list",
    "hand_in_rows",
    "is_list",
    "iterate_mendable",
    "open_lists",
    "page_lists",
    "page_rows",
    "pause_list",
    "remove_unstarted",
    "resume_list",
    "start_list",
    "take_step",
]

State = SignOffList.State
AT_ONCE = 2_000
#: Lists that one person may have handed in without starting them.
MOST_WAITING = 10


@transaction.atomic
def hand_in_list(thing: Thing, file: ListFile, *, actor_id: int | None, now: datetime) -> ListInfo:
    """Keep the rows of a file, to be checked; nothing is signed off. Raises ``ListFileRefused`` and keeps nothing."""
    row = _new(thing, actor_id, now)
    total = _keep(row, read_rows(file.lines(), today=today_of(now)))
    SignOffList.objects.filter(pk=row.pk).update(total=total, sha256=file.sha256, file_name=file.name)
    _announce(row.pk)
    return get_list(str(row.pk))


@transaction.atomic
def hand_in_rows(
    thing: Thing, rows: Sequence[ReadRow], *, sha256: str, actor_id: int | None, now: datetime
) -> ListInfo:
    """The same for rows that a program sent; *sha256* is of what it sent."""
    row = _new(thing, actor_id, now)
    SignOffList.objects.filter(pk=row.pk).update(total=_keep(row, rows), sha256=sha256)
    _announce(row.pk)
    return get_list(str(row.pk))


def _new(thing: Thing, actor_id: int | None, now: datetime) -> SignOffList:
    """An empty list. Of what the same person handed in and did not start, only the newest stay: rows are many."""
    waiting = SignOffList.objects.filter(handed_in_by=actor_id, state__in=(State.CHECKING, State.READY))
    stale = list(waiting.order_by("-handed_in_at", "pk").values_list("pk", flat=True)[MOST_WAITING - 1 :])
    remove_unstarted(SignOffList.objects.filter(pk__in=stale))
    return SignOffList.objects.create(
        key=thing.key,
        role=thing.role,
        issuer_slugs=sorted(thing.issuer_slugs),
        handed_in_by_id=actor_id,
        handed_in_at=now,
        total=0,
    )


def _keep(row: SignOffList, rows: Iterable[ReadRow]) -> int:
    names = ("number", "who", "day", "seen_on", "reason", "link", "verdict")
    waiting: list[tuple[Any, ...]] = []
    total = 0
    for one in rows:
        total += 1
        verdict = one.problem or SignOffEntry.Verdict.UNCHECKED.value
        waiting.append((one.number, one.who, one.day, one.seen_on, one.reason, one.link, verdict))
        if len(waiting) == AT_ONCE:
            insert_rows(SignOffEntry, names, waiting, shared={"list": row.pk})
            waiting = []
    insert_rows(SignOffEntry, names, waiting, shared={"list": row.pk})
    return total


def start_list(
    list_id: str, *, count: int, reason: str, thing: Thing, actor_id: int | None, now: datetime
) -> ListInfo:
    """Begin to sign off; a worker does it. *count* is how many rows somebody saw would be signed off.

    Wallets, mails and other systems are told after the grace period, some at a time. Raises :class:`ListRefused`.
    """
    info = get_list(list_id)
    if info.state == State.READY and count != info.can_be_done:
        raise ListRefused(_("Other people would be signed off than you looked at. Look again, and confirm."))
    if info.state == State.READY and not count:
        raise ListRefused(_("Nobody on this list can be signed off. Mend the rows and hand it in again."))
    with transaction.atomic():
        take_step(
            info,
            (State.READY,),
            State.RUNNING,
            cursor=0,
            chosen=count,
            reason=reason,
            issuer_slugs=sorted(thing.issuer_slugs),
            started_by_id=actor_id,
            started_at=now,
            hold_until=now + timedelta(hours=settings().backfill_grace_hours),
        )
        record(
            "signoff_list.started", list_id, actor_id, now, reason=reason,
            key=info.key, role=info.role, rows=count, sha256=info.sha256, file=info.file_name,
        )  # fmt: skip
        _announce(UUID(info.id))
    return get_list(list_id)


def pause_list(list_id: str, *, actor_id: int | None, now: datetime) -> ListInfo:
    """Stop after the piece at hand; nothing is lost."""
    with transaction.atomic():
        take_step(get_list(list_id), (State.RUNNING,), State.PAUSED)
        record("signoff_list.paused", list_id, actor_id, now)
    return get_list(list_id)


def resume_list(list_id: str, *, actor_id: int | None, now: datetime) -> ListInfo:
    """Go on where it was paused."""
    with transaction.atomic():
        take_step(get_list(list_id), (State.PAUSED,), State.RUNNING)
        record("signoff_list.resumed", list_id, actor_id, now)
        _announce(UUID(list_id))
    return get_list(list_id)


def drop_list(list_id: str) -> None:
    """Forget a list that nobody started."""
    if not remove_unstarted(SignOffList.objects.filter(pk=_id(list_id))):
        raise ListRefused(_("It was started already. Cancel it instead."))


@transaction.atomic
def remove_unstarted(rows: QuerySet[SignOffList]) -> int:
    """Delete those of these lists that nobody has started; how many. Whoever starts one at this moment is too late, or
    was first and keeps it: its state is taken away before it is deleted."""
    unstarted = rows.filter(state__in=(State.CHECKING, State.READY))
    chosen = list(unstarted.values_list("pk", flat=True))
    taken = SignOffList.objects.filter(pk__in=chosen, state__in=(State.CHECKING, State.READY)).update(
        state=State.CANCELLED
    )
    SignOffList.objects.filter(pk__in=chosen, state=State.CANCELLED, started_at__isnull=True).delete()
    return taken


def get_list(list_id: str, *, among: Q | None = None) -> ListInfo:
    """One list, if it is *among* those; or :class:`ListNotFound`."""
    rows = SignOffList.objects.filter(among) if among is not None else SignOffList.objects.all()
    row = rows.filter(pk=_id(list_id)).first()
    if row is None:
        raise ListNotFound(_("There is no such list."))
    return _infos([row], [row.pk])[0]


def page_lists(among: Q, *, after: Sequence[str] | None = None, limit: int = 50) -> Slice[ListInfo]:
    """Lists *among* those, the newest first; rows are counted only of lists that nobody has started."""
    rows = SignOffList.objects.filter(among)
    found, place = slice_after(rows, ("handed_in_at", "pk"), after, limit=limit, descending=True)
    unstarted = [row.pk for row in found if row.state in (State.CHECKING, State.READY)]
    return Slice(tuple(_infos(found, unstarted)), place)


def open_lists() -> tuple[str, ...]:
    """Ids of lists that a worker can go on with; what somebody waits for first."""
    rows = SignOffList.objects.filter(state__in=(State.CHECKING, State.RUNNING, State.UNDOING))
    found = rows.order_by("handed_in_at", "pk").values_list("pk", "state")
    return tuple(str(pk) for pk, state in sorted(found, key=lambda one: one[1] != State.CHECKING))


def is_list(job_id: str) -> bool:
    """Whether a job is one of these."""
    return SignOffList.objects.filter(pk=_id(job_id)).exists()


def page_rows(
    list_id: str,
    *,
    verdicts: Collection[str] = (),
    after: Sequence[str] | None = None,
    limit: int = 50,
) -> Slice[ListRow]:
    """Rows of a list in the order of the file; of these verdicts, if any are named."""
    rows = SignOffEntry.objects.filter(list_id=_id(list_id))
    if verdicts:
        rows = rows.filter(verdict__in=list(verdicts))
    found, place = slice_after(rows, ("number",), after, limit=limit, descending=False)
    return Slice(tuple(_rows(found)), place)


def iterate_mendable(list_id: str) -> Iterator[ListRow]:
    """Every row that cannot be done, in the order of the file; read in pieces."""
    rows = SignOffEntry.objects.filter(list_id=_id(list_id), verdict__in=CANNOT_BE_DONE).order_by("number")
    for row in rows.iterator(chunk_size=1_000):
        yield _row(row, {}, rules.Names())


def take_step(info: ListInfo, allowed: Collection[str], state: str, **changes: Any) -> None:
    """Bring the list from one of these states into another; raises :class:`ListRefused` where it is in none of them."""
    rows = SignOffList.objects.filter(pk=UUID(info.id), state__in=list(allowed))
    if not rows.update(state=state, **changes):
        current = SignOffList.objects.filter(pk=UUID(info.id)).values_list("state", flat=True).first()
        raise ListRefused(
            _("This cannot be done now: the list is in the state “{state}”. Load the page again.").format(
                state=current or info.state
            )
        )


def _announce(pk: UUID) -> None:
    # The tasks of back-fills go on with lists as well.
    transaction.on_commit(partial(batch_waiting.send_robust, sender=SignOffList, batch_id=str(pk)))


def record(
    action: str, list_id: str, actor_id: int | None, now: datetime, *, reason: str = "", **details: Any
) -> None:
    """Write into the log of every organisation whose rules ask for the thing."""
    slugs = SignOffList.objects.values_list("issuer_slugs", flat=True).get(pk=UUID(list_id))
    for slug in slugs:
        audit.record(
            action,
            object_type="signoff_list",
            object_id=list_id,
            actor_id=actor_id,
            now=now,
            reason=reason,
            details=details,
            issuer_slug=slug,
        )


def source_of(pk: UUID) -> str:
    """What the facts of a list say about where they come from."""
    return f"list:{pk}"


def _id(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise ListNotFound(_("There is no such list.")) from error


def _infos(found: Sequence[SignOffList], counted: Collection[UUID]) -> list[ListInfo]:
    counts: dict[UUID, dict[str, int]] = {row.pk: {} for row in found}
    rows: QuerySet[Any] = SignOffEntry.objects.filter(list__in=list(counted)).order_by()
    for entry in rows.values("list_id", "verdict").annotate(number=Count("pk")):
        counts[entry["list_id"]][entry["verdict"]] = entry["number"]
    return [_info(row, counts[row.pk]) for row in found]


def _info(row: SignOffList, counts: dict[str, int]) -> ListInfo:
    unchecked = counts.get(SignOffEntry.Verdict.UNCHECKED, 0)
    return ListInfo(
        id=str(row.pk),
        key=row.key,
        role=row.role,
        issuer_slugs=tuple(row.issuer_slugs),
        reason=row.reason,
        file_name=row.file_name,
        sha256=row.sha256,
        state=row.state,
        handed_in_by=row.handed_in_by_id,
        handed_in_at=row.handed_in_at,
        started_by=row.started_by_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        hold_until=row.hold_until,
        last_notice_at=row.hold_until and notice_time(row.hold_until, row.granted),
        total=row.total,
        checked=row.total - unchecked,
        chosen=row.chosen,
        done=row.signed + row.passed_over,
        signed=row.signed,
        passed_over=row.passed_over,
        granted=row.granted,
        undo_reason=row.undo_reason,
        counts=counts,
    )


def notice_time(hold_until: datetime, before: int) -> datetime:
    """When an award is told to wallets, by mail and to other systems, of which *before* go out first."""
    return hold_until + timedelta(minutes=before // max(1, settings().list_notices_per_minute))


def _rows(found: Sequence[SignOffEntry]) -> list[ListRow]:
    current = badges.current_definitions()
    keys = {key for row in found for key in row.details.get("earns", ())}
    lacks = [lack for row in found for lack in row.details.get("lacks", ())]
    keys |= {lack["badge"] for lack in lacks}
    titles = {key: current.by_key[key].name if key in current.by_key else key for key in keys}
    nodes = [rules.parse_requirement(form) for lack in lacks for form in lack.get("missing", ())]
    names = badges.names_for(nodes) if nodes else rules.Names()
    return [_row(row, titles, names) for row in found]


def _row(row: SignOffEntry, titles: dict[str, str], names: rules.Names) -> ListRow:
    return ListRow(
        number=row.number,
        who=row.who,
        learner_id=row.learner_id,
        day=row.day,
        seen_on=row.seen_on,
        reason=row.reason,
        link=row.link,
        verdict=row.verdict,
        earns=tuple(titles.get(key, key) for key in row.details.get("earns", ())),
        lacks=tuple(_said(lack, titles, names) for lack in row.details.get("lacks", ())),
    )


def _said(lack: dict[str, Any], titles: dict[str, str], names: rules.Names) -> str:
    badge = titles.get(lack["badge"], lack["badge"])
    if lack.get("taken_back"):
        return _("{badge}: it was taken back from this person and is not given again by itself").format(
            badge=badge
        )
    forms = [rules.parse_requirement(form) for form in lack.get("missing", ())]
    missing = "; ".join(rules.say(form, names, badges.phrases()) for form in forms)
    return _("{badge}: still needed is a person who {missing}").format(badge=badge, missing=missing or "…")
