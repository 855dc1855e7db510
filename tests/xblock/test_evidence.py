"""A learner hands in evidence."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from microcred_xblock.evidence_task import clean_file_name

from .courses import RUBRIC, check, evidence, unit
from .doubles import ANA, Page, answered, open_page
from .fake_app import NOW, FakeApp, Feedback, FeedbackLine, SubmissionInfo

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def lesson(app: FakeApp) -> Page:
    return open_page(unit(evidence()))


def html(lesson: Page) -> str:
    return lesson.block(0).render("student_view", {}).content


def test_the_rubric_is_there_before_anything_is_handed_in(lesson: Page) -> None:
    shown = html(lesson)
    for words in ("Patch", "Is it tight?", "Leaks", "Tight", "No bubbles", "Points needed to pass"):
        assert words in shown


def test_files_go_up_and_are_named_in_their_remove_buttons(lesson: Page, app: FakeApp) -> None:
    reply = lesson.upload(lesson.block(0), "patch.png", PNG)
    assert reply.status == 200
    assert reply.body["submission"]["files"][0]["name"] == "patch.png"
    assert 'Remove <span class="mc-sr">patch.png</span>' in reply.body["html"]
    assert app.tasks[-1].max_bytes == 4_000_000
    assert app.tasks[-1].rubric == RUBRIC
    removed = lesson.call(lesson.block(0), "remove_file", {"file_id": "f1"})
    assert removed.status == 200
    assert "patch.png" not in removed.body["html"]


def test_the_platforms_own_upload_object_is_understood(lesson: Page) -> None:
    # It has .file, .filename and .name, and nothing else a form field has.
    class Uploaded:
        file = __import__("io").BytesIO(PNG)
        filename = "../../patch.png"
        name = "file"

    request = SimpleNamespace(method="POST", params={"file": Uploaded()})
    reply = answered(lesson.block(0).upload(request))
    assert reply.body["submission"]["files"][0]["name"] == "patch.png"


def test_a_refused_file_is_explained_in_the_apps_words(lesson: Page) -> None:
    reply = lesson.upload(lesson.block(0), "big.png", b"0" * 4_000_001)
    assert reply.status == 400
    assert reply.body == {"error": "This file is too large.", "code": "refused"}


@pytest.mark.parametrize("params", [{}, {"file": "text"}, {"other": "x"}])
def test_an_upload_without_a_file_is_refused(lesson: Page, params: dict[str, Any]) -> None:
    reply = answered(lesson.block(0).upload(SimpleNamespace(method="POST", params=params)))
    assert reply.status == 400
    assert "Choose a file" in reply.body["error"]
    assert answered(lesson.block(0).upload(SimpleNamespace(method="GET", params={}))).status == 405


def test_removing_a_file_that_is_gone_is_a_404(lesson: Page) -> None:
    lesson.upload(lesson.block(0), "patch.png", PNG)
    assert lesson.call(lesson.block(0), "remove_file", {"file_id": "other"}).status == 404


def test_words_are_kept_as_they_are_typed(lesson: Page, app: FakeApp) -> None:
    reply = lesson.call(
        lesson.block(0), "save_draft", {"text": "I patched\x00 it‍.", "link": " https://x.example "}
    )
    assert reply.body == {"saved": True}
    kept = app.submissions[ANA, lesson.key(0)]
    assert kept.text == "I patched it‍.", "control characters go, joiners stay"
    assert kept.link == "https://x.example"
    assert "I patched it" in html(lesson)


def test_handing_in_takes_the_words_on_the_page_and_gives_a_receipt(lesson: Page, app: FakeApp) -> None:
    lesson.upload(lesson.block(0), "patch.png", PNG)
    reply = lesson.call(lesson.block(0), "hand_in", {"text": "Latest words", "link": ""})
    assert reply.status == 200
    assert reply.body["submission"]["state"] == "in_review"
    assert reply.body["submission"]["text"] == "Latest words"
    assert hashlib.sha256(PNG).hexdigest() in reply.body["html"]
    assert "in review" in reply.body["html"]
    assert 'type="file"' not in reply.body["html"]
    assert reply.body["progress"]["parts"][0]["state"] == "in_review"
    assert lesson.runtime.published == []


def test_an_empty_hand_in_is_refused_and_nothing_is_lost(lesson: Page) -> None:
    reply = lesson.call(lesson.block(0), "hand_in", {"text": "", "link": ""})
    assert reply.status == 400
    assert "Add a file" in reply.body["error"]


def test_automatic_acceptance_completes_the_unit_at_once(app: FakeApp) -> None:
    lesson = open_page(unit(evidence(review_mode="auto", rubric={})))
    reply = lesson.call(lesson.block(0), "hand_in", {"text": "Done"})
    assert reply.body["submission"]["state"] == "accepted"
    assert reply.body["progress"]["complete"]
    assert reply.body["progress"]["earned"]
    assert lesson.grades() == [{"value": 1.0, "max_value": 1.0}]


def test_returned_work_shows_the_comment_and_can_be_handed_in_again(lesson: Page, app: FakeApp) -> None:
    app.submissions[ANA, lesson.key(0)] = SubmissionInfo(
        state="returned",
        text="First try",
        comment="Press <harder>",
        rubric_result=(("Patch", "Leaks"),),
        submitted_at=NOW,
    )
    shown = html(lesson)
    assert "Press &lt;harder&gt;" in shown
    assert "<dt>Patch</dt><dd>Leaks</dd>" in shown
    assert "Hand in again" in shown
    assert ">First try</textarea>" in shown


def test_accepted_work_is_closed_and_shows_the_judgement(lesson: Page, app: FakeApp) -> None:
    app.submissions[ANA, lesson.key(0)] = SubmissionInfo(
        state="accepted", text="x", rubric_result=(("Patch", "Tight"),)
    )
    app.submissions[ANA, lesson.key(0)] = replace(app.submissions[ANA, lesson.key(0)], submitted_at=NOW)
    shown = html(lesson)
    assert "Accepted." in shown and "<dd>Tight</dd>" in shown
    assert "<form" not in shown
    assert lesson.call(lesson.block(0), "status", {}).body["submission"]["state"] == "accepted"


def test_the_conversation_with_the_reviewers_is_read_on_the_panel_and_answered_on_its_page(
    lesson: Page, app: FakeApp
) -> None:
    app.submissions[ANA, lesson.key(0)] = SubmissionInfo(state="in_review", text="x", submitted_at=NOW)
    line = FeedbackLine(1, NOW, "<b>Which</b> valve?", True, False, "", None)
    app.said[ANA, lesson.key(0)] = Feedback((line,), NOW, "/microcred/my/work/1")
    shown = html(lesson)
    assert "&lt;b&gt;Which&lt;/b&gt; valve?" in shown and "<b>Which" not in shown
    assert 'href="/microcred/my/work/1"' in shown
    assert "A reviewer answers by:" in shown
    app.said[ANA, lesson.key(0)] = Feedback((line,), NOW, "javascript:alert(1)")
    assert "javascript:" not in html(lesson)


@pytest.mark.parametrize("data", [{"text": 3}, {"text": "x" * 50_001}, {"link": ["a"]}, {"link": "x" * 2001}])
def test_impossible_words_are_refused(lesson: Page, app: FakeApp, data: dict[str, Any]) -> None:
    assert lesson.call(lesson.block(0), "save_draft", data).status == 400
    assert app.submissions == {}


def test_learners_are_told_the_size_the_site_really_takes(app: FakeApp) -> None:
    app.limit = 4_000_000
    lesson = open_page(unit(evidence(max_megabytes="20")))
    assert "at most 4 MB each" in html(lesson)
    assert "at most 4 MB per file" in lesson.block(0).validate().messages[0].text


def test_evidence_outside_a_unit_says_that_it_cannot_be_handed_in(app: FakeApp) -> None:
    lesson = open_page(evidence())
    assert "only be handed in inside a micro-unit" in lesson.block().render("student_view", {}).content
    assert lesson.call(lesson.block(), "hand_in", {"text": "x"}).status == 409


def test_evidence_hidden_from_this_learner_is_a_404(app: FakeApp) -> None:
    lesson = open_page(unit(check(), evidence()))
    block = lesson.block(1)
    lesson.runtime.hidden.add(block.scope_ids.usage_id)
    assert lesson.call(block, "hand_in", {"text": "x"}).status == 404


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\tube.jpg", "tube.jpg"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("", "file"),
        (" .. ", "file"),
        ("x" * 300 + ".png", "x" * 146 + ".png"),
        ("ü\ud800.png", "ü.png"),
    ],
)
def test_file_names_are_names_and_nothing_else(sent: str, kept: str) -> None:
    assert clean_file_name(sent) == kept
