"""Which identifiers of issuers are this site's own."""

from __future__ import annotations

from .models import IssuerKey

__all__ = ["issues_here"]


def issues_here(issuer: str) -> bool:
    """Whether this identifier of an issuer is, or was, one of this site, in whatever state its keys are."""
    return IssuerKey.objects.filter(did=issuer).exists()
