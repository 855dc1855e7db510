"""A credential as compact JSON Web Signature: every claim that repeats the credential is compared with it.

Two readers that look at different places (``iss`` or ``issuer``, ``exp`` or ``validUntil``) must see one thing. The
algorithm is the one of the key; a header that names another, or anything this module does not know to be
harmless, is refused.

Open Badges 3.0 section "JSON Web Token Proof Format" (``typ`` JWT; ``iss``, ``jti``, ``nbf``, ``sub``, ``exp``);
Securing VCs with JOSE and COSE section 3 (``typ`` vc+jwt) for enveloped credentials; VCDM 1.1 section 6.3.1 for
tokens that carry a credential of the older model in the claim ``vc`` (`vcdm_1`).
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from microcred_app.ob3.errors import DocumentError, InputError, KeyFormatError, ProofError
from microcred_app.ob3.jose_signing import JoseSigner
from microcred_app.ob3.json_input import Limits, parse_json
from microcred_app.ob3.json_text import encode_json
from microcred_app.ob3.public_keys import ALGORITHMS, PublicKey, decode_base64url, encode_base64url
from microcred_app.ob3.secured_text import SecuredReader
from microcred_app.ob3.structure import OBJECT
from microcred_app.ob3.timestamps import parse_time
from microcred_app.ob3.vcdm_1 import newer_form, older_form, read_claim

__all__ = [
    "JwtCredential",
    "envelope_jwt",
    "is_compact_jws",
    "read_enveloped",
    "read_jwt",
    "require_today",
    "sign_jwt",
    "sign_older_jwt",
]

_COMPACT = re.compile(rb"\s*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*")
_ENVELOPE = "data:application/vc+jwt,"
_HEADER_MEMBERS = frozenset({"alg", "typ", "cty", "kid", "jwk", "iss"})
_TYPES = frozenset({None, "JWT", "vc+jwt", "vc+ld+jwt", "application/vc+jwt"})
_MAX_HEADER = 8_000
_LONGEST_TIME = 60
_LIMITS = Limits()
_CLAIMS = ("iss", "jti", "nbf", "sub", "exp")


class JwtCredential(NamedTuple):
    """A token taken apart: nothing in it is believed before `holds` and `check_claims` say so.

    Where it carries a credential of the older data model, `older` is that credential, `document` the same with the
    names of today's model, and `claims` is what stands beside it.
    """

    header: Mapping[str, Any]
    document: Mapping[str, Any]
    signed: bytes
    signature: bytes
    older: Mapping[str, Any] | None = None
    claims: Mapping[str, Any] | None = None

    def holds(self, key: PublicKey) -> bool:
        """Return whether the token was signed with *key*, by the algorithm of that key."""
        return self.header["alg"] == key.algorithm and key.verifies(self.signed, self.signature)

    def check_claims(self) -> None:
        """Raise `ProofError` when a claim differs from the member of the credential that it repeats."""
        strict = self.header.get("typ") in (None, "JWT")
        claims = self.document if self.claims is None else self.claims
        for name, meant in _claims(self.document).items():
            stated = claims.get(name)
            if stated is None and (meant is None or not strict):
                continue  # VC-JOSE leaves all of them optional
            if stated != meant or isinstance(stated, bool):
                raise ProofError("jwt.claim", f"The claim “{name}” does not match the credential.")


def sign_jwt(document: Mapping[str, Any], signer: JoseSigner, *, key_id: str = "") -> bytes:
    """Return *document* as token; the public key is embedded, unless *key_id* (a DID URL) names it.

    Raises `DocumentError` when the credential lacks what a claim must repeat: the proof format needs
    ``credentialSubject.id``.
    """
    claims = {name: value for name, value in _claims(document).items() if value is not None}
    missing = [name for name in ("iss", "jti", "nbf", "sub") if name not in claims]
    if missing or "proof" in document or any(name in document for name in _CLAIMS):
        raise DocumentError("document", f"cannot become a token: {missing or 'it is secured already'}.")
    try:
        payload = b"%b,%b" % (encode_json(document)[:-1], encode_json(claims)[1:])
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError("document", f"cannot be written as JSON: {error}", "document.json") from error
    signed = b"%b.%b" % (_header(signer.key, key_id), encode_base64url(payload))
    return b"%b.%b" % (signed, encode_base64url(signer.sign(signed)))


def envelope_jwt(document: Mapping[str, Any], signer: JoseSigner, *, key_id: str) -> bytes:
    """Return *document* as ``application/vc+jwt``: the credential itself is the payload, *key_id* a DID URL.

    No claim repeats the credential, so a credential without ``credentialSubject.id`` can be a token as well. With an
    Ed25519 key the same credential always gives the same bytes (RFC 8032).

    Securing VCs with JOSE and COSE section 3.1. Raises `DocumentError` for what is secured already or is no JSON.
    """
    if "proof" in document or any(name in document for name in _CLAIMS):
        raise DocumentError("document", "cannot become a token: it is secured already.")
    try:
        payload = encode_json(document)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError("document", f"cannot be written as JSON: {error}", "document.json") from error
    header = encode_json({"alg": signer.key.algorithm, "typ": "vc+jwt", "cty": "vc", "kid": key_id})
    signed = b"%b.%b" % (encode_base64url(header), encode_base64url(payload))
    return b"%b.%b" % (signed, encode_base64url(signer.sign(signed)))


def sign_older_jwt(document: Mapping[str, Any], signer: JoseSigner, *, key_id: str) -> bytes:
    """Return what the unsigned *document* says as a token of the older data model; *key_id* is a DID URL.

    The credential stands in ``vc`` (`vcdm_1.older_form`), the claims beside it repeat its identifiers and times. Only
    for wallets that ask for ``jwt_vc_json``. Raises `DocumentError` for what that model cannot carry.
    """
    older = older_form(document)
    claims = {name: value for name, value in _claims(document).items() if value is not None}
    missing = [name for name in ("iss", "jti", "nbf", "sub") if name not in claims]
    if missing:
        raise DocumentError("document", f"cannot become a token: {missing} is missing.")
    try:
        payload = encode_json({**claims, "vc": older})
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError("document", f"cannot be written as JSON: {error}", "document.json") from error
    signed = b"%b.%b" % (_header(signer.key, key_id), encode_base64url(payload))
    return b"%b.%b" % (signed, encode_base64url(signer.sign(signed)))


def is_compact_jws(data: bytes) -> bool:
    """Return whether *data* looks like a compact JSON Web Signature."""
    return not data.startswith(b"{") and _COMPACT.fullmatch(data) is not None


def read_jwt(token: bytes, reader: SecuredReader, limits: Limits | None = None) -> JwtCredential:
    """Return *token* taken apart; raises `InputError` when it cannot be read, `ProofError` when not allowed."""
    if len(token) > (limits or _LIMITS).max_bytes:
        raise InputError("input.too_large", "The token is longer than what is read.")
    signed, _, last = token.strip().rpartition(b".")
    first, _, middle = signed.partition(b".")
    if signed.count(b".") != 1 or len(first) > _MAX_HEADER:
        raise InputError("jwt.syntax", "This is not a compact JSON Web Signature.")
    try:
        payload, signature = decode_base64url(middle), decode_base64url(last)
        header = (_read_header if len(first) < 1_000 else _read_header.__wrapped__)(first)
    except KeyFormatError as error:
        raise InputError("jwt.syntax", "The token is not base64url.") from error
    document = reader.read_payload(payload, limits)
    if not isinstance(document, dict):
        raise InputError("jwt.syntax", "The payload of the token must be a JSON object.")
    if "vc" in document:
        if header.get("typ") not in (None, "JWT"):
            raise ProofError("jwt.vc_claim", "A token of this type is the credential; it has no claim “vc”.")
        older = read_claim(document)
        return JwtCredential(header, newer_form(older), signed, signature, older, document)
    return JwtCredential(header, document, signed, signature)


def require_today(token: JwtCredential) -> JwtCredential:
    """Return *token*, which came in an envelope; raises `ProofError` when it is of the older data model."""
    if token.older is not None:
        raise ProofError("jwt.envelope", "The envelope is for credentials of another data model.")
    return token


def read_enveloped(document: Mapping[str, Any]) -> bytes | None:
    """Return the token inside an ``EnvelopedVerifiableCredential``, or None when *document* is none."""
    types = document.get("type")
    if types not in ("EnvelopedVerifiableCredential", ["EnvelopedVerifiableCredential"]):
        return None
    address = document.get("id")
    if not isinstance(address, str) or not address.startswith(_ENVELOPE):
        raise ProofError("jwt.unsupported_envelope", "The envelope is of a kind that is not supported.")
    if set(document) - {"@context", "id", "type"}:
        raise ProofError("jwt.envelope", "The envelope says more than what it carries.")
    return address[len(_ENVELOPE) :].encode()


@lru_cache(maxsize=256)  # tokens of one issuer have one header
def _read_header(text: bytes) -> Mapping[str, Any]:
    header = parse_json(decode_base64url(text))
    if not isinstance(header, dict):
        raise InputError("jwt.syntax", "The header of the token must be a JSON object.")
    _require_header(header)
    return header


def _require_header(header: Mapping[str, Any]) -> None:
    if header.get("alg") not in ALGORITHMS.values():
        raise ProofError(
            "jwt.unsupported_algorithm", "The token is signed with an algorithm that is not supported."
        )
    unknown = set(header) - _HEADER_MEMBERS
    if unknown:
        raise ProofError("jwt.unsupported_header", f"The token's header has “{sorted(unknown)[0][:40]}”.")
    kind = header.get("typ")
    if not isinstance(kind, str | None) or kind not in _TYPES:
        raise ProofError("jwt.unsupported_type", "The token is of a type that is not supported.")


def _claims(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return each claim of `_CLAIMS` as the members of *document* have it, None where they say nothing."""
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    return {
        "iss": issuer.get("id") if isinstance(issuer, OBJECT) else issuer,
        "jti": document.get("id"),
        "nbf": _seconds("validFrom", document),
        "sub": subject.get("id") if isinstance(subject, OBJECT) else None,
        "exp": _seconds("validUntil", document),
    }


def _seconds(name: str, document: Mapping[str, Any]) -> int | None:
    if name not in document:
        return None
    text = document[name]
    if not isinstance(text, str) or len(text) > _LONGEST_TIME:
        raise ProofError("jwt.time", f"{name}: must be a date and time with time zone.")
    return _seconds_of(name, text)


@lru_cache(maxsize=4_096)  # a batch shares its times
def _seconds_of(name: str, text: str) -> int:
    try:
        return int(parse_time(name, text).timestamp())
    except DocumentError as error:
        raise ProofError("jwt.time", error.message) from error


@lru_cache(maxsize=64)
def _header(key: PublicKey, key_id: str) -> bytes:
    named: dict[str, Any] = {"kid": key_id} if key_id else {"jwk": key.jwk()}
    return encode_base64url(encode_json({"alg": key.algorithm, "typ": "JWT", **named}))
