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
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3 import issuing
from microcred_app.ob3.status_list import StatusList as Bits
from microcred_app.ob3.status_list import build_status_list_credential

from .errors import StatusListFull, StatusListNotFound
from .keys import signer_of, verification_method
from .models import IssuerKey, StatusEntry, StatusList

__all__ = ["flip", "list_url", "status_document", "status_document_at", "take_place", "take_places"]

TTL_MILLISECONDS = 60_000
LENGTH = len(Bits.new())
#: Half of a list is free at least, so this many draws fail about once in the age of the universe.
MAX_DRAWS = 200
COUNTED_AT_ONCE = 32


def take_place(key: IssuerKey, *, now: datetime) -> StatusEntry:
    """A free place in a list of this issuer, taken for good; call it inside the issuing transaction.

    The entry comes with its list as it is published now.
    """
    return _draw(_open_lists(key).first() or _open_list(key, now), 1)[0]


def take_places(key: IssuerKey, count: int, *, now: datetime) -> list[StatusEntry]:
    """*count* places at once, in no order that tells anything; the same promise as :func:`take_place`.

    While one worker fills a list, another takes a list of its own instead of waiting for the first one's whole
    transaction (where the database can skip locked rows; elsewhere transactions that write follow each other).
    """
    entries: list[StatusEntry] = []
    while len(entries) < count:
        current = _unlocked(_open_lists(key)).first() or _open_list(key, now)
        entries += _draw(current, min(count - len(entries), LENGTH // 2 - current.taken))
    secrets.SystemRandom().shuffle(entries)
    return entries


def _open_lists(key: IssuerKey) -> QuerySet[StatusList]:
    lists = StatusList.objects.filter(issuer_id=key.issuer_id, did=key.did, taken__lt=LENGTH // 2)
    return lists.defer("bits").order_by("-created_at", "-pk")


def _unlocked(lists: QuerySet[StatusList]) -> QuerySet[StatusList]:
    if not connection.features.has_select_for_update:
        return lists
    return lists.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _draw(current: StatusList, count: int) -> list[StatusEntry]:
    """*count* places of one list, drawn at random until every one of them was free."""
    # Before the entries: their foreign key takes a shared lock on the list, and two transactions that both hold
    # one could not both write the counter afterwards.
    counted = count if count > 1 else _count_one()
    if counted:
        StatusList.objects.filter(pk=current.pk).update(taken=F("taken") + counted)
        current.taken += counted
    entries: list[StatusEntry] = []
    for _try in range(MAX_DRAWS):
        drawn = set(secrets.SystemRandom().sample(range(LENGTH), count - len(entries)))
        places = current.entries.filter(index__in=drawn)
        drawn -= set(places.values_list("index", flat=True)) if count > 1 else set()
        try:
            with transaction.atomic():
                entries += _take(current, sorted(drawn))
        except IntegrityError:  # somebody took one of them in between
            continue
        if len(entries) == count:
            return entries
    raise StatusListFull(_("No free places were found in the status list. Try again."))


def _count_one() -> int:
    """How much one place adds to the list's counter: nothing, or, once in so many times, for all of them.

    The counter only tells when a list is about half full. One write less for each award is worth that it is off
    by a few hundred in 65,536.
    """
    return COUNTED_AT_ONCE if secrets.randbelow(COUNTED_AT_ONCE) == 0 else 0


def _take(current: StatusList, indices: list[int]) -> list[StatusEntry]:
    """Write these places, in ascending order so that two workers cannot wait for each other in a circle."""
    rows = [StatusEntry(status_list=current, index=index) for index in indices]
    if len(rows) == 1:
        rows[0].save(force_insert=True)
        return rows
    rows = StatusEntry.objects.bulk_create(rows)
    if rows and rows[0].pk is None:  # databases that do not say which keys they gave
        keys = dict(current.entries.filter(index__in=indices).values_list("index", "pk"))
        for row in rows:
            row.pk = keys[row.index]
    return rows


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
    return issuing.issue(unsigned, signer_of(key), verification_method=verification_method(key), created=now)
