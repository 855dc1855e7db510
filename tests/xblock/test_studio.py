"""An author sets the blocks up in Studio."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from microcred_xblock.authoring import create_child

from .courses import OPTIONS, RUBRIC, check, element, evidence, unit
from .doubles import ANA, Page, open_page
from .fake_app import FakeApp

UNIT = {
    "display_name": "Patch a tube",
    "outcome": {"mode": "existing", "key": "read-tyre"},
    "estimated_minutes": "7",
    "layout": "page",
    "weight": "2,5",
}
CHECK = {
    "display_name": "Size",
    "check_type": "single",
    "prompt": "Where?",
    "options": OPTIONS,
    "attempts_allowed": "3",
    "image_url": "",
    "image_alt": "",
}
EVIDENCE = {
    "display_name": "Your patch",
    "instructions": "A photo, please.",
    "accept": ["image"],
    "allow_text": True,
    "allow_link": False,
    "max_files": "2",
    "max_megabytes": "1,5",
    "review_mode": "staff",
    "rubric": RUBRIC,
}


@pytest.fixture
def lesson(app: FakeApp) -> Page:
    made = open_page(unit(check(), evidence()))
    made.become_studio()
    return made


def save(lesson: Page, place: int | None, data: dict[str, Any]) -> Any:
    return lesson.call(lesson.block(place), "studio_submit", data)


def test_a_unit_is_saved_with_its_outcome(lesson: Page) -> None:
    assert save(lesson, None, UNIT).status == 200
    block = lesson.block()
    assert (block.display_name, block.estimated_minutes, block.layout, block.weight) == (
        "Patch a tube",
        7,
        "page",
        2.5,
    )
    assert block.outcome_key == "read-tyre"


def test_a_new_outcome_is_made_when_everything_else_is_right(lesson: Page, app: FakeApp) -> None:
    new = {"mode": "new", "statement": "Patch a tube so that it holds", "new_skill_name": "Repair"}
    refused = save(lesson, None, {**UNIT, "outcome": new, "estimated_minutes": "0"})
    assert refused.status == 400
    assert len(app.outcomes) == 1, "a refused form leaves no outcome behind"
    assert save(lesson, None, {**UNIT, "outcome": new}).status == 200
    assert app.outcomes[lesson.block().outcome_key].statement == "Patch a tube so that it holds"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"display_name": " "}, "display_name"),
        ({"outcome": {"mode": "existing", "key": ""}}, "outcome_key"),
        ({"outcome": {"mode": "existing", "key": "gone"}}, "outcome_key"),
        ({"outcome": None}, "outcome_key"),
        ({"outcome": {"mode": "new", "statement": ""}}, "outcome_statement"),
        ({"outcome": {"mode": "new", "statement": "taken"}}, "outcome_statement"),
        ({"estimated_minutes": "31"}, "estimated_minutes"),
        ({"estimated_minutes": "soon"}, "estimated_minutes"),
        ({"estimated_minutes": "2.5"}, "estimated_minutes"),
        ({"layout": "spiral"}, "layout"),
        ({"weight": "-1"}, "weight"),
        ({"weight": ""}, "weight"),
    ],
)
def test_a_unit_form_is_refused_field_by_field_and_changes_nothing(
    lesson: Page, change: dict[str, Any], field: str
) -> None:
    reply = save(lesson, None, {**UNIT, **change})
    assert reply.status == 400
    assert list(reply.body["errors"]) == [field]
    assert reply.body["errors"][field]
    assert lesson.block().display_name == "Read a tyre"


def test_advice_comes_while_the_statement_is_written(lesson: Page) -> None:
    reply = lesson.call(lesson.block(), "statement_advice", {"statement": "understand tyres"})
    assert reply.body == {"advice": "Use a verb that can be seen."}
    assert lesson.call(lesson.block(), "statement_advice", {"statement": ""}).body == {"advice": ""}


def test_the_form_shows_the_outcome_its_skill_and_what_it_feeds(lesson: Page) -> None:
    shown = lesson.block().render("studio_view", {}).content
    assert 'name="outcome_key" value="read-tyre"' in shown
    assert "&quot;skill&quot;: &quot;Wheels&quot;" in shown
    assert "&quot;badges&quot;: [&quot;Tyre reader&quot;]" in shown
    assert 'class="microcred-studio editor-with-buttons"' in shown
    assert "save-button" in shown and "cancel-button" in shown


def test_a_check_is_saved_and_new_options_get_ids_of_their_own(lesson: Page) -> None:
    options = [{"id": "b", "text": "Rim", "correct": True}, {"text": "Hub"}, {"id": "", "text": "Spoke"}]
    assert save(lesson, 0, {**CHECK, "options": options}).status == 200
    assert [(o["id"], o["text"], o["correct"]) for o in lesson.block(0).options] == [
        ("b", "Rim", True),
        ("o1", "Hub", False),
        ("o2", "Spoke", False),
    ]
    assert lesson.block(0).attempts_allowed == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({"check_type": "riddle"}, "check_type"),
        ({"options": []}, "options"),
        ({"options": "none"}, "options"),
        ({"options": [{"text": "A", "correct": True}, {"text": " "}]}, "options"),
        ({"options": [{"text": "A"}, {"text": "B"}]}, "options"),
        ({"options": [{"text": "A", "correct": True}, {"text": "a"}]}, "options"),
        ({"options": [{"text": "A", "correct": True}, {"text": "B", "correct": True}]}, "options"),
        ({"check_type": "number", "number_answer": ""}, "number_answer"),
        ({"check_type": "number", "number_answer": "many"}, "number_answer"),
        ({"check_type": "number", "number_answer": "3", "number_tolerance": "-1"}, "number_tolerance"),
        ({"check_type": "text", "text_answers": " \n "}, "text_answers"),
        ({"image_url": "/static/a.png"}, "image_alt"),
        ({"image_url": "javascript:alert(1)", "image_alt": "x"}, "image_url"),
        ({"attempts_allowed": "-1"}, "attempts_allowed"),
        ({"attempts_allowed": "some"}, "attempts_allowed"),
    ],
)
def test_a_check_form_is_refused_field_by_field_and_changes_nothing(
    lesson: Page, change: dict[str, Any], field: str
) -> None:
    reply = save(lesson, 0, {**CHECK, **change})
    assert reply.status == 400
    assert list(reply.body["errors"]) == [field]
    assert lesson.block(0).display_name == "Where is it?"


def test_a_number_check_takes_a_decimal_comma(lesson: Page) -> None:
    data = {
        **CHECK,
        "check_type": "number",
        "number_answer": "3,5",
        "number_tolerance": "0,2",
        "number_unit": "bar",
    }
    assert save(lesson, 0, data).status == 200
    assert (lesson.block(0).number_answer, lesson.block(0).number_tolerance) == (3.5, 0.2)


def test_evidence_is_saved_with_its_rubric(lesson: Page) -> None:
    assert save(lesson, 1, EVIDENCE).status == 200
    block = lesson.block(1)
    assert (block.accept, block.max_files, block.max_megabytes, block.allow_link) == (
        ["image"],
        2,
        1.5,
        False,
    )
    assert block.rubric == RUBRIC
    assert block.task.rubric.criteria[0].levels[1].name == "Tight"


def changed_rubric(**change: Any) -> dict[str, Any]:
    return {"criteria": [{**RUBRIC["criteria"][0], **change}], "pass_points": 2}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"instructions": ""}, "instructions"),
        ({"accept": "all"}, "accept"),
        ({"accept": [], "allow_text": False}, "accept"),
        ({"max_files": "0"}, "max_files"),
        ({"max_megabytes": "501"}, "max_megabytes"),
        ({"review_mode": "peer"}, "review_mode"),
        ({"needs": "some"}, "needs"),
        ({"record": "all"}, "record"),
        ({"attempts_allowed": "-1"}, "attempts_allowed"),
        ({"resubmit_days": "366"}, "resubmit_days"),
        ({"late_work": "burn"}, "late_work"),
        ({"second_marker_percent": "101"}, "second_marker_percent"),
        ({"rubric": {"criteria": []}}, "rubric"),
        ({"rubric": "strict"}, "rubric"),
        ({"rubric": changed_rubric(name="")}, "rubric"),
        ({"rubric": changed_rubric(levels=[{"name": "One", "points": 2}])}, "rubric"),
        ({"rubric": changed_rubric(levels=[{"name": "", "points": 2}, {"name": "B"}])}, "rubric"),
        ({"rubric": {**changed_rubric(), "pass_points": "9"}}, "pass_points"),
        ({"rubric": {**changed_rubric(), "pass_points": "0"}}, "pass_points"),
    ],
)
def test_an_evidence_form_is_refused_field_by_field(lesson: Page, change: dict[str, Any], field: str) -> None:
    reply = save(lesson, 1, {**EVIDENCE, **change})
    assert reply.status == 400
    assert list(reply.body["errors"]) == [field]
    assert lesson.block(1).instructions == "Hand in a photo."


def test_evidence_that_nobody_reviews_needs_no_rubric(lesson: Page) -> None:
    assert save(lesson, 1, {**EVIDENCE, "review_mode": "auto", "rubric": {"criteria": []}}).status == 200
    assert lesson.block(1).rubric == {}


def test_the_skeleton_is_created_where_the_runtime_can(app: FakeApp) -> None:
    lesson = open_page(unit())
    lesson.become_studio()
    made: list[str] = []

    def create_child(parent: Any, category: str) -> Any:
        made.append(category)
        definition = lesson.runtime.id_generator.create_definition(category)
        return lesson.runtime.id_generator.create_usage(definition)

    lesson.runtime.create_child = create_child  # type: ignore[attr-defined]
    reply = save(lesson, None, {**UNIT, "skeleton": ["microcred_check", "html", "course"]})
    assert made == ["html", "microcred_check"]
    assert reply.body["created"] == [str(key) for key in lesson.block().children]
    assert reply.body["to_create"] == []
    again = save(lesson, None, {**UNIT, "skeleton": ["html"]})
    assert again.body["created"] == [], "only an empty unit gets a skeleton"


def test_the_skeleton_is_left_to_studios_own_address_elsewhere(app: FakeApp) -> None:
    lesson = open_page(unit())
    lesson.become_studio()
    reply = save(lesson, None, {**UNIT, "skeleton": ["html", "microcred_evidence"]})
    assert [part["category"] for part in reply.body["to_create"]] == ["html", "microcred_evidence"]


class CourseUsage(NamedTuple):
    """A usage key that knows its course."""

    course_key: str


def test_the_skeleton_uses_the_platforms_store(app: FakeApp) -> None:
    lesson = open_page(unit())
    lesson.become_studio()
    created: list[tuple[Any, ...]] = []

    class Store:
        def create_item(self, user_id: Any, course_key: Any, category: str, **kwargs: Any) -> Any:
            created.append((user_id, course_key, category))
            usage = lesson.runtime.id_generator.create_usage(
                lesson.runtime.id_generator.create_definition(category)
            )
            return SimpleNamespace(scope_ids=SimpleNamespace(usage_id=usage))

    lesson.runtime.modulestore = Store()  # type: ignore[attr-defined]
    block = lesson.block()
    usage = CourseUsage("course-v1:a+b+c")
    block.scope_ids = block.scope_ids._replace(usage_id=usage)
    key = create_child(block, "html")
    assert created == [(ANA, "course-v1:a+b+c", "html")]
    assert [str(child) for child in block.children] == [key]


def test_the_children_can_be_arranged_without_studios_templates(lesson: Page) -> None:
    first, second = lesson.key(0), lesson.key(1)
    shown = lesson.block().render("author_view", {"root_xblock": lesson.block()}).content
    assert "Move up" in shown and "Where is it?" in shown
    lesson.call(lesson.block(), "arrange", {"usage_key": second, "move": "up"})
    assert [lesson.key(0), lesson.key(1)] == [second, first]
    lesson.call(lesson.block(), "arrange", {"usage_key": second, "move": "down"})
    assert lesson.key(0) == first
    assert lesson.call(lesson.block(), "arrange", {"usage_key": second, "move": "sideways"}).status == 400
    assert lesson.call(lesson.block(), "arrange", {"usage_key": "gone", "move": "up"}).status == 404
    lesson.call(lesson.block(), "arrange", {"usage_key": second, "move": "remove"})
    assert len(lesson.block().children) == 1


def test_only_offered_categories_can_be_added(lesson: Page) -> None:
    assert lesson.call(lesson.block(), "add_part", {"category": "course"}).status == 400
    assert lesson.call(lesson.block(), "add_part", {"category": "html"}).status == 409, "this runtime cannot"


def test_with_studios_templates_the_stock_page_gets_our_strip(lesson: Page) -> None:
    class Mako:
        def render_template(self, template: str, context: dict[str, Any]) -> str:
            return "<ol>" + "".join(f"<li>{item['id']}</li>" for item in context["items"]) + "</ol>"

    lesson.services["mako"] = Mako()
    fragment = lesson.block().render("author_view", {"root_xblock": lesson.block()})
    assert f"<li>{lesson.key(0)}</li>" in fragment.content
    assert 'data-category="microcred_check"' in fragment.content, "the stock buttons stay"
    assert 'data-mcs-add="microcred_evidence"' in fragment.content
    assert "data-init='MicrocredUnitContainer'" in fragment.content


def test_nested_blocks_are_offered_in_the_way_every_studio_reads(lesson: Page) -> None:
    specs = {spec.category: spec.label for spec in lesson.block().get_nested_blocks_spec()}
    assert list(specs) == ["html", "video", "microcred_check", "microcred_evidence", "problem"]
    assert specs["microcred_check"] == "Quick check"


def test_a_preview_shows_the_key_to_authors_only(lesson: Page, app: FakeApp) -> None:
    assert "Only authors see this" in lesson.block(0).render("author_view", {}).content
    preview = lesson.block().render("author_view", {}).content
    assert "On the sidewall" in preview
    learner = open_page(unit(check()))
    assert "Only authors see this" not in learner.block(0).render("author_view", {}).content


def messages(block: Any) -> str:
    return " ".join(message.text for message in block.validate().messages)


def test_studio_shows_what_to_mend(app: FakeApp) -> None:
    lesson = open_page(
        unit(
            check(options=[]),
            check(image_url="/static/a.png"),
            evidence(rubric={}),
            element("html"),
            outcome_key="",
        )
    )
    assert "Choose the one outcome" in messages(lesson.block())
    assert "at least two options" in messages(lesson.block(0))
    assert "Describe the picture" in messages(lesson.block(1))
    assert "needs a rubric" in messages(lesson.block(2))
    assert "Where is it?: Give at least two options." in messages(lesson.block())
    assert messages(open_page(unit(check())).block()) == ""
    assert "no parts yet" in messages(open_page(unit()).block())
    scored = messages(open_page(unit(element("problem", display_name="Quiz"))).block())
    assert "has points of its own" in scored
    assert "not in the catalogue" in messages(open_page(unit(check(), outcome_key="gone")).block())
