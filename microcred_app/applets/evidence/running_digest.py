"""SHA-256 of an upload while it passes, so that its last byte need not wait for the file to be read again.

A process remembers how far it has come with the uploads it serves. Another process may get the next piece; then the
memory is of no use from there on, and whoever finishes the upload reads the file once from storage. The digest is the
same either way. Memory is bounded: the oldest is forgotten.

Hashing takes about as long as writing, and lets other threads run meanwhile. :class:`Beside` does it in a thread of its
own while the next bytes arrive, so that neither waits for the other.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["Beside", "digest_at", "digest_from", "remember"]

MOST = 256
#: Chunks that may wait to be hashed; with chunks of 256 KiB not more than 4 MiB for each request.
WAITING = 16
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


class Beside:
    """*digest* of everything that passes through :meth:`watch`, computed in a thread beside it.

    When the ``with`` block has ended, the thread has ended too and *digest* holds exactly the chunks that were handed
    on. With no digest they pass untouched. Memory is bounded by :data:`WAITING`.
    """

    def __init__(self, digest: Any | None) -> None:
        self._digest = digest
        self._waiting: queue.Queue[bytes] = queue.Queue(WAITING)
        self._thread = threading.Thread(
            target=_hash_all, args=(digest, self._waiting), daemon=True, name="microcred-digest"
        )

    def __enter__(self) -> Beside:
        if self._digest is not None:
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._digest is not None:
            self._waiting.put(b"")
            self._thread.join()

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks, in order."""
        for chunk in chunks:
            if chunk and self._digest is not None:
                self._waiting.put(chunk)
            yield chunk


def _hash_all(digest: Any, waiting: queue.Queue[bytes]) -> None:
    while chunk := waiting.get():
        digest.update(chunk)
