"""Signers of JSON Web Signatures: each has one algorithm and tells its public key, and nothing of its secret."""

from typing import Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from microcred_app.ob3.errors import KeyFormatError
from microcred_app.ob3.public_keys import PublicKey
from microcred_app.ob3.signing import Signer

__all__ = ["EddsaJoseSigner", "Es256Signer", "JoseSigner", "Rs256Signer"]


class JoseSigner(Protocol):
    """Whatever can make the signature of a JSON Web Signature."""

    @property
    def key(self) -> PublicKey:
        """The public key; its kind decides the algorithm."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature of *data* in the form of RFC 7518."""
        ...


class EddsaJoseSigner:
    """EdDSA with any Ed25519 `Signer`, in this process or elsewhere."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self.key = PublicKey("Ed25519", signer.public_key)

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature of *data*."""
        return self._signer.sign(data)


class Es256Signer:
    """ES256 with a P-256 key held in this process."""

    def __init__(self, pem: bytes) -> None:
        key = _load(pem)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise KeyFormatError("key.kind", "This is not a P-256 private key.")
        self._key = key
        numbers = key.public_key().public_numbers()
        self.key = PublicKey("P-256", bytes([2 + numbers.y % 2]) + numbers.x.to_bytes(32, "big"))

    def sign(self, data: bytes) -> bytes:
        """Return the signature of *data*: both numbers, 32 bytes each."""
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def __repr__(self) -> str:
        return "Es256Signer(<secret>)"


class Rs256Signer:
    """RS256 with an RSA key of 2048 bits or more held in this process."""

    def __init__(self, pem: bytes) -> None:
        key = _load(pem)
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 2_048:
            raise KeyFormatError("key.kind", "This is not an RSA private key of 2048 bits or more.")
        self._key = key
        numbers = key.public_key().public_numbers()
        self.key = PublicKey("RSA", numbers.n.to_bytes(key.key_size // 8, "big"), numbers.e)

    def sign(self, data: bytes) -> bytes:
        """Return the PKCS #1 v1.5 signature of *data*."""
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def __repr__(self) -> str:
        return "Rs256Signer(<secret>)"


def _load(pem: bytes) -> object:
    try:
        return serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyFormatError("key.pem", "This is not an unencrypted private key in PEM form.") from error
