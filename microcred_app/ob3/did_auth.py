"""A wallet's answer to "show that you hold a key" has one exact form, and anything else is refused unread.

What a wallet posts is a stranger's JSON-LD. Turning it into statements can be made to cost without bound by whoever
writes it, so before a single context is opened the document must look exactly as wallets write it: known members,
known contexts, texts where texts stand, one proof, no credentials inside. What passes has at most a dozen
statements and one blank node.

Two forms are known: ``Ed25519Signature2020``, which wallets of the Digital Credentials Consortium sign, and
``eddsa-rdfc-2022``. VC-API "DIDAuthentication"; VC Data Integrity 1.0 section 4.2.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from microcred_app.ob3.contexts import CREDENTIALS_V2, ED25519_2020_V1
from microcred_app.ob3.dids import resolve_did_key
from microcred_app.ob3.errors import ProofError
from microcred_app.ob3.json_text import encode_json
from microcred_app.ob3.presentations import holder_of, verify_presentation
from microcred_app.ob3.report import COULD_NOT_CHECK, PASSED

__all__ = ["MAX_BYTES", "require_form", "stated_challenge", "verify_did_auth"]

MAX_BYTES = 8_000
_LONGEST = 1_000
_CONTEXTS = ([CREDENTIALS_V2], [CREDENTIALS_V2, ED25519_2020_V1])
_MEMBERS = frozenset({"@context", "type", "id", "holder", "proof"})
_PROOF = frozenset(
    {
        "type",
        "cryptosuite",
        "created",
        "verificationMethod",
        "proofPurpose",
        "challenge",
        "domain",
        "proofValue",
    }
)


def verify_did_auth(document: Mapping[str, Any], *, challenge: str, domain: str = "", now: datetime) -> str:
    """Return the DID (a ``did:key``) whose holder answered *challenge* for *domain*, or raise `ProofError`."""
    require_form(document)
    report = verify_presentation(
        encode_json(document), now=now, challenge=challenge, domain=domain, resolve_did=resolve_did_key
    )
    for check in report.checks:
        if check.code in ("structure", "signature", "holder") and check.outcome != PASSED:
            unsure = check.outcome == COULD_NOT_CHECK
            raise ProofError(check.reason, check.detail or check.message if unsure else check.message)
    return holder_of(document)


def stated_challenge(document: Mapping[str, Any]) -> str:
    """Return the challenge that *document* says it answers; nothing in it is proved yet."""
    return str(require_form(document)["challenge"])


def require_form(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the one proof of *document*, or raise `ProofError` unless it has the one form that is read here."""
    if not isinstance(document, Mapping) or set(document) - _MEMBERS:
        raise _refused("It may have @context, type, id, holder and proof, and nothing else.")
    if document.get("@context") not in _CONTEXTS:
        raise _refused("Its contexts must be credentials/v2 and, for Ed25519Signature2020, ed25519-2020/v1.")
    if document.get("type") not in ("VerifiablePresentation", ["VerifiablePresentation"]):
        raise _refused("Its type must be VerifiablePresentation.")
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, Mapping) or set(proof) - _PROOF or "challenge" not in proof:
        raise _refused("It must carry one proof that answers a challenge.")
    texts = [*proof.values(), *(document[name] for name in ("id", "holder") if name in document)]
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in texts):
        raise _refused("What it says must be short texts.")
    if not str(document.get("holder", "")).startswith("did:key:"):
        raise _refused("Its holder must be a did:key.")
    if len(encode_json(document)) > MAX_BYTES:
        raise _refused(f"It may have {MAX_BYTES} bytes at most.")
    return proof


def _refused(what: str) -> ProofError:
    return ProofError("did_auth.form", f"This is not the presentation that was asked for. {what}")
