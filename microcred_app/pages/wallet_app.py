"""Put a badge into a wallet app: the learner's press makes an offer, the page shows it and what came of it.

Everything is plain forms and links; one small module renews the sentence about the offer while the page is open. The
secrets of an offer stand on this page and nowhere else: it is never cached and sends no referrer.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import DisallowedRedirect
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offers import api as offers
from microcred_app.compat import platform
from microcred_app.conf import settings
from microcred_app.qr import qr_svg

from .offer_sentences import say_holder, say_left, say_offer
from .shell import person_id, signed_in_page

__all__ = ["consent_urls", "wallet_app_urls"]


def _own(request: HttpRequest, credential_id: UUID) -> issuance.IssuedCredential:
    """The learner's credential; somebody else's is answered like one that does not exist."""
    found = issuance.get_credential(str(credential_id))
    if found.learner_id != person_id(request):
        raise issuance.CredentialNotFound(_("This badge is not among yours."))
    return found


@never_cache
@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def wallet_app(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """What will leave this site and how; the press of the button is the consent."""
    credential = _own(request, credential_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            made = offers.make_offer(
                person_id(request),
                credential.award_id,
                guarded=request.POST.get("kind") == "guarded",
                replaces=request.POST.get("replaces") == "yes",
                now=timezone.now(),
            )
            return redirect("microcred_app:wallet-offer", made.id)
        except offers.OffersError as error:
            problem, status = str(error), error.http_status
    return render(
        request, "microcred_app/wallets/app.html", _app_context(request, credential, problem), status=status
    )


def _app_context(request: HttpRequest, credential: issuance.IssuedCredential, problem: str) -> dict[str, Any]:
    learner_id = person_id(request)
    current = issuance.credential_of_award(credential.award_id) or credential
    bindings = issuance.list_bindings(credential.award_id)
    made = offers.list_offers(learner_id, credential.award_id, now=timezone.now())
    held = [one for one in bindings if one.holder_binding != issuance.EMAIL and one.revoked_at is None]
    return {
        "credential": current,
        "recipient": issuance.recipient_name(current.document),
        "stated_name": platform().learner_name(learner_id) if settings().name_in_credentials else "",
        "difference": issuance.outdated(current.document, learner_id),
        "in_wallets": held,
        "replaced": [one for one in bindings if one.replaced_at],
        "offers": [(one, say_offer(one)) for one in made],
        "minutes": settings().offer_minutes,
        "problem": problem,
    }


@never_cache
@signed_in_page
@require_POST
def wallet_reissue(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """Make the badge out anew to the account's address and name as they are now."""
    credential = _own(request, credential_id)
    made = issuance.reissue(credential.award_id, actor_id=person_id(request), now=timezone.now())
    if made.id == credential.id:
        messages.info(request, _("This badge says your present address and name already."))
    else:
        messages.success(
            request,
            _(
                "The badge was made out to you anew. The earlier one is revoked; "
                "send the new one to wallets that had it."
            ),
        )
    return redirect("microcred_app:wallet-app", made.id)


@never_cache
@signed_in_page
@require_safe
def wallet_offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """One offer: codes and links while it is open, and what came of it."""
    learner_id, now = person_id(request), timezone.now()
    found = offers.get_offer(learner_id, offer_id, now=now)
    links = offers.links_of(learner_id, offer_id, now=now)
    credential = issuance.credential_of_award(found.award_id)
    context = {
        "offer": found,
        "credential": credential,
        "links": links,
        "sentence": say_offer(found),
        "left": say_left(found, now),
        "holders": [(claim, say_holder(claim.did)) for claim in found.claims],
        "chapi_script": settings().chapi_script,
        **(_codes(links) if links else {}),
    }
    response = render(request, "microcred_app/wallets/offer.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _codes(links: offers.OfferLinks) -> dict[str, str]:
    """QR codes: the one for every wallet, and the one for wallets that know only OpenID4VCI."""
    title = _("QR code for your wallet app")
    return {
        "qr": qr_svg(links.interaction or links.oid4vci, title=title),
        "qr_oid4vci": qr_svg(links.oid4vci, title=title) if links.interaction else "",
        "qr_jwt": qr_svg(links.oid4vci_jwt, title=title) if links.oid4vci_jwt else "",
    }


@never_cache
@signed_in_page
@require_safe
def wallet_offer_status(request: HttpRequest, offer_id: UUID) -> JsonResponse:
    """The state of an offer and the sentences about it, for the page that is open."""
    now = timezone.now()
    found = offers.get_offer(person_id(request), offer_id, now=now)
    return JsonResponse(
        {
            "state": found.state,
            "sentence": say_offer(found),
            "left": say_left(found, now) if found.is_open else "",
            "open": found.is_open,
            "settled": found.is_settled,
        }
    )


@never_cache
@signed_in_page
@require_POST
def wallet_offer_cancel(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """End an offer."""
    offers.cancel_offer(person_id(request), offer_id, now=timezone.now())
    return redirect("microcred_app:wallet-offer", offer_id)


class _WalletRedirect(HttpResponseRedirect):
    """To the exact address an operator has registered for a wallet, whose scheme may be the wallet's own."""

    def __init__(self, address: str, client: offers.RedirectClient) -> None:
        scheme = client.redirect_uri.partition(":")[0].lower()
        if scheme in ("javascript", "data", "vbscript"):
            raise DisallowedRedirect("A wallet's address cannot run a script.")
        self.allowed_schemes = [scheme]
        super().__init__(address)


@never_cache
@xframe_options_deny
@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def authorise(request: HttpRequest) -> HttpResponseBase:
    """A wallet sent the learner here: they choose a badge and say yes, or no."""
    now, learner_id = timezone.now(), person_id(request)
    address = request.build_absolute_uri()
    try:
        client, issuer_state = offers.client_of(address, now=now)
    except offers.RedirectRefused as error:
        return _WalletRedirect(error.address, error.client)
    except offers.WalletRefused as error:
        refused = {
            "message": _(
                "The wallet that sent you here is not registered at this site, or its request is wrong."
            )
        }
        return render(request, "microcred_app/refused.html", refused, status=error.http_status)
    found, suggested = offers.awards_for_client(learner_id, issuer_state, now=now)
    problem = ""
    if request.method == "POST":
        if request.POST.get("answer") != "yes":
            return _WalletRedirect(offers.refuse_client(address, now=now), client)
        wanted = request.POST.get("award", "")
        if wanted in {one.id for one in found}:
            return _WalletRedirect(offers.allow_client(learner_id, wanted, address, now=now), client)
        problem = _("Choose the badge to put into the wallet.")
    context = {"client": client, "awards": found, "suggested": suggested, "problem": problem}
    return render(request, "microcred_app/wallets/authorise.html", context, status=400 if problem else 200)


wallet_app_urls = [
    path("<uuid:credential_id>/", wallet_app, name="wallet-app"),
    path("<uuid:credential_id>/anew/", wallet_reissue, name="wallet-reissue"),
    path("offers/<uuid:offer_id>/", wallet_offer, name="wallet-offer"),
    path("offers/<uuid:offer_id>/status/", wallet_offer_status, name="wallet-offer-status"),
    path("offers/<uuid:offer_id>/cancel/", wallet_offer_cancel, name="wallet-offer-cancel"),
]

consent_urls = [path("oid4vci/authorise", authorise, name="oid4vci-authorise")]
