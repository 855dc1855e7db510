"""What this room keeps about people.

A signed document names its holder, and a signature holds for those bytes only: names cannot be taken out of it. So
this site lets go of its own copy. Who holds a copy can go on verifying it, because key and status list stay
(ADR 0030).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from ..personal_rows import AtRetirement, PersonalRows, blank_rows
from .models import Credential, ExpiryReminder, PastEdition, ReminderOptOut, SuspensionNotice

__all__ = ["PERSONAL"]


def _let_go(rows: models.QuerySet[Any], now: datetime) -> None:
    blank_rows(rows.filter(erased_at__isnull=True), {"document": b"", "shared_at": None, "erased_at": now})


PERSONAL = (
    PersonalRows(
        Credential,
        "learner",
        AtRetirement.BLANK,
        "The signed document goes, and nothing is shared any more. Its digest, its place in the status list and its "
        "key stay: copies that people hold go on verifying.",
        blank={"document": b"", "shared_at": None},
        keeps=("uri", "sha256", "holder_binding"),
        by=_let_go,
    ),
    PersonalRows(
        PastEdition,
        "credential__learner",
        AtRetirement.BLANK,
        "Earlier editions go in the same way.",
        blank={"document": b""},
        keeps=("sha256", "cause"),
    ),
    PersonalRows(ExpiryReminder, "award__learner", AtRetirement.DELETE, "Nobody is reminded any more."),
    PersonalRows(
        SuspensionNotice,
        "suspension__award__learner",
        AtRetirement.DELETE,
        "That a mail was sent is forgotten.",
    ),
    PersonalRows(ReminderOptOut, "learner", AtRetirement.DELETE, "Nobody is reminded any more."),
)
