"""Unsaved forms: one per author and block, bounded, gone after a month, never published by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from .errors import DraftTooLarge
from .models import FormDraft

__all__ = [
    "MAX_BYTES",
    "MAX_DRAFTS",
    "FormDraftInfo",
    "drop_draft",
    "forget_drafts",
    "keep_draft",
    "read_draft",
]

#: A form of our blocks has some kilobytes; more is not somebody typing.
MAX_BYTES = 60_000
#: Forms one author may leave open; the oldest makes room.
MAX_DRAFTS = 50
LIFE = timedelta(days=30)


@dataclass(frozen=True)
class FormDraftInfo:
    """An unsaved form: what was typed, upon which state of the block, and when."""

    values: Mapping[str, Any]
    base: str
    saved_at: datetime


@transaction.atomic
def keep_draft(
    author_id: int, usage_key: str, values: Mapping[str, Any], *, base: str, now: datetime
) -> FormDraftInfo:
    """Keep *values* in place of what was kept for this author and block; raises :class:`DraftTooLarge`.

    Every write removes what expired, so that the table needs no job of its own.
    """
    if len(json.dumps(values)) > MAX_BYTES:
        raise DraftTooLarge(
            _("The form holds too much to be kept between visits. Save it, or shorten its texts.")
        )
    FormDraft.objects.filter(saved_at__lt=now - LIFE).delete()
    FormDraft.objects.update_or_create(
        author_id=author_id,
        usage_key=usage_key,
        defaults={"values": dict(values), "base": base[:64], "saved_at": now},
    )
    oldest = FormDraft.objects.filter(author_id=author_id).order_by("-saved_at", "-pk")
    FormDraft.objects.filter(
        pk__in=list(oldest.values_list("pk", flat=True)[MAX_DRAFTS : MAX_DRAFTS * 2])
    ).delete()
    return FormDraftInfo(values, base, now)


def read_draft(author_id: int, usage_key: str, *, now: datetime) -> FormDraftInfo | None:
    """What this author had typed into this block's form, unless it expired."""
    row = FormDraft.objects.filter(author_id=author_id, usage_key=usage_key, saved_at__gte=now - LIFE).first()
    return FormDraftInfo(row.values, row.base, row.saved_at) if row is not None else None


def drop_draft(author_id: int, usage_key: str) -> None:
    """Forget it: it was saved, or is not wanted. It is no error when there is none."""
    FormDraft.objects.filter(author_id=author_id, usage_key=usage_key).delete()


def forget_drafts(author_id: int) -> int:
    """Forget every unsaved form of an account that retires; how many there were."""
    return FormDraft.objects.filter(author_id=author_id).delete()[0]
