"""Everything about learners that requirements may ask, in one question to the database.

One event must cost one read when nothing comes of it, whatever the number of badges. So the four sources
(the stamp of definitions, attainments, awards, reported facts) are one statement, and what may be earned is
kept in the process (:mod:`microcred_app.applets.badges.current`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast

from microcred_app import rules

from ..attainments.models import Attainment, ReportedFact
from ..badges import api as badges
from ..one_statement import OneStatement
from ..skills.models import DefinitionStamp
from .data import HandedIn
from .models import Award

__all__ = ["Held", "Standing", "Standings", "known_facts", "read_standings"]


@dataclass(frozen=True)
class Held:
    """An award that stands, until its expiry if it has one, and the number of its version."""

    award_id: str
    at: datetime
    until: datetime | None = None
    number: int = 0


@dataclass(frozen=True)
class Standing:
    """One learner as of one moment.

    ``held`` maps badges to the newest award of each that stands, expired or not. ``reversed`` are the badges that a
    person took back from this learner, which a machine does not grant again, in whatever version. ``undone`` are
    the versions (badge, number) that were taken back with a whole back-fill; a better version may be granted.
    """

    learner_id: int
    known: tuple[rules.Fact, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)
    reversed: frozenset[str] = frozenset()
    undone: frozenset[tuple[str, int]] = frozenset()
    proofs: Mapping[str, HandedIn] = field(default_factory=dict)

    def may_be_granted(self, badge_key: str, number: int) -> bool:
        """Whether nobody took this back."""
        return badge_key not in self.reversed and (badge_key, number) not in self.undone

    def also(self, fact: rules.BadgeFact) -> Standing:
        """The standing as it would be with one badge more."""
        return replace(
            self,
            known=(*self.known, fact),
            held={**self.held, fact.key: Held(fact.id, fact.at, number=fact.version or 0)},
        )


@dataclass(frozen=True)
class Standings:
    """Learners, and the stamp of the definitions that held at the same moment."""

    stamp: str
    of: Mapping[int, Standing]


def read_standings(learner_ids: Collection[int]) -> Standings:
    """Where these learners stand: one statement."""
    facts: dict[int, list[rules.Fact]] = {pk: [] for pk in learner_ids}
    held: dict[int, dict[str, Held]] = {pk: {} for pk in learner_ids}
    reversed_: dict[int, set[str]] = {pk: set() for pk in learner_ids}
    undone: dict[int, set[tuple[str, int]]] = {pk: set() for pk in learner_ids}
    proofs: dict[int, dict[str, HandedIn]] = {pk: {} for pk in learner_ids}
    stamp = ""
    for kind, learner, key, pk, number, at, until, text, reversal, evidence, results in _question(
        learner_ids
    ):
        if kind == "stamp":
            stamp = text
        elif reversal == _WHOLE_BATCH:
            undone[learner].add((key, int(number)))
        elif reversal == _BY_A_PERSON:
            reversed_[learner].add(key)
        else:
            if kind == "award":
                earlier = held[learner].get(key)
                if earlier is None or (earlier.at, earlier.number) < (at, int(number)):
                    held[learner][key] = Held(str(pk), at, until, int(number))
            elif kind == "outcome":
                proofs[learner][str(pk)] = HandedIn(
                    str(pk), text, tuple(json.loads(evidence or "[]")), tuple(json.loads(results or "[]"))
                )
            facts[learner].append(_fact(kind, key, str(pk), number, at, until, text))
    return Standings(
        stamp,
        {
            pk: Standing(
                learner_id=pk,
                known=tuple(facts[pk]),
                held=held[pk],
                reversed=frozenset(reversed_[pk] - held[pk].keys()),
                undone=frozenset(undone[pk]),
                proofs=proofs[pk],
            )
            for pk in facts
        },
    )


_BY_A_PERSON, _WHOLE_BATCH = 1, 2


def known_facts(learner_id: int) -> rules.Facts:
    """Everything known of one learner, read by the current relations."""
    standings = read_standings([learner_id])
    return rules.Facts(standings.of[learner_id].known, badges.current_definitions(standings.stamp).relations)


def _question(learner_ids: Collection[int]) -> Iterable[tuple[Any, ...]]:
    """Rows of (kind, learner, key, id, number, at, until, text, reversal, evidence, results) from all four sources."""
    if len(learner_ids) == 1:
        return _of_one.rows(*learner_ids)
    return _built(learner_ids)


def _built(learner_ids: Collection[int]) -> QuerySet[Any]:
    wanted = Q(learner_id__in=learner_ids)
    attainments = Attainment.objects.filter(wanted, corrections__isnull=True, counts=True)
    reported = ReportedFact.objects.filter(wanted, counts=True, correction__isnull=True)
    parts = (
        _columns(
            attainments,
            "outcome",
            key=F("outcome__key"),
            number=F("score"),
            at=F("attained_at"),
            text=F("source_title"),
            evidence=Cast("evidence", TextField()),
            results=Cast("results", TextField()),
        ),
        _columns(
            Award.objects.filter(wanted),
            "award",
            key=F("version__badge__key"),
            number=F("version__number"),
            at=F("awarded_at"),
            until=F("expires_at"),
            reversal=Case(
                When(reversal__whole_batch=True, then=Value(_WHOLE_BATCH)),
                When(reversal__whole_batch=False, then=Value(_BY_A_PERSON)),
                default=_NOBODY,
            ),
        ),
        _columns(
            reported,
            F("kind"),
            key=F("key"),
            number=F("number"),
            at=F("at"),
            until=F("until"),
            text=F("role"),
        ),
        _columns(
            DefinitionStamp.objects.filter(pk=1),
            "stamp",
            learner=Value(0),
            key=Value(""),
            pk=_NO_ID,
            number=Value(0.0),
            at=_NO_TIME,
            text=F("value"),
        ),
    )
    return parts[0].union(*parts[1:], all=True)


_NO_TIME = Value(None, output_field=DateTimeField(null=True))
_NO_ID = Value(None, output_field=UUIDField(null=True))
_NO_TEXT = Value("", output_field=CharField())
_NOBODY = Value(None, output_field=IntegerField(null=True))


def _columns(rows: QuerySet[Any], kind: Any, **columns: Any) -> QuerySet[Any]:
    named = {
        "learner": F("learner_id"),
        "pk": F("pk"),
        "until": _NO_TIME,
        "text": _NO_TEXT,
        "reversal": _NOBODY,
        "evidence": _NO_TEXT,
        "results": _NO_TEXT,
        **columns,
    }
    kind = Value(kind, output_field=CharField()) if isinstance(kind, str) else kind
    order = ("learner", "key", "pk", "number", "at", "until", "text", "reversal", "evidence", "results")
    named_apart = {f"{name}_": named[name] for name in order}
    return (
        rows.order_by()
        .values_list(*())
        .annotate(kind_=kind, **named_apart)
        .values_list("kind_", *(f"{name}_" for name in order))
    )


def _fact(
    kind: str, key: str, pk: str, number: float | None, at: datetime, until: datetime | None, text: str
) -> rules.Fact:
    match kind:
        case "outcome":
            return rules.OutcomeFact(pk, key, at, score=number)
        case "award":
            return rules.BadgeFact(pk, key, at, until=until, version=int(number or 0))
        case "grade":
            return rules.GradeFact(pk, key, at, until=until, score=number or 0.0)
        case "block":
            return rules.BlockFact(pk, key, at, until=until)
        case "credits":
            return rules.CreditFact(pk, key, at, until=until, amount=Decimal(str(number or 0)))
        case "signoff":
            return rules.SignOffFact(pk, key, at, until=until, role=text)
        case _:
            return rules.ExternalFact(pk, key, at, until=until)


_of_one = OneStatement(
    _built,
    (None, None, None, UUIDField(), None, DateTimeField(), DateTimeField(), None, None, None, None),
)
