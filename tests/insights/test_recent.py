"""Between two comparisons of everything, figures follow from what is new, and are those that a comparison gives."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from microcred_app import api
from microcred_app.applets.insights import api as insights
from microcred_app.applets.insights import recent
from microcred_app.applets.insights.models import InsightFigure
from microcred_app.applets.pathways import api as pathways
from tests.fixtures.catalogue import do_unit, make_user, publish, unit
from tests.insights.test_incremental import LATER, figures, happen, people, story

__all__ = ["people"]

pytestmark = pytest.mark.django_db(transaction=True)
TEN_MINUTES = timedelta(minutes=10)
#: What somebody takes back or hides leaves no trace at the end of an index.
FOUND_BY_COMPARING = ("share", "leave", "reset")


def look(at: datetime) -> insights.Refreshed:
    return insights.refresh_recent(at)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_new_gives_the_figures_that_comparing_everything_gives(people: list[int], seed: int) -> None:
    chance, at = random.Random(seed), LATER
    look(at)
    for event in story(seed):
        if event[0] not in FOUND_BY_COMPARING:
            happen(event, people)
        if chance.random() < 0.25:
            at += TEN_MINUTES
            look(at)
    look(at + TEN_MINUTES)
    seen = figures()
    assert seen == (insights.refresh_figures(at + TEN_MINUTES), figures())[1]
    assert ("badge", "bolt") in seen


def test_a_look_counts_what_is_new_and_nothing_else(people: list[int]) -> None:
    look(LATER)
    for turn in (1, 2, 3):
        assert look(LATER + turn * TEN_MINUTES).counted == 0
    happen(("open", 0, "b", 1), people)
    found = look(LATER + 4 * TEN_MINUTES)
    assert 0 < found.counted < found.subjects
    assert InsightFigure.objects.get(kind="badge", key="nut").started == 1


def test_a_transaction_that_was_open_at_the_last_look_is_found_by_the_next(people: list[int]) -> None:
    """Its rows have numbers from before the look; the look goes back to the one before."""
    look(LATER)
    ends = recent.read_ends(LATER)
    do_unit(people[0], "a")
    after = recent.read_ends(LATER)
    assert after["progress"] > ends["progress"]
    # As if those rows were not visible to this look, which saw later ones.
    recent.note_look(after, LATER + TEN_MINUTES, compared=False)
    assert InsightFigure.objects.get(kind="badge", key="bolt").started == 0
    look(LATER + 2 * TEN_MINUTES)
    assert InsightFigure.objects.get(kind="badge", key="bolt").started == 1


def test_everything_is_compared_once_a_day_and_when_the_clock_was_set_back(people: list[int]) -> None:
    pathways.follow(people[0], "road", now=LATER)
    look(LATER)
    pathways.leave(people[0], "road", now=LATER)
    before = InsightFigure.objects.get(kind="pathway").mark
    look(LATER + TEN_MINUTES)
    assert InsightFigure.objects.get(kind="pathway").mark == before
    look(LATER + timedelta(hours=24))
    told = InsightFigure.objects.get(kind="pathway")
    assert told.mark != before
    pathways.follow(people[0], "road", now=LATER)
    pathways.leave(people[0], "road", now=LATER + timedelta(days=2))
    look(LATER)
    assert InsightFigure.objects.get(kind="pathway").mark != told.mark


def test_what_is_published_since_gets_its_figures(people: list[int]) -> None:
    look(LATER)
    publish("late", {"outcome": "o.a"})
    look(LATER + TEN_MINUTES)
    assert InsightFigure.objects.filter(kind="badge", key="late").exists()


def test_a_look_goes_through_no_table(people: list[int]) -> None:
    """Every question about what learners did names where it begins, or the keys that it is about."""
    do_unit(people[0], "a")
    look(LATER)
    do_unit(people[1], "a")
    with CaptureQueriesContext(connection) as asked:
        look(LATER + TEN_MINUTES)
    tables = ("unitprogress", "partresult", "stepvisit", "attainment", "award", "credential", "delivery")
    for one in asked.captured_queries:
        sql = one["sql"]
        if "SELECT" in sql and any(f'FROM "microcred_app_{table}"' in sql for table in tables):
            assert " WHERE " in sql or "MAX(" in sql, sql


def test_a_worker_looks_when_it_is_time(people: list[int]) -> None:
    assert insights.refresh_due(LATER, every=TEN_MINUTES) is not None
    assert insights.refresh_due(LATER + timedelta(minutes=5), every=TEN_MINUTES) is None
    assert insights.refresh_due(LATER + TEN_MINUTES, every=TEN_MINUTES) is not None


def test_the_look_is_no_figure(people: list[int]) -> None:
    look(LATER)
    spec = unit("a")
    api.record_part(make_user("amina"), spec, spec.parts[0].usage_key, score=1.0, now=LATER)
    assert look(LATER + TEN_MINUTES).dropped == 0
    assert insights.refresh_figures(LATER + 2 * TEN_MINUTES).dropped == 0
    assert InsightFigure.objects.filter(kind=InsightFigure.LOOK).count() == 1
