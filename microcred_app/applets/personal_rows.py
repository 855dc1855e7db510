"""What each table keeps about a person, said once for each table, by the room that owns it.

A room's ``personal.py`` declares its tables as :class:`PersonalRows`. Retirement, the copy that a person asks for, and
the merge of two accounts read these declarations, and so does the test that fails when a table or a column with
personal data is added and nobody has said what becomes of it.

Rows of append-only tables are facts, and nothing changes them; forgetting a person is the one exception, so the plain
query set is used here, and only here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

__all__ = [
    "AtMerge",
    "AtRetirement",
    "PersonalRows",
    "account_links",
    "blank_rows",
    "delete_rows",
    "plain_rows",
    "unlink_actor",
]

#: Rows that are changed or read at once.
CHUNK = 500


class AtRetirement(StrEnum):
    """What becomes of a row when its person's account is retired."""

    DELETE = "delete"
    BLANK = "blank"
    KEEP = "keep"


class AtMerge(StrEnum):
    """What becomes of a row when its person's account is merged into another."""

    MOVE = "move"
    STAY = "stay"


@dataclass(frozen=True)
class PersonalRows:
    """One table's rows about one kind of person.

    ``person`` leads from the row to the account's id; empty where nothing leads to an account. ``keeps`` names the
    columns with texts that stay, ``why`` says why they may. ``by`` does what ``at_retirement`` says where more than
    deleting or blanking is needed. ``secret`` columns are in no copy: they are the site's, or open something.
    """

    model: type[models.Model]
    person: str
    at_retirement: AtRetirement
    why: str
    blank: Mapping[str, Any] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    where: Mapping[str, Any] = field(default_factory=dict)
    at_merge: AtMerge = AtMerge.STAY
    unique: tuple[str, ...] = ()
    exported: bool = True
    by: Callable[[models.QuerySet[Any], datetime], None] | None = None

    def rows_of(self, account_id: int) -> models.QuerySet[Any]:
        """This person's rows; none where nothing leads to an account."""
        rows = plain_rows(self.model)
        if not self.person:
            return rows.none()
        return rows.filter(**{self.person: account_id}, **self.where)

    def forget(self, account_id: int, now: datetime) -> int:
        """Do what is to be done at retirement; how many rows there were. Repeating it changes nothing more."""
        rows = self.rows_of(account_id)
        if self.by is not None:
            count = rows.count()
            self.by(rows, now)
            return count
        if self.at_retirement is AtRetirement.DELETE:
            return delete_rows(rows)
        if self.at_retirement is AtRetirement.BLANK:
            return blank_rows(rows, self.blank)
        return 0


def plain_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """Every row of a table, past the manager that keeps facts from being changed."""
    return models.QuerySet(model)


def delete_rows(rows: models.QuerySet[Any]) -> int:
    """Delete rows and what hangs on them, in pieces; how many rows, without what hung on them."""
    deleted = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        plain_rows(rows.model).filter(pk__in=ids).delete()
        deleted += len(ids)
    return deleted


def blank_rows(rows: models.QuerySet[Any], values: Mapping[str, Any]) -> int:
    """Write *values* over what stands there, in pieces, by key: a database may not update through a join."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for begin in range(0, len(ids), CHUNK):
        plain_rows(rows.model).filter(pk__in=ids[begin : begin + CHUNK]).update(**values)
    return len(ids)


def account_links() -> Iterator[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Every column of the app that names an account."""
    user = get_user_model()
    for model in apps.get_app_config("microcred_app").get_models():
        for column in model._meta.local_concrete_fields:
            if isinstance(column, models.ForeignKey) and column.related_model is user:
                yield model, column


def unlink_actor(account_id: int) -> int:
    """Take the account out of every column that says who did something and may say nobody; how many rows.

    A room that is built later is not forgotten: the columns are read from the models.
    """
    changed = 0
    for model, column in account_links():
        if column.null:
            changed += plain_rows(model).filter(**{column.name: account_id}).update(**{column.name: None})
    return changed
