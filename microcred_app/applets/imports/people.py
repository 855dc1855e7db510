"""Who received an award: accounts by their address, or by the hash that the award has of it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model

from .models import ImportedAward

__all__ = ["accounts_of_emails", "accounts_of_hashes", "match_waiting"]

CHUNK = 400
#: So many hashes are made for one import at most; a hash with a salt has to be made for every account.
MOST_HASHES = 2_000_000


def accounts_of_emails(emails: Iterable[str]) -> dict[str, int]:
    """Open accounts by address in small letters. An address that two accounts have is nobody's."""
    found: dict[str, set[int]] = defaultdict(set)
    for part in _parts(sorted(set(emails))):
        rows = get_user_model().objects.filter(email__in=part, is_active=True)
        for pk, email in rows.values_list("pk", "email"):
            found[email.casefold()].add(pk)
    return {email: pks.pop() for email, pks in found.items() if len(pks) == 1}


def accounts_of_hashes(hashes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Accounts by hash and salt, where there are few enough of both; nobody's otherwise."""
    by_salt: dict[str, set[str]] = defaultdict(set)
    for value, salt in hashes:
        by_salt[salt].add(value.casefold())
    people = get_user_model().objects.filter(is_active=True).exclude(email="")
    if not by_salt or len(by_salt) * people.count() > MOST_HASHES:
        return {}
    found: dict[tuple[str, str], int] = {}
    for pk, email in people.values_list("pk", "email").iterator():
        for salt, wanted in by_salt.items():
            for spelled in {email, email.casefold()}:
                made = "sha256$" + hashlib.sha256(f"{spelled}{salt}".encode()).hexdigest()
                if made in wanted:
                    found[made, salt] = pk
    return found


def match_waiting(issuer_slug: str) -> int:
    """Give awards that nobody had an account for to whoever has one now; how many found somebody."""
    waiting = ImportedAward.objects.filter(learner=None, definition__issuer_slug=issuer_slug).exclude(
        email=""
    )
    matched = 0
    accounts = accounts_of_emails(waiting.values_list("email", flat=True).distinct())
    for email, pk in accounts.items():
        matched += waiting.filter(email=email).update(learner_id=pk)
    return matched


def _parts(values: list[str]) -> Iterator[list[str]]:
    for place in range(0, len(values), CHUNK):
        yield values[place : place + CHUNK]
