"""Nobody in a small group can be told apart: shown by trying every set of counts that would look the same."""

from collections import defaultdict
from itertools import product

import pytest

from microcred_app.applets.insights.suppression import guard_column, guard_nested, guard_partition

K = 3


def partitions(total: int, places: int) -> list[tuple[int, ...]]:
    return [counts for counts in product(range(total + 1), repeat=places) if sum(counts) == total]


@pytest.mark.parametrize("places", [2, 3, 4])
@pytest.mark.parametrize("total", [3, 5, 8, 11])
def test_no_small_count_of_a_partition_can_be_worked_out(total: int, places: int) -> None:
    """By somebody who knows the whole, and that zero is shown as zero as long as anything is shown."""
    everything = partitions(total, places)
    for counts in everything:
        shown = guard_partition(counts, K)
        assert all(number in (None, count) for number, count in zip(shown, counts, strict=True))
        assert all(number is None or number == 0 or number >= K for number in shown)
        least = 0 if set(shown) == {None} else 1
        possible = [
            other
            for other in everything
            if all(
                guess >= least if number is None else guess == number
                for number, guess in zip(shown, other, strict=True)
            )
        ]
        for place, count in enumerate(counts):
            if 0 < count < K:
                values = {other[place] for other in possible}
                assert len(values) > 1, f"{shown} says that place {place} is {values}"


@pytest.mark.parametrize("total", [3, 6, 9])
def test_no_small_difference_of_nested_counts_can_be_worked_out(total: int) -> None:
    seen = defaultdict(list)
    for second in range(total + 1):
        for third in range(second + 1):
            counts = (total, second, third)
            seen[guard_nested(counts, K)].append(counts)
    for shown, possible in seen.items():
        for one, other in ((0, 1), (0, 2), (1, 2)):
            between = {counts[one] - counts[other] for counts in possible}
            assert between == {0} or min(between) >= K or len(between) > 1, shown
        for place in range(3):
            values = {counts[place] for counts in possible}
            assert values == {0} or min(values) >= K or len(values) > 1, shown


def test_one_hidden_count_takes_the_smallest_other_with_it() -> None:
    assert guard_partition((60, 3, 37), 5) == (60, None, None)
    assert guard_partition((60, 3, 2, 35), 5) == (60, None, None, 35)
    assert guard_partition((60, 1, 2, 37), 5) == (60, None, None, None)
    assert guard_partition((60, 0, 40), 5) == (60, 0, 40)
    assert guard_partition((3,), 5) == (None,)


def test_nested_counts_are_shown_where_the_groups_between_them_are_large() -> None:
    assert guard_nested((100, 98, 50), 5) == (100, None, 50)
    assert guard_nested((100, 100, 4), 5) == (100, 100, None)
    assert guard_nested((4, 4), 5) == (None, None)
    assert guard_nested((100, 98, 97), 1) == (100, 98, 97), "1 hides nothing"


def test_a_column_under_a_shown_total_never_has_one_hidden_count() -> None:
    shown = (True, False, True)
    assert guard_column((30, 3, 20), shown, 5, total_shown=True) == (30, None, None)
    assert guard_column((30, 3, 20), shown, 5, total_shown=False) == (30, None, 20)
    assert guard_column((30, 10, 20), (True, True, True), 5, total_shown=True) == (30, 10, 20)
