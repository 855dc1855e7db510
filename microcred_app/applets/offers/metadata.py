"""What this issuer says of itself to wallets (OpenID4VCI 1.0 section 12.2, RFC 8414).

One configuration of each format for all badges: a site may have thousands, and a wallet reads this document each time.
Which badge it is stands in the offer's credential. ``ldp_vc`` comes first: it is the Open Badge as it was signed.
``jwt_vc_json`` says the same in the older data model (VCDM 1.1), which is what wallets read under that name; it stays
out where the operator says so.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from microcred_app.conf import settings
from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3
from microcred_app.ob3.key_proofs import ALGORITHMS

from ..issuance import api as issuance
from . import addresses
from .clients import PRE_AUTHORISED, SCOPE, registered_clients

__all__ = [
    "BATCH",
    "CONFIGURATION",
    "JWT_CONFIGURATION",
    "TYPES",
    "issuer_metadata",
    "offered_formats",
    "server_metadata",
]

CONFIGURATION = "open_badge"
JWT_CONFIGURATION = "open_badge_jwt"
TYPES = ("VerifiableCredential", "OpenBadgeCredential")
#: Keys of one wallet that one request may prove.
BATCH = 5


def offered_formats() -> dict[str, str]:
    """The format of each configuration that this site offers, the one to prefer first."""
    formats = {CONFIGURATION: issuance.LDP_VC, JWT_CONFIGURATION: issuance.JWT_VC_JSON}
    if not settings().offer_jwt_vc_json:
        del formats[JWT_CONFIGURATION]
    return formats


def issuer_metadata() -> dict[str, Any]:
    """The credential issuer's metadata; the same whoever asks."""
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
            name: _configuration(kind) for name, kind in offered_formats().items()
        },
    }


def _configuration(kind: str) -> dict[str, Any]:
    display = [{"name": "Open Badge", "locale": "en"}]
    is_token = kind == issuance.JWT_VC_JSON
    contexts = {} if is_token else {"@context": [CREDENTIALS_V2, OB_3_0_3]}
    return {
        "format": kind,
        "scope": SCOPE,
        "cryptographic_binding_methods_supported": ["did:key", "did:jwk", "jwk"],
        "credential_signing_alg_values_supported": ["EdDSA" if is_token else "eddsa-rdfc-2022"],
        "proof_types_supported": {
            "jwt": {"proof_signing_alg_values_supported": list(ALGORITHMS)},
            "di_vp": {"proof_signing_alg_values_supported": ["eddsa-rdfc-2022"]},
        },
        "credential_definition": {**contexts, "type": list(TYPES)},
        "credential_metadata": {"display": display},
        # Drafts up to 15 had it here.
        "display": display,
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
