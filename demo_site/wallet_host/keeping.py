"""Puts badges into wallets by the specification's rule of equality.

Issuer id and credential id identify a badge. A push of the same bytes changes nothing; a newer ``validFrom``
replaces; the same or an older date with other bytes is refused, because the specification leaves that case open
and silently keeping either would surprise somebody.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.dateparse import parse_datetime

from .models import KeptBadge

__all__ = ["BadgeRefusedError", "keep_badge", "read_badge"]

_TYPES = {"OpenBadgeCredential", "AchievementCredential"}


class BadgeRefusedError(ValueError):
    """The body is not a badge this wallet can keep; the message says why."""


@dataclass(frozen=True)
class ReadBadge:
    """What the wallet needs to know of a badge to keep it."""

    issuer_id: str
    credential_id: str
    valid_from: datetime

    @property
    def identity_sha256(self) -> str:
        """Equality of the specification as one short column."""
        return hashlib.sha256(json.dumps([self.issuer_id, self.credential_id]).encode()).hexdigest()


def read_badge(document: bytes) -> ReadBadge:
    """Read identity and date out of *document*; raises :class:`BadgeRefusedError` for anything but a badge."""
    try:
        credential = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise BadgeRefusedError("The body is not JSON.") from error
    if not isinstance(credential, dict):
        raise BadgeRefusedError("The body is not a JSON object.")
    types = credential.get("type")
    if not _TYPES & set(types if isinstance(types, list) else [types]):
        raise BadgeRefusedError("type holds neither OpenBadgeCredential nor AchievementCredential.")
    issuer = credential.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    credential_id = credential.get("id")
    if not isinstance(issuer_id, str) or not isinstance(credential_id, str):
        raise BadgeRefusedError("issuer.id or id is missing.")
    if not isinstance(credential.get("credentialSubject"), dict):
        raise BadgeRefusedError("credentialSubject is missing.")
    return ReadBadge(issuer_id, credential_id, _read_date(credential.get("validFrom")))


def _read_date(value: Any) -> datetime:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadgeRefusedError("validFrom is not a date and time with a time zone.")
    return found


def keep_badge(owner: User, document: bytes, *, sent_by: str, now: datetime) -> bool:
    """Keep *document* for *owner*; true when it is new here, false when it was here or replaced an older one."""
    badge = read_badge(document)
    with transaction.atomic():
        row, created = KeptBadge.objects.select_for_update().get_or_create(
            owner=owner,
            identity_sha256=badge.identity_sha256,
            defaults={
                "issuer_id": badge.issuer_id,
                "credential_id": badge.credential_id,
                "document": document,
                "valid_from": badge.valid_from,
                "received_at": now,
                "sent_by": sent_by[:255],
            },
        )
        if created:
            return True
        row.pushes += 1
        if bytes(row.document) != document:
            if badge.valid_from <= row.valid_from:
                raise BadgeRefusedError("The wallet holds this badge with the same or a later validFrom.")
            row.document, row.valid_from, row.received_at = document, badge.valid_from, now
            row.finding = {}
        row.save()
        return False
