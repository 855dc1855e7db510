"""What a person decides about one award: revoked for good, suspended for a while, reinstated."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .data import AwardInfo
from .models import Award, Reversal
from .reading import AwardError, get_award, other_versions
from .signals import award_reversed
from .suspension import (
    AlreadySuspended,
    NotSuspendable,
    NotSuspended,
    SuspensionWords,
    lasting_sentence,
    lift_many,
    suspend_many,
    suspendable,
)

__all__ = ["AlreadyReversed", "ReasonMissing", "lift_award", "reverse_award", "suspend_award"]

MAX_REASON = 2_000


class AlreadyReversed(AwardError):
    """The award was reversed before."""

    code = "already_reversed"
    http_status = 409


class ReasonMissing(AwardError):
    """A reversal needs a reason."""

    code = "reason_missing"


def reverse_award(award_id: str, *, actor_id: int, reason: str, now: datetime) -> AwardInfo:
    """Write a reversal with its reason and its trace; what was signed is revoked in the same transaction.

    Where the learner received a newer version of the badge for an older one, both rest on the same, and both go.

    Raises :class:`~microcred_app.permissions.api.NotAllowed` unless the actor may revoke for the badge's
    organisation.
    """
    award = get_award(award_id)
    permissions.require(actor_id, permissions.Action.REVOKE_AWARDS, award.badge.issuer.slug)
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


def suspend_award(award_id: str, *, actor_id: int, words: SuspensionWords, now: datetime) -> AwardInfo:
    """Suspend the award and the versions beside it; what was signed is held back in the same transaction.

    Raises :class:`NotSuspendable` where copies would go on verifying, and
    :class:`~microcred_app.permissions.api.NotAllowed` unless the actor may revoke for the badge's organisation.
    """
    award = get_award(award_id)
    permissions.require(actor_id, permissions.Action.REVOKE_AWARDS, award.badge.issuer.slug)
    words = words.tidied(today=now.date())
    if award.reversed_at is not None:
        raise AlreadyReversed(_("This award was revoked before."))
    found = suspendable([award.id], now=now)
    if award.id in found.suspended:
        raise AlreadySuspended(_("This award is suspended already."))
    if award.id in found.ended:
        raise NotSuspendable(_("This badge has ended. There is nothing to suspend."))
    if award.id in found.lasting:
        raise NotSuspendable(lasting_sentence())
    with transaction.atomic():
        if award.id not in suspend_many([award.id], actor_id=actor_id, words=words, now=now):
            raise AlreadySuspended(_("Somebody changed this award at the same moment. Look again."))
    return get_award(award_id)


def lift_award(award_id: str, *, actor_id: int, reason: str, now: datetime) -> AwardInfo:
    """Let the award count again; a new document is signed in the same transaction.

    Raises :class:`NotSuspended` for one that is not suspended.
    """
    award = get_award(award_id)
    permissions.require(actor_id, permissions.Action.REVOKE_AWARDS, award.badge.issuer.slug)
    reason = SuspensionWords(reason).tidied(today=now.date()).reason
    if award.suspended_at is None or award.reversed_at is not None:
        raise NotSuspended(_("This award is not suspended."))
    with transaction.atomic():
        if not lift_many([award.id], actor_id=actor_id, reason=reason, now=now):
            raise NotSuspended(_("This award is not suspended."))
    return get_award(award_id)
