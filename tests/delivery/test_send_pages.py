"""The learner's wallet pages: everything by plain links and forms, and never a page that breaks."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import Connection, Delivery, Host
from tests.fixtures.credentials import make_learner
from tests.fixtures.wallet import WalletHost

PAGES = "/microcred/my/wallets/"
HTML = {"HTTP_ACCEPT": "text/html"}

NOBODYS = "0dea5327-81fe-49c8-b584-a4e91d816dd4"


@pytest.fixture
def visitor(learner: int) -> Client:
    return signed_in(learner)


def signed_in(user_id: int, **options: bool) -> Client:
    client = Client(**HTML, **options)
    client.force_login(get_user_model().objects.get(pk=user_id))
    return client


def walk(
    visitor: Client, wallet_host: WalletHost, *, credential: UUID | None = None, allow: bool = True
) -> str:
    """Type the address, decide at the wallet; the callback's address as the visitor is sent to it."""
    form = {"host_url": wallet_host.url, **({"credential": str(credential)} if credential else {})}
    answer = visitor.post(reverse("microcred_app:wallet-connect"), form)
    assert answer.status_code == 302, answer.content.decode()
    parts = urlsplit(wallet_host.decide(answer["Location"], "amina", allow=allow))
    assert parts.path == reverse("microcred_app:wallet-callback-of", args=[Host.objects.get().pk])
    return f"{parts.path}?{parts.query}"


@pytest.mark.parametrize(
    "path", ["", f"send/{NOBODYS}/", f"{NOBODYS}/disconnect/", f"deliveries/{NOBODYS}/status/", "callback/"]
)
def test_pages_are_for_people_who_are_signed_in(db: None, path: str):
    answer = Client(**HTML).get(PAGES + path)
    assert answer.status_code == 302
    assert "next=" in answer["Location"]


def test_a_wallet_is_connected_shown_and_disconnected(visitor: Client, wallet_host: WalletHost):
    page = visitor.get(walk(visitor, wallet_host), follow=True)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == PAGES
    assert "Satchel is connected." in text
    assert wallet_host.url in text
    assert "Amina Diallo" in text

    [connection] = Connection.objects.all()
    asking = visitor.get(reverse("microcred_app:wallet-disconnect", args=[connection.pk])).content.decode()
    assert "Disconnect Satchel?" in asking
    assert "stays in" in asking or "stay in" in asking
    done = visitor.post(reverse("microcred_app:wallet-disconnect", args=[connection.pk]), follow=True)
    assert "Satchel is disconnected" in done.content.decode()
    assert "No wallet is connected yet" in done.content.decode()


def test_looking_at_the_disconnect_page_disconnects_nothing(
    visitor: Client, wallet_host: WalletHost, learner: int
):
    visitor.get(walk(visitor, wallet_host))
    [connection] = delivery.list_connections(learner)
    visitor.get(reverse("microcred_app:wallet-disconnect", args=[connection.id]))
    assert len(delivery.list_connections(learner)) == 1


def test_from_the_badge_to_a_new_wallet_and_back_to_sending(
    visitor: Client, wallet_host: WalletHost, credential: UUID, guard
):
    send_page = reverse("microcred_app:wallet-send", args=[credential])
    assert "Connect a wallet first" in visitor.get(send_page).content.decode()
    back = visitor.get(walk(visitor, wallet_host, credential=credential), follow=True)
    assert back.redirect_chain[-1][0].startswith(send_page)
    text = back.content.decode()
    chosen = re.search(r'value="([0-9a-f-]{36})" required checked', text)
    assert chosen, text

    sent = visitor.post(send_page, {"wallet": chosen.group(1)}, follow=True)
    assert "On its way to Satchel" in sent.content.decode()
    status = re.search(r'data-delivery-status="([^"]+)"', sent.content.decode())
    assert status
    assert visitor.get(status.group(1)).json()["settled"] is False
    delivery.deliver_due(timezone.now(), guard=guard)
    news = visitor.get(status.group(1)).json()
    assert (news["state"], news["settled"]) == ("sent", True)
    assert news["sentence"].startswith("Sent to Satchel on ")
    assert news["sentence"] in visitor.get(send_page).content.decode()


def test_a_failed_delivery_says_why_and_offers_to_try_again(
    visitor: Client, wallet_host: WalletHost, credential: UUID, guard
):
    visitor.get(walk(visitor, wallet_host))
    [connection] = Connection.objects.all()
    send_page = reverse("microcred_app:wallet-send", args=[credential])
    visitor.post(send_page, {"wallet": str(connection.pk)})
    wallet_host.misbehave("status", status=400, description="<i>Too many</i> badges", times=1)
    delivery.deliver_due(timezone.now(), guard=guard)
    text = visitor.get(send_page).content.decode()
    assert (
        "Could not be sent to Satchel: the wallet did not accept the badge. Satchel says: “Too many badges”"
        in text
    )
    assert re.search(r"data-delivery-retry>", text)

    visitor.post(send_page, {"wallet": str(connection.pk)})
    delivery.deliver_due(timezone.now(), guard=guard)
    assert "Sent to Satchel" in visitor.get(send_page).content.decode()
    assert Delivery.objects.count() == 1


def test_saying_no_at_the_wallet_leads_to_a_page_that_says_so(visitor: Client, wallet_host: WalletHost):
    answer = visitor.get(walk(visitor, wallet_host, allow=False))
    assert answer.status_code == 400
    assert "You did not give permission at Satchel" in answer.content.decode()


def test_a_replayed_callback_is_refused_in_words(visitor: Client, wallet_host: WalletHost):
    callback = walk(visitor, wallet_host)
    visitor.get(callback)
    answer = visitor.get(callback)
    assert answer.status_code == 400
    assert "used already" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"


def test_somebody_elses_callback_is_refused(visitor: Client, wallet_host: WalletHost):
    callback = walk(visitor, wallet_host)
    other = signed_in(make_learner("ben"))
    assert other.get(callback).status_code == 400
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "?state=", "?state=x&code=y", "?error=access_denied", "?state=%00%ff&code=%f0", "?code[]=1"]
)
def test_a_made_up_callback_never_breaks(visitor: Client, query: str):
    assert visitor.get(reverse("microcred_app:wallet-callback") + query).status_code == 400


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "not an address",
        "http://169.254.169.254/",
        "https://10.0.0.1/",
        "javascript:alert(1)",
        "\x00",
        "https://[",
        "☃" * 3000,
        "ftp://x",
    ],
)
def test_a_bad_address_comes_back_with_a_sentence_beside_the_field(visitor: Client, typed: str):
    answer = visitor.post(reverse("microcred_app:wallet-connect"), {"host_url": typed})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in text
    assert 'id="mc-host-url-problem" role="alert"' in text


def test_what_was_typed_is_kept_and_escaped(visitor: Client):
    answer = visitor.post(
        reverse("microcred_app:wallet-connect"), {"host_url": 'https://x"><script>alert(1)</script>'}
    )
    assert "&quot;&gt;&lt;script&gt;" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def test_a_dead_host_is_said_beside_the_field_of_the_badge_one_wanted_to_send(
    visitor: Client, credential: UUID
):
    answer = visitor.post(
        reverse("microcred_app:wallet-connect"),
        {"host_url": "http://127.0.0.1:9/", "credential": str(credential)},
    )
    assert answer.status_code == 502
    assert "Send “Badge puncture” to my wallet" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_somebody_elses_badge_is_like_one_that_does_not_exist(credential: UUID):
    other = signed_in(make_learner("ben"))
    there = other.get(reverse("microcred_app:wallet-send", args=[credential]))
    nowhere = other.get(reverse("microcred_app:wallet-send", args=[uuid4()]))
    assert (there.status_code, nowhere.status_code) == (404, 404)


@pytest.mark.parametrize("wallet", ["", "x", NOBODYS])
def test_a_send_form_without_a_usable_wallet_is_refused_in_words(
    visitor: Client, credential: UUID, wallet: str
):
    answer = visitor.post(reverse("microcred_app:wallet-send", args=[credential]), {"wallet": wallet})
    assert answer.status_code in (400, 404)
    assert "mc-wallets__problem" in answer.content.decode()


def test_new_badges_are_sent_by_themselves_after_one_press_and_not_after_another(
    visitor: Client, wallet_host: WalletHost, learner: int
):
    visitor.get(walk(visitor, wallet_host))
    [connection] = delivery.list_connections(learner)
    address = reverse("microcred_app:wallet-auto-send", args=[connection.id])
    page = visitor.post(address, {"auto_send": "yes"}, follow=True)
    assert "from now on" in page.content.decode()
    assert delivery.list_connections(learner)[0].auto_send
    visitor.post(address, {"auto_send": "no"})
    assert not delivery.list_connections(learner)[0].auto_send


@pytest.mark.parametrize("name", ["wallet-connect", "wallet-disconnect", "wallet-auto-send", "wallet-send"])
def test_every_form_is_protected_against_forgery(learner: int, name: str):
    arguments = [] if name == "wallet-connect" else [uuid4()]
    answer = signed_in(learner, enforce_csrf_checks=True).post(
        reverse(f"microcred_app:{name}", args=arguments)
    )
    assert answer.status_code == 403


def test_the_callback_page_is_never_stored(visitor: Client):
    assert "no-store" in visitor.get(reverse("microcred_app:wallet-callback"))["Cache-Control"]


def test_suggested_wallets_need_no_typing(visitor: Client, settings):
    settings.MICROCRED = {**settings.MICROCRED, "SUGGESTED_HOSTS": [["Satchel", "http://127.0.0.1:8001"]]}
    text = visitor.get(PAGES).content.decode()
    assert "Connect Satchel" in text
    assert 'name="host_url" value="http://127.0.0.1:8001"' in text


def test_a_connected_wallet_is_not_suggested_again(visitor: Client, wallet_host: WalletHost, settings):
    settings.MICROCRED = {
        **settings.MICROCRED,
        "SUGGESTED_HOSTS": [["the demo wallet", f"{wallet_host.url}/"]],
    }
    assert "Connect the demo wallet" in visitor.get(PAGES).content.decode()
    visitor.get(walk(visitor, wallet_host))
    assert "Connect the demo wallet" not in visitor.get(PAGES).content.decode()


@pytest.mark.parametrize("name", ["about", "about-terms", "about-privacy", "about-logo"])
def test_pages_about_the_issuer_are_public(db: None, name: str):
    answer = Client().get(reverse(f"microcred_app:{name}"))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer
