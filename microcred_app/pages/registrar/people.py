"""Names of many people at once, for lists."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from microcred_app.compat import Person, platform

__all__ = ["NamedPerson", "names_of", "people_of"]

NamedPerson = Person


def people_of(ids: Iterable[int | None]) -> dict[int, Person]:
    """Name and address by account; somebody without a name is called by the user name, or by number."""
    wanted = {pk for pk in ids if pk is not None}
    found = platform().people(wanted) if wanted else {}
    nameless = {pk for pk in wanted if pk not in found or not found[pk].name}
    if nameless:
        rows = get_user_model().objects.filter(pk__in=nameless)
        names = dict(rows.values_list("pk", "username"))
        for pk in nameless:
            known = found.get(pk)
            found[pk] = Person(names.get(pk) or f"#{pk}", known.email if known else "")
    return found


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Only the names."""
    return {pk: person.name for pk, person in people_of(ids).items()}
