"""Answers to checks are kept once for each attempt; attempts are given by staff."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from microcred_app import api
from microcred_app.applets.append_only import AppendOnlyViolation
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.attainments.models import Attainment
from microcred_app.applets.responses import api as responses
from microcred_app.applets.responses.models import AttemptGrant, ItemResponse
from microcred_app.permissions import courses
from tests.fixtures.catalogue import NOW, make_user, unit

PART = "block-v1:Demo+BIKE+1+type@microcred_check+block@c"
COURSE = "course-v1:Demo+BIKE+1"
WRONG = api.Response(PART, COURSE, 1, "single", "0123456789abcdef", (("", "b"),), 0.0, False, 2)


def test_an_answer_is_kept_as_it_was_marked() -> None:
    learner = make_user()
    kept = api.record_response(learner, WRONG, now=NOW)
    assert kept.repeated is False
    assert kept.response == WRONG
    assert responses.responses_of(learner, PART) == (kept,)


def test_an_attempt_is_written_once_and_the_first_one_stays() -> None:
    learner = make_user()
    api.record_response(learner, WRONG, now=NOW)
    second = api.record_response(learner, replace(WRONG, given=(("", "a"),), score=1.0, passed=True), now=NOW)
    assert second.repeated is True
    assert second.response == WRONG
    assert ItemResponse.objects.count() == 1
    other = api.record_response(make_user("ben"), WRONG, now=NOW)
    assert other.repeated is False, "everybody has attempts of their own"


def test_keeping_a_new_attempt_costs_one_write() -> None:
    learner = make_user()
    with CaptureQueriesContext(connection) as captured:
        api.record_response(learner, WRONG, now=NOW)
    written = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(written) == 1


def test_what_is_kept_is_bounded() -> None:
    flood = tuple((f"g{n}" * 500, "x\x00" * 5_000) for n in range(1_000))
    kept = api.record_response(make_user(), replace(WRONG, given=flood, score=7.0, hints=10**9), now=NOW)
    row = ItemResponse.objects.get(pk=kept.id)
    assert len(row.given) == 100
    assert all(len(text) <= 200 and "\x00" not in text for pair in row.given for text in pair)
    assert (row.score, row.hints) == (1.0, 1000)


def test_an_answer_is_never_changed() -> None:
    api.record_response(make_user(), WRONG, now=NOW)
    row = ItemResponse.objects.get()
    row.score = 1.0
    with pytest.raises(AppendOnlyViolation):
        row.save()
    with pytest.raises(AppendOnlyViolation):
        ItemResponse.objects.update(score=1.0)


def test_everybodys_answers_are_read_in_slices() -> None:
    learners = [make_user(f"learner{n}") for n in range(5)]
    for number, learner in enumerate(learners):
        api.record_response(learner, WRONG, now=NOW + timedelta(minutes=number))
    first = responses.page_responses(PART, limit=3)
    rest = responses.page_responses(PART, after=first.next, limit=3)
    assert [info.learner_id for info in (*first.items, *rest.items)] == learners
    assert rest.next is None


@pytest.fixture
def staff(monkeypatch: pytest.MonkeyPatch) -> int:
    """Somebody who runs the course."""
    person = make_user("staff")

    class Known:
        def is_course_staff(self, user_id: int, course_key: str) -> bool:
            return user_id == person and course_key == COURSE

        def is_enrolled(self, user_id: int, course_key: str) -> bool:
            return user_id > 0

    monkeypatch.setattr(courses, "platform", lambda: Known())
    return person


def give(learner: int, actor: int | None, attempts: int = 1) -> int:
    return api.give_attempts(
        learner, PART, COURSE, attempts=attempts, reason="ill", acting_user_id=actor, now=NOW
    )


def test_staff_give_attempts_with_their_name(staff: int) -> None:
    learner = make_user()
    assert give(learner, staff) == 1
    assert give(learner, staff, 2) == 3
    assert api.extra_attempts(learner, PART) == 3
    assert api.extra_attempts(make_user("ben"), PART) == 0
    assert list(AttemptGrant.objects.values_list("given_by", "reason")) == [(staff, "ill")] * 2


@pytest.mark.parametrize("attempts", [0, -1, 101])
def test_nobody_is_given_an_impossible_number(staff: int, attempts: int) -> None:
    with pytest.raises(responses.AttemptsRefused):
        give(make_user(), staff, attempts)


def test_there_is_a_most(staff: int) -> None:
    learner = make_user()
    give(learner, staff, 100)
    with pytest.raises(responses.AttemptsRefused):
        give(learner, staff)


def test_only_staff_give_and_nobody_to_themselves(staff: int) -> None:
    learner = make_user()
    for actor in (None, learner, make_user("ben")):
        with pytest.raises(api.MicrocredError) as refused:
            give(learner, actor)
        assert refused.value.http_status == 403
    with pytest.raises(api.MicrocredError):
        give(staff, staff)
    with pytest.raises(api.MicrocredError):
        give(-1, staff)
    assert AttemptGrant.objects.count() == 0


def test_a_latest_score_may_fall_until_the_unit_is_complete() -> None:
    learner, spec = make_user(), unit("a", parts=2)
    first, second = (part.usage_key for part in spec.parts)
    for score in (0.9, 0.5):
        api.record_part(learner, spec, first, score=score, now=NOW, keep="latest")
    done = api.record_part(learner, spec, second, score=1.0, now=NOW)
    assert done.score == pytest.approx(0.75)
    after = api.record_part(learner, spec, first, score=0.0, now=NOW, keep="latest")
    assert after.score == pytest.approx(0.75), "what it proved is a fact by then"
    assert Attainment.objects.get().score == pytest.approx(0.75)


def test_practice_is_to_do_and_has_no_score() -> None:
    learner, spec = make_user(), unit("a", parts=2)
    practice = replace(spec.parts[0], kind="practice")
    spec = replace(spec, parts=(practice, spec.parts[1]))
    attainments.record_part(learner, spec, spec.parts[1].usage_key, score=0.6, now=NOW)
    report = attainments.record_part(learner, spec, practice.usage_key, score=1.0, now=NOW)
    assert report.complete
    assert report.score == pytest.approx(0.6)
