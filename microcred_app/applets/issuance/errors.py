"""What this room refuses, and what must never happen."""

from __future__ import annotations

from collections.abc import Mapping

from microcred_app.errors import MicrocredError

__all__ = [
    "AwardsRefused",
    "BindingRefused",
    "CredentialErased",
    "CredentialNotFound",
    "DocumentRefused",
    "IssuanceError",
    "KeyNotFound",
    "KeyRefused",
    "SelfCheckFailed",
    "SignerUnavailable",
    "StatusListFull",
    "StatusListNotFound",
]


class IssuanceError(MicrocredError):
    """Base of what this applet refuses."""


class CredentialNotFound(IssuanceError):
    """No credential has this id, or not one this person may change."""

    code = "credential_not_found"
    http_status = 404


class CredentialErased(IssuanceError):
    """It was issued, and its holder closed their account: this site has no copy any more."""

    code = "credential_erased"
    http_status = 410


class StatusListNotFound(IssuanceError):
    """No status list has this id."""

    code = "status_list_not_found"
    http_status = 404


class KeyNotFound(IssuanceError):
    """The issuer has no such key."""

    code = "key_not_found"
    http_status = 404


class KeyRefused(IssuanceError):
    """The key cannot be revoked, or not be taken over: the sentence says why."""

    code = "key_refused"
    http_status = 409


class SelfCheckFailed(IssuanceError):
    """What was just signed does not verify. Nothing is stored; the award waits and is tried again."""

    code = "self_check_failed"
    http_status = 500


class SignerUnavailable(IssuanceError):
    """The key does not open, or its token gives no signature now. Nothing is stored; what waits is tried again."""

    code = "signer_unavailable"
    http_status = 503


class AwardsRefused(IssuanceError):
    """Of many awards some cannot be signed; ``reasons`` says why, by award. Nothing of the chunk is stored."""

    code = "awards_refused"

    def __init__(self, message: str, reasons: Mapping[str, str]) -> None:
        super().__init__(message)
        self.reasons = dict(reasons)


class BindingRefused(IssuanceError):
    """The award cannot be made out to this holder binding: it was taken back, or has too many."""

    code = "binding_refused"
    http_status = 409


class DocumentRefused(IssuanceError):
    """A document that somebody wants signed is not one this site may sign."""

    code = "document_refused"


class StatusListFull(IssuanceError):
    """Every place drawn was taken. The award waits and is tried again."""

    code = "status_list_full"
    http_status = 503
