"""A row in every table that keeps something about people, with a marked word in every column that can hold one.

Nothing here knows any table: rows are made from the models, so a table or column that is added is filled as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from microcred_app.people import declarations

__all__ = ["Filler", "mark", "marks_in_database"]

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


def mark(model: type[models.Model], column: str) -> str:
    """The word that stands in this column; short, because columns may be."""
    number = sum(ord(letter) * (place + 1) for place, letter in enumerate(f"{model.__name__}.{column}"))
    return f"zq{number}z"


class Filler:
    """Makes rows about one account, and what they need; each table once, except where *fresh* ones are wanted."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        self.made: dict[type[models.Model], models.Model] = {}

    def row(self, model: type[models.Model]) -> models.Model:
        """The row of this table, made when it is asked for first."""
        if model not in self.made:
            values = {}
            for column in model._meta.local_concrete_fields:
                if not isinstance(column, models.AutoField):
                    values[column.attname] = self._value(model, column)
            row = model(**values)
            models.QuerySet(model).bulk_create([row])
            self.made[model] = models.QuerySet(model).order_by("-pk").first() if row.pk is None else row
        return self.made[model]

    def _value(self, model: type[models.Model], column: Any) -> Any:
        if isinstance(column, models.ForeignKey):
            if column.related_model is get_user_model():
                return self.account_id
            leads = any(
                one.person.startswith(f"{column.name}__") for one in declarations() if one.model is model
            )
            return self.row(column.related_model).pk if leads or not column.null else None
        if (model.__name__, column.name) in _SHAPED:
            return _SHAPED[model.__name__, column.name](mark(model, column.name), self.account_id)
        if _is_bound(model, column):
            return column.get_default()
        for kinds, value in _VALUES:
            if isinstance(column, kinds):
                return value(model, column)
        return 1


def _word(model: type[models.Model], column: Any) -> str:
    return next(iter(column.flatchoices))[0] if column.choices else mark(model, column.name)


def _is_bound(model: type[models.Model], column: Any) -> bool:
    """Whether the database takes certain values only, or the column says that something has happened."""
    bound = any(
        f"'{column.name}" in str(one) for one in model._meta.constraints if "Check" in type(one).__name__
    )
    return column.has_default() and bound


#: Columns that are read while somebody is forgotten, and so must look as they do in life.
_SHAPED: dict[tuple[str, str], Any] = {
    ("Submission", "kept_digests"): lambda word, _account: [["text", "text/plain", 1, word]],
    ("StorageUse", "scope"): lambda _word, account: f"learner:{account}",
}
_VALUES: tuple[tuple[Any, Any], ...] = (
    ((models.CharField, models.TextField), _word),
    (models.JSONField, lambda model, column: {"word": mark(model, column.name)}),
    (models.BinaryField, lambda model, column: mark(model, column.name).encode()),
    (models.UUIDField, lambda _model, _column: uuid4()),
    (
        models.DateTimeField,
        lambda _model, column: None if column.name in ("erased_at", "removed_at", "sunset_at") else MOMENT,
    ),
    (models.DateField, lambda _model, column: None if column.null else date(2026, 3, 1)),
    (models.BooleanField, lambda _model, _column: True),
    (models.DecimalField, lambda _model, _column: Decimal(1)),
)


def marks_in_database() -> Iterator[tuple[type[models.Model], str]]:
    """Tables and columns of the app in which a marked word still stands."""
    for model in apps.get_app_config("microcred_app").get_models():
        for column in model._meta.local_concrete_fields:
            for value in models.QuerySet(model).values_list(column.attname, flat=True):
                if mark(model, column.name) in _text(value):
                    yield model, column.name


def _text(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return "" if isinstance(value, (int, float, UUID)) else str(value)
