"""Tells processes that keep definitions in memory whether what they keep is still true.

Every function that changes an issuer, an outcome or a badge calls :func:`touch_definitions` in its own
transaction: whoever can see the change can see the new stamp, and a change that is rolled back takes its stamp
with it. The value is random and never counted up, so that a rolled back change and the next one, or two
databases in one process, cannot be mistaken for one another.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import connection

from .models import DefinitionStamp

__all__ = ["read_stamp", "touch_definitions"]


def touch_definitions() -> None:
    """Say that definitions changed. Call it inside the transaction that changes them."""
    DefinitionStamp.objects.update_or_create(pk=1, defaults={"value": uuid4().hex})


def read_stamp() -> str:
    """The stamp as this transaction sees it; empty before anything was defined.

    Asked once in every event, therefore without building a query each time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION)
        row = cursor.fetchone()
    return row[0] if row else ""


_QUESTION = "SELECT value FROM microcred_app_definitionstamp WHERE id = 1"
