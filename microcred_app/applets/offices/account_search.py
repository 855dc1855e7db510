"""Look for people by what somebody remembers of them, with work that does not grow with the number of accounts.

The tables of accounts are the platform's, and so are their indexes: user name and address are unique there, and the
full name of the profile is indexed from its beginning. So everybody is found by a whole address and by the beginning
of a user name or full name. A word from the middle of a name has no index; it is looked for among the accounts that
were made last, which on most sites are all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Max, Q, QuerySet

__all__ = ["MOST_FOUND", "NEWEST", "PeopleFound", "look_for_people", "people_called"]

#: So many people are found by one text; whoever gets as many writes more of the name.
MOST_FOUND = 500
#: Among so many accounts, the newest ones, parts of names are looked for.
NEWEST = 25_000
MOST_WORDS = 6
MOST_TEXT = 254


@dataclass(frozen=True)
class PeopleFound:
    """Whom a text means. ``cut`` says that there are more, who are left out."""

    ids: frozenset[int] = frozenset()
    cut: bool = False


def people_called(text: str) -> frozenset[int]:
    """The ids of :func:`look_for_people`."""
    return look_for_people(text).ids


def look_for_people(text: str) -> PeopleFound:
    """Accounts by their whole address, the beginning of their user name or full name, or words of a newest one's names.

    Six statements at most, each over an index or over :data:`NEWEST` rows, whatever is typed; the ids are then a list
    that other questions name, so that these begin with few people and not with all that these people might have done.
    """
    text = " ".join(text.replace("\x00", "").split())[:MOST_TEXT]
    if not text:
        return PeopleFound()
    users = get_user_model()._default_manager
    if "@" in text and (found := _ids(users.filter(email__iexact=text))):
        return PeopleFound(frozenset(found))
    ids = set(_ids(users.filter(username__iexact=text)))
    for rows, name in _steps(text):
        if len(ids) <= MOST_FOUND:
            ids.update(_ids(rows, name))
    kept = sorted(ids)[:MOST_FOUND]
    return PeopleFound(frozenset(kept), cut=len(ids) > MOST_FOUND)


def _steps(text: str) -> list[tuple[QuerySet[Any], str]]:
    """The questions in their order, with the column that names the account."""
    model = get_user_model()
    users = model._default_manager
    steps: list[tuple[QuerySet[Any], str]] = [
        (users.filter(username__istartswith=text).order_by("username"), "pk")
    ]
    fields = ["username", "first_name", "last_name"]
    if hasattr(model, "profile"):  # the platform keeps the full name there
        # The platform's model, unknown to the stubs of Django's own account.
        profiles: Any = model._meta.get_field("profile").related_model  # type: ignore[misc]
        profiles = profiles._default_manager
        steps.append((profiles.filter(name__istartswith=text).order_by("name"), "user_id"))
        fields.append("profile__name")
    named = Q()
    for word in text.split()[:MOST_WORDS]:
        one = Q()
        for field in fields:
            one |= Q(**{f"{field}__icontains": word})
        named &= one
    newest = users.aggregate(last=Max("pk"))["last"] or 0
    steps.append((users.filter(named, pk__gt=newest - NEWEST).order_by("pk"), "pk"))
    return steps


def _ids(rows: QuerySet[Any], name: str = "pk") -> list[int]:
    """One more than are told, to know that there are more."""
    return list(rows.values_list(name, flat=True)[: MOST_FOUND + 1])
