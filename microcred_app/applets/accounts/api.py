"""Say that an account is retired, and ask whether one is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from .models import AccountMerge, RetiredAccount

__all__ = ["note_merged", "note_retired", "of_retired_accounts", "retired_among"]


def note_retired(account_id: int, *, now: datetime) -> bool:
    """Remember it; says whether this is the first time."""
    row, created = RetiredAccount.objects.get_or_create(
        account_id=account_id, defaults={"first_at": now, "last_at": now}
    )
    if not created:
        RetiredAccount.objects.filter(pk=row.pk).update(last_at=now)
    return created


def note_merged(source_id: int, target_id: int, *, now: datetime) -> None:
    """Remember that what one account had earned is another's now."""
    AccountMerge.objects.create(source_id=source_id, target_id=target_id, merged_at=now)


def of_retired_accounts(column: str = "learner_id") -> Q:
    """The rows whose person was retired, as a condition; *column* names the account."""
    return Q(Exists(RetiredAccount.objects.filter(account_id=OuterRef(column))))


def retired_among(account_ids: Collection[int]) -> frozenset[int]:
    """Those of these accounts that were retired: one query for any number."""
    rows = RetiredAccount.objects.filter(account_id__in=set(account_ids))
    return frozenset(rows.values_list("account_id", flat=True))
