"""What attempts amount to, and when the answer may be known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_xblock.attempts import standing, with_hints
from microcred_xblock.disclosure import disclosure, is_past_due
from microcred_xblock.shuffling import shuffle, unsorted

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SCORES = st.lists(st.floats(0, 1), max_size=20)


@pytest.mark.parametrize(
    ("policy", "scores", "score"),
    [
        ("best", [0.2, 0.9, 0.4], 0.9),
        ("latest", [0.2, 0.9, 0.4], 0.4),
        ("average", [0.2, 0.9, 0.4], 0.5),
        ("average", [0.9], 0.3),  # one good attempt of three proves nothing yet
        ("average", [0.0, 0.9, 0.9, 0.9], 0.9),
        ("best", [], 0.0),
    ],
)
def test_the_policy_says_which_attempts_count(policy: str, scores: list[float], score: float) -> None:
    assert standing(scores, mastery=0.8, policy=policy, over=3).score == pytest.approx(score)


def test_a_mean_at_the_edge_passes_in_spite_of_floating_point() -> None:
    assert standing([0.7, 0.7, 0.7], mastery=0.7, policy="average", over=3).passed


def test_passing_is_never_lost() -> None:
    later = standing([0.9, 0.1], mastery=0.8, policy="latest", passed_before=True)
    assert later.passed
    assert later.score == 0.1


def test_somebody_who_passed_below_full_marks_may_go_on() -> None:
    good = standing([0.8], mastery=0.6, allowed=2)
    assert (good.passed, good.closed, good.may_improve, good.left) == (True, False, True, 1)
    assert standing([1.0], mastery=0.6, allowed=2).closed
    assert standing([0.8, 0.7], mastery=0.6, allowed=2).closed


def test_attempts_given_on_top_open_a_closed_check() -> None:
    assert standing([0.0, 0.0], mastery=1.0, allowed=2).closed
    given_one = standing([0.0, 0.0], mastery=1.0, allowed=2, extra=1)
    assert (given_one.closed, given_one.left) == (False, 1)
    assert standing([0.0], mastery=1.0, allowed=2, extra=-5).left == 1


@given(SCORES, st.integers(0, 30), st.sampled_from(["best", "latest", "average"]))
def test_practice_never_closes(scores: list[float], allowed: int, policy: str) -> None:
    found = standing(scores, mastery=0.5, allowed=allowed, policy=policy, over=3, practice=True)
    assert not found.closed
    assert found.left is None


@given(SCORES, st.integers(1, 30), st.floats(0.01, 1))
def test_a_check_that_is_not_passed_closes_exactly_with_its_attempts(
    scores: list[float], allowed: int, mastery: float
) -> None:
    found = standing(scores, mastery=mastery, allowed=allowed)
    if not found.passed:
        assert found.closed == (len(scores) >= allowed)


def test_hints_cost_and_never_more_than_there_is() -> None:
    assert with_hints(1.0, 2, 10) == 0.8
    assert with_hints(0.1, 3, 50) == 0.0
    assert with_hints(0.5, 5, 0) == 0.5


def told(**change: Any) -> Any:
    state: dict[str, Any] = {
        "showanswer": "finished", "show_correctness": "always", "past_due": False, "used": 1, "passed": False,
        "closed": False, "exhausted": False, "asked": False, "hidden": False, "practice": False,
    }  # fmt: skip
    return disclosure(**{**state, **change})


OPEN = {"used": 1}
EXHAUSTED = {"used": 2, "closed": True, "exhausted": True}
PASSED = {"passed": True, "closed": True}


@pytest.mark.parametrize(
    ("policy", "fresh", "attempted", "exhausted", "passed", "past_due"),
    [
        ("always", True, True, True, True, True),
        ("attempted", False, True, True, True, True),
        ("attempted_no_past_due", False, True, True, True, False),
        ("answered", False, False, False, True, False),
        ("finished", False, False, True, True, True),
        ("closed", False, False, True, False, True),
        ("correct_or_past_due", False, False, False, True, True),
        ("past_due", False, False, False, False, True),
        ("after_attempts", False, False, True, True, False),
        ("after_all_attempts", False, False, True, False, False),
        ("after_all_attempts_or_correct", False, False, True, True, False),
        ("never", False, False, False, False, False),
        ("whenever", False, False, False, False, False),
        (None, False, False, False, False, False),
    ],
)
def test_the_courses_setting_decides_when_the_answer_is_shown(
    policy: Any, fresh: bool, attempted: bool, exhausted: bool, passed: bool, past_due: bool
) -> None:
    states = [{"used": 0}, OPEN, EXHAUSTED, PASSED, {"used": 0, "past_due": True}]
    found = [told(showanswer=policy, **state) for state in states]
    assert [one.answer or one.on_demand for one in found] == [fresh, attempted, exhausted, passed, past_due]


def test_an_answer_in_an_open_check_is_shown_on_demand_only() -> None:
    assert told(showanswer="always").on_demand
    assert not told(showanswer="always").answer
    assert told(showanswer="always", asked=True).answer


def test_when_answers_go_round_no_attempt_is_taken() -> None:
    assert told(showanswer="finished", past_due=True).over
    assert not told(showanswer="after_all_attempts", past_due=True).over
    assert not told(showanswer="finished", past_due=True, hidden=True).over


@pytest.mark.parametrize(
    ("setting", "past_due", "known"),
    [
        ("always", False, True),
        ("never", False, False),
        ("never", True, False),
        ("past_due", False, False),
        ("past_due", True, True),
    ],
)
def test_where_correctness_is_hidden_the_answer_is_too(setting: str, past_due: bool, known: bool) -> None:
    found = told(show_correctness=setting, past_due=past_due, showanswer="always", **EXHAUSTED)
    assert found.correctness is known
    assert found.answer is known


def test_practice_may_be_looked_up_after_a_try_and_goes_on() -> None:
    assert not told(practice=True, used=0).on_demand
    assert told(practice=True, showanswer="never", show_correctness="never").on_demand
    assert told(practice=True, asked=True).answer
    assert not told(practice=True, hidden=True).on_demand


def test_the_grace_period_counts() -> None:
    assert not is_past_due(None, None, NOW)
    assert is_past_due(NOW - timedelta(hours=1), None, NOW)
    assert not is_past_due(NOW - timedelta(hours=1), timedelta(hours=2), NOW)


@given(st.lists(st.text(), unique=True), st.text())
def test_a_learner_meets_the_same_order_again(things: list[str], seed: str) -> None:
    assert shuffle(things, seed, str) == shuffle(list(reversed(things)), seed, str)
    assert sorted(shuffle(things, seed, str)) == sorted(things)


@given(st.lists(st.integers(), unique=True, min_size=1), st.text())
def test_a_fixed_thing_stays_where_its_author_put_it(things: list[int], seed: str) -> None:
    last = things[-1]
    assert shuffle(things, seed, str, lambda thing: thing == last)[-1] == last


@given(st.lists(st.integers(), unique=True, min_size=2), st.text())
def test_a_question_about_order_never_begins_answered(things: list[int], seed: str) -> None:
    assert unsorted(things, seed, str) != things


def test_learners_have_orders_of_their_own() -> None:
    orders = {tuple(shuffle("abcde", f"block:{learner}", str)) for learner in range(100)}
    assert len(orders) > 50
    firsts = [shuffle("abcde", f"block:{learner}", str)[0] for learner in range(2000)]
    assert all(300 < firsts.count(letter) < 500 for letter in "abcde"), "no option has a favourite place"


@pytest.mark.parametrize(
    ("due", "over"),
    [
        ((NOW - timedelta(hours=1)).replace(tzinfo=None), True),
        ((NOW + timedelta(hours=1)).replace(tzinfo=None), False),
        ("yesterday", False),
        (object(), False),
        (datetime.max.replace(tzinfo=UTC), False),
    ],
)
def test_dates_of_odd_runtimes_close_nothing_by_accident(due: Any, over: bool) -> None:
    assert is_past_due(due, timedelta(minutes=5), NOW) is over
