"""How client secrets are kept: hashed, without stretching."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher

__all__ = ["RandomSecretHasher"]


class RandomSecretHasher(PBKDF2PasswordHasher):
    """Few rounds, because the secrets are 48 random bytes: nobody guesses them, so slowing guesses buys nothing."""

    algorithm = "pbkdf2_sha256_random"
    iterations = 1000
