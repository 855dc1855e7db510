"""Rows that are written once.

A ledger is only worth something when nobody can quietly change it, so models of facts derive from
:class:`AppendOnlyModel`: a second ``save()``, an ``update()`` or a ``delete()`` raises. A correction is a new
row that names the old one.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

__all__ = ["AppendOnlyModel", "AppendOnlyViolation"]


class AppendOnlyViolation(TypeError):
    """Code tried to change or remove a fact. This is a programming error, never a user's."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A query set that reads and inserts."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyViolation(f"{self.model.__name__} rows are never changed; write a new row instead.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyViolation(f"{self.model.__name__} rows are never removed; write a new row instead.")


class AppendOnlyManager(models.Manager.from_queryset(AppendOnlyQuerySet)):  # type: ignore[misc]
    """The manager of models whose rows are facts (the base is made at run time, which mypy cannot follow)."""


class AppendOnlyModel(models.Model):
    """Base of models whose rows are facts."""

    objects = AppendOnlyManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a row that is already stored is refused."""
        if not self._state.adding:
            raise AppendOnlyViolation(
                f"{type(self).__name__} rows are never changed; write a new row instead."
            )
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyViolation(f"{type(self).__name__} rows are never removed; write a new row instead.")
