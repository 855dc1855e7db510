"""An award that counts for nothing for a while: suspended, and reinstated when that is lifted.

Nothing in a signed document can say so, because its one status is revocation, which is final. So an award can be
suspended only where its documents end by themselves (``terms.document_days``): they are not renewed any more, this site
says *suspended* at once, and when the last copy has ended every verifier refuses it. Lifting signs a new document.

Versions of one badge of which one was given for the other rest on the same, and are suspended together; so are an
award and its renewal, because a copy of either would show the badge. What others were granted because of the award
stays; no new badge is granted on it. A suspended badge is held: it is not granted again, in whatever version.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

from ..audit import api as audit
from .batched import standing_versions
from .models import Award, Lifting, Suspension
from .signals import awards_reinstated, awards_suspended

__all__ = [
    "AlreadySuspended",
    "NotSuspendable",
    "NotSuspended",
    "Suspendable",
    "SuspensionInfo",
    "SuspensionRefused",
    "SuspensionWords",
    "is_suspended",
    "lasting_sentence",
    "lift_many",
    "open_suspensions",
    "suspend_many",
    "suspendable",
    "suspended_badges",
    "was_suspended",
    "with_suspension",
]


class NotSuspendable(MicrocredError):
    """A copy of this award would go on verifying for as long as the award lasts."""

    code = "not_suspendable"
    http_status = 409


class AlreadySuspended(MicrocredError):
    """The award is suspended."""

    code = "already_suspended"
    http_status = 409


class NotSuspended(MicrocredError):
    """The award is not suspended."""

    code = "not_suspended"
    http_status = 409


class SuspensionRefused(MicrocredError):
    """What was said about the suspension does not do."""

    code = "suspension_refused"


MAX_WORDS = 2_000


@dataclass(frozen=True)
class SuspensionWords:
    """What a person says about a suspension: why, what the holder reads, and when somebody means to look again."""

    reason: str
    told: str = ""
    planned_end: date | None = None

    def tidied(self, *, today: date) -> SuspensionWords:
        """The same without what no database keeps; raises :class:`SuspensionRefused` for what does not do."""
        reason, told = (text.replace("\x00", "").strip() for text in (self.reason, self.told))
        if not reason:
            raise SuspensionRefused(_("Give a reason. It is kept in the audit log."))
        if max(len(reason), len(told)) > MAX_WORDS:
            raise SuspensionRefused(_("Keep each text below {limit} characters.").format(limit=MAX_WORDS))
        if self.planned_end is not None and self.planned_end <= today:
            raise SuspensionRefused(_("The planned end is a day after today, or empty."))
        return SuspensionWords(reason, told, self.planned_end)


@dataclass(frozen=True)
class SuspensionInfo:
    """An open suspension. ``told`` are the words for the holder."""

    award_id: str
    actor_id: int | None
    reason: str
    told: str
    suspended_at: datetime
    planned_end: date | None


@dataclass(frozen=True)
class Suspendable:
    """What of a selection can be suspended, by award with its learner and badge key, and what cannot.

    ``lasting`` are awards of which copies go on verifying: their documents have no short validity. ``ended`` and
    ``suspended`` are left alone.
    """

    awards: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    lasting: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()
    suspended: frozenset[str] = frozenset()


def lasting_sentence() -> str:
    """What to do about an award of which copies last."""
    return _(
        "Copies of this badge do not end by themselves, so it cannot be suspended. Publish a version whose credentials "
        "are valid for some days at a time and replace the credentials of this one; or revoke the award."
    )


def is_suspended(outer: str = "pk") -> Exists:
    """Whether the award that *outer* names is suspended, as a condition."""
    return Exists(Suspension.objects.filter(award_id=OuterRef(outer), lifting__isnull=True))


def was_suspended(moment: datetime, outer: str = "pk") -> Exists:
    """Whether the award that *outer* names was suspended at *moment*, as a condition."""
    still = Q(lifting__isnull=True) | Q(lifting__lifted_at__gte=moment)
    return Exists(Suspension.objects.filter(still, award_id=OuterRef(outer), suspended_at__lt=moment))


def with_suspension(rows: QuerySet[Award]) -> QuerySet[Award]:
    """The awards with ``suspended_at``, in the same query."""
    open_ones = Suspension.objects.filter(award_id=OuterRef("pk"), lifting__isnull=True)
    return rows.annotate(suspended_at=Subquery(open_ones.values("suspended_at")[:1]))


def open_suspensions(award_ids: Iterable[str]) -> dict[str, SuspensionInfo]:
    """The open suspension of each of these awards that has one."""
    rows = Suspension.objects.filter(award_id__in=list(award_ids), lifting__isnull=True)
    return {
        str(row.award_id): SuspensionInfo(
            str(row.award_id), row.actor_id, row.reason, row.told, row.suspended_at, row.planned_end
        )
        for row in rows
    }


def suspended_badges(learner_id: int) -> dict[str, str]:
    """Badges of the learner that are suspended and so count in no rule: key and name."""
    rows = Award.objects.filter(is_suspended(), learner_id=learner_id, reversal__isnull=True)
    return dict(rows.order_by("awarded_at").values_list("version__badge__key", "version__name"))


def suspendable(award_ids: Collection[str], *, now: datetime) -> Suspendable:
    """What of these can be suspended now, with whatever is suspended together with them."""
    standing = _together(award_ids)
    rows = Award.objects.filter(pk__in=list(standing)).annotate(is_held_back=is_suspended())
    found = rows.values_list("pk", "version__document_days", "expires_at", "is_held_back")
    ended, lasting, suspended = set(), set(), set()
    for pk, days, expires_at, is_held_back in found:
        if expires_at is not None and expires_at <= now:
            ended.add(str(pk))
        elif days is None:
            lasting.add(str(pk))
        elif is_held_back:
            suspended.add(str(pk))
    unbounded = {standing[pk] for pk in lasting}
    left = {pk: whose for pk, whose in standing.items() if pk not in ended | suspended}
    return Suspendable(
        {pk: whose for pk, whose in left.items() if whose not in unbounded},
        frozenset(pk for pk, whose in left.items() if whose in unbounded),
        frozenset(ended),
        frozenset(suspended),
    )


def suspend_many(
    award_ids: Collection[str],
    *,
    actor_id: int | None,
    words: SuspensionWords,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> tuple[str, ...]:
    """Suspend what of these can be, in the caller's transaction, with its trace; the ids.

    Whoever calls has asked whether the actor may, and has tidied the words.
    """
    _lock(award_ids)
    chosen = suspendable(award_ids, now=now).awards
    if not chosen:
        return ()
    earlier = dict(
        Suspension.objects.filter(award_id__in=list(chosen))
        .order_by()
        .values_list("award_id")
        .annotate(Count("pk"))
    )
    earlier = {str(pk): number for pk, number in earlier.items()}
    try:
        with transaction.atomic():
            Suspension.objects.bulk_create(
                Suspension(
                    award_id=pk,
                    number=earlier.get(pk, 0) + 1,
                    actor_id=actor_id,
                    reason=words.reason,
                    told=words.told,
                    suspended_at=now,
                    planned_end=words.planned_end,
                )
                for pk in chosen
            )
    except IntegrityError as error:
        raise AlreadySuspended(_("Somebody suspended this at the same moment. Look again.")) from error
    planned = words.planned_end.isoformat() if words.planned_end else ""
    more = {"told": words.told, "planned_end": planned, **(details or {})}
    _record("award.suspended", chosen, actor_id, words.reason, more, now)
    awards_suspended.send(sender=Suspension, award_ids=tuple(chosen), now=now)
    return tuple(chosen)


def lift_many(
    award_ids: Collection[str],
    *,
    actor_id: int | None,
    reason: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> tuple[str, ...]:
    """Lift what of these is suspended, in the caller's transaction, with its trace; the ids.

    Versions that were suspended together are reinstated together.
    """
    _lock(award_ids)
    standing = _together(award_ids)
    rows = Suspension.objects.filter(award_id__in=list(standing), lifting__isnull=True)
    open_ones = {str(award_id): pk for pk, award_id in rows.values_list("pk", "award_id")}
    if not open_ones:
        return ()
    try:
        with transaction.atomic():
            Lifting.objects.bulk_create(
                Lifting(suspension_id=pk, actor_id=actor_id, reason=reason, lifted_at=now)
                for pk in open_ones.values()
            )
    except IntegrityError as error:
        raise NotSuspended(_("Somebody lifted this suspension at the same moment. Look again.")) from error
    lifted = {pk: standing[pk] for pk in open_ones}
    _record("award.reinstated", lifted, actor_id, reason, details or {}, now)
    awards_reinstated.send(sender=Lifting, award_ids=tuple(lifted), learners=tuple(lifted.values()), now=now)
    return tuple(lifted)


def _lock(award_ids: Collection[str]) -> None:
    """Whoever signs for one of these at this moment comes before and is seen, or after and sees the suspension."""
    rows = Award.objects.filter(pk__in=[*award_ids, *_together(award_ids)]).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def _together(award_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Those of these awards that stand, every version that stands beside them through an upgrade, and every award of
    these versions that renewed one of them or was renewed by it. By award: the learner and the badge's key."""
    standing = standing_versions(award_ids)
    rows = Award.objects.filter(
        learner_id__in={learner for learner, _key in standing.values()},
        version__badge__key__in={key for _learner, key in standing.values()},
        reversal__isnull=True,
    )
    beside = [
        (str(pk), learner, key, version)
        for pk, learner, key, version in rows.values_list(
            "pk", "learner_id", "version__badge__key", "version_id"
        )
    ]
    chosen = {(learner, version) for pk, learner, _key, version in beside if pk in standing}
    return standing | {
        pk: (learner, key) for pk, learner, key, version in beside if (learner, version) in chosen
    }


def _record(
    action: str,
    chosen: Mapping[str, tuple[int, str]],
    actor_id: int | None,
    reason: str,
    details: Mapping[str, Any],
    now: datetime,
) -> None:
    issuers = dict(
        Award.objects.filter(pk__in=list(chosen)).values_list("pk", "version__badge__issuer__slug")
    )
    for pk, slug in sorted(issuers.items(), key=lambda pair: str(pair[0])):
        learner_id, badge_key = chosen[str(pk)]
        audit.record(
            action,
            object_type="award",
            object_id=str(pk),
            actor_id=actor_id,
            now=now,
            reason=reason,
            details={"badge": badge_key, "learner": learner_id, **details},
            issuer_slug=slug,
        )
