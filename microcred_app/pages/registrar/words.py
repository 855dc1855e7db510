"""What the console calls things, in the reader's language; what it has no word for is shown as it is stored."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = [
    "FIELDS",
    "alarm_word",
    "delivery_word",
    "field_word",
    "mail_word",
    "vendor_word",
    "webhook_word",
]

FIELDS: Mapping[str, Promise] = {
    "kind": _("Kind"),
    "issuer": _("Organisation"),
    "name": _("Name"),
    "description": _("Description"),
    "achievement_type": _("Type"),
    "image": _("Picture"),
    "image_alt": _("Picture in words"),
    "requirement": _("Rule"),
    "skills": _("Skills"),
    "criteria_intro": _("Words before the rule"),
    "language": _("Language"),
    "minutes": _("Minutes"),
    "credits": _("Credits"),
    "credit_unit": _("Unit of credits"),
    "level": _("Level"),
    "expires_on": _("Expires on"),
    "expires_after": _("Expires after"),
    "document_days": _("Credentials are valid for so many days at a time"),
    "cap": _("Most awards"),
    "holders_policy": _("Holders of older versions"),
    "holders_deadline": _("To be shown again by"),
    "accepts": _("Accepted instead"),
    "proof_type": _("Rests on"),
}


#: Why a wallet did not take a badge.
DELIVERY_CODES: Mapping[str, Promise] = {
    "address_refused": _("its address leads to a place that this site does not contact"),
    "answer_unusable": _("it answered something that is no answer"),
    "called_off": _("it was called off together with its award"),
    "claim_lost": _("another worker took over"),
    "disconnected": _("its owner disconnected the wallet"),
    "gone_again": _("it was gone from the wallet twice and is left alone"),
    "kept_other": _("the wallet keeps another copy than was sent, twice, and is left alone"),
    "host_problem": _("the wallet had a problem"),
    "host_unavailable": _("the wallet was not available"),
    "host_unreachable": _("the wallet could not be reached"),
    "differs_there": _("the wallet held another copy than was sent last"),
    "missing_there": _("the wallet did not hold it any more"),
    "needs_reconnect": _("its owner has to connect the wallet again"),
    "no_address": _("it is made out to a wallet’s key, which this wallet does not understand"),
    "no_permission": _("its owner did not permit to look into the wallet"),
    "not_confirmed": _("the wallet answered without confirming"),
    "refused": _("the wallet refused it"),
    "suspended": _("the badge is suspended; it is sent when that is over"),
    "too_many": _("the wallet holds too much to be read to the end"),
    "too_busy": _("the wallet was too busy"),
    "withdrawn": _("its owner took its public page back"),
    "worker_stopped": _("the worker stopped before it knew the result"),
}


def delivery_word(code: str) -> str:
    """Why a delivery failed, for people."""
    return str(DELIVERY_CODES.get(code, code) or _("no reason was recorded"))


#: What became of a message to a webhook.
WEBHOOK_CODES: Mapping[str, Promise] = {
    "accepted": _("it was accepted"),
    "address_refused": _("the address leads to a place that this site does not contact"),
    "answer_unusable": _("the answer was too long or cannot be read"),
    "called_off": _("it was called off: the badge was taken back before anything was told"),
    "endpoint_removed": _("the endpoint was removed"),
    "gone": _("the endpoint said that it is gone (410)"),
    "host_problem": _("the endpoint had a problem"),
    "host_unreachable": _("the endpoint could not be reached in time"),
    "internal": _("this site had a problem; its log has more"),
    "refused": _("the endpoint refused it"),
    "secret_unreadable": _("the secret cannot be opened: the key of this site was changed"),
    "too_busy": _("the endpoint was too busy"),
    "worker_stopped": _("the worker stopped before it knew the result"),
}


def webhook_word(code: str) -> str:
    """What became of a message, for people."""
    return str(WEBHOOK_CODES.get(code, code))


#: What became of an order to a vendor.
VENDOR_CODES: Mapping[str, Promise] = {
    "account_removed": _("the account was removed"),
    "address_refused": _("the address leads to a place that this site does not contact"),
    "already_issued": _("it was issued there before"),
    "answer_unusable": _("the answer was too long or cannot be read"),
    "called_off": _("the badge was taken back before it was issued there"),
    "host_problem": _("the vendor had a problem"),
    "host_unreachable": _("the vendor could not be reached in time"),
    "internal": _("this site had a problem; its log has more"),
    "issued": _("issued there"),
    "key_refused": _("the vendor refused the key"),
    "no_address": _("the account has no e-mail address"),
    "no_consent": _("the learner took their agreement back"),
    "not_confirmed": _("the vendor answered without confirming"),
    "nothing_there": _("there was nothing to revoke there"),
    "refused": _("the vendor refused it"),
    "revoked_there": _("revoked there"),
    "suspended": _("the badge is suspended; it is sent when that is over"),
    "template_missing": _("the badge has no template there any more"),
    "too_busy": _("the vendor was too busy"),
    "worker_stopped": _("the worker stopped before it knew the result"),
}


def vendor_word(code: str) -> str:
    """What became of an order, for people."""
    return str(VENDOR_CODES.get(code, code))


#: Why a mail did not go out.
MAIL_CODES: Mapping[str, Promise] = {
    "address_not_taken": _("the mail server does not take the address"),
    "host_problem": _("the mail server had a problem"),
    "host_unreachable": _("the mail server could not be reached"),
    "no_address": _("the account has no e-mail address"),
    "worker_stopped": _("the worker stopped before it knew the result"),
}


def mail_word(code: str) -> str:
    """Why a mail did not go out, for people."""
    return str(MAIL_CODES.get(code, code))


#: Why a vendor account needs somebody.
VENDOR_ALARMS: Mapping[str, Promise] = {
    "key_refused": _("The vendor refused the key. Write a new one; what waits is sent then."),
    "key_ended": _("The key’s last day is over. Write a new one."),
    "key_ends": _("The key ends within 30 days. Write a new one before."),
    "template_missing": _(
        "A badge is issued as a template that the vendor does not have any more. Choose another."
    ),
}


def alarm_word(code: str) -> str:
    """Why an account needs somebody; empty when it does not."""
    return str(VENDOR_ALARMS.get(code, code))


def field_word(field: str) -> str:
    """What a field of a definition is called."""
    return str(FIELDS.get(field, field))
