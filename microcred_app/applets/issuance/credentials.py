"""Read what was signed: values for other rooms, made from rows and never handing rows out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from .errors import CredentialErased, CredentialNotFound
from .models import Credential

__all__ = [
    "EMAIL",
    "IssuedCredential",
    "credential_of_award",
    "credentials_of_awards",
    "describe_credential",
    "get_credential",
    "shared_credentials",
]

#: The binding that every award has first: the salted hash of the account's e-mail address.
EMAIL = "email"


@dataclass(frozen=True)
class IssuedCredential:
    """A signed credential; ``document`` holds the exact bytes that were signed.

    ``replaced_by`` is the id of the credential that took its place, when one did. ``document_ends`` is when these bytes
    end, where that is before the award does; since ``suspended_at`` the award is suspended.
    """

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
    holder_binding: str = EMAIL
    replaced_at: datetime | None = None
    replaced_by: str = ""
    document_ends: datetime | None = None
    suspended_at: datetime | None = None


def get_credential(credential_id: str) -> IssuedCredential:
    """One credential; raises :class:`CredentialNotFound` for anything that is not the id of one.

    Raises :class:`CredentialErased` for one whose holder closed their account.
    """
    try:
        row = _rows().get(pk=credential_id)
    except (Credential.DoesNotExist, ValidationError, ValueError) as error:
        raise CredentialNotFound(
            _("There is no credential at this address. Check the link: nothing may be missing at its end.")
        ) from error
    if row.erased_at is not None:
        raise CredentialErased(
            _(
                "The holder has closed their account, so this site keeps no copy of this credential. "
                "Whoever has a copy can still have it checked: key and status list stay published."
            )
        )
    return describe_credential(row)


def credential_of_award(award_id: str) -> IssuedCredential | None:
    """The credential of an award made out to the account's address, once it is signed."""
    return credentials_of_awards([award_id]).get(award_id)


def credentials_of_awards(award_ids: Iterable[str]) -> dict[str, IssuedCredential]:
    """The current credentials of these awards, made out to the accounts' addresses, by award.

    Awards that have none yet are left out. What was made out to wallets of the holder: :mod:`.binding`.
    """
    current = _rows().filter(holder_binding=EMAIL, replaced_as=0, erased_at__isnull=True)
    rows = current.filter(award_id__in=set(award_ids))
    return {str(row.award_id): describe_credential(row) for row in rows}


def shared_credentials() -> Iterator[tuple[str, bytes]]:
    """What holders share, revoked ones too: id and signed bytes."""
    rows = Credential.objects.filter(shared_at__isnull=False).order_by("pk").values_list("pk", "document")
    for pk, document in rows.iterator():
        yield str(pk), bytes(document)


def describe_credential(row: Credential, badge_name: str = "") -> IssuedCredential:
    """The value of a row; *badge_name* for a row that did not come from here."""
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
        holder_binding=row.holder_binding,
        replaced_at=row.replaced_at,
        replaced_by=str(row.replaced_by_id or ""),
        document_ends=row.document_ends,
        suspended_at=row.suspended_at,
    )


def _rows() -> QuerySet[Credential]:
    return Credential.objects.annotate(badge_name=F("award__version__name"))
