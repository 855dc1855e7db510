"""The learner's pages: consent before anything leaves, codes while the offer is open, what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offers import api as offers
from microcred_app.applets.offers.models import Offer
from tests.fixtures.credentials import make_learner
from tests.fixtures.wallet_app import AppWallet

HTML = {"HTTP_ACCEPT": "text/html"}


def signed_in(person: int) -> Client:
    found = Client(**HTML)
    found.force_login(get_user_model().objects.get(pk=person))
    return found


@pytest.fixture
def visitor(learner: int) -> Client:
    return signed_in(learner)


def press(visitor: Client, credential: issuance.IssuedCredential, **form: str) -> tuple[UUID, str]:
    """Make an offer on the page; its id and the page that follows."""
    answer = visitor.post(reverse("microcred_app:wallet-app", args=[credential.id]), form, follow=True)
    assert answer.status_code == 200
    [(address, _status)] = answer.redirect_chain
    return UUID(address.rstrip("/").rsplit("/", 1)[1]), answer.content.decode()


def test_the_send_page_leads_to_the_wallet_apps(visitor: Client, credential: issuance.IssuedCredential):
    page = visitor.get(reverse("microcred_app:wallet-send", args=[credential.id])).content.decode()
    assert reverse("microcred_app:wallet-app", args=[credential.id]) in page


def test_looking_makes_no_offer(visitor: Client, credential: issuance.IssuedCredential):
    page = visitor.get(reverse("microcred_app:wallet-app", args=[credential.id]))
    assert "What leaves this site" in page.content.decode()
    assert "Amina Diallo" in page.content.decode()
    assert not Offer.objects.exists()


def test_a_press_shows_code_links_and_time(visitor: Client, credential: issuance.IssuedCredential):
    _offer, page = press(visitor, credential)
    assert page.count("<svg") == 3, "for every wallet, for OpenID4VCI, for wallets that keep tokens"
    assert "%3Fformat%3Djwt_vc_json" in page
    assert "openid-credential-offer://" in page
    assert "https://lcw.app/request?request=" in page
    assert "the offer is open until" in page
    assert "Waiting for your wallet" in page


def test_without_tokens_the_page_has_no_code_for_them(
    visitor: Client, credential: issuance.IssuedCredential, settings: Any
):
    settings.MICROCRED = {**settings.MICROCRED, "OFFER_JWT_VC_JSON": False}
    _offer, page = press(visitor, credential)
    assert page.count("<svg") == 2
    assert "jwt_vc_json" not in page


def test_the_page_with_secrets_is_kept_nowhere_and_tells_nobody(
    visitor: Client, credential: issuance.IssuedCredential
):
    made, _page = press(visitor, credential)
    answer = visitor.get(reverse("microcred_app:wallet-offer", args=[made]))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_digits_stand_beside_the_code(visitor: Client, learner: int, credential: issuance.IssuedCredential):
    made, page = press(visitor, credential, kind="guarded")
    links = offers.links_of(learner, made, now=timezone.now())
    assert links is not None
    assert f">{links.tx_code}<" in page
    assert "lcw.app" not in page


def test_the_page_says_what_a_wallet_did(
    visitor: Client, learner: int, credential: issuance.IssuedCredential, wallet: AppWallet
):
    made, _page = press(visitor, credential)
    address = reverse("microcred_app:wallet-offer", args=[made])
    status = reverse("microcred_app:wallet-offer-status", args=[made])
    links = offers.links_of(learner, made, now=timezone.now())
    assert links is not None
    wallet.read_offer(links.oid4vci)
    assert visitor.get(status).json()["state"] == "read"
    token = wallet.token_for(links.oid4vci)
    assert visitor.get(status).json()["open"] is False
    given = wallet.ask_credential(token).json()
    page = visitor.get(address).content.decode()
    assert "a wallet fetched the badge" in page
    assert wallet.key.did[:16] in page
    assert "<svg" not in page, "codes of an offer that is over are not shown"
    told = {"notification_id": given["notification_id"], "event": "credential_accepted"}
    wallet.post("notification", told, token)
    assert visitor.get(status).json()["settled"] is True
    assert "your wallet keeps the badge" in visitor.get(address).content.decode()


def test_what_a_wallet_reports_is_shown_as_text(
    visitor: Client, learner: int, credential: issuance.IssuedCredential, wallet: AppWallet
):
    made, _page = press(visitor, credential)
    links = offers.links_of(learner, made, now=timezone.now())
    assert links is not None
    token = wallet.token_for(links.oid4vci)
    told = {
        "notification_id": wallet.ask_credential(token).json()["notification_id"],
        "event": "credential_failure",
        "event_description": "<script>alert(1)</script>" + "x" * 1_000,
    }
    assert wallet.post("notification", told, token).status_code == 204
    page = visitor.get(reverse("microcred_app:wallet-offer", args=[made])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_an_offer_is_cancelled(visitor: Client, credential: issuance.IssuedCredential):
    made, _page = press(visitor, credential)
    answer = visitor.post(reverse("microcred_app:wallet-offer-cancel", args=[made]), follow=True)
    assert "This offer was cancelled" in answer.content.decode()
    assert "<svg" not in answer.content.decode()


def test_nobody_sees_or_changes_the_offer_of_another(visitor: Client, credential: issuance.IssuedCredential):
    made, _page = press(visitor, credential)
    other = signed_in(make_learner("bo"))
    assert other.get(reverse("microcred_app:wallet-offer", args=[made])).status_code == 404
    assert other.get(reverse("microcred_app:wallet-offer-status", args=[made])).status_code == 404
    assert other.post(reverse("microcred_app:wallet-offer-cancel", args=[made])).status_code == 404
    app = reverse("microcred_app:wallet-app", args=[credential.id])
    assert other.get(app).status_code == 404
    assert other.post(app).status_code == 404
    assert other.post(reverse("microcred_app:wallet-reissue", args=[credential.id])).status_code == 404
    assert visitor.get(reverse("microcred_app:wallet-offer", args=[made])).content.count(b"<svg") == 3


def test_who_is_not_signed_in_signs_in_first(credential: issuance.IssuedCredential):
    for name, args in (("wallet-app", [credential.id]), ("wallet-offer", [credential.id])):
        answer = Client(**HTML).get(reverse(f"microcred_app:{name}", args=args))
        assert answer.status_code == 302
        assert "next=" in answer["Location"]


def test_too_many_offers_are_a_sentence_and_not_an_error(
    visitor: Client, learner: int, credential: issuance.IssuedCredential, now: datetime
):
    for _press in range(60):
        offers.make_offer(learner, credential.award_id, now=now)
    answer = visitor.post(reverse("microcred_app:wallet-app", args=[credential.id]))
    assert answer.status_code == 429
    assert "Go on tomorrow" in answer.content.decode()


def test_a_changed_account_is_noticed_and_the_badge_made_out_anew(
    visitor: Client, learner: int, credential: issuance.IssuedCredential
):
    get_user_model().objects.filter(pk=learner).update(last_name="Diallo-Keita")
    page = visitor.get(reverse("microcred_app:wallet-app", args=[credential.id])).content.decode()
    assert "Your account has changed" in page
    answer = visitor.post(reverse("microcred_app:wallet-reissue", args=[credential.id]), follow=True)
    page = answer.content.decode()
    assert "made out to you anew" in page
    assert "Your account has changed" not in page
    assert "Amina Diallo-Keita" in page


def test_a_replaced_credential_says_so_where_it_is_verified(
    visitor: Client, learner: int, credential: issuance.IssuedCredential, now: datetime
):
    get_user_model().objects.filter(pk=learner).update(last_name="Diallo-Keita")
    issuance.share_credential(learner, credential.id, now=now)
    issuance.reissue(credential.award_id, actor_id=learner, now=now)
    page = Client(**HTML).get(reverse("microcred_app:credential", args=[credential.id])).content.decode()
    assert "was replaced" in page
    assert "took this badge back" not in page


def test_the_browser_wallet_is_off_unless_the_operator_names_the_script(
    visitor: Client, credential: issuance.IssuedCredential, settings: Any
):
    _offer, page = press(visitor, credential)
    assert "data-chapi" not in page
    script = "https://cdn.example/credential-handler-polyfill.min.js"
    settings.MICROCRED = {**settings.MICROCRED, "CHAPI_SCRIPT": script}
    _offer, page = press(visitor, credential)
    assert f'data-chapi="{script}"' in page
    assert f'src="{script}"' not in page, "nothing of a third party is loaded before the learner's press"


def test_what_is_over_is_forgotten(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int, now: datetime
):
    from microcred_app.applets.offers.models import AccessToken, UsedNonce

    wallet.fetch(links.oid4vci)
    assert UsedNonce.objects.count() == AccessToken.objects.count() == 1
    offers.sweep(now + timedelta(minutes=20))
    assert UsedNonce.objects.count() == AccessToken.objects.count() == 0
    assert not Offer.objects.exclude(sealed=b"").exists()
    assert offers.get_offer(learner, offer.id, now=now).state == "fetched", "what came of it stays to be seen"
    offers.sweep(now + timedelta(days=100))
    assert not Offer.objects.exists()
    assert len(issuance.list_bindings(offer.award_id)) == 2, "the credentials stay"
