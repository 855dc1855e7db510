"""What an OpenID4VCI offer says (section 4.1.1), whether it is fetched by its address or stands in the link itself."""

from __future__ import annotations

from typing import Any

from . import addresses
from .clients import PRE_AUTHORISED, registered_clients
from .metadata import CONFIGURATION
from .models import Offer
from .offer_secrets import TX_CODE_LENGTH, OfferSecrets

__all__ = ["offer_content"]


def offer_content(offer: Offer, found: OfferSecrets, configuration: str = CONFIGURATION) -> dict[str, Any]:
    """The offer of *configuration* as JSON; whoever reads it holds the pre-authorised code."""
    grant: dict[str, Any] = {"pre-authorized_code": found.code}
    if offer.guarded:
        description = "The code that the page with the QR code shows"
        grant["tx_code"] = {"input_mode": "numeric", "length": TX_CODE_LENGTH, "description": description}
    grants: dict[str, Any] = {PRE_AUTHORISED: grant}
    if registered_clients():
        grants["authorization_code"] = {"issuer_state": str(offer.pk)}
    return {
        "credential_issuer": addresses.issuer_id(),
        "credential_configuration_ids": [configuration],
        "grants": grants,
    }
