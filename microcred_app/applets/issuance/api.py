"""Sign credentials, serve them byte for byte, revoke them.

Signing happens in the transaction that writes the award: status place, document, self-check and row stand or
fall together. The self-check is the same verification that a stranger runs, on the same bytes; a credential
that does not pass it is never stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3 import data_integrity, verification
from microcred_app.ob3.serialization import encode_document

from ..awards import api as awards
from .composition import (
    EvidenceLine,
    PartLine,
    achievement_document,
    compose,
    evidence_of,
    issuer_document,
    parts_of,
    recipient_name,
)
from .errors import CredentialNotFound, IssuanceError, SelfCheckFailed, StatusListNotFound
from .keys import active_key, did_document_of, resolve_issuer, signer_of, verification_method
from .models import Credential, StatusEntry
from .signals import credential_issued
from .status import flip, list_url, status_document, status_document_at, take_place

__all__ = [
    "CredentialNotFound",
    "EvidenceLine",
    "IssuanceError",
    "IssuedCredential",
    "PartLine",
    "SelfCheckFailed",
    "StatusListNotFound",
    "achievement_document",
    "check_credential",
    "credential_of_award",
    "credentials_of_awards",
    "did_document_of",
    "evidence_of",
    "get_credential",
    "hide_credential",
    "issue_credential",
    "issuer_document",
    "parts_of",
    "recipient_name",
    "revoke_credentials",
    "share_credential",
    "sign_award",
    "status_document",
]


@dataclass(frozen=True)
class IssuedCredential:
    """A signed credential; ``document`` holds the exact bytes that were signed."""

    id: str
    uri: str
    award_id: str
    learner_id: int
    badge_name: str
    document: bytes
    sha256: str
    issued_at: datetime
    shared_at: datetime | None
    revoked_at: datetime | None


def issue_credential(award_id: str, *, now: datetime) -> IssuedCredential:
    """Sign and store the credential of an award; an award that has one keeps it."""
    if Credential.objects.filter(award_id=award_id).exists():
        return credentials_of_awards([award_id])[award_id]
    return sign_award(awards.get_award(award_id), now=now)


def sign_award(award: awards.AwardInfo, *, now: datetime) -> IssuedCredential:
    """Sign and store the credential of a new award. Should there be one after all, that one stands."""
    with transaction.atomic(savepoint=False):
        key = active_key(award.badge.issuer.id, award.badge.issuer.slug, now=now)
        entry = take_place(key, now=now)
        credential_id = uuid4()
        uri = settings().public_base_url + reverse("microcred_app:credential", args=[credential_id])
        unsigned = compose(
            award,
            credential_uri=uri,
            issuer_did=key.did,
            status_url=list_url(entry.status_list_id),
            status_index=entry.index,
            parts=_parts(award),
        )
        signed = data_integrity.sign(
            unsigned, signer_of(key), verification_method=verification_method(key), created=now
        )
        document = encode_document(signed)
        _check_or_refuse(document, entry, now)
        try:
            with transaction.atomic():
                row = Credential.objects.create(
                    id=credential_id,
                    award_id=award.id,
                    learner_id=award.learner_id,
                    issuer_key=key,
                    status_entry=entry,
                    uri=uri,
                    document=document,
                    sha256=hashlib.sha256(document).hexdigest(),
                    issued_at=now,
                )
        except IntegrityError:  # somebody else signed for this award first; theirs stands
            winner = credential_of_award(award.id)
            if winner is None:
                raise
            return winner
        credential_issued.send(
            sender=Credential, credential_id=str(row.pk), learner_id=row.learner_id, now=now
        )
    return _info(row, award.badge.name)


def get_credential(credential_id: str) -> IssuedCredential:
    """One credential; raises :class:`CredentialNotFound` for anything that is not the id of one."""
    try:
        return _info(_rows().get(pk=credential_id))
    except (Credential.DoesNotExist, ValidationError, ValueError) as error:
        raise CredentialNotFound(
            _("There is no credential at this address. Check the link: nothing may be missing at its end.")
        ) from error


def credential_of_award(award_id: str) -> IssuedCredential | None:
    """The credential of an award, once it is signed."""
    return credentials_of_awards([award_id]).get(award_id)


def credentials_of_awards(award_ids: Iterable[str]) -> dict[str, IssuedCredential]:
    """The credentials of these awards by award; awards that have none yet are left out."""
    found: dict[str, IssuedCredential] = {}
    for row in _rows().filter(award_id__in=set(award_ids)).order_by("issued_at", "pk"):
        found.setdefault(str(row.award_id), _info(row))
    return found


def check_credential(credential_id: str, *, now: datetime) -> verification.Report:
    """Verify the stored bytes as a stranger would, with this site's own DID documents and status lists."""
    return _verify(get_credential(credential_id).document, now)


def share_credential(learner_id: int, credential_id: str, *, now: datetime) -> IssuedCredential:
    """Let whoever has the link see the credential. Only its holder can."""
    return _set_shared(learner_id, credential_id, now)


def hide_credential(learner_id: int, credential_id: str) -> IssuedCredential:
    """Take the link back. Only the holder can."""
    return _set_shared(learner_id, credential_id, None)


def revoke_credentials(award_id: str, *, now: datetime) -> None:
    """Revoke everything that was signed for the award; each status list concerned is signed once."""
    with transaction.atomic():
        rows = Credential.objects.select_for_update().filter(award_id=award_id, revoked_at__isnull=True)
        found: Iterable[Credential] = list(rows.select_related("status_entry"))
        flip((row.status_entry for row in found), now=now)
        for row in found:
            row.revoked_at = now
            row.save(update_fields=["revoked_at"])


def _parts(award: awards.AwardInfo) -> tuple[PartLine, ...]:
    """The credentials of the badges that this award was built on."""
    ids = [leaf["award"] for leaf in award.because.get("met", []) if leaf.get("award")]
    found = credentials_of_awards(ids) if ids else {}
    return tuple(PartLine(found[pk].badge_name, found[pk].uri) for pk in ids if pk in found)


def _check_or_refuse(document: bytes, entry: StatusEntry, now: datetime) -> None:
    """Verify what was just signed as a stranger would, with the status list its place was taken in."""
    published = {list_url(entry.status_list_id): bytes(entry.status_list.document)}
    report = verification.verify(
        document, now=now, resolve_did=resolve_issuer, fetch_status_list=published.__getitem__
    )
    if report.verdict != "valid":
        failed = "; ".join(check.message for check in report.checks if check.outcome != "passed")
        raise SelfCheckFailed(f"The new credential does not verify: {failed}")


def _verify(document: bytes, now: datetime) -> verification.Report:
    return verification.verify(
        document, now=now, resolve_did=resolve_issuer, fetch_status_list=status_document_at
    )


def _set_shared(learner_id: int, credential_id: str, moment: datetime | None) -> IssuedCredential:
    found = get_credential(credential_id)
    if found.learner_id != learner_id:
        raise CredentialNotFound(_("There is no such credential of yours."))
    if (found.shared_at is None) != (moment is None):
        Credential.objects.filter(pk=found.id).update(shared_at=moment)
    return get_credential(credential_id)


def _rows() -> QuerySet[Credential]:
    return Credential.objects.annotate(badge_name=F("award__version__name"))


def _info(row: Credential, badge_name: str = "") -> IssuedCredential:
    """The value; *badge_name* for a row that did not come from :func:`_rows`."""
    return IssuedCredential(
        id=str(row.pk),
        uri=row.uri,
        award_id=str(row.award_id),
        learner_id=row.learner_id,
        badge_name=badge_name or getattr(row, "badge_name", ""),
        document=bytes(row.document),
        sha256=row.sha256,
        issued_at=row.issued_at,
        shared_at=row.shared_at,
        revoked_at=row.revoked_at,
    )
