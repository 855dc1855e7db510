"""Record what learners did; the moment a unit is whole, record the attainment.

Rules:

* A part counts once, with its best score, or its latest where its author wants that; reporting it again, late or
  twice at once changes nothing else.
* A unit is complete when every part that this learner can see is done. Its score is the mean of the scores
  of its checks and evidence; a unit of content alone scores 1.
* Completing a unit writes, in one transaction, the attainment (unique for learner, unit and outcome) and the
  marker that it must be evaluated. What follows from it happens after that commit and cannot undo it.
* A completed unit stays completed when its author adds a part later: facts are not taken back.
* Whoever acted last after the unit closed completed it late. A reviewer's slowness is nobody's lateness: of reviewed
  work the moment counts at which it was handed in.
* A judgement that was made anew counts as it is, better or worse: a new attainment names the one it corrects.
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
    EvaluationBacklog,
    FailedEvaluation,
    evaluations_backlog,
    evaluations_due,
    evaluations_overdue,
    failed_evaluations,
    forget_evaluations,
    mark_due,
    note_failure,
)
from .models import Attainment, PartResult, UnitProgress
from .refreshing import last_demonstrated, record_refresher
from .reported import (
    FACT_KINDS,
    FactInfo,
    FactNotFound,
    FactRefused,
    RevokedFact,
    facts_by_id,
    get_fact,
    list_facts,
    list_revoked,
    report_fact,
    take_back,
)
from .resetting import reset_unit
from .steps import note_step
from .watching import WatchedFact, claim_watched, note_clear, note_unclear, watch_fact

__all__ = [
    "FACT_KINDS",
    "AttainmentFact",
    "DueEvaluationInfo",
    "EvaluationBacklog",
    "FactInfo",
    "FactNotFound",
    "FactRefused",
    "FailedEvaluation",
    "PartNotFound",
    "PartProgress",
    "PartSpec",
    "RevokedFact",
    "UnitReport",
    "UnitSpec",
    "WatchedFact",
    "best_scores",
    "claim_watched",
    "evaluations_backlog",
    "evaluations_due",
    "evaluations_overdue",
    "facts_by_id",
    "failed_evaluations",
    "forget_evaluations",
    "get_attainments",
    "get_fact",
    "list_attainments",
    "list_facts",
    "list_revoked",
    "mark_due",
    "note_clear",
    "note_failure",
    "note_step",
    "note_unclear",
    "record_part",
    "record_refresher",
    "record_rejudged_part",
    "record_reviewed_part",
    "report_fact",
    "reset_unit",
    "statements_of_units",
    "take_back",
    "unit_completed",
    "unit_report",
    "units_of_outcomes",
    "watch_fact",
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
    keep: str = "best",
) -> UnitReport:
    """Count one part as done. Scores are clamped to 0 … 1. Raises :class:`PartNotFound`.

    *keep* says which score counts where there is one: the ``best``, or the ``latest``. In a unit that is complete
    a score never falls any more: what it proved is a fact by then.
    """
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        raise PartNotFound(_("This part does not belong to the unit any more. Reload the page."))
    with transaction.atomic():
        progress = _touch_progress(learner_id, unit, now)
        results = _results(progress)
        clamped = min(1.0, max(0.0, float(score)))
        results[part_usage_key] = _keep_score(
            progress, results.get(part_usage_key), part_usage_key, clamped, by_reviewer, now, keep
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


def record_rejudged_part(
    learner_id: int,
    unit_usage_key: str,
    part_usage_key: str,
    *,
    score: float | None,
    cause: str,
    now: datetime,
) -> UnitReport | None:
    """Count a part as it was judged anew, better or worse; without a score it is open again.

    The attainment that stood is corrected by a new row, or taken back by one that does not count; *cause* names the
    judgement, so that the same one corrects once. Awards that were made because of it stand until they are reversed.
    """
    progress = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key).first()
    if progress is None:
        return None
    unit = _spec_of(progress)
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        return None
    with transaction.atomic():
        progress = _touch_progress(learner_id, unit, now)
        if score is None:
            PartResult.objects.filter(progress=progress, part_usage_key=part_usage_key).delete()
        else:
            PartResult.objects.update_or_create(
                progress=progress,
                part_usage_key=part_usage_key,
                defaults={"score": min(1.0, max(0.0, score)), "by_reviewer": True, "done_at": now},
            )
        results = _results(progress)
        whole = bool(unit.parts) and all(part.usage_key in results for part in unit.parts)
        standing = _last_attainment(progress, unit)
        if standing is not None and standing.counts:
            _correct(standing, progress, unit, results, whole=whole, cause=cause, now=now)
        if progress.completed_at is not None and not whole:
            progress.completed_at = None
            progress.save(update_fields=["completed_at"])
        return _settle(progress, unit, results, now)


def unit_report(learner_id: int, unit: UnitSpec, *, now: datetime) -> UnitReport:
    """Progress as it stands. Also notices a unit that became whole because its last open part was taken out."""
    with transaction.atomic():
        progress = _touch_progress(learner_id, unit, now)
        return _settle(progress, unit, _results(progress), now)


def unit_completed(learner_id: int, unit_usage_key: str) -> bool:
    """Whether the learner has completed the unit."""
    rows = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key)
    return rows.filter(completed_at__isnull=False).exists()


def best_scores(learner_id: int, outcome_keys: Iterable[str]) -> dict[str, float]:
    """Best score for each of these outcomes that the learner attained. Corrected rows do not count."""
    rows = Attainment.objects.filter(
        learner_id=learner_id, outcome__key__in=set(outcome_keys), corrections__isnull=True, counts=True
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
    rows = Attainment.objects.filter(
        learner_id=learner_id, outcome__key__in=wanted, corrections__isnull=True, counts=True
    )
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
        "closes_at": unit.closes_at,
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


def _keep_score(
    progress: UnitProgress,
    result: PartResult | None,
    part: str,
    score: float,
    by_reviewer: bool,
    now: datetime,
    keep: str,
) -> PartResult:
    if result is None:
        return PartResult.objects.create(
            progress=progress, part_usage_key=part, score=score, by_reviewer=by_reviewer, done_at=now
        )
    may_fall = keep == "latest" and progress.completed_at is None
    if score > result.score or (may_fall and score < result.score):
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
        progress.completed_late = _is_late(progress.learner_id, unit, results, now)
        progress.save(update_fields=["completed_at", "completed_late"])
        _attain(progress, unit, results, report.score or 0.0, now)
        return replace(
            report,
            complete=True,
            attained_at=now,
            newly_complete=True,
            late=progress.completed_late,
            demonstrated_at=now,
        )
    return report


def _is_late(learner_id: int, unit: UnitSpec, results: dict[str, PartResult], now: datetime) -> bool:
    """Whether the learner's own last step came after the unit closed."""
    if unit.closes_at is None or now <= unit.closes_at:
        return False
    for part in unit.parts:
        result = results[part.usage_key]
        acted_at: datetime | None = result.done_at
        if result.by_reviewer:
            submission = evidence.current_submission(learner_id, part.usage_key)
            acted_at = submission.submitted_at if submission else acted_at
        if acted_at is not None and acted_at > unit.closes_at:
            return True
    return False


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
        late=progress.completed_late,
        demonstrated_at=last_demonstrated(progress),
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
    """Write attainment and marker. A unit without a known outcome completes without proving anything.

    Where an earlier attainment was taken back, the new one names the row that took it back.
    """
    outcome = Outcome.objects.filter(key=unit.outcome_key).first()
    if outcome is None:
        return
    key = hashlib.sha256(f"{progress.learner_id}\n{unit.usage_key}\n{outcome.key}".encode()).hexdigest()
    row = _attainment(progress, unit, results, outcome, score, now)
    row.idempotency_key = key
    if not _insert(row):
        last = _last_attainment(progress, unit)
        if last is None or last.counts:
            return
        row.idempotency_key = hashlib.sha256(f"again\n{last.idempotency_key}".encode()).hexdigest()
        row.corrects = last
        if not _insert(row):
            return
    mark_due(row.learner_id, "outcome", outcome.key, now=now)


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


def _correct(
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
    score = (_score(unit, results) or 0.0) if whole else 0.0
    row = _attainment(progress, unit, results, standing.outcome, score, now)
    row.corrects, row.counts = standing, whole
    row.idempotency_key = hashlib.sha256(
        f"corrected\n{standing.idempotency_key}\n{cause}".encode()
    ).hexdigest()
    row.save(force_insert=True)
    mark_due(row.learner_id, "outcome", standing.outcome.key, now=now)


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


def _last_attainment(progress: UnitProgress, unit: UnitSpec) -> Attainment | None:
    """The newest row of this learner, unit and outcome: the one that nothing corrects."""
    rows = Attainment.objects.filter(
        learner_id=progress.learner_id, source_usage_key=unit.usage_key, outcome__key=unit.outcome_key
    )
    found: Attainment | None = (
        rows.filter(corrections__isnull=True).select_related("outcome").order_by("-attained_at").first()
    )
    return found


def _spec_of(progress: UnitProgress) -> UnitSpec:
    return UnitSpec(
        usage_key=progress.unit_usage_key,
        course_key=progress.course_key,
        outcome_key=progress.outcome_key,
        title=progress.title,
        minutes=progress.minutes,
        parts=tuple(PartSpec(**part) for part in progress.parts),
        closes_at=progress.closes_at,
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
        results=tuple(row.results),
    )
