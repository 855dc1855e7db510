"""Every stored secret sealed anew under the newest encryption key, while everything else goes on.

Whatever is sealed stands in a binary column whose name begins with ``sealed``, in whichever room; so a room that is
built later is not forgotten. A row that somebody changes at the same moment (a token that is renewed) keeps what they
wrote, which is sealed with the newest key already. What is sealed with it is left alone: a second run only reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from microcred_app.vault import VaultError, is_sealed_newest, reseal

__all__ = ["Resealed", "count_older", "reseal_all", "sealed_columns"]

CHUNK = 500


@dataclass(frozen=True)
class Resealed:
    """Of one column: ``changed`` secrets are sealed anew; ``unreadable`` ones open with no key in the settings."""

    table: str
    column: str
    changed: int
    unreadable: int


def sealed_columns() -> tuple[tuple[type[models.Model], str], ...]:
    """Tables and columns that hold secrets."""
    return tuple(
        (model, field.name)
        for model in apps.get_app_config("microcred_app").get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField) and field.name.startswith("sealed")
    )


def reseal_all() -> tuple[Resealed, ...]:
    """Seal every secret anew that is not sealed with the newest key."""
    return tuple(_reseal(model, column) for model, column in sealed_columns())


def count_older() -> int:
    """How many secrets are not sealed with the newest key, whether another key opens them or none."""
    return sum(1 for model, column in sealed_columns() for _row in _older(model, column))


def _reseal(model: type[models.Model], column: str) -> Resealed:
    changed = unreadable = 0
    for pk, sealed in _older(model, column):
        try:
            fresh = reseal(sealed)
        except VaultError:
            unreadable += 1
            continue
        unchanged: dict[str, Any] = {"pk": pk, column: sealed}
        changed += model._default_manager.filter(**unchanged).update(**{column: fresh})
    return Resealed(model.__name__, column, changed, unreadable)


def _older(model: type[models.Model], column: str) -> Iterator[tuple[Any, bytes]]:
    """In slices by primary key: a table of tokens may be long, and a cursor must not stay open while rows change."""
    last: Any = None
    while True:
        rows = model._default_manager.order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        piece = [(pk, bytes(sealed)) for pk, sealed in rows.values_list("pk", column)[:CHUNK]]
        if not piece:
            return
        last = piece[-1][0]
        yield from ((pk, sealed) for pk, sealed in piece if sealed and not is_sealed_newest(sealed))
