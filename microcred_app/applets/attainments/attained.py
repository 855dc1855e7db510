"""Attainments, read: what a learner has met, how well, and where."""

from __future__ import annotations

from collections.abc import Iterable

from .data import AttainmentFact
from .models import Attainment

__all__ = ["best_scores", "get_attainments", "list_attainments", "statements_of_units"]


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


def get_attainments(ids: Iterable[str]) -> tuple[AttainmentFact, ...]:
    """Attainments by id, oldest first."""
    rows = Attainment.objects.filter(pk__in=list(ids)).select_related("outcome")
    return tuple(map(_fact, rows.order_by("attained_at", "pk")))


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
