"""Many rows of one model in few statements, without a model instance for each.

A back-fill writes hundreds of thousands of rows whose values are ready; making instances of them and asking every
field for each value is most of the work of ``bulk_create``. Here each column knows once how its values are written.
Nothing else differs: the same columns, the same defaults, the same constraints, no signals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

__all__ = ["insert_rows"]

#: One statement is kept well below what servers take at most (``max_allowed_packet``), and its parameters too.
MAX_BYTES = 1_000_000
MAX_PARAMETERS = 30_000

_Prepare = Callable[[Any], Any]


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    shared: Mapping[str, Any],
) -> None:
    """Insert *rows*, which give the fields *names*; *shared* gives the same value to a field of every row.

    Fields that neither gives get their default. Constraints are the database's: raises IntegrityError like
    ``bulk_create``, and writes nothing then if the caller is in a transaction, as it must be for several statements.
    """
    if not rows:
        return
    fields = [_field(model, name) for name in names]
    given = {field.attname for field in fields}
    common = {
        field.attname: field
        for field in model._meta.local_concrete_fields
        if field.attname not in given and not isinstance(field, models.AutoField)
    }
    values = {_field(model, name).attname: value for name, value in shared.items()}
    if values.keys() - common.keys():
        raise TypeError(f"{model.__name__}: given twice or unknown: {sorted(values.keys() - common.keys())}")
    constants = tuple(
        field.get_db_prep_save(values[name] if name in values else field.get_default(), connection)
        for name, field in common.items()
    )
    columns = [field.column for field in (*fields, *common.values())]
    prepares = [_preparation(field) for field in fields]
    prepared = [
        (*[prepare(value) for prepare, value in zip(prepares, row, strict=True)], *constants) for row in rows
    ]
    _insert(model._meta.db_table, columns, prepared)


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _insert(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    quote = connection.ops.quote_name
    # Names of tables and columns come from models and are quoted; values are parameters.
    head = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES "  # noqa: S608
    places = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(head + places, rows)
            return
        for piece in _pieces(rows, MAX_PARAMETERS // len(columns)):
            cursor.execute(head + ", ".join([places] * len(piece)), [value for row in piece for value in row])


def _pieces(rows: Sequence[tuple[Any, ...]], most: int) -> list[list[tuple[Any, ...]]]:
    pieces: list[list[tuple[Any, ...]]] = [[]]
    size = 0
    for row in rows:
        weight = sum(len(value) if isinstance(value, str | bytes) else 20 for value in row)
        if pieces[-1] and (size + weight > MAX_BYTES or len(pieces[-1]) >= most):
            pieces.append([])
            size = 0
        pieces[-1].append(row)
        size += weight
    return pieces


def _preparation(field: Any) -> _Prepare:
    """How values of *field* are written: what ``get_db_prep_save`` does, looked up once for the column."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if isinstance(target, models.UUIDField):
        return _uuid_text if connection.features.has_native_uuid_field else _uuid_hex
    if isinstance(target, models.BinaryField | models.CharField | models.IntegerField):
        return _as_it_is
    return lambda value: field.get_db_prep_save(value, connection)


def _uuid_text(value: UUID | str) -> str:
    return str(value)


def _uuid_hex(value: UUID | str) -> str:
    return value.hex if isinstance(value, UUID) else value.replace("-", "")


def _as_it_is(value: Any) -> Any:
    return value
