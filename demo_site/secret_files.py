"""Secrets of the demo are made once, kept in files only their owner may read, and never in the repository.

A secret that changes at each start would sign everybody out and, worse, make issuer keys that were
encrypted with it unreadable for ever.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

__all__ = ["django_secret", "encryption_key"]

_WAIT_SECONDS = 0.02
_TRIES = 100


def django_secret(folder: Path) -> str:
    """The value of ``SECRET_KEY``, the same at every start from the same folder."""
    return _read_or_create(folder / "secret-key", lambda: secrets.token_urlsafe(48))


def encryption_key(folder: Path) -> str:
    """The Fernet key that seals issuer keys and wallet tokens, the same at every start."""
    return _read_or_create(folder / "encryption-key", lambda: Fernet.generate_key().decode())


def _read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Exactly one of several processes that start together creates the file; the others read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    value = make()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value)
    return value


def _read(path: Path) -> str:
    """The file's content, waiting for a process that has created but not yet written it."""
    for _ in range(_TRIES):
        value = path.read_text(encoding="ascii").strip()
        if value:
            return value
        time.sleep(_WAIT_SECONDS)
    raise RuntimeError(f"{path} is empty. Delete it and start again; a new secret will be made.")
