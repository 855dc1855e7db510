"""Orders to vendors, many at once: the lane of :class:`~.models.VendorIssue` rows.

What is sent is decided when a row is read: without an agreement that stands, a mapped template and an award that
stands, nothing is issued. A key that a vendor refuses stops its account until somebody writes another one or tests it;
the rows wait and no try of theirs is used up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.vault import VaultError

from ..delivery.claiming import claim_rows, lease
from ..delivery.lane import Done, Job, Recorded, rows_named
from ..delivery.outbound_guard import OutboundGuard
from ..delivery.push import Outcome
from ..delivery.pushing_again import SUSPENDED
from ..delivery.recording import end_used_up, give_back, note_lost, record_tries
from ..issuance.models import Credential
from .accounts import access_of
from .calls import Answer, Tokens, issue, revoke
from .consent import agreeing
from .dialect import Access, Order
from .dialects import DIALECTS
from .models import VendorAccount, VendorAttempt, VendorIssue, VendorMapping
from .orders import ISSUE, REVOKE, waits_for_issue

__all__ = ["VendorLane"]


@dataclass(frozen=True)
class _Parcel:
    """One order as it is sent; *settled* needs no request."""

    account_id: UUID
    key_version: int
    kind: str
    place: int
    access: Access | None = field(default=None, repr=False)
    order: Order | None = field(default=None, repr=False)
    look_first: bool = False
    taken: frozenset[str] = frozenset()
    settled: Outcome | None = None


class VendorLane:
    """Issues and revokes with accounts of organisations. One instance belongs to one worker."""

    name = "vendor"

    def __init__(self) -> None:
        self._tokens = Tokens()

    def claim(self, now: datetime, limit: int, worker: str, *, avoid: Collection[str]) -> Sequence[Job]:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        shut = rows_named(self.name, avoid)
        stopped = VendorAccount.objects.filter(key_refused_at__isnull=False, removed_at__isnull=True)
        shut.update(stopped.values_list("pk", flat=True))
        token = claim_rows(
            VendorIssue,
            now=now,
            limit=limit,
            worker=worker,
            wanted=~Q(account_id__in=shut) & ~waits_for_issue(),
            note_lost=partial(note_lost, VendorAttempt, now=now, note="the vendor is asked what it has."),
        )
        held = VendorIssue.objects.filter(
            state=VendorIssue.State.CLAIMED, lease_until=now + lease(), claim_token=token
        )
        rows = list(
            held.select_related("account", "award__version__badge").order_by("created_at", "place", "pk")
        )
        return [
            Job(
                row_id=row.pk,
                token=token,
                target=f"{self.name}:{row.account_id}",
                attempts=row.attempts,
                claimed_at=now,
                cargo=parcel,
            )
            for row, parcel in _Reading(rows).parcels()
        ]

    def send(self, job: Job, *, now: datetime, guard: OutboundGuard) -> tuple[Outcome, Any]:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`; what is gained is the vendor's name for it."""
        parcel: _Parcel = job.cargo
        if parcel.settled is not None or parcel.access is None or parcel.order is None:
            return parcel.settled or Outcome("dead", "internal"), ""
        dialect = DIALECTS[parcel.kind]
        answer: Answer
        if parcel.place == REVOKE:
            answer = revoke(
                dialect, parcel.access, parcel.order, reason=_("Revoked by the organisation."), taken=parcel.taken,
                now=now, guard=guard, tokens=self._tokens,
            )  # fmt: skip
        else:
            answer = issue(
                dialect, parcel.access, parcel.order, look_first=parcel.look_first, taken=parcel.taken,
                now=now, guard=guard, tokens=self._tokens,
            )  # fmt: skip
        return answer.outcome, answer.external_key

    def record(self, done: Sequence[Done], *, worker: str) -> Recorded:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        ended = [end_used_up(entry) for entry in done]
        with transaction.atomic():
            for entry in ended:
                if entry.gained:
                    held = VendorIssue.objects.filter(pk=entry.job.row_id, claim_token=entry.job.token)
                    held.update(external_key=entry.gained)
            record_tries(VendorIssue, VendorAttempt, ended, worker)
            for entry in ended:
                if entry.outcome.code == "key_refused":
                    _stop(entry.job.cargo, entry.finished_at)
        return Recorded(ended)

    def release(self, jobs: Sequence[Job], *, until: datetime) -> None:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        for job in jobs:
            give_back(VendorIssue, job, until=until)


class _Reading:
    """What a batch of rows needs to be sent, each table asked once."""

    def __init__(self, rows: Sequence[VendorIssue]) -> None:
        self._rows = rows
        learners = {row.award.learner_id for row in rows}
        accounts = {row.account_id for row in rows}
        self._people = platform().people(learners) if rows else {}
        self._agreed = agreeing(accounts, learners)
        self._tried = set(
            VendorAttempt.objects.filter(delivery_id__in=[row.pk for row in rows]).values_list(
                "delivery_id", flat=True
            )
        )
        mappings = VendorMapping.objects.filter(account_id__in=accounts)
        self._template = {
            (account_id, badge_id): (key, gone is not None)
            for account_id, badge_id, key, gone in mappings.values_list(
                "account_id", "badge_id", "template__external_key", "template__gone_at"
            )
        }
        issued = VendorIssue.objects.filter(
            account_id__in=accounts, award__learner_id__in=learners, place=ISSUE
        ).exclude(external_key="")
        self._issued: dict[tuple[UUID, UUID], str] = {}
        self._taken: dict[tuple[UUID, int], dict[UUID, str]] = defaultdict(dict)
        for account_id, award_id, learner_id, key in issued.values_list(
            "account_id", "award_id", "award__learner_id", "external_key"
        ):
            self._issued[account_id, award_id] = key
            self._taken[account_id, learner_id][award_id] = key
        self._reversed = set(
            VendorIssue.objects.filter(
                pk__in=[row.pk for row in rows], award__reversal__isnull=False
            ).values_list("pk", flat=True)
        )
        self._suspended = set(
            Credential.objects.filter(
                award_id__in=[row.award_id for row in rows], suspended_at__isnull=False
            ).values_list("award_id", flat=True)
        )
        self._opened: dict[UUID, Access | None] = {}

    def parcels(self) -> list[tuple[VendorIssue, _Parcel]]:
        """Each row with what is sent."""
        return [(row, self._parcel(row)) for row in self._rows]

    def _parcel(self, row: VendorIssue) -> _Parcel:
        account, award = row.account, row.award
        blank = _Parcel(account.pk, account.key_version, account.kind, row.place)
        template, gone = self._template.get((account.pk, award.version.badge_id), ("", False))
        if account.removed_at is not None:
            return replace(blank, settled=Outcome("dead", "account_removed"))
        if row.place == ISSUE:
            if row.pk in self._reversed:
                return replace(blank, settled=Outcome("dead", "called_off"))
            if award.pk in self._suspended:
                return replace(blank, settled=Outcome("dead", SUSPENDED))
            if (award.learner_id, account.pk) not in self._agreed:
                return replace(blank, settled=Outcome("dead", "no_consent"))
            if not template or gone:
                return replace(blank, settled=Outcome("dead", "template_missing"))
        access = self._access(account)
        if access is None:
            return replace(blank, settled=Outcome("reconnect", "key_refused"))
        person = self._people.get(award.learner_id)
        if person is None or not person.email.strip():
            return replace(blank, settled=Outcome("dead", "no_address"))
        others = self._taken[account.pk, award.learner_id]
        order = Order(
            template_key=template,
            email=person.email.strip(),
            name=person.name.strip(),
            awarded_at=award.awarded_at,
            expires_at=award.expires_at,
            external_key=self._issued.get((account.pk, award.pk), "") if row.place == REVOKE else "",
        )
        if row.place == REVOKE and not order.external_key and not template:
            return replace(blank, settled=Outcome("dead", "template_missing"))
        return replace(
            blank,
            access=access,
            order=order,
            look_first=row.pk in self._tried or row.attempts > 1,
            taken=frozenset(key for award_id, key in others.items() if award_id != award.pk),
        )

    def _access(self, account: VendorAccount) -> Access | None:
        """Keys are opened once for each account and batch; None for one that no key of this site opens."""
        if account.pk not in self._opened:
            try:
                self._opened[account.pk] = access_of(account)
            except VaultError:
                self._opened[account.pk] = None
        return self._opened[account.pk]


def _stop(parcel: _Parcel, now: datetime) -> None:
    """The key is good no more: leave the account alone. If another key was written meanwhile, go on with that."""
    stopped = VendorAccount.objects.filter(pk=parcel.account_id, key_version=parcel.key_version)
    if not stopped.update(key_refused_at=now):
        VendorIssue.objects.filter(
            account_id=parcel.account_id, state=VendorIssue.State.PENDING, next_attempt_at__isnull=True
        ).update(next_attempt_at=now)
