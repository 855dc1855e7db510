"""What other rooms may use of offers."""

from __future__ import annotations

from .addresses import issuer_id, wellknown_url
from .data import ClaimInfo, OfferInfo, OfferLinks, RedirectClient, WalletAnswer
from .errors import OfferNotFound, OfferRefused, OffersError, TooManyOffers, WalletRefused
from .exchanges import answer_exchange, answer_legacy_request, interaction_protocols, plain_document
from .making import cancel_offer, get_offer, links_of, list_offers, make_offer, sweep
from .metadata import issuer_metadata, server_metadata
from .oauth import RedirectRefused, answer_token_request, client_of, refuse_client
from .oid4vci import (
    answer_credential_request,
    answer_deferred_request,
    answer_notification,
    new_nonce,
    offer_document,
)
from .redirecting import allow_client, awards_for_client

__all__ = [
    "ClaimInfo",
    "OfferInfo",
    "OfferLinks",
    "OfferNotFound",
    "OfferRefused",
    "OffersError",
    "RedirectClient",
    "RedirectRefused",
    "TooManyOffers",
    "WalletAnswer",
    "WalletRefused",
    "allow_client",
    "answer_credential_request",
    "answer_deferred_request",
    "answer_exchange",
    "answer_legacy_request",
    "answer_notification",
    "answer_token_request",
    "awards_for_client",
    "cancel_offer",
    "client_of",
    "get_offer",
    "interaction_protocols",
    "issuer_id",
    "issuer_metadata",
    "links_of",
    "list_offers",
    "make_offer",
    "new_nonce",
    "offer_document",
    "plain_document",
    "refuse_client",
    "server_metadata",
    "sweep",
    "wellknown_url",
]
