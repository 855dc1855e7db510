"""Counts every statement that reaches the database, whoever builds it and whether one row or many go with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

__all__ = ["Statements", "counted"]

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET")


@dataclass
class Statements:
    """Statements by what they do; transaction control is neither."""

    reads: int = 0
    writes: int = 0


@contextmanager
def counted() -> Iterator[Statements]:
    """Count what this thread's connection executes, inside and outside of transactions."""
    from django.db import connection

    found = Statements()

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.lstrip("( ").split(None, 1)[0].upper()
        if verb in _WRITES:
            found.writes += 1
        elif verb not in _CONTROL:
            found.reads += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield found
