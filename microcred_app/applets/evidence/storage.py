"""Private storage of evidence files: streamed in, digested on the way, named at random.

Never the site's default storage: in common installations that folder is served to the public.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO
from uuid import uuid4

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import InvalidStorageError, Storage, storages

from microcred_app.conf import settings

__all__ = ["delete_file", "open_file", "store_file"]

CHUNK = 64 * 1024


def store_file(content: BinaryIO) -> tuple[str, str]:
    """Store *content* and return ``(name in storage, SHA-256 in hex)``. The name tells nothing about anybody."""
    name = uuid4().hex
    digest = hashlib.sha256()
    content.seek(0)
    for chunk in _chunks(content):
        digest.update(chunk)
    content.seek(0)
    stored_as = _storage().save(f"{name[:2]}/{name}", File(content))
    return stored_as, digest.hexdigest()


def open_file(stored_as: str) -> BinaryIO:
    """A readable handle; raises ``FileNotFoundError`` when the file was removed."""
    return _storage().open(stored_as, "rb")  # type: ignore[return-value]


def delete_file(stored_as: str) -> None:
    """Remove the file; removing it twice is no error."""
    _storage().delete(stored_as)


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk


def _storage() -> Storage:
    alias = settings().evidence_storage
    try:
        return storages[alias]
    except InvalidStorageError as error:
        raise ImproperlyConfigured(
            f"STORAGES has no {alias!r}. Evidence is private: give it a storage of its own that no web server "
            f"serves, for example a FileSystemStorage outside MEDIA_ROOT."
        ) from error
