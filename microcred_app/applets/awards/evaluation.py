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
from collections.abc import Iterable, Mapping
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

__all__ = ["evaluate_learner", "held_badges", "known_facts"]

MAX_ROUNDS = 50


@dataclass(frozen=True)
class _Ledger:
    """The learner's side of the ledger: badges held now, and the keys of all awards, reversed ones included."""

    held: dict[str, rules.BadgeFact]
    spent: frozenset[str]


@dataclass(frozen=True)
class _Knowledge:
    """Facts about the learner and the attainments among them."""

    facts: rules.Facts
    attainments: tuple[attainments.AttainmentFact, ...]


def held_badges(learner_id: int) -> dict[str, str]:
    """Keys of the badges the learner holds now, with the id of the award."""
    return {key: fact.id for key, fact in _ledger_of(learner_id).held.items()}


def known_facts(learner_id: int, mentioned: Iterable[rules.Mention]) -> rules.Facts:
    """What is known of the learner about everything *mentioned*: two queries."""
    return _know(learner_id, mentioned, _ledger_of(learner_id).held).facts


@transaction.atomic(savepoint=False)
def evaluate_learner(learner_id: int, changed: set[tuple[str, str]], *, now: datetime) -> tuple[str, ...]:
    """Award what became due because of *changed* ``(kind, key)``; the ids of the new awards."""
    granted: list[str] = []
    _wait_for_turn(learner_id)
    ledger = _ledger_of(learner_id)
    held = dict(ledger.held)
    for _round in range(MAX_ROUNDS):
        candidates = badges.badges_mentioning(changed) if changed else ()
        candidates = tuple(badge for badge in candidates if badge.key not in held)
        if not candidates:
            break
        mentioned = {pair for badge in candidates for pair in rules.mentions(badge.requirement)}
        knowledge = _know(learner_id, mentioned, held)
        changed = set()
        for badge in candidates:
            verdict = rules.evaluate(badge.requirement, knowledge.facts, now)
            key = _idempotency_key(learner_id, badge)
            if not verdict.satisfied or key in ledger.spent:
                continue
            award_id = _grant(learner_id, badge, key, verdict, knowledge, now)
            if award_id:
                granted.append(award_id)
                held[badge.key] = rules.BadgeFact(award_id, badge.key, now, version=badge.number)
                changed.add(("badge", badge.key))
    return tuple(granted)


def _wait_for_turn(learner_id: int) -> None:
    """Evaluate one learner in one transaction at a time.

    Two units finished at the same moment would otherwise each miss the other's uncommitted badge, and a stack
    of both would never be awarded.
    """
    if connection.features.has_select_for_update:  # elsewhere a transaction that writes is alone anyway
        list(get_user_model().objects.select_for_update().filter(pk=learner_id).values_list("pk"))


def _ledger_of(learner_id: int) -> _Ledger:
    """One query for badges held and awards spent."""
    rows = Award.objects.filter(learner_id=learner_id)
    columns = (
        "pk",
        "version__badge__key",
        "awarded_at",
        "version__number",
        "idempotency_key",
        "reversal__pk",
    )
    held: dict[str, rules.BadgeFact] = {}
    spent: set[str] = set()
    for pk, badge_key, awarded_at, number, key, reversal in rows.values_list(*columns):
        spent.add(key)
        if reversal is None:
            held[badge_key] = rules.BadgeFact(str(pk), badge_key, awarded_at, version=number)
    return _Ledger(held, frozenset(spent))


def _idempotency_key(learner_id: int, badge: badges.PublishedBadge) -> str:
    return hashlib.sha256(f"{learner_id}\n{badge.key}\n{badge.number}".encode()).hexdigest()


def _know(
    learner_id: int, mentioned: Iterable[rules.Mention], held: Mapping[str, rules.BadgeFact]
) -> _Knowledge:
    """The facts that rules may ask about: attainments and badges held.

    Grades, completions, credits, sign-offs and badges of others have no source yet: leaves that ask for them
    are not met.
    """
    outcomes = {key for kind, key in mentioned if kind == "outcome"}
    found = attainments.list_attainments(learner_id, outcomes)
    known = [
        rules.OutcomeFact(fact.id, fact.outcome_key, fact.attained_at, score=fact.score) for fact in found
    ]
    return _Knowledge(rules.Facts([*known, *held.values()]), found)


def _grant(
    learner_id: int,
    badge: badges.PublishedBadge,
    idempotency_key: str,
    verdict: rules.Evaluation,
    knowledge: _Knowledge,
    now: datetime,
) -> str | None:
    """Write the award and tell the rooms above; nothing when somebody else wrote it first."""
    because = _because(badge, verdict)
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
    award = AwardInfo(str(row.pk), learner_id, badge, now, because, None, "", knowledge.attainments)
    award_granted.send(sender=Award, award=award, now=now)
    return award.id


def _because(badge: badges.PublishedBadge, verdict: rules.Evaluation) -> dict[str, Any]:
    """The provenance as it is stored: the rule, and each met leaf with the records that met it."""
    return {
        "requirement": rules.to_json(badge.requirement),
        "version": badge.number,
        "met": [_met_leaf(met) for met in verdict.met],
    }


def _met_leaf(met: rules.MetLeaf) -> dict[str, Any]:
    match met.leaf:
        case rules.BadgeLeaf(key):
            return {"badge": key, "award": met.facts[0]}
        case rules.OutcomeLeaf(key):
            return {"outcome": key, "attainments": list(met.facts)}
        case leaf:
            return {"leaf": rules.to_json(leaf), "facts": list(met.facts)}
