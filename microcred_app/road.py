"""The road from a fact to a wallet: each step calls one room and hands the result to the next.

Steps are idempotent, so a step that is repeated after a crash changes nothing. Signals in ``receivers.py``
call them in order; the worker calls :func:`run_pending_evaluations` for whatever a crash left behind.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from .applets.attainments import api as attainments
from .applets.awards import api as awards
from .applets.delivery import api as delivery
from .applets.issuance import api as issuance
from .compat import platform

__all__ = [
    "count_accepted_evidence",
    "enqueue_for_wallets",
    "enqueue_many_for_wallets",
    "evaluate_now",
    "issue_for_award",
    "revoke_for_award",
    "run_pending_evaluations",
]

log = logging.getLogger(__name__)


def count_accepted_evidence(
    learner_id: int,
    *,
    unit_usage_key: str,
    part_usage_key: str,
    score: float,
    by_reviewer: bool,
    now: datetime,
) -> None:
    """Complete the part, and when that completes the unit while the learner is away, report it to the platform.

    When the learner hands in themselves, the block reports completion and grade. For an absent learner they
    are reported here, after the verdict is committed: the platform's failure must not undo a verdict, and the
    block reports again when the learner opens the unit next.
    """
    report = attainments.record_reviewed_part(
        learner_id, unit_usage_key, part_usage_key, score=score, by_reviewer=by_reviewer, now=now
    )
    if report is not None and report.newly_complete and by_reviewer:
        transaction.on_commit(lambda: _report_to_platform(learner_id, unit_usage_key, report.score or 0.0))


def evaluate_now(attainment_id: str, *, learner_id: int, outcome_key: str, now: datetime) -> tuple[str, ...]:
    """Evaluate one attainment; the ids of the awards it led to.

    A failure is logged and noted on the attainment's marker, never raised: the learner's submission stands,
    and the worker tries again.
    """
    try:
        return awards.evaluate_attainment(
            attainment_id, learner_id=learner_id, outcome_key=outcome_key, now=now
        )
    except Exception as error:
        log.exception("Evaluation of attainment %s failed; it will be tried again.", attainment_id)
        attainments.settle_evaluation(attainment_id, error=f"{type(error).__name__}: {error}")
        return ()


def run_pending_evaluations(*, now: datetime, limit: int = 100) -> int:
    """Evaluate what is still owed; how many attainments were looked at."""
    owed = attainments.pending_attainments(limit=limit)
    for fact in owed:
        evaluate_now(fact.id, learner_id=fact.learner_id, outcome_key=fact.outcome_key, now=now)
    return len(owed)


def issue_for_award(award: awards.AwardInfo, *, now: datetime) -> None:
    """Sign the new award's credential."""
    issuance.sign_award(award, now=now)


def revoke_for_award(award_id: str, *, now: datetime) -> None:
    """Revoke whatever was signed for the award."""
    issuance.revoke_credentials(award_id, now=now)


def enqueue_for_wallets(credential_id: str, *, learner_id: int, now: datetime) -> None:
    """Write an outbox row for every wallet of this learner that wants each new badge."""
    delivery.enqueue_for_connections(credential_id, learner_id=learner_id, now=now)


def enqueue_many_for_wallets(credentials: Iterable[tuple[str, int]], *, now: datetime) -> None:
    """The same for a chunk of credentials, given with their learners."""
    delivery.enqueue_many(credentials, now=now)


def _report_to_platform(learner_id: int, unit_usage_key: str, score: float) -> None:
    try:
        platform().submit_completion(learner_id, unit_usage_key, 1.0)
        platform().submit_grade(learner_id, unit_usage_key, score, 1.0)
    except Exception:  # whatever the platform raises, see count_accepted_evidence
        log.exception("The platform did not take completion and grade of %s.", unit_usage_key)
