"""Who signed a token: the same three questions as `attribution` answers for documents with a proof inside.

A key inside the token's header proves nothing by itself: it must be one that the issuer publishes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from microcred_app.ob3.attribution import Attribution, Resolver, check_issuer, find_document
from microcred_app.ob3.dids import assertion_keys, public_key
from microcred_app.ob3.errors import DidError, KeyFormatError, Ob3Error, ProofError
from microcred_app.ob3.jwt_credential import JwtCredential
from microcred_app.ob3.public_keys import PublicKey
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, PASSED, Check
from microcred_app.ob3.structure import issuer_id

__all__ = ["attribute_token"]


def attribute_token(token: JwtCredential, resolve_did: Resolver | None, now: datetime) -> Attribution:
    """Return who signed *token*; its claims are compared with the credential on the way."""
    issuer = issuer_id(token.document)
    did_document, problem = find_document(issuer, resolve_did)
    issuer_check = check_issuer(token.document, issuer, did_document, problem)
    ownership, key = _find_key(token, issuer, did_document, problem, now)
    return Attribution(_check_signature(token, key, ownership), ownership, issuer_check)


def _find_key(
    token: JwtCredential,
    issuer: str,
    did_document: Mapping[str, Any] | None,
    problem: str,
    now: datetime,
) -> tuple[Check, PublicKey | None]:
    try:
        embedded = PublicKey.from_jwk(token.header["jwk"]) if "jwk" in token.header else None
    except KeyFormatError as error:
        return Check("key_ownership", FAILED, error.code, error.message), None
    name = token.header.get("kid", "")
    if not isinstance(name, str) or (name and "#" in name and name.split("#")[0] not in (issuer, "")):
        message = "The key that signed does not belong to the issuer."
        return Check("key_ownership", FAILED, "key.other_issuer", message, str(name)[:300]), embedded
    if did_document is None:
        message = "Whether the key belongs to the issuer could not be looked up."
        return Check("key_ownership", COULD_NOT_CHECK, "key.issuer_unreachable", message, problem), embedded
    try:
        key = _published_key(did_document, issuer, name, embedded, now)
    except (DidError, KeyFormatError) as error:
        outcome = COULD_NOT_CHECK if error.code == "key.not_named" else FAILED
        return Check("key_ownership", outcome, error.code, error.message), embedded
    message = "The key that signed is one the issuer publishes for signing credentials."
    return Check("key_ownership", PASSED, "key.published", message, name), key


def _published_key(
    did_document: Mapping[str, Any], issuer: str, name: str, embedded: PublicKey | None, now: datetime
) -> PublicKey:
    """Return the issuer's key that is named, or embedded, or the only one; they must not contradict each other."""
    if "#" in name:
        key = public_key(did_document, f"{issuer}#{name.split('#')[1]}", now)
        if embedded not in (None, key):
            raise DidError("key.contradiction", "The token names one key and carries another.")
        return key
    keys = assertion_keys(did_document, now)
    if embedded is not None:
        if embedded not in keys:
            raise DidError("key.not_published", "The key in the token is not one the issuer publishes.")
        return embedded
    if len(keys) != 1 or name not in ("", issuer):
        raise DidError(
            "key.not_named", "The token does not say with which of the issuer's keys it was signed."
        )
    return keys[0]


def _check_signature(token: JwtCredential, key: PublicKey | None, ownership: Check) -> Check:
    if key is None:
        message = "The signature could not be checked without the key."
        return Check("signature", COULD_NOT_CHECK, "signature.no_key", message, ownership.message)
    try:
        if not token.holds(key):
            return Check("signature", FAILED, "signature.mismatch", "The credential is not as it was signed.")
        token.check_claims()
    except ProofError as error:
        return Check("signature", FAILED, error.code, error.message)
    except Ob3Error as error:
        return Check("signature", COULD_NOT_CHECK, error.code, error.message)
    return Check("signature", PASSED, "signature.holds", "The credential is exactly as it was signed.")
