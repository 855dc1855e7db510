"""Documents that are valid for some days at a time are renewed while their award stands (:mod:`.document_end`).

The same words under the same id with later dates, signed by the key in force, and the new one goes to every place
that keeps a copy. Nobody is told of it: for people and for systems that listen nothing has happened. Which ones are
due is read from the rows (``renew_at``), so the work may stop at any moment; many are signed before the transaction
that writes them, and it writes only over the bytes that were read: what was renewed, revoked or suspended meanwhile is
left alone. A document that cannot be signed is tried again later and keeps nobody waiting.

A suspended award has no ``renew_at`` (:mod:`.suspending`). When the suspension is lifted it is signed anew here.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from microcred_app.errors import MicrocredError
from microcred_app.ob3.errors import Ob3Error

from ..accounts.api import of_retired_accounts
from ..badges import api as badges
from .document_end import Span, span_within
from .editions import lasting, past_edition, replace_keys, said_again, still_counting
from .keys import active_key
from .models import Credential, IssuerKey, PastEdition
from .places import Place
from .self_check import SelfCheck
from .signals import credentials_prolonged
from .status import place_of
from .templates import DocumentPress

__all__ = ["prolong", "prolong_due"]

log = logging.getLogger(__name__)

#: Renewed in one transaction.
CHUNK = 200
#: When a document could not be signed, it is tried again after this.
LATER = timedelta(hours=1)


@dataclass(frozen=True)
class _Prolonged:
    """The next edition of *row*, signed and checked, not stored."""

    row: Credential
    key: IssuerKey
    document: bytes
    span: Span


def prolong_due(now: datetime, *, limit: int = CHUNK) -> int:
    """Renew up to *limit* documents that end soon; how many were looked at.

    Every place that keeps a copy is told in the transaction that writes them.
    """
    ids = list(_due(now).order_by("renew_at", "pk").values_list("pk", flat=True)[: min(limit, CHUNK)])
    if not ids:
        return 0
    prolonged, failed = _sign(_due(now).filter(pk__in=ids), now)
    with transaction.atomic():
        # Locked first and then asked again: another worker, or a suspension, may have been faster.
        list(Credential.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))
        still = dict(_due(now).filter(pk__in=ids).values_list("pk", "sha256"))
        _store([entry for entry in prolonged if still.get(entry.row.pk) == entry.row.sha256], now)
        Credential.objects.filter(pk__in=set(failed) & still.keys()).update(renew_at=now + LATER)
    return len(ids)


def prolong(credential_ids: Collection[UUID], *, now: datetime) -> int:
    """Sign these anew from now on, suspended ones too, in the caller's transaction, which has locked them; how many.

    Raises what signing raises: then nothing is written.
    """
    chosen = lasting(now).filter(pk__in=credential_ids)
    orphaned = Q(issuer_key__state=IssuerKey.REVOKED)
    prolonged, failed = _sign(chosen.exclude(orphaned), now)
    if failed:
        raise next(iter(failed.values()))
    # Where a did:key was revoked, its whole list is: these need a place elsewhere.
    others = list(
        chosen.filter(orphaned).select_related("issuer_key__issuer", "status_list", "award__version")
    )
    replace_keys(others, now)
    _store(prolonged, now)
    _tell((row.pk for row in others), now)
    return len(prolonged) + len(others)


def _due(now: datetime) -> QuerySet[Credential]:
    """What a revoked key signed is the business of :mod:`.editions`."""
    rows = still_counting(now).filter(renew_at__lte=now)
    return rows.exclude(issuer_key__state=IssuerKey.REVOKED).filter(~of_retired_accounts())


def _sign(rows: QuerySet[Credential], now: datetime) -> tuple[list[_Prolonged], dict[UUID, Exception]]:
    related = rows.select_related("status_list", "issuer_key__issuer", "award__version")
    found = list(related.defer("status_list__bits"))
    stamp = badges.current_definitions().stamp
    keys = {(row.issuer_key.issuer_id, row.status_list.did): row.issuer_key for row in found}
    keys = {place: _key_for(before, place[1], now) for place, before in keys.items()}
    presses: dict[int, DocumentPress] = {}
    lists: dict[UUID, bytes] = {}
    check = SelfCheck(now, stamp)
    signed: list[_Prolonged] = []
    failed: dict[UUID, Exception] = {}
    for row in found:
        key = keys[row.issuer_key.issuer_id, row.status_list.did]
        if row.status_list_id not in lists:
            lists[row.status_list_id] = place_of(row, now=now).published
        place = Place(row.status_list_id, row.status_index, lists[row.status_list_id])
        span = span_within(row.award.version.document_days, row.award.expires_at, now)
        words = json.loads(bytes(row.document))
        until = span.ends or row.award.expires_at
        try:
            press = presses.get(key.pk) or presses.setdefault(key.pk, DocumentPress(key, now, stamp))
            document = press.sign(said_again(words, key.did, place, now, until))
            check.require_valid(document, place)
        except (MicrocredError, Ob3Error) as error:
            log.exception("The credential %s could not be renewed; it is tried again.", row.pk)
            failed[row.pk] = error
            continue
        signed.append(_Prolonged(row, key, document, span))
    return signed, failed


def _key_for(before: IssuerKey, did: str, now: datetime) -> IssuerKey:
    """The key in force where it speaks for *did*; a did:key has only itself and goes on with what it began."""
    key = active_key(before.issuer_id, before.issuer.slug, now=now)
    if key.did == did:
        return key
    of_did = IssuerKey.objects.filter(did=did).exclude(state=IssuerKey.REVOKED)
    return of_did.order_by("-pk").first() or before


def _store(prolonged: Sequence[_Prolonged], now: datetime) -> None:
    PastEdition.objects.bulk_create(
        past_edition(entry.row, cause="prolonged", document=b"", now=now) for entry in prolonged
    )
    for entry in prolonged:
        Credential.objects.filter(pk=entry.row.pk).update(
            document=entry.document,
            sha256=hashlib.sha256(entry.document).hexdigest(),
            issuer_key=entry.key,
            edition=entry.row.edition + 1,
            document_ends=entry.span.ends,
            renew_at=entry.span.renew_at,
            suspended_at=None,
        )
    _tell((entry.row.pk for entry in prolonged), now)


def _tell(ids: Iterable[UUID], now: datetime) -> None:
    told = tuple(map(str, ids))
    if told:
        credentials_prolonged.send(sender=Credential, credential_ids=told, now=now)
