"""An evidence task with uploads in pieces, limits of its own, recordings, plain forms and saved rubrics."""

from __future__ import annotations

import html as html_text
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from webob import Request

from microcred_xblock.evidence_task import read_hand_in, suffixes_of

from .courses import RUBRIC, evidence, unit
from .doubles import ANA, Page, open_page
from .fake_app import NOW, FakeApp, Standing, SubmissionInfo, UploadInfo

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
WAITING = UploadInfo("u1", "film <b>.mp4", "1000-7", 1000, 410, "open", "", NOW)


@pytest.fixture
def lesson(app: FakeApp) -> Page:
    return open_page(unit(evidence(accept=["image", "audio", "video"], record=["audio", "video"])))


def shown(lesson: Page) -> str:
    return str(lesson.block(0).render("student_view", {}).content)


def posted(lesson: Page, *, back: str = "http://localhost/page?x=1", **fields: Any) -> Any:
    request = Request.blank("/", POST=fields, headers={"Referer": back} if back else {})
    return lesson.runtime.handle(lesson.block(0), "post", request)


def test_a_browser_is_told_where_to_send_pieces_and_how_large(lesson: Page, app: FakeApp) -> None:
    reply = lesson.call(lesson.block(0), "upload_grant", {})
    assert reply.body == {"url": "/microcred/uploads/", "grant": "signed", "chunk_bytes": 2_000_000}
    assert app.tasks[-1].clean_pictures is True
    assert app.tasks[-1].accept == ("image", "audio", "video")


def test_nobody_gets_a_grant_who_may_not_hand_in(lesson: Page, app: FakeApp) -> None:
    app.enrolled = False
    for handler in ("upload_grant", "uploaded", "drop_upload"):
        assert lesson.call(lesson.block(0), handler, {"upload_id": "u1"}).status == 403
    lesson.sign_in(None)
    assert lesson.call(lesson.block(0), "upload_grant", {}).status == 403


def test_an_upload_that_stopped_is_listed_and_can_go_on_or_go(lesson: Page, app: FakeApp) -> None:
    app.uploads = (WAITING,)
    page = shown(lesson)
    assert "stopped at 41 % of 1 kB" in page
    assert 'data-mc-fingerprint="1000-7"' in page
    assert "film <b>" not in page
    assert "Choose the same file again" in page
    dropped = lesson.call(lesson.block(0), "drop_upload", {"upload_id": "u1"})
    assert "stopped at" not in dropped.body["html"]


def test_a_finished_upload_is_in_the_panel(lesson: Page, app: FakeApp) -> None:
    app.uploads = (WAITING,)
    app.submissions[ANA, lesson.key(0)] = SubmissionInfo()
    reply = lesson.call(lesson.block(0), "uploaded", {"upload_id": "u1"})
    assert reply.body["submission"]["files"][0]["name"] == "film <b>.mp4"
    assert lesson.call(lesson.block(0), "uploaded", {"upload_id": "u1"}).status == 404
    assert lesson.call(lesson.block(0), "uploaded", {"upload_id": 7}).status == 400


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing(due_at=NOW), "Hand in by March 1, 2026"),
        (Standing(late=True, due_at=NOW), "marked as late"),
        (Standing(refused="late"), "The time for this task is over"),
        (Standing(refused="attempts", attempts_left=0), "used all your attempts"),
        (Standing(attempts_left=2), "2 attempts left"),
        (Standing(accommodated=True), "given more time"),
    ],
)
def test_learners_are_told_the_limits_that_hold_for_them(
    lesson: Page, app: FakeApp, standing: Standing, said: str
) -> None:
    app.standing = standing
    page = shown(lesson)
    assert said in page
    assert ('data-mc="form"' in page) == (not standing.refused)


def test_due_date_and_grace_come_from_the_platform_with_extensions_in_them() -> None:
    due = datetime(2026, 3, 1, tzinfo=UTC)
    task = read_hand_in({}, due=due, grace=timedelta(hours=6))
    assert (task.due_at, task.closes_at) == (due, due + timedelta(hours=6))
    for odd in (None, "2026", datetime(2026, 3, 1), 5):  # noqa: DTZ001 - a naive date must be survived
        assert read_hand_in({}, due=odd, grace="1 day").due_at is None


def test_any_form_is_enough_unless_the_author_wants_each(app: FakeApp) -> None:
    assert "Any one of these is enough" in shown(open_page(unit(evidence())))
    page = shown(open_page(unit(evidence(needs="all"))))
    assert "Each of these is needed" in page
    assert "Or give a link" not in page


def test_recording_is_offered_for_what_is_accepted_only(lesson: Page, app: FakeApp) -> None:
    assert 'data-mc-record="audio"' in shown(lesson)
    page = shown(open_page(unit(evidence(accept=["image"], record=["audio"]))))
    assert "data-mc-record" not in page
    assert suffixes_of(("audio", "video")).count(".webm") == 1


def test_without_scripts_the_form_saves_words_and_files_and_leads_back(lesson: Page, app: FakeApp) -> None:
    page = shown(lesson)
    form = re.search(r'<form class="mc-form"[^>]*>', page)
    assert form
    assert 'enctype="multipart/form-data"' in form[0]
    assert f'action="/handler/{lesson.key(0)}/post"' in form[0]
    answer = posted(lesson, action="save", text="My words", file=("../a.png", PNG))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/page?x=1")
    kept = app.submissions[ANA, lesson.key(0)]
    assert (kept.text, kept.files[0].name, kept.state) == ("My words", "a.png", "draft")
    assert posted(lesson, action="hand_in").status_code == 303
    assert app.submissions[ANA, lesson.key(0)].state == "in_review"


def test_without_scripts_a_file_can_be_removed(lesson: Page, app: FakeApp) -> None:
    posted(lesson, action="save", file=("a.png", PNG))
    posted(lesson, action="remove:f1")
    assert app.submissions[ANA, lesson.key(0)].files == ()


def test_without_scripts_a_refusal_is_a_page_with_the_reason_and_the_way_back(
    lesson: Page, app: FakeApp
) -> None:
    answer = posted(lesson, action="hand_in")
    assert answer.status_code == 400
    assert "Add a file, a text or a link first." in answer.text
    assert 'href="/page?x=1"' in answer.text
    app.enrolled = False
    assert posted(lesson, action="hand_in").status_code == 403


@pytest.mark.parametrize(
    "back", ["http://evil.example/page", "//evil.example/", "javascript:alert(1)", "", "http://[x"]
)
def test_the_way_back_stays_on_this_site(lesson: Page, back: str) -> None:
    answer = posted(lesson, back=back, action="save", text="x")
    assert answer.status_code == 200
    assert "evil" not in answer.text
    assert "javascript" not in answer.text


def test_a_way_back_that_looks_like_another_host_is_a_path(lesson: Page) -> None:
    answer = posted(lesson, back="http://localhost//evil.example/x", action="save", text="x")
    assert answer.headers["Location"] == "/evil.example/x"


def test_a_rubric_is_saved_once_and_offered_in_other_units(lesson: Page, app: FakeApp) -> None:
    lesson.become_studio()
    reply = lesson.call(lesson.block(0), "save_rubric", {"title": "Patch work", "rubric": RUBRIC})
    assert reply.body["message"] == "Saved as “Patch work”. Other units can use it now."
    form = lesson.block(0).render("studio_view", {}).content
    option = re.search(r'<option value="([^"]+)">Patch work', form)
    assert option
    assert json.loads(html_text.unescape(option[1]))["criteria"][0]["name"] == "Patch"
    assert lesson.call(lesson.block(0), "save_rubric", {"title": "", "rubric": RUBRIC}).status == 400


def test_learners_cannot_write_into_the_catalogue(lesson: Page, app: FakeApp) -> None:
    assert lesson.call(lesson.block(0), "save_rubric", {"title": "Mine", "rubric": RUBRIC}).status == 403
    assert app.rubrics == {}
