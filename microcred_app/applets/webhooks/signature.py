"""Signs messages as Standard Webhooks 1.0.0 says: HMAC-SHA256 over id, time and body. Pure.

The signed text is ``<id>.<unix seconds>.<body>``; a secret is ``whsec_`` and the base64 of 24 to 64 random bytes.
During a rotation a message carries one signature per secret, so that a receiver may change over at any moment.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

__all__ = ["new_secret", "pseudonym", "signed_headers"]

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """A secret nobody had before, as receivers write it down."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(message_id: str, body: bytes, *, keys: Sequence[str], at: datetime) -> dict[str, str]:
    """The three headers of a message that is sent *at* this time, with a signature for each of *keys*."""
    seconds = str(int(at.timestamp()))
    text = b".".join((message_id.encode(), seconds.encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{_digest(key, text)}" for key in keys),
    }


def pseudonym(key: str, kind: str, subject: str) -> str:
    """The name of something under *key*: always the same, and without the key neither guessed nor compared with the
    names that other keys make."""
    return hmac.new(key.encode(), f"{kind}:{subject}".encode(), hashlib.sha256).hexdigest()[:32]


def _digest(secret: str, text: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
