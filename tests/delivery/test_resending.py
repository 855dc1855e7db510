"""Deliveries that were given up are sent again: one, those that match, or all; never what must not be sent."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import Connection, Delivery, DeliveryAttempt
from microcred_app.applets.delivery.signals import deliveries_waiting
from microcred_app.permissions import api as permissions
from microcred_app.vault import encrypt
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, set_up_catalogue
from tests.fixtures.registrar_world import fail_delivery

EVERYTHING = delivery.TroubleFilter(None)


@pytest.fixture(autouse=True)
def badge(transactional_db: None) -> None:
    set_up_catalogue()
    publish("safety", {"outcome": "o.a"}, name="Safety")


def failed(name: str, code: str = "host_unreachable") -> Delivery:
    """A push of the badge of somebody new, given up for this reason."""
    learner = make_user(name)
    do_unit(learner, "a")
    fail_delivery(learner, awards.held_badges(learner)["safety"], NOW)
    row = Delivery.objects.get(connection__learner_id=learner)
    Delivery.objects.filter(pk=row.pk).update(last_code=code)
    row.refresh_from_db()
    return row


def resend(
    *rows: Delivery, actor: int | None = None, issuer_slugs: list[str] | None = None
) -> delivery.Resent:
    ids = [str(row.pk) for row in rows]
    return delivery.resend(ids, issuer_slugs=issuer_slugs, actor_id=actor, now=NOW, reason="It is back")


def test_one_is_sent_again_with_a_new_count_and_its_history(settings: object) -> None:
    row = failed("kim")
    DeliveryAttempt.objects.create(
        delivery=row, started_at=NOW, finished_at=NOW, outcome="dead", code="host_problem"
    )
    told = []
    deliveries_waiting.connect(lambda **kwargs: told.append(kwargs["count"]), weak=False, dispatch_uid="test")
    try:
        assert resend(row) == delivery.Resent(1, 0)
    finally:
        deliveries_waiting.disconnect(dispatch_uid="test")
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_code, row.next_attempt_at) == ("pending", 0, "", NOW)
    assert row.history.count() == 1
    assert told == [1]
    assert [claim.delivery_id for claim in delivery.claim_due(NOW, 5, "w")] == [row.pk]


def test_pressing_twice_sends_once() -> None:
    row = failed("kim")
    assert (resend(row), resend(row)) == (delivery.Resent(1, 0), delivery.Resent(0, 1))
    assert len(audit.list_entries(action="deliveries.resent")) == 1


def test_a_revoked_badge_is_never_sent_again() -> None:
    row = failed("kim")
    ruth = make_officer()
    award = awards.held_badges(row.connection.learner_id)["safety"]
    awards.reverse_award(award, actor_id=ruth, reason="Copied", now=NOW)
    assert resend(row, actor=ruth) == delivery.Resent(0, 1)
    with pytest.raises(delivery.ResendRefused, match="Nothing that matches"):
        delivery.resend_all(EVERYTHING, actor_id=ruth, now=NOW)
    row.refresh_from_db()
    assert row.state == "dead"
    assert delivery.list_troubles() == ()


def test_a_wallet_that_its_owner_disconnected_gets_nothing() -> None:
    row = failed("kim")
    Connection.objects.update(disconnected_at=NOW)
    assert resend(row) == delivery.Resent(0, 1)
    (trouble,) = delivery.list_troubles()
    assert not trouble.can_be_resent


def test_a_wallet_that_asks_to_connect_again_waits_for_its_owner() -> None:
    row = failed("kim")
    Connection.objects.update(broken_at=NOW)
    resend(row)
    row.refresh_from_db()
    assert (row.state, row.next_attempt_at, row.last_code) == ("pending", None, "needs_reconnect")


def test_all_that_match_and_no_others_are_sent_again() -> None:
    rows = [
        failed(name, code) for name, code in (("ada", "refused"), ("ben", "too_busy"), ("cleo", "too_busy"))
    ]
    wanted = delivery.TroubleFilter(None, code="too_busy")
    assert delivery.count_resendable(wanted) == 2
    assert delivery.resend_all(wanted, actor_id=None, now=NOW, seen=2) == delivery.Resent(2, 0)
    states = [Delivery.objects.get(pk=row.pk).state for row in rows]
    assert states == ["dead", "pending", "pending"]
    (entry,) = audit.list_entries(action="deliveries.resent")
    assert (entry.details, entry.issuer_slug) == ({"deliveries": 2, "code": "too_busy"}, "school")


def test_another_number_than_the_confirmed_one_is_refused() -> None:
    failed("ada")
    failed("ben")
    with pytest.raises(delivery.ResendRefused, match="2 would be sent again now"):
        delivery.resend_all(EVERYTHING, actor_id=None, now=NOW, seen=1)
    assert Delivery.objects.filter(state="dead").count() == 2


def test_only_whoever_runs_jobs_for_the_organisation_may() -> None:
    row = failed("kim")
    for actor in (
        make_user("nobody"),
        make_officer("olga", "auditor"),
        make_officer("otto", issuer_slug="college"),
    ):
        with pytest.raises(permissions.NotAllowed):
            resend(row, actor=actor)
    row.refresh_from_db()
    assert row.state == "dead"
    assert not audit.list_entries(action="deliveries.resent")


def test_what_is_not_theirs_is_left_alone_and_each_organisation_has_its_entry() -> None:
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    publish("other", {"outcome": "o.b"}, issuer_slug="college")
    first = failed("kim")
    learner = make_user("lee")
    do_unit(learner, "b")
    fail_delivery(learner, awards.held_badges(learner)["other"], NOW)
    second = Delivery.objects.get(connection__learner_id=learner)
    otto = make_officer("otto", issuer_slug="college")
    assert resend(first, second, actor=otto, issuer_slugs=["college"]) == delivery.Resent(1, 1)
    first.refresh_from_db()
    assert first.state == "dead"
    Delivery.objects.update(state="dead")
    assert delivery.resend_all(EVERYTHING, actor_id=None, now=NOW).sent == 2
    assert {entry.issuer_slug for entry in audit.list_entries(action="deliveries.resent")} == {
        "school",
        "college",
    }


def test_the_number_of_statements_does_not_grow_with_the_deliveries(
    django_assert_max_num_queries: object,
) -> None:
    for number in range(12):
        failed(f"kim{number}")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        assert delivery.resend_all(EVERYTHING, actor_id=None, now=NOW).sent == 12


@pytest.mark.parametrize("ids", [[], ["x"], ["../../etc"], ["00000000-0000-0000-0000-000000000000"]])
def test_odd_ids_send_nothing(ids: list[str]) -> None:
    failed("kim")
    try:
        done = delivery.resend(ids, issuer_slugs=None, actor_id=None, now=NOW)
    except delivery.ResendRefused:
        assert not ids
    else:
        assert done == delivery.Resent(0, 1)
    assert Delivery.objects.get().state == "dead"


def test_the_command_says_what_it_would_do_and_does_it() -> None:
    row = failed("kim")
    out = StringIO()
    call_command("microcred_resend", "--dry-run", stdout=out)
    assert (
        f"{row.pk} would be sent: “Safety” to https://wallet.example, 8 tries, host_unreachable"
        in out.getvalue()
    )
    assert Delivery.objects.get().state == "dead"
    out = StringIO()
    call_command("microcred_resend", "--organisation", "school", "--reason", "It is back", stdout=out)
    assert "1 to be sent again, 0 left alone." in out.getvalue()
    assert Delivery.objects.get().state == "pending"
    with pytest.raises(CommandError, match="Nothing that matches"):
        call_command("microcred_resend", "--wallet", "https://other.example")
    with pytest.raises(CommandError, match="no issuer"):
        call_command("microcred_resend", "--organisation", "nowhere")


def test_what_was_sent_again_goes_out_with_the_next_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    from microcred_app.applets.delivery import wallet_lane
    from microcred_app.applets.delivery.push import Outcome

    row = failed("kim")
    Connection.objects.update(sealed_access_token=encrypt("token"))
    arrived = Outcome("delivered", "created", 201)
    monkeypatch.setattr(wallet_lane, "push_document", lambda *_args, **_named: arrived)
    now = timezone.now()
    resend(row)
    assert delivery.deliver_due(now + timedelta(seconds=1)).delivered == 1
    assert delivery.list_troubles() == ()
