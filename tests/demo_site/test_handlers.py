"""Calls to handlers obey the LMS's rules before and after the block runs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from demo_site.courses.models import LearnerState

from .conftest import ToyCourse


def _toy(course: ToyCourse, name: str, suffix: str = "") -> str:
    return course.handler(course.block("toy", "toy"), name) + suffix


def test_a_post_without_the_csrf_token_is_refused(course: ToyCourse, learner: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    assert client.post(_toy(course, "add"), "{}", content_type="application/json").status_code == 403
    client.get(reverse("lms:chromeless", args=[course.block("vertical", "first")]))
    token = client.cookies["csrftoken"].value
    answer = client.post(
        _toy(course, "add"), "{}", content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200


def test_a_visitor_may_read_and_nothing_else(course: ToyCourse, client: Client) -> None:
    assert client.get(_toy(course, "who")).json() == {
        "edx-platform.is_authenticated": False,
        "edx-platform.user_is_staff": False,
        "known": False,
    }
    assert client.post(_toy(course, "add"), "{}", content_type="application/json").status_code == 403
    assert not LearnerState.objects.exists()


def test_enrolment_is_not_checked_so_that_blocks_must(course: ToyCourse, as_stranger: Client) -> None:
    assert as_stranger.post(_toy(course, "add"), "{}", content_type="application/json").status_code == 200


def test_a_hidden_block_has_no_handlers(course: ToyCourse, as_learner: Client, as_author: Client) -> None:
    url = course.handler(course.block("toy", "secret"), "add")
    assert as_learner.post(url, "{}", content_type="application/json").status_code == 404
    assert as_author.post(url, "{}", content_type="application/json").status_code == 200


def test_unknown_blocks_handlers_and_courses_are_not_found(course: ToyCourse, as_learner: Client) -> None:
    other = course.handler(course.block("toy", "toy"), "add").replace("Org+Toys+run/", "Org+Toys+other/")
    missing = course.handler(course.block("toy", "missing"), "add")
    for url in (_toy(course, "nothing"), missing, other, "/courses/nonsense/xblock/x/handler/add"):
        assert as_learner.post(url, "{}", content_type="application/json").status_code == 404


def test_the_suffix_reaches_the_handler(course: ToyCourse, as_learner: Client) -> None:
    answer = as_learner.post(_toy(course, "add", "/a/b"), "{}", content_type="application/json")
    assert answer.json()["suffix"] == "a/b"


def test_a_file_above_four_megabytes_is_refused_before_the_block_runs(
    course: ToyCourse, as_learner: Client
) -> None:
    limit = 4_000_000
    fits = as_learner.post(_toy(course, "upload"), {"file": SimpleUploadedFile("fits.pdf", b"x" * limit)})
    assert fits.json() == {"name": "fits.pdf"}
    answer = as_learner.post(
        _toy(course, "crash"), {"file": SimpleUploadedFile("big.pdf", b"x" * (limit + 1))}
    )
    assert answer.status_code == 413
    assert "big.pdf" in answer.json()["success"]


def test_more_than_twenty_files_are_refused(course: ToyCourse, as_learner: Client) -> None:
    def send(count: int) -> int:
        files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(count)]
        return as_learner.post(_toy(course, "upload"), {"file": files}).status_code

    assert send(20) == 200
    assert send(21) == 413


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("refuse", 409, {"error": "not now"}),
        ("process", 200, {"success": "cannot be processed"}),
        ("crash", 500, {"error": "Something failed here. Please try again."}),
    ],
)
def test_what_a_handler_raises_becomes_an_answer(
    course: ToyCourse, as_learner: Client, name: str, status: int, body: dict[str, str]
) -> None:
    answer = as_learner.post(_toy(course, name), "{}", content_type="application/json")
    assert (answer.status_code, json.loads(answer.content)) == (status, body)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_surrounds_a_handler(
    course: ToyCourse, as_learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .toy_blocks import ToyBlock

    seen: list[bool] = []
    original = ToyBlock.who

    def who(self: Any, request: Any, suffix: str = "") -> Any:
        seen.append(connection.in_atomic_block)
        return original(self, request, suffix)

    who._is_xblock_handler = True  # type: ignore[attr-defined]
    monkeypatch.setattr(ToyBlock, "who", who)
    as_learner.get(_toy(course, "who"))
    assert seen == [False]


def test_a_third_party_needs_no_session_and_gets_no_user(course: ToyCourse, learner: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    url = reverse("lms:handler-noauth", args=[course.key, course.block("toy", "toy"), "who"])
    assert client.post(url).json()["known"] is False
