"""The same badge in the older data model, and a token that carries it read as one of today.

Wallets that ask for ``jwt_vc_json`` read what Verifiable Credentials Data Model 1.1 says: the credential stands in the
claim ``vc``, begins with another context, and has ``issuanceDate`` and ``expirationDate``. Open Badges 3.0 lets
verifiers meet that form (its AnyAchievementCredential) and tells issuers to make the newer one, so nothing here is
signed on its own: it is a second way to say what a signed credential says already.

A reader that goes by the claims and one that goes by the members must see one credential. What the credential leaves
out is taken from its claim, as the specification says; what both state is compared (`JwtCredential.check_claims`); a
payload that is a second credential beside ``vc`` is refused.

Verifiable Credentials Data Model 1.1 section 6.3.1; OpenID4VCI 1.0 appendix A.1.1.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from microcred_app.ob3.contexts import CREDENTIALS_V1, CREDENTIALS_V2, OB_3_0_3, STATUS_V1, bundled_contexts
from microcred_app.ob3.errors import DocumentError, ProofError
from microcred_app.ob3.structure import OBJECT
from microcred_app.ob3.timestamps import format_time, parse_time

__all__ = ["DIGEST_TERM", "newer_form", "older_form", "read_claim", "require_older", "unknown_contexts"]

#: Contexts of the older model have no word for the digest of a file; this is the newer model's own definition of it.
DIGEST_TERM = {
    "digestMultibase": {
        "@id": "https://w3id.org/security#digestMultibase",
        "@type": "https://w3id.org/security#multibase",
    }
}
_DATES = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}
_CARRIED = frozenset(
    {
        *("@context", "id", "type", "name", "description", "image", "issuer", "awardedDate"),
        *("credentialSubject", "credentialStatus", "evidence", "validFrom", "validUntil"),
    }
)
#: What would make the payload itself a credential, or a presentation, beside the one in ``vc``.
_SECOND = frozenset(
    {
        *("@context", "id", "type", "issuer", "credentialSubject", "credentialStatus", "evidence", "proof"),
        *("validFrom", "validUntil", "issuanceDate", "expirationDate", "verifiableCredential", "vp"),
    }
)
_LAST_SECOND = 253_402_300_799


def older_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the unsigned *document* of today's model as one of the older model, with the same words.

    Raises `DocumentError` for what cannot be said there without losing meaning: members that this does not know,
    endorsements (which are signed credentials of today's model), and a holder without identifier.
    """
    surplus = sorted(set(document) - _CARRIED)
    if surplus:
        raise DocumentError(surplus[0], "has no place in a token of the older data model.")
    if document.get("@context") != [CREDENTIALS_V2, OB_3_0_3]:
        raise DocumentError(
            "@context", "other contexts than those of Open Badges 3.0.3 are not carried over."
        )
    subject = document.get("credentialSubject")
    if not isinstance(subject, OBJECT) or not subject.get("id"):
        raise DocumentError("credentialSubject.id", "the holder must be named by an identifier.")
    for place in (document.get("issuer"), subject.get("achievement")):
        if isinstance(place, OBJECT) and {"endorsement", "endorsementJwt"} & place.keys():
            raise DocumentError("endorsement", "has no place in a token of the older data model.")
    contexts: list[Any] = [CREDENTIALS_V1, OB_3_0_3]
    if "credentialStatus" in document:
        contexts.append(STATUS_V1)
    if any("digestMultibase" in entry for entry in document.get("evidence", [])):
        contexts.append(DIGEST_TERM)
    said = {_DATES.get(name, name): value for name, value in document.items()}
    return {**said, "@context": contexts}


def newer_form(older: Mapping[str, Any]) -> dict[str, Any]:
    """Return *older* with the names of today's model, so that one verifier reads both; nothing is checked."""
    names = {theirs: ours for ours, theirs in _DATES.items()}
    said = {names.get(name, name): value for name, value in older.items()}
    contexts = older.get("@context")
    if isinstance(contexts, list) and contexts and contexts[0] == CREDENTIALS_V1:
        said["@context"] = [CREDENTIALS_V2, *contexts[1:]]
    return said


def read_claim(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the credential in the claim ``vc`` of *payload*, with what it leaves to the other claims.

    Raises `ProofError` when there is none or a second one.
    """
    stated = payload.get("vc")
    if not isinstance(stated, dict):
        raise ProofError("jwt.vc_claim", "The claim “vc” must be a JSON object.")
    second = sorted(_SECOND & payload.keys())
    if second:
        raise ProofError(
            "jwt.two_credentials", f"The token says “{second[0]}” beside the credential in “vc”."
        )
    found = dict(stated)
    for claim, name in (("nbf", "issuanceDate"), ("exp", "expirationDate")):
        if claim in payload and name not in found:
            found[name] = _moment(claim, payload[claim])
    if "jti" in payload:
        found.setdefault("id", payload["jti"])
    for claim, name in (("iss", "issuer"), ("sub", "credentialSubject")):
        if claim in payload:
            found[name] = _named(found.get(name), payload[claim], is_issuer=name == "issuer")
    return found


def require_older(older: Mapping[str, Any]) -> None:
    """Raise `DocumentError` for what makes *older* none of its model, before it is read as one of today's."""
    contexts = older.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != CREDENTIALS_V1:
        raise DocumentError("@context", f"must be a list that begins with {CREDENTIALS_V1}.")
    for ours, theirs in _DATES.items():
        if ours in older:
            raise DocumentError(ours, f"is not of this data model, which says {theirs}.")
    if "proof" in older:
        raise DocumentError("proof", "stands in a token, which is the proof.")
    parse_time("issuanceDate", older.get("issuanceDate"))


def unknown_contexts(document: Mapping[str, Any]) -> list[Any]:
    """Return the contexts of *document*, of either model, that are not known here."""
    contexts = document.get("@context")
    listed = contexts if isinstance(contexts, list) else [contexts]
    known = bundled_contexts()
    is_older = CREDENTIALS_V1 in listed[:1]
    return [entry for entry in listed if entry not in known and not (is_older and entry == DIGEST_TERM)]


def _named(member: Any, claim: Any, *, is_issuer: bool) -> Any:
    """The member with the identifier that its claim states, where it has none of its own."""
    if member is None:
        return claim if is_issuer else {"id": claim}
    if isinstance(member, dict) and "id" not in member:
        return {"id": claim, **member}
    return member


def _moment(claim: str, seconds: Any) -> str:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= _LAST_SECOND:
        raise ProofError("jwt.time", f"The claim “{claim}” is not a time.")
    return format_time(claim, datetime.fromtimestamp(seconds, UTC))
