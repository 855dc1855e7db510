"""The registrar's pages for webhooks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import WebhookAttempt, WebhookMessage
from microcred_app.permissions.api import EVERYWHERE
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]
PAGE = "/microcred/registrar/webhooks/"
FORM = {
    "organisation": "school",
    "name": "People <Ltd>",
    "url": "https://hr.example/hook",
    "event": ["badge.awarded", "badge.revoked"],
}


@pytest.fixture
def endpoint() -> str:
    made = webhooks.create_endpoint(
        "school", name="People Ltd", url="https://hr.example/h", events=["badge.awarded"], asks_email=False,
        actor_id=None, now=NOW,
    )  # fmt: skip
    return made.endpoint.id


def test_a_secret_is_shown_once(sign_in: SignIn) -> None:
    ruth = sign_in(make_officer())
    answer = ruth.post(PAGE, FORM)
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]{40,}", answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    [made] = webhooks.list_endpoints(EVERYWHERE)
    for address in (PAGE, f"{PAGE}{made.id}/", "/microcred/registrar/audit/"):
        page = ruth.get(address).content.decode()
        assert secret not in page
    assert "People &lt;Ltd&gt;" in ruth.get(PAGE).content.decode()


def test_a_form_that_is_refused_keeps_what_was_typed(sign_in: SignIn) -> None:
    answer = sign_in(make_officer()).post(PAGE, {**FORM, "url": "http://hr.example:22/x y"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This address cannot be used" in page and "People &lt;Ltd&gt;" in page
    assert 'value="badge.revoked" checked' in page and 'value="badge.expired" checked' not in page


def test_only_registrars_of_the_organisation_come_in(sign_in: SignIn, endpoint: str) -> None:
    for role in ("steward", "reviewer", "auditor"):
        assert sign_in(make_officer(role, role)).get(PAGE).status_code == 403
    other = sign_in(make_officer("olga", "registrar", "college"))
    assert other.get(f"{PAGE}{endpoint}/").status_code == 404
    assert other.post(f"{PAGE}{endpoint}/", {"do": "remove"}).status_code == 404
    assert other.post(PAGE, FORM).status_code == 403
    assert "People Ltd" not in other.get(PAGE).content.decode()


def test_the_log_says_what_became_of_each_message_and_sends_again(sign_in: SignIn, endpoint: str) -> None:
    publish("safety", {"outcome": "o.a"}, name="Safety")
    do_unit(make_user("ada"), "a")
    message = WebhookMessage.objects.get()
    WebhookMessage.objects.update(state="dead", next_attempt_at=None, last_code="host_problem", attempts=12)
    WebhookAttempt.objects.create(
        delivery=message,
        started_at=NOW,
        finished_at=NOW,
        outcome="dead",
        code="host_problem",
        http_status=503,
    )
    ruth, address = sign_in(make_officer()), f"{PAGE}{endpoint}/"
    page = ruth.get(address).content.decode()
    for said in (
        "badge.awarded",
        "Safety",
        "given up",
        "the endpoint had a problem",
        "HTTP 503",
        "Resend the one",
    ):
        assert said in page, said
    assert ruth.post(address, {"do": "resend", "seen": "5"}).status_code == 409
    assert (
        "1 message is on its way again."
        in ruth.post(address, {"do": "resend", "seen": "1"}, follow=True).content.decode()
    )
    WebhookMessage.objects.update(state="delivered", next_attempt_at=None, last_code="accepted")
    ruth.post(address, {"do": f"replay:{message.pk}"})
    assert WebhookMessage.objects.get().state == "pending"
    assert ruth.post(address, {"do": "replay:nonsense"}).status_code == 409


def test_pause_resume_test_rotate_and_remove(sign_in: SignIn, endpoint: str) -> None:
    ruth, address = sign_in(make_officer()), f"{PAGE}{endpoint}/"
    assert "Paused since" in ruth.post(address, {"do": "pause"}, follow=True).content.decode()
    assert "Paused since" not in ruth.post(address, {"do": "resume"}, follow=True).content.decode()
    assert "endpoint.test" in ruth.post(address, {"do": "test"}, follow=True).content.decode()
    page = ruth.post(address, {"do": "rotate", "hours": "24"}).content.decode()
    assert "whsec_" in page and "signature of the old secret as well" in page
    for wrong in ({"do": "rotate", "hours": "9999"}, {"do": "rotate"}, {"do": "dance"}, {}):
        assert ruth.post(address, wrong).status_code == 409, wrong
    assert "Remove it for good" in ruth.get(address, {"sure": "remove"}).content.decode()
    page = ruth.post(address, {"do": "remove"}, follow=True).content.decode()
    assert "The endpoint was removed." in page
    assert ruth.get(address).status_code == 404
