"""New badges by e-mail: for who asked, with a picture that carries the badge, and not after they ended it."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.delivery.api import WorkDone, pump_lane
from microcred_app.applets.mailing import api as mailing
from microcred_app.applets.mailing.models import BadgeMail, BadgeMailAttempt
from microcred_app.ob3.baking import unbake
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, set_up_catalogue

Run = Callable[..., WorkDone]


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()
    publish("safety", {"outcome": "o.a"}, name="Safety")


@pytest.fixture
def amina() -> int:
    learner = make_user("amina")
    mailing.choose_mail(learner, "yes", now=NOW)
    return learner


def run(now: datetime = NOW) -> WorkDone:
    moment = now + timedelta(seconds=1)
    return pump_lane(mailing.MailLane(), clock=lambda: moment, worker="test", seconds=20)


def failing(error: Exception) -> Callable[..., int]:
    def send(_self: EmailMessage, *_args: Any, **_given: Any) -> int:
        raise error

    return send


def test_the_badge_arrives_in_a_picture_and_as_it_was_signed(amina: int) -> None:
    do_unit(amina, "a")
    assert run().delivered == 1
    assert run().total == 0
    [message] = mail.outbox
    assert (message.to, message.subject) == (["amina@example.org"], "Your badge: Safety")
    assert "A school" in message.body and "/microcred/my/" in message.body
    picture, signed = message.attachments
    baked = unbake(picture[1] if isinstance(picture[1], bytes) else picture[1].encode())
    document = signed[1] if isinstance(signed[1], bytes) else signed[1].encode()
    assert verify_credential(document, now=NOW).verdict == "valid"
    assert document in vars(baked).values() or document.decode() in vars(baked).values()


def test_who_did_not_ask_gets_none() -> None:
    do_unit(make_user("ben"), "a")
    assert BadgeMail.objects.count() == 0


def test_nothing_goes_out_after_the_learner_ended_it(amina: int) -> None:
    do_unit(amina, "a")
    mailing.choose_mail(amina, "no", now=NOW)
    run()
    assert mail.outbox == []
    assert BadgeMail.objects.get().last_code == "not_wanted"


def test_nothing_goes_out_that_was_revoked_or_has_no_address(amina: int) -> None:
    do_unit(amina, "a")
    awards.reverse_award(awards.held_badges(amina)["safety"], actor_id=make_officer(), reason="x", now=NOW)
    ben = make_user("ben")
    mailing.choose_mail(ben, "yes", now=NOW)
    do_unit(ben, "a")
    get_user_model().objects.filter(pk=ben).update(email="")
    run()
    assert mail.outbox == []
    assert set(BadgeMail.objects.values_list("last_code", flat=True)) == {"revoked", "no_address"}


def test_a_name_cannot_add_headers(amina: int) -> None:
    publish("evil", {"outcome": "o.b"}, name="Evil\nBcc: all@example.org")
    do_unit(amina, "b")
    run()
    assert [message.subject for message in mail.outbox] in ([], ["Your badge: Evil Bcc: all@example.org"])
    assert all(message.recipients() == ["amina@example.org"] for message in mail.outbox)


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (smtplib.SMTPServerDisconnected("gone"), "pending", "host_unreachable"),
        (TimeoutError(), "pending", "host_unreachable"),
        (
            smtplib.SMTPRecipientsRefused({"a": (550, b"amina@example.org unknown")}),
            "dead",
            "address_not_taken",
        ),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"later")}), "pending", "address_not_taken"),
    ],
)
def test_a_mail_server_that_fails_is_tried_again_and_its_words_are_not_kept(
    amina: int, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, code: str
) -> None:
    do_unit(amina, "a")
    monkeypatch.setattr(EmailMessage, "send", failing(error))
    run()
    row = BadgeMail.objects.get()
    assert (row.state, row.last_code) == (state, code)
    assert "amina" not in str(list(BadgeMailAttempt.objects.values()))
    if state == "pending":
        monkeypatch.undo()
        assert run(NOW + timedelta(minutes=10)).delivered == 1


def test_the_learner_chooses_on_their_page_and_the_worker_sends(client: Client) -> None:
    ben = make_user("ben")
    client.force_login(get_user_model().objects.get(pk=ben))
    page = client.get("/microcred/my/", headers={"accept": "text/html"}).content.decode()
    assert "Send me new badges by e-mail" in page
    page = client.post("/microcred/my/mail/", {"wanted": "yes"}, follow=True).content.decode()
    assert "Do not send them any more" in page and mailing.wants_mail(ben)
    do_unit(ben, "a")
    call_command("microcred_worker", "--once")
    assert len(mail.outbox) == 1
    client.post("/microcred/my/mail/", {"wanted": "no"})
    assert not mailing.wants_mail(ben)
    assert client.get("/microcred/my/mail/").status_code == 405
