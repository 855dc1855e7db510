"""Read the ledger, and reverse an award."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.errors import MicrocredError

from ..attainments import api as attainments
from ..attainments.api import FactInfo
from ..audit import api as audit
from ..badges import api as badges
from ..offices import api as offices
from .batched import count_in_batches, reverse_many, standing_in_batch
from .caps import CapReached, room_under_cap, within_caps
from .data import AwardInfo
from .evaluation import (
    DueAward,
    Findings,
    built_on,
    due_awards,
    find_due,
    granted_meanwhile,
    held_badges,
    write_awards,
)
from .holders import count_holders
from .listing import (
    AwardFilter,
    award_infos,
    count_awards,
    find_awards,
    is_visible,
    iterate_awards,
    matching_people,
)
from .models import Award, Reversal
from .signals import award_reversed
from .standing import Standing, Standings, known_facts, read_standings
from .succession import due_upgrades, holders_between, holders_of_older, lapsed_awards, replaced_awards

__all__ = [
    "AlreadyReversed",
    "AwardFilter",
    "AwardInfo",
    "AwardNotFound",
    "Because",
    "CapReached",
    "DueAward",
    "Findings",
    "MetLeaf",
    "MetTitles",
    "ReasonMissing",
    "Standing",
    "Standings",
    "awards_built_on",
    "awards_of",
    "built_on",
    "count_awards",
    "count_holders",
    "count_in_batches",
    "due_awards",
    "due_upgrades",
    "explain_award",
    "find_awards",
    "find_due",
    "get_award",
    "granted_meanwhile",
    "held_badges",
    "holders_between",
    "holders_of_older",
    "is_visible",
    "iterate_awards",
    "known_facts",
    "lapsed_awards",
    "list_awards",
    "matching_people",
    "met_titles",
    "other_versions",
    "read_standings",
    "replaced_awards",
    "reverse_award",
    "reverse_many",
    "room_under_cap",
    "standing_in_batch",
    "within_caps",
    "write_awards",
]

MAX_REASON = 2_000


class AwardError(MicrocredError):
    """Base of what this applet refuses."""


class AwardNotFound(AwardError):
    """No award has this id."""

    code = "award_not_found"
    http_status = 404


class AlreadyReversed(AwardError):
    """The award was reversed before."""

    code = "already_reversed"
    http_status = 409


class ReasonMissing(AwardError):
    """A reversal needs a reason."""

    code = "reason_missing"


@dataclass(frozen=True)
class MetLeaf:
    """One met leaf of an award with the records behind it."""

    kind: str
    key: str
    title: str
    attainments: tuple[attainments.AttainmentFact, ...]
    award_id: str
    reported: tuple[FactInfo, ...] = ()


@dataclass(frozen=True)
class MetTitles:
    """What was met for an award, in words."""

    outcomes: tuple[str, ...]
    badges: tuple[str, ...]


@dataclass(frozen=True)
class Because:
    """Why an award was made, in words and records."""

    sentence: str
    version: int
    leaves: tuple[MetLeaf, ...]
    names: rules.Names


def get_award(award_id: str, *, issuer_slugs: Iterable[str] | None = None) -> AwardInfo:
    """One award, of these organisations if some are named; raises :class:`AwardNotFound`."""
    try:
        row = _rows().filter(_of_issuers(issuer_slugs)).get(pk=award_id)
    except (Award.DoesNotExist, ValidationError, ValueError) as error:
        raise AwardNotFound(_("There is no such award.")) from error
    return award_infos([row])[0]


def list_awards(
    *,
    learner_id: int | None = None,
    badge_key: str = "",
    learner_ids: Iterable[int] | None = None,
    issuer_slugs: Iterable[str] | None = None,
    limit: int = 200,
) -> tuple[AwardInfo, ...]:
    """Awards, newest first; of these organisations only if some are named."""
    condition = _of_issuers(issuer_slugs)
    if learner_id is not None:
        condition &= Q(learner_id=learner_id)
    if learner_ids is not None:
        condition &= Q(learner_id__in=list(learner_ids))
    if badge_key:
        condition &= Q(version__badge__key=badge_key)
    return tuple(award_infos(list(_rows().filter(condition).order_by("-awarded_at", "-pk")[:limit])))


def awards_of(learner_id: int) -> tuple[AwardInfo, ...]:
    """Everything the learner was ever awarded, oldest first; of one moment, parts before their stacks."""
    rows = _rows().filter(learner_id=learner_id)
    return tuple(award_infos(list(rows.order_by("awarded_at", "-version__badge__kind", "pk"))))


def met_titles(found: Iterable[AwardInfo]) -> dict[str, MetTitles]:
    """Titles of what was met for each award, by its id: two queries for any number of awards."""
    found = tuple(found)
    names = badges.names_for([award.badge.requirement for award in found])
    titles = {}
    for award in found:
        met = award.because.get("met", [])
        titles[award.id] = MetTitles(
            outcomes=tuple(_title(names.outcomes, leaf["outcome"]) for leaf in met if "outcome" in leaf),
            badges=tuple(_title(names.badges, leaf["badge"]) for leaf in met if "badge" in leaf),
        )
    return titles


def explain_award(award: AwardInfo) -> Because:
    """The whole answer to "why does this person hold this badge?"."""
    met = award.because.get("met", [])
    ids = [pk for leaf in met for pk in leaf.get("attainments", [])]
    facts = {fact.id: fact for fact in award.facts}
    if not facts.keys() >= set(ids):
        facts = {fact.id: fact for fact in attainments.get_attainments(ids)}
    names = _names(award.badge.requirement, facts.values())
    reported = attainments.facts_by_id(pk for leaf in met for pk in leaf.get("facts", []))
    leaves = [_met_leaf(leaf, facts, names, reported) for leaf in met]
    sentence = badges.criteria_text(award.badge.requirement, names)
    return Because(sentence, award.badge.number, tuple(leaves), names)


def _met_leaf(
    leaf: Mapping[str, Any],
    facts: Mapping[str, attainments.AttainmentFact],
    names: rules.Names,
    reported: Mapping[str, attainments.FactInfo],
) -> MetLeaf:
    """One entry of a stored "because" with its title; leaves of other kinds are said in words."""
    if "leaf" in leaf:
        node = rules.parse_requirement(leaf["leaf"])
        key = next(iter(rules.mentions(node)), ("", ""))[1]
        behind = tuple(reported[pk] for pk in leaf.get("facts", []) if pk in reported)
        said = rules.say(node, names, badges.phrases())
        return MetLeaf(next(iter(leaf["leaf"])), key, said, (), "", behind)
    kind = "badge" if "badge" in leaf else "outcome"
    return MetLeaf(
        kind=kind,
        key=leaf[kind],
        title=_title(names.table(kind), leaf[kind]),
        attainments=tuple(facts[pk] for pk in leaf.get("attainments", []) if pk in facts),
        award_id=leaf.get("award", ""),
    )


def _names(requirement: rules.Node, facts: Iterable[attainments.AttainmentFact]) -> rules.Names:
    """Titles of what the requirement mentions, asked of the database only where the facts do not tell them."""
    statements = {fact.outcome_key: fact.outcome_statement for fact in facts}
    if rules.mentions(requirement) <= {("outcome", key) for key in statements}:
        return rules.Names(outcomes=statements)
    return badges.names_for([requirement])


def reverse_award(award_id: str, *, actor_id: int, reason: str, now: datetime) -> AwardInfo:
    """Write a reversal with its reason and its trace; what was signed is revoked in the same transaction.

    Where the learner received a newer version of the badge for an older one, both rest on the same, and both go.

    Raises :class:`~microcred_app.applets.offices.api.NotAllowed` unless the actor may revoke for the badge's
    organisation.
    """
    award = get_award(award_id)
    offices.require(actor_id, offices.Action.REVOKE_AWARDS, award.badge.issuer.slug)
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise ReasonMissing(_("Give a reason. It is kept in the audit log."))
    if len(reason) > MAX_REASON:
        raise ReasonMissing(_("Keep the reason below {limit} characters.").format(limit=MAX_REASON))
    with transaction.atomic():
        for one in (award, *other_versions(award)):
            _reverse(one, actor_id, reason, now)
    return get_award(award_id)


def _reverse(award: AwardInfo, actor_id: int, reason: str, now: datetime) -> None:
    try:
        with transaction.atomic():
            Reversal.objects.create(award_id=award.id, actor_id=actor_id, reason=reason, reversed_at=now)
    except IntegrityError as error:
        raise AlreadyReversed(_("This award was revoked before.")) from error
    audit.record(
        "award.reversed",
        object_type="award",
        object_id=award.id,
        actor_id=actor_id,
        now=now,
        reason=reason,
        details={"badge": award.badge.key, "learner": award.learner_id},
        issuer_slug=award.badge.issuer.slug,
    )
    award_reversed.send(sender=Award, award_id=award.id, learner_id=award.learner_id, reason=reason, now=now)


def other_versions(award: AwardInfo) -> tuple[AwardInfo, ...]:
    """Standing awards of the same badge that this one was given for, or that were given for it."""
    mine = list_awards(learner_id=award.learner_id, badge_key=award.badge.key)
    linked = {award.id}
    while True:
        before = len(linked)
        for one in mine:
            earlier = one.because.get("upgraded_from", {}).get("award")
            if earlier and (one.id in linked or earlier in linked):
                linked |= {one.id, earlier}
        if len(linked) == before:
            break
    return tuple(one for one in mine if one.id in linked - {award.id} and one.reversed_at is None)


def awards_built_on(award: AwardInfo) -> tuple[AwardInfo, ...]:
    """Standing awards of the same learner that name this award as one of their parts."""
    return tuple(
        other
        for other in list_awards(learner_id=award.learner_id)
        if other.reversed_at is None
        and any(leaf.get("award") == award.id for leaf in other.because.get("met", []))
    )


def _of_issuers(issuer_slugs: Iterable[str] | None) -> Q:
    return Q() if issuer_slugs is None else Q(version__badge__issuer__slug__in=list(issuer_slugs))


def _title(table: Mapping[str, str], key: str) -> str:
    return table.get(key, key)


def _rows() -> QuerySet[Award]:
    return Award.objects.select_related("reversal")
