"""Keep what was answered; give attempts on top.

Rules:

* An attempt is written once. Whoever comes second with the same number is answered what was written first.
* What is kept is bounded, whatever a check or a client sends.
* Attempts are given by people, with their name; they are never taken away again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError
from microcred_app.tracking import TrackedEvent, track

from ..keyset import Slice, slice_after
from .models import AttemptGrant, ItemResponse

__all__ = [
    "MOST_EXTRA",
    "AttemptsRefused",
    "Response",
    "ResponseInfo",
    "extra_attempts",
    "give_attempts",
    "last_attempt",
    "page_responses",
    "record_response",
    "responses_of",
]

MOST_EXTRA = 100
MOST_PARTS = 100
MOST_CHARACTERS = 200


class AttemptsRefused(MicrocredError):
    """A number of attempts that nobody can be given."""

    code = "attempts_refused"


@dataclass(frozen=True)
class Response:
    """One marked answer; ``given`` are pairs of part ("" where there are none) and answer."""

    part_usage_key: str
    course_key: str
    attempt: int
    check_type: str
    question: str
    given: tuple[tuple[str, str], ...]
    score: float
    passed: bool
    hints: int = 0


@dataclass(frozen=True)
class ResponseInfo:
    """A response as it was kept. ``repeated`` is true when this attempt was written before."""

    id: str
    learner_id: int
    response: Response
    at: datetime
    repeated: bool = False


def record_response(learner_id: int, response: Response, *, now: datetime) -> ResponseInfo:
    """The attempt as it stands in the record: *response*, or what was recorded under this number before.

    One statement when the attempt is new. Two answers sent at once as the same attempt cannot both count,
    whatever the block's own state says, which is written without locks.
    """
    row = ItemResponse(
        learner_id=learner_id,
        part_usage_key=response.part_usage_key,
        course_key=response.course_key,
        attempt=response.attempt,
        check_type=response.check_type[:10],
        question=response.question[:16],
        given=_bounded(response.given),
        score=min(1.0, max(0.0, float(response.score))),
        passed=response.passed,
        hints=min(1000, max(0, response.hints)),
        at=now,
    )
    # Alone, an INSERT is a transaction of its own; inside somebody else's it needs a savepoint to fail alone.
    with_savepoint = connection.in_atomic_block
    try:
        with transaction.atomic() if with_savepoint else nullcontext():
            row.save(force_insert=True)
    except IntegrityError:
        found = ItemResponse.objects.filter(
            learner_id=learner_id, part_usage_key=response.part_usage_key, attempt=response.attempt
        ).first()
        if found is None:
            raise
        return _info(found, repeated=True)
    track(
        TrackedEvent.ANSWERED,
        {
            "step": response.part_usage_key,
            "course": response.course_key,
            "attempt": row.attempt,
            "check_type": row.check_type,
            "score": row.score,
            "passed": row.passed,
            "hints": row.hints,
            "at": now.isoformat(),
        },
        user_id=learner_id,
        course_key=response.course_key,
    )
    return _info(row)


def last_attempt(learner_id: int, part_usage_key: str) -> int:
    """The number of the learner's last attempt at this check, 0 when there is none."""
    rows = ItemResponse.objects.filter(learner_id=learner_id, part_usage_key=part_usage_key)
    return int(rows.aggregate(last=Max("attempt"))["last"] or 0)


def responses_of(learner_id: int, part_usage_key: str) -> tuple[ResponseInfo, ...]:
    """A learner's attempts at one check, in their order."""
    rows = ItemResponse.objects.filter(learner_id=learner_id, part_usage_key=part_usage_key)
    return tuple(map(_info, rows.order_by("attempt")))


def page_responses(
    part_usage_key: str, *, after: Sequence[str] | None = None, limit: int = 500
) -> Slice[ResponseInfo]:
    """Everybody's answers to one check, oldest first, in slices: for whoever counts options and difficulty."""
    rows = ItemResponse.objects.filter(part_usage_key=part_usage_key)
    found, place = slice_after(rows, ("at", "pk"), after, limit=limit, descending=False)
    return Slice(tuple(map(_info, found)), place)


def extra_attempts(learner_id: int, part_usage_key: str) -> int:
    """How many attempts this learner was given on top of what the check allows."""
    rows = AttemptGrant.objects.filter(learner_id=learner_id, part_usage_key=part_usage_key)
    total = rows.aggregate(total=Sum("attempts"))["total"]
    return int(total or 0)


def give_attempts(
    learner_id: int,
    part_usage_key: str,
    course_key: str,
    *,
    attempts: int,
    reason: str,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Give attempts to one learner; how many they have on top now. Who may is asked by the caller."""
    if not 1 <= attempts <= MOST_EXTRA:
        raise AttemptsRefused(_("Give from 1 to {limit} attempts.").format(limit=MOST_EXTRA))
    if extra_attempts(learner_id, part_usage_key) + attempts > MOST_EXTRA:
        raise AttemptsRefused(
            _("This learner was given {limit} attempts already, which is the most.").format(limit=MOST_EXTRA)
        )
    AttemptGrant.objects.create(
        learner_id=learner_id,
        part_usage_key=part_usage_key,
        course_key=course_key,
        attempts=attempts,
        reason=reason.replace("\x00", "").strip()[:500],
        given_by_id=actor_id,
        at=now,
    )
    return extra_attempts(learner_id, part_usage_key)


def _bounded(given: Iterable[tuple[str, str]]) -> list[list[str]]:
    pairs = list(given)[:MOST_PARTS]
    return [
        [name[:MOST_CHARACTERS].replace("\x00", ""), text[:MOST_CHARACTERS].replace("\x00", "")]
        for name, text in pairs
    ]


def _info(row: ItemResponse, *, repeated: bool = False) -> ResponseInfo:
    return ResponseInfo(
        id=str(row.pk),
        learner_id=row.learner_id,
        response=Response(
            part_usage_key=row.part_usage_key,
            course_key=row.course_key,
            attempt=row.attempt,
            check_type=row.check_type,
            question=row.question,
            given=tuple((str(name), str(text)) for name, text in row.given),
            score=row.score,
            passed=row.passed,
            hints=row.hints,
        ),
        at=row.at,
        repeated=repeated,
    )
