"""A badge that was earned anew keeps its credential: same id, later dates, the date it was first earned kept.

The ledger writes a new award. Its credential is the next edition of the earlier award's, so that a wallet shows one
badge that lasts longer and not a second one, and a link that its holder gave somebody leads to what holds now. So does
what is made out to wallets' keys (:mod:`.bound_renewals`). Where that cannot be (another version of the badge, an
issuer with another identifier, a credential that was revoked), the new award gets a credential of its own, as every
award does.

A back-fill renews nothing in place: it can be undone, and then what was held before it must still hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from microcred_app.ob3.timestamps import parse_time

from ..awards import api as awards
from .bound_renewals import renew_bound
from .credentials import EMAIL
from .document_end import WHOLE, Span
from .editions import keep_edition
from .models import Credential
from .places import Place
from .signals import credentials_renewed
from .status import place_of

__all__ = ["Edition", "Renewal", "renewals_of", "write_renewals"]


@dataclass(frozen=True)
class Renewal:
    """The credential that an award goes on with. ``issuer_did`` must be the new edition's issuer, too."""

    award_id: str
    credential_id: UUID
    uri: str
    place: Place
    issuer_did: str
    first_awarded: datetime
    sha256: str


@dataclass(frozen=True)
class Edition:
    """The next edition of a credential, signed and checked and not stored yet."""

    renewal: Renewal
    key_id: int
    document: bytes
    span: Span = WHOLE


def renewals_of(found: Sequence[awards.DueAward], *, now: datetime) -> dict[str, Renewal]:
    """By the id of the award that is due: the credential it goes on with. Nothing is asked where nothing is renewed."""
    renewing = {award.renews: award for award in found if award.renews}
    if not renewing:
        return {}
    rows = Credential.objects.filter(
        award_id__in=list(renewing), holder_binding=EMAIL, replaced_as=0, revoked_at__isnull=True
    ).select_related("award", "status_list")
    known = {}
    for row in rows:
        award = renewing[str(row.award_id)]
        if row.award.version_id != award.badge.version_id:
            continue
        document = json.loads(bytes(row.document))
        first = parse_time("awardedDate", document.get("awardedDate") or document["validFrom"])
        place = place_of(row, now=now)
        known[str(award.id)] = Renewal(
            str(award.id), row.pk, row.uri, place, row.status_list.did, first, row.sha256
        )
    return known


def write_renewals(editions: Sequence[Edition], *, now: datetime) -> None:
    """Store next editions in the transaction that writes the awards, and tell every place that keeps a copy.

    Raises IntegrityError when one of the credentials was changed, revoked or suspended meanwhile: look again, and find
    what holds.
    """
    bound: list[UUID] = []
    for edition in editions:
        renewal = edition.renewal
        row = Credential.objects.select_for_update().get(pk=renewal.credential_id)
        changed = row.revoked_at is not None or row.replaced_as or row.sha256 != renewal.sha256
        if changed or row.suspended_at is not None:
            raise IntegrityError("A credential that was to be renewed is no longer what it was.")
        keep_edition(row, cause="renewed", now=now)
        Credential.objects.filter(pk=row.pk).update(
            award_id=renewal.award_id,
            issuer_key_id=edition.key_id,
            document=edition.document,
            sha256=hashlib.sha256(edition.document).hexdigest(),
            edition=row.edition + 1,
            document_ends=edition.span.ends,
            renew_at=edition.span.renew_at,
        )
        bound += renew_bound(row.award_id, renewal.award_id, now=now)
    if editions:
        credentials_renewed.send(
            sender=Credential,
            credential_ids=tuple(
                str(pk) for pk in (*(edition.renewal.credential_id for edition in editions), *bound)
            ),
            now=now,
        )
