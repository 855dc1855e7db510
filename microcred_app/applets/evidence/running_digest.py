"""SHA-256 of an upload while it passes, so that its last byte need not wait for the file to be read again.

A process remembers how far it has come with the uploads it serves. Another process may get the next piece; then the
memory is of no use from there on, and whoever finishes the upload reads the file once from storage. The digest is the
same either way. Memory is bounded: the oldest is forgotten.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import Any

__all__ = ["digest_at", "digest_from", "remember"]

MOST = 256
_lock = threading.Lock()
_known: OrderedDict[str, tuple[int, Any]] = OrderedDict()


def digest_from(upload_id: str, offset: int) -> Any | None:
    """A digest of everything before *offset*, to go on with; None when this process does not know it."""
    if offset == 0:
        return hashlib.sha256()
    with _lock:
        found = _known.get(upload_id)
        return found[1].copy() if found is not None and found[0] == offset else None


def remember(upload_id: str, offset: int, digest: Any | None) -> None:
    """Everything before *offset* was counted, and this is its digest; None forgets."""
    with _lock:
        _known.pop(upload_id, None)
        if digest is not None:
            _known[upload_id] = (offset, digest)
            while len(_known) > MOST:
                _known.popitem(last=False)


def digest_at(upload_id: str, length: int) -> str:
    """The digest of a whole upload, in hex; empty when this process did not see all of it."""
    with _lock:
        found = _known.pop(upload_id, None)
        return found[1].hexdigest() if found is not None and found[0] == length else ""
