"""Turns what the app answers into the JSON the pages (and other clients of our handlers) read.

Dataclasses go in, plain JSON comes out, here and nowhere else. Addresses are checked on the way: only web
and site addresses reach an ``href``, whatever a target's adapter put into them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from . import sentences
from .linkedin import add_to_profile
from .progress import minutes_left

__all__ = ["earned_payload", "link_address", "progress_payload", "submission_payload"]


def link_address(value: object) -> str:
    """The address when a page may link to it (http, https or this site), else nothing."""
    address = str(value or "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme.lower() in ("http", "https") and parts.netloc:
        return address
    return address if not parts.scheme and not parts.netloc and address.startswith("/") else ""


def moment(value: datetime | None) -> str | None:
    """ISO 8601 text of a moment."""
    return value.isoformat() if value else None


def earned_payload(badge: Any) -> dict[str, Any]:
    """One earned badge. Where it is shared, ``linkedin_url`` opens LinkedIn's own form with it filled in."""
    verify_url = link_address(badge.verify_url) if badge.shared else ""
    return {
        "award_id": str(badge.award_id),
        "badge_key": badge.badge_key,
        "name": badge.name,
        "kind": badge.kind,
        "image_url": link_address(badge.image_url),
        "image_alt": badge.image_alt,
        "awarded_at": moment(badge.awarded_at),
        "proves": list(badge.proves),
        "issuer_name": badge.issuer_name,
        "issued": bool(badge.issued),
        "shared": bool(badge.shared),
        "verify_url": verify_url,
        "share_url": link_address(badge.share_url),
        "send_url": link_address(badge.send_url),
        "parts": list(badge.parts),
        "revoked": bool(badge.revoked),
        "suspended": badge.suspended_at is not None,
        "suspended_told": badge.suspended_told,
        "expires_at": moment(badge.expires_at),
        "expired": bool(badge.expired),
        "linkedin_url": ""
        if badge.revoked or badge.expired or badge.suspended_at
        else add_to_profile(
            name=badge.name,
            organization=badge.issuer_name,
            credential_id=badge.credential_id,
            verify_url=verify_url,
            issued_at=badge.awarded_at,
            expires_at=badge.expires_at,
        ),
    }


def progress_payload(
    i18n: Any, progress: Any, *, minutes: int = 0, refreshing: bool = False
) -> dict[str, Any]:
    """A unit's progress, with its sentences in the reader's language; *minutes* is what the whole unit takes."""
    say = sentences.refreshed if refreshing else sentences.progress
    left = 0 if progress.complete else minutes_left(minutes, progress.done, progress.total)
    return {
        "usage_key": progress.usage_key,
        "parts": [
            {
                "usage_key": part.usage_key,
                "state": part.state,
                "label": sentences.part_state(i18n, part.state),
                "score": part.score,
            }
            for part in progress.parts
        ],
        "done": progress.done,
        "total": progress.total,
        "complete": bool(progress.complete),
        "score": progress.score,
        "attained_at": moment(progress.attained_at),
        "demonstrated_at": moment(progress.demonstrated_at),
        "late": bool(progress.late),
        "sentence": say(i18n, progress.done, progress.total),
        "left": sentences.minutes_left(i18n, left),
        "earned": [earned_payload(badge) for badge in progress.earned],
    }


def submission_payload(submission: Any | None) -> dict[str, Any] | None:
    """A submission, or None when nothing was handed in or drafted."""
    if submission is None:
        return None
    return {
        "id": str(submission.id),
        "attempt": submission.attempt,
        "state": submission.state,
        "files": [
            {
                "id": str(file.id),
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
                "url": link_address(file.url),
            }
            for file in submission.files
        ],
        "text": submission.text,
        "link": submission.link,
        "submitted_at": moment(submission.submitted_at),
        "comment": submission.comment,
        "rubric_result": [list(pair) for pair in submission.rubric_result],
    }
