"""From what changed to awards: many learners at once, or one.

For each learner one question is asked: which current badges mention what just changed? Each is evaluated with
everything known of the learner; what is newly met is granted, and since a badge may be part of a stack, the
badges that mention the new one are asked in the same pass. The circle check at publication bounds this.

Nothing is locked. Two workers that evaluate one learner at the same moment are kept apart by the ledger's
unique key: the one that loses starts over with what the other wrote. And whoever grants a badge that others
build on looks once more *after* the commit: of two parts of a stack that were granted at the same moment, in
transactions that could not see each other, the later commit sees both and grants the stack. Markers of what
is owed are removed only when nothing follows any more.

A learner who holds a badge is not given it again. A reversed award is not granted again by evaluation: that
is a person's decision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from microcred_app import rules

from ..attainments import api as attainments
from ..badges import api as badges
from .data import AwardInfo
from .models import Award
from .signals import awards_granted
from .standing import Standing, read_standings

__all__ = ["DueAward", "due_awards", "evaluate_due", "grant_awards", "held_badges", "idempotency_key"]

MAX_ROUNDS = 50


@dataclass(frozen=True)
class DueAward:
    """A badge that a learner has met and does not hold; ``because`` is what the ledger will say."""

    id: UUID
    learner_id: int
    badge: badges.PublishedBadge
    because: dict[str, Any]
    idempotency_key: str


@dataclass(frozen=True)
class Grant:
    """How a set of awards is made: for which batch, and until when wallets must wait."""

    now: datetime
    batch_id: UUID | None = None
    hold_until: datetime | None = None


def held_badges(learner_id: int) -> dict[str, str]:
    """Keys of the badges the learner holds now, with the id of the award."""
    rows = Award.objects.filter(learner_id=learner_id, reversal__isnull=True)
    return {key: str(pk) for key, pk in rows.values_list("version__badge__key", "pk")}


def evaluate_due(due: Sequence[attainments.DueEvaluationInfo], *, now: datetime) -> tuple[AwardInfo, ...]:
    """Grant what became due because of these changes, and remove their markers.

    One read when nothing comes of it. Call it outside any transaction: what others committed must be seen.
    """
    changed: dict[int, set[rules.Mention]] = {}
    for entry in due:
        changed.setdefault(entry.learner_id, set()).add((entry.kind, entry.key))
    markers = [entry.id for entry in due]
    granted: list[AwardInfo] = []
    for _round in range(MAX_ROUNDS):
        standings = read_standings(changed)
        current = badges.current_definitions(standings.stamp)
        found = [
            award
            for learner_id, mentions in changed.items()
            for award in due_awards(standings.of[learner_id], mentions, current, now=now)
        ]
        if not found:
            break
        follow = _built_on(found, current)
        try:
            with transaction.atomic():
                granted += grant_awards(found, Grant(now))
                if not follow:
                    attainments.forget_evaluations(markers)
                    return tuple(granted)
        except IntegrityError:
            if not _granted_meanwhile(found):
                raise
            continue  # somebody else was faster; look again at what they wrote
        changed = follow
    attainments.forget_evaluations(markers)
    return tuple(granted)


def due_awards(
    standing: Standing, changed: Iterable[rules.Mention], current: badges.CurrentBadges, *, now: datetime
) -> list[DueAward]:
    """Badges that *changed* makes due for one learner, parts before their stacks. Reads and writes nothing."""
    facts = rules.Facts(standing.known, current.relations)
    held = set(standing.held)
    found: list[DueAward] = []
    asked = set(changed)
    while asked:
        following: set[rules.Mention] = set()
        for badge in current.mentioning(asked):
            key = idempotency_key(standing.learner_id, badge)
            if badge.key in held or key in standing.spent:
                continue
            verdict = rules.evaluate(badge.requirement, facts, now)
            if not verdict.satisfied:
                continue
            award = DueAward(uuid4(), standing.learner_id, badge, explain(badge, verdict), key)
            found.append(award)
            held.add(badge.key)
            facts = facts.also([rules.BadgeFact(str(award.id), badge.key, now, version=badge.number)])
            following.add(("badge", badge.key))
        asked = following
    return found


def grant_awards(found: Sequence[DueAward], grant: Grant) -> tuple[AwardInfo, ...]:
    """Write the awards and tell the rooms above; raises IntegrityError when one of them exists already.

    Call it inside the transaction in which all of them, their credentials and their deliveries are to stand.
    """
    Award.objects.bulk_create(
        Award(
            id=award.id,
            learner_id=award.learner_id,
            version_id=award.badge.version_id,
            awarded_at=grant.now,
            because=award.because,
            idempotency_key=award.idempotency_key,
            batch_id=grant.batch_id,
        )
        for award in found
    )
    awards = tuple(
        AwardInfo(str(award.id), award.learner_id, award.badge, grant.now, award.because, None, "")
        for award in found
    )
    awards_granted.send(sender=Award, awards=awards, now=grant.now, hold_until=grant.hold_until)
    return awards


def idempotency_key(learner_id: int, badge: badges.PublishedBadge) -> str:
    """The ledger's unique key: one award per learner and version."""
    return hashlib.sha256(f"{learner_id}\n{badge.key}\n{badge.number}".encode()).hexdigest()


def explain(badge: badges.PublishedBadge, verdict: rules.Evaluation) -> dict[str, Any]:
    """The "because" of an award: the rule as it was, the met leaves, and the records behind each."""
    return {
        "requirement": rules.to_json(badge.requirement),
        "version": badge.number,
        "met": [_met_leaf(met) for met in verdict.met],
    }


def _met_leaf(met: rules.MetLeaf) -> dict[str, Any]:
    leaf = rules.to_json(met.leaf)
    if isinstance(met.leaf, rules.BadgeLeaf):
        return {**leaf, "award": met.facts[-1]}
    records = "attainments" if isinstance(met.leaf, rules.OutcomeLeaf) else "facts"
    return {**leaf, records: list(met.facts)}


def _built_on(
    found: Iterable[DueAward], current: badges.CurrentBadges
) -> dict[int, set[rules.Mention]]:
    """New badges, by learner, that some other badge mentions and that must be looked at again."""
    new: dict[int, set[str]] = {}
    for award in found:
        new.setdefault(award.learner_id, set()).add(award.badge.key)
    follow: dict[int, set[rules.Mention]] = {}
    for learner_id, keys in new.items():
        for key in keys:
            if any(badge.key not in keys for badge in current.mentioning([("badge", key)])):
                follow.setdefault(learner_id, set()).add(("badge", key))
    return follow


def _granted_meanwhile(found: Iterable[DueAward]) -> bool:
    return Award.objects.filter(idempotency_key__in=[award.idempotency_key for award in found]).exists()
