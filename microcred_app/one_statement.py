"""A question about one learner that every event asks, built once for the process.

Building a query takes the ORM longer than the database takes to answer it, and an event asks a handful of them. The
statement is still the ORM's own; only the id of the learner is put in anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, Value

__all__ = ["Condition", "OneStatement"]

#: Stands for the learner while the statement is built; no account has this id.
_SOMEBODY = -98_765_432_101


#: The place of a column, what its value is, and what makes a Python value of it.
_Converter = tuple[int, Value, tuple[Callable[[Any, Any, Any], Any], ...]]


@dataclass(frozen=True)
class _Prepared:
    """A statement of one kind of database, with the columns that its values come from the database unlike Python's."""

    text: str
    parameters: tuple[Any, ...]
    converters: Sequence[_Converter]

    def about(self, learner_id: int) -> list[Any]:
        """The parameters, with this learner in the place of somebody."""
        return [learner_id if value == _SOMEBODY else value for value in self.parameters]


@dataclass(frozen=True)
class Condition:
    """Part of a ``WHERE``: that a statement answers, in that moment, with one row of just these values."""

    text: str
    parameters: tuple[Any, ...]


class OneStatement:
    """Answers what *build* asks for a list of learner ids, for one; *fields* say what the columns are.

    A column without a field is given as the database gives it. Not for queries whose text depends on the ids.
    """

    def __init__(
        self,
        build: Callable[[Sequence[int]], QuerySet[Any]],
        fields: Sequence[models.Field[Any, Any] | None],
    ) -> None:
        self._build = build
        self._expressions: list[Value | None] = [
            Value(None, output_field=field) if field is not None else None for field in fields
        ]
        self._statements: dict[str, _Prepared] = {}

    def rows(self, learner_id: int) -> list[tuple[Any, ...]]:
        """The rows about this learner."""
        here = connections[DEFAULT_DB_ALIAS]
        prepared = self._statements.get(here.vendor) or self._prepare(here)
        with here.cursor() as cursor:
            cursor.execute(prepared.text, prepared.about(learner_id))
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not prepared.converters:
            return found
        return [self._converted(row, prepared.converters, here) for row in found]

    def gives(self, learner_id: int, values: Sequence[Any]) -> Condition:
        """That the answer about this learner is one row of *values*, as the database has them."""
        here = connections[DEFAULT_DB_ALIAS]
        prepared = self._statements.get(here.vendor) or self._prepare(here)
        places = ", ".join(["%s"] * len(values))
        return Condition(f"({places}) = ({prepared.text})", (*values, *prepared.about(learner_id)))

    def _prepare(self, here: BaseDatabaseWrapper) -> _Prepared:
        text, parameters = self._build([_SOMEBODY]).query.sql_with_params()
        converters = [
            (place, expression, tuple(here.ops.get_db_converters(expression)))
            for place, expression in enumerate(self._expressions)
            if expression is not None
        ]
        found = _Prepared(text, tuple(parameters), [one for one in converters if one[2]])
        return self._statements.setdefault(here.vendor, found)

    @staticmethod
    def _converted(
        row: Sequence[Any], converters: Sequence[_Converter], here: BaseDatabaseWrapper
    ) -> tuple[Any, ...]:
        values = list(row)
        for place, expression, several in converters:
            if values[place] is not None:
                for convert in several:
                    values[place] = convert(values[place], expression, here)
        return tuple(values)
