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

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["insert_rows"]

#: One statement is kept well below what servers take at most (``max_allowed_packet``), and its parameters too.
MAX_BYTES = 1_000_000
MAX_PARAMETERS = 30_000

_Prepare = Callable[[Any, BaseDatabaseWrapper], Any]


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
    here = connections[DEFAULT_DB_ALIAS]
    layout = _layout(model, tuple(names), tuple(shared), here.vendor)
    constants = [prepare(shared[name], here) for name, prepare in layout.shared]
    constants += [prepare(field.get_default(), here) for field, prepare in layout.others]
    prepared = [
        (*[prepare(value, here) for prepare, value in zip(layout.prepares, row, strict=True)], *constants)
        for row in rows
    ]
    _insert(layout, prepared, here)


@dataclass(frozen=True)
class _Layout:
    """The columns of an insertion: those that differ, those that are shared, those that get their default."""

    head: str
    width: int
    prepares: tuple[_Prepare, ...]
    shared: tuple[tuple[str, _Prepare], ...]
    others: tuple[tuple[Any, _Prepare], ...]


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
    here = connections[DEFAULT_DB_ALIAS]
    columns = [here.ops.quote_name(field.column) for field in (*given, *others)]
    table = here.ops.quote_name(model._meta.db_table)
    return _Layout(
        # Names of tables and columns come from models and are quoted; values are parameters.
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ",  # noqa: S608
        len(columns),
        tuple(_preparation(field, here) for field in fields),
        tuple((name, _preparation(field, here)) for name, field in common),
        tuple((field, _preparation(field, here)) for field in others),
    )


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _insert(layout: _Layout, rows: Sequence[tuple[Any, ...]], here: BaseDatabaseWrapper) -> None:
    places = f"({', '.join(['%s'] * layout.width)})"
    with here.cursor() as cursor:
        if here.vendor == "sqlite":
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


def _preparation(field: Any, here: BaseDatabaseWrapper) -> _Prepare:
    """How values of *field* are written: what ``get_db_prep_save`` does, looked up once for the column."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if isinstance(target, models.UUIDField):
        return _uuid_text if here.features.has_native_uuid_field else _uuid_hex
    if isinstance(target, models.BinaryField | models.CharField | models.IntegerField):
        return _as_it_is
    save: Callable[..., Any] = field.get_db_prep_save
    return lambda value, here: None if value is None else save(value, here)


def _uuid_text(value: UUID | str | None, _here: BaseDatabaseWrapper) -> str | None:
    return None if value is None else str(value)


def _uuid_hex(value: UUID | str | None, _here: BaseDatabaseWrapper) -> str | None:
    if value is None:
        return None
    return value.hex if isinstance(value, UUID) else value.replace("-", "")


def _as_it_is(value: Any, _here: BaseDatabaseWrapper) -> Any:
    return value
