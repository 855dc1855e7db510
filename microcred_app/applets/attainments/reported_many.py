"""Sign-offs of one list: written together, known by their source, taken back together.

Unlike :func:`~.reported.report_fact` nothing is owed an evaluation here: whoever writes them evaluates in the same
transaction, so that awards and what is told of them belong to the list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from .models import ReportedFact
from .reported import check_fact

__all__ = ["NewSignOff", "learners_of_source", "report_sign_offs", "take_back_source"]


@dataclass(frozen=True)
class NewSignOff:
    """That somebody did it, when it was seen, and what is said of it."""

    learner_id: int
    at: datetime
    reason: str


def report_sign_offs(
    given: Sequence[NewSignOff], *, key: str, role: str, source: str, actor_id: int | None, now: datetime
) -> None:
    """Write them in the caller's transaction; raises IntegrityError where one was written before.

    The key of each is made of the learner and the *source* and not of the time, so that one source signs off once for
    one learner, whoever repeats it when.
    """
    rows = []
    for one in given:
        check_fact("signoff", key, None, role, one.at, None)
        rows.append(
            ReportedFact(
                learner_id=one.learner_id,
                kind="signoff",
                key=key,
                role=role,
                at=one.at,
                source=source,
                reason=one.reason,
                recorded_at=now,
                recorded_by_id=actor_id,
                idempotency_key=hashlib.sha256(
                    f"{source}\n{key}\n{role}\n{one.learner_id}".encode()
                ).hexdigest(),
            )
        )
    ReportedFact.objects.bulk_create(rows, batch_size=200)


def learners_of_source(source: str, key: str, learner_ids: Collection[int]) -> frozenset[int]:
    """Those of these learners for whom the source has signed off."""
    rows = ReportedFact.objects.filter(
        kind="signoff", key=key, learner__in=learner_ids, source=source, counts=True, correction__isnull=True
    )
    return frozenset(rows.values_list("learner_id", flat=True))


def take_back_source(
    source: str, key: str, *, actor_id: int | None, reason: str, now: datetime, limit: int
) -> tuple[int, ...]:
    """Say of up to *limit* sign-offs of the source that they do not count any more; whose they were."""
    rows = ReportedFact.objects.filter(
        kind="signoff", key=key, source=source, counts=True, correction__isnull=True
    )
    found = list(rows.order_by("learner_id", "pk")[:limit])
    ReportedFact.objects.bulk_create(
        [
            ReportedFact(
                learner_id=old.learner_id,
                kind=old.kind,
                key=old.key,
                counts=False,
                at=old.at,
                source=old.source,
                reason=reason,
                recorded_at=now,
                recorded_by_id=actor_id,
                idempotency_key=hashlib.sha256(f"taken back\n{old.pk}".encode()).hexdigest(),
                corrects=old,
            )
            for old in found
        ],
        batch_size=200,
    )
    return tuple(old.learner_id for old in found)
