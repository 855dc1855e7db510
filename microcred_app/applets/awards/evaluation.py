"""From an attainment to awards.

One event asks one question: which current badges mention what just changed? Each of them is evaluated with
the learner's facts; what is newly met is awarded, and since a badge may be part of a stack, the new badge is
asked for in turn until nothing follows. The circle check at publication bounds this.

A learner who holds a badge is not given it again, and the ledger's unique key makes a second award for the
same version impossible even when two workers evaluate the same attainment at once. A reversed award is not
granted again by evaluation: that is a person's decision.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from microcred_app import rules

from ..attainments import api as attainments
from ..badges import api as badges
from .data import AwardInfo
from .models import Award
from .signals import award_granted

__all__ = ["evaluate_learner", "held_badges"]

MAX_ROUNDS = 50


@dataclass(frozen=True)
class _Knowledge:
    """Facts about the learner and the records they come from."""

    facts: rules.Facts
    attainments: dict[str, list[attainments.AttainmentFact]]
    awards: dict[str, str]


def held_badges(learner_id: int) -> dict[str, str]:
    """Keys of the badges the learner holds now, with the id of the award."""
    rows = Award.objects.filter(learner_id=learner_id, reversal__isnull=True)
    return {key: str(pk) for key, pk in rows.values_list("version__badge__key", "pk")}


@transaction.atomic(savepoint=False)
def evaluate_learner(learner_id: int, changed: set[tuple[str, str]], *, now: datetime) -> tuple[str, ...]:
    """Award what became due because of *changed* ``(kind, key)``; the ids of the new awards."""
    granted: list[str] = []
    _wait_for_turn(learner_id)
    held, spent = _ledger_of(learner_id)
    for _round in range(MAX_ROUNDS):
        candidates = badges.badges_mentioning(changed) if changed else ()
        candidates = tuple(badge for badge in candidates if badge.key not in held)
        if not candidates:
            break
        knowledge = _know(learner_id, candidates, held)
        changed = set()
        for badge in candidates:
            verdict = rules.evaluate(badge.requirement, knowledge.facts)
            key = _idempotency_key(learner_id, badge)
            if not verdict.satisfied or key in spent:
                continue
            award_id = _grant(learner_id, badge, key, verdict, knowledge, now)
            if award_id:
                granted.append(award_id)
                held = {**held, badge.key: award_id}
                changed.add(("badge", badge.key))
    return tuple(granted)


def _wait_for_turn(learner_id: int) -> None:
    """Evaluate one learner in one transaction at a time.

    Two units finished at the same moment would otherwise each miss the other's uncommitted badge, and a stack
    of both would never be awarded.
    """
    if connection.features.has_select_for_update:  # elsewhere a transaction that writes is alone anyway
        list(get_user_model().objects.select_for_update().filter(pk=learner_id).values_list("pk"))


def _ledger_of(learner_id: int) -> tuple[dict[str, str], frozenset[str]]:
    """Held badges as :func:`held_badges` tells them, and the keys of all awards, reversed ones included."""
    rows = Award.objects.filter(learner_id=learner_id)
    found = list(rows.values_list("version__badge__key", "pk", "idempotency_key", "reversal__pk"))
    held = {badge_key: str(pk) for badge_key, pk, _key, reversal in found if reversal is None}
    return held, frozenset(key for _badge, _pk, key, _reversal in found)


def _idempotency_key(learner_id: int, badge: badges.PublishedBadge) -> str:
    return hashlib.sha256(f"{learner_id}\n{badge.key}\n{badge.number}".encode()).hexdigest()


def _know(learner_id: int, candidates: tuple[badges.PublishedBadge, ...], held: dict[str, str]) -> _Knowledge:
    mentioned = {pair for badge in candidates for pair in rules.mentions(badge.requirement)}
    by_outcome: dict[str, list[attainments.AttainmentFact]] = {}
    for fact in attainments.list_attainments(
        learner_id, {key for kind, key in mentioned if kind == "outcome"}
    ):
        by_outcome.setdefault(fact.outcome_key, []).append(fact)
    scores = {key: max(fact.score for fact in facts) for key, facts in by_outcome.items()}
    return _Knowledge(rules.Facts(scores, frozenset(held)), by_outcome, held)


def _grant(
    learner_id: int,
    badge: badges.PublishedBadge,
    idempotency_key: str,
    verdict: rules.Evaluation,
    knowledge: _Knowledge,
    now: datetime,
) -> str | None:
    """Write the award and tell the rooms above; nothing when somebody else wrote it first."""
    because = _because(badge, verdict, knowledge)
    try:
        with transaction.atomic():
            row = Award.objects.create(
                learner_id=learner_id,
                version_id=badge.version_id,
                awarded_at=now,
                because=because,
                idempotency_key=idempotency_key,
            )
    except IntegrityError:
        return None
    facts = tuple(fact for found in knowledge.attainments.values() for fact in found)
    award = AwardInfo(str(row.pk), learner_id, badge, now, because, None, "", facts)
    award_granted.send(sender=Award, award=award, now=now)
    return award.id


def _because(
    badge: badges.PublishedBadge, verdict: rules.Evaluation, knowledge: _Knowledge
) -> dict[str, Any]:
    leaves: list[dict[str, Any]] = []
    for leaf in verdict.met:
        if isinstance(leaf, rules.BadgeLeaf):
            leaves.append({"badge": leaf.key, "award": knowledge.awards[leaf.key]})
        else:
            facts = [fact for fact in knowledge.attainments[leaf.key] if fact.score >= leaf.minimum_score]
            leaves.append({"outcome": leaf.key, "attainments": [fact.id for fact in facts]})
    return {
        "requirement": rules.to_json(badge.requirement),
        "version": badge.number,
        "met": leaves,
    }
