"""Many rows of one model in few statements, without a model instance for each.

A back-fill writes hundreds of thousands of rows whose values are ready; making instances of them and asking every
field for each value is most of the work of ``bulk_create``. Here each column knows once how its values are written.
Nothing else differs: the same columns, the same defaults, the same constraints, no signals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
    layout = _layout(model, tuple(names), tuple(shared), connection.vendor)
    constants = [field.get_db_prep_save(shared[name], connection) for name, field in layout.shared]
    constants += [field.get_db_prep_save(field.get_default(), connection) for field in layout.others]
    prepared = [
        (*[prepare(value) for prepare, value in zip(layout.prepares, row, strict=True)], *constants)
        for row in rows
    ]
    _insert(layout, prepared)


@dataclass(frozen=True)
class _Layout:
    """The columns of an insertion: those that differ, those that are shared, those that get their default."""

    head: str
    width: int
    prepares: tuple[_Prepare, ...]
    shared: tuple[tuple[str, Any], ...]
    others: tuple[Any, ...]


@lru_cache(maxsize=64)
def _layout(
    model: type[models.Model], names: tuple[str, ...], shared: tuple[str, ...], _vendor: str
) -> _Layout:
    fields = [_field(model, name) for name in names]
    common = [(name, _field(model, name)) for name in shared]
    given = [*fields, *[field for _name, field in common]]
    if len(set(given)) < len(given):
        raise TypeError(f"{model.__name__}: a field is given twice, by its row and by what is shared.")
    others = [
        field
        for field in model._meta.local_concrete_fields
        if field not in given and not isinstance(field, models.AutoField)
    ]
    columns = [connection.ops.quote_name(field.column) for field in (*given, *others)]
    table = connection.ops.quote_name(model._meta.db_table)
    return _Layout(
        # Names of tables and columns come from models and are quoted; values are parameters.
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ",  # noqa: S608
        len(columns),
        tuple(_preparation(field) for field in fields),
        tuple(common),
        tuple(others),
    )


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _insert(layout: _Layout, rows: Sequence[tuple[Any, ...]]) -> None:
    places = f"({', '.join(['%s'] * layout.width)})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(layout.head + places, rows)
            return
        for piece in _pieces(rows, MAX_PARAMETERS // layout.width):
            statement = layout.head + ", ".join([places] * len(piece))
            cursor.execute(statement, [value for row in piece for value in row])


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
