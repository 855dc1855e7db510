"""A question about one learner that every event asks, built once for the process.

Building a query takes the ORM longer than the database takes to answer it, and an event asks a handful of them. The
statement is still the ORM's own; only the id of the learner is put in anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet, Value

__all__ = ["OneStatement"]

#: Stands for the learner while the statement is built; no account has this id.
_SOMEBODY = -98_765_432_101


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
        self._expressions = [field and Value(None, output_field=field) for field in fields]
        self._statements: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, learner_id: int) -> list[tuple[Any, ...]]:
        """The rows about this learner."""
        statement, parameters = self._statements.get(connection.vendor) or self._prepare()
        with connection.cursor() as cursor:
            cursor.execute(statement, [learner_id if value == _SOMEBODY else value for value in parameters])
            found = cursor.fetchall()
        converters = [
            expression and connection.ops.get_db_converters(expression) for expression in self._expressions
        ]
        return [self._converted(row, converters) for row in found]

    def _prepare(self) -> tuple[str, tuple[Any, ...]]:
        statement, parameters = self._build([_SOMEBODY]).query.sql_with_params()
        return self._statements.setdefault(connection.vendor, (statement, tuple(parameters)))

    def _converted(self, row: Sequence[Any], converters: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, several in enumerate(converters):
            if several and values[place] is not None:
                for convert in several:
                    values[place] = convert(values[place], self._expressions[place], connection)
        return tuple(values)
