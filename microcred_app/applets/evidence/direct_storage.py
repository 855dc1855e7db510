"""Addresses at which a browser leaves one piece of a file in an S3-compatible store, past our processes.

An address is signed by the store's own rules (AWS Signature Version 4, query parameters): it admits a PUT of one name
and of exactly so many bytes, for a quarter of an hour. What arrives there counts for nothing. It is moved to a name
that was never told to anybody, and only what lies there is measured, digested and judged: whoever still holds the
address can overwrite what nobody reads any more.

The name in the address follows from the upload and the place of the piece, so asking again gives the same name: however
often a client asks, one object at most waits for each upload.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from microcred_app.conf import settings

from .storage import evidence_storage, new_name

__all__ = ["DirectAddress", "is_offered", "move_in", "sign_address", "speaks_s3", "waiting_name"]

GOOD_FOR_SECONDS = 900
WAITING = "incoming"


@dataclass(frozen=True)
class DirectAddress:
    """Where the next piece goes: PUT exactly *size* bytes of the file, from *offset* on, to *url*."""

    url: str
    offset: int
    size: int


def is_offered() -> bool:
    """Whether the operator wants it and the evidence storage can do it."""
    return settings().evidence_direct_uploads and speaks_s3(evidence_storage())


def speaks_s3(storage: Any) -> bool:
    """Whether *storage* is one of django-storages' S3 backends (or behaves like one)."""
    return hasattr(storage, "bucket_name") and hasattr(storage, "connection") and hasattr(storage, "location")


def sign_address(upload_id: str, offset: int, size: int) -> DirectAddress:
    """The address for the piece of *size* bytes that begins at *offset*."""
    name = _waiting(upload_id, offset)
    storage: Any = evidence_storage()
    url = storage.connection.meta.client.generate_presigned_url(
        "put_object",
        Params={"Bucket": storage.bucket_name, "Key": _key(storage, name), "ContentLength": size},
        ExpiresIn=GOOD_FOR_SECONDS,
    )
    return DirectAddress(url, offset, size)


def move_in(upload_id: str, offset: int) -> tuple[str, int]:
    """Move what waits to a name of its own; that name and its bytes. ``FileNotFoundError`` where nothing waits."""
    from botocore.exceptions import ClientError  # there, because the storage speaks S3

    storage: Any = evidence_storage()
    waiting, kept = _waiting(upload_id, offset), new_name()
    if not storage.exists(waiting):
        raise FileNotFoundError(waiting)
    try:
        storage.connection.meta.client.copy_object(
            Bucket=storage.bucket_name,
            Key=_key(storage, kept),
            CopySource={"Bucket": storage.bucket_name, "Key": _key(storage, waiting)},
            MetadataDirective="REPLACE",  # whatever headers a client sent along stay behind
            ContentType="application/octet-stream",
        )
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in (
            "404",
            "NoSuchKey",
        ):  # moved by another a moment ago
            raise FileNotFoundError(waiting) from error
        raise
    storage.delete(waiting)
    return kept, int(storage.size(kept))


def waiting_name(upload_id: str, offset: int) -> list[str]:
    """What may wait for an upload that ends: nothing where pieces come through us."""
    return [_waiting(upload_id, offset)] if settings().evidence_direct_uploads else []


def _waiting(upload_id: str, offset: int) -> str:
    mark = salted_hmac("microcred.evidence.direct", f"{upload_id}:{offset}", algorithm="sha256").hexdigest()
    return f"{WAITING}/{mark[:40]}"


def _key(storage: Any, name: str) -> str:
    return posixpath.join(str(storage.location or ""), name).lstrip("/")
