"""OpenID for Verifiable Credential Issuance 1.0: each function answers one request of a wallet.

The bytes of a credential are those that were signed: they go into the answer as they are, never through a parser and
back; a token goes in as a JSON text. A wallet gets the format that it asks for, and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from microcred_app.ob3.did_auth import stated_challenge, verify_did_auth
from microcred_app.ob3.errors import ProofError
from microcred_app.ob3.json_text import encode_json
from microcred_app.ob3.key_proofs import KeyProof, read_key_proof

from ..issuance import api as issuance
from . import addresses
from .claiming import JWT_PROTOCOL, Handover, claim_for_dids, claim_waiting, report_event
from .credential_request import read_request
from .data import WalletAnswer
from .errors import WalletRefused
from .making import find_open, note_read
from .metadata import offered_formats
from .models import AccessToken
from .oauth import NONCE_PURPOSE, bearer_offer
from .offer_content import offer_content
from .offer_secrets import NONCE_LIFE, make_nonce, open_secrets, use_nonce

__all__ = [
    "answer_credential_request",
    "answer_deferred_request",
    "answer_notification",
    "new_nonce",
    "offer_document",
]

#: When a wallet that has to wait shall come back, in seconds, and for how long it may.
INTERVAL = 10
WAIT = timedelta(days=1)
_PROTOCOL = "oid4vci"


def offer_document(handle: str, *, wanted: str = issuance.LDP_VC, now: datetime) -> dict[str, Any]:
    """The offer by reference (section 4.1) of the format *wanted*, for whoever has its address; raises OfferNotFound.

    It names one format, because wallets fetch everything that an offer names: two would be the badge twice.
    """
    offer = find_open(handle=handle, now=now)
    names = [name for name, kind in offered_formats().items() if kind == wanted]
    if not names:
        raise WalletRefused("invalid_request", "Badges are not offered in this format here.")
    note_read(offer, now=now)
    return offer_content(offer, open_secrets(offer.sealed), names[0])


def new_nonce(*, now: datetime) -> dict[str, Any]:
    """A nonce for key proofs (section 7). Nothing is stored before it is used."""
    return {"c_nonce": make_nonce(NONCE_PURPOSE, now=now)}


def answer_credential_request(bearer: str, body: Mapping[str, Any], *, now: datetime) -> WalletAnswer:
    """Answer ``POST …/credential`` (section 8). *bearer* is the ``Authorization`` header.

    Raises :class:`WalletRefused`. A nonce is used up by the first request whose proofs hold, whatever follows.
    """
    token, offer = bearer_offer(bearer, now=now)
    request = read_request(body)
    proofs = [_prove(text, token, now) for text in request.proofs]
    proofs += [_prove_by_presentation(document, now) for document in request.presentations]
    dids = [proof.did for proof in proofs]
    if len(set(dids)) != len(dids):
        raise WalletRefused("invalid_proof", "A key is there twice.")
    nonces = {proof.nonce for proof in proofs}
    if len(nonces) != 1:
        raise WalletRefused("invalid_proof", "All proofs of one request must have the same nonce.")
    try:
        use_nonce(nonces.pop(), NONCE_PURPOSE, now=now)
    except WalletRefused as error:
        # Drafts up to 13 have no invalid_nonce: there the refusal of the proof brings the next nonce.
        raise WalletRefused("invalid_proof" if request.is_draft else error.code, str(error)) from error
    protocol = JWT_PROTOCOL if request.wanted == issuance.JWT_VC_JSON else _PROTOCOL
    made = claim_for_dids(offer, dids, protocol=protocol, now=now)
    return _answer(made, token, now, is_draft=request.is_draft)


def answer_deferred_request(bearer: str, body: Mapping[str, Any], *, now: datetime) -> WalletAnswer:
    """Answer ``POST …/deferred`` (section 9)."""
    token, offer = bearer_offer(bearer, now=now)
    try:
        answer_id = UUID(str(body.get("transaction_id")))
    except ValueError as error:
        raise WalletRefused("invalid_transaction_id", "Nothing waits under this transaction_id.") from error
    return _answer(claim_waiting(offer, answer_id, now=now), token, now, is_draft=False)


def answer_notification(bearer: str, body: Mapping[str, Any], *, now: datetime) -> None:
    """Take ``POST …/notification`` (section 11): what became of the credential in the wallet."""
    _token, offer = bearer_offer(bearer, now=now)
    given = [body.get(name, "") for name in ("notification_id", "event", "event_description")]
    if not all(isinstance(text, str) for text in given):
        raise WalletRefused("invalid_notification_request", "Send notification_id and event as texts.")
    report_event(offer, given[0], given[1], given[2], now=now)


def _prove(text: str, token: AccessToken, now: datetime) -> KeyProof:
    try:
        proof = read_key_proof(text, audience=addresses.issuer_id(), now=now)
    except ProofError as error:
        raise WalletRefused("invalid_proof", error.message) from error
    if token.code_id is not None and proof.client_id not in ("", token.client_id):
        raise WalletRefused("invalid_proof", "The proof is of another client than the token.")
    return proof


def _prove_by_presentation(document: Mapping[str, Any], now: datetime) -> KeyProof:
    """The same by a presentation (``di_vp``, appendix F.2): made for this issuer, with the nonce as its challenge."""
    try:
        nonce = stated_challenge(document)
        return KeyProof(
            verify_did_auth(document, challenge=nonce, domain=addresses.issuer_id(), now=now), nonce, ""
        )
    except ProofError as error:
        raise WalletRefused("invalid_proof", error.message) from error


@transaction.atomic
def _answer(made: Handover, token: AccessToken, now: datetime, *, is_draft: bool) -> WalletAnswer:
    if not made.documents:
        AccessToken.objects.filter(pk=token.pk).update(expires_at=now + WAIT)
        return WalletAnswer(202, {"transaction_id": str(made.answer_id), "interval": INTERVAL})
    body: dict[str, Any] = {"notification_id": str(made.answer_id)}
    if is_draft:
        body |= {
            "c_nonce": make_nonce(NONCE_PURPOSE, now=now),
            "c_nonce_expires_in": int(NONCE_LIFE.total_seconds()),
        }
    return WalletAnswer(200, _with_documents(body, made.documents, is_draft))


def _with_documents(body: dict[str, Any], documents: tuple[bytes, ...], is_draft: bool) -> bytes:
    """The JSON text of the answer, with each document's own bytes in it; a token is no JSON and becomes a text."""
    documents = tuple(one if one.startswith(b"{") else b'"%b"' % one for one in documents)
    entries = b",".join(b'{"credential":' + document + b"}" for document in documents)
    single = b',"credential":' + documents[0] if is_draft else b""
    return encode_json(body)[:-1] + b',"credentials":[' + entries + b"]" + single + b"}"
