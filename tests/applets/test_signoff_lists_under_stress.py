"""Lists of people where something comes between: a death, a start at the same moment, an undoing after a renewal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models.signals import pre_delete

from microcred_app import signoff_lists, signoffs
from microcred_app.api import run_pending_evaluations, verify_credential
from microcred_app.applets.attainments.models import ReportedFact
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.signoff_lists import api as lists
from microcred_app.applets.signoff_lists import reading, running
from microcred_app.applets.signoff_lists.models import SignOffEntry, SignOffList
from microcred_app.jobs import work
from tests.fixtures.catalogue import NOW, make_officer, make_user, publish

from .test_signoff_lists import LATER, checked, finish, hand_in, started

RULE = {"signoff": "placement", "role": "assessor"}


@pytest.fixture
def ruth() -> int:
    publish("placed", RULE)
    return make_officer("ruth")


def test_what_was_held_before_a_list_renewed_it_holds_after_the_list_was_undone(ruth: int) -> None:
    publish("placed", RULE, terms=Terms(expires_after="P1Y"))
    kim = make_user("kim")
    signoffs.give_sign_off(
        ruth, kim, "placement", "assessor", reason="x", seen_on=(NOW - timedelta(days=30)).date(), now=NOW
    )
    run_pending_evaluations(now=NOW)
    [first] = Award.objects.filter(learner=kim)
    credential = issuance.credential_of_award(str(first.pk))
    assert credential is not None
    done = finish(started(ruth, f"kim,{NOW:%Y-%m-%d}"))
    assert done.granted == 1
    assert awards.held_badges(kim) != {"placed": str(first.pk)}
    signoff_lists.pull_lever(ruth, done.id, "undo", reason="The wrong course", now=LATER)
    assert finish(done).state == "undone"
    assert awards.held_badges(kim) == {"placed": str(first.pk)}
    again = issuance.credential_of_award(str(first.pk))
    assert again is not None
    assert again.document == credential.document
    assert verify_credential(again.document, now=LATER).verdict == "valid"


def test_a_newer_version_that_was_given_for_an_award_of_the_list_is_undone_with_it(ruth: int) -> None:
    kim = make_user("kim")
    done = finish(started(ruth, "kim"))
    publish("placed", RULE, terms=Terms(holders_policy="upgrade"))
    soon = NOW + timedelta(hours=1)
    for batch_id in backfill.begin_successions(soon):
        while backfill.work(batch_id, clock=lambda: soon):
            pass
    assert Award.objects.filter(learner=kim, reversal=None).count() == 2
    signoff_lists.pull_lever(ruth, done.id, "undo", reason="The wrong course", now=LATER)
    assert finish(done).state == "undone"
    assert not awards.held_badges(kim)


def test_a_list_cancelled_after_its_worker_died_says_what_was_signed_and_can_be_undone(
    ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = make_user("kim")
    info = started(ruth, "kim\nnobody")

    class Killed(BaseException):
        pass

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(running, "_move_on", die)
        with pytest.raises(Killed):
            work(info.id, clock=lambda: LATER, seconds=60)
    cancelled = signoff_lists.pull_lever(ruth, info.id, "cancel", now=LATER)
    assert (cancelled.state, cancelled.signed, cancelled.granted) == ("cancelled", 1, 1)
    assert lists.page_rows(info.id).items[0].verdict == "done"
    assert awards.held_badges(kim)


def test_a_list_cancelled_between_writing_and_telling_counts_it_once(
    ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("kim")
    info = started(ruth, "kim")
    real = running._move_on

    def cancel_first(row: SignOffList, entries: Any) -> None:
        signoff_lists.pull_lever(ruth, info.id, "cancel", now=LATER)
        real(row, entries)

    monkeypatch.setattr(running, "_move_on", cancel_first)
    assert (finish(info).state, finish(info).signed) == ("cancelled", 1)
    assert ReportedFact.objects.count() == 1


def test_a_list_that_is_thrown_away_cannot_be_started_at_the_same_moment(ruth: int) -> None:
    make_user("kim")
    info = checked(ruth, "kim")
    refused: list[Exception] = []

    def start(**_kwargs: Any) -> None:
        try:
            signoff_lists.start_list(ruth, info.id, count=1, reason="x", now=NOW)
        except lists.ListRefused as error:
            refused.append(error)

    pre_delete.connect(start, sender=SignOffList)
    try:
        signoff_lists.drop_list(ruth, info.id)
    finally:
        pre_delete.disconnect(start, sender=SignOffList)
    assert len(refused) == 1
    assert not SignOffList.objects.exists()


def test_rows_of_every_old_list_go_however_many_ended_before(ruth: int) -> None:
    old = {"key": "placement", "role": "assessor", "state": "done", "total": 1, "finished_at": NOW}
    SignOffList.objects.bulk_create(
        SignOffList(id=UUID(int=number), handed_in_at=NOW, **old) for number in range(250)
    )
    make_user("kim")
    done = finish(started(ruth, "kim"))
    assert SignOffEntry.objects.filter(list=done.id).exists()
    lists.forget_lists(NOW + timedelta(days=40))
    assert not SignOffEntry.objects.exists()


def test_a_file_of_nothing_but_empty_rows_is_not_read_to_its_end(
    ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 5)
    make_user("kim")
    assert checked(ruth, "\n" * 20 + "kim").total == 1
    with pytest.raises(lists.ListFileRefused):
        hand_in(ruth, "\n" * 60 + "kim")
    with pytest.raises(lists.ListFileRefused):
        hand_in(ruth, " , ,\n" * 60 + "kim")
    assert SignOffList.objects.count() == 1


def test_an_organisation_that_asks_for_the_same_later_sees_no_list_of_another_before(ruth: int) -> None:
    make_user("kim")
    done = finish(started(ruth, "kim"))
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    publish("placed", {"outcome": "o.a"})
    publish("theirs", RULE, issuer_slug="other")
    otto = make_officer("otto", issuer_slug="other")
    assert signoff_lists.page_lists(otto).items == ()
    with pytest.raises(lists.ListNotFound):
        signoff_lists.page_rows(otto, done.id)
    assert [one.id for one in signoff_lists.page_lists(ruth).items] == [done.id]
