"""Every way in which delivery says no, one class per decision a caller can take."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = [
    "AddressRefused",
    "AnswerUnusable",
    "AssertionNotFound",
    "AuthorisationDenied",
    "AuthorisationNotUsable",
    "ConnectionNotFound",
    "CredentialNotSendable",
    "DeliveryError",
    "DeliveryNotFound",
    "HostUnreachable",
    "ReconnectNeeded",
    "ResendRefused",
]


class DeliveryError(MicrocredError):
    """Base of every refusal of the delivery applet."""

    code = "delivery_error"


class AddressRefused(DeliveryError):
    """The outbound guard will not contact this address; another address has to be typed."""

    code = "address_refused"


class HostUnreachable(DeliveryError):
    """The host could not be reached, or not within the time allowed; trying later may help."""

    code = "host_unreachable"
    http_status = 502


class AnswerUnusable(DeliveryError):
    """The host answered, but not as Open Badges 3.0 demands; trying again does not help by itself."""

    code = "answer_unusable"
    http_status = 502


class AuthorisationDenied(DeliveryError):
    """The learner, or the wallet on their behalf, said no; nothing was connected."""

    code = "authorisation_denied"


class AuthorisationNotUsable(DeliveryError):
    """The answer from the wallet belongs to no open request of this learner: unknown, used or too old."""

    code = "authorisation_not_usable"


class ReconnectNeeded(DeliveryError):
    """The wallet no longer accepts the stored permission; the learner has to connect again."""

    code = "needs_reconnect"
    http_status = 409


class ConnectionNotFound(DeliveryError):
    """This learner has no such open connection."""

    code = "connection_not_found"
    http_status = 404


class CredentialNotSendable(DeliveryError):
    """This learner has no such credential, or it was revoked."""

    code = "credential_not_sendable"
    http_status = 404


class DeliveryNotFound(DeliveryError):
    """This learner has no such delivery."""

    code = "delivery_not_found"
    http_status = 404


class ResendRefused(DeliveryError):
    """Nothing can be sent again as asked; the text says why."""

    code = "resend_refused"
    http_status = 409


class AssertionNotFound(DeliveryError):
    """There is no public assertion at this address, or its holder took it back."""

    code = "assertion_not_found"
    http_status = 404
