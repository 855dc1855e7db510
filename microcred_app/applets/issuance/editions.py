"""The same credential signed again: same id, newer ``validFrom``, and the bytes before kept.

Receivers recognise a credential by the pair of issuer and id, and of two the one with the newer ``validFrom`` counts
(Open Badges 3.0, "Verification", step 3), so a wallet that gets the new one replaces the old one. ``awardedDate``
says when the badge was first earned and does not move.

What was signed by a key that is now revoked is signed anew by the key in force, word for word; only the dates, and for
a did:key the issuer's identifier with its place in a status list, are others. Which ones are due is read from the
rows, so it may stop at any moment, and whoever calls again goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from microcred_app.ob3 import issuing
from microcred_app.ob3.documents import StatusEntry, status_to_json
from microcred_app.ob3.timestamps import format_time

from .addresses import list_url
from .document_end import span_within
from .keys import active_key, signer_of, verification_method
from .models import Credential, IssuerKey, PastEdition
from .places import Place
from .self_check import SelfCheck
from .signals import credentials_renewed
from .status import flip, place_of, take_place

__all__ = [
    "keep_edition",
    "lasting",
    "past_edition",
    "past_editions",
    "renewed_in_place",
    "replace_keys",
    "said_again",
    "sign_anew_due",
    "still_counting",
]

#: Signed anew in one transaction: a worker that dies loses so many signatures at most.
CHUNK = 50


def still_counting(now: datetime) -> QuerySet[Credential]:
    """Current credentials that were neither revoked, replaced, suspended nor let go of, and whose award lasts."""
    return lasting(now).filter(suspended_at__isnull=True)


def lasting(now: datetime) -> QuerySet[Credential]:
    """The same with what is suspended."""
    unexpired = Q(award__expires_at__isnull=True) | Q(award__expires_at__gt=now + timedelta(seconds=2))
    return Credential.objects.filter(
        unexpired, revoked_at__isnull=True, replaced_as=0, erased_at__isnull=True
    )


def sign_anew_due(now: datetime, *, limit: int = CHUNK) -> int:
    """Sign anew up to *limit* credentials whose key was revoked; how many were.

    Every place that keeps a copy of them is told in the same transaction.
    """
    due = still_counting(now).filter(issuer_key__state=IssuerKey.REVOKED)
    ids = list(due.order_by("pk").values_list("pk", flat=True)[: min(limit, CHUNK)])
    if not ids:
        return 0
    with transaction.atomic():
        # Locked first and then asked again: another worker may have been faster.
        list(Credential.objects.filter(pk__in=ids).select_for_update().values_list("pk", flat=True))
        rows = list(
            due.filter(pk__in=ids).select_related("issuer_key__issuer", "status_list", "award__version")
        )
        replace_keys(rows, now)
        if rows:
            credentials_renewed.send(
                sender=Credential, credential_ids=tuple(str(row.pk) for row in rows), now=now
            )
    return len(rows)


def replace_keys(rows: Sequence[Credential], now: datetime) -> None:
    """Sign these anew, whose keys were revoked, in the caller's transaction, which has locked them; nobody is told.

    They were read with their keys, issuers, status lists and versions.
    """
    keys = {row.issuer_key.issuer_id: _successor(row.issuer_key, now) for row in rows}
    flip(
        (
            (row.status_list_id, row.status_index)
            for row in rows
            if row.status_list.did != keys[row.issuer_key.issuer_id].did
        ),
        now=now,
    )
    for row in rows:
        _sign_anew(row, keys[row.issuer_key.issuer_id], now)


def past_editions(credential_id: str) -> tuple[tuple[int, datetime, str, str], ...]:
    """Earlier editions of a credential: number, when it ended, why, and its SHA-256; oldest first."""
    rows = PastEdition.objects.filter(credential_id=credential_id).order_by("edition")
    return tuple(rows.values_list("edition", "ended_at", "cause", "sha256"))


def renewed_in_place(award_ids: Iterable[str]) -> frozenset[str]:
    """Those of these awards whose credential went on with a later award."""
    rows = PastEdition.objects.filter(award_id__in=list(award_ids), cause="renewed")
    return frozenset(str(pk) for pk in rows.values_list("award_id", flat=True))


def keep_edition(row: Credential, *, cause: str, now: datetime) -> None:
    """Keep the bytes that *row* holds before others take their place."""
    past_edition(row, cause=cause, document=bytes(row.document), now=now).save(force_insert=True)


def past_edition(row: Credential, *, cause: str, document: bytes, now: datetime) -> PastEdition:
    """What is kept of the edition that *row* holds, not stored yet."""
    return PastEdition(
        credential_id=row.pk,
        edition=row.edition,
        award_id=row.award_id,
        issuer_key_id=row.issuer_key_id,
        status_list_id=row.status_list_id,
        status_index=row.status_index,
        document=document,
        sha256=row.sha256,
        cause=cause,
        ended_at=now,
    )


def _successor(key: IssuerKey, now: datetime) -> IssuerKey:
    return active_key(key.issuer_id, key.issuer.slug, now=now)


def _sign_anew(row: Credential, key: IssuerKey, now: datetime) -> None:
    """A did:web keeps the place in its status list; a did:key is another issuer and gives one in a list of its own."""
    place = place_of(row, now=now) if row.status_list.did == key.did else take_place(key, now=now)
    span = span_within(row.award.version.document_days, row.award.expires_at, now)
    until = span.ends or row.award.expires_at
    unsigned = said_again(json.loads(bytes(row.document)), key.did, place, now, until)
    document = issuing.issue(
        unsigned, signer_of(key), verification_method=verification_method(key), created=now
    )
    SelfCheck(now).require_valid(document, place)
    keep_edition(row, cause="key", now=now)
    Credential.objects.filter(pk=row.pk).update(
        document=document,
        sha256=hashlib.sha256(document).hexdigest(),
        issuer_key=key,
        status_list_id=place.list_id,
        status_index=place.index,
        edition=row.edition + 1,
        document_ends=span.ends,
        renew_at=span.renew_at,
    )


def said_again(
    document: Mapping[str, Any], did: str, place: Place, now: datetime, until: datetime | None
) -> dict[str, Any]:
    """The same words from now on until then, said by *did*."""
    said = {name: value for name, value in document.items() if name != "proof"}
    said["issuer"] = {**said["issuer"], "id": did}
    said["validFrom"] = format_time("validFrom", now)
    if until is not None:
        said["validUntil"] = format_time("validUntil", until)
    said["credentialStatus"] = status_to_json(StatusEntry(list_url(place.list_id), place.index))
    return said
