"""Status lists: places given out in an order that tells nothing, bits flipped once, the list signed anew then.

Places of a list are numbered in a secret order (:mod:`.places`), and the list counts how many it has given out. So a
process can take several at once by one update, keep those that it does not need yet, and spend them without asking
anybody: an award costs no statement for its place but once in :data:`BLOCK`. Places of a process that ends stay
unused; a list has places to spare.

A list as it was signed is valid for some days only, so that nobody can go on showing an old one in which a bit is not
set. Workers sign lists anew well before (:func:`sign_lists_due`); where no worker runs, whoever reads a list that is
about to end, or signs with a place in it, does. Raw bits are kept beside the signed document, so that a change costs
one encoding and one signature however many bits it flips.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError
from microcred_app.ob3 import issuing
from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.status_list import StatusList as Bits
from microcred_app.ob3.status_list import build_status_list_credential

from .addresses import list_url
from .errors import StatusListFull, StatusListNotFound
from .keys import signer_of, verification_method
from .models import Credential, IssuerKey, StatusList
from .places import LENGTH, Place, index_of

__all__ = [
    "flip",
    "place_of",
    "published_lists",
    "sign_list_anew",
    "sign_lists_due",
    "status_document",
    "status_document_at",
    "take_place",
    "take_places",
]

log = logging.getLogger(__name__)

TTL_MILLISECONDS = 60_000
#: For so long a list is valid as it was signed; workers sign it anew after ``DUE``, and anybody who meets it after
#: ``STALE``. Places that a process keeps are forgotten after ``KEPT``: they carry the list as it was.
VALID, DUE, STALE, KEPT = timedelta(days=7), timedelta(days=2), timedelta(days=5), timedelta(days=1)
#: So many places a process takes at least when it runs out of them, and so many times what it needs at once.
BLOCK, AHEAD = 64, 4
MAX_TRIES = 100
MAX_SUPPLIES = 1_000


@dataclass(frozen=True)
class _Supply:
    """Places of one list that are this process's own: those with numbers from ``next`` up to ``end``, since ``since``.

    ``taken`` is what the list's counter said when they were taken.
    """

    list_id: UUID
    seed: bytes
    published: bytes
    next: int
    end: int
    since: datetime

    def first(self, count: int) -> list[Place]:
        numbers = range(self.next, min(self.next + count, self.end))
        return [Place(self.list_id, index_of(self.seed, number), self.published) for number in numbers]


#: By process (what a fork inherits is its parent's), stamp of definitions, and issuer.
_Owner = tuple[int, str, int, str]
_supplies: dict[_Owner, _Supply] = {}
_lock = Lock()


def take_place(key: IssuerKey, *, now: datetime) -> Place:
    """A free place in a list of this issuer, taken for good."""
    return take_places(key, 1, now=now)[0]


def take_places(key: IssuerKey, count: int, *, now: datetime, stamp: str = "") -> list[Place]:
    """*count* places, in no order that tells anything, taken for good.

    With the *stamp* of the definitions the process keeps some more for next time, unless the caller is inside a
    transaction: what is taken there may be rolled back. What is kept is forgotten when the stamp changes, which it
    does with keys and lists.
    """
    if not stamp or connection.in_atomic_block:
        return _claim(key, count, now, exactly=True)[0]
    owner = (os.getpid(), stamp, key.issuer_id, key.did)
    with _lock:
        supply = _supplies.pop(owner, None)
        if supply and abs(now - supply.since) >= KEPT:
            supply = None
        places = supply.first(count) if supply else []
        if supply:
            supply = replace(supply, next=supply.next + len(places))
        if len(places) < count:
            more, supply = _claim(key, count - len(places), now, exactly=False, before=supply)
            places += more
        if supply:
            if len(_supplies) >= MAX_SUPPLIES:
                _supplies.clear()
            _supplies[owner] = supply
    return places


def _claim(
    key: IssuerKey, count: int, now: datetime, *, exactly: bool, before: _Supply | None = None
) -> tuple[list[Place], _Supply | None]:
    """*count* places, and what was taken beyond them unless *exactly* these were wanted."""
    places: list[Place] = []
    supply = before
    for _try in range(MAX_TRIES):
        missing = count - len(places)
        wanted = missing if exactly else max(BLOCK, AHEAD * missing)
        # Whoever took the last places of a list may take the next ones without looking, if nobody else did.
        supply = (_advance(supply, wanted) if supply else None) or _look_and_advance(key, wanted, now)
        if supply is None:
            continue
        found = supply.first(missing)
        places += found
        supply = replace(supply, next=supply.next + len(found))
        if len(places) == count:
            return places, None if exactly else supply
    raise StatusListFull(_("No free places were found in the status list. Try again."))


def _look_and_advance(key: IssuerKey, count: int, now: datetime) -> _Supply | None:
    """Take up to *count* places of the newest list that has some, or of a new one; None when others were faster."""
    lists = StatusList.objects.filter(issuer_id=key.issuer_id, did=key.did, taken__lt=LENGTH)
    with transaction.atomic():
        # The lock makes a transaction see the counter as it is now, not as it was when the transaction began.
        row = _locked(lists.defer("bits").order_by("-created_at", "-pk")).first() or _open_list(key, now)
        published = _fresh(row.pk, bytes(row.document), row.signed_at, now)
        seen = _Supply(row.pk, bytes(row.seed), published, row.taken, row.taken, now)
        return _advance(seen, count)


def _advance(supply: _Supply, count: int) -> _Supply | None:
    """The next places of the same list; None when it is full, or when somebody else took some meanwhile."""
    end = min(supply.end + count, LENGTH)
    if end == supply.end:
        return None
    counted = StatusList.objects.filter(pk=supply.list_id, taken=supply.end).update(taken=end)
    return replace(supply, next=supply.end, end=end) if counted else None


def _locked(lists: QuerySet[StatusList]) -> QuerySet[StatusList]:
    return lists.select_for_update() if connection.features.has_select_for_update else lists


@transaction.atomic
def flip(places: Iterable[tuple[UUID, int]], *, now: datetime) -> None:
    """Set the bits at *places* (list and index) and sign each list they are in once."""
    by_list: dict[UUID, list[int]] = {}
    for list_id, index in places:
        by_list.setdefault(list_id, []).append(index)
    for list_id, indices in sorted(by_list.items()):
        row = StatusList.objects.select_for_update().get(pk=list_id)
        bits = Bits.from_bits(bytes(row.bits))
        for index in indices:
            bits.set(index)
        row.bits = bits.bits
        _publish(row, bits, now)


@transaction.atomic
def sign_list_anew(list_id: UUID, *, now: datetime) -> None:
    """Sign a list as it is with the newest key of its issuer: the key that signed it is none any more."""
    row = StatusList.objects.select_for_update().get(pk=list_id)
    _publish(row, Bits.from_bits(bytes(row.bits)), now)


def sign_lists_due(now: datetime) -> int:
    """Sign anew every list that was not for some days; how many. One that cannot be signed keeps no other waiting."""
    due = StatusList.objects.filter(signed_at__lte=now - DUE).order_by("signed_at", "pk")
    signed = 0
    for list_id in list(due.values_list("pk", flat=True)):
        try:
            signed += _sign_if_due(list_id, DUE, now) is not None
        except (MicrocredError, Ob3Error):
            log.exception("The status list %s could not be signed anew; it is tried again.", list_id)
    return signed


def place_of(row: Credential, *, now: datetime) -> Place:
    """The place of a credential, which was read with its list, in the list as it is valid now."""
    found = row.status_list
    published = _fresh(found.pk, bytes(found.document), found.signed_at, now)
    return Place(found.pk, row.status_index, published)


def _fresh(list_id: UUID, document: bytes, signed_at: datetime, now: datetime) -> bytes:
    """The list as it was read, or signed anew where it is about to end. If that cannot be, what there is."""
    if now - signed_at < STALE:
        return document
    try:
        return _sign_if_due(list_id, STALE, now) or bytes(
            StatusList.objects.values_list("document", flat=True).get(pk=list_id)
        )
    except (MicrocredError, Ob3Error):
        log.exception("The status list %s is about to end and could not be signed anew.", list_id)
        return document


@transaction.atomic
def _sign_if_due(list_id: UUID, age: timedelta, now: datetime) -> bytes | None:
    row = StatusList.objects.select_for_update().get(pk=list_id)
    if now - row.signed_at < age:
        return None  # somebody was faster
    _publish(row, Bits.from_bits(bytes(row.bits)), now)
    return row.document


def _publish(row: StatusList, bits: Bits, now: datetime) -> None:
    row.document = _sign(row.pk, _key_for(row.did), bits, now)
    row.signed_at = now
    row.save(update_fields=["bits", "document", "signed_at"])


def _key_for(did: str) -> IssuerKey:
    """The newest key that may sign for *did*. A did:key has only itself, so it goes on signing its own lists when it
    was replaced, and even when it was revoked: they must still be able to say what was taken back."""
    rows = IssuerKey.objects.filter(did=did)
    fitting = rows.filter(state=IssuerKey.ACTIVE) if rows.filter(state=IssuerKey.ACTIVE).exists() else rows
    return fitting.order_by("-pk")[0]


def status_document(list_id: str, *, now: datetime) -> tuple[bytes, str]:
    """The list credential as signed last, with its SHA-256; raises :class:`StatusListNotFound`."""
    try:
        pk, found, signed_at = StatusList.objects.values_list("pk", "document", "signed_at").get(pk=list_id)
    except (StatusList.DoesNotExist, ValidationError, ValueError) as error:
        raise StatusListNotFound(_("There is no such status list.")) from error
    document = _fresh(pk, bytes(found), signed_at, now)
    return document, hashlib.sha256(document).hexdigest()


def published_lists() -> Iterator[tuple[str, bytes]]:
    """Every status list of the site: its id and the document as signed last."""
    for list_id, document in StatusList.objects.order_by("pk").values_list("pk", "document").iterator():
        yield str(list_id), bytes(document)


def status_document_at(url: str, *, now: datetime) -> bytes:
    """The list credential at one of this site's own addresses, without going through the network."""
    document, _digest = status_document(url.rsplit("/", 1)[-1], now=now)
    return document


def _open_list(key: IssuerKey, now: datetime) -> StatusList:
    list_id, bits = uuid4(), Bits.new()
    return StatusList.objects.create(
        id=list_id,
        issuer_id=key.issuer_id,
        did=key.did,
        bits=bits.bits,
        document=_sign(list_id, key, bits, now),
        seed=secrets.token_bytes(32),
        created_at=now,
        signed_at=now,
    )


def _sign(list_id: UUID, key: IssuerKey, bits: Bits, now: datetime) -> bytes:
    unsigned = build_status_list_credential(
        list_url=list_url(list_id),
        issuer_id=key.did,
        status_list=bits,
        valid_from=now,
        valid_until=now + VALID,
        ttl_milliseconds=TTL_MILLISECONDS,
    )
    return issuing.issue(unsigned, signer_of(key), verification_method=verification_method(key), created=now)
