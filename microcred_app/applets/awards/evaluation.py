"""From what changed to awards: many learners at once, or one.

For each learner one question is asked: which current badges mention what just changed? Each is evaluated with
everything known of the learner; what is newly met is granted, and since a badge may be part of a stack, the
badges that mention the new one are asked in the same pass. The circle check at publication bounds this.

Nothing is locked. Two workers that evaluate one learner at the same moment are kept apart by the ledger's
unique key: the one that loses looks again at what the other wrote. And whoever grants a badge that others
build on looks once more *after* the commit: of two parts of a stack that were granted at the same moment, in
transactions that could not see each other, the later commit sees both and grants the stack.

A learner who holds a badge is not given it again, with two exceptions: a badge that expires is renewed, before or
after it did, as soon as everything its rule asks was shown anew since the last award. So is an older version whose
successor asks holders to show it again; anew means since that successor was published. A reversed award is not
granted again by evaluation: that is a person's decision. What was taken back with a whole back-fill is not granted
again in that version: the rule was wrong, and a better one may grant it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from microcred_app import rules
from microcred_app.one_statement import Condition

from ..badges import api as badges
from ..bulk_rows import insert_rows
from .caps import require_room
from .data import AwardInfo, HandedIn
from .models import Award
from .standing import Standing, Standings, nothing_since, read_standings

__all__ = [
    "DueAward",
    "Findings",
    "built_on",
    "due_awards",
    "find_due",
    "granted_meanwhile",
    "held_badges",
    "nothing_follows",
    "write_awards",
]


@dataclass(frozen=True)
class DueAward:
    """A badge that a learner has met and does not hold; ``because`` is what the ledger will say."""

    id: UUID
    learner_id: int
    badge: badges.PublishedBadge
    because: dict[str, Any]
    expires_at: datetime | None = None
    renews: str = ""
    proofs: tuple[HandedIn, ...] = ()
    after: str = ""

    @property
    def idempotency_key(self) -> str:
        """The ledger's unique key: one award per learner and version, one for each renewal, one after each undone."""
        parts = [str(self.learner_id), self.badge.key, str(self.badge.number)]
        earlier = self.after or self.renews
        return hashlib.sha256("\n".join([*parts, earlier] if earlier else parts).encode()).hexdigest()

    def as_granted(self, now: datetime) -> AwardInfo:
        """The award as the ledger will show it."""
        return AwardInfo(
            id=str(self.id),
            learner_id=self.learner_id,
            badge=self.badge,
            awarded_at=now,
            because=self.because,
            reversed_at=None,
            reversal_reason="",
            expires_at=self.expires_at,
            proofs=self.proofs,
        )


@dataclass(frozen=True)
class Findings:
    """Due awards, parts before their stacks, and what must be looked at again once they are committed."""

    awards: tuple[DueAward, ...]
    follow: Mapping[int, Collection[rules.Mention]]
    standings: Standings


def held_badges(learner_id: int) -> dict[str, str]:
    """Keys of the badges the learner holds now, with the id of the newest award of each."""
    rows = Award.objects.filter(learner_id=learner_id, reversal__isnull=True)
    rows = rows.order_by("awarded_at", "version__number")  # of several versions, the newest
    return {key: str(pk) for key, pk in rows.values_list("version__badge__key", "pk")}


def find_due(changed: Mapping[int, Collection[rules.Mention]], *, now: datetime) -> Findings:
    """What *changed*, by learner, makes due: one read, nothing written.

    Call it outside any transaction: what others committed must be seen.
    """
    standings = read_standings(changed)
    current = badges.current_definitions(standings.stamp)
    found = [
        award
        for learner_id, mentions in changed.items()
        for award in due_awards(standings.of[learner_id], current.mentioning(mentions), current, now=now)
    ]
    return Findings(tuple(found), built_on(found, current), standings)


def nothing_follows(found: Findings, written: Sequence[DueAward]) -> Condition | None:
    """That nothing can follow from these awards, now that they are committed: nobody wrote anything meanwhile.

    What follows from what was known is among the awards already. A condition for the statement that removes the
    markers, outside any transaction; None where only looking again can tell, as with several learners.
    """
    if len(found.standings.of) != 1 or len(written) != len(found.awards):
        return None
    (learner_id,) = found.standings.of
    return nothing_since(learner_id, found.standings, awards=len(written))


def due_awards(
    standing: Standing,
    candidates: Sequence[badges.PublishedBadge],
    current: badges.CurrentBadges,
    *,
    now: datetime,
) -> list[DueAward]:
    """Those of *candidates* that one learner has met and does not hold, and the stacks that follow, parts first."""
    if standing.retired:
        return []
    facts = rules.Facts(standing.known, current.relations)
    new: set[str] = set()
    found: list[DueAward] = []
    while candidates:
        following: set[rules.Mention] = set()
        for badge in candidates:
            if badge.key in new or not standing.may_be_granted(badge.key, badge.number):
                continue
            award = _due(badge, standing, facts, now)
            if award is None:
                continue
            found.append(award)
            new.add(badge.key)
            facts = facts.also([_fact_of(award, now)])
            following.add(("badge", badge.key))
        candidates = current.mentioning(following)
    return found


def _due(
    badge: badges.PublishedBadge, standing: Standing, facts: rules.Facts, now: datetime
) -> DueAward | None:
    if not badge.can_be_earned(now):
        return None
    held = standing.held.get(badge.key)
    if held is not None:
        again = held.number < badge.number and badge.holders_policy == "redemonstrate"
        if held.until is None and not again:
            return None
        since = max(held.at, badge.published_at) if again else held.at
        facts = rules.Facts((fact for fact in facts if fact.at > since), facts.relations)
    expires_at = badge.terms.expires_at(now)
    if expires_at is not None and expires_at <= now:
        return None  # what would be expired the moment it is given is not given
    if held and held.until and expires_at and expires_at <= held.until:
        return None  # a renewal that lasts no longer than what is held is none
    # Most of what an event mentions is not met by it: the reasons are looked for when there is something to explain.
    if not rules.is_met(badge.requirement, facts, now):
        return None
    verdict = rules.evaluate(badge.requirement, facts, now)
    undone_at, undone = standing.called_off.get((badge.key, badge.number), (None, 0))
    again = undone_at is not None and (held is None or held.at < undone_at)
    return DueAward(
        id=uuid4(),
        learner_id=standing.learner_id,
        badge=badge,
        because=_because(badge, verdict),
        expires_at=expires_at,
        renews=held.award_id if held else "",
        proofs=tuple(standing.proofs[pk] for met in verdict.met for pk in met.facts if pk in standing.proofs),
        after=undone_mark(undone) if again else "",
    )


def undone_mark(count: int) -> str:
    """What tells an award's key from those of *count* earlier ones that were taken back with lists of sign-offs."""
    return f"undone {count}"


def _fact_of(award: DueAward, now: datetime) -> rules.BadgeFact:
    return rules.BadgeFact(
        str(award.id), award.badge.key, now, until=award.expires_at, version=award.badge.number
    )


def write_awards(found: Sequence[DueAward], *, now: datetime, batch_id: UUID | None = None) -> None:
    """Write the awards; raises IntegrityError when one of them exists already (:func:`granted_meanwhile`).

    Call it inside the transaction in which all of them, their credentials and their deliveries are to stand.
    Raises :class:`~.caps.CapReached` when one badge of them may not be given so often.
    """
    require_room(found)
    insert_rows(
        Award,
        ("id", "learner", "version", "because", "expires_at", "idempotency_key"),
        [
            (
                award.id,
                award.learner_id,
                award.badge.version_id,
                award.because,
                award.expires_at,
                award.idempotency_key,
            )
            for award in found
        ],
        shared={"awarded_at": now, "batch_id": batch_id},
    )


def granted_meanwhile(found: Iterable[DueAward]) -> bool:
    """Whether somebody else wrote one of these awards first, so that looking again is the answer."""
    return Award.objects.filter(idempotency_key__in=[award.idempotency_key for award in found]).exists()


def built_on(found: Iterable[DueAward], current: badges.CurrentBadges) -> dict[int, set[rules.Mention]]:
    """New badges, by learner, that some badge not granted with them mentions: look again after the commit."""
    new: dict[int, set[str]] = {}
    for award in found:
        new.setdefault(award.learner_id, set()).add(award.badge.key)
    follow: dict[int, set[rules.Mention]] = {}
    for learner_id, keys in new.items():
        for key in keys:
            if any(badge.key not in keys for badge in current.mentioning([("badge", key)])):
                follow.setdefault(learner_id, set()).add(("badge", key))
    return follow


def _because(badge: badges.PublishedBadge, verdict: rules.Evaluation) -> dict[str, Any]:
    """The rule as it was, the met leaves, and the records behind each."""
    return {
        "requirement": _form(badge.requirement),
        "version": badge.number,
        "met": [_met_leaf(met) for met in verdict.met],
    }


#: Trees and how they are stored. The tree is kept with its form, so that its id is no other tree's.
_forms: dict[int, tuple[rules.Node, Any]] = {}
_FORMS_KEPT = 1_000


def _form(requirement: rules.Node) -> Any:
    """The requirement as it is stored: the same for every award of a version, and never changed by anybody."""
    known = _forms.get(id(requirement))
    if known is None:
        if len(_forms) >= _FORMS_KEPT:
            _forms.clear()
        known = _forms[id(requirement)] = (requirement, rules.to_json(requirement))
    return known[1]


def _met_leaf(met: rules.MetLeaf) -> dict[str, Any]:
    match met.leaf:
        case rules.BadgeLeaf(key):
            return {"badge": key, "award": met.facts[-1]}
        case rules.OutcomeLeaf(key):
            return {"outcome": key, "attainments": list(met.facts)}
        case leaf:
            return {"leaf": rules.to_json(leaf), "facts": list(met.facts)}
