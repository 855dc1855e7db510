"""Where learners are in a unit, late work, what is shown again later, and what staff give to be done again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from microcred_app import api
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.attainments import steps
from microcred_app.applets.attainments.models import Attainment, StepVisit, UnitProgress
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges.api import Terms
from microcred_app.compat import platform
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish, unit

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
A = unit("a", parts=3)
KEYS = [part.usage_key for part in A.parts]


def visits(learner: int) -> dict[str, tuple[int, int]]:
    """Seconds at each step, and minutes from the start until the learner was last seen there."""
    return {
        row.part_usage_key: (row.seconds, round((row.last_seen_at - NOW).total_seconds() / 60))
        for row in StepVisit.objects.filter(progress__learner_id=learner)
    }


def test_who_does_not_take_the_course_only_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled: set[int] = set()
    monkeypatch.setattr("demo_site.platform.DemoPlatform.is_enrolled", lambda _s, user, _c: user in enrolled)
    visitor, left = make_user("visitor"), make_user("left")
    assert api.look_at_unit(visitor, A, now=NOW).done == 0
    assert not UnitProgress.objects.exists()
    enrolled.add(left)
    api.look_at_unit(left, A, now=NOW)
    enrolled.clear()  # whoever began goes on being counted, and sees what they did
    assert api.look_at_unit(left, A, now=NOW).done == 0
    assert list(UnitProgress.objects.values_list("learner_id", flat=True)) == [left]


def test_a_step_is_noted_with_the_time_spent_at_it() -> None:
    learner = make_user()
    api.unit_progress(learner, A, now=NOW)
    assert api.note_step(learner, A.usage_key, KEYS[0], now=NOW) is None
    assert api.note_step(learner, A.usage_key, KEYS[1], now=NOW + 2 * MINUTE) == NOW
    api.note_step(learner, A.usage_key, KEYS[1], now=NOW + 3 * MINUTE)
    api.note_step(learner, A.usage_key, KEYS[0], now=NOW + 7 * MINUTE)
    assert visits(learner) == {KEYS[0]: (120, 7), KEYS[1]: (300, 7)}
    first = StepVisit.objects.get(part_usage_key=KEYS[0])
    assert first.first_seen_at == NOW


def test_a_break_is_no_time_spent_and_the_last_visit_is_known() -> None:
    learner = make_user()
    api.unit_progress(learner, A, now=NOW)
    api.note_step(learner, A.usage_key, KEYS[0], now=NOW)
    assert api.note_step(learner, A.usage_key, KEYS[0], now=NOW + 9 * DAY) == NOW
    assert visits(learner)[KEYS[0]][0] == 0


def test_nobody_without_progress_leaves_a_trace_and_rows_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    learner = make_user()
    assert api.note_step(learner, A.usage_key, KEYS[0], now=NOW) is None
    assert not StepVisit.objects.exists()
    api.unit_progress(learner, A, now=NOW)
    monkeypatch.setattr(steps, "MOST_STEPS", 2)
    for number in range(5):
        api.note_step(learner, A.usage_key, f"block-{number}", now=NOW + number * MINUTE)
    assert StepVisit.objects.count() == 2


def test_a_refresher_says_when_the_outcome_was_last_shown_and_changes_nothing_else() -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    done = do_unit(learner, "a", score=0.6)
    assert done.demonstrated_at == NOW
    later = api.record_refresher(learner, unit("a"), score=1.0, now=NOW + 90 * DAY)
    assert later.demonstrated_at == NOW + 90 * DAY
    assert (later.attained_at, later.score, later.complete) == (NOW, 0.6, True)
    assert len(awards.list_awards(learner_id=learner)) == len(later.earned) == 1
    assert list(Attainment.objects.order_by("attained_at").values_list("refresher", "score")) == [
        (False, 0.6),
        (True, 1.0),
    ]


def test_a_refresher_counts_once_a_day() -> None:
    learner = make_user()
    do_unit(learner, "a")
    for minutes in (1, 2, 3):
        api.record_refresher(learner, unit("a"), score=1.0, now=NOW + DAY + minutes * MINUTE)
    assert Attainment.objects.filter(refresher=True).count() == 1


@pytest.mark.parametrize("complete", [False, True])
def test_there_is_nothing_to_refresh_before_the_outcome_was_attained(complete: bool) -> None:
    learner, spec = make_user(), replace(unit("a"), outcome_key="gone" if complete else "o.a")
    if complete:
        api.record_part(learner, spec, spec.parts[0].usage_key, score=1.0, now=NOW)
    progress = api.record_refresher(learner, spec, score=1.0, now=NOW + DAY)
    assert progress.complete is complete
    assert not Attainment.objects.exists()


def test_a_badge_that_expires_is_renewed_by_a_refresher_and_shown_once() -> None:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(expires_after="P1Y"))
    learner = make_user()
    do_unit(learner, "a")
    progress = api.record_refresher(learner, unit("a"), score=1.0, now=NOW + 300 * DAY)
    found = awards.list_awards(learner_id=learner)
    assert [award.awarded_at for award in found] == [NOW + 300 * DAY, NOW]
    assert [badge.awarded_at for badge in progress.earned] == [NOW + 300 * DAY]


def test_a_badge_that_ends_on_a_date_is_not_renewed_to_the_same_date() -> None:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(expires_on=date(2027, 1, 1)))
    learner = make_user()
    do_unit(learner, "a")
    api.record_refresher(learner, unit("a"), score=1.0, now=NOW + 30 * DAY)
    assert len(awards.list_awards(learner_id=learner)) == 1


def test_who_finishes_after_the_unit_closed_is_late_and_earns_all_the_same() -> None:
    learner, early = make_user(), make_user("kim")
    closing = replace(unit("a"), closes_at=NOW)
    part = closing.parts[0].usage_key
    assert api.record_part(early, closing, part, score=1.0, now=NOW).late is False
    assert api.record_part(learner, closing, part, score=1.0, now=NOW + MINUTE).late is True
    assert api.unit_progress(learner, closing, now=NOW + DAY).late is True
    assert Attainment.objects.count() == 2


def test_an_extension_after_the_fact_does_not_rewrite_it() -> None:
    learner, closing = make_user(), replace(unit("a"), closes_at=NOW)
    api.record_part(learner, closing, closing.parts[0].usage_key, score=1.0, now=NOW + MINUTE)
    assert api.unit_progress(learner, replace(closing, closes_at=NOW + DAY), now=NOW + MINUTE).late is True


def test_a_slow_reviewer_makes_nobody_late() -> None:
    learner = make_user()
    spec = replace(unit("a", kind="evidence"), closes_at=NOW + DAY)
    part = spec.parts[0].usage_key
    task = api.EvidenceTask(0, 0, (), True, False, "staff", {}, "Write")
    api.save_evidence_text(learner, spec, part, task, text="My work", link="", now=NOW)
    api.hand_in(learner, spec, part, task, now=NOW)
    for late, learner_spec in ((False, spec), (True, replace(spec, closes_at=NOW - DAY))):
        UnitProgress.objects.update(closes_at=learner_spec.closes_at, completed_at=None)
        report = attainments.record_reviewed_part(
            learner, spec.usage_key, part, score=1.0, by_reviewer=True, now=NOW + 5 * DAY
        )
        assert report is not None
        assert report.complete
        assert report.late is late


def test_late_work_that_a_reviewer_accepts_brings_completion_and_no_points(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[Any, ...]] = []
    host = platform()
    monkeypatch.setattr(host, "submit_completion", lambda *args: told.append(("completion", *args)))
    monkeypatch.setattr(host, "submit_grade", lambda *args: told.append(("grade", *args)))
    learner = make_user()
    spec = replace(unit("a", kind="evidence"), closes_at=NOW - DAY)
    part = spec.parts[0].usage_key
    api.unit_progress(learner, spec, now=NOW)
    api.count_accepted_evidence(
        learner, unit_usage_key=spec.usage_key, part_usage_key=part, score=1.0, by_reviewer=True, now=NOW
    )
    assert [entry[0] for entry in told] == ["completion"]


def test_a_unit_that_staff_reset_can_be_done_again_and_what_it_proved_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    api.note_step(learner, unit("a").usage_key, unit("a").parts[0].usage_key, now=NOW)
    monkeypatch.setattr(platform(), "learner_of_anonymous_id", lambda anonymous, course: learner)
    assert api.reset_unit("0" * 32, "course-v1:Demo+BIKE+1", unit("a").usage_key)
    again = api.unit_progress(learner, unit("a"), now=NOW + DAY)
    assert (again.done, again.complete, again.demonstrated_at) == (0, False, None)
    assert not StepVisit.objects.exists()
    assert do_unit(learner, "a", now=NOW + DAY).complete
    assert Attainment.objects.count() == len(awards.list_awards(learner_id=learner)) == 1


def test_a_reset_keeps_what_a_reviewer_accepted() -> None:
    learner, spec = make_user(), unit("a", kind="evidence")
    api.unit_progress(learner, spec, now=NOW)
    attainments.record_reviewed_part(
        learner, spec.usage_key, spec.parts[0].usage_key, score=1.0, by_reviewer=True, now=NOW
    )
    assert attainments.reset_unit(learner, spec.usage_key)
    assert api.unit_progress(learner, spec, now=NOW + DAY).done == 1


def test_there_is_nothing_to_reset_where_nothing_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform(), "learner_of_anonymous_id", lambda anonymous, course: None)
    assert api.reset_unit("0" * 32, "course-v1:Demo+BIKE+1", A.usage_key) is False
    assert attainments.reset_unit(make_user(), A.usage_key) is False
