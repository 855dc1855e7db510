"""A wallet that proved its keys gets the credential made out to them; the offer is used up by the first one.

Whoever comes second finds the offer closed, and the learner's page says that it was fetched. The same wallet may ask
again, because answers get lost on telephones: it gets the same bytes. Other keys under the same token are refused: a
stolen token is worth nothing once its owner has used it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from ..audit import api as audit
from ..issuance import api as issuance
from .errors import WalletRefused
from .making import not_open
from .models import Claim, Offer

__all__ = [
    "JWT_PROTOCOL",
    "Handover",
    "claim_document",
    "claim_for_dids",
    "claim_waiting",
    "redeem",
    "report_event",
]

#: Ways to fetch that end in a token of the older data model; all others end in the document.
JWT_PROTOCOL = "oid4vci-jwt"
EVENTS = ("credential_accepted", "credential_failure", "credential_deleted")
_MAX_DESCRIPTION = 400


@dataclass(frozen=True)
class Handover:
    """What a wallet is given, documents or tokens; ``documents`` is empty while it has to wait."""

    answer_id: UUID
    documents: tuple[bytes, ...]


@transaction.atomic
def redeem(offer: Offer, *, now: datetime) -> Offer:
    """Use the offer up, once; raises :class:`~.errors.OfferNotFound` when somebody else did."""
    taken = Offer.objects.filter(
        pk=offer.pk, redeemed_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=now
    ).update(redeemed_at=now, sealed=b"")
    if not taken:
        raise not_open()
    return Offer.objects.get(pk=offer.pk)


def claim_for_dids(offer: Offer, dids: Sequence[str], *, protocol: str, now: datetime) -> Handover:
    """The credentials of an offer that was redeemed, one for each DID in *dids*, all of which were proved.

    Where signing fails for a passing reason the wallet is told to come back; see :func:`claim_waiting`. With
    :data:`JWT_PROTOCOL` they are tokens: the same keys may fetch both, each with its own place in a status list.
    """
    with transaction.atomic():
        # One at a time: of two requests with one token the first decides whose keys it is for.
        Offer.objects.select_for_update().filter(pk=offer.pk).first()
        taken = list(Claim.objects.filter(offer=offer).exclude(did="").order_by("pk"))
        if taken and {claim.did for claim in taken} != set(dids):
            raise WalletRefused(
                "credential_request_denied", "This offer was fetched with other keys already."
            )
        earlier = [claim for claim in taken if _form_of(claim.protocol) == _form_of(protocol)]
        if earlier:
            dids = [claim.did for claim in earlier]
            if all(claim.credential_id for claim in earlier):
                return _handover(earlier, now)
        try:
            with transaction.atomic():
                issued = _issue(offer, dids, _form_of(protocol), now)
        except (issuance.SelfCheckFailed, issuance.StatusListFull, issuance.SignerUnavailable):
            return _handover(earlier or _write(offer, dids, [None] * len(dids), protocol, now), now)
        except issuance.BindingRefused as error:
            raise WalletRefused("credential_request_denied", str(error)) from error
        if earlier:
            return _complete(earlier, issued, now)
        written = _write(offer, dids, [found.id for found in issued], protocol, now)
        _record(offer, dids, issued, protocol, now)
        return _handover(written, now)


def claim_waiting(offer: Offer, answer_id: UUID, *, now: datetime) -> Handover:
    """Try again for a wallet that was told to wait; raises ``invalid_transaction_id`` for an unknown one."""
    waiting = list(Claim.objects.filter(offer=offer, answer_id=answer_id).order_by("pk"))
    if not waiting:
        raise WalletRefused("invalid_transaction_id", "Nothing waits under this transaction_id.")
    return claim_for_dids(offer, [claim.did for claim in waiting], protocol=waiting[0].protocol, now=now)


@transaction.atomic
def claim_document(offer: Offer, *, now: datetime) -> bytes:
    """The credential made out to the account's address, for wallets that only open an address.

    They may open it twice, to look and to keep, so the offer stays open until it ends.
    """
    found = issuance.credential_of_award(str(offer.award_id))
    if found is None or found.revoked_at is not None or found.suspended_at is not None:
        raise not_open()
    if not Claim.objects.filter(offer=offer).exists():
        written = _write(offer, [""], [found.id], "document", now)
        _record(offer, [""], [found], "document", now)
        return _handover(written, now).documents[0]
    return found.document


def report_event(offer: Offer, answer_id: str, event: str, description: str, *, now: datetime) -> None:
    """Store what a wallet says became of what it was given; the last word counts."""
    if event not in EVENTS:
        raise WalletRefused("invalid_notification_request", f"The event must be one of {', '.join(EVENTS)}.")
    try:
        key = UUID(answer_id)
    except ValueError:
        key = UUID(int=0)
    changed = Claim.objects.filter(offer=offer, answer_id=key).update(
        event=event, event_description=description[:_MAX_DESCRIPTION], event_at=now
    )
    if not changed:
        raise WalletRefused("invalid_notification_id", "No credential was given under this notification_id.")


def _form_of(protocol: str) -> str:
    return issuance.JWT_VC_JSON if protocol == JWT_PROTOCOL else issuance.LDP_VC


def _issue(
    offer: Offer, dids: Sequence[str], form: str, now: datetime
) -> tuple[issuance.IssuedCredential, ...]:
    award_id = str(offer.award_id)
    if offer.replaces:
        return issuance.move_to_dids(award_id, dids, actor_id=offer.learner_id, now=now, form=form)
    return tuple(issuance.issue_to_did(award_id, did, now=now, form=form) for did in dids)


def _write(
    offer: Offer, dids: Sequence[str], credential_ids: Sequence[str | None], protocol: str, now: datetime
) -> list[Claim]:
    answer_id = uuid4()
    return [
        Claim.objects.create(
            offer=offer,
            credential_id=credential_id,
            answer_id=answer_id,
            protocol=protocol,
            did=did,
            claimed_at=now,
        )
        for did, credential_id in zip(dids, credential_ids, strict=True)
    ]


def _complete(
    waiting: Sequence[Claim], issued: Sequence[issuance.IssuedCredential], now: datetime
) -> Handover:
    for claim, found in zip(waiting, issued, strict=True):
        claim.credential_id = UUID(found.id)
        claim.save(update_fields=["credential_id"])
    return _handover(waiting, now)


def _handover(claims: Sequence[Claim], now: datetime) -> Handover:
    ids = [str(claim.credential_id) for claim in claims if claim.credential_id]
    if len(ids) < len(claims):
        return Handover(claims[0].answer_id, ())
    found = [issuance.get_credential(pk) for pk in ids]
    if claims[0].protocol != JWT_PROTOCOL:
        return Handover(claims[0].answer_id, tuple(one.document for one in found))
    try:
        return Handover(claims[0].answer_id, tuple(issuance.older_token_of(one, now=now) for one in found))
    except (issuance.SelfCheckFailed, issuance.SignerUnavailable):
        return Handover(claims[0].answer_id, ())
    except issuance.DocumentRefused as error:
        message = "This badge cannot be said as jwt_vc_json. Ask for ldp_vc."
        raise WalletRefused("credential_request_denied", message) from error


def _record(
    offer: Offer,
    dids: Sequence[str],
    issued: Sequence[issuance.IssuedCredential],
    protocol: str,
    now: datetime,
) -> None:
    audit.record(
        "offer.claimed",
        object_type="offer",
        object_id=str(offer.pk),
        actor_id=offer.learner_id,
        now=now,
        details={
            "award": str(offer.award_id),
            "protocol": protocol,
            "holders": [
                issuance.did_binding(did, _form_of(protocol)) if did else issuance.EMAIL for did in dids
            ],
            "credentials": [found.id for found in issued],
        },
    )
