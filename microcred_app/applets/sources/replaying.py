"""The platform's tables read for one course: for events that were lost, and for what is asked for only now.

The reading goes in pieces, and where it stands is kept with each of them: whoever interrupts it goes on later. Reading
twice changes nothing. What it finds is what the platform knows at this moment, so it also mends what events that came
in a wrong order, or a clock that was wrong, have left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.platform_records import PARTS
from microcred_app.rules import Mention

from .errors import ReplayRunning
from .models import SourceReplay
from .taking import KINDS, asked_by_badges, take_in

__all__ = ["Progress", "asked_courses", "replay_course"]

#: Rows of the platform that are read at once; each piece is a few transactions.
PIECE = 200
LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Progress:
    """Where a reading stands: rows read of *part*, and how many of it there are about."""

    course_key: str
    part: str
    read: int
    total: int
    news: int
    refused: int
    done: bool = False


def asked_courses() -> tuple[str, ...]:
    """Courses that badges in force ask something about."""
    found = {_course_of(key) for kind, key in asked_by_badges() if kind in KINDS}
    return tuple(sorted(found - {""}))


def replay_course(
    course_key: str,
    *,
    clock: Callable[[], datetime],
    also: Collection[Mention] = (),
    restart: bool = False,
) -> Iterator[Progress]:
    """Read the course's tables piece by piece; each piece is written when its progress is handed out.

    Goes on where an earlier reading of the same things stopped, unless *restart*. *also* is asked for beside what
    badges in force ask, for a draft. Raises :class:`ReplayRunning` while somebody else reads.
    """
    asked = {pair for pair in (*asked_by_badges(), *also) if pair[0] in KINDS}
    keys = {(kind, key) for kind, key in asked if _course_of(key) == course_key}
    row = _claim(course_key, _digest(keys), clock(), restart=restart)
    try:
        begin = PARTS.index(row.part) if row.part in PARTS else 0
        for part in PARTS[begin:]:
            after = row.after if part == row.part else ""
            yield from _read_part(row, part, after, keys, clock)
        row.part, row.after, row.finished_at = "", "", clock()
        row.save(update_fields=["part", "after", "finished_at"])
        yield Progress(course_key, "", row.read, row.read, row.news, row.refused, done=True)
    finally:
        SourceReplay.objects.filter(pk=row.pk, started_at=row.started_at).update(lease_until=None)


def _read_part(
    row: SourceReplay, part: str, after: str, asked: Collection[Mention], clock: Callable[[], datetime]
) -> Iterator[Progress]:
    read, total = 0, None
    while True:
        records = platform().course_records(
            row.course_key, part, keys=frozenset(asked), after=after, limit=PIECE, count=total is None
        )
        total = records.total if total is None else total
        taken = take_in(records.seen, asked=asked, now=clock(), settled=True)
        read += records.rows
        after = records.after
        row.part, row.after = part, after
        row.read, row.news, row.refused = (
            row.read + records.rows,
            row.news + taken.news,
            row.refused + taken.refused,
        )
        row.lease_until = clock() + LEASE
        row.save(update_fields=["part", "after", "read", "news", "refused", "lease_until"])
        if records.rows:
            yield Progress(row.course_key, part, read, max(total or 0, read), row.news, row.refused)
        if not after:
            return


def _claim(course_key: str, asked: str, now: datetime, *, restart: bool) -> SourceReplay:
    """The course's row, ours for a while."""
    try:
        with transaction.atomic():
            return SourceReplay.objects.create(
                course_key=course_key, asked=asked, started_at=now, lease_until=now + LEASE
            )
    except IntegrityError:
        rows = SourceReplay.objects.filter(course_key=course_key)
    # A lease from a clock that was ahead is no lease.
    free = Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=now + 2 * LEASE)
    if not rows.filter(free).update(lease_until=now + LEASE):
        raise ReplayRunning(
            _("Somebody else reads this course at the moment. Wait until that is done, at most five minutes.")
        )
    row = rows.get()
    if restart or row.finished_at is not None or row.asked != asked:
        row.asked, row.part, row.after, row.started_at, row.finished_at = asked, "", "", now, None
        row.read = row.news = row.refused = 0
        row.save()
    return row


def _digest(keys: Collection[Mention]) -> str:
    return hashlib.sha256(repr(sorted(keys)).encode()).hexdigest()


def _course_of(key: str) -> str:
    """The course that a key of a course or of a part of one belongs to."""
    if key.startswith("block-v1:"):
        return f"course-v1:{key.removeprefix('block-v1:').partition('+type@')[0]}"
    return key if key.startswith(("course-v1:", "ccx-v1:")) else ""
