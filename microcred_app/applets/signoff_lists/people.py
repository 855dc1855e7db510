"""Whom the rows of a list mean: user names first, then e-mail addresses, then ids that other systems know people by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.contrib.auth import get_user_model

from microcred_app.platform_records import accounts_of_external_ids

__all__ = ["find_people", "open_accounts"]


def find_people(texts: Collection[str]) -> dict[str, frozenset[int]]:
    """Open accounts by each text; more than one where several people have the address, none where nobody is meant.

    One question for each of the three, whatever the number of texts; hand in some hundreds at a time.
    """
    wanted = {text for text in texts if text}
    found: dict[str, set[int]] = defaultdict(set)
    accounts = get_user_model().objects.filter(is_active=True)
    by_name: dict[str, set[int]] = defaultdict(set)
    for pk, name in accounts.filter(username__in=wanted).values_list("pk", "username"):
        by_name[name].add(pk)
        by_name[name.casefold()].add(pk)  # some databases find names whatever their case
    for text in wanted:
        found[text] |= by_name.get(text) or by_name.get(text.casefold(), set())
    addresses = {text for text in wanted if "@" in text and not found[text]}
    if addresses:
        spelled = {spelling for text in addresses for spelling in (text, text.casefold())}
        by_address: dict[str, set[int]] = defaultdict(set)
        for pk, address in accounts.filter(email__in=spelled).values_list("pk", "email"):
            by_address[address.casefold()].add(pk)
        for text in addresses:
            found[text] |= by_address.get(text.casefold(), set())
    others = {text for text in wanted if not found[text]}
    if others:
        external = accounts_of_external_ids(others)
        named = {pk for ids in external.values() for pk in ids}
        still_open = set(accounts.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
        for text, ids in external.items():
            found[text] |= ids & still_open
    return {text: frozenset(found[text]) for text in wanted}


def open_accounts(user_ids: Iterable[int]) -> frozenset[int]:
    """Those of these accounts that are open."""
    rows = get_user_model().objects.filter(pk__in=set(user_ids), is_active=True)
    return frozenset(rows.values_list("pk", flat=True))
