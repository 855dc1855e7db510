"""Write the attainment of a unit that is whole, and the rows that correct it.

Rules:

* Completing a unit writes, in one transaction, the attainment (unique for learner, unit and outcome) and the marker
  that it must be evaluated. What follows from it happens after that commit and cannot undo it.
* A fact that was judged anew is corrected by a new row that names it, never changed.
* What a unit turns out to prove later is attained at the moment at which it was completed.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from ..evidence import api as evidence
from ..skills.models import Outcome
from ..skills.remapping import continue_remapping, proven_outcome
from .data import UnitSpec
from .due import mark_due
from .models import Attainment, PartResult, UnitProgress
from .progress import results_of, spec_of
from .telling import tell_attained
from .unit_score import score_of

__all__ = ["attain", "attain_remapped", "correct", "last_attainment"]

_REMAPPED_AT_ONCE = 50


def attain_remapped(*, limit: int = 200) -> int:
    """Attainments for learners who completed units before somebody said what these prove; how many were looked at.

    The moment that counts is when they completed the unit. Takes up where it stopped; doing it twice changes nothing.
    """
    looked_at = 0
    for alias in continue_remapping():
        while alias.attained_until is not None and looked_at < limit:
            rows = UnitProgress.objects.filter(
                outcome_key=alias.key, completed_at__isnull=False, pk__gt=alias.attained_until
            )
            found = list(rows.order_by("pk")[: min(_REMAPPED_AT_ONCE, limit - looked_at)])
            for progress in found:
                with transaction.atomic():
                    unit, results = spec_of(progress), results_of(progress)
                    moment = progress.completed_at
                    if moment is not None:
                        attain(progress, unit, results, score_of(unit, results) or 0.0, moment)
            alias.attained_until = found[-1].pk if found else None
            alias.save(update_fields=["attained_until"])
            looked_at += len(found)
    return looked_at


def attain(
    progress: UnitProgress, unit: UnitSpec, results: dict[str, PartResult], score: float, now: datetime
) -> None:
    """Write attainment and marker. A unit without a known outcome completes without proving anything.

    Where an earlier attainment was taken back, the new one names the row that took it back.
    """
    outcome = proven_outcome(unit.outcome_key)
    if outcome is None:
        return
    key = hashlib.sha256(f"{progress.learner_id}\n{unit.usage_key}\n{outcome.key}".encode()).hexdigest()
    row = _attainment(progress, unit, results, outcome, score, now)
    row.idempotency_key = key
    if not _insert(row):
        last = last_attainment(progress, unit)
        if last is None or last.counts:
            return
        row.idempotency_key = hashlib.sha256(f"again\n{last.idempotency_key}".encode()).hexdigest()
        row.corrects = last
        if not _insert(row):
            return
    mark_due(row.learner_id, "outcome", outcome.key, now=now)
    tell_attained(row)


def correct(
    standing: Attainment,
    progress: UnitProgress,
    unit: UnitSpec,
    results: dict[str, PartResult],
    *,
    whole: bool,
    cause: str,
    now: datetime,
) -> None:
    """Write the row that corrects *standing*: with the new score and evidence, or, if not whole, without counting."""
    score = (score_of(unit, results) or 0.0) if whole else 0.0
    row = _attainment(progress, unit, results, standing.outcome, score, now)
    row.corrects, row.counts = standing, whole
    row.idempotency_key = hashlib.sha256(
        f"corrected\n{standing.idempotency_key}\n{cause}".encode()
    ).hexdigest()
    row.save(force_insert=True)
    mark_due(row.learner_id, "outcome", standing.outcome.key, now=now)


def last_attainment(progress: UnitProgress, unit: UnitSpec) -> Attainment | None:
    """The newest row of this learner, unit and outcome: the one that nothing corrects."""
    rows = Attainment.objects.filter(
        Q(outcome__key=unit.outcome_key) | Q(outcome__aliases__key=unit.outcome_key),
        learner_id=progress.learner_id,
        source_usage_key=unit.usage_key,
    )
    found: Attainment | None = (
        rows.filter(corrections__isnull=True).select_related("outcome").order_by("-attained_at").first()
    )
    return found


def _attainment(
    progress: UnitProgress,
    unit: UnitSpec,
    results: dict[str, PartResult],
    outcome: Outcome,
    score: float,
    now: datetime,
) -> Attainment:
    """The fact as it is now, not stored yet."""
    evidence_keys = [part.usage_key for part in unit.parts if part.kind == "evidence"]
    learner = progress.learner_id
    digests = evidence.accepted_digests(learner, evidence_keys) if evidence_keys else ()
    reviewed = any(result.by_reviewer for result in results.values())
    judgements = evidence.accepted_judgements(learner, evidence_keys) if evidence_keys and reviewed else ()
    return Attainment(
        learner_id=learner,
        outcome=outcome,
        score=round(score, 4),
        attained_at=now,
        course_key=unit.course_key,
        source_usage_key=unit.usage_key,
        source_title=unit.title[:255],
        minutes=max(0, unit.minutes),
        evidence=[asdict(digest) for digest in digests],
        results=[asdict(judgement) for judgement in judgements],
        by_reviewer=reviewed,
    )


def _insert(row: Attainment) -> bool:
    """Store it; false when somebody has stored it before."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if Attainment.objects.filter(idempotency_key=row.idempotency_key).exists():
            return False
        raise
    return True
