"""The blocks' one door fits the real app behind it."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from microcred_app import api
from microcred_xblock import bridge, catalogue
from microcred_xblock.evidence_task import HandIn, read_hand_in
from microcred_xblock.parts import Part, Unit

from . import fake_app
from .courses import RUBRIC

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
CALLS = [
    name for name, value in vars(fake_app.FakeApp).items() if inspect.isfunction(value) and name[0] != "_"
]
DATA = [name for name, value in vars(fake_app).items() if is_dataclass(value) and name != "FakeApp"]


@pytest.mark.parametrize("name", CALLS)
def test_the_double_takes_what_the_app_takes(name: str) -> None:
    ours = list(inspect.signature(getattr(fake_app.FakeApp, name)).parameters.values())[1:]
    theirs = list(inspect.signature(getattr(api, name)).parameters.values())
    # Positional names may differ: the bridge passes those by place.
    assert [(p.kind, p.name if p.kind == p.KEYWORD_ONLY else "") for p in ours] == [
        (p.kind, p.name if p.kind == p.KEYWORD_ONLY else "") for p in theirs
    ]


@pytest.mark.parametrize("name", DATA)
def test_the_double_answers_what_the_app_answers(name: str) -> None:
    ours = {field.name for field in fields(getattr(fake_app, name))}
    theirs = {field.name for field in fields(getattr(api, name))}
    assert ours == theirs


@pytest.fixture
def learner(db: None) -> int:
    return int(get_user_model().objects.create_user("ana", email="ana@example.org").pk)


@pytest.fixture
def unit(db: None) -> Unit:
    outcome = catalogue.create_outcome(
        statement="Read the size of a tyre", skill_key="", new_skill_name="Wheels", actor_id=None, now=NOW
    )
    return Unit(
        "u",
        "course-v1:a+b+c",
        outcome.key,
        "Read a tyre",
        5,
        (Part("p1", "check", "A"), Part("p2", "evidence", "B")),
    )


def task(**change: Any) -> HandIn:
    return read_hand_in(
        {"instructions": "Do", "accept": ["text"], "max_files": 2, "rubric": RUBRIC, **change}
    )


def test_parts_are_recorded_and_repeating_changes_nothing(learner: int, unit: Unit) -> None:
    assert bridge.available()
    before = bridge.unit_progress(learner, unit, now=NOW)
    assert (before.done, before.total, before.complete) == (0, 2, False)
    for _ in range(2):
        after = bridge.record_part(learner, unit, "p1", score=1.0, now=NOW)
        assert (after.done, after.complete) == (1, False)


def test_evidence_goes_through_to_acceptance(learner: int, unit: Unit) -> None:
    auto = task(review_mode="auto")
    assert bridge.current_submission(learner, "p2") is None
    draft = bridge.add_evidence_file(
        learner, unit, "p2", auto, filename="note.txt", content=BytesIO(b"It holds.\n"), now=NOW
    )
    assert [file.name for file in draft.files] == ["note.txt"]
    bridge.save_evidence_text(learner, unit, "p2", auto, text="My words", link="", now=NOW)
    submission, progress = bridge.hand_in(learner, unit, "p2", auto, now=NOW)
    assert submission.state == "accepted"
    assert progress.done == 1
    bridge.record_part(learner, unit, "p1", score=1.0, now=NOW)
    assert bridge.unit_progress(learner, unit, now=NOW).complete


def test_the_apps_refusals_come_out_with_a_status_and_a_sentence(learner: int, unit: Unit) -> None:
    with pytest.raises(bridge.RefusalError) as refused:
        bridge.hand_in(learner, unit, "p2", task(), now=NOW)
    assert 400 <= refused.value.http_status < 500
    assert str(refused.value)
    with pytest.raises(bridge.RefusalError) as stranger:
        bridge.check_may_act(learner, "course-v1:a+b+c", acting_user_id=learner)
    assert stranger.value.http_status == 403
    assert stranger.value.code == "not_enrolled"


def test_an_outcome_that_is_not_there_is_no_error(db: None) -> None:
    assert catalogue.get_outcome("gone") is None
    assert catalogue.get_outcome("") is None
