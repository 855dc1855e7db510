"""Everything about learners that requirements may ask, in one question to the database.

One event must cost one read when nothing comes of it, whatever the number of badges. So the four sources
(the stamp of definitions, attainments, awards, reported facts) are one statement, and what may be earned is
kept in the process (:mod:`microcred_app.applets.badges.current`).

Rows that were corrected are read with the others and left out here: so it is known how many rows there are, and
whether others have written since is a matter of counting (:func:`nothing_since`), not of reading everything again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    F,
    Field,
    FloatField,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast

from microcred_app import rules
from microcred_app.one_statement import Condition, OneStatement

from ..accounts.models import RetiredAccount
from ..attainments.models import Attainment, ReportedFact
from ..badges import api as badges
from ..skills.models import DefinitionStamp
from .batched import WRONG_LIST
from .data import HandedIn
from .models import Award
from .suspension import is_suspended

__all__ = ["Held", "RowsSeen", "Standing", "Standings", "known_facts", "nothing_since", "read_standings"]


@dataclass(frozen=True)
class Held:
    """An award that stands, until its expiry if it has one, and the number of its version."""

    award_id: str
    at: datetime
    until: datetime | None = None
    number: int = 0


class RowsSeen(NamedTuple):
    """How many rows were read of the tables that only ever grow, corrected and reversed ones included."""

    attainments: int = 0
    awards: int = 0
    reported: int = 0


@dataclass(frozen=True)
class Standing:
    """One learner as of one moment.

    ``held`` maps badges to the newest award of each that stands, expired or not. ``reversed`` are the badges that a
    person took back from this learner, which a machine does not grant again, in whatever version. ``undone`` are
    the versions (badge, number) that were taken back with a whole back-fill; a better version may be granted. What is
    ``suspended`` is held, counts in no rule, and is not granted again.
    ``called_off`` are versions whose awards were taken back with a list of sign-offs, with when the newest was made and
    how many there are: they may be granted again, and the ledger counts after how many.
    Nothing is granted to an account that was *retired*: an event may arrive after its person has gone.
    """

    learner_id: int
    known: tuple[rules.Fact, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)
    reversed: frozenset[str] = frozenset()
    undone: frozenset[tuple[str, int]] = frozenset()
    suspended: frozenset[str] = frozenset()
    proofs: Mapping[str, HandedIn] = field(default_factory=dict)
    retired: bool = False
    called_off: Mapping[tuple[str, int], tuple[datetime, int]] = field(default_factory=dict)
    rows: RowsSeen = field(default_factory=RowsSeen)

    def may_be_granted(self, badge_key: str, number: int) -> bool:
        """Whether nobody took this back, for good or for a while."""
        taken = badge_key in self.reversed or badge_key in self.suspended
        return not taken and (badge_key, number) not in self.undone

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
    of = {pk: _Reading() for pk in learner_ids}
    stamp = ""
    for row in _question(learner_ids):
        if row[0] == "stamp":
            stamp = row[7]
        else:
            of[row[1]].take(*row)
    return Standings(stamp, {pk: reading.standing(pk) for pk, reading in of.items()})


def nothing_since(learner_id: int, standings: Standings, *, awards: int) -> Condition | None:
    """That, but for so many *awards* of our own, nothing came in for this learner since *standings* were read.

    Then whoever looks again finds what was found before. Ask it outside any transaction. None where it cannot be told:
    a suspension that is lifted leaves no row in the tables that are counted.
    """
    standing = standings.of[learner_id]
    if standing.suspended:
        return None
    expected = standing.rows._replace(awards=standing.rows.awards + awards)
    return _rows_now.gives(learner_id, (standings.stamp, *expected))


@dataclass
class _Reading:
    """Takes the rows about one learner, in any order, and makes them a standing."""

    facts: list[tuple[Any, rules.Fact]] = field(default_factory=list)
    corrected: set[Any] = field(default_factory=set)
    held: dict[str, Held] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)
    undone: set[tuple[str, int]] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)
    proofs: dict[Any, HandedIn] = field(default_factory=dict)
    called_off: dict[tuple[str, int], tuple[datetime, int]] = field(default_factory=dict)
    retired: bool = False
    attainments: int = 0
    awards: int = 0
    reported: int = 0

    def take(
        self,
        kind: str,
        _learner: int,
        key: str,
        pk: Any,
        number: float | None,
        at: datetime,
        until: datetime | None,
        text: str | None,
        corrects: Any,
        flag: int | None,
        suspended: int | None,
        evidence: str | None,
        results: str | None,
    ) -> None:
        """One row; *flag* says whether a fact counts, and of an award whether it was reversed, and how."""
        if kind == "award":
            self.awards += 1
            if flag is None:
                self._held(key, str(pk), int(number or 0), at, until, suspended)
            else:
                self._reversed(key, int(number or 0), at, flag, text)
            return
        if kind == "retired":
            self.retired = True
            return
        if kind == "outcome":
            self.attainments += 1
        else:
            self.reported += 1
        if corrects is not None:
            self.corrected.add(corrects)
        if not flag:
            return  # takes another back, and puts nothing in its place
        if kind == "outcome":
            self.proofs[pk] = HandedIn(
                str(pk), text or "", tuple(json.loads(evidence or "[]")), tuple(json.loads(results or "[]"))
            )
        self.facts.append((pk, _fact(kind, key, str(pk), number, at, until, text or "")))

    def _held(
        self, key: str, pk: str, number: int, at: datetime, until: datetime | None, suspended: int | None
    ) -> None:
        earlier = self.held.get(key)
        if earlier is None or (earlier.at, earlier.number) < (at, number):
            self.held[key] = Held(pk, at, until, number)
        if suspended:
            self.suspended.add(key)
        self.facts.append((None, rules.BadgeFact(pk, key, at, until=until, version=number)))

    def _reversed(self, key: str, number: int, at: datetime, whole_batch: int, cause: str | None) -> None:
        if cause == WRONG_LIST:
            newest, count = self.called_off.get((key, number), (at, 0))
            self.called_off[key, number] = (max(newest, at), count + 1)
        elif whole_batch:
            self.undone.add((key, number))
        else:
            self.reversed.add(key)

    def standing(self, learner_id: int) -> Standing:
        """What these rows say together."""
        facts = (fact for pk, fact in self.facts if pk not in self.corrected)
        return Standing(
            learner_id=learner_id,
            known=tuple(_counting(facts, self.suspended)),
            held=self.held,
            reversed=frozenset(self.reversed - self.held.keys()),
            undone=frozenset(self.undone),
            suspended=frozenset(self.suspended),
            proofs={str(pk): proof for pk, proof in self.proofs.items() if pk not in self.corrected},
            retired=self.retired,
            called_off=self.called_off,
            rows=RowsSeen(self.attainments, self.awards, self.reported),
        )


def _counting(facts: Iterable[rules.Fact], suspended: Collection[str]) -> Iterable[rules.Fact]:
    """Without every award of a suspended badge: an earlier one, renewed since, must not stand in for it."""
    if not suspended:
        return facts
    return [fact for fact in facts if not (isinstance(fact, rules.BadgeFact) and fact.key in suspended)]


def known_facts(learner_id: int) -> rules.Facts:
    """Everything known of one learner, read by the current relations."""
    standings = read_standings([learner_id])
    return rules.Facts(standings.of[learner_id].known, badges.current_definitions(standings.stamp).relations)


def _question(learner_ids: Collection[int]) -> Iterable[tuple[Any, ...]]:
    """Rows with the columns of :data:`_COLUMNS` from all sources."""
    if len(learner_ids) == 1:
        return _of_one.rows(*learner_ids)
    return _built(learner_ids)


def _built(learner_ids: Collection[int]) -> QuerySet[Any]:
    wanted = Q(learner_id__in=learner_ids)
    parts = (
        _columns(
            Attainment.objects.filter(wanted),
            "outcome",
            key=F("outcome__key"),
            number=F("score"),
            at=F("attained_at"),
            text=F("source_title"),
            corrects=F("corrects_id"),
            flag=F("counts"),
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
            text=F("reversal__cause"),
            flag=F("reversal__whole_batch"),
            suspended=is_suspended(),
        ),
        _columns(
            ReportedFact.objects.filter(wanted),
            F("kind"),
            key=F("key"),
            number=F("number"),
            at=F("at"),
            until=F("until"),
            text=F("role"),
            corrects=F("corrects_id"),
            flag=F("counts"),
        ),
        _columns(
            RetiredAccount.objects.filter(account_id__in=learner_ids),
            "retired",
            learner=F("account_id"),
            pk=_NOTHING["corrects"],
        ),
        _columns(
            DefinitionStamp.objects.filter(pk=1),
            "stamp",
            learner=Value(0),
            pk=_NOTHING["corrects"],
            text=F("value"),
        ),
    )
    return parts[0].union(*parts[1:], all=True)


def _absent(field: Field[Any, Any]) -> Value:
    return Value(None, output_field=field)


#: What a source says in a column that it has nothing for. Without a value they cost the server the least.
_NOTHING = {
    "key": _absent(CharField(null=True)),
    "number": _absent(FloatField(null=True)),
    "at": _absent(DateTimeField(null=True)),
    "until": _absent(DateTimeField(null=True)),
    "text": _absent(CharField(null=True)),
    "corrects": _absent(UUIDField(null=True)),
    "flag": _absent(BooleanField(null=True)),
    "suspended": _absent(BooleanField(null=True)),
    "evidence": _absent(TextField(null=True)),
    "results": _absent(TextField(null=True)),
}
_COLUMNS = ("learner", "key", "pk", *[name for name in _NOTHING if name != "key"])


def _columns(rows: QuerySet[Any], kind: Any, **columns: Any) -> QuerySet[Any]:
    named = {"learner": F("learner_id"), "pk": F("pk"), **_NOTHING, **columns}
    kind = Value(kind, output_field=CharField()) if isinstance(kind, str) else kind
    named_apart = {f"{name}_": named[name] for name in _COLUMNS}
    return (
        rows.order_by()
        .values_list(*())
        .annotate(kind_=kind, **named_apart)
        .values_list("kind_", *(f"{name}_" for name in _COLUMNS))
    )


def _counts(learner_ids: Collection[int]) -> QuerySet[Any]:
    def rows_of(model: type[Model]) -> Subquery:
        rows = model._default_manager.filter(learner_id__in=learner_ids).order_by()
        count = Func(F("pk"), function="COUNT", output_field=IntegerField())
        return Subquery(rows.annotate(rows_=count).values("rows_"))

    return (
        DefinitionStamp.objects.filter(pk=1)
        .annotate(one=rows_of(Attainment), two=rows_of(Award), three=rows_of(ReportedFact))
        .values_list("value", "one", "two", "three")
    )


def _fact(
    kind: str, key: str, pk: str, number: float | None, at: datetime, until: datetime | None, text: str
) -> rules.Fact:
    match kind:
        case "outcome":
            return rules.OutcomeFact(pk, key, at, score=number)
        case "grade":
            return rules.GradeFact(pk, key, at, until=until, score=number or 0.0)
        case "block":
            return rules.BlockFact(pk, key, at, until=until)
        case "credits":
            return rules.CreditFact(pk, key, at, until=until, amount=Decimal(str(number or 0)))
        case "signoff":
            return rules.SignOffFact(pk, key, at, until=until, role=text)
        case "standing":
            return rules.StandingFact(pk, key, at, until=until, code=text)
        case _:
            return rules.ExternalFact(pk, key, at, until=until)


_UNLIKE_PYTHON: dict[str, Field[Any, Any]] = {
    "pk": UUIDField(),
    "at": DateTimeField(),
    "until": DateTimeField(),
    "corrects": UUIDField(),
}
_of_one = OneStatement(_built, (None, *[_UNLIKE_PYTHON.get(name) for name in _COLUMNS]))
_rows_now = OneStatement(_counts, (None, None, None, None))
