"""Pushing through the outbox to a real host, in good and in bad weather. Nothing is lost, nothing is doubled."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from microcred_app.applets.awards import api as awards
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery import wallet_lane
from microcred_app.applets.delivery.models import Connection, Delivery, DeliveryAttempt
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.delivery.renewal import Renewal
from microcred_app.applets.delivery.tokens import TokenAnswer
from microcred_app.applets.issuance.models import Credential
from tests.delivery.conftest import Connect
from tests.fixtures.catalogue import make_officer
from tests.fixtures.credentials import NOW, earn_badge, make_learner
from tests.fixtures.wallet import WalletHost, wait_until

HOUR = timedelta(hours=1)


@pytest.fixture
def work(guard: OutboundGuard):
    def work_at(now=NOW, guard: OutboundGuard = guard) -> delivery.WorkDone:
        return delivery.deliver_due(now, worker="test", guard=guard)

    return work_at


@pytest.fixture
def sent(connect: Connect, learner: int, credential: UUID) -> delivery.DeliveryInfo:
    """A credential in the outbox of a connected wallet."""
    return delivery.send_credential(learner, credential, connect(learner).id, now=NOW)


def state_of(info: delivery.DeliveryInfo) -> delivery.DeliveryInfo:
    learner_id = Delivery.objects.get(pk=info.id).connection.learner_id
    return delivery.get_delivery(learner_id, info.id)


def outcomes(info: delivery.DeliveryInfo) -> list[tuple[str, str]]:
    return list(
        DeliveryAttempt.objects.filter(delivery_id=info.id).order_by("pk").values_list("outcome", "code")
    )


def test_the_wallet_holds_the_very_bytes_that_were_signed(
    work, sent, wallet_host: WalletHost, credential: UUID
):
    assert sent.state == "waiting"
    assert work() == delivery.WorkDone(delivered=1)
    assert wallet_host.kept("amina") == [bytes(Credential.objects.get(pk=credential).document)]
    after = state_of(sent)
    assert (after.state, after.code, after.attempts) == ("sent", "created", 1)
    assert after.delivered_at is not None
    assert after.delivered_at >= NOW


def test_a_verifier_that_is_not_ours_finds_our_signature_genuine(work, sent, wallet_host: WalletHost):
    """The issuer's site does not run here, so the status list cannot be read, which is not held against the badge."""
    work()
    page = wallet_host.browser("amina").get(wallet_host.url).text
    assert "Badge puncture" in page
    assert "Genuine; whether it is still in force could not be checked" in page


def test_pressing_twice_is_one_delivery_and_one_badge(
    work, sent, wallet_host: WalletHost, learner: int, credential: UUID
):
    again = delivery.send_credential(learner, credential, sent.connection_id, now=NOW)
    assert again.id == sent.id
    work()
    delivery.send_credential(learner, credential, sent.connection_id, now=NOW)
    assert work(NOW + HOUR) == delivery.WorkDone()
    assert wallet_host.pushes("amina") == [1]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"kind": "status", "status": 429, "retry_after": "120"}, "too_busy"),
        ({"kind": "status", "status": 500}, "host_problem"),
        ({"kind": "status", "status": 503}, "host_problem"),
        ({"kind": "garbage"}, "not_confirmed"),
        ({"kind": "hang", "seconds": 30}, "host_unreachable"),
        ({"kind": "drip", "seconds": 30}, "host_unreachable"),
    ],
    ids=["429", "500", "503", "hotel network", "hang", "drip"],
)
def test_passing_trouble_is_tried_again_and_then_delivered_once(
    work, sent, wallet_host: WalletHost, guard, hurried, rule: dict[str, object], code: str
):
    wallet_host.misbehave(times=1, **rule)
    assert work(guard=hurried if "seconds" in rule else guard) == delivery.WorkDone(postponed=1)
    waiting = state_of(sent)
    assert (waiting.state, waiting.code) == ("waiting", code)
    assert waiting.next_attempt_at is not None
    assert waiting.next_attempt_at > NOW
    assert work(NOW + HOUR) == delivery.WorkDone(delivered=1)
    assert len(wallet_host.kept("amina")) == 1
    assert outcomes(sent) == [("retry", code), ("delivered", "created")]


def test_a_host_decides_how_long_to_wait(work, sent, wallet_host: WalletHost):
    wallet_host.misbehave("status", status=429, retry_after="120", times=1)
    work()
    wished = state_of(sent).next_attempt_at
    assert wished is not None
    assert timedelta(seconds=120) <= wished - NOW <= timedelta(seconds=140)
    assert work(NOW + timedelta(seconds=100)) == delivery.WorkDone()


@pytest.mark.parametrize("kind", ["lost_answer", "garble"])
def test_an_arrived_push_whose_answer_got_lost_stays_one_badge(
    work, sent, wallet_host: WalletHost, guard, hurried, kind: str
):
    """The one case no client can rule out: the host stored it, we did not hear so and send it again."""
    wallet_host.misbehave(kind, seconds=30, times=1)
    assert work(guard=hurried if kind == "lost_answer" else guard) == delivery.WorkDone(postponed=1)
    wait_until(lambda: len(wallet_host.kept("amina")) == 1)
    assert work(NOW + HOUR) == delivery.WorkDone(delivered=1)
    assert len(wallet_host.kept("amina")) == 1
    assert wallet_host.pushes("amina") == [2]
    assert state_of(sent).code == "replaced"


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_a_refusal_is_final_and_quotes_the_host_without_markup_or_tokens(
    work, sent, wallet_host: WalletHost, status: int
):
    wallet_host.misbehave(
        "status", status=status, description="<b>No</b>\u202e credentials\r\ntoday &amp; tomorrow"
    )
    assert work() == delivery.WorkDone(failed=1)
    after = state_of(sent)
    assert (after.state, after.code, after.detail) == ("failed", "refused", "No credentials today & tomorrow")
    assert work(NOW + HOUR) == delivery.WorkDone()


def test_try_again_gives_a_failed_delivery_a_new_start(
    work, sent, wallet_host: WalletHost, learner: int, credential: UUID
):
    wallet_host.misbehave("status", status=400, times=1)
    work()
    again = delivery.send_credential(learner, credential, sent.connection_id, now=NOW + HOUR)
    assert (again.id, again.state, again.attempts) == (sent.id, "waiting", 0)
    assert work(NOW + HOUR) == delivery.WorkDone(delivered=1)


def test_trouble_that_does_not_pass_is_given_up_and_said(work, sent, wallet_host: WalletHost, settings):
    settings.MICROCRED = {**settings.MICROCRED, "DELIVERY_MAX_ATTEMPTS": 3}
    wallet_host.misbehave("status", status=503)
    moments = [NOW, NOW + HOUR, NOW + 9 * HOUR]
    assert [work(moment) for moment in moments] == [
        delivery.WorkDone(postponed=1),
        delivery.WorkDone(postponed=1),
        delivery.WorkDone(failed=1),
    ]
    assert state_of(sent).state == "failed"


def test_an_expired_token_is_renewed_before_the_push(work, sent, wallet_host: WalletHost):
    assert work(NOW + 2 * HOUR) == delivery.WorkDone(delivered=1)
    assert wallet_host.query(
        "select count(*) from oauth2_provider_refreshtoken where revoked is not null"
    ) == [(1,)]
    row = Connection.objects.get()
    assert row.access_expires_at is not None
    assert row.access_expires_at > NOW + 2 * HOUR


def test_a_token_the_host_no_longer_knows_is_renewed_once(work, sent, wallet_host: WalletHost):
    wallet_host.query("update oauth2_provider_accesstoken set expires = datetime('now', '-1 hour')")
    assert work() == delivery.WorkDone(delivered=1)
    assert len(wallet_host.kept("amina")) == 1


def test_a_withdrawn_permission_parks_the_delivery_until_the_learner_connects_again(
    work, sent, wallet_host: WalletHost, learner: int, connect: Connect
):
    for table in ("oauth2_provider_refreshtoken", "oauth2_provider_accesstoken"):
        wallet_host.query(f"delete from {table}")
    assert work() == delivery.WorkDone(postponed=1)
    assert (state_of(sent).state, state_of(sent).code) == ("paused", "needs_reconnect")
    assert delivery.list_connections(learner)[0].needs_reconnect
    assert work(NOW + 99 * HOUR) == delivery.WorkDone()

    connect(learner, now=NOW + 100 * HOUR)
    assert not delivery.list_connections(learner)[0].needs_reconnect
    assert work(NOW + 100 * HOUR) == delivery.WorkDone(delivered=1)
    assert len(wallet_host.kept("amina")) == 1


def test_connecting_again_while_old_tokens_are_being_refused_parks_nothing(
    work, sent, wallet_host: WalletHost, learner: int, monkeypatch: pytest.MonkeyPatch
):
    """A worker hears No for tokens that the learner is just replacing; the new ones must not pay for it."""
    real = wallet_lane.ask_for_renewal

    def learner_is_faster(renewal: Renewal, **arguments: object) -> TokenAnswer:
        wallet_host.query("delete from oauth2_provider_refreshtoken")
        try:
            return real(renewal, **arguments)
        finally:
            Connection.objects.update(token_version=renewal.token_version + 1)

    monkeypatch.setattr(wallet_lane, "ask_for_renewal", learner_is_faster)
    wallet_host.misbehave("status", status=401, times=1)
    assert work() == delivery.WorkDone(postponed=1)
    assert not delivery.list_connections(learner)[0].needs_reconnect
    assert work(NOW + timedelta(minutes=1)) == delivery.WorkDone(delivered=1)


def test_two_refused_tokens_in_a_row_ask_for_a_new_connection(work, sent, wallet_host: WalletHost):
    wallet_host.misbehave("status", status=401)
    work()
    assert state_of(sent).state == "paused"


def test_a_host_that_is_away_while_tokens_are_renewed_costs_a_try_and_no_connection(
    work, sent, wallet_host: WalletHost, learner: int
):
    wallet_host.misbehave("status", path="/oauth/token/", status=503, times=1)
    assert work(NOW + 2 * HOUR) == delivery.WorkDone(postponed=1)
    assert not delivery.list_connections(learner)[0].needs_reconnect
    assert work(NOW + 4 * HOUR) == delivery.WorkDone(delivered=1)


def test_a_revoked_credential_is_not_sent(
    work, sent, wallet_host: WalletHost, credential: UUID, learner: int
):
    award = Credential.objects.get(pk=credential).award_id
    awards.reverse_award(str(award), actor_id=make_officer(), reason="A mistake of ours", now=NOW)
    assert work() == delivery.WorkDone(failed=1)
    assert state_of(sent).code == "revoked"
    assert wallet_host.kept("amina") == []
    with pytest.raises(delivery.CredentialNotSendable, match="revoked"):
        delivery.send_credential(learner, credential, sent.connection_id, now=NOW)


def test_disconnecting_stops_what_waits(
    work, sent, wallet_host: WalletHost, learner: int, guard: OutboundGuard
):
    delivery.disconnect(learner, sent.connection_id, now=NOW, guard=guard)
    assert work() == delivery.WorkDone()
    assert (state_of(sent).state, state_of(sent).code) == ("failed", "disconnected")
    assert wallet_host.kept("amina") == []


def test_nobody_sends_somebody_elses_badge_or_uses_their_wallet(sent, credential: UUID, connect: Connect):
    ben = make_learner("ben")
    with pytest.raises(delivery.CredentialNotSendable):
        delivery.send_credential(ben, credential, sent.connection_id, now=NOW)
    bens = earn_badge(ben, "chain")
    with pytest.raises(delivery.ConnectionNotFound):
        delivery.send_credential(ben, bens, sent.connection_id, now=NOW)
    with pytest.raises(delivery.DeliveryNotFound):
        delivery.get_delivery(ben, sent.id)


def test_new_badges_go_by_themselves_only_where_the_learner_asked_for_it(
    work, connect: Connect, learner: int, wallet_host: WalletHost
):
    connection = connect(learner)
    earn_badge(learner, "chain")
    assert work() == delivery.WorkDone()
    delivery.set_auto_send(learner, connection.id, wanted=True)
    earn_badge(learner, "brake")
    assert Delivery.objects.count() == 1
    assert work() == delivery.WorkDone(delivered=1)
    assert len(wallet_host.kept("amina")) == 1


def test_a_token_never_reaches_the_history(work, sent, wallet_host: WalletHost):
    [(token,)] = wallet_host.query("select token from oauth2_provider_accesstoken")
    wallet_host.misbehave("status", status=400, description=f"Bearer {token} is not liked")
    work()
    attempt = DeliveryAttempt.objects.get()
    assert token not in attempt.note
    assert "is not liked" in attempt.note
