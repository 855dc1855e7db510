"""Learners decide, for each account by its name, whether a vendor may issue their badges there.

A vendor is told name and e-mail address. Asked again when a row is sent, so a withdrawal holds from that moment on for
everything that was not sent yet. What was issued before is the vendor's; the page says so. A revocation by the
organisation is told to the vendor all the same: it only ever takes a badge away.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from ..awards.models import Award
from .dialects import DIALECTS
from .errors import AccountNotFound
from .models import VendorAccount, VendorConsent, VendorIssue, VendorMapping
from .orders import enqueue_standing

__all__ = ["VendorChoice", "agree_to_vendor", "agreeing", "choices_for", "withdraw_from_vendor"]


@dataclass(frozen=True)
class VendorChoice:
    """An account that could issue badges of this learner; ``given_at`` is set while they agree."""

    account_id: str
    name: str
    vendor: str
    host: str
    organisation: str
    issued: int
    given_at: datetime | None
    withdrawn_at: datetime | None


def choices_for(learner_id: int) -> tuple[VendorChoice, ...]:
    """The accounts that could issue something this learner holds, or did."""
    consents = {row.account_id: row for row in VendorConsent.objects.filter(learner_id=learner_id)}
    issued = dict(
        VendorIssue.objects.filter(award__learner_id=learner_id, place=0, state=VendorIssue.State.DELIVERED)
        .order_by()
        .values_list("account")
        .annotate(n=Count("pk"))
    )
    found = []
    for row in _possible(learner_id).select_related("issuer").order_by("issuer__name", "name", "pk"):
        consent = consents.get(row.pk)
        stands = consent is not None and consent.withdrawn_at is None
        found.append(
            VendorChoice(
                account_id=str(row.pk),
                name=row.name,
                vendor=DIALECTS[row.kind].title,
                host=urlsplit(row.base_url).hostname or "",
                organisation=row.issuer.name,
                issued=issued.get(row.pk, 0),
                given_at=consent.given_at if consent is not None and stands else None,
                withdrawn_at=consent.withdrawn_at if consent is not None else None,
            )
        )
    return tuple(found)


@transaction.atomic
def agree_to_vendor(learner_id: int, account_id: str, *, now: datetime) -> int:
    """Let this account issue what the learner holds, and what comes; how many badges are on their way now."""
    account = _possible(learner_id).filter(pk=_read(account_id)).first()
    if account is None:
        raise _not_found()
    row, created = VendorConsent.objects.select_for_update().get_or_create(
        learner_id=learner_id, account=account, defaults={"given_at": now}
    )
    if not created and row.withdrawn_at is not None:
        VendorConsent.objects.filter(pk=row.pk).update(given_at=now, withdrawn_at=None)
    return enqueue_standing(account, learner_id, now=now)


@transaction.atomic
def withdraw_from_vendor(learner_id: int, account_id: str, *, now: datetime) -> None:
    """Take it back: nothing is issued from now on, what waits included. Taking it back twice changes nothing."""
    pk = _read(account_id)
    VendorConsent.objects.filter(learner_id=learner_id, account_id=pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now
    )
    VendorIssue.objects.filter(
        account_id=pk, award__learner_id=learner_id, place=0, attempts=0, state=VendorIssue.State.PENDING
    ).update(state=VendorIssue.State.DEAD, next_attempt_at=None, last_code="no_consent")


def agreeing(account_ids: Collection[UUID], learner_ids: Collection[int]) -> frozenset[tuple[int, UUID]]:
    """The pairs of learner and account for which an agreement stands."""
    rows = VendorConsent.objects.filter(
        account_id__in=account_ids, learner_id__in=learner_ids, withdrawn_at__isnull=True
    )
    return frozenset(rows.values_list("learner_id", "account_id"))


def _possible(learner_id: int) -> QuerySet[VendorAccount]:
    held = Award.objects.filter(learner_id=learner_id).order_by().values("version__badge_id")
    mapped = VendorMapping.objects.filter(badge_id__in=held).values("account_id")
    agreed = VendorConsent.objects.filter(learner_id=learner_id).values("account_id")
    return VendorAccount.objects.filter(Q(pk__in=mapped) | Q(pk__in=agreed), removed_at__isnull=True)


def _read(account_id: str) -> UUID:
    try:
        return UUID(account_id)
    except ValueError:
        raise _not_found() from None


def _not_found() -> AccountNotFound:
    return AccountNotFound(_("No such account could issue your badges."))
