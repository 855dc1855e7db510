"""Secrets at rest: encrypted with keys that are not in the database.

A stolen database dump must not let anybody sign as the institution or push to a learner's wallet, so issuer
keys, client secrets and tokens are stored as Fernet tokens. The first key of ``KEY_ENCRYPTION_KEYS``
encrypts; all of them decrypt, which is how keys are rotated.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from .conf import settings

__all__ = ["VaultError", "decrypt", "encrypt", "is_sealed_newest", "reseal"]


class VaultError(Exception):
    """A secret cannot be sealed or opened with the keys in the settings."""


def _box() -> MultiFernet:
    keys = settings().key_encryption_keys
    if not keys:
        raise VaultError(
            "MICROCRED['KEY_ENCRYPTION_KEYS'] is empty. Make a key with "
            "`python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'` "
            "and put it there; keep it out of the database and its backups."
        )
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise VaultError("MICROCRED['KEY_ENCRYPTION_KEYS'] holds something that is no Fernet key.") from error


def encrypt(text: str) -> bytes:
    """Seal *text* with the newest key."""
    return _box().encrypt(text.encode())


def decrypt(sealed: bytes) -> str:
    """Open what :func:`encrypt` sealed; raises :class:`VaultError` when no key fits or bytes were changed."""
    try:
        return _box().decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise VaultError(
            "A stored secret does not open with any key in MICROCRED['KEY_ENCRYPTION_KEYS']. "
            "Was a key removed before its secrets were encrypted anew?"
        ) from error


def is_sealed_newest(sealed: bytes) -> bool:
    """Whether *sealed* opens with the key that seals now, so that no older key is needed for it."""
    _box()  # says what is wrong with the settings, if something is
    try:
        Fernet(settings().key_encryption_keys[0]).decrypt(bytes(sealed))
    except InvalidToken:
        return False
    return True


def reseal(sealed: bytes) -> bytes:
    """The same secret under the newest key; raises :class:`VaultError` as :func:`decrypt` does."""
    return encrypt(decrypt(sealed))
