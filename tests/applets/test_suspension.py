"""An award that is suspended counts for nothing until that is lifted, and its copies end by themselves."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from microcred_app import api
from microcred_app.api import verify_credential
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award, Suspension
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.errors import BindingRefused
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.offers import api as offers
from microcred_app.applets.offers.errors import OfferRefused
from microcred_app.bulk_checking import HandedIn, check_many
from microcred_app.learning import my_badges
from microcred_app.permissions.api import NotAllowed
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.fixtures.wallet_app import EdKey

DAY = timedelta(days=1)
LATER = NOW + 10 * DAY
WORDS = awards.SuspensionWords("Under investigation", "We look at your sheet again.", LATER.date() + 30 * DAY)


@pytest.fixture
def ruth() -> int:
    return make_officer("ruth")


@pytest.fixture
def amina() -> int:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(document_days=30))
    publish("macro", {"all": [{"badge": "micro-a"}, {"outcome": "o.b"}]}, kind="macro")
    learner = make_user()
    do_unit(learner, "a")
    return learner


def held(learner: int, key: str = "micro-a") -> str:
    return awards.held_badges(learner)[key]


def suspend(award_id: str, ruth: int, now: Any = LATER, words: awards.SuspensionWords = WORDS) -> Any:
    return awards.suspend_award(award_id, actor_id=ruth, words=words, now=now)


def lift(award_id: str, ruth: int, now: Any = LATER + DAY) -> Any:
    return awards.lift_award(award_id, actor_id=ruth, reason="Nothing found", now=now)


def test_the_ledger_the_log_and_the_credential_say_so(amina: int, ruth: int) -> None:
    award = suspend(held(amina), ruth)
    assert award.suspended_at == LATER
    row = Suspension.objects.get()
    assert (row.actor_id, row.reason, row.told, row.planned_end) == (
        ruth,
        WORDS.reason,
        WORDS.told,
        WORDS.planned_end,
    )
    entry = audit.list_entries(object_type="award", object_id=award.id)[0]
    assert (entry.action, entry.actor_id, entry.reason) == ("award.suspended", ruth, WORDS.reason)
    credential = Credential.objects.get()
    assert (credential.suspended_at, credential.renew_at, credential.revoked_at) == (LATER, None, None)


def test_a_copy_outlives_it_until_its_end_and_no_longer(amina: int, ruth: int) -> None:
    award = held(amina)
    suspend(award, ruth)
    last = issuance.copies_end([award])[award]
    assert last == NOW.replace(microsecond=0) + 30 * DAY
    copy = Credential.objects.get()
    assert issuance.prolong_due(last - DAY) == 0
    assert verify_credential(bytes(copy.document), now=last - DAY).verdict == "valid"
    assert verify_credential(bytes(copy.document), now=last).verdict == "invalid"


def test_it_satisfies_no_rule_and_what_was_earned_with_it_stays(amina: int, ruth: int) -> None:
    award = held(amina)
    suspend(award, ruth)
    do_unit(amina, "b", now=LATER)
    assert set(awards.held_badges(amina)) == {"micro-a"}
    lift(award, ruth)
    api.run_pending_evaluations(now=LATER + DAY)
    assert set(awards.held_badges(amina)) == {"micro-a", "macro"}
    suspend(award, ruth, LATER + 2 * DAY)
    macro = awards.get_award(held(amina, "macro"))
    assert macro.suspended_at is None and macro.reversed_at is None


def test_it_is_not_granted_again_meanwhile(amina: int, ruth: int) -> None:
    suspend(held(amina), ruth)
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(document_days=30))
    do_unit(amina, "a", now=LATER)
    api.run_pending_evaluations(now=LATER)
    assert Award.objects.filter(learner_id=amina).count() == 1


def test_lifting_signs_anew_under_the_same_id(amina: int, ruth: int) -> None:
    before = Credential.objects.get()
    suspend(held(amina), ruth)
    late = NOW + 90 * DAY
    award = lift(held(amina), ruth, late)
    after = Credential.objects.get()
    assert (award.suspended_at, after.suspended_at, after.uri) == (None, None, before.uri)
    assert verify_credential(bytes(after.document), now=late + 29 * DAY).verdict == "valid"
    assert (
        json.loads(bytes(after.document))["awardedDate"] == json.loads(bytes(before.document))["awardedDate"]
    )
    assert issuance.prolong_due(late + 21 * DAY) == 1
    assert [entry.action for entry in audit.list_entries(object_type="award", object_id=award.id)][:2] == [
        "award.reinstated",
        "award.suspended",
    ]


def test_it_can_be_suspended_again(amina: int, ruth: int) -> None:
    for turn in range(3):
        suspend(held(amina), ruth, LATER + 3 * turn * DAY, awards.SuspensionWords("Again"))
        lift(held(amina), ruth, LATER + (3 * turn + 1) * DAY)
    assert list(Suspension.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_it_goes_into_no_wallet(amina: int, ruth: int) -> None:
    award = held(amina)
    suspend(award, ruth)
    with pytest.raises(BindingRefused, match="suspended"):
        issuance.issue_to_did(award, EdKey().did, now=LATER)
    with pytest.raises(OfferRefused, match="suspended"):
        offers.make_offer(amina, award, guarded=False, replaces=False, now=LATER)


def test_an_award_whose_copies_last_is_refused_with_what_to_do(ruth: int) -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    with pytest.raises(awards.NotSuspendable, match="Publish a version whose credentials are valid"):
        suspend(held(learner), ruth)
    assert not Suspension.objects.exists()


def test_a_version_beside_it_whose_copies_last_refuses_as_well(ruth: int) -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(document_days=30, holders_policy="upgrade"))
    backfill.begin_successions(NOW)
    for batch in backfill.open_batches():
        while backfill.work(batch, clock=lambda: NOW):
            pass
    newest = awards.get_award(held(learner))
    assert newest.badge.number == 2
    with pytest.raises(awards.NotSuspendable):
        suspend(newest.id, ruth)


@pytest.mark.parametrize(
    "words",
    [
        awards.SuspensionWords(""),
        awards.SuspensionWords(" \x00 "),
        awards.SuspensionWords("x" * 2001),
        awards.SuspensionWords("x", "y" * 2001),
        awards.SuspensionWords("x", "", LATER.date()),
        awards.SuspensionWords("x", "", date(2020, 1, 1)),
    ],
)
def test_words_that_do_not_do_change_nothing(amina: int, ruth: int, words: awards.SuspensionWords) -> None:
    with pytest.raises(awards.SuspensionRefused):
        suspend(held(amina), ruth, words=words)
    assert not Suspension.objects.exists()


def test_only_an_office_that_may_revoke(amina: int) -> None:
    for stranger in (amina, make_user("nobody")):
        with pytest.raises(NotAllowed):
            suspend(held(amina), stranger)
        with pytest.raises(NotAllowed):
            lift(held(amina), stranger)


def test_twice_is_refused_and_so_is_lifting_nothing(amina: int, ruth: int) -> None:
    award = held(amina)
    with pytest.raises(awards.NotSuspended):
        lift(award, ruth)
    suspend(award, ruth)
    with pytest.raises(awards.AlreadySuspended):
        suspend(award, ruth)
    lift(award, ruth)
    awards.reverse_award(award, actor_id=ruth, reason="Error", now=LATER + 2 * DAY)
    with pytest.raises(awards.AlreadyReversed):
        suspend(award, ruth)


def test_a_suspended_award_can_be_revoked_and_is_then_no_longer_lifted(amina: int, ruth: int) -> None:
    award = held(amina)
    suspend(award, ruth)
    awards.reverse_award(award, actor_id=ruth, reason="Found", now=LATER)
    with pytest.raises(awards.NotSuspended):
        lift(award, ruth)
    assert Credential.objects.get().revoked_at == LATER


def test_a_key_revoked_meanwhile_signs_nothing_of_it_until_it_is_lifted(amina: int, ruth: int) -> None:
    award = held(amina)
    suspend(award, ruth)
    key = issuance.list_keys("school")[0]
    issuance.revoke_key("school", key.multikey, reason="Stolen", actor_id=ruth, now=LATER)
    assert issuance.sign_anew_due(LATER) == 0
    lift(award, ruth)
    assert verify_credential(bytes(Credential.objects.get().document), now=LATER + DAY).verdict == "valid"


def test_lifting_that_cannot_sign_lifts_nothing(
    amina: int, ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from microcred_app.applets.issuance.errors import SelfCheckFailed
    from microcred_app.applets.issuance.self_check import SelfCheck

    award = held(amina)
    suspend(award, ruth)

    def fail(*_args: Any) -> None:
        raise SelfCheckFailed("no")

    monkeypatch.setattr(SelfCheck, "require_valid", fail)
    with pytest.raises(SelfCheckFailed):
        lift(award, ruth)
    assert awards.get_award(award).suspended_at == LATER
    assert Credential.objects.get().suspended_at == LATER


def test_the_holder_reads_what_is_meant_for_them_and_not_the_reason(amina: int, ruth: int) -> None:
    award = held(amina)
    suspend(award, ruth)
    badge = my_badges(amina)[0]
    assert (badge.suspended_at, badge.suspended_told) == (LATER, WORDS.told)
    assert issuance.tell_suspended(LATER) == 1
    assert issuance.tell_suspended(LATER) == 0
    assert "is suspended" in mail.outbox[0].subject
    assert WORDS.told in mail.outbox[0].body and WORDS.reason not in mail.outbox[0].body
    lift(award, ruth)
    assert issuance.tell_suspended(LATER + DAY) == 1
    assert "valid again" in mail.outbox[1].subject


def test_what_was_lifted_before_anybody_was_told_is_never_mentioned(amina: int, ruth: int) -> None:
    suspend(held(amina), ruth)
    lift(held(amina), ruth)
    assert issuance.tell_suspended(LATER + DAY) == 0
    assert not mail.outbox


def test_a_mail_that_cannot_be_handed_over_is_tried_again(
    amina: int, ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from microcred_app.applets.issuance import suspension_mails

    suspend(held(amina), ruth)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("no server")

    with monkeypatch.context() as patch:
        patch.setattr(suspension_mails, "send_mail", fail)
        assert issuance.tell_suspended(LATER) == 0
    assert issuance.tell_suspended(LATER) == 1


def test_an_event_asks_no_more_than_before(amina: int, ruth: int) -> None:
    """The suspension is read in the one statement that reads where a learner stands."""
    awards.read_standings([amina])
    with CaptureQueriesContext(
        connection,
    ) as seen:
        awards.read_standings([amina])
    assert len(seen) == 1
    suspend(held(amina), ruth)
    assert awards.read_standings([amina]).of[amina].suspended == {"micro-a"}


def test_many_are_suspended_and_reinstated_as_one_decision(amina: int, ruth: int) -> None:
    publish("lasting", {"outcome": "o.c"})
    others = [make_user(f"kim{number}") for number in range(3)]
    for learner in others:
        do_unit(learner, "a")
    do_unit(others[0], "c")
    everybody = awards.AwardFilter(None)
    seen = backfill.preview_recall(everybody, now=LATER, kind="suspend")
    assert (seen.awards, seen.lasting, seen.untouched, seen.problem) == (4, 1, 0, "")
    assert seen.copies_until == NOW.replace(microsecond=0) + 30 * DAY
    assert {one.learner_id for one in seen.copies} == {amina, *others}

    def run(kind: str, at: Any) -> backfill.RecallInfo:
        look = backfill.preview_recall(everybody, now=at, kind=kind)
        begun = backfill.start_recall(
            everybody, seal=look.seal, count=look.awards, words=WORDS, actor_id=ruth, now=at, kind=kind
        )
        while backfill.work(begun.id, clock=lambda: at):
            pass
        return backfill.get_recall(begun.id)

    done = run("suspend", LATER)
    assert (done.state, done.taken, done.told) == ("done", 4, WORDS.told)
    assert Credential.objects.filter(suspended_at=LATER).count() == 4
    assert awards.count_awards(awards.AwardFilter(None, state="suspended"), most=9) == 4
    again = backfill.preview_recall(everybody, now=LATER, kind="suspend")
    assert again.problem
    done = run("lift", LATER + DAY)
    assert (done.state, done.taken) == ("done", 4)
    assert not Credential.objects.filter(suspended_at__isnull=False).exists()


def test_a_killed_worker_suspends_once(amina: int, ruth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = backfill.preview_recall(awards.AwardFilter(None), now=LATER, kind="suspend")
    begun = backfill.start_recall(
        awards.AwardFilter(None),
        seal=seen.seal,
        count=1,
        words=WORDS,
        actor_id=ruth,
        now=LATER,
        kind="suspend",
    )

    class Killed(BaseException):
        pass

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("microcred_app.receivers.webhooks.note_suspended", die)
        with pytest.raises(Killed):
            backfill.work(begun.id, clock=lambda: LATER)
    assert not Suspension.objects.exists()
    while backfill.work(begun.id, clock=lambda: LATER):
        pass
    assert Suspension.objects.count() == 1


def test_a_copy_that_is_handed_in_here_for_checking_is_not_called_valid(amina: int, ruth: int) -> None:
    copy = HandedIn("badge.json", bytes(Credential.objects.get().document))
    assert check_many([copy], now=LATER)[0].verdict == "valid"
    suspend(held(amina), ruth)
    [line] = check_many([copy], now=LATER)
    assert line.verdict == "invalid" and "suspended" in line.remarks[0]
