"""Credentials into wallet hosts, many at once: the lane of :class:`~.models.Delivery` rows.

Hosts of Open Badges 3.0 get the bytes that were signed, Badge Connect hosts an assertion of the same award.

Rows are claimed, read and recorded in batches. What is sent is decided when a batch is read: a row whose wallet was
disconnected or whose credential was revoked meanwhile ends there and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from microcred_app.vault import VaultError, decrypt

from ..issuance.models import Credential
from .arrivals import note_arrivals
from .badge_connect import push_assertion
from .connections import mark_broken
from .errors import DeliveryError, ReconnectNeeded
from .hosting import assertion_body, assertions_for
from .lane import Done, Job, Recorded
from .models import Connection, Delivery, DeliveryAttempt, Host
from .outbound_guard import OutboundGuard
from .outbox import Claim, claim_due
from .push import Outcome, outcome_of_error, push_document
from .pushing_again import SUSPENDED
from .recording import end_used_up, give_back, record_tries
from .registration import SCOPES_2_1
from .renewal import (
    Renewal,
    RenewalElsewhere,
    ask_for_renewal,
    begin_renewal,
    give_up_renewal,
    is_stale,
    store_renewal,
)
from .tokens import TokenAnswer

__all__ = ["WalletLane"]

_NEEDS_RECONNECT = Outcome("reconnect", ReconnectNeeded.code)
_BEING_RENEWED = Outcome("retry", RenewalElsewhere.code, retry_after=5.0)


@dataclass(frozen=True)
class _Parcel:
    """One push. With *renewal*, new tokens are asked for first; *settled* is a row that needs no request."""

    base_url: str
    document: bytes
    connection_id: UUID
    token_version: int
    access_token: str = field(default="", repr=False)
    renewal: Renewal | None = None
    settled: Outcome | None = None
    renewed: bool = False
    #: With Badge Connect: where its interface is, and whether it may be asked what it holds. Else empty.
    api_base: str = ""
    may_look: bool = False


class WalletLane:
    """Pushes to Open Badges 3.0 hosts. One instance belongs to one worker."""

    name = "wallet"

    def claim(self, now: datetime, limit: int, worker: str, *, avoid: Collection[str]) -> Sequence[Job]:
        """See :class:`~.lane.Lane`; two statements to claim, one to read."""
        hosts = [int(target.partition(":")[2]) for target in avoid if target.startswith(f"{self.name}:")]
        return self.read(claim_due(now, limit, worker, avoid_hosts=hosts), now=now)

    def read(self, claimed: Sequence[Claim], *, now: datetime) -> Sequence[Job]:
        """What the claimed rows need to be sent, read as it is now."""
        claims = {claim.delivery_id: claim for claim in claimed}
        if not claims:
            return ()
        rows = Delivery.objects.filter(pk__in=claims).select_related(
            "connection__host", "connection__registration"
        )
        documents = dict(Delivery.objects.filter(pk__in=claims).values_list("pk", "credential__document"))
        refused = self._say_differently(rows, documents, now)
        revoked = Delivery.objects.filter(pk__in=claims, credential__revoked_at__isnull=False)
        ended = dict.fromkeys(revoked.values_list("pk", flat=True), "revoked")
        held = Delivery.objects.filter(pk__in=claims, credential__suspended_at__isnull=False)
        ended |= dict.fromkeys(held.values_list("pk", flat=True), SUSPENDED)
        opened: dict[UUID, _Parcel] = {}
        return [
            Job(
                row_id=row.pk,
                token=claims[row.pk].token,
                target=f"{self.name}:{row.connection.host_id}",
                attempts=row.attempts,
                claimed_at=now,
                cargo=refused.get(row.pk)
                or self._parcel(row, bytes(documents[row.pk]), ended.get(row.pk, ""), opened, now),
            )
            for row in rows
        ]

    @staticmethod
    def _say_differently(
        rows: Iterable[Delivery], documents: dict[UUID, bytes], now: datetime
    ) -> dict[UUID, _Parcel]:
        """Put assertions into *documents* for Badge Connect hosts; parcels of rows that cannot be said so."""
        older = [row for row in rows if row.connection.host.protocol == Host.Protocol.BADGE_CONNECT]
        if not older:
            return {}
        credentials = Credential.objects.select_related("award__version__badge").in_bulk(
            {row.credential_id for row in older}
        )
        addresses = assertions_for(set(credentials), now=now)
        refused = {}
        for row in older:
            hosted = addresses[row.credential_id]
            documents[row.pk] = assertion_body(credentials[row.credential_id], hosted)
            blank = _Parcel(
                row.connection.host.base_url, b"", row.connection_id, row.connection.token_version
            )
            if not documents[row.pk]:
                refused[row.pk] = replace(blank, settled=Outcome("dead", "no_address"))
            elif hosted.withdrawn_at is not None:
                refused[row.pk] = replace(blank, settled=Outcome("dead", "withdrawn"))
        return refused

    def _parcel(
        self, row: Delivery, document: bytes, ended: str, opened: dict[UUID, _Parcel], now: datetime
    ) -> _Parcel:
        connection = row.connection
        blank = _Parcel(
            connection.host.base_url,
            document,
            connection.pk,
            connection.token_version,
            api_base=connection.host.api_base,
            may_look=SCOPES_2_1[1] in connection.scopes,
        )
        if connection.disconnected_at is not None:
            return replace(blank, settled=Outcome("dead", "disconnected"))
        if ended:
            return replace(blank, settled=Outcome("dead", ended))
        if connection.broken_at is not None:
            return replace(blank, settled=_NEEDS_RECONNECT)
        if connection.pk not in opened:  # secrets are opened once per wallet and batch
            opened[connection.pk] = self._with_access(blank, connection, now)
            return opened[connection.pk]
        known = opened[connection.pk]
        if known.renewal is not None:
            return replace(blank, settled=_BEING_RENEWED)
        return replace(known, document=document)

    def _with_access(self, parcel: _Parcel, connection: Connection, now: datetime) -> _Parcel:
        try:
            if not is_stale(connection, now=now):
                return replace(parcel, access_token=decrypt(bytes(connection.sealed_access_token)))
            return self._with_renewal(parcel, connection, now)
        except VaultError:
            return replace(parcel, settled=_NEEDS_RECONNECT)

    @staticmethod
    def _with_renewal(parcel: _Parcel, connection: Connection, now: datetime) -> _Parcel:
        try:
            renewal = begin_renewal(connection, now=now)
        except RenewalElsewhere:
            return replace(parcel, settled=_BEING_RENEWED)
        except (ReconnectNeeded, VaultError):
            return replace(parcel, settled=_NEEDS_RECONNECT)
        version = connection.token_version
        if isinstance(renewal, str):
            return replace(parcel, access_token=renewal, token_version=version, renewed=True)
        return replace(parcel, renewal=renewal, token_version=version, renewed=True)

    def send(self, job: Job, *, now: datetime, guard: OutboundGuard) -> tuple[Outcome, TokenAnswer | None]:
        """See :class:`~.lane.Lane`; asks for new tokens first where that is due."""
        parcel: _Parcel = job.cargo
        if parcel.settled is not None:
            return parcel.settled, None
        answer, token = None, parcel.access_token
        if parcel.renewal is not None:
            try:
                answer = ask_for_renewal(parcel.renewal, now=now, guard=guard)
            except ReconnectNeeded as error:
                return Outcome("reconnect", error.code), None
            except DeliveryError as error:
                return outcome_of_error(error), None
            token = answer.access_token
        if parcel.api_base:
            outcome = push_assertion(
                parcel.api_base, token, parcel.document, may_look=parcel.may_look, now=now, guard=guard
            )
            return outcome, answer
        return push_document(parcel.base_url, token, parcel.document, now=now, guard=guard), answer

    def record(self, done: Sequence[Done], *, worker: str) -> Recorded:
        """See :class:`~.lane.Lane`; an answer that the token is no good is followed by one more try with a new one."""
        for entry in done:
            self._keep_tokens(entry)
        again = [job for entry in done if (job := self._second_try(entry)) is not None]
        repeated = {job.row_id for job in again}
        ended = [self._judged(entry) for entry in done if entry.job.row_id not in repeated]
        with transaction.atomic():
            record_tries(Delivery, DeliveryAttempt, ended, worker)
        arrived = [entry for entry in ended if entry.outcome.kind == "delivered"]
        if arrived:
            wallets = {entry.job.cargo.connection_id for entry in arrived}
            note_arrivals(wallets, now=max(entry.finished_at for entry in arrived))
        return Recorded(ended, again)

    @staticmethod
    def _keep_tokens(entry: Done) -> None:
        renewal = entry.job.cargo.renewal
        if renewal is None:
            return
        if entry.gained is None:
            give_up_renewal(renewal)
        else:
            store_renewal(renewal, entry.gained)

    def _second_try(self, entry: Done) -> Job | None:
        parcel: _Parcel = entry.job.cargo
        if entry.outcome.kind != "unauthorised" or parcel.renewed:
            return None
        connection = Connection.objects.select_related("host", "registration").get(pk=parcel.connection_id)
        following = self._with_renewal(parcel, connection, entry.finished_at)
        return replace(entry.job, cargo=following)

    @staticmethod
    def _judged(entry: Done) -> Done:
        """The outcome that is written: a second refusal needs the learner, and tries are used up at some point."""
        outcome = entry.outcome
        if outcome.kind == "unauthorised":
            outcome = replace(_NEEDS_RECONNECT, http_status=outcome.http_status)
        entry = end_used_up(replace(entry, outcome=outcome))
        outcome = entry.outcome
        if outcome.kind == "reconnect":
            parcel: _Parcel = entry.job.cargo
            version = parcel.token_version + (1 if entry.gained is not None else 0)
            if not mark_broken(parcel.connection_id, token_version=version, now=entry.finished_at):
                # The learner connected anew while the refused tokens were still in use.
                outcome = Outcome("retry", outcome.code, outcome.http_status, retry_after=1.0)
        return replace(entry, outcome=outcome)

    def release(self, jobs: Sequence[Job], *, until: datetime) -> None:
        """See :class:`~.lane.Lane`."""
        for job in jobs:
            if job.cargo.renewal is not None:
                give_up_renewal(job.cargo.renewal)
            give_back(Delivery, job, until=until)
