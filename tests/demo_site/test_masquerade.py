"""Staff who look through a learner's eyes leave no trace on the learner."""

from __future__ import annotations

import json
from typing import Any

import pytest
from completion.models import BlockCompletion
from crum import set_current_request
from django.test import Client, RequestFactory
from django.urls import reverse

from demo_site.courses.models import Grade, LearnerState
from demo_site.lms import masquerade
from demo_site.platform import DemoPlatform

from .conftest import ToyCourse


@pytest.fixture
def as_lea(course: ToyCourse, learner: Any, as_author: Client) -> Client:
    """The author's browser, looking as the learner."""
    as_author.post(reverse("lms:look-as", args=[course.key]), {"learner": learner.pk})
    return as_author


def _post(client: Client, course: ToyCourse, name: str, data: Any) -> Any:
    url = course.handler(course.block("toy", "toy"), name)
    return client.post(url, json.dumps(data), content_type="application/json")


def test_blocks_are_told_that_the_learner_is_there(course: ToyCourse, learner: Any, as_lea: Client) -> None:
    told = as_lea.get(course.handler(course.block("toy", "toy"), "who")).json()
    assert told["edx-platform.user_id"] == learner.pk
    assert told["edx-platform.user_is_staff"] is False
    assert as_lea.get(course.handler(course.block("toy", "secret"), "who")).status_code == 404


def test_the_learners_state_is_the_starting_point_and_stays_as_it_is(
    course: ToyCourse, as_learner: Client, as_lea: Client
) -> None:
    _post(as_learner, course, "add", {"by": 5})
    assert _post(as_lea, course, "add", {"by": 1}).json()["count"] == 6
    assert _post(as_lea, course, "add", {"by": 1}).json()["count"] == 7
    assert [row.fields for row in LearnerState.objects.all()] == [{"count": 5}]


def test_grades_and_completion_are_dropped(course: ToyCourse, as_lea: Client) -> None:
    _post(as_lea, course, "grade", {"value": 1, "max_value": 1})
    url = course.handler(course.block("html", "words"), "publish_completion")
    as_lea.post(url, json.dumps({"completion": 1.0}), content_type="application/json")
    assert not Grade.objects.exists()
    assert not BlockCompletion.objects.exists()


def test_looking_as_oneself_again_forgets_what_was_tried(
    course: ToyCourse, learner: Any, as_lea: Client
) -> None:
    _post(as_lea, course, "add", {"by": 1})
    as_lea.post(reverse("lms:look-as", args=[course.key]), {"learner": ""})
    as_lea.post(reverse("lms:look-as", args=[course.key]), {"learner": learner.pk})
    assert _post(as_lea, course, "add", {"by": 1}).json()["count"] == 1


def test_only_course_staff_may_borrow_eyes(
    course: ToyCourse, learner: Any, as_stranger: Client, as_learner: Client
) -> None:
    for client in (as_stranger, as_learner):
        assert (
            client.post(reverse("lms:look-as", args=[course.key]), {"learner": learner.pk}).status_code == 404
        )


def test_the_platform_adapter_knows_and_the_real_user_is_on_the_learner(
    course: ToyCourse, learner: Any, author: Any, rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.user = author
    request.session = {}  # type: ignore[assignment]
    platform = DemoPlatform()
    set_current_request(request)
    try:
        masquerade.current_viewer(request, course.key)
        assert platform.is_masquerading() is False
        masquerade.begin(request, course.key, learner.pk)
        viewer = masquerade.current_viewer(request, course.key)
        assert viewer.user.real_user == author
        assert platform.is_masquerading() is True
    finally:
        set_current_request(None)
    assert platform.is_masquerading() is False
