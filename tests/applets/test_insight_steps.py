"""What is kept of a unit's steps is what counting them for a page gives."""

from __future__ import annotations

import pytest
from django.utils import timezone

from microcred_app.applets.insights import api as insights
from microcred_app.applets.insights import figures, refreshing, steps
from microcred_app.applets.insights.funnel import progress_of
from tests.applets.test_insights import ONE, UNIT, finish, learners, read, start, team
from tests.fixtures.catalogue import COURSE, NOW

__all__ = ["team"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unit_that_many_did(team: int, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(figures, "LARGE", 10)
    monkeypatch.setattr(refreshing, "LARGE", 10)
    for number, learner in enumerate(learners(24)):
        (finish if number % 2 else start)(learner)
    return team


def test_kept_steps_are_those_that_a_page_counts(unit_that_many_did: int) -> None:
    counted = read(unit_that_many_did)
    assert counted.as_of is None
    insights.refresh_figures(NOW)
    kept = figures.kept_unit(UNIT.usage_key, now=NOW)
    assert kept is not None
    assert kept.steps == steps.tally_steps(progress_of(COURSE, UNIT.usage_key), 24, 10)
    assert kept.steps is not None
    assert kept.steps.steps[ONE].done == 24


def test_a_page_of_a_large_unit_counts_no_step(
    unit_that_many_did: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = read(unit_that_many_did).funnel
    insights.refresh_figures(timezone.now())

    def refuse(*_arguments: object) -> None:
        raise AssertionError("The steps were counted for the page.")

    monkeypatch.setattr("microcred_app.applets.insights.funnel.tally_steps", refuse)
    shown = read(unit_that_many_did)
    assert shown.as_of is not None
    assert shown.funnel == counted


def test_the_newest_are_told_of_where_there_are_more(
    unit_that_many_did: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "NEWEST", 12)
    tally = steps.tally_steps(progress_of(COURSE, UNIT.usage_key), 24, 10)
    assert tally.newest
    assert steps.kept_steps(steps.steps_to_keep(tally)) == tally
    # One more than few would be left out: then nobody is.
    assert not steps.tally_steps(progress_of(COURSE, UNIT.usage_key), 24, 13).newest
