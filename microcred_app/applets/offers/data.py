"""Values that leave this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

__all__ = ["ClaimInfo", "OfferInfo", "OfferLinks", "RedirectClient", "WalletAnswer"]


@dataclass(frozen=True)
class ClaimInfo:
    """One credential that a wallet took or waits for; ``event`` is what the wallet reported of it."""

    did: str
    protocol: str
    credential_id: str
    claimed_at: datetime
    event: str
    event_description: str
    event_at: datetime | None


@dataclass(frozen=True)
class OfferInfo:
    """One offer as its learner sees it.

    ``state`` is ``waiting``, ``read``, ``redeemed`` (a wallet has begun to fetch), ``abandoned`` (and did
    not end), ``fetched``, ``accepted``,
    ``failed``, ``deleted``, ``deferred``, ``cancelled``, ``blocked`` (wrong codes) or ``expired``.
    """

    id: UUID
    award_id: str
    badge_name: str
    state: str
    guarded: bool
    replaces: bool
    created_at: datetime
    expires_at: datetime
    read_at: datetime | None
    claims: tuple[ClaimInfo, ...]

    @property
    def is_open(self) -> bool:
        """Whether a wallet may still come."""
        return self.state in ("waiting", "read")

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is expected to happen to it soon."""
        return self.state in ("accepted", "failed", "deleted", "cancelled", "blocked", "expired", "abandoned")


@dataclass(frozen=True)
class OfferLinks:
    """What a learner's page shows of an open offer; empty texts for what it does not offer.

    ``oid4vci`` names the offer by its address, ``oid4vci_value`` holds it; ``oid4vci_jwt`` is for wallets that keep
    tokens.
    """

    interaction: str
    oid4vci: str
    oid4vci_value: str
    lcw: str
    lcw_legacy: str
    document: str
    tx_code: str
    oid4vci_jwt: str = ""


@dataclass(frozen=True)
class RedirectClient:
    """A wallet that may ask for badges through the browser; the operator has named it."""

    client_id: str
    redirect_uri: str
    name: str


@dataclass(frozen=True)
class WalletAnswer:
    """What a wallet is answered: JSON with its status and headers."""

    status: int
    body: Any
    headers: tuple[tuple[str, str], ...] = ()
