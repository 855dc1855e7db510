"""What a version promises beside its requirement has one meaning."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.terms import terms_problems
from tests.fixtures.catalogue import NOW, definition, publish

RULE = {"outcome": "o.a"}


def problems(**terms: Any) -> set[str]:
    return set(badges.definition_problems(definition("a", RULE, terms=badges.Terms(**terms)), now=NOW))


def test_terms_are_part_of_the_version() -> None:
    terms = badges.Terms(
        credits=Decimal("2.5"),
        credit_unit="ECTS",
        level="EQF 4",
        expires_after="P2Y",
        cap=10,
        holders_policy="redemonstrate",
        holders_deadline=date(2027, 1, 1),
        accepts=("old", "old@1"),
    )
    publish("old", RULE)
    publish("a", RULE, terms=terms)
    found = badges.current_badge("a")
    assert found.terms == terms
    assert (found.cap, found.holders_policy) == (10, "redemonstrate")
    assert badges.get_version("a", 1).terms.accepted_badges[1] == badges.AcceptedBadge("old", 1)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"credits": Decimal(0), "credit_unit": "ECTS"}, "credits"),
        ({"credits": Decimal("NaN"), "credit_unit": "ECTS"}, "credits"),
        ({"credits": Decimal("1.234"), "credit_unit": "ECTS"}, "credits"),
        ({"credits": Decimal(5)}, "credit_unit"),
        ({"credit_unit": "ECTS"}, "credit_unit"),
        ({"expires_on": date(2030, 1, 1), "expires_after": "P1Y"}, "expires_on"),
        ({"expires_on": date(2026, 3, 2)}, "expires_on"),
        ({"expires_after": "P0D"}, "expires_after"),
        ({"expires_after": "P"}, "expires_after"),
        ({"expires_after": "PT5M"}, "expires_after"),
        ({"expires_after": "P101Y"}, "expires_after"),
        ({"expires_after": "P99Y9999M99999D"}, "expires_after"),
        ({"cap": 0}, "cap"),
        ({"cap": -1}, "cap"),
        ({"level": "x" * 101}, "level"),
        ({"holders_policy": "drop"}, "holders_policy"),
        ({"holders_policy": "redemonstrate"}, "holders_deadline"),
        ({"holders_policy": "redemonstrate", "holders_deadline": date(2026, 1, 1)}, "holders_deadline"),
        ({"holders_policy": "keep", "holders_deadline": date(2027, 1, 1)}, "holders_deadline"),
        ({"accepts": ("gone",)}, "accepts"),
        ({"accepts": ("Not A Key",)}, "accepts"),
        ({"accepts": ("a",)}, "accepts"),
        ({"accepts": ("a@7",)}, "accepts"),
        ({"accepts": ("b", "b")}, "accepts"),
        ({"proof_type": "wisdom"}, "proof_type"),
    ],
)
def test_terms_without_one_meaning_are_refused(terms: dict[str, Any], field: str) -> None:
    publish("b", RULE)
    assert problems(**terms) == {field}


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("awarded", "period", "expires"),
    [
        (at(2024, 2, 29), "P1Y", at(2025, 2, 28)),
        (at(2024, 2, 29), "P4Y", at(2028, 2, 29)),
        (at(2026, 1, 31), "P1M", at(2026, 2, 28)),
        (at(2026, 11, 30), "P18M", at(2028, 5, 30)),
        (at(2026, 12, 31), "P1M1D", at(2027, 2, 1)),
        (at(2026, 1, 1), "P2W", at(2026, 1, 15)),
    ],
)
def test_a_period_is_counted_by_the_calendar(awarded: datetime, period: str, expires: datetime) -> None:
    assert badges.Terms(expires_after=period).expires_at(awarded) == expires


def test_a_fixed_date_counts_to_its_end_and_without_a_policy_nothing_expires() -> None:
    fixed = badges.Terms(expires_on=date(2027, 6, 30))
    assert fixed.expires_at(NOW) == datetime(2027, 7, 1, tzinfo=UTC)
    assert badges.Terms().expires_at(NOW) is None


@pytest.mark.parametrize(
    "change",
    ["cap = 0", "holders_policy = 'redemonstrate'", "expires_on = '2030-01-01', expires_after = 'P1Y'"],
)
def test_the_database_keeps_the_meaning_as_well(change: str) -> None:
    publish("a", RULE)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"UPDATE microcred_app_badgeversion SET {change}")


def test_how_many_badges_count_as_one_is_bounded_where_it_is_written() -> None:
    """Each mention of the badge, and each explanation of it, looks at all of them."""
    accepted = tuple(f"b{number}" for number in range(51))
    found = terms_problems(badges.Terms(accepts=accepted), today=NOW.date())
    assert found == {
        "accepts": "These are 51 badges. At most 50 can count as one: let a badge of its own accept the others."
    }
    assert terms_problems(badges.Terms(accepts=accepted[:50]), today=NOW.date()) == {}
    twice = terms_problems(badges.Terms(accepts=("b", "c", "b")), today=NOW.date())
    assert twice == {"accepts": "“b” stands here twice. List each once."}


def test_explaining_the_largest_rule_with_all_that_counts_takes_no_time_that_anybody_notices() -> None:
    leaves = rules.MAX_NODES - 1
    node = rules.parse_requirement({"at_least": leaves, "of": [{"badge": f"b{n}"} for n in range(leaves)]})
    equivalents = {f"b{n}": frozenset(f"e{n * 7 + step}" for step in range(50)) for n in range(leaves)}
    facts = rules.Facts(
        (rules.BadgeFact(f"f{n}", f"e{n}", NOW) for n in range(100)), rules.Relations(equivalents=equivalents)
    )
    begun = time.process_time()
    rules.explain(node, facts, NOW)
    assert time.process_time() - begun < 5.0
