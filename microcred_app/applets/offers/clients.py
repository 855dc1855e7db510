"""Which wallets are known here, and what any of them may ask for."""

from __future__ import annotations

from microcred_app.conf import settings

from .data import RedirectClient

__all__ = ["PRE_AUTHORISED", "SCOPE", "registered_clients"]

PRE_AUTHORISED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
SCOPE = "open_badge"


def registered_clients() -> tuple[RedirectClient, ...]:
    """The wallets that may ask through the browser, as the operator has named them.

    Entries that are no triple are left out; the system check E006 names them.
    """
    return tuple(RedirectClient(*entry) for entry in settings().wallet_clients if len(entry) == 3)
