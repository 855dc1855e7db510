"""What a version promises is kept when awards are made: caps, expiry, renewal, accepted badges."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from microcred_app import api
from microcred_app.api import verify_credential
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, unit

YEAR_LATER = NOW + timedelta(days=366)


def sign_off(learner: int, at: Any) -> None:
    attainments.report_fact(learner, "signoff", "ride", role="trainer", at=at, now=at)


SIGNED_OFF = {"signoff": "ride", "role": "trainer"}


def test_no_more_than_the_cap_are_given_and_the_learner_who_comes_late_loses_nothing() -> None:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(cap=2))
    publish("macro", {"badge": "micro-a"}, kind="macro", achievement_type="Certificate")
    people = [make_user(f"kim{number}") for number in range(3)]
    for learner in people:
        do_unit(learner, "a")
    assert [set(awards.held_badges(learner)) for learner in people] == [
        {"micro-a", "macro"},
        {"micro-a", "macro"},
        set(),
    ]
    assert api.run_pending_evaluations(now=NOW) == 0


def test_a_reversed_award_makes_room() -> None:
    badge = publish("micro-a", {"outcome": "o.a"}, terms=Terms(cap=1))
    first, second = make_user("kim"), make_user("lee")
    do_unit(first, "a")
    assert awards.room_under_cap(badge) == 0
    awards.reverse_award(
        awards.held_badges(first)["micro-a"], actor_id=make_officer(), reason="Error", now=NOW
    )
    assert awards.room_under_cap(badge) == 1
    do_unit(second, "a")
    assert set(awards.held_badges(second)) == {"micro-a"}


def test_two_at_once_cannot_both_take_the_last_one() -> None:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(cap=1))
    people = [make_user("kim"), make_user("lee")]

    def work(learner: int) -> None:
        try:
            do_unit(learner, "a")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, people))
    api.run_pending_evaluations(now=NOW)
    assert Award.objects.count() == 1


def test_a_backfill_stops_at_the_cap() -> None:
    for number in range(4):
        do_unit(make_user(f"kim{number}"), "a")
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(cap=3))
    batch = backfill.start_batch("micro-a", actor_id=None, now=NOW)
    while backfill.work(batch.id, clock=lambda: NOW):
        pass
    assert backfill.get_batch(batch.id).granted == 3


def test_an_award_expires_as_its_version_says_and_so_does_its_credential() -> None:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(expires_after="P1Y"))
    learner = make_user()
    do_unit(learner, "a")
    award = awards.list_awards(learner_id=learner)[0]
    assert award.expires_at == NOW.replace(year=NOW.year + 1)
    credential = issuance.credential_of_award(award.id)
    assert credential is not None
    assert json.loads(credential.document)["validUntil"] == "2027-03-02T09:30:00Z"
    assert verify_credential(credential.document, now=NOW).verdict == "valid"
    assert verify_credential(credential.document, now=YEAR_LATER).verdict == "invalid"


def test_what_would_be_expired_at_once_is_not_given() -> None:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(expires_on=date(2026, 3, 4)))
    learner, afterwards = make_user(), NOW + timedelta(days=5)
    attainments.record_part(learner, unit("a"), unit("a").parts[0].usage_key, score=1.0, now=afterwards)
    assert awards.held_badges(learner) == {}


def test_a_badge_that_expires_is_renewed_by_showing_it_anew_and_only_by_that() -> None:
    publish("rider", SIGNED_OFF, terms=Terms(expires_after="P1Y"))
    learner = make_user()
    sign_off(learner, NOW)
    due = attainments.DueEvaluationInfo(0, learner, "signoff", "ride")
    assert api.evaluate_now([due], now=YEAR_LATER) == (), "time alone renews nothing"
    sign_off(learner, YEAR_LATER)
    found = awards.list_awards(learner_id=learner)
    assert [award.awarded_at for award in found] == [YEAR_LATER, NOW]
    assert api.evaluate_now([due], now=YEAR_LATER) == ()


def test_a_badge_that_does_not_expire_is_given_once_however_often_it_is_shown() -> None:
    publish("rider", SIGNED_OFF)
    learner = make_user()
    for days in range(3):
        sign_off(learner, NOW + timedelta(days=days))
    assert len(awards.list_awards(learner_id=learner)) == 1


def test_an_expired_badge_does_not_count_for_a_stack() -> None:
    publish("rider", SIGNED_OFF, terms=Terms(expires_after="P1Y"))
    publish(
        "macro",
        {"all": [{"badge": "rider"}, {"outcome": "o.a"}]},
        kind="macro",
        achievement_type="Certificate",
    )
    learner = make_user()
    sign_off(learner, NOW)
    attainments.record_part(learner, unit("a"), unit("a").parts[0].usage_key, score=1.0, now=YEAR_LATER)
    assert set(awards.held_badges(learner)) == {"rider"}


@pytest.mark.parametrize(("accepted", "counts"), [("old", True), ("old@1", True), ("old@2", False)])
def test_an_accepted_badge_counts_in_the_versions_that_are_accepted(accepted: str, counts: bool) -> None:
    publish("old", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    publish("old", {"outcome": "o.b"})
    publish("new", {"outcome": "o.c"}, terms=Terms(accepts=(accepted,)))
    publish(
        "macro",
        {"all": [{"badge": "new", "or_equivalent": True}, {"outcome": "o.b"}]},
        kind="macro",
        achievement_type="Certificate",
    )
    do_unit(learner, "b")
    assert ("macro" in awards.held_badges(learner)) is counts
