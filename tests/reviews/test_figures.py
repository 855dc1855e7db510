"""Figures about judgements, checked against examples that were worked by hand and by others."""

from datetime import timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_app.applets.reviews.agreement import agree, kappa
from microcred_app.applets.reviews.turnaround import by_name, summarise


def pairs(table: list[list[int]]) -> list[tuple[int, int]]:
    """Every pair of a table of counts: rows are the first marker's levels."""
    return [(a, b) for a, row in enumerate(table) for b, count in enumerate(row) for _ in range(count)]


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        # 50 grants read by two people: agreement 0.7, by chance 0.5.
        ([[20, 5], [10, 15]], 0.4),
        # Two tables with the same share of agreement and different chance.
        ([[45, 15], [25, 15]], 0.1304),
        ([[25, 35], [5, 35]], 0.2593),
        # Three levels, by hand: 24 of 30 equal; chance (10*9 + 12*10 + 8*11) / 900.
        ([[8, 2, 0], [1, 8, 3], [0, 0, 8]], float(Fraction(24 * 30 - 298, 900 - 298))),
        ([[5, 0], [0, 5]], 1.0),
        ([[0, 5], [5, 0]], -1.0),
    ],
)
def test_kappa_is_that_of_worked_examples(table: list[list[int]], wanted: float) -> None:
    found = kappa(pairs(table))
    assert found is not None
    assert found == pytest.approx(wanted, abs=5e-5)


def test_kappa_says_nothing_where_chance_agrees_always() -> None:
    assert kappa([]) is None
    assert kappa([(1, 1)] * 7) is None


def test_shares_count_equal_levels_and_neighbours() -> None:
    found = agree("Care", [(0, 0), (0, 1), (2, 0), (3, 3)])
    assert (found.pairs, found.exact, found.within_one) == (4, 0.5, 0.75)
    assert agree("Care", []).exact is None


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=60))
def test_kappa_is_at_most_one_and_does_not_care_who_was_first(found: list[tuple[int, int]]) -> None:
    one, other = kappa(found), kappa([(b, a) for a, b in found])
    assert one == other
    if one is not None:
        assert one <= 1
        assert (one == 1) is all(a == b for a, b in found)


def test_independent_markers_have_a_kappa_of_zero() -> None:
    assert kappa(list(product(range(3), range(3)))) == 0


def test_median_and_ninetieth_percentile() -> None:
    days = [timedelta(days=number) for number in range(1, 11)]
    found = summarise("All", days)
    assert (found.judged, found.median, found.p90) == (10, timedelta(days=5, hours=12), timedelta(days=9))
    assert summarise("One", days[:1]).p90 == timedelta(days=1)
    assert summarise("None", []).median is None


def test_lines_are_by_name_with_most_judged_first() -> None:
    hour = timedelta(hours=1)
    lines = by_name([("2", hour, True), ("1", hour, False), ("1", 3 * hour, True)], {"1": "Ana"})
    assert [(line.name, line.judged, line.passed, line.median) for line in lines] == [
        ("Ana", 2, 1, 2 * hour),
        ("2", 1, 1, hour),
    ]
