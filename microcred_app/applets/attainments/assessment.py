"""How outcomes were in fact assessed, read from what learners did and never from what somebody claims.

Only the newest attainments of each outcome are looked at, through the index on the outcome, so the answer
costs the same with a hundred learners and with a million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Attainment, UnitProgress

__all__ = ["SeenAssessment", "assessments_of"]

NEWEST = 20


@dataclass(frozen=True)
class SeenAssessment:
    """What the newest attainments of an outcome rest on.

    ``judged``: in every unit seen, evidence that a reviewer judged. ``tested``: in every unit seen, judged
    evidence or a check. Evidence that was accepted unread is neither. ``attainments`` is how many were looked
    at; with none, nothing is known.
    """

    attainments: int
    judged: bool
    tested: bool


def assessments_of(outcome_keys: Iterable[str]) -> dict[str, SeenAssessment]:
    """How each of these outcomes was assessed, by the weakest unit that proved it lately."""
    return {key: _seen(key) for key in set(outcome_keys)}


def _seen(outcome_key: str) -> SeenAssessment:
    rows = Attainment.objects.filter(outcome__key=outcome_key, corrections__isnull=True, counts=True)
    newest = list(
        rows.order_by("-attained_at").values_list("learner_id", "source_usage_key", "by_reviewer")[:NEWEST]
    )
    judged = [by_reviewer for _learner, _unit, by_reviewer in newest]
    tested = [by_reviewer or "check" in _part_kinds(learner, unit) for learner, unit, by_reviewer in newest]
    return SeenAssessment(len(newest), bool(newest) and all(judged), bool(newest) and all(tested))


def _part_kinds(learner_id: int, unit_usage_key: str) -> set[str]:
    """Kinds of the unit's parts as this learner had to do them."""
    rows = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key)
    return {part.get("kind", "") for parts in rows.values_list("parts", flat=True) for part in parts}
