"""Facts that are reported to us: grades, completed blocks, credits, sign-offs, badges of other issuers.

Rules:

* The same report twice is one fact (the idempotency key is derived from the source and what it says).
* A fact is never changed. A better grade, or a sign-off taken back, is a new row that names the old one.
* With each new row its evaluation is owed, in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

from .due import mark_due
from .models import ReportedFact

__all__ = [
    "FACT_KINDS",
    "FactInfo",
    "FactNotFound",
    "FactRefused",
    "RevokedFact",
    "check_fact",
    "facts_by_id",
    "get_fact",
    "list_facts",
    "list_revoked",
    "report_fact",
    "take_back",
]

FACT_KINDS = frozenset({"grade", "block", "credits", "signoff", "standing", "external"})
MAX_KEY = 255
MAX_NUMBER = 100_000
MAX_TRIES = 5
MAX_REASON = 2_000


class FactRefused(MicrocredError):
    """The report says something that cannot be."""

    code = "fact_refused"


class FactNotFound(MicrocredError):
    """No reported fact has this id, or it was taken back already."""

    code = "fact_not_found"
    http_status = 404


@dataclass(frozen=True)
class FactInfo:
    """One reported fact; ``number`` is a grade (0 to 1) or an amount of credits."""

    id: str
    learner_id: int
    kind: str
    key: str
    number: float | None
    role: str
    at: datetime
    until: datetime | None
    source: str


def facts_by_id(ids: Iterable[str]) -> dict[str, FactInfo]:
    """These facts by id, corrected ones included: an award names what counted when it was made."""
    wanted = {pk for pk in ids if _is_id(pk)}
    if not wanted:
        return {}
    return {str(row.pk): _info(row) for row in ReportedFact.objects.filter(pk__in=wanted)}


def report_fact(
    learner_id: int,
    kind: str,
    key: str,
    *,
    at: datetime,
    now: datetime,
    number: float | None = None,
    role: str = "",
    until: datetime | None = None,
    source: str = "",
    reason: str = "",
    actor_id: int | None = None,
) -> FactInfo:
    """Write a fact once; raises :class:`FactRefused`. A newer grade of one course replaces the older one.

    *reason* is what whoever reports it says about it; it makes no other fact of it.
    """
    check_fact(kind, key, number, role, at, until)
    row = ReportedFact(
        learner_id=learner_id,
        kind=kind,
        key=key,
        number=number,
        role=role,
        at=at,
        until=until,
        source=source[:255],
        reason=reason,
        recorded_at=now,
        recorded_by_id=actor_id,
        idempotency_key=_key(learner_id, kind, key, number, role, at, until, source),
    )
    for _try in range(MAX_TRIES):
        if kind == "grade":
            row.corrects = _standing_grade(learner_id, key, source[:255])
            if row.corrects is not None and row.corrects.at > at:
                return _info(row.corrects)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                mark_due(learner_id, kind, key, now=now)
        except IntegrityError:
            found = ReportedFact.objects.filter(idempotency_key=row.idempotency_key).first()
            if found is not None:
                return _info(found)
            if kind != "grade":
                raise  # nothing else has a row that two reports could both name as the older one
        else:
            return _info(row)
    raise FactRefused(_("This grade was reported many times at once. Report it again."))


def fact_key(learner_id: int, fact: ReportedFact) -> str:
    """The key under which *fact* would be stored if it were this learner's."""
    return _key(learner_id, fact.kind, fact.key, fact.number, fact.role, fact.at, fact.until, fact.source)


def _key(
    learner_id: int,
    kind: str,
    key: str,
    number: float | None,
    role: str,
    at: datetime,
    until: datetime | None,
    source: str,
) -> str:
    identity = (learner_id, kind, key, number, role, at.isoformat(), until and until.isoformat(), source)
    return hashlib.sha256(repr(identity).encode()).hexdigest()


def take_back(fact_id: str, *, actor_id: int | None, reason: str, now: datetime) -> None:
    """Say that a fact does not count any more. Awards that were made because of it stand until reversed."""
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > MAX_REASON:
        raise FactRefused(_("Give a reason of at most {limit} characters.").format(limit=MAX_REASON))
    old = _get(fact_id)
    try:
        with transaction.atomic():
            ReportedFact.objects.create(
                learner_id=old.learner_id,
                kind=old.kind,
                key=old.key,
                counts=False,
                at=old.at,
                source=old.source,
                reason=reason,
                recorded_at=now,
                recorded_by_id=actor_id,
                idempotency_key=hashlib.sha256(f"taken back\n{old.pk}".encode()).hexdigest(),
                corrects=old,
            )
    except IntegrityError as error:
        raise FactNotFound(_("This was taken back before.")) from error


def get_fact(fact_id: str) -> FactInfo:
    """One fact that counts; raises :class:`FactNotFound`."""
    return _info(_get(fact_id))


def list_facts(learner_id: int, *, kind: str = "") -> tuple[FactInfo, ...]:
    """What was reported about a learner and counts, newest first."""
    rows = ReportedFact.objects.filter(learner_id=learner_id, counts=True, correction__isnull=True)
    if kind:
        rows = rows.filter(kind=kind)
    return tuple(map(_info, rows.order_by("-at", "pk")))


@dataclass(frozen=True)
class RevokedFact:
    """A fact that does not count any more because its source took it back, and when that was noticed."""

    fact_id: str
    noticed_at: datetime


def list_revoked(learner_id: int, *, kind: str, limit: int = 50) -> tuple[RevokedFact, ...]:
    """Facts about the learner that nobody here took back: the machine did, because their source had. Newest first."""
    rows = ReportedFact.objects.filter(
        learner_id=learner_id, kind=kind, counts=False, recorded_by__isnull=True, corrects__isnull=False
    )
    found = rows.order_by("-recorded_at", "pk").values_list("corrects_id", "recorded_at")[:limit]
    return tuple(RevokedFact(str(pk), at) for pk, at in found)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _get(fact_id: str) -> ReportedFact:
    try:
        row: ReportedFact = ReportedFact.objects.get(pk=fact_id, counts=True, correction__isnull=True)
    except (ReportedFact.DoesNotExist, ValueError, ValidationError) as error:
        raise FactNotFound(_("There is no such record.")) from error
    return row


def _standing_grade(learner_id: int, key: str, source: str) -> ReportedFact | None:
    rows = ReportedFact.objects.filter(learner_id=learner_id, kind="grade", key=key, source=source)
    found: ReportedFact | None = rows.filter(counts=True, correction__isnull=True).first()
    return found


def check_fact(
    kind: str, key: str, number: float | None, role: str, at: datetime, until: datetime | None
) -> None:
    """Raise :class:`FactRefused` for a report that cannot be."""
    if kind not in FACT_KINDS:
        raise FactRefused(
            _("“{kind}” cannot be reported; use one of {kinds}.").format(
                kind=kind, kinds=", ".join(sorted(FACT_KINDS))
            )
        )
    if not key.strip() or len(key) > MAX_KEY or "\x00" in key:
        raise FactRefused(_("Name the thing with 1 to {limit} characters.").format(limit=MAX_KEY))
    if at.tzinfo is None or (until is not None and until.tzinfo is None):
        raise FactRefused(_("Times need an offset from UTC."))
    if kind == "grade" and (number is None or not 0 <= number <= 1):
        raise FactRefused(_("A grade is a number from 0 to 1."))
    if kind == "credits" and (number is None or not 0 < number <= MAX_NUMBER):
        raise FactRefused(_("Credits are a number above 0 and at most {limit}.").format(limit=MAX_NUMBER))
    if kind == "standing" and (not role.strip() or len(role) > 50):
        raise FactRefused(_("Say how the learner stands in the course (at most 50 characters)."))
    if kind == "signoff" and (not role.strip() or len(role) > 50):
        raise FactRefused(_("Say in which role it was signed off (at most 50 characters)."))


def _info(row: ReportedFact) -> FactInfo:
    return FactInfo(
        str(row.pk), row.learner_id, row.kind, row.key, row.number, row.role, row.at, row.until, row.source
    )
