"""Every way in which vendor accounts say no."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["AccountNotFound", "AccountRefused", "VendorError", "VendorUnreachable"]


class VendorError(MicrocredError):
    """Base of every refusal of this applet."""

    code = "vendor_error"


class AccountRefused(VendorError):
    """The account cannot be made or changed like this; the message says what to do instead."""

    code = "vendor_account_refused"


class AccountNotFound(VendorError):
    """There is no such account, or it is of an organisation that the person does not answer for."""

    code = "vendor_account_not_found"
    http_status = 404


class VendorUnreachable(VendorError):
    """The vendor did not answer, or not as its interface is described; the message holds its words."""

    code = "vendor_unreachable"
    http_status = 502
