"""What this room refuses: learners get sentences, wallets get the error names of their protocol."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["OfferNotFound", "OfferRefused", "OffersError", "TooManyOffers", "WalletRefused"]


class OffersError(MicrocredError):
    """Base of what this applet refuses."""

    code = "offers_error"


class OfferNotFound(OffersError):
    """No such offer, or none that is open: never made, used, cancelled, expired, or somebody else's."""

    code = "offer_not_found"
    http_status = 404


class OfferRefused(OffersError):
    """This badge cannot be offered now."""

    code = "offer_refused"
    http_status = 409


class TooManyOffers(OffersError):
    """This learner made more offers than anybody needs."""

    code = "too_many_offers"
    http_status = 429


class WalletRefused(OffersError):
    """A wallet's request is refused; ``code`` is the error as its protocol names it. The message is English.

    OpenID4VCI 1.0 sections 6.3, 8.3.1.2, 9.3, 11.3; RFC 6749 section 5.2; RFC 6750 section 3.1.
    """

    def __init__(self, code: str, message: str, http_status: int = 400) -> None:
        super().__init__(message)
        self.code, self.http_status = code, http_status
