"""An author writes a check of every type in Studio, and is told what to mend while writing."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from microcred_xblock.check_form import FIELDS

from .check_kinds import KINDS, Kind, kind_of
from .courses import check, unit
from .doubles import Page, open_page
from .fake_app import FakeApp

UNDESCRIBED = {"text": "A", "correct": True, "image_url": "/static/a.png"}
SCRIPTED = {"text": "A", "correct": True, "image_url": "javascript:x", "image_alt": "a"}


@pytest.fixture
def lesson(app: FakeApp) -> Page:
    made = open_page(unit(check(hint="Old hint")))
    made.become_studio()
    return made


def form(kind: Kind, **change: Any) -> dict[str, Any]:
    fields = {name: value for name, value in kind.fields.items() if name != "number_answer"}
    number = {"number_answer": kind.fields["number_answer"]} if "number_answer" in kind.fields else {}
    return {
        "display_name": "Q",
        "check_type": kind.check_type,
        "prompt": "Which?",
        "attempts_allowed": "0",
        **fields,
        **number,
        **change,
    }


def save(lesson: Page, data: dict[str, Any]) -> Any:
    return lesson.call(lesson.block(0), "studio_submit", data)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.check_type)
def test_every_type_is_saved_and_can_be_passed(lesson: Page, kind: Kind) -> None:
    reply = save(lesson, form(kind, mastery="80", hints=[{"text": "One"}, {"text": " "}, "Two"]))
    assert reply.status == 200, reply.body
    block = lesson.block(0)
    assert block.validate().messages == []
    assert (block.mastery, block.hints, block.hint) == (80, ["One", "Two"], "")
    del lesson.runtime.is_author_mode  # type: ignore[attr-defined]
    assert lesson.call(block, "submit", {"answer": kind.right, "attempt": 1}).body["passed"] is True


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.check_type)
def test_what_the_form_shows_saves_the_same_question_again(lesson: Page, kind: Kind) -> None:
    assert save(lesson, form(kind, shuffle=True, partial_credit=True, purpose="practice")).status == 200
    block = lesson.block(0)
    before = {name: getattr(block, name) for name in FIELDS}
    shown = re.search(r'data-rows="([^"]*)"', block.render("studio_view", {}).content)
    assert shown
    rows = json.loads(unescape(shown[1]))
    rows["number_units"] = rows.pop("units")
    assert save(lesson, {**before, **rows}).status == 200
    assert {name: getattr(lesson.block(0), name) for name in FIELDS} == before


@pytest.mark.parametrize(
    ("check_type", "change", "field"),
    [
        ("order", {"options": [{"text": "Alone"}]}, "options"),
        ("order", {"options": [{"text": "A"}, {"text": "a"}]}, "options"),
        ("order", {"options": "none"}, "options"),
        ("single", {"options": [UNDESCRIBED, {"text": "B"}]}, "options"),
        ("single", {"options": [SCRIPTED, {"text": "B"}]}, "options"),
        ("match", {"pairs": []}, "pairs"),
        ("match", {"pairs": [{"text": "A", "match": "1"}, {"text": "B", "match": ""}]}, "pairs"),
        ("match", {"pairs": [{"text": "A", "match": "1"}, {"text": "a", "match": "2"}]}, "pairs"),
        ("match", {"pairs": [{"text": "A", "match": "1"}, {"text": "B", "match": "1"}], "extra_matches": ""}, "pairs"),
        ("match", {"extra_matches": "Oil"}, "extra_matches"),
        ("gaps", {"gap_text": "No gap"}, "gap_text"),
        ("gaps", {"gap_text": "[[g1]] [[g1]] [[g2]]"}, "gap_text"),
        ("gaps", {"gap_text": "[[g1]] [[g2]] [[g3]]"}, "gaps"),
        ("gaps", {"gap_text": "[[g1]]"}, "gaps"),
        ("gaps", {"gaps": [{"id": "g1", "answers": "a", "choices": "A"}, {"id": "g2", "answers": "b"}]}, "gaps"),
        ("gaps", {"gaps": "none"}, "gaps"),
        ("attest", {"options": [{"text": ""}]}, "options"),
        ("text", {"text_answers": "", "text_patterns": ""}, "text_answers"),
        ("text", {"text_patterns": "ok\n(a"}, "text_patterns"),
        ("text", {"text_patterns": "(a{40}){40}"}, "text_patterns"),
        ("text", {"text_patterns": "\n".join("abcdefghijk")}, "text_patterns"),
        ("text", {"text_ignores": ["sense"]}, "text_ignores"),
        ("text", {"text_ignores": "case"}, "text_ignores"),
        ("number", {"number_units": [{"name": "kPa", "worth": "0"}], "number_unit": "bar"}, "number_units"),
        ("number", {"number_units": [{"name": "kPa", "worth": "a lot"}], "number_unit": "bar"}, "number_units"),
        ("number", {"number_units": [{"name": "", "worth": "3"}], "number_unit": "bar"}, "number_units"),
        ("number", {"number_units": [{"name": "kPa", "worth": "1e999"}], "number_unit": "bar"}, "number_units"),
        ("number", {"number_unit_required": True}, "number_unit"),
        ("number", {"number_tolerance_kind": "roughly"}, "number_tolerance_kind"),
        ("single", {"mastery": "0"}, "mastery"),
        ("single", {"mastery": "101"}, "mastery"),
        ("single", {"mastery": "most"}, "mastery"),
        ("single", {"attempt_policy": "first"}, "attempt_policy"),
        ("single", {"attempt_policy": "average", "average_over": "1"}, "average_over"),
        ("single", {"attempt_policy": "average", "average_over": "3", "attempts_allowed": "2"}, "attempts_allowed"),
        ("single", {"purpose": "fun"}, "purpose"),
        ("single", {"reveal": "soon"}, "reveal"),
        ("single", {"hint_cost": "-1"}, "hint_cost"),
        ("single", {"hints": [{"text": f"h{n}"} for n in range(11)]}, "hints"),
        ("single", {"try_feedback": "\n".join(f"f{n}" for n in range(21))}, "try_feedback"),
        ("single", {"prompt": "x" * 20_001}, "prompt"),
    ],
)  # fmt: skip
def test_a_form_is_refused_at_the_field_that_is_wrong_and_changes_nothing(
    lesson: Page, check_type: str, change: dict[str, Any], field: str
) -> None:
    reply = save(lesson, form(kind_of(check_type), **change))
    assert reply.status == 400
    assert list(reply.body["errors"]) == [field]
    assert lesson.block(0).display_name == "Where is it?"
    looked = lesson.call(lesson.block(0), "studio_look", form(kind_of(check_type), **change))
    assert looked.body["errors"] == reply.body["errors"], "told while writing, in the same words"


def test_a_picture_may_stand_for_an_options_text_when_it_is_described(lesson: Page) -> None:
    options = [
        {"image_url": "/static/a.svg", "image_alt": "A worn pad", "correct": True},
        {"image_url": "/static/b.svg", "image_alt": "A new pad"},
    ]
    assert save(lesson, form(kind_of("single"), options=options)).status == 200
    shown = lesson.block(0).render("author_view", {}).content
    assert 'src="/static/a.svg" alt="A worn pad"' in shown
    assert "<li>A worn pad</li>" in shown, "the key names it"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.check_type)
def test_the_preview_is_what_a_learner_would_meet(lesson: Page, kind: Kind) -> None:
    looked = lesson.call(lesson.block(0), "studio_look", form(kind)).body
    assert looked["errors"] == {}
    assert "Which?" in looked["preview"]
    for secret in kind.secrets:
        if not secret.startswith("o"):
            assert secret not in looked["preview"]
    form_ids = set(re.findall(r'id="([^"]+)"', lesson.block(0).render("studio_view", {}).content))
    preview_ids = re.findall(r'id="([^"]+)"', looked["preview"])
    assert len(set(preview_ids)) == len(preview_ids)
    assert form_ids.isdisjoint(preview_ids), "the preview stands on the form's page"
    assert lesson.block(0).prompt == "Where is the size of a tyre written?", "nothing is saved"


@pytest.mark.parametrize(
    ("kind", "change", "trial", "verdict"),
    [
        ("text", {"text_patterns": "(tyre|tire) levers?"}, "TIRE lever", "would be right"),
        ("text", {"text_patterns": "(tyre|tire) levers?"}, "spoon", "would be wrong"),
        ("number", {"number_tolerance": "1"}, "31416,9", "would be right"),
        ("number", {}, "many", "Write your answer as a number"),
        ("single", {}, "a", ""),
        ("text", {}, "  ", ""),
    ],
)
def test_an_author_tries_an_answer(
    lesson: Page, kind: str, change: dict[str, Any], trial: str, verdict: str
) -> None:
    data = {**form(kind_of(kind), **change), "trial_answer": trial}
    found = lesson.call(lesson.block(0), "studio_look", data).body["trial"]
    assert (verdict in found) if verdict else found == ""


def test_course_files_in_the_preview_are_shown_where_studio_says_their_addresses(lesson: Page) -> None:
    data = form(kind_of("single"), image_url="/static/tyre.svg", image_alt="A tyre")
    without = lesson.call(lesson.block(0), "studio_look", data).body["preview"]
    assert "/static/tyre.svg" not in without and 'alt="A tyre"' in without

    class Replace:
        def replace_urls(self, text: str) -> str:
            return text.replace("/static/", "/asset-v1:x/")

    lesson.services["replace_urls"] = Replace()
    assert 'src="/asset-v1:x/tyre.svg"' in lesson.call(lesson.block(0), "studio_look", data).body["preview"]


def test_the_key_in_the_authors_preview_names_the_right_answer_of_every_type(app: FakeApp) -> None:
    expected = {"order": "1. First thing", "match": "Dry: Oil", "gaps": "1. roughen", "number": "31415.9"}
    for kind in KINDS:
        page = open_page(unit(kind.olx()))
        page.become_studio()
        shown = page.block(0).render("author_view", {}).content
        if kind.check_type != "attest":
            assert "Only authors see this" in shown
        assert expected.get(kind.check_type, "") in shown
