"""The outbox of vendors: what is to be issued and revoked there, written in the transaction that makes it true.

One row for each account, award and place, however often it is reported. An award that is taken back before it was ever
tried is not issued at all; of one that was tried, the end is told after the first row has ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache, partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from ..awards.models import Award
from ..delivery.pushing_again import SUSPENDED
from ..delivery.signals import deliveries_waiting
from ..issuance.models import Credential
from .models import VendorAccount, VendorConsent, VendorIssue, VendorMapping

__all__ = [
    "announce",
    "enqueue_standing",
    "note_awarded",
    "note_reinstated",
    "note_revoked",
    "waits_for_issue",
]

CHUNK = 500
ISSUE, REVOKE = 0, 1


def note_awarded(
    credential_ids: Iterable[str], *, now: datetime, stamp: str, hold_until: datetime | None = None
) -> int:
    """Rows for new awards of learners who agreed; none goes out before *hold_until*. Says how many it wrote.

    *stamp* is that of the definitions: it changes when an account or a mapping does, so that most awards ask nothing.
    """
    if not _somebody_maps(stamp):
        return 0
    ids = [UUID(str(pk)) for pk in credential_ids]
    written = 0
    for begin in range(0, len(ids), CHUNK):
        of_credentials = Credential.objects.filter(pk__in=ids[begin : begin + CHUNK])
        awards = Q(pk__in=of_credentials.values("award_id"))
        written += _write(awards, now=now, due=hold_until or now)
    return written


def enqueue_standing(account: VendorAccount, learner_id: int, *, now: datetime) -> int:
    """Rows for everything that a learner holds now and this account can issue."""
    holds = Q(learner_id=learner_id, reversal__isnull=True)
    holds &= Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    written = _write(holds, now=now, due=now, account=account)
    # What was called off when the learner took an earlier agreement back is begun again.
    rows = VendorIssue.objects.filter(
        account=account, award__in=Award.objects.filter(holds), place=ISSUE, last_code="no_consent"
    )
    again = rows.filter(state=VendorIssue.State.DEAD).update(
        state=VendorIssue.State.PENDING, next_attempt_at=now, attempts=0, last_code=""
    )
    if again:
        announce(again)
    return written + again


def note_revoked(award_ids: Collection[str], *, now: datetime) -> int:
    """What was issued, or may have been, is taken back there; how many rows it wrote."""
    ids = [UUID(str(pk)) for pk in award_ids]
    written = 0
    for begin in range(0, len(ids), CHUNK):
        issues = VendorIssue.objects.filter(
            award_id__in=ids[begin : begin + CHUNK], place=ISSUE, account__removed_at__isnull=True
        )
        untried = issues.filter(
            Q(state=VendorIssue.State.PENDING) | Q(state=VendorIssue.State.DEAD),
            history__isnull=True,
            attempts=0,
        )
        untried_ids = list(untried.values_list("pk", flat=True))
        # The conditional update decides: a worker that claimed a row first issues it, and then the end is told too.
        VendorIssue.objects.filter(pk__in=untried_ids, state=VendorIssue.State.PENDING, attempts=0).update(
            state=VendorIssue.State.DEAD, next_attempt_at=None, last_code="called_off"
        )
        silent = VendorIssue.objects.filter(pk__in=untried_ids, state=VendorIssue.State.DEAD).values("pk")
        rows = [
            VendorIssue(
                account_id=account_id, award_id=award_id, place=REVOKE, created_at=now, next_attempt_at=now
            )
            for account_id, award_id in issues.exclude(pk__in=silent).values_list("account_id", "award_id")
        ]
        if rows:
            VendorIssue.objects.bulk_create(rows, ignore_conflicts=True)
            announce(len(rows))
            written += len(rows)
    return written


def note_reinstated(award_ids: Collection[str], *, now: datetime) -> int:
    """What was not issued because its award was suspended is issued now; how many rows begin again."""
    rows = VendorIssue.objects.filter(
        award_id__in=list(award_ids), place=ISSUE, state=VendorIssue.State.DEAD, last_code=SUSPENDED
    )
    again = rows.update(state=VendorIssue.State.PENDING, next_attempt_at=now, attempts=0, last_code="")
    if again:
        announce(again)
    return again


def waits_for_issue() -> Q:
    """Revocations whose issue is still on its way."""
    issue = VendorIssue.objects.filter(
        award_id=OuterRef("award_id"),
        account_id=OuterRef("account_id"),
        place=ISSUE,
        state__in=(VendorIssue.State.PENDING, VendorIssue.State.CLAIMED),
    )
    return Q(place=REVOKE) & Q(Exists(issue))


def announce(count: int) -> None:
    """Start a worker once this is committed."""
    transaction.on_commit(partial(deliveries_waiting.send_robust, sender=VendorIssue, count=count))


def _write(awards: Q, *, now: datetime, due: datetime, account: VendorAccount | None = None) -> int:
    """Rows for those of *awards* whose badge is mapped and whose learner agreed; what is there already stays."""
    mapped = VendorMapping.objects.filter(account__removed_at__isnull=True)
    if account is not None:
        mapped = mapped.filter(account=account)
    accounts_of: dict[int, list[UUID]] = {}
    for badge_id, account_id in mapped.values_list("badge_id", "account_id"):
        accounts_of.setdefault(badge_id, []).append(account_id)
    if not accounts_of:
        return 0
    found = list(
        Award.objects.filter(awards, version__badge_id__in=accounts_of).values_list(
            "pk", "learner_id", "version__badge_id"
        )
    )
    consents = VendorConsent.objects.filter(
        learner_id__in={learner for _pk, learner, _badge in found}, withdrawn_at__isnull=True
    )
    agreed = set(consents.values_list("learner_id", "account_id"))
    wanted = [
        (account_id, pk)
        for pk, learner_id, badge_id in found
        for account_id in accounts_of[badge_id]
        if (learner_id, account_id) in agreed
    ]
    there = set(
        VendorIssue.objects.filter(award__in={pk for _account, pk in wanted}, place=ISSUE).values_list(
            "account_id", "award_id"
        )
    )
    rows = [
        VendorIssue(account_id=account_id, award_id=pk, created_at=now, next_attempt_at=due)
        for account_id, pk in wanted
        if (account_id, pk) not in there
    ]
    if rows:
        VendorIssue.objects.bulk_create(rows, ignore_conflicts=True)
        announce(len(rows))
    return len(rows)


def _somebody_maps(stamp: str) -> bool:
    return _known_to_map(stamp) if stamp else _ask_who_maps()


@lru_cache(maxsize=16)
def _known_to_map(stamp: str) -> bool:
    return _ask_who_maps()


def _ask_who_maps() -> bool:
    return VendorMapping.objects.filter(account__removed_at__isnull=True).exists()
