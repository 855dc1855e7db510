"""What a check says of itself for figures about answers, in the very terms in which answers are recorded."""

from __future__ import annotations

import json

import pytest

from microcred_xblock.check import CheckBlock
from microcred_xblock.marking import mark

from .check_kinds import KINDS, Kind
from .courses import unit
from .doubles import open_page
from .fake_app import FakeApp


def block_of(kind: Kind) -> CheckBlock:
    found = open_page(unit(kind.olx())).block(0)
    assert isinstance(found, CheckBlock)
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.check_type)
def test_every_chosen_answer_has_a_name(kind: Kind, app: FakeApp) -> None:
    block = block_of(kind)
    said = block.question_words()
    assert said["wording"] == block.question.digest
    answers = [kind.right] if kind.check_type == "attest" else [kind.right, kind.wrong]
    for answer in answers:
        for part, value in mark(block.question, answer).given:
            known = said["answers"].get(part if part in said["parts"] else "", {})
            if kind.check_type not in ("number", "text", "gaps"):
                assert known[value][0], f"{value} has no name"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.check_type in ("single", "match", "gaps")])
def test_the_right_answers_are_marked_as_right(kind: Kind, app: FakeApp) -> None:
    block = block_of(kind)
    said = block.question_words()
    for part, value in mark(block.question, kind.right).given:
        assert said["answers"][part][value][1] is True


def test_it_is_for_the_team_only_and_in_nothing_that_learners_get(app: FakeApp) -> None:
    block = block_of(KINDS[0])
    assert '"wording"' not in json.dumps(block.student_view_data())
