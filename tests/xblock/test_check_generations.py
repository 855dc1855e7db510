"""What was stored by older generations of the check means what it meant."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from microcred_xblock.check_fields import AUTHORED
from microcred_xblock.marking import mark
from microcred_xblock.questions import read_question

from .courses import element, unit
from .doubles import Page, open_page
from .fake_app import FakeApp

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "checks"
STORED = sorted(FOLDER.glob("v*/*.json"))


def stored(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def opened(kept: dict[str, Any]) -> Page:
    lesson = open_page(unit(element("microcred_check")))
    block = lesson.block(0)
    for name, value in {**kept["fields"], **kept["state"]}.items():
        setattr(block, name, value)
    block.save()
    return lesson


def test_there_is_a_folder_for_each_generation_that_was_published() -> None:
    assert {path.parent.name for path in STORED} == {"v1"}
    assert len(STORED) >= 6


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_it_is_read_as_the_same_question(path: Path) -> None:
    kept = stored(path)
    question = read_question(kept["fields"])
    assert mark(question, kept["right"]).passed
    assert mark(question, kept["right"]).score == 1.0
    assert mark(question, kept["wrong"]).score == 0.0
    assert list(question.hints) == kept["expect"]["hints"]
    assert question.attempts_allowed == kept["expect"]["attempts_allowed"]
    assert (question.mastery, question.attempt_policy, question.practice) == (1.0, "best", False)


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_learner_finds_their_work_as_they_left_it(app: FakeApp, path: Path) -> None:
    kept = stored(path)
    lesson = opened(kept)
    shown = lesson.block(0).render("student_view", {}).content
    for words in kept["expect"]["shown"]:
        assert words in shown
    assert lesson.block(0).closed is kept["expect"]["closed"]
    if not kept["expect"]["closed"]:
        attempt = kept["state"].get("attempts_used", 0) + 1
        reply = lesson.call(lesson.block(0), "submit", {"answer": kept["right"], "attempt": attempt})
        assert reply.body["passed"] is True


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_form_saves_it_as_the_same_question_again(app: FakeApp, path: Path) -> None:
    kept = stored(path)
    lesson = opened(kept)
    lesson.become_studio()
    block = lesson.block(0)
    before = block.question
    shown = re.search(r'data-rows="([^"]*)"', block.render("studio_view", {}).content)
    assert shown
    form = {name: getattr(block, name) for name in AUTHORED} | json.loads(unescape(shown[1]))
    assert lesson.call(block, "studio_submit", form).status == 200
    after = lesson.block(0).question
    assert after == before
