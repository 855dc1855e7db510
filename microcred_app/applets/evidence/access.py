"""Who may open a file, and a trace of everybody who did.

A file leaves the server to its owner, to the reviewers of its course once it was handed in, and to whoever holds a
link that the owner made and that has not ended. Everybody else is told that it does not exist. What an owner
publishes with a badge has addresses of its own (:mod:`.publishing`).

The trace is one row for a visitor, a file and an hour, with an entry in the audit log when the row is new: a video
that is played in a hundred pieces is one access.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ..audit import api as audit
from .care_models import EvidenceLink, FileAccess
from .data import FileInfo, file_info
from .errors import EvidenceError, SubmissionNotFound
from .models import EvidenceFile, Submission
from .reviewers import may_open
from .storage import open_file

__all__ = [
    "LinkInfo",
    "links_of",
    "make_link",
    "open_evidence_file",
    "open_linked_file",
    "open_stored",
    "revoke_link",
    "trace_file",
]

MOST_LINKS = 20
MOST_DAYS = 90
_signer_salt = "microcred.evidence.link"


@dataclass(frozen=True)
class LinkInfo:
    """One link as the owner sees it; ``open`` while it leads to the file."""

    id: str
    file_id: str
    note: str
    url: str
    created_at: datetime
    expires_at: datetime
    open: bool


def open_evidence_file(user_id: int, file_id: str, *, now: datetime) -> tuple[FileInfo, BinaryIO]:
    """The bytes of one file, for its owner or a reviewer of its course; anybody else is told it is not there."""
    row = _file(file_id)
    submission = row.submission
    if user_id != submission.learner_id:
        handed_in = submission.state != Submission.DRAFT
        if not handed_in or not may_open(user_id, submission):
            raise SubmissionNotFound(_("This file does not exist."))
    opened = open_stored(row)
    trace_file(row, f"user:{user_id}", user_id, now)
    return opened


def open_linked_file(token: str, *, now: datetime) -> tuple[FileInfo, BinaryIO]:
    """The bytes behind a link; a link that ended, was ended or was not made here leads nowhere."""
    gone = SubmissionNotFound(_("This link does not lead to a file, or not any more."))
    try:
        link = EvidenceLink.objects.select_related("file__submission").get(pk=_signer().unsign(token))
    except (signing.BadSignature, EvidenceLink.DoesNotExist, ValidationError, ValueError) as error:
        raise gone from error
    if link.revoked_at is not None or link.expires_at <= now:
        raise gone
    opened = open_stored(link.file)
    trace_file(link.file, f"link:{link.pk}", None, now)
    return opened


def make_link(owner_id: int, file_id: str, *, days: int, note: str, now: datetime) -> LinkInfo:
    """A link to one of one's own files, for 1 to 90 days."""
    if not 1 <= days <= MOST_DAYS:
        raise EvidenceError(_("A link lasts 1 to {days} days.").format(days=MOST_DAYS))
    note = " ".join(note.replace("\x00", "").split())
    if len(note) > 120:
        raise EvidenceError(_("Keep the note below {limit} characters.").format(limit=120))
    with transaction.atomic():
        row = EvidenceFile.objects.select_for_update().get(pk=_own(owner_id, file_id).pk)
        if row.removed_at is not None:
            raise SubmissionNotFound(_("This file was removed."))
        if row.links.filter(revoked_at=None, expires_at__gt=now).count() >= MOST_LINKS:
            raise EvidenceError(
                _("This file has {count} open links. End one of them first.").format(count=MOST_LINKS)
            )
        link = EvidenceLink.objects.create(
            file=row, note=note, created_at=now, expires_at=now + timedelta(days=days)
        )
        audit.record(
            "evidence.link_made",
            object_type="evidence_file",
            object_id=str(row.pk),
            actor_id=owner_id,
            now=now,
            details={"link": str(link.pk), "days": days},
        )
    return _link_info(link, now)


def revoke_link(owner_id: int, link_id: str, *, now: datetime) -> None:
    """End one of one's own links; ending it twice is no error."""
    with transaction.atomic():
        try:
            link = EvidenceLink.objects.select_for_update().get(pk=link_id)
        except (EvidenceLink.DoesNotExist, ValidationError, ValueError) as error:
            raise SubmissionNotFound(_("There is no such link.")) from error
        _own(owner_id, str(link.file_id))
        if link.revoked_at is None:
            link.revoked_at = now
            link.save(update_fields=["revoked_at"])
            audit.record(
                "evidence.link_ended",
                object_type="evidence_file",
                object_id=str(link.file_id),
                actor_id=owner_id,
                now=now,
                details={"link": str(link.pk)},
            )


def links_of(owner_id: int, *, now: datetime) -> dict[str, tuple[LinkInfo, ...]]:
    """The owner's links by file, newest first."""
    rows = EvidenceLink.objects.filter(file__submission__learner_id=owner_id).order_by("-created_at", "pk")
    found: dict[str, list[LinkInfo]] = {}
    for row in rows[:1000]:
        found.setdefault(str(row.file_id), []).append(_link_info(row, now))
    return {file_id: tuple(links) for file_id, links in found.items()}


def _file(file_id: str) -> EvidenceFile:
    try:
        return EvidenceFile.objects.select_related("submission").get(pk=file_id)
    except (EvidenceFile.DoesNotExist, ValidationError, ValueError) as error:
        raise SubmissionNotFound(_("This file does not exist.")) from error


def _own(owner_id: int, file_id: str) -> EvidenceFile:
    row = _file(file_id)
    if row.submission.learner_id != owner_id:
        raise SubmissionNotFound(_("This file does not exist."))
    return row


def open_stored(row: EvidenceFile) -> tuple[FileInfo, BinaryIO]:
    """The bytes of a file, for a caller that has found out that they may be opened."""
    if row.removed_at is not None:
        raise SubmissionNotFound(_("This file was removed. Its fingerprint is kept."))
    try:
        return file_info(row), open_file(row.stored_as)
    except FileNotFoundError as error:
        raise SubmissionNotFound(_("This file was removed from storage.")) from error


def trace_file(row: EvidenceFile, visitor: str, user_id: int | None, now: datetime) -> None:
    """Note who opened a file: a row and an entry in the audit log for a visitor and an hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if FileAccess.objects.filter(file=row, visitor=visitor, hour=hour).exists():
        return
    with transaction.atomic():
        _access, new = FileAccess.objects.get_or_create(
            file=row, visitor=visitor, hour=hour, defaults={"first_at": now}
        )
        if new:
            audit.record(
                "evidence.opened",
                object_type="evidence_file",
                object_id=str(row.pk),
                actor_id=user_id,
                now=now,
                details={"by": "account" if user_id is not None else visitor},
            )


def _signer() -> signing.Signer:
    return signing.Signer(salt=_signer_salt)


def _link_info(link: EvidenceLink, now: datetime) -> LinkInfo:
    url = reverse("microcred_app:evidence-link", args=[_signer().sign(str(link.pk))])
    is_open = link.revoked_at is None and link.expires_at > now
    return LinkInfo(
        str(link.pk), str(link.file_id), link.note, url, link.created_at, link.expires_at, is_open
    )
