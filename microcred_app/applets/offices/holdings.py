"""Which offices somebody holds. What an office may do is decided in :mod:`microcred_app.permissions`."""

from __future__ import annotations

from collections.abc import Iterable

from .models import OrganisationRole

__all__ = ["holds_any", "organisations_of"]


def organisations_of(user_id: int, roles: Iterable[str]) -> frozenset[str]:
    """Keys of the organisations for which this account holds one of these roles."""
    rows = OrganisationRole.objects.filter(user_id=user_id, role__in=list(roles))
    return frozenset(rows.values_list("issuer_slug", flat=True))


def holds_any(user_id: int) -> bool:
    """Whether an open account holds any role for any organisation."""
    return OrganisationRole.objects.filter(user_id=user_id, user__is_active=True).exists()
