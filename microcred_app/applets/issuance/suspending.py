"""What was signed for a suspended award is held back; when the suspension is lifted it is signed anew.

The bytes stay as they are and are served as before: they end by themselves (:mod:`.document_end`), and until then the
verify page of this site says *suspended* while others cannot know. ``suspended_at`` of a credential follows the ledger
in the ledger's own transaction, as ``revoked_at`` does, so that nobody who signs or sends has to ask another table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from .models import Credential
from .prolonging import prolong

__all__ = ["copies_end", "hold_credentials", "is_held_back", "release_credentials"]


def copies_end(award_ids: Iterable[str]) -> dict[str, datetime | None]:
    """Until when a copy of these awards goes on verifying at the latest; None where none ends. By award.

    Earlier editions ended before, and what was replaced was revoked.
    """
    rows = Credential.objects.filter(award_id__in=list(award_ids), revoked_at__isnull=True).order_by()
    last = rows.values_list("award_id").annotate(ends=Max(Coalesce("document_ends", "award__expires_at")))
    return {str(pk): ends for pk, ends in last}


def is_held_back(uri: str) -> bool:
    """Whether the credential with this id is one of this site whose award is suspended."""
    rows = Credential.objects.filter(uri=uri[:500], suspended_at__isnull=False, revoked_at__isnull=True)
    return bool(uri) and rows.exists()


@transaction.atomic
def hold_credentials(award_ids: Iterable[str], *, now: datetime) -> tuple[str, ...]:
    """Renew nothing of these any more; the ids of the credentials."""
    rows = Credential.objects.filter(award_id__in=list(award_ids), revoked_at__isnull=True, replaced_as=0)
    ids = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    Credential.objects.filter(pk__in=ids).update(suspended_at=now, renew_at=None)
    return tuple(map(str, ids))


@transaction.atomic
def release_credentials(award_ids: Iterable[str], *, now: datetime) -> tuple[str, ...]:
    """Sign what these awards were suspended with anew; the ids of the credentials.

    Where the award has ended meanwhile, nothing is signed. Every place that keeps a copy gets the new one.
    """
    rows = Credential.objects.filter(
        award_id__in=list(award_ids), suspended_at__isnull=False, revoked_at__isnull=True, replaced_as=0
    )
    ids = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    prolong(ids, now=now)
    Credential.objects.filter(pk__in=ids).update(suspended_at=None)
    return tuple(map(str, ids))
