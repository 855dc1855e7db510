"""From an award to a system of the organisation: once, in order, signed, and without saying to whom."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from microcred_app.api import record_refresher
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, unit

from .conftest import Run, make_endpoint
from .receiver import Receiver


def award_of(learner: int, key: str = "safety") -> str:
    return awards.held_badges(learner)[key]


def take_back(award_id: str, now: datetime = NOW) -> None:
    awards.reverse_award(award_id, actor_id=make_officer("rita"), reason="A mistake.", now=now)


def test_an_award_is_told_once_and_verifies(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    do_unit(amina, "a")
    assert run().delivered == 1
    assert run().total == 0
    headers, body = receiver.got[0]
    with pytest.raises(WebhookVerificationError):  # the clock of the test stands in the past
        Webhook(endpoint.secret).verify(body.decode(), headers)
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert (
        Webhook(endpoint.secret).sign(headers["webhook-id"], at, body.decode())
        == headers["webhook-signature"]
    )
    said = json.loads(body)
    assert said["type"] == "badge.awarded"
    assert said["data"]["badge"] == {"key": "safety", "name": "Safety", "kind": "micro", "version": 1}
    assert said["data"]["organisation"] == "school"


def test_no_message_names_the_learner(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    do_unit(amina, "a")
    run()
    text = receiver.got[0][1].decode().lower()
    credential = issuance.credential_of_award(award_of(amina))
    assert credential is not None
    for private in ("amina", "diallo", "example.org", award_of(amina), credential.id, "learner_email"):
        assert private not in text


def test_two_systems_cannot_compare_what_they_know(amina: int, receiver: Receiver, run: Run) -> None:
    make_endpoint(receiver.url), make_endpoint(receiver.url, name="Other")
    do_unit(amina, "a")
    run()
    one, two = (body["data"] for body in receiver.said)
    assert one["learner"] != two["learner"] and one["award"] != two["award"]


def test_the_same_learner_has_the_same_name_in_every_message(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    publish("chain", {"outcome": "o.b"}, name="Chain")
    do_unit(amina, "a")
    do_unit(amina, "b")
    run()
    assert len({body["data"]["learner"] for body in receiver.said}) == 1
    assert len({body["data"]["award"] for body in receiver.said}) == 2


def test_what_is_rolled_back_is_not_told(amina: int, endpoint: webhooks.NewSecret) -> None:
    do_unit(amina, "a")
    WebhookMessage.objects.all().delete()
    with pytest.raises(RuntimeError), transaction.atomic():
        awards.reverse_award(award_of(amina), actor_id=make_officer(), reason="x", now=NOW)
        assert WebhookMessage.objects.count() == 1
        raise RuntimeError
    assert WebhookMessage.objects.count() == 0


def test_an_award_reported_twice_is_told_once(amina: int, endpoint: webhooks.NewSecret) -> None:
    do_unit(amina, "a")
    credential = issuance.credential_of_award(award_of(amina))
    assert credential is not None
    webhooks.note_awarded([credential.id], now=NOW, stamp="")
    assert WebhookMessage.objects.count() == 1


def test_the_end_of_an_award_waits_for_its_beginning(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    receiver.answer = lambda number: (500 if number == 1 else 200, {}, b"")
    do_unit(amina, "a")
    run()
    take_back(award_of(amina))
    assert run().total == 0
    assert receiver.types == ["badge.awarded"]
    later = NOW + timedelta(minutes=5)
    assert run(later).delivered == 2
    assert receiver.types == ["badge.awarded", "badge.awarded", "badge.revoked"]
    assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]


def test_an_award_taken_back_before_it_was_told_is_never_mentioned(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    do_unit(amina, "a")
    take_back(award_of(amina))
    assert run().total == 0
    assert receiver.got == []
    row = WebhookMessage.objects.get()
    assert (row.state, row.last_code) == ("dead", "called_off")


def test_awards_of_other_organisations_are_not_told(amina: int, receiver: Receiver, run: Run) -> None:
    from microcred_app.applets.badges import api as badges

    badges.define_issuer(
        slug="college", name="College", url="https://college.example", email="c@college.example"
    )
    webhooks.create_endpoint(
        "college",
        name="C",
        url=receiver.url,
        events=["badge.awarded"],
        asks_email=False,
        actor_id=None,
        now=NOW,
    )
    do_unit(amina, "a")
    assert run().total == 0


def test_only_the_chosen_events_are_told(amina: int, receiver: Receiver, run: Run) -> None:
    make_endpoint(receiver.url, events=["badge.revoked"])
    do_unit(amina, "a")
    take_back(award_of(amina))
    run()
    assert receiver.types == ["badge.revoked"]


def test_an_award_whose_time_is_over_is_told_once(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    publish("short", {"outcome": "o.b"}, name="Short", terms=Terms(expires_after="P1Y"))
    do_unit(amina, "b")
    do_unit(amina, "a")
    run()
    assert webhooks.note_expired(NOW + timedelta(days=300)) == 0
    ended = NOW + timedelta(days=400)
    assert webhooks.note_expired(ended) == 1
    assert webhooks.note_expired(ended + timedelta(days=1)) == 0
    run(ended)
    assert receiver.types[-1] == "badge.expired"
    assert receiver.said[-1]["data"]["badge"]["key"] == "short"


def test_a_second_award_of_a_badge_is_a_renewal_and_the_first_does_not_expire(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    do_unit(amina, "a")
    run()
    first = Award.objects.get(learner_id=amina)
    end = NOW + timedelta(days=30)
    Award.objects.bulk_create(
        [
            Award(
                learner_id=amina, version_id=first.version_id, awarded_at=NOW + timedelta(days=moment),
                because=first.because, idempotency_key=f"renewal-{moment}", expires_at=until,
            )
            for moment, until in ((1, end), (20, None))
        ]
    )  # fmt: skip
    renewed = Award.objects.get(idempotency_key="renewal-20")
    issuance.issue_credential(str(renewed.pk), now=NOW + timedelta(days=20))
    run(NOW + timedelta(days=20))
    assert receiver.types == ["badge.awarded", "badge.renewed"]
    assert webhooks.note_expired(end + timedelta(days=1)) == 0


def test_a_badge_that_is_shown_anew_is_told_as_renewed(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    publish("yearly", {"outcome": "o.b"}, terms=Terms(expires_after="P1Y"))
    do_unit(amina, "b")
    run()
    later = NOW + timedelta(days=300)
    record_refresher(amina, unit("b"), score=1.0, now=later)
    run(later)
    assert receiver.types == ["badge.awarded", "badge.renewed"]
    assert receiver.said[1]["data"]["badge"]["key"] == "yearly"


def test_gone_pauses_the_endpoint_and_loses_nothing(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    receiver.answer = lambda _number: (410, {}, b"")
    do_unit(amina, "a")
    run()
    found = webhooks.get_endpoint(endpoint.endpoint.id, actor_id=None)
    assert (found.paused_at is not None, found.paused_because) == (True, "gone")
    do_unit(make_user("ben"), "a")
    later = NOW + timedelta(days=1)
    assert run(later).total == 0
    receiver.answer = lambda _number: (200, {}, b"")
    webhooks.resume_endpoint(endpoint.endpoint.id, actor_id=None, now=later)
    assert run(later).delivered == 2


def test_tries_come_to_an_end_and_start_again_by_hand(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    receiver.answer = lambda _number: (404, {}, b"no such place")
    do_unit(amina, "a")
    moment = NOW
    for _try in range(12):
        moment += timedelta(hours=6)
        run(moment)
    assert WebhookMessage.objects.get().state == "dead"
    assert webhooks.count_messages(endpoint.endpoint.id, actor_id=None, state="failed") == 1
    receiver.answer = lambda _number: (200, {}, b"")
    assert webhooks.resend_given_up(endpoint.endpoint.id, actor_id=None, now=moment, seen=1) == 1
    assert run(moment).delivered == 1
    assert WebhookAttempt.objects.count() == 13


def test_a_message_is_replayed_under_its_own_id(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    do_unit(amina, "a")
    run()
    [message] = webhooks.list_messages(endpoint.endpoint.id, actor_id=None)
    webhooks.replay_message(endpoint.endpoint.id, message.id, actor_id=None, now=NOW)
    run()
    ids = {headers["webhook-id"] for headers, _body in receiver.got}
    assert len(receiver.got) == 2 and len(ids) == 1
    other = make_endpoint(receiver.url, name="Other").endpoint.id
    with pytest.raises(webhooks.MessageRefused):
        webhooks.replay_message(other, message.id, actor_id=None, now=NOW)


def test_an_old_secret_signs_until_its_window_ends(
    endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    key = endpoint.endpoint.id
    webhooks.rotate_secret(key, hours=24, actor_id=None, now=NOW)
    for moment in (NOW + timedelta(hours=1), NOW + timedelta(hours=25)):
        webhooks.send_test_event(key, actor_id=None, now=moment)
        run(moment)
    assert [len(headers["webhook-signature"].split()) for headers, _body in receiver.got] == [2, 1]
    webhooks.rotate_secret(key, hours=0, actor_id=None, now=NOW)
    assert not WebhookEndpoint.objects.get().sealed_old_secret


def test_an_answer_that_never_ends_or_is_huge_is_cut_off(
    endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    receiver.endless, receiver.answer = True, lambda _number: (200, {}, b"")
    webhooks.send_test_event(endpoint.endpoint.id, actor_id=None, now=NOW)
    run(seconds=0.5)
    assert WebhookAttempt.objects.get().code == "host_unreachable"
    receiver.endless = False
    receiver.answer = lambda _number: (200, {}, b"x" * 200_000)
    run(NOW + timedelta(minutes=5))
    assert WebhookAttempt.objects.order_by("-pk").first().code == "answer_unusable"


def test_a_redirect_is_not_followed(endpoint: webhooks.NewSecret, receiver: Receiver, run: Run) -> None:
    receiver.answer = lambda _number: (307, {"Location": receiver.url + "/elsewhere"}, b"")
    webhooks.send_test_event(endpoint.endpoint.id, actor_id=None, now=NOW)
    run()
    assert len(receiver.got) == 1
    assert WebhookAttempt.objects.get().outcome == "retry"


def test_nothing_of_an_answer_and_no_secret_is_kept_or_logged(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answer = lambda _number: (400, {}, b'{"imsx_description":"you sent amina@example.org"}')
    do_unit(amina, "a")
    run()
    kept = (
        str(list(WebhookAttempt.objects.values())) + str(list(WebhookMessage.objects.values())) + caplog.text
    )
    assert endpoint.secret not in kept and "amina@example.org" not in kept
    assert endpoint.secret not in repr(endpoint)
    assert endpoint.secret.encode() not in bytes(WebhookEndpoint.objects.get().sealed_secret)


def test_the_worker_command_sends_webhooks(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver
) -> None:
    do_unit(amina, "a")
    call_command("microcred_worker", "--once")
    assert receiver.types == ["badge.awarded"]


def test_a_back_fill_is_told_when_it_cannot_be_undone_any_more(
    endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    people = [make_user(f"kim{number}") for number in range(3)]
    for learner in people:
        do_unit(learner, "b")
    publish("chain", {"outcome": "o.b"}, name="Chain")
    batch = backfill.start_batch("chain", actor_id=None, now=NOW)
    while backfill.work(batch.id, clock=lambda: NOW):
        pass
    assert WebhookMessage.objects.count() == 3
    assert run(NOW + timedelta(hours=23)).total == 0
    assert run(NOW + timedelta(hours=25)).delivered == 3
    assert set(receiver.types) == {"badge.awarded"}


def test_a_back_fill_that_is_undone_in_time_is_never_mentioned(
    endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    do_unit(make_user("kim"), "b")
    publish("chain", {"outcome": "o.b"}, name="Chain")
    batch = backfill.start_batch("chain", actor_id=None, now=NOW)
    while backfill.work(batch.id, clock=lambda: NOW):
        pass
    backfill.undo_batch(batch.id, actor_id=make_officer(), reason="Wrong rule", now=NOW)
    while backfill.work(batch.id, clock=lambda: NOW):
        pass
    assert run(NOW + timedelta(days=3)).total == 0
    assert receiver.got == []


def test_a_back_fill_that_was_told_is_taken_back_in_words(
    endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    for number in range(2):
        do_unit(make_user(f"kim{number}"), "a")
    run()
    pairs = list(Award.objects.values_list("pk", flat=True))
    with transaction.atomic():
        awards.reverse_many([str(pk) for pk in pairs], actor_id=None, reason="Wrong", now=NOW)
    run()
    assert receiver.types.count("badge.revoked") == 2
