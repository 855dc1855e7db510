"""A signer turns bytes into an Ed25519 signature; where its secret lives is its own business.

`Signer` is what the rest of the house depends on, so that a key in the process, in a key service or in a
hardware module can take each other's place.
"""

from typing import Protocol

from nacl.bindings import crypto_sign_BYTES, crypto_sign_open, crypto_sign_PUBLICKEYBYTES
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.signing import SigningKey

from microcred_app.ob3.errors import KeyFormatError

__all__ = ["Ed25519Signer", "Signer", "signature_matches"]


class Signer(Protocol):
    """Whatever can sign with one Ed25519 key."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that verify what `sign` makes."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature of *data*."""
        ...


class Ed25519Signer:
    """Signs with a key held in this process; its text form never shows the secret."""

    def __init__(self, seed: bytes) -> None:
        if not isinstance(seed, bytes) or len(seed) != 32:
            raise KeyFormatError("key.length", "The seed of an Ed25519 key has 32 bytes.")
        self._key = SigningKey(seed)

    @classmethod
    def generate(cls) -> "Ed25519Signer":
        """Return a signer with a new random key."""
        return cls(bytes(SigningKey.generate()))

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return bytes(self._key.verify_key)

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes, for whoever encrypts and stores them."""
        return bytes(self._key)

    def sign(self, data: bytes) -> bytes:
        """Return the signature of *data*; the same data always gives the same signature (RFC 8032)."""
        return self._key.sign(data).signature

    def __repr__(self) -> str:
        return "Ed25519Signer(<secret>)"


def signature_matches(public_key: bytes, data: bytes, signature: bytes) -> bool:
    """Return whether *signature* of *data* was made with the secret of *public_key*."""
    try:
        # What PyNaCl's VerifyKey does, without the object.
        if len(signature) != crypto_sign_BYTES or len(public_key) != crypto_sign_PUBLICKEYBYTES:
            raise ValueError("length")
        crypto_sign_open(signature + data, public_key)
    except BadSignatureError:
        return False
    except (CryptoError, ValueError, TypeError) as error:
        raise KeyFormatError("key.unusable", "The key or the signature has the wrong form.") from error
    return True
