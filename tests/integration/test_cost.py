"""The answer that earns a badge stays affordable: a bound on its SQL statements and on the page's weight.

Milliseconds are measured by ``make bench``; what makes them grow is bounded here, where nothing else interferes.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.__main__ import LIMIT_BYTES
from benchmarks.page_weight import page_weight
from tests.fixtures.course_walk import Browser

from .conftest import Site


def statements_of_last_answer(amina: Browser) -> int:
    amina.do_unit("puncture", but="puncture-last-stretch")
    with CaptureQueriesContext(connection) as captured:
        answer = amina.answer("puncture-last-stretch")
    assert answer.json()["progress"]["complete"] is True
    return len(captured)


def test_an_answer_that_earns_a_badge_takes_a_bounded_number_of_statements(
    site: Site, amina: Browser
) -> None:
    assert statements_of_last_answer(amina) <= 85


def test_a_stack_on_top_costs_about_half_as_much_again(site: Site, amina: Browser) -> None:
    amina.do_unit("inspect")
    submission = amina.call("microcred_evidence", "inspect-evidence", "status").json()["submission"]["id"]
    assert site.browser("reviewer").review(submission).status_code == 302
    assert statements_of_last_answer(amina) <= 120


def test_showing_earned_badges_costs_the_same_however_many_there_are(site: Site, amina: Browser) -> None:
    def statements() -> int:
        amina.page("my-badges")
        with CaptureQueriesContext(connection) as captured:
            assert amina.page("my-badges").status_code == 200
        return len(captured)

    amina.do_unit("chain")
    one = statements()
    amina.do_unit("puncture")
    assert statements() <= one


@pytest.mark.parametrize("unit", ["inspect", "chain"])
def test_scripts_and_styles_of_a_unit_stay_light(site: Site, unit: str) -> None:
    assert sum(page_weight(unit).values()) <= LIMIT_BYTES
