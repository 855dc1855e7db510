"""`canonical_digest` returns the SHA-256 of a document's canonical form, worked out once for the same document.

A new credential is canonicalised to be signed, and the same text again when it is checked before anybody sees
it; the status list behind it is the same for thousands. Canonicalising is nearly all of what signing and
verifying cost, and it is a pure function of the document under the bundled contexts.

What is kept is the digest of the document's complete JSON text and the digest of its canonical form: a changed
character is another document, so a remembered answer can never cover anything that was not canonicalised. Only
results are kept, never refusals, in a bounded number of entries of a fixed size: strangers who send many
documents push entries out and fill no memory.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from threading import Lock
from typing import Any

__all__ = ["KEPT", "canonical_digest", "forget_digests"]

KEPT = 2_048

Canonicalise = Callable[[Mapping[str, Any]], bytes]
_kept: OrderedDict[tuple[Canonicalise, bytes], bytes] = OrderedDict()
_lock = Lock()


def canonical_digest(canonicalise: Canonicalise, document: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of ``canonicalise(document)``; whatever that raises passes through."""
    try:
        text = json.dumps(document, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        # No JSON; what is wrong with it is the canonicaliser's to say.
        return sha256(canonicalise(document)).digest()
    key = (canonicalise, sha256(text.encode("ascii")).digest())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    digest = sha256(canonicalise(document)).digest()
    with _lock:
        _kept[key] = digest
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return digest


def forget_digests() -> None:
    """Work everything out anew: for measurements, which must not measure the memory."""
    with _lock:
        _kept.clear()
