"""Record what learners did; the moment a unit is whole, record the attainment.

Rules:

* A part counts once, with its best score; reporting it again, late or twice at once changes nothing else.
* A unit is complete when every part that this learner can see is done. Its score is the mean of the scores
  of its checks and evidence; a unit of content alone scores 1.
* Completing a unit writes, in one transaction, the attainment (unique for learner, unit and outcome) and the
  marker that it must be evaluated. What follows from it happens after that commit and cannot undo it.
* A completed unit stays completed when its author adds a part later: facts are not taken back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

from ..evidence import api as evidence
from ..skills.models import Outcome
from .data import AttainmentFact, PartProgress, PartSpec, UnitReport, UnitSpec
from .due import (
    DueEvaluationInfo,
    FailedEvaluation,
    evaluations_due,
    failed_evaluations,
    forget_evaluations,
    mark_due,
    note_failure,
)
from .models import Attainment, PartResult, UnitProgress
from .reported import (
    FACT_KINDS,
    FactInfo,
    FactNotFound,
    FactRefused,
    facts_by_id,
    get_fact,
    list_facts,
    report_fact,
    take_back,
)

__all__ = [
    "FACT_KINDS",
    "AttainmentFact",
    "DueEvaluationInfo",
    "FactInfo",
    "FactNotFound",
    "FactRefused",
    "FailedEvaluation",
    "PartNotFound",
    "PartProgress",
    "PartSpec",
    "UnitReport",
    "UnitSpec",
    "best_scores",
    "evaluations_due",
    "facts_by_id",
    "failed_evaluations",
    "forget_evaluations",
    "get_attainments",
    "get_fact",
    "list_attainments",
    "list_facts",
    "mark_due",
    "note_failure",
    "record_part",
    "record_reviewed_part",
    "report_fact",
    "statements_of_units",
    "take_back",
    "unit_report",
    "units_of_outcomes",
]


class PartNotFound(MicrocredError):
    """The unit has no such part for this learner."""

    code = "part_not_found"
    http_status = 404


def record_part(
    learner_id: int,
    unit: UnitSpec,
    part_usage_key: str,
    *,
    score: float,
    now: datetime,
    by_reviewer: bool = False,
) -> UnitReport:
    """Count one part as done. Scores are clamped to 0 … 1. Raises :class:`PartNotFound`."""
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        raise PartNotFound(_("This part does not belong to the unit any more. Reload the page."))
    with transaction.atomic():
        progress = _touch_progress(learner_id, unit, now)
        results = _results(progress)
        clamped = min(1.0, max(0.0, float(score)))
        results[part_usage_key] = _keep_best(
            progress, results.get(part_usage_key), part_usage_key, clamped, by_reviewer, now
        )
        return _settle(progress, unit, results, now)


def record_reviewed_part(
    learner_id: int,
    unit_usage_key: str,
    part_usage_key: str,
    *,
    score: float,
    by_reviewer: bool,
    now: datetime,
) -> UnitReport | None:
    """Count a part on the word of a reviewer, with the unit as the learner last saw it.

    Nothing when the learner never opened the unit, which cannot be the case for evidence handed in through it.
    """
    progress = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key).first()
    if progress is None:
        return None
    unit = _spec_of(progress)
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        return None
    return record_part(learner_id, unit, part_usage_key, score=score, by_reviewer=by_reviewer, now=now)


def unit_report(learner_id: int, unit: UnitSpec, *, now: datetime) -> UnitReport:
    """Progress as it stands. Also notices a unit that became whole because its last open part was taken out."""
    with transaction.atomic():
        progress = _touch_progress(learner_id, unit, now)
        return _settle(progress, unit, _results(progress), now)


def best_scores(learner_id: int, outcome_keys: Iterable[str]) -> dict[str, float]:
    """Best score for each of these outcomes that the learner attained. Corrected rows do not count."""
    rows = Attainment.objects.filter(
        learner_id=learner_id, outcome__key__in=set(outcome_keys), corrections__isnull=True
    ).values_list("outcome__key", "score")
    best: dict[str, float] = {}
    for key, score in rows:
        best[key] = max(score, best.get(key, 0.0))
    return best


def list_attainments(learner_id: int, outcome_keys: Iterable[str]) -> tuple[AttainmentFact, ...]:
    """The learner's attainments of these outcomes, oldest first; corrected ones left out."""
    wanted = set(outcome_keys)
    if not wanted:
        return ()
    rows = Attainment.objects.filter(learner_id=learner_id, outcome__key__in=wanted, corrections__isnull=True)
    return tuple(map(_fact, rows.select_related("outcome").order_by("attained_at", "pk")))


def statements_of_units(learner_id: int, unit_keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What these units proved for the learner: the statements of the outcomes met there, by unit."""
    rows = Attainment.objects.filter(learner_id=learner_id, source_usage_key__in=set(unit_keys))
    found: dict[str, tuple[str, ...]] = {}
    for unit_key, statement in rows.order_by("attained_at", "pk").values_list(
        "source_usage_key", "outcome__statement"
    ):
        if statement not in found.get(unit_key, ()):
            found[unit_key] = (*found.get(unit_key, ()), statement)
    return found


def get_attainments(ids: Iterable[str]) -> tuple[AttainmentFact, ...]:
    """Attainments by id, oldest first."""
    rows = Attainment.objects.filter(pk__in=list(ids)).select_related("outcome")
    return tuple(map(_fact, rows.order_by("attained_at", "pk")))


def units_of_outcomes(outcome_keys: Iterable[str], *, learner_id: int) -> dict[str, tuple[str, str, int]]:
    """Where this learner met units of these outcomes: outcome key → (usage key, title, minutes)."""
    rows = UnitProgress.objects.filter(learner_id=learner_id, outcome_key__in=set(outcome_keys))
    return {row.outcome_key: (row.unit_usage_key, row.title, row.minutes) for row in rows.order_by("pk")}


def _touch_progress(learner_id: int, unit: UnitSpec, now: datetime) -> UnitProgress:
    """The learner's row for this unit, locked, with the unit's present shape."""
    shape = {
        "course_key": unit.course_key,
        "outcome_key": unit.outcome_key,
        "title": unit.title[:255],
        "minutes": max(0, unit.minutes),
        "parts": [asdict(part) for part in unit.parts],
    }
    rows = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit.usage_key)
    row = rows.first()
    if row is None:
        try:
            with transaction.atomic():
                return UnitProgress.objects.create(
                    learner_id=learner_id, unit_usage_key=unit.usage_key, started_at=now, **shape
                )
        except IntegrityError:
            row = rows.get()
    if connection.features.has_select_for_update:
        # Locked by primary key only: a lock on what a search passes over, or on a gap, invites deadlocks.
        row = UnitProgress.objects.select_for_update().get(pk=row.pk)
    changed = [name for name, value in shape.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, shape[name])
        row.save(update_fields=changed)
    return row


def _results(progress: UnitProgress) -> dict[str, PartResult]:
    """What is done in the unit, by part; read under the lock of the unit's row."""
    return {row.part_usage_key: row for row in progress.results.all()}


def _keep_best(
    progress: UnitProgress,
    result: PartResult | None,
    part: str,
    score: float,
    by_reviewer: bool,
    now: datetime,
) -> PartResult:
    if result is None:
        return PartResult.objects.create(
            progress=progress, part_usage_key=part, score=score, by_reviewer=by_reviewer, done_at=now
        )
    if score > result.score:
        result.score = score
        result.by_reviewer = result.by_reviewer or by_reviewer
        result.save(update_fields=["score", "by_reviewer"])
    return result


def _settle(
    progress: UnitProgress, unit: UnitSpec, results: dict[str, PartResult], now: datetime
) -> UnitReport:
    """Work out the report; write the attainment when the unit is whole for the first time."""
    report = _report(progress, unit, results)
    whole = bool(unit.parts) and report.done == len(unit.parts)
    if progress.completed_at is None and whole:
        progress.completed_at = now
        progress.save(update_fields=["completed_at"])
        _attain(progress, unit, results, report.score or 0.0, now)
        return replace(report, complete=True, attained_at=now, newly_complete=True)
    return report


def _report(progress: UnitProgress, unit: UnitSpec, results: dict[str, PartResult]) -> UnitReport:
    open_evidence = [
        part.usage_key for part in unit.parts if part.kind == "evidence" and part.usage_key not in results
    ]
    states = evidence.latest_states(progress.learner_id, open_evidence) if open_evidence else {}
    parts = []
    for part in unit.parts:
        result = results.get(part.usage_key)
        if result is not None:
            parts.append(PartProgress(part.usage_key, "done", result.score))
        else:
            state = states.get(part.usage_key, "todo")
            parts.append(
                PartProgress(part.usage_key, state if state in ("in_review", "returned") else "todo", None)
            )
    return UnitReport(
        usage_key=unit.usage_key,
        outcome_key=unit.outcome_key,
        parts=tuple(parts),
        complete=progress.completed_at is not None,
        score=_score(unit, results),
        attained_at=progress.completed_at,
    )


def _score(unit: UnitSpec, results: dict[str, PartResult]) -> float | None:
    scored = [part.usage_key for part in unit.parts if part.kind in ("check", "evidence")]
    if not scored:
        return 1.0 if unit.parts and all(part.usage_key in results for part in unit.parts) else None
    if not any(key in results for key in scored):
        return None
    return sum(results[key].score if key in results else 0.0 for key in scored) / len(scored)


def _attain(
    progress: UnitProgress, unit: UnitSpec, results: dict[str, PartResult], score: float, now: datetime
) -> None:
    """Write attainment and marker. A unit without a known outcome completes without proving anything."""
    outcome = Outcome.objects.filter(key=unit.outcome_key).first()
    if outcome is None:
        return
    key = hashlib.sha256(f"{progress.learner_id}\n{unit.usage_key}\n{outcome.key}".encode()).hexdigest()
    evidence_keys = [part.usage_key for part in unit.parts if part.kind == "evidence"]
    digests = evidence.accepted_digests(progress.learner_id, evidence_keys) if evidence_keys else ()
    row = Attainment(
        learner_id=progress.learner_id,
        outcome=outcome,
        score=round(score, 4),
        attained_at=now,
        course_key=unit.course_key,
        source_usage_key=unit.usage_key,
        source_title=unit.title[:255],
        minutes=max(0, unit.minutes),
        evidence=[asdict(digest) for digest in digests],
        by_reviewer=any(result.by_reviewer for result in results.values()),
        idempotency_key=key,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if Attainment.objects.filter(idempotency_key=key).exists():
            return
        raise
    mark_due(row.learner_id, "outcome", outcome.key, now=now)


def _spec_of(progress: UnitProgress) -> UnitSpec:
    return UnitSpec(
        usage_key=progress.unit_usage_key,
        course_key=progress.course_key,
        outcome_key=progress.outcome_key,
        title=progress.title,
        minutes=progress.minutes,
        parts=tuple(PartSpec(**part) for part in progress.parts),
    )


def _fact(row: Attainment) -> AttainmentFact:
    return AttainmentFact(
        id=str(row.pk),
        learner_id=row.learner_id,
        outcome_key=row.outcome.key,
        outcome_statement=row.outcome.statement,
        score=row.score,
        attained_at=row.attained_at,
        course_key=row.course_key,
        source_usage_key=row.source_usage_key,
        source_title=row.source_title,
        minutes=row.minutes,
        evidence=tuple(row.evidence),
        by_reviewer=row.by_reviewer,
    )
