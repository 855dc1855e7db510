"""Every room's declaration of what it keeps about people, and what is missing from them.

Rooms are found by their ``personal`` module, so a new room only has to have one. :func:`undeclared` is what keeps this
honest: it reads the models, and names every table and column with personal data of which nobody has said what becomes.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from microcred_app import applets
from microcred_app.applets.personal_rows import AtRetirement, PersonalRows, account_links

__all__ = ["declarations", "undeclared"]

#: Columns that can hold words of or about a person.
_WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


@cache
def declarations() -> tuple[PersonalRows, ...]:
    """All declarations, room by room, in an order in which rows may be deleted."""
    found: list[PersonalRows] = []
    for module in sorted(iter_modules(applets.__path__), key=lambda one: one.name):
        name = f"{applets.__name__}.{module.name}.personal"
        if module.ispkg and find_spec(name):
            found.extend(import_module(name).PERSONAL)
    return tuple(found)


def undeclared() -> list[str]:
    """What holds personal data and is not declared, in words that say what to do; empty when nothing is."""
    by_model: dict[type[models.Model], list[PersonalRows]] = {}
    for one in declarations():
        by_model.setdefault(one.model, []).append(one)
    problems = []
    for model in apps.get_app_config("microcred_app").get_models():
        if re.search(r"^\s*\.\. pii:", model.__doc__ or "", re.MULTILINE) and model not in by_model:
            problems.append(f"{model.__name__} holds personal data: declare it in its room's personal.py.")
    for model, column in account_links():
        led = {one.person for one in by_model.get(model, [])}
        if model not in by_model:
            problems.append(f"{model.__name__}.{column.name} names an account: declare it in personal.py.")
        elif not column.null and column.name not in led:
            problems.append(f"{model.__name__}.{column.name} names an account that nothing takes out.")
    return problems + [problem for model, said in by_model.items() for problem in _unsaid(model, said)]


def _unsaid(model: type[models.Model], said: list[PersonalRows]) -> list[str]:
    """Columns of a table that stays, of which nobody has said whether their words stay too."""
    if all(one.at_retirement is AtRetirement.DELETE for one in said):
        return []
    known = {name for one in said for name in (*one.keeps, *one.blank)}
    return [
        f"{model.__name__}.{column.name} can hold words: say in personal.py whether it is blanked or kept."
        for column in model._meta.local_concrete_fields
        if isinstance(column, _WORDS) and not column.choices and column.name not in known
    ]


def person_columns(model: type[models.Model]) -> list[str]:
    """Columns of *model* that name an account."""
    user = get_user_model()
    return [
        column.attname
        for column in model._meta.local_concrete_fields
        if isinstance(column, models.ForeignKey) and column.related_model is user
    ]
