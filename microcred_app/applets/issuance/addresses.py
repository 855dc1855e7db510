"""Where credentials and status lists are published: below the site's public address, by the site's own routes.

Every signature names both. Looking a route up takes the framework longer than the signature itself, so each is looked
up once and the id put in anew.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings as site
from django.urls import get_script_prefix, get_urlconf, reverse

from microcred_app.conf import settings

__all__ = ["credential_uri", "list_url"]

_ANY = UUID(int=0)


def credential_uri(credential_id: UUID) -> str:
    """Where a credential is published."""
    return _address("microcred_app:credential", credential_id)


def list_url(list_id: UUID) -> str:
    """Where a list is published."""
    return _address("microcred_app:status-list", list_id)


def _address(route: str, pk: UUID) -> str:
    before, after = _around(route, get_urlconf() or site.ROOT_URLCONF, get_script_prefix())
    return f"{settings().public_base_url}{before}{pk}{after}"


@lru_cache(maxsize=64)
def _around(route: str, urlconf: str, _prefix: str) -> tuple[str, str]:
    before, after = reverse(route, urlconf, args=[_ANY]).split(str(_ANY))
    return before, after
