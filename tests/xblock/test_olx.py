"""Blocks survive export, import and badly written files."""

from __future__ import annotations

from io import BytesIO

import pytest
from xblock.core import XBlock

from .courses import OPTIONS, RUBRIC, check, element, evidence, unit
from .doubles import ANA, open_page
from .fake_app import FakeApp

FOREIGN = element("html", url_name="t")


def test_every_field_and_child_comes_back(app: FakeApp) -> None:
    olx = unit(
        FOREIGN,
        check(
            check_type="number",
            number_answer="2.5",
            number_tolerance="0.1",
            number_unit="bar",
            hint="On\nthe wall",
            attempts_allowed="2",
        ),
        check(check_type="text", text_answers=["Größe", "<b>"], feedback_correct='"Yes" & more'),
        evidence(accept=["pdf"], max_megabytes="1.5", allow_text="false", review_mode="auto"),
        layout="page",
        weight="2.0",
        outcome_statement='Say "Größe" & <b>',
        waivers={"film": "No words\nare spoken."},
    )
    page = open_page(olx)
    written = BytesIO()
    page.runtime.export_to_xml(page.block(), written)
    again = open_page(written.getvalue())
    for before, after in [
        (page.block(), again.block()),
        *((page.block(n), again.block(n)) for n in range(4)),
    ]:
        for name, field in before.fields.items():
            if name not in ("children", "parent", "tags", "name") and field.is_set_on(before):
                assert getattr(after, name) == getattr(before, name), name
    assert again.block(1).number_answer == 2.5
    assert again.block(3).allow_text is False
    assert again.block(3).rubric == RUBRIC
    assert again.block(2).options == OPTIONS


def test_nothing_is_written_as_a_child_element(app: FakeApp) -> None:
    written = BytesIO()
    page = open_page(unit(check(), evidence()))
    page.runtime.export_to_xml(page.block(), written)
    text = written.getvalue().decode()
    # Pasting in Studio takes every child element for a block.
    assert text.count("<microcred_") == 3
    assert "<option" not in text


BAD = [
    check(options="not a list"),
    check(options='{"a": 1}'),
    check(options="[1, null, [], {}]"),
    check(options="[2020-01-01"),
    check(options="[2020-01-01]"),
    check(options='[{"text": 3, "correct": "yes", "id": []}]'),
    check(check_type="riddle"),
    check(check_type="number", number_answer="about three", number_tolerance="wide"),
    check(check_type="number", number_answer="1e999", number_tolerance="-4"),
    check(check_type="text", text_answers="rim"),
    check(check_type="text", text_answers="[1, null]"),
    check(attempts_allowed="many"),
    check(image_url="http://[bad", image_alt="x"),
    check(image_url="javascript:alert(1)", image_alt="x"),
    evidence(rubric="strict"),
    evidence(rubric="[1]"),
    evidence(rubric='{"criteria": {"a": 1}}'),
    evidence(rubric='{"criteria": [{"name": "A", "levels": 3}], "pass_points": "all"}'),
    evidence(accept="image", max_files="several", max_megabytes="[]"),
    evidence(accept='[["image"], 3]', max_files="-2", max_megabytes="1e99"),
]


@pytest.mark.parametrize("olx", BAD)
def test_badly_written_values_are_shown_to_staff_and_crash_nothing(app: FakeApp, olx: str) -> None:
    page = open_page(unit(olx))
    page.sign_in(ANA, staff=True)
    block = page.block(0)
    assert "please mend this" in page.block().render("student_view", {}).content
    assert block.validate().messages
    block.student_view_data()
    block.index_dictionary()
    reply = page.call(
        block, "submit" if block.scope_ids.block_type == "microcred_check" else "hand_in", {"answer": "x"}
    )
    assert reply.status in (200, 400)
    page.become_studio()
    for view in ("author_view", "studio_view"):
        page.block(0).render(view, {})
        page.block().render(view, {})


@pytest.mark.parametrize(
    "fields",
    [
        {"estimated_minutes": "soon"},
        {"weight": "heavy"},
        {"layout": "spiral"},
        {"estimated_minutes": "[]", "weight": "{}", "display_name": ""},
    ],
)
def test_a_badly_written_unit_renders_and_can_be_mended(app: FakeApp, fields: dict[str, object]) -> None:
    page = open_page(unit(check(), **fields))
    assert "Where is it?" in page.block().render("student_view", {}).content
    assert page.block().max_score() == 1.0
    assert page.block().validate().messages
    page.become_studio()
    page.block().render("studio_view", {})


def test_learners_are_not_shown_the_authors_problems(app: FakeApp) -> None:
    page = open_page(unit(check(options="not a list")))
    shown = page.block().render("student_view", {}).content
    assert "please mend this" not in shown
    assert "This question is not ready yet" in shown


@pytest.mark.parametrize("name", ["microcred_unit", "microcred_check", "microcred_evidence"])
def test_workbench_scenarios_open(app: FakeApp, name: str) -> None:
    scenarios = XBlock.load_class(name).workbench_scenarios()
    assert scenarios
    for _, olx in scenarios:
        assert 'class="microcred' in open_page(olx).block().render("student_view", {}).content
