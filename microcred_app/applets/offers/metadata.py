"""What this issuer says of itself to wallets (OpenID4VCI 1.0 section 12.2, RFC 8414).

One configuration for all badges: a site may have thousands, and a wallet reads this document each time. Which badge it
is stands in the offer's credential. Only ``ldp_vc`` is offered: Open Badges 3.0 builds on VCDM 2.0, and wallets read
``jwt_vc_json`` as VCDM 1.1, which an Open Badge cannot be.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3
from microcred_app.ob3.key_proofs import ALGORITHMS

from . import addresses
from .clients import PRE_AUTHORISED, SCOPE, registered_clients

__all__ = ["BATCH", "CONFIGURATION", "FORMAT", "TYPES", "issuer_metadata", "server_metadata"]

CONFIGURATION = "open_badge"
FORMAT = "ldp_vc"
TYPES = ("VerifiableCredential", "OpenBadgeCredential")
#: Keys of one wallet that one request may prove.
BATCH = 5


def issuer_metadata() -> dict[str, Any]:
    """The credential issuer's metadata; the same whoever asks."""
    display = [{"name": "Open Badge", "locale": "en"}]
    return {
        "credential_issuer": addresses.issuer_id(),
        "display": [{"name": urlsplit(addresses.site_origin()).hostname}],
        "authorization_servers": [addresses.issuer_id()],
        "credential_endpoint": addresses.absolute("oid4vci-credential"),
        "nonce_endpoint": addresses.absolute("oid4vci-nonce"),
        "deferred_credential_endpoint": addresses.absolute("oid4vci-deferred"),
        "notification_endpoint": addresses.absolute("oid4vci-notification"),
        "batch_credential_issuance": {"batch_size": BATCH},
        "credential_configurations_supported": {
            CONFIGURATION: {
                "format": FORMAT,
                "scope": SCOPE,
                "cryptographic_binding_methods_supported": ["did:key", "did:jwk", "jwk"],
                "credential_signing_alg_values_supported": ["eddsa-rdfc-2022"],
                "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": list(ALGORITHMS)}},
                "credential_definition": {"@context": [CREDENTIALS_V2, OB_3_0_3], "type": list(TYPES)},
                "credential_metadata": {"display": display},
                # Drafts up to 15 had it here.
                "display": display,
            }
        },
    }


def server_metadata() -> dict[str, Any]:
    """The authorisation server's metadata. The grant through the browser is named only where wallets are registered."""
    clients = registered_clients()
    return {
        "issuer": addresses.issuer_id(),
        "token_endpoint": addresses.absolute("oid4vci-token"),
        "token_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": [PRE_AUTHORISED, *(["authorization_code"] if clients else [])],
        "pre-authorized_grant_anonymous_access_supported": True,
        "response_types_supported": ["code"] if clients else [],
        "scopes_supported": [SCOPE],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        **({"authorization_endpoint": addresses.absolute("oid4vci-authorise")} if clients else {}),
    }
