"""Very many rows by one statement: ``INSERT … SELECT`` from MariaDB's table of numbers (its SEQUENCE engine)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, models, transaction

__all__ = ["CHUNK", "fill", "identifier"]

#: Rows of one transaction: many enough to be quick, few enough that the undo log stays small.
CHUNK = 200_000


def identifier(kind: str, number: str = "seq") -> str:
    """SQL of a random-looking UUID that belongs to row *number* of a *kind*, so that other rows can name it."""
    # Version 4 and its variant, as the server insists on them.
    return f"CAST(INSERT(INSERT(MD5(CONCAT('{kind}', {number})), 13, 1, '4'), 17, 1, '8') AS UUID)"


def fill(model: type[models.Model], columns: Mapping[str, str | Any], first: int, count: int) -> int:
    """Rows of *model* for the numbers from *first* on; how many.

    *columns* gives SQL over ``seq`` by attribute name, or a value in a list of one. Every other column has its field's
    default, so a column that is added later needs no change here unless it has none.
    """
    names, texts, values = [], [], []
    for field in model._meta.concrete_fields:
        given = columns.get(field.attname)
        if given is None and (field.primary_key and isinstance(field, models.AutoField)):
            continue
        names.append(connection.ops.quote_name(field.column))
        if isinstance(given, str):
            texts.append(given)
        else:
            value = given[0] if given else field.get_default()
            texts.append("%s")
            values.append(field.get_db_prep_save(value, connection))
    for begin in range(first, first + count, CHUNK):
        end = min(begin + CHUNK, first + count) - 1
        with transaction.atomic(), connection.cursor() as cursor:
            # Values are parameters; names come from the models, and expressions from this package.
            cursor.execute("SET unique_checks=0, foreign_key_checks=0")
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(names)})"
                f" SELECT {', '.join(texts)} FROM seq_{begin}_to_{end}",
                values,
            )
            cursor.execute("SET unique_checks=1, foreign_key_checks=1")
    return count
