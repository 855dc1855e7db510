"""What a learner gave away with a badge: an address of their work that they may take back at any time.

A signed credential never changes, so it does not carry the work. It carries an address, made of chance, that leads to
the work for as long as the learner wants it, the work is accepted, and its bytes are there. Afterwards the address
answers that it is gone, and the credential stays as valid as it was: its fingerprint needs no address.

A learner who agrees before the badge is signed has the address in the credential (Open Badges 3.0, appendix B,
Evidence, ``id``). Whoever agrees later has it on the credential's page, and in its next edition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ..audit import api as audit
from .access import open_stored, trace_file
from .care_models import EvidencePublication
from .errors import EvidenceWithdrawn, SubmissionNotFound
from .models import Submission
from .submissions import load_own

__all__ = ["PublishedPiece", "open_published", "publications_of", "publish_with_credential", "published_path"]


@dataclass(frozen=True)
class PublishedPiece:
    """One piece of work that anybody with its address may see. ``words`` are a text or a link; a file has a name."""

    kind: str
    unit_title: str
    task_title: str
    name: str
    media_type: str
    size: int
    sha256: str
    words: str = ""


def publish_with_credential(learner_id: int, submission_id: str, *, wanted: bool, now: datetime) -> None:
    """Publish one's own evidence with the credential it proves, or take it back; either twice is no error."""
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(pk=load_own(learner_id, submission_id).pk)
        if row.publish_with_credential == wanted:
            return
        row.publish_with_credential = wanted
        row.save(update_fields=["publish_with_credential"])
        if wanted:
            EvidencePublication.objects.get_or_create(submission=row, defaults={"published_at": now})
        EvidencePublication.objects.filter(submission=row).update(withdrawn_at=None if wanted else now)
        audit.record(
            "evidence.publishing_chosen",
            object_type="submission",
            object_id=str(row.pk),
            actor_id=learner_id,
            now=now,
            details={"publish": wanted},
        )


def publications_of(submission_ids: Iterable[str]) -> Mapping[str, str]:
    """Publications, by submission, of those among these submissions that are published now: one statement."""
    wanted = set(submission_ids)
    if not wanted:
        return {}
    rows = EvidencePublication.objects.filter(
        submission_id__in=wanted,
        withdrawn_at=None,
        submission__publish_with_credential=True,
        submission__state=Submission.ACCEPTED,
    )
    return {str(submission): str(pk) for submission, pk in rows.values_list("submission_id", "pk")}


def published_path(publication_id: str, kind: str, sha256: str) -> str:
    """Where one piece of a publication is: each piece has an address of its own, which tells nothing but its digest."""
    return reverse("microcred_app:evidence-published", args=[publication_id, kind, sha256])


def open_published(
    publication_id: str, kind: str, sha256: str, *, now: datetime
) -> tuple[PublishedPiece, BinaryIO]:
    """One published piece and its bytes, which have that SHA-256.

    Raises :class:`EvidenceWithdrawn` where there was something once, and :class:`SubmissionNotFound` for every
    address that was never given out.
    """
    nothing = SubmissionNotFound(_("There is nothing at this address."))
    try:
        found = EvidencePublication.objects.select_related("submission").get(pk=publication_id)
    except (EvidencePublication.DoesNotExist, ValidationError, ValueError) as error:
        raise nothing from error
    row = found.submission
    if found.withdrawn_at is not None or not row.publish_with_credential or row.state != Submission.ACCEPTED:
        raise _withdrawn()
    if kind == "file":
        file = row.files.filter(sha256=sha256).first()
        if file is None or file.sha256 != sha256:  # some databases find capitals too; an address has one form
            raise nothing
        if file.removed_at is not None:
            raise _withdrawn()
        info, content = open_stored(file)
        trace_file(file, f"published:{found.pk}", None, now)
        return _piece(row, kind, info.name, info.media_type, info.size, sha256), content
    words = {"text": row.text, "link": row.link}.get(kind, "")
    data = words.encode()
    if words.strip() and hashlib.sha256(data).hexdigest() == sha256:
        _trace_words(found, kind, now)
        return _piece(row, kind, "", "text/plain", len(data), sha256, words), BytesIO(data)
    if any(kept[0] == kind and kept[3] == sha256 for kept in row.kept_digests):
        raise _withdrawn()
    raise nothing


def _piece(
    row: Submission, kind: str, name: str, media_type: str, size: int, sha256: str, words: str = ""
) -> PublishedPiece:
    return PublishedPiece(kind, row.unit_title, row.task_title, name, media_type, size, sha256, words)


def _withdrawn() -> EvidenceWithdrawn:
    return EvidenceWithdrawn(
        _("This work is not published any more. The badge that rests on it can still be checked.")
    )


def _trace_words(found: EvidencePublication, kind: str, now: datetime) -> None:
    """An entry in the audit log, one an hour at most, as for files."""
    due = EvidencePublication.objects.filter(pk=found.pk)
    if found.opened_at is not None:
        due = due.filter(opened_at__lte=now - timedelta(hours=1))
    if due.update(opened_at=now):
        audit.record(
            "evidence.opened",
            object_type="submission",
            object_id=str(found.submission_id),
            actor_id=None,
            now=now,
            details={"by": f"published:{found.pk}", "kind": kind},
        )
