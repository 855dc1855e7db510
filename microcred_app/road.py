"""The road from a fact to a wallet: each step calls one room and hands the result to the next.

Steps are idempotent, so a step that is repeated after a crash changes nothing. Signals in ``receivers.py``
call them in order; the worker calls :func:`run_pending_evaluations` for whatever a crash left behind.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from . import rules
from .applets.attainments import api as attainments
from .applets.awards import api as awards
from .applets.badges import api as badges
from .applets.delivery import api as delivery
from .applets.issuance import api as issuance
from .compat import platform

__all__ = [
    "count_accepted_evidence",
    "enqueue_for_wallets",
    "enqueue_many_for_wallets",
    "evaluate_now",
    "hold_back",
    "push_renewed",
    "recount_evidence",
    "reinstate",
    "revoke_for_award",
    "run_pending_evaluations",
]

log = logging.getLogger(__name__)

MAX_ROUNDS = 50


class EvaluationUnsettled(RuntimeError):
    """Others were faster every time. The markers stay, and the worker tries again."""


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
    are reported here, after the verdict is committed, with points only for what was handed in before the unit
    closed: the platform's failure must not undo a verdict, and the block reports again when the learner opens
    the unit next.
    """
    report = attainments.record_reviewed_part(
        learner_id, unit_usage_key, part_usage_key, score=score, by_reviewer=by_reviewer, now=now
    )
    if report is not None and report.newly_complete and by_reviewer:
        transaction.on_commit(lambda: _report_to_platform(learner_id, unit_usage_key, report))


def recount_evidence(
    learner_id: int,
    *,
    unit_usage_key: str,
    part_usage_key: str,
    score: float | None,
    cause: str,
    now: datetime,
) -> None:
    """Correct what followed from a judgement that was made anew; the platform is told the new grade once.

    The grade replaces the old one, also when it is lower. A unit that is open again counts as not completed, with the
    points that are left.
    """
    before = attainments.unit_completed(learner_id, unit_usage_key)
    report = attainments.record_rejudged_part(
        learner_id, unit_usage_key, part_usage_key, score=score, cause=cause, now=now
    )
    if report is not None and (before or report.complete):
        transaction.on_commit(
            lambda: _replace_on_platform(
                learner_id, unit_usage_key, report.score or 0.0, complete=report.complete
            )
        )


def evaluate_now(
    due: Sequence[attainments.DueEvaluationInfo], *, now: datetime
) -> tuple[awards.AwardInfo, ...]:
    """Grant, sign and put into the outbox what these changes make due; remove their markers.

    A failure is logged and noted on the markers, never raised: what was submitted stands, and the worker
    tries again, one by one, so that one learner's trouble does not hold up the others.
    """
    try:
        return _settle(due, now)
    except Exception as error:
        if len(due) > 1:
            return tuple(award for entry in due for award in evaluate_now([entry], now=now))
        log.exception(
            "Evaluation %s of learner %s failed; it will be tried again.", due[0].id, due[0].learner_id
        )
        attainments.note_failure([due[0].id], f"{type(error).__name__}: {error}")
        return ()


def push_renewed(credential_ids: Collection[str], *, now: datetime) -> None:
    """Send what was signed anew to every wallet that has the one before, in the transaction that signed it."""
    delivery.push_again(credential_ids, now=now)


def run_pending_evaluations(*, now: datetime, limit: int = 200) -> int:
    """Evaluate what is still owed; how many changes were looked at."""
    owed = attainments.evaluations_due(limit=limit)
    if owed:
        evaluate_now(owed, now=now)
    return len(owed)


def _settle(due: Sequence[attainments.DueEvaluationInfo], now: datetime) -> tuple[awards.AwardInfo, ...]:
    """Every round grants what is due and looks again at what builds on it, until nothing follows."""
    changed: Mapping[int, Collection[rules.Mention]] = _by_learner(due)
    markers = [entry.id for entry in due]
    granted: list[awards.AwardInfo] = []
    for _round in range(MAX_ROUNDS):
        found = awards.find_due(changed, now=now)
        due_now = awards.within_caps(found.awards)
        if not due_now:
            attainments.forget_evaluations(markers)
            return tuple(granted)
        try:
            # Signed before the transaction that writes: nothing is locked meanwhile.
            prepared = issuance.sign_due(due_now, now=now, renewals=issuance.renewals_of(due_now, now=now))
            with transaction.atomic():
                issuance.write_granted(due_now, prepared, now=now)
                if not found.follow:
                    attainments.forget_evaluations(markers)
        except awards.CapReached:
            continue  # somebody else was granted the last one
        except IntegrityError:
            if not awards.granted_meanwhile(due_now):
                raise
            continue  # somebody else was faster: look again at what they wrote
        granted += [award.as_granted(now) for award in due_now]
        if not found.follow:
            return tuple(granted)
        nothing_follows = awards.nothing_follows(found, due_now)
        if nothing_follows and attainments.forget_evaluations(markers, provided=nothing_follows):
            return tuple(granted)
        changed = found.follow
    raise EvaluationUnsettled(f"Still not settled after {MAX_ROUNDS} rounds; others kept writing.")


def _by_learner(due: Iterable[attainments.DueEvaluationInfo]) -> dict[int, set[rules.Mention]]:
    changed: dict[int, set[rules.Mention]] = {}
    for entry in due:
        changed.setdefault(entry.learner_id, set()).add((entry.kind, entry.key))
    return changed


def revoke_for_award(award_id: str, *, now: datetime) -> None:
    """Revoke whatever was signed for the award."""
    issuance.revoke_credentials(award_id, now=now)


def hold_back(award_ids: Collection[str], *, now: datetime) -> None:
    """Renew and send nothing of what was signed for these suspended awards."""
    delivery.set_aside(issuance.hold_credentials(award_ids, now=now))


def reinstate(award_ids: Collection[str], *, learners: Collection[tuple[int, str]], now: datetime) -> None:
    """Sign anew what was held back, and look again at what builds on these badges.

    The signature is part of the caller's transaction: an award counts again only with a credential that says so.
    """
    issuance.release_credentials(award_ids, now=now)
    found = badges.latest_badges({badge_key for _learner, badge_key in learners})
    # One of the things that a badge asks for is enough to have the badge itself looked at: it may be due anew.
    own = {key: sorted(rules.mentions(badge.requirement))[:1] for key, badge in found.items()}
    for learner_id, badge_key in sorted(set(learners)):
        attainments.mark_due(learner_id, "badge", badge_key, now=now)
        for kind, key in own.get(badge_key, ()):
            attainments.mark_due(learner_id, kind, key, now=now)


def enqueue_for_wallets(credential_id: str, *, learner_id: int, now: datetime) -> None:
    """Write an outbox row for every wallet of this learner that wants each new badge."""
    delivery.enqueue_for_connections(credential_id, learner_id=learner_id, now=now)


def enqueue_many_for_wallets(
    credentials: Iterable[tuple[str, int]], *, now: datetime, hold_until: datetime | None = None
) -> None:
    """The same for several credentials, given with their learners; none is pushed before *hold_until*."""
    delivery.enqueue_many(credentials, now=now, hold_until=hold_until)


def _report_to_platform(learner_id: int, unit_usage_key: str, report: attainments.UnitReport) -> None:
    try:
        platform().submit_completion(learner_id, unit_usage_key, 1.0)
        if not report.late:
            platform().submit_grade(learner_id, unit_usage_key, report.score or 0.0, 1.0)
    except Exception:  # whatever the platform raises, see count_accepted_evidence
        log.exception("The platform did not take completion and grade of %s.", unit_usage_key)


def _replace_on_platform(learner_id: int, unit_usage_key: str, score: float, *, complete: bool) -> None:
    try:
        platform().submit_completion(learner_id, unit_usage_key, 1.0 if complete else 0.0)
        platform().replace_grade(learner_id, unit_usage_key, score, 1.0)
    except Exception:  # whatever the platform raises, see count_accepted_evidence
        log.exception("The platform did not take the corrected grade of %s.", unit_usage_key)
