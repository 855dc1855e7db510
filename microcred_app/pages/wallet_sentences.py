"""What is said to a learner about a push, in one sentence that ends with what they can do."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from microcred_app.applets.delivery.api import DeliveryInfo

__all__ = ["say_delivery"]


def say_delivery(delivery: DeliveryInfo) -> str:
    """The state of one push for the person whose badge it is."""
    host = delivery.host_name
    if delivery.state == "sent" and delivery.delivered_at is not None:
        return _("Sent to %(host)s on %(date)s") % {"host": host, "date": _say_moment(delivery.delivered_at)}
    if delivery.state == "lost":
        if delivery.code == "kept_other":
            return _(
                "%(host)s keeps an older copy of this badge, although the newer one was sent twice. Look into your "
                "wallet, or send the badge again."
            ) % {"host": host}
        return _(
            "This badge is not in %(host)s any more. It was sent there a second time and was gone again, so we leave "
            "it at that. You can send it again if you want it there."
        ) % {"host": host}
    if delivery.state == "paused":
        return _(
            "%(host)s asks you to connect your wallet again. Your badge is sent as soon as you have."
        ) % {"host": host}
    if delivery.state == "failed":
        return _("Could not be sent to %(host)s: %(reason)s") % {
            "host": host,
            "reason": _say_reason(delivery),
        }
    if delivery.attempts > 0 and delivery.code:
        return _(
            "%(host)s could not take the badge yet. We try again on %(date)s; you need not wait here."
        ) % {
            "host": host,
            "date": _say_moment(delivery.next_attempt_at or delivery.created_at),
        }
    return _("On its way to %(host)s.") % {"host": host}


def _say_moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _say_reason(delivery: DeliveryInfo) -> str:
    host = delivery.host_name
    reasons = {
        "revoked": _("the badge was revoked by its issuer."),
        "suspended": _("the badge is suspended by its issuer; it is sent when that is over."),
        "disconnected": _("the wallet was disconnected."),
        "not_confirmed": _("it answered without confirming. Look into your wallet: the badge may be there."),
        "host_unreachable": _("it could not be reached for a long time."),
        "address_refused": _("its address leads to a place that this site does not contact."),
        "too_busy": _("it was too busy for a long time."),
        "host_problem": _("it had a problem for a long time."),
        "no_address": _("this badge is made out to a wallet’s key, which the wallet does not understand."),
        "withdrawn": _("you took the badge’s public page back. Send it again to bring it back."),
    }
    reason = reasons.get(delivery.code) or _("the wallet did not accept the badge.")
    if delivery.detail:
        return _("%(reason)s %(host)s says: “%(detail)s”") % {
            "reason": reason,
            "host": host,
            "detail": delivery.detail,
        }
    return reason
