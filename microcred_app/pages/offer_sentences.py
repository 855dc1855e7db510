"""What is said to a learner about an offer to a wallet app, in sentences that end with what they can do."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcred_app.applets.offers.api import ClaimInfo, OfferInfo

__all__ = ["say_holder", "say_left", "say_offer"]

_LONGEST_DID = 28


def say_offer(offer: OfferInfo) -> str:
    """The state of one offer."""
    if offer.claims:
        return _say_claim(offer, offer.claims[-1])
    sentences = {
        "waiting": _("Waiting for your wallet. Scan the code or use one of the links."),
        "read": _("A wallet has read the offer. Go on there."),
        "redeemed": _("A wallet is fetching the badge."),
        "abandoned": _("A wallet began to fetch the badge and did not finish. Make a new offer."),
        "blocked": _("Wrong codes were typed too often, so this offer was closed. Make a new one."),
        "cancelled": _("This offer was cancelled. No wallet can use it any more."),
        "expired": _("This offer has ended without a wallet fetching the badge. Make a new one."),
    }
    return sentences[offer.state]


def say_left(offer: OfferInfo, now: datetime) -> str:
    """How long the offer is open, as text that a screen reader can say."""
    minutes = max(1, -int((now - offer.expires_at).total_seconds() // 60))
    left = ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return _("About %(left)s left: the offer is open until %(time)s") % {
        "time": date_format(timezone.localtime(offer.expires_at), "TIME_FORMAT"),
        "left": left,
    }


def say_holder(did: str) -> str:
    """A DID, shortened to what people can compare; its middle tells nobody anything."""
    return did if len(did) <= _LONGEST_DID else f"{did[:16]}…{did[-8:]}"


def _say_claim(offer: OfferInfo, claim: ClaimInfo) -> str:
    when = {"date": _say_moment(claim.claimed_at)}
    if offer.state == "accepted":
        return _("Since %(date)s your wallet keeps the badge.") % {
            "date": _say_moment(claim.event_at or claim.claimed_at)
        }
    if offer.state == "failed":
        said = f" “{claim.event_description}”" if claim.event_description else ""
        return _("On %(date)s a wallet fetched the badge, but could not keep it.%(said)s Try again.") % {
            **when,
            "said": said,
        }
    if offer.state == "deleted":
        return _("On %(date)s a wallet fetched the badge; it has deleted it since.") % when
    if offer.state == "deferred":
        return _(
            "Your wallet waits for the badge. It is signed in a moment; the wallet asks again by itself."
        )
    if claim.protocol == "document":
        return _("On %(date)s the badge was opened through its address.") % when
    return _("On %(date)s a wallet fetched the badge.") % when


def _say_moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
