"""What the platform says becomes facts: replayed, reordered and wrong signals come to the same as right ones."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from completion.models import BlockCompletion
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.utils import timezone
from opaque_keys.edx.keys import UsageKey

from microcred_app import api
from microcred_app.applets.attainments import observed
from microcred_app.applets.attainments.models import DueEvaluation, ReportedFact
from microcred_app.applets.attainments.observed import ObservedState, observe
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.sources import api as sources
from microcred_app.platform_facts import _completion, _problem_score, _subsection, grade_seen
from tests.fixtures.catalogue import COURSE, NOW, make_user, publish
from tests.sources.platform_events import certificate, cohort, course_grade, passing

PART = "block-v1:Demo+BIKE+1+type@openassessment+block@essay"
LATER = NOW + timedelta(hours=1)


def held(learner: int) -> set[str]:
    return set(awards.held_badges(learner))


def standing(learner: int) -> list[tuple[str, str, float | None, str]]:
    rows = ReportedFact.objects.filter(learner_id=learner, correction__isnull=True, counts=True)
    return sorted(rows.values_list("kind", "key", "number", "role"))


def test_a_course_grade_earns_a_badge_in_the_signal_itself() -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.7})
    learner = make_user()
    course_grade(learner, 0.69)
    assert held(learner) == set()
    course_grade(learner, 0.7, at=LATER)
    assert held(learner) == {"graded"}


def test_passing_certificates_and_cohorts_are_standings() -> None:
    publish("passed", {"standing": COURSE, "state": "passed"})
    publish("certified", {"standing": COURSE, "state": "certified"})
    publish("evening", {"standing": COURSE, "state": "cohort", "cohort": "Evening"})
    learner = make_user()
    certificate(learner, "notpassing")
    passing(learner, False)
    cohort(learner, "Morning")
    assert held(learner) == set()
    passing(learner, True, at=LATER)
    certificate(learner, "downloadable", at=LATER)
    cohort(learner, "Evening", at=LATER)
    assert held(learner) == {"passed", "certified", "evening"}


def test_who_changes_the_cohort_is_in_one_only() -> None:
    publish("evening", {"standing": COURSE, "state": "cohort", "cohort": "Evening"})
    learner = make_user()
    long_name = "A group with a very long name " * 8
    for number, name in enumerate(["Evening", long_name, "Morning"]):
        cohort(learner, name, at=NOW + timedelta(minutes=number))
    assert standing(learner) == [("standing", COURSE, None, "cohort:Morning")]


def test_what_nobody_asks_for_is_not_kept() -> None:
    learner = make_user()
    course_grade(learner, 1.0)
    passing(learner, True)
    assert not ReportedFact.objects.exists()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_any_order_and_any_number_of_times_the_newest_counts(order: tuple[int, ...]) -> None:
    publish("certified", {"all": [{"standing": COURSE, "state": "certified"}, {"outcome": "o.a"}]})
    learner = make_user()
    told = [("downloadable", 0), ("unavailable", 1), ("downloadable", 2)]
    for place in (*order, *order):
        status, minutes = told[place]
        certificate(learner, status, at=NOW + timedelta(minutes=minutes))
    assert standing(learner) == [("standing", COURSE, None, "certified")]
    assert len({row.corrects_id for row in ReportedFact.objects.exclude(corrects=None)}) == (
        ReportedFact.objects.exclude(corrects=None).count()
    ), "no fork"


def test_an_end_that_comes_before_its_beginning_stays_the_end() -> None:
    publish("certified", {"standing": COURSE, "state": "certified"})
    learner = make_user()
    certificate(learner, "unavailable", at=LATER)
    certificate(learner, "downloadable", at=NOW)
    assert standing(learner) == []
    assert held(learner) == set()


def test_the_same_event_ten_times_is_one_award() -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.5})
    learner = make_user()
    for _time in range(10):
        course_grade(learner, 0.8)
    assert Award.objects.count() == 1
    assert ReportedFact.objects.count() == 1


def test_a_clock_that_was_ahead_does_not_hold_up_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender's clock is cut to ours; where ours was ahead, its rows give way once it is right again."""
    publish("graded", {"grade": COURSE, "minimum": 0.9})
    learner = make_user()
    real = timezone.now()
    course_grade(learner, 0.1, at=real + timedelta(days=400))
    assert ReportedFact.objects.get().at <= timezone.now()
    state = ObservedState(learner, "grade", COURSE, real + timedelta(days=30), sources.PLATFORM, number=0.2)
    observe(state, now=real + timedelta(days=30))
    course_grade(learner, 0.95, at=timezone.now())
    assert [row[2] for row in standing(learner)] == [0.95]
    assert held(learner) == {"graded"}


def test_times_without_a_zone_are_utc() -> None:
    naive = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - what old rows hold
    (seen,) = _problem_score(1, COURSE, PART, 1, 2, modified=naive)
    assert seen.at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("earned", "possible", "share"),
    [(1, 2, 0.5), (3, 2, 1.0), (-1, 2, 0.0), (1, 0, None), (float("nan"), 1, None), (1, float("inf"), None)],
)
def test_points_are_a_share_or_nothing(earned: float, possible: float, share: float | None) -> None:
    assert [seen.number for seen in grade_seen(1, COURSE, PART, earned, possible, NOW)] == (
        [] if share is None else [share]
    )


def test_scores_of_assessments_count_and_go_when_they_are_deleted() -> None:
    publish("essay", {"grade": PART, "minimum": 0.6})
    learner = make_user()
    for seen in (
        _problem_score(learner, COURSE, PART, 3, 5, modified=NOW, score_db_table="submissions"),
        _problem_score(learner, COURSE, PART, 0, 5, modified=LATER, score_deleted=True),
    ):
        sources.take_in(seen, asked=sources.asked_by_badges(), now=timezone.now())
    assert held(learner) == {"essay"}, "what was awarded stands"
    assert standing(learner) == []


def test_subsections_count_by_their_graded_points() -> None:
    key = "block-v1:Demo+BIKE+1+type@sequential+block@week1"
    grade = SimpleNamespace(
        location=key,
        graded_total=SimpleNamespace(earned=0, possible=0),
        all_total=SimpleNamespace(earned=4, possible=5),
    )
    (seen,) = _subsection(SimpleNamespace(id=COURSE), SimpleNamespace(pk=7), grade, course_structure=None)
    assert (seen.learner_id, seen.key, seen.number) == (7, key, 0.8)


def test_a_completed_block_counts_while_it_is_complete() -> None:
    key = "block-v1:Demo+BIKE+1+type@html+block@read"
    publish("read", {"all": [{"block": key}, {"outcome": "o.a"}]})
    learner = make_user()
    user = get_user_model().objects.get(pk=learner)
    for value in (0.4, 1.0):
        BlockCompletion.objects.submit_completion(
            user=user, block_key=UsageKey.from_string(key), completion=value
        )
    assert standing(learner) == [("block", key, None, "")]
    BlockCompletion.objects.submit_completion(user=user, block_key=UsageKey.from_string(key), completion=0.0)
    assert standing(learner) == []


def test_a_page_counts_when_everything_on_it_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "block-v1:Demo+BIKE+1+type@vertical+block@intro"
    publish("page", {"block": page})
    learner = make_user()
    answers = iter([False, RuntimeError("no course"), True])

    def complete(_self: object, _learner: int, key: str) -> bool:
        assert key == page
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("demo_site.platform.DemoPlatform.container_complete", complete)
    child = "block-v1:Demo+BIKE+1+type@html+block@read"
    row = SimpleNamespace(
        user_id=learner, context_key=COURSE, block_key=child, completion=1.0, modified=timezone.now()
    )
    found = []
    for _time in range(3):
        sources.take_in(_completion(row), asked=sources.asked_by_badges(), now=timezone.now())
        found.append(held(learner))
    assert found == [set(), set(), {"page"}]


@pytest.mark.parametrize("what", ["gone", "retired"])
def test_nothing_is_written_about_accounts_that_are_gone_or_retired(what: str) -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.5})
    learner = make_user("retired__user_1a2b" if what == "retired" else "amina")
    if what == "gone":
        get_user_model().objects.filter(pk=learner).delete()
    course_grade(learner, 0.9)
    assert not ReportedFact.objects.exists()
    assert not Award.objects.exists()


def test_a_course_deleted_between_event_and_evaluation_does_not_take_the_badge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.5})
    learner = make_user()
    _hold_up_evaluations(monkeypatch)
    course_grade(learner, 0.9)
    assert DueEvaluation.objects.count() == 1
    monkeypatch.undo()

    def gone(_self: object, course_key: str) -> str:
        return course_key  # as platforms answer for a course that is gone

    monkeypatch.setattr("demo_site.platform.DemoPlatform.course_title", gone)
    assert api.run_pending_evaluations(now=timezone.now()) == 1
    assert held(learner) == {"graded"}


def test_a_signal_that_makes_no_sense_is_logged_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.5})
    learner = make_user()
    with caplog.at_level(logging.ERROR), transaction.atomic():
        course_grade(learner, float("nan"))
        course_grade(learner, "much")  # type: ignore[arg-type]
        course_grade(learner, 0.8)
    assert "microcred_sources reads it again" in caplog.text
    assert held(learner) == {"graded"}


def test_what_the_platform_rolls_back_was_never_said() -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.5})
    learner = make_user()

    class Away(Exception):
        pass

    with pytest.raises(Away), transaction.atomic():
        course_grade(learner, 0.9)
        raise Away
    assert not ReportedFact.objects.exists()
    assert held(learner) == set()
    course_grade(learner, 0.9)
    assert held(learner) == {"graded"}


@pytest.mark.parametrize("where", ["save", "mark_due"])
def test_a_database_that_goes_away_leaves_all_or_nothing(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.5})
    learner = make_user()

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("server has gone away")

    target: Callable[..., Any] | Any = ReportedFact if where == "save" else observed
    monkeypatch.setattr(target, where, away)
    with transaction.atomic():
        course_grade(learner, 0.9)
        other = make_user("other")
    assert get_user_model().objects.filter(pk=other).exists(), "the platform's own work is committed"
    assert not ReportedFact.objects.exists()
    assert not DueEvaluation.objects.exists()
    monkeypatch.undo()
    course_grade(learner, 0.9)
    assert held(learner) == {"graded"}


def test_a_database_that_goes_away_before_the_award_leaves_the_evaluation_owed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.5})
    learner = make_user()

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("server has gone away")

    monkeypatch.setattr("microcred_app.applets.issuance.api.write_granted", away)
    course_grade(learner, 0.9)
    assert held(learner) == set()
    assert DueEvaluation.objects.count() == 1
    monkeypatch.undo()
    api.run_pending_evaluations(now=timezone.now())
    api.run_pending_evaluations(now=timezone.now())
    assert held(learner) == {"graded"}
    assert Award.objects.count() == 1


def _hold_up_evaluations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microcred_app.api.evaluate_now", lambda due, *, now: ())
