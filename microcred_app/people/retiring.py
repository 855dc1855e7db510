"""Forget a person: everything the site keeps about them goes or loses its words, and what was signed goes on verifying.

The platform retires an account in steps and repeats a step that failed, so this may be called any number of times, and
each call finishes what the one before could not: a worker that had a row in hand, an event that came in between.

What each table loses stands in the rooms' ``personal.py``; ADR 0030 says why.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from microcred_app.applets.accounts import api as accounts
from microcred_app.applets.audit import api as audit
from microcred_app.applets.authoring.api import forget_drafts
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.personal_rows import unlink_actor

from .register import declarations

__all__ = ["Retirement", "retire_account"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Retirement:
    """What one call came to: rows touched by table, and columns that named the account and name nobody now."""

    first_time: bool
    rows: dict[str, int]
    unlinked: int


def retire_account(account_id: int, *, now: datetime, actor_id: int | None = None) -> Retirement:
    """Forget this person everywhere, in one transaction; evidence files go when it is committed."""
    with transaction.atomic():
        first_time = accounts.note_retired(account_id, now=now)
        evidence.retire_learner(account_id, now=now)
        forget_drafts(account_id)
        rows: dict[str, int] = {}
        for one in declarations():
            count = one.forget(account_id, now)
            rows[one.model.__name__] = rows.get(one.model.__name__, 0) + count
        unlinked = unlink_actor(account_id)
        if first_time:
            audit.record(
                "account.retired",
                object_type="account",
                object_id=str(account_id),
                actor_id=actor_id,
                now=now,
                details={"rows": {name: count for name, count in rows.items() if count}},
            )
    log.info("Account %s was retired: %s rows, %s links.", account_id, sum(rows.values()), unlinked)
    return Retirement(first_time, rows, unlinked)
