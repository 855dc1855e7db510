"""Who is judged twice, and what follows from each judgement."""

from uuid import UUID

import pytest

from microcred_app.applets.reviews.marking import (
    Following,
    after_first,
    after_second,
    after_third,
    is_sampled,
)

IDS = [str(UUID(int=number)) for number in range(4_000)]


@pytest.mark.parametrize("percent", [0, 1, 10, 50, 99, 100])
def test_the_sample_has_the_size_that_was_asked_for(percent: int) -> None:
    share = 100 * sum(is_sampled(one, percent) for one in IDS) / len(IDS)
    assert share == pytest.approx(percent, abs=2.0)
    if percent in (0, 100):
        assert share == percent


def test_a_larger_sample_holds_the_smaller_one() -> None:
    for one in IDS[:500]:
        seen = [is_sampled(one, percent) for percent in range(101)]
        assert seen == sorted(seen)


def test_the_first_counts_at_once_unless_the_course_waits_for_both() -> None:
    assert after_first(True, sampled=False, both_needed=True) == Following("nobody", True)
    assert after_first(False, sampled=True, both_needed=False) == Following("second", False)
    assert after_first(True, sampled=True, both_needed=True) == Following("second", None)


def test_two_who_agree_are_done_and_two_who_do_not_need_a_third() -> None:
    assert after_second(True, True, told=True) == Following("nobody", None)
    assert after_second(False, False, told=False) == Following("nobody", False)
    assert after_second(True, False, told=True) == Following("third", None)
    assert after_second(False, True, told=False) == Following("third", None)


def test_the_third_tells_only_what_was_not_told() -> None:
    assert after_third(True, True) == Following("nobody", None)
    assert after_third(False, True) == Following("nobody", False)
    assert after_third(True, None) == Following("nobody", True)
