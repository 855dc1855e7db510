"""From attainments to awards, and back by reversal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection

from microcred_app import api
from microcred_app.applets.attainments.api import DueEvaluationInfo
from microcred_app.applets.attainments.models import DueEvaluation
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards import listing
from microcred_app.applets.awards.models import Award
from microcred_app.applets.badges.models import Issuer
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish


def evaluate_again(learner: int, *changed: tuple[str, str]) -> tuple[awards.AwardInfo, ...]:
    due = [DueEvaluationInfo(0, learner, kind, key) for kind, key in changed]
    return api.evaluate_now(due, now=NOW)


@pytest.fixture
def stack() -> None:
    publish("micro-a", {"outcome": "o.a"})
    publish("micro-b", {"outcome": "o.b"})
    publish(
        "macro",
        {"all": [{"badge": "micro-a"}, {"badge": "micro-b"}]},
        kind="macro",
        achievement_type="MicroCredential",
    )


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("order", list(permutations("ab")))
def test_a_stack_is_awarded_with_its_last_part_in_any_order(order: tuple[str, ...]) -> None:
    learner = make_user()
    do_unit(learner, order[0])
    assert set(awards.held_badges(learner)) == {f"micro-{order[0]}"}
    progress = do_unit(learner, order[1])
    assert set(awards.held_badges(learner)) == {"micro-a", "micro-b", "macro"}
    assert [badge.badge_key for badge in progress.earned] == [f"micro-{order[1]}", "macro"]
    assert progress.earned[1].parts == ("Badge micro-a", "Badge micro-b")
    assert all(badge.issued for badge in progress.earned)


@pytest.mark.usefixtures("stack")
def test_an_award_says_why() -> None:
    learner = make_user()
    do_unit(learner, "a", score=0.75)
    do_unit(learner, "b")
    held = awards.held_badges(learner)
    because = awards.explain_award(awards.get_award(held["micro-a"]))
    assert because.leaves[0].attainments[0].score == 0.75
    assert because.leaves[0].attainments[0].source_usage_key.endswith("@a")
    macro = awards.explain_award(awards.get_award(held["macro"]))
    assert {leaf.award_id for leaf in macro.leaves} == {held["micro-a"], held["micro-b"]}
    assert "Badge micro-a" in macro.sentence


@pytest.mark.usefixtures("stack")
def test_evaluating_again_awards_nothing_twice() -> None:
    learner = make_user()
    do_unit(learner, "a")
    for _again in range(3):
        assert evaluate_again(learner, ("outcome", "o.a"), ("badge", "micro-a")) == ()
    assert Award.objects.count() == Credential.objects.count() == 1


@pytest.mark.usefixtures("stack")
def test_two_requests_at_once_end_in_one_award_and_one_credential() -> None:
    learner = make_user()

    def submit(_number: int) -> bool:
        try:
            return do_unit(learner, "a").complete
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(submit, range(8)))
    assert Award.objects.filter(learner_id=learner).count() == 1
    assert Credential.objects.filter(learner_id=learner).count() == 1


def test_a_minimum_score_keeps_the_badge_back() -> None:
    publish("strict", {"outcome": "o.a", "minimum_score": 0.8})
    learner = make_user()
    assert do_unit(learner, "a", score=0.7).earned == ()
    assert awards.held_badges(learner) == {}


@pytest.mark.usefixtures("stack")
def test_a_reversal_needs_a_reason_and_happens_once() -> None:
    learner, registrar = make_user(), make_officer("ruth")
    do_unit(learner, "a")
    award_id = awards.held_badges(learner)["micro-a"]
    with pytest.raises(awards.ReasonMissing):
        awards.reverse_award(award_id, actor_id=registrar, reason="  ", now=NOW)
    awards.reverse_award(award_id, actor_id=registrar, reason="Copied work", now=NOW)
    with pytest.raises(awards.AlreadyReversed):
        awards.reverse_award(award_id, actor_id=registrar, reason="Again", now=NOW)
    assert awards.held_badges(learner) == {}
    entry = audit.list_entries(object_type="award", object_id=award_id)[0]
    assert (entry.actor_id, entry.reason) == (registrar, "Copied work")
    credential = issuance.credential_of_award(award_id)
    assert credential is not None
    assert credential.revoked_at == NOW


@pytest.mark.usefixtures("stack")
def test_a_revoked_badge_does_not_come_back_by_itself() -> None:
    learner, registrar = make_user(), make_officer("ruth")
    do_unit(learner, "a")
    awards.reverse_award(awards.held_badges(learner)["micro-a"], actor_id=registrar, reason="Error", now=NOW)
    assert evaluate_again(learner, ("outcome", "o.a")) == ()
    assert awards.held_badges(learner) == {}


@pytest.mark.usefixtures("stack")
def test_the_registrar_is_told_which_stacks_stand_on_an_award() -> None:
    learner = make_user()
    do_unit(learner, "a")
    do_unit(learner, "b")
    award = awards.get_award(awards.held_badges(learner)["micro-a"])
    assert [other.badge.key for other in awards.awards_built_on(award)] == ["macro"]


@pytest.mark.parametrize("award_id", ["", "x", "../..", "0" * 32, "41868c34-2eae-401a-9a1e-731d80d68cd9"])
def test_an_id_of_nothing_is_not_found(award_id: str) -> None:
    with pytest.raises(awards.AwardNotFound):
        awards.get_award(award_id)


def test_an_award_whose_credential_cannot_be_signed_is_not_half_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    with monkeypatch.context() as patch:
        patch.setattr("microcred_app.applets.issuance.signing.SelfCheck.require_valid", _refuse)
        progress = do_unit(learner, "a")
    assert progress.complete
    assert not Award.objects.exists()
    from microcred_app import api

    api.run_pending_evaluations(now=NOW)
    assert set(awards.held_badges(learner)) == {"micro-a"}


def _refuse(*_args: object) -> None:
    raise issuance.SelfCheckFailed("It does not verify.")


def test_an_evaluation_that_never_settles_keeps_its_marker_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Others are faster every time; nothing is lost, and the worker gets it done later."""
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()

    def too_late(*_args: object, **_kwargs: object) -> None:
        raise awards.CapReached("micro-a")

    with monkeypatch.context() as patch:
        patch.setattr("microcred_app.road.issuance.write_granted", too_late)
        patch.setattr("microcred_app.road.MAX_ROUNDS", 3)
        do_unit(learner, "a")
    marker = DueEvaluation.objects.get()
    assert marker.tries == 1
    assert "Still not settled after 3 rounds" in marker.last_error
    assert awards.held_badges(learner) == {}
    assert api.run_pending_evaluations(now=NOW) == 1
    assert awards.held_badges(learner).keys() == {"micro-a"}
    assert not DueEvaluation.objects.exists()


def test_what_fails_at_the_commit_is_not_told_as_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    with monkeypatch.context() as patch:
        patch.setattr("microcred_app.road.attainments.forget_evaluations", lambda _ids: 1 / 0)
        do_unit(learner, "a")
    assert not Award.objects.exists()
    assert not Credential.objects.exists()
    assert evaluate_again(learner, ("outcome", "o.a"))[0].badge.key == "micro-a"


def test_a_large_organisation_has_the_same_list_beside_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by moment or gathered by organisation: the awards and their order are the same."""
    publish("safety", {"outcome": "o.a"})
    Issuer.objects.create(slug="other", name="Another school")
    for number in range(7):
        do_unit(make_user(f"kim{number}"), "a", now=NOW + timedelta(minutes=number % 3))
    wanted = awards.AwardFilter(["school"])
    gathered = awards.find_awards(wanted, limit=4, offset=1)
    monkeypatch.setattr(listing, "MANY", 3)
    assert [award.id for award in awards.find_awards(wanted, limit=4, offset=1)] == [
        one.id for one in gathered
    ]
    after = awards.place_of(gathered[0])
    assert [award.id for award in awards.find_awards(wanted, limit=3, after=after)] == [
        one.id for one in gathered[1:]
    ]
    assert awards.find_awards(awards.AwardFilter(["other"]), limit=4) == ()
    assert awards.count_awards(wanted, most=5) == 6
    assert awards.count_awards(wanted, most=7, after=after) == 5
