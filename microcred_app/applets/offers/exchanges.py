"""The ways of Learner Credential Wallet and its kin: an interaction address, a VC-API exchange, the older request.

Each asks the wallet to show that it holds a key ("DIDAuthentication") and answers with the credential made out to that
key. Only offers without a typed code are open to them: these protocols have no way to ask for one.

VC-API / VCALM 1.0 (exchanges, interactions); the wallet's own documentation for the older request.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from microcred_app.ob3.contexts import CREDENTIALS_V2
from microcred_app.ob3.did_auth import stated_challenge, verify_did_auth
from microcred_app.ob3.errors import ProofError

from . import addresses
from .claiming import claim_document, claim_for_dids, redeem
from .errors import WalletRefused
from .making import find_open, not_open, note_read
from .models import Offer
from .offer_secrets import digest, make_nonce, open_secrets, use_nonce

__all__ = [
    "answer_exchange",
    "answer_legacy_request",
    "interaction_protocols",
    "plain_document",
]


def interaction_protocols(handle: str, *, now: datetime) -> dict[str, Any]:
    """Every way in which this offer can be fetched, by the names of VCALM; raises OfferNotFound."""
    offer = _open(handle, now)
    note_read(offer, now=now)
    return {
        "protocols": {
            "vcapi": addresses.exchange_url(handle),
            "oid4vci-1.0": addresses.offer_link(handle),
            "OID4VCI": addresses.offer_link(handle),
        }
    }


def answer_exchange(handle: str, body: Mapping[str, Any], *, now: datetime) -> bytes:
    """One step of the exchange: an empty message is answered with our question, a presentation with the credential.

    The answer is a JSON text. Raises :class:`WalletRefused` or OfferNotFound.
    """
    offer = _open(handle, now)
    presentation = body.get("verifiablePresentation")
    if presentation is None:
        if body:
            raise WalletRefused("malformed", "Send an empty object first, then verifiablePresentation.")
        note_read(offer, now=now)
        return json.dumps(_question(handle, now)).encode()
    domain = addresses.site_origin()
    try:
        challenge = stated_challenge(presentation)
        did = verify_did_auth(presentation, challenge=challenge, domain=domain, now=now)
    except ProofError as error:
        raise WalletRefused("invalid_presentation", error.message) from error
    use_nonce(challenge, _purpose(handle), now=now)
    document = _hand_over(offer, did, "vcapi", now)
    wrapped = {"@context": [CREDENTIALS_V2], "type": ["VerifiablePresentation"]}
    inside = json.dumps(wrapped).encode()[:-1] + b', "verifiableCredential": [' + document + b"]}"
    return b'{"verifiablePresentation": ' + inside + b"}"


def answer_legacy_request(handle: str, presentation: Mapping[str, Any], *, now: datetime) -> bytes:
    """The older request: the wallet posts its answer to the challenge in the link, and gets the credential itself."""
    offer = _open(handle, now)
    challenge = open_secrets(offer.sealed).challenge
    try:
        # Compared before anything is computed, in constant time; then it must be what was signed.
        if not hmac.compare_digest(stated_challenge(presentation).encode(), challenge.encode()):
            raise ProofError("did_auth.challenge", "The presentation answers another challenge.")
        did = verify_did_auth(presentation, challenge=challenge, now=now)
    except ProofError as error:
        raise WalletRefused("invalid_presentation", error.message) from error
    return _hand_over(offer, did, "legacy", now)


def plain_document(handle: str, *, now: datetime) -> bytes:
    """The badge as it is made out to the account's address, for wallets that can only open an address."""
    offer = _open(handle, now)
    note_read(offer, now=now)
    return claim_document(offer, now=now)


def _question(handle: str, now: datetime) -> dict[str, Any]:
    return {
        "verifiablePresentationRequest": {
            "query": [{"type": "DIDAuthentication", "acceptedMethods": [{"method": "key"}]}],
            "challenge": make_nonce(_purpose(handle), now=now),
            "domain": addresses.site_origin(),
        }
    }


def _open(handle: str, now: datetime) -> Offer:
    offer = find_open(handle=handle, now=now)
    if offer.guarded:
        raise not_open()
    return offer


def _purpose(handle: str) -> str:
    """A question asked in one exchange cannot be answered in another."""
    return f"exchange.{digest(handle)}"


@transaction.atomic
def _hand_over(offer: Offer, did: str, protocol: str, now: datetime) -> bytes:
    made = claim_for_dids(redeem(offer, now=now), [did], protocol=protocol, now=now)
    if not made.documents:
        # Takes the redemption back: the offer stays open, the wallet shall simply try again.
        raise WalletRefused("not_ready", "The badge cannot be signed right now. Try again in a minute.", 503)
    return made.documents[0]
