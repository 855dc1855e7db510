"""Systems hear that a badge is suspended and reinstated, in order, and nothing of renewals of its documents."""

from __future__ import annotations

from datetime import timedelta

from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import WebhookMessage
from tests.fixtures.catalogue import NOW, do_unit, make_officer, publish

from .conftest import Run
from .receiver import Receiver

DAY = timedelta(days=1)


def earn(learner: int) -> str:
    publish("short", {"outcome": "o.b"}, terms=Terms(document_days=30), name="Short")
    do_unit(learner, "b")
    return awards.held_badges(learner)["short"]


def suspend(award: str, ruth: int, day: int) -> None:
    words = awards.SuspensionWords("A secret reason", "Words for the holder")
    awards.suspend_award(award, actor_id=ruth, words=words, now=NOW + day * DAY)


def lift(award: str, ruth: int, day: int) -> None:
    awards.lift_award(award, actor_id=ruth, reason="A secret reason", now=NOW + day * DAY)


def test_each_turn_is_told_once_and_in_order(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    award, ruth = earn(amina), make_officer("ruth")
    for day in (1, 3):
        suspend(award, ruth, day)
        lift(award, ruth, day + 1)
    awards.reverse_award(award, actor_id=ruth, reason="Found after all", now=NOW + 5 * DAY)
    for _turn in range(8):
        run(NOW + 6 * DAY)
    told = [said["type"] for said in receiver.said if said["data"]["badge"]["key"] == "short"]
    assert told == []  # revoked before anything was told: never mentioned, suspensions included
    assert not WebhookMessage.objects.filter(state="pending").exists()


def test_a_told_award_tells_every_turn_in_order_and_no_reason(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    award, ruth = earn(amina), make_officer("ruth")
    run()
    for day in (1, 3):
        suspend(award, ruth, day)
        lift(award, ruth, day + 1)
    awards.reverse_award(award, actor_id=ruth, reason="Found after all", now=NOW + 5 * DAY)
    for _turn in range(8):
        run(NOW + 6 * DAY)
    told = [said["type"] for said in receiver.said if said["data"]["badge"]["key"] == "short"]
    assert told == [
        "badge.awarded",
        "badge.suspended",
        "badge.reinstated",
        "badge.suspended",
        "badge.reinstated",
        "badge.revoked",
    ]
    assert "secret" not in str(receiver.got) and "holder" not in str(receiver.said)


def test_a_document_that_is_renewed_is_no_news(
    amina: int, endpoint: webhooks.NewSecret, receiver: Receiver, run: Run
) -> None:
    earn(amina)
    run()
    before = WebhookMessage.objects.count()
    assert issuance.prolong_due(NOW + 21 * DAY) == 1
    assert WebhookMessage.objects.count() == before
