"""Reviews told to programs: the same rules as on the pages, and refusals that say what to do."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache
from opaque_keys.edx.keys import CourseKey

from demo_site.courses import roles
from demo_site.courses.models import Role
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.evidence.models import Review, Submission
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import COURSE, NOW, make_user, unit
from tests.fixtures.review_world import hand_in

from .conftest import Call

SPEC = unit("c", kind="evidence")


@pytest.fixture
def ana() -> int:
    return reviewer("ana")


@pytest.fixture
def submission() -> str:
    return hand_in(make_user("lea", first_name="<b>Lea</b>"), spec=SPEC)


def reviewer(name: str) -> int:
    cache.clear()
    user = make_user(name)
    roles.give_role(user, CourseKey.from_string(COURSE), Role.REVIEWER)
    return user


def test_from_the_queue_to_the_verdict(call: Call, ana: int, submission: str) -> None:
    status, queue, _ = call("GET", "reviews", ana)
    assert (status, [item["id"] for item in queue["items"]], queue["next"]) == (200, [submission], None)
    assert (queue["items"][0]["claim"], queue["items"][0]["outcome"]) == (None, "o.c")
    assert call("POST", f"reviews/{submission}/claim", ana, {})[1]["reviewer"] == ana
    draft = {"levels": {"c": "2"}, "comment": "So far"}
    assert call("PUT", f"reviews/{submission}/draft", ana, draft)[1]["comment"] == "So far"
    one = call("GET", f"reviews/{submission}", ana)[1]
    assert (one["draft"]["levels"], one["criteria"][0]["levels"][1]["points"]) == ({"c": "2"}, 2.0)
    status, done, _ = call(
        "POST", f"reviews/{submission}/verdict", ana, {"verdict": "passed", "levels": {"c": "2"}}
    )
    assert (status, done["item"]["state"], done["marks"][0]["decides"]) == (200, "accepted", True)
    assert attainments.best_scores(Submission.objects.get().learner_id, ["o.c"]) == {"o.c": 1.0}
    assert call("GET", "reviews", ana)[1]["items"] == []
    assert len(call("GET", "reviews", ana, state="decided")[1]["items"]) == 1


def test_somebody_elses_reservation_is_a_409_in_words(call: Call, ana: int, submission: str) -> None:
    bo = reviewer("bo")
    call("POST", f"reviews/{submission}/claim", bo, {})
    for address, body in (
        ("claim", {}),
        ("verdict", {"verdict": "passed", "levels": {"c": "2"}}),
    ):
        status, answer, _ = call("POST", f"reviews/{submission}/{address}", ana, body)
        assert (status, answer["code"]) == (409, "claim_held")
        assert "Bo Diallo is judging this" in answer["detail"]
    assert call("DELETE", f"reviews/{submission}/claim", bo)[0] == 204
    assert call("POST", f"reviews/{submission}/claim", ana, {})[0] == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"verdict": "perfect"}, "invalid"),
        ({"verdict": "passed", "levels": {"c": "0"}}, "review_incomplete"),
        ({"verdict": "passed", "levels": {}}, "review_incomplete"),
        ({"verdict": "returned", "levels": {"c": "0"}}, "review_incomplete"),
        ({"verdict": "passed", "levels": ["2"]}, "invalid"),
        ({"verdict": "passed", "levels": {"c": {"$ne": 1}}}, "invalid"),
        ({"verdict": "passed", "levels": {"c": "2"}, "reviewer": 1}, "invalid"),
    ],
)
def test_a_forged_or_incomplete_verdict_changes_nothing(
    call: Call, ana: int, submission: str, body: dict[str, object], code: str
) -> None:
    status, answer, _ = call("POST", f"reviews/{submission}/verdict", ana, body)
    assert (status, answer["code"]) == (400, code)
    assert not Review.objects.exists()


def test_who_may_not_judge_finds_nothing(call: Call, submission: str, amina: int) -> None:
    learner = Submission.objects.get().learner_id
    for person in (amina, learner):
        assert call("GET", "reviews", person)[1]["items"] == []
        assert call("GET", f"reviews/{submission}", person)[0] == 404
        assert call("POST", f"reviews/{submission}/verdict", person, {"verdict": "passed"})[0] == 404
        assert call("POST", f"reviews/{submission}/messages", person, {"text": "x"})[0] == 404
        assert call("POST", "review-comments", person, {"text": "x"})[0] == 404
    roles.give_role(learner, CourseKey.from_string(COURSE), Role.REVIEWER)
    status, answer, _ = call("GET", f"reviews/{submission}", learner)
    assert (status, answer["code"]) == (403, "may_not_review")
    assert call("GET", f"reviews/{uuid4()}", learner)[0] == 404
    assert call("GET", f"reviews/{submission}")[0] == 403


def test_messages_and_saved_comments(call: Call, ana: int, submission: str) -> None:
    status, sent, _ = call("POST", f"reviews/{submission}/messages", ana, {"text": "Which valve?"})
    assert (status, sent["by_reviewer"]) == (201, True)
    answer = call("POST", f"reviews/{submission}/messages", ana, {"text": "x", "answers": sent["id"] + 9})
    assert (answer[0], answer[1]["code"]) == (400, "feedback_refused")
    status, saved, _ = call("POST", "review-comments", ana, {"text": "Well done.", "course": COURSE})
    assert (status, saved["course"]) == (201, COURSE)
    address = f"review-comments/{saved['id']}"
    assert call("PUT", address, ana, {"text": "Very well done."})[1]["text"] == "Very well done."
    other = reviewer("bo")
    assert call("GET", "review-comments", other)[1]["items"][0]["mine"] is False
    assert call("PUT", address, other, {"text": "x"})[0] == 400
    assert call("DELETE", address, ana)[0] == 204
    assert call("DELETE", address, ana)[0] == 404


def test_a_blind_judgement_is_blind_here_too(call: Call, ana: int) -> None:
    submission = hand_in(make_user("lea"), spec=SPEC, second_marker_percent=100)
    reviews.decide(ana, submission, passed=False, levels={"c": "0"}, comment="Secret", now=NOW)
    bo = reviewer("bo")
    _status, one, response = call("GET", f"reviews/{submission}", bo)
    assert (one["blind"], one["marks"], one["item"]["state"]) == (True, [], "in_review")
    assert b"Secret" not in response.content
    assert b"returned" not in call("GET", "reviews", bo, state="all")[2].content
