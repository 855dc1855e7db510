"""Facts of one account become another's, each once: what both accounts showed stays where it was.

A fact's idempotency key holds the number of its account, so that an event that is repeated finds the fact. It is made
anew with the move; otherwise the platform's next report of the same grade would be a second fact.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from ..personal_rows import plain_rows
from .due import mark_due
from .models import Attainment, ReportedFact
from .reported import fact_key

__all__ = ["FactMove", "move_facts", "plan_facts"]

FactMove = tuple[list[Attainment], list[Attainment], list[ReportedFact], list[ReportedFact]]


def plan_facts(source_id: int, target_id: int) -> FactMove:
    """Attainments that would move and that would stay, and reported facts likewise."""
    mine = set(Attainment.objects.filter(learner_id=target_id).values_list("source_usage_key", "outcome_id"))
    moving: list[Attainment] = []
    staying: list[Attainment] = []
    for row in (
        Attainment.objects.filter(learner_id=source_id).select_related("outcome").order_by("attained_at")
    ):
        (staying if (row.source_usage_key, row.outcome_id) in mine else moving).append(row)
    held = {
        _said(fact) for fact in ReportedFact.objects.filter(learner_id=target_id).select_related("corrects")
    }
    facts: list[ReportedFact] = []
    left: list[ReportedFact] = []
    for fact in (
        ReportedFact.objects.filter(learner_id=source_id).select_related("corrects").order_by("recorded_at")
    ):
        (left if _said(fact) in held else facts).append(fact)
    return moving, staying, facts, left


def _said(fact: ReportedFact) -> tuple[str, ...]:
    """What a fact is about. The same thing signed off in two roles is two things; a row that takes one back says no
    role, and goes with the one that it names."""
    named = fact.corrects if fact.corrects is not None and not fact.counts else fact
    return fact.kind, fact.key, fact.source, named.role if fact.kind == "signoff" else ""


def move_facts(source_id: int, target_id: int, *, now: datetime) -> None:
    """Move what :func:`plan_facts` says, in the caller's transaction, and mark what it may make due."""
    moving, _staying, facts, _left = plan_facts(source_id, target_id)
    for row in moving:
        key = row.idempotency_key
        for old, new in zip(_attainment_keys(row, source_id), _attainment_keys(row, target_id), strict=True):
            key = new if key == old else key
        plain_rows(Attainment).filter(pk=row.pk).update(learner_id=target_id, idempotency_key=key)
        mark_due(target_id, "outcome", row.outcome.key, now=now)
    for fact in facts:
        key = fact.idempotency_key
        if key == fact_key(source_id, fact):
            key = fact_key(target_id, fact)
        plain_rows(ReportedFact).filter(pk=fact.pk).update(learner_id=target_id, idempotency_key=key)
        mark_due(target_id, fact.kind, fact.key, now=now)


def _attainment_keys(row: Attainment, learner_id: int) -> list[str]:
    """The keys that an attainment has when it is the first of its unit, or a refresher."""
    parts = [str(learner_id), row.source_usage_key, row.outcome.key]
    again = [*parts, "refresher", row.attained_at.date().isoformat()]
    return [hashlib.sha256("\n".join(one).encode()).hexdigest() for one in (parts, again)]
