"""What is made out to wallets' keys goes on with a renewal as well: same id, later dates, the edition before kept.

A wallet that proved a key holds a credential of its own of the award that was renewed. Without this it would end on
its old day although the badge did not, and the wallet's next visit would get a second badge beside the first. In the
transaction that renews, each becomes its next edition, of the new award; the wallet gets it when it comes again, and
until then its copy stays valid as long as it says. All editions are written, or none and the award is not renewed.

Where the issuer has another identifier now, the copy is left as it is: an edition cannot change who says it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from microcred_app.ob3.identity import Identity
from microcred_app.ob3.timestamps import parse_time

from ..awards import api as awards
from .credentials import EMAIL
from .document_end import span_of
from .editions import keep_edition
from .keys import active_key
from .models import Credential
from .self_check import SelfCheck
from .signing import Holder, sign_document_for
from .status import place_of

__all__ = ["renew_bound"]


def renew_bound(old_award_id: UUID, new_award_id: str, *, now: datetime) -> tuple[UUID, ...]:
    """Write the next edition of every credential of the old award that is made out to a key; their ids.

    Call it in the transaction that writes the new award, after that.
    """
    rows = Credential.objects.filter(award_id=old_award_id, replaced_as=0, revoked_at__isnull=True)
    rows = rows.exclude(holder_binding=EMAIL).order_by("pk")
    if not list(rows.select_for_update().values_list("pk", flat=True)):
        return ()
    found = list(rows.select_related("status_list"))
    award = awards.get_award(new_award_id)
    key = active_key(award.badge.issuer.id, award.badge.issuer.slug, now=now)
    renewed = []
    for row in found:
        if row.status_list.did != key.did:
            continue
        place = place_of(row, now=now)
        before = json.loads(bytes(row.document))
        document = sign_document_for(
            award,
            _same_holder(row.holder_binding, before),
            key,
            place,
            uri=row.uri,
            first_awarded=parse_time("awardedDate", before.get("awardedDate") or before["validFrom"]),
            now=now,
        )
        SelfCheck(now).require_valid(document, place)
        keep_edition(row, cause="renewed", now=now)
        Credential.objects.filter(pk=row.pk).update(
            award_id=new_award_id,
            issuer_key=key,
            document=document,
            sha256=hashlib.sha256(document).hexdigest(),
            edition=row.edition + 1,
            document_ends=span_of(award, now).ends,
            renew_at=span_of(award, now).renew_at,
        )
        renewed.append(row.pk)
    return tuple(renewed)


def _same_holder(binding: str, document: dict[str, Any]) -> Holder:
    """To whom the edition before was made out, word for word: a renewal tells nobody a new name."""
    subject = document["credentialSubject"]
    return Holder(
        binding,
        tuple(
            Identity(entry["identityType"], entry["identityHash"], entry["hashed"], entry.get("salt", ""))
            for entry in subject.get("identifier", [])
        ),
        subject.get("id", ""),
    )
