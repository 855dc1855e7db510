"""The form in which an audit entry is hashed, so that anybody can check the log with SHA-256 and nothing of ours.

An entry's hash covers everything the entry says, its place in the log and the hash of the entry before it: who
changes, removes, inserts or swaps an entry has to change every later one too, and cannot change the exports and
the noted hashes that others keep.

The form is frozen: sorted members, no spaces, ASCII with JSON's own escapes, times in UTC with microseconds.
Changing it would make every log written so far look forged (``tests/applets/test_audit_chain.py`` holds a golden
entry). The person who decided stands in it as a random reference and never as an account, because an account is
forgotten one day and the hash must stay true.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

__all__ = ["GENESIS", "canonical", "content_of", "digest", "entry_hash", "link", "plain_details"]

#: What stands before the first entry.
GENESIS = "0" * 64


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one text of *value*; raises ``ValueError`` for what JSON cannot say (NaN, Infinity)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def plain_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """*details* as a database will give them back, so that the hash of today is the hash of later."""
    return dict(json.loads(canonical(details)))


def content_of(
    *,
    at: datetime,
    actor: str,
    issuer: str,
    action: str,
    object_type: str,
    object_id: str,
    reason: str,
    details: Mapping[str, Any],
) -> dict[str, Any]:
    """What an entry says, without its place in the log."""
    return {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "issuer": issuer,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        "reason": reason,
        "details": details,
    }


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of what an entry says. An entry carries it from the moment it is written."""
    return hashlib.sha256(canonical(content)).hexdigest()


def link(content: Mapping[str, Any], *, sequence: int, previous: str) -> dict[str, Any]:
    """An entry at its place in the log."""
    return {**content, "sequence": sequence, "previous": previous}


def entry_hash(content: Mapping[str, Any], *, sequence: int, previous: str) -> str:
    """The entry's own hash: SHA-256 over its content, its place, and the hash before it."""
    return hashlib.sha256(canonical(link(content, sequence=sequence, previous=previous))).hexdigest()
