"""Status lists: places drawn at random, bits flipped once, the list signed anew when they change.

Places are random so that neighbours in a list tell nothing about each other (herd privacy); a list is given
up for a new one when half of it is taken, which keeps drawing cheap. Raw bits are kept beside the signed
document, so that a change costs one encoding and one signature however many bits it flips.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3 import data_integrity
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.status_list import StatusList as Bits
from microcred_app.ob3.status_list import build_status_list_credential

from .errors import StatusListNotFound
from .keys import signer_of, verification_method
from .models import IssuerKey, StatusEntry, StatusList

__all__ = ["flip", "list_url", "status_document", "status_document_at", "take_place"]

TTL_MILLISECONDS = 60_000


def take_place(key: IssuerKey, *, now: datetime) -> StatusEntry:
    """A free place in a list of this issuer, taken for good; call it inside the issuing transaction.

    The entry comes with its list as it is published now.
    """
    lists = StatusList.objects.filter(issuer_id=key.issuer_id, did=key.did).defer("bits")
    current = lists.order_by("-created_at").first()
    length = len(Bits.new())
    if current is None or current.taken >= length // 2:
        current = _open_list(key, now)
    while True:
        try:
            with transaction.atomic():
                entry = StatusEntry.objects.create(status_list=current, index=secrets.randbelow(length))
        except IntegrityError:
            continue
        StatusList.objects.filter(pk=current.pk).update(taken=F("taken") + 1)
        return entry


@transaction.atomic
def flip(entries: Iterable[StatusEntry], *, now: datetime) -> None:
    """Set the bits of *entries* and sign each list they are in once."""
    by_list: dict[UUID, list[int]] = {}
    for entry in entries:
        by_list.setdefault(entry.status_list_id, []).append(entry.index)
    for list_id, indices in sorted(by_list.items()):
        row = StatusList.objects.select_for_update().get(pk=list_id)
        bits = Bits.from_bits(bytes(row.bits))
        for index in indices:
            bits.set(index)
        key = IssuerKey.objects.filter(did=row.did, state=IssuerKey.ACTIVE).order_by("-pk")[0]
        row.bits = bits.bits
        row.document = _sign(row.pk, key, bits, now)
        row.signed_at = now
        row.save(update_fields=["bits", "document", "signed_at"])


def status_document(list_id: str) -> tuple[bytes, str]:
    """The list credential as signed last, with its SHA-256; raises :class:`StatusListNotFound`."""
    try:
        document = bytes(StatusList.objects.values_list("document", flat=True).get(pk=list_id))
    except (StatusList.DoesNotExist, ValidationError, ValueError) as error:
        raise StatusListNotFound(_("There is no such status list.")) from error
    return document, hashlib.sha256(document).hexdigest()


def status_document_at(url: str) -> bytes:
    """The list credential at one of this site's own addresses, without going through the network."""
    document, _digest = status_document(url.rsplit("/", 1)[-1])
    return document


def list_url(list_id: UUID) -> str:
    """Where a list is published."""
    return settings().public_base_url + reverse("microcred_app:status-list", args=[list_id])


def _open_list(key: IssuerKey, now: datetime) -> StatusList:
    list_id, bits = uuid4(), Bits.new()
    return StatusList.objects.create(
        id=list_id,
        issuer_id=key.issuer_id,
        did=key.did,
        bits=bits.bits,
        document=_sign(list_id, key, bits, now),
        created_at=now,
        signed_at=now,
    )


def _sign(list_id: UUID, key: IssuerKey, bits: Bits, now: datetime) -> bytes:
    unsigned = build_status_list_credential(
        list_url=list_url(list_id),
        issuer_id=key.did,
        status_list=bits,
        valid_from=now,
        ttl_milliseconds=TTL_MILLISECONDS,
    )
    signed = data_integrity.sign(
        unsigned, signer_of(key), verification_method=verification_method(key), created=now
    )
    return encode_document(signed)
