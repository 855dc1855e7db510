"""A key proof shows that a wallet holds a key now: a token signed with it, made for this issuer, with a fresh nonce.

The wallet names its key in the token's header, so the token itself must never decide what is believed: the algorithm
is the one of the key, the key is read from a DID that carries it (``did:key``, ``did:jwk``) or from the header, never
fetched, and a header with any member that is not known here to be harmless is refused. Whether the nonce is fresh
and unused is the caller's to decide; it is returned.

OpenID for Verifiable Credential Issuance 1.0, appendix F.1 (``jwt`` proof type) and section 8.2.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from microcred_app.ob3.dids import did_jwk, public_key, resolve_did_jwk, resolve_did_key
from microcred_app.ob3.errors import Ob3Error, ProofError
from microcred_app.ob3.json_input import Limits, parse_json
from microcred_app.ob3.public_keys import PublicKey, decode_base64url

__all__ = ["ALGORITHMS", "OLDEST", "KeyProof", "read_key_proof"]

ALGORITHMS = ("EdDSA", "ES256")
#: A proof is made for one request; clocks of telephones go wrong by minutes.
OLDEST = timedelta(minutes=5)
_AHEAD = timedelta(minutes=2)
_TYPE = "openid4vci-proof+jwt"
_LONGEST = 8_000
_LIMITS = Limits(max_bytes=_LONGEST, max_depth=6, max_values=100, max_items=50)
_HEADER = frozenset({"alg", "typ", "kid", "jwk"})


@dataclass(frozen=True)
class KeyProof:
    """What a proof showed: the DID of the key it was made with, the nonce in it, and who the wallet says it is."""

    did: str
    nonce: str
    client_id: str


def read_key_proof(token: str, *, audience: str, now: datetime) -> KeyProof:
    """Return what *token* proves, or raise `ProofError`.

    *audience* is the identifier of the credential issuer: a proof made for another one is refused.
    """
    if now.tzinfo is None or not audience:
        raise ProofError("key_proof.caller", "Give the moment with its time zone, and the audience.")
    if not isinstance(token, str) or len(token) > _LONGEST or not token.isascii():
        raise ProofError("key_proof.syntax", "The proof must be a compact JSON Web Signature.")
    parts = token.split(".")
    if len(parts) != 3:
        raise ProofError("key_proof.syntax", "The proof must be a compact JSON Web Signature.")
    try:
        header, claims = (_object(part) for part in parts[:2])
        did, key = _key_of(header, now)
        signature = decode_base64url(parts[2].encode())
        holds = key.algorithm == header["alg"] and key.verifies(f"{parts[0]}.{parts[1]}".encode(), signature)
    except ProofError:
        raise
    except Ob3Error as error:
        raise ProofError("key_proof.unusable", error.message) from error
    if not holds:
        raise ProofError("key_proof.mismatch", "The proof was not made with the key that it names.")
    _check_claims(claims, audience, now)
    return KeyProof(did, _text(claims, "nonce"), _text(claims, "iss"))


def _object(part: str) -> Mapping[str, Any]:
    value = parse_json(decode_base64url(part.encode()), _LIMITS)
    if not isinstance(value, dict):
        raise ProofError("key_proof.syntax", "Header and payload of the proof must be JSON objects.")
    return value


def _key_of(header: Mapping[str, Any], now: datetime) -> tuple[str, PublicKey]:
    """The holder's DID and key; exactly one of ``kid`` and ``jwk`` names them."""
    if header.get("typ") != _TYPE:
        raise ProofError("key_proof.type", f"The proof's typ must be {_TYPE}.")
    if header.get("alg") not in ALGORITHMS:
        raise ProofError("key_proof.algorithm", "The proof must be signed with EdDSA or ES256.")
    unknown = sorted(set(header) - _HEADER)
    if unknown:
        raise ProofError("key_proof.header", f"The proof's header has “{unknown[0][:40]}”.")
    if ("kid" in header) == ("jwk" in header):
        raise ProofError("key_proof.key", "The proof's header must name its key as kid or as jwk, not both.")
    if "jwk" in header:
        key = PublicKey.from_jwk(header["jwk"])
        return did_jwk(key), key
    kid = header["kid"]
    if not isinstance(kid, str) or not kid.startswith(("did:key:", "did:jwk:")):
        raise ProofError("key_proof.did", "The proof's kid must be the address of a did:key or did:jwk.")
    did, hash_sign, _fragment = kid.partition("#")
    document = resolve_did_key(did) if did.startswith("did:key:") else resolve_did_jwk(did)
    method = kid if hash_sign else document["verificationMethod"][0]["id"]
    return did, public_key(document, method, now, "authentication")


def _check_claims(claims: Mapping[str, Any], audience: str, now: datetime) -> None:
    stated = claims.get("aud")
    if stated != audience and stated != [audience]:
        raise ProofError("key_proof.audience", "The proof was made for another issuer.")
    issued = _moment(claims, "iat")
    if issued is None:
        raise ProofError("key_proof.time", "The proof does not say when it was made.")
    age = now.timestamp() - issued
    if not -_AHEAD.total_seconds() <= age <= OLDEST.total_seconds():
        raise ProofError("key_proof.time", "The proof is too old, or its clock goes wrong. Make a new one.")
    expires, begins = _moment(claims, "exp"), _moment(claims, "nbf")
    ahead = now.timestamp() + _AHEAD.total_seconds()
    if (expires is not None and expires <= now.timestamp()) or (begins is not None and begins > ahead):
        raise ProofError("key_proof.time", "The proof is not in force now.")


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ProofError("key_proof.time", f"The proof's claim “{name}” must be a number.")
    return value


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str):
        raise ProofError("key_proof.claim", f"The proof's claim “{name}” must be a text.")
    return value
