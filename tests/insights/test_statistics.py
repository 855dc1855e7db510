"""Percentiles, correlation and groups of months, against examples worked by hand and by definition."""

import math
from statistics import correlation, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_app.applets.insights.statistics import cohorts_of, point_biserial, spread


def test_median_and_ninetieth_percentile_are_those_of_the_values() -> None:
    found = spread({float(n): 1 for n in range(1, 11)}, 5)
    assert (found.count, found.median, found.p90) == (10, 5.5, 9.0)


def test_few_people_have_no_median_and_not_many_have_no_upper_end() -> None:
    assert spread({1.0: 4}, 5).median is None
    found = spread({1.0: 5, 9.0: 4}, 5)
    assert (found.median, found.p90) == (1.0, None)
    assert spread({}, 1).median is None


@given(st.dictionaries(st.integers(0, 500), st.integers(1, 9), min_size=1, max_size=30))
def test_counted_values_have_the_median_of_the_values_written_out(counted: dict[int, int]) -> None:
    written = sorted(value for value, times in counted.items() for _ in range(times))
    found = spread({float(value): times for value, times in counted.items()}, 1)
    assert found.median == median(written)
    if len(written) >= 2:
        assert found.p90 == written[math.ceil(0.9 * len(written)) - 1]


def test_a_worked_correlation() -> None:
    # Right: 3 and 5 (mean 4); wrong: 1 and 3 (mean 2). All: mean 3, variance 2. (4-2) * sqrt(1/4) / sqrt(2).
    pairs = [(True, 3.0), (True, 5.0), (False, 1.0), (False, 3.0)]
    assert point_biserial(pairs) == pytest.approx(1 / math.sqrt(2))


@pytest.mark.parametrize(
    "pairs", [[], [(True, 1.0)], [(True, 1.0), (False, 1.0)], [(True, 0.0), (True, 1.0)]]
)
def test_what_does_not_vary_has_no_correlation(pairs: list[tuple[bool, float]]) -> None:
    assert point_biserial(pairs) is None


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.25, 0.5, 1.0])), min_size=2, max_size=60))
def test_it_is_pearsons_correlation(pairs: list[tuple[bool, float]]) -> None:
    found = point_biserial(pairs)
    if found is not None:
        expected = correlation([float(right) for right, _ in pairs], [score for _, score in pairs])
        assert found == pytest.approx(expected)
        assert -1 - 1e-9 <= found <= 1 + 1e-9


def test_months_are_taken_together_until_they_are_enough() -> None:
    months = {(2026, 1): 2, (2026, 2): 4, (2026, 3): 9, (2026, 4): 1}
    assert cohorts_of(months, 5) == (((2026, 1), (2026, 2)), ((2026, 3), (2026, 4)))
    assert cohorts_of({(2026, 1): 2}, 5) == (((2026, 1),),)
    assert cohorts_of({}, 5) == ()


@given(st.dictionaries(st.tuples(st.just(2026), st.integers(1, 12)), st.integers(1, 9)), st.integers(1, 8))
def test_every_group_of_months_is_large_enough_and_no_month_is_lost(
    months: dict[tuple[int, int], int], k: int
) -> None:
    groups = cohorts_of(months, k)
    assert sorted(month for group in groups for month in group) == sorted(months)
    if sum(months.values()) >= k:
        assert all(sum(months[month] for month in group) >= k for group in groups)
