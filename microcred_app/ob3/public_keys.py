"""A public key knows its own kind and verifies only with the one algorithm that belongs to it.

The classical forgery of JSON Web Tokens lets the token say how it wants to be verified. Here the algorithm comes
from the key: Ed25519 with EdDSA, P-256 with ES256, RSA of 2048 bits or more with RS256. There is no other.

Controlled Identifiers 1.0 section 2.2 (Multikey, JsonWebKey); RFC 7517, 7518, 8037.
"""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from microcred_app.ob3.errors import KeyFormatError
from microcred_app.ob3.multikey import decode_multibase58, decode_multikey, encode_base58btc, encode_multikey
from microcred_app.ob3.signing import signature_matches

__all__ = ["ALGORITHMS", "PublicKey", "decode_base64url", "encode_base64url"]

ALGORITHMS = {"Ed25519": "EdDSA", "P-256": "ES256", "RSA": "RS256"}
_P256_PUBLIC = b"\x80\x24"
# What may stand at the end of base64url, by how many characters follow the last four: the bits left over are zero.
_LAST = {2: b"AQgw", 3: b"AEIMQUYcgkosw048"}
_MAX_RSA_BITS = 8_192


def encode_base64url(data: bytes) -> bytes:
    """Return *data* in base64url without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").replace(b"+", b"-").replace(b"/", b"_")


def decode_base64url(text: bytes) -> bytes:
    """Return the bytes of base64url *text* without padding, or raise `KeyFormatError`; one value has one spelling."""
    if b"+" in text or b"/" in text or b"=" in text:
        raise KeyFormatError("key.alphabet", "The text is not base64url without padding.")
    try:
        # Both characters are rare: replacing them is faster than translating every one.
        plain = text.replace(b"-", b"+").replace(b"_", b"/")
        data = binascii.a2b_base64(plain + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error as error:
        raise KeyFormatError("key.alphabet", "The text is not base64url without padding.") from error
    if len(text) % 4 and text[-1] not in _LAST[len(text) % 4]:
        raise KeyFormatError("key.alphabet", "The text has stray bits at its end.")
    return data


@dataclass(frozen=True)
class PublicKey:
    """One public key: `data` is 32 bytes (Ed25519), a compressed point of 33 (P-256), or modulus and exponent."""

    kind: str
    data: bytes
    exponent: int = 0

    @property
    def algorithm(self) -> str:
        """The one JOSE algorithm this key verifies."""
        return ALGORITHMS[self.kind]

    @classmethod
    def from_multikey(cls, text: str) -> "PublicKey":
        """Return the key of ``z6Mk…`` (Ed25519) or ``zDn…`` (P-256) *text*."""
        if not isinstance(text, str) or not text.startswith("zDn"):
            return cls("Ed25519", decode_multikey(text))
        data = decode_multibase58(text)
        if not data.startswith(_P256_PUBLIC) or len(data) != 35:
            raise KeyFormatError("key.kind", "This is not a P-256 public key in Multikey form (zDn…).")
        return cls("P-256", _checked_point(data[2:]))

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "PublicKey":
        """Return the key in *jwk*; a private member, another curve or a weak key is refused."""
        if not isinstance(jwk, Mapping) or "d" in jwk or "k" in jwk:
            raise KeyFormatError("key.jwk", "The JSON Web Key is not a public key.")
        if jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519":
            return cls("Ed25519", _member(jwk, "x", 32))
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
            x, y = _member(jwk, "x", 32), _member(jwk, "y", 32)
            try:
                point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + x + y)
            except ValueError as error:
                raise KeyFormatError("key.point", "The key is not a point of the curve P-256.") from error
            return cls("P-256", _compressed(point))
        if jwk.get("kty") == "RSA":
            return cls._from_rsa(_member(jwk, "n"), _member(jwk, "e"))
        raise KeyFormatError("key.kind", "The JSON Web Key is of a kind that is not supported.")

    @classmethod
    def _from_rsa(cls, modulus: bytes, exponent: bytes) -> "PublicKey":
        number, power = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")
        if not 2_048 <= number.bit_length() <= _MAX_RSA_BITS or power not in (3, 17, 65_537):
            raise KeyFormatError("key.weak", "An RSA key needs 2048 bits and a usual exponent.")
        return cls("RSA", modulus.lstrip(b"\0"), power)

    def jwk(self) -> dict[str, str]:
        """Return the key as JSON Web Key."""
        if self.kind == "Ed25519":
            return {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(self.data).decode()}
        if self.kind == "RSA":
            power = self.exponent.to_bytes(3, "big").lstrip(b"\0")
            return {
                "kty": "RSA",
                "n": encode_base64url(self.data).decode(),
                "e": encode_base64url(power).decode(),
            }
        numbers = _point(self.data).public_numbers()
        x, y = (encode_base64url(n.to_bytes(32, "big")).decode() for n in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def multikey(self) -> str:
        """Return the key in Multikey form; RSA keys have none here."""
        if self.kind == "Ed25519":
            return encode_multikey(self.data)
        if self.kind == "P-256":
            return "z" + encode_base58btc(_P256_PUBLIC + self.data)
        raise KeyFormatError("key.kind", "RSA keys are published as JSON Web Key.")

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Return whether *signature* of *data* was made with this key's secret, by this key's algorithm."""
        if self.kind == "Ed25519":
            return len(signature) == 64 and signature_matches(self.data, data, signature)
        try:
            if self.kind == "P-256":
                if len(signature) != 64:
                    return False
                r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
                _point(self.data).verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
            else:
                key = rsa.RSAPublicNumbers(self.exponent, int.from_bytes(self.data, "big")).public_key()
                key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyFormatError("key.unusable", "The key cannot be used.") from error
        return True


def _member(jwk: Mapping[str, Any], name: str, length: int = 0) -> bytes:
    value = jwk.get(name)
    if not isinstance(value, str) or len(value) > 2_000 or not value.isascii():
        raise KeyFormatError("key.jwk", f"The JSON Web Key has no usable member “{name}”.")
    data = decode_base64url(value.encode())
    if length and len(data) != length:
        raise KeyFormatError("key.length", f"The member “{name}” of the JSON Web Key has the wrong length.")
    return data


def _point(data: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def _checked_point(data: bytes) -> bytes:
    try:
        return _compressed(_point(data))
    except ValueError as error:
        raise KeyFormatError("key.point", "The key is not a point of the curve P-256.") from error


def _compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    numbers = key.public_numbers()
    return bytes([2 + numbers.y % 2]) + numbers.x.to_bytes(32, "big")
