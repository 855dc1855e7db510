"""The form of a unit guides its author, loses nothing, and lets nobody else in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from microcred_xblock import unit_form
from microcred_xblock.part_summary import video_key
from microcred_xblock.starters import starters
from microcred_xblock.unit_state import fingerprint

from .courses import check, element, evidence, unit
from .doubles import ANA, Page, open_page
from .fake_app import FakeApp, OutcomeInfo

FORM: dict[str, Any] = {
    "display_name": "Patch a tube",
    "outcome": {"mode": "existing", "key": "read-tyre"},
    "estimated_minutes": "7",
    "layout": "page",
    "weight": "1",
}
VIDEO = element("video", display_name="Watch")
HANDLERS = {
    "studio_submit": FORM,
    "statement_advice": {"statement": "x"},
    "find_outcomes": {"text": "tyre"},
    "find_skills": {"text": "wheel"},
    "adopt_outcome": {},
    "guide": {"form": FORM},
    "save_form_draft": {"form": FORM, "base": ""},
    "drop_form_draft": {},
    "add_part": {"category": "html"},
    "arrange": {"usage_key": "u", "move": "up"},
}
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7*7}}"


@pytest.fixture
def lesson(app: FakeApp) -> Page:
    made = open_page(unit(check(), evidence()))
    made.become_studio()
    return made


def call(lesson: Page, handler: str, data: dict[str, Any]) -> Any:
    return lesson.call(lesson.block(), handler, data)


def shown(lesson: Page) -> str:
    return str(lesson.block().render("studio_view", {}).content)


# Who may come in


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize("person", [ANA, None])
def test_in_the_lms_no_authors_handler_does_anything(app: FakeApp, handler: str, person: int | None) -> None:
    page = open_page(unit(check(), evidence()), user_id=person)
    before = fingerprint(page.block()), [str(key) for key in page.block().children]
    reply = page.call(page.block(), handler, HANDLERS[handler])
    assert reply.status == 403 and "Studio" in reply.body["error"]
    assert (fingerprint(page.block()), [str(key) for key in page.block().children]) == before
    assert not app.drafts and not app.registered and len(app.outcomes) == 1


@pytest.mark.parametrize("handler", ["guide", "save_form_draft"])
@pytest.mark.parametrize("form", [None, [], "x", 3, {str(n): n for n in range(300)}])
def test_a_form_of_another_shape_is_refused(lesson: Page, handler: str, form: Any) -> None:
    assert call(lesson, handler, {"form": form}).status == 400


@pytest.mark.parametrize(
    "form",
    [
        {"outcome": [], "order": {"a": 1}, "waivers": "x", "estimated_minutes": []},
        {"outcome": {"mode": 3, "key": ["x"]}, "order": [1, None, {}], "waivers": {"a": 5}},
        {"display_name": None, "estimated_minutes": "1e999", "starter": {"a": 1}},
    ],
)
def test_wrong_values_inside_a_form_are_no_crash(lesson: Page, form: dict[str, Any]) -> None:
    assert call(lesson, "guide", {"form": form, "preview": True}).status == 200
    assert call(lesson, "studio_submit", form).status == 400


# Finding


def test_outcomes_and_skills_are_found_while_one_types(lesson: Page) -> None:
    found = call(lesson, "find_outcomes", {"text": "tyre"}).body["outcomes"]
    assert found == [
        {
            "key": "read-tyre",
            "statement": "Read the size of a tyre",
            "skill": "Wheels",
            "badges": ["Tyre reader"],
        }
    ]
    assert call(lesson, "find_outcomes", {"text": "saddle"}).body == {"outcomes": []}
    assert call(lesson, "find_skills", {"text": "whe"}).body["skills"][0]["name"] == "Wheels"
    assert call(lesson, "find_skills", {"text": " "}).body == {"skills": []}
    assert call(lesson, "find_outcomes", {"text": "x" * 300}).status == 400


def test_the_form_does_not_carry_the_catalogue(lesson: Page, app: FakeApp) -> None:
    for number in range(3000):
        app.outcomes[f"o{number}"] = OutcomeInfo(f"o{number}", f"Do thing {number}", "", "", ())
    assert "Do thing 17" not in shown(lesson)
    assert len(shown(lesson)) < 40_000
    assert len(call(lesson, "find_outcomes", {"text": "thing"}).body["outcomes"]) == 20


# What is missing


def test_the_list_leads_to_what_is_missing(app: FakeApp) -> None:
    lesson = open_page(unit(VIDEO, outcome_key="", display_name="Tyres"))
    lesson.become_studio()
    text = shown(lesson)
    assert 'data-mcs-target="field:outcome_key"' in text
    assert "Nothing here shows whether learners can do it" in text
    assert f'data-mcs-target="part:{lesson.key(0)}"' in text, "the video without transcript"


def test_the_list_follows_what_is_typed_and_saves_nothing(lesson: Page) -> None:
    before = fingerprint(lesson.block())
    form = {**FORM, "display_name": "", "outcome": {"mode": "new", "statement": "understand tyres"}}
    reply = call(lesson, "guide", {"form": form})
    assert "Give the unit a title." in reply.body["html"]
    assert reply.body["advice"] == "Use a verb that can be seen."
    assert "belongs to no skill" in reply.body["html"]
    whole = call(lesson, "guide", {"form": FORM})
    assert whole.body["done"] == whole.body["needed"]
    assert fingerprint(lesson.block()) == before


def test_content_that_clearly_needs_longer_is_told(app: FakeApp) -> None:
    words = "word " * 1500
    lesson = open_page(unit(element("html"), check()))
    lesson.become_studio()
    child = lesson.block(0)
    type(child).data = words  # the platform's text block has a field of this name
    try:
        told = call(lesson, "guide", {"form": {**FORM, "estimated_minutes": "3"}}).body["html"]
        fine = call(lesson, "guide", {"form": {**FORM, "estimated_minutes": "8"}}).body["html"]
    finally:
        del type(child).data
    assert "takes about 9 minutes, and you say 3" in told
    assert "1500 words are much for one step" in told
    assert "and you say 8" not in fine


def test_what_shuts_somebody_out_is_told_with_the_part(app: FakeApp) -> None:
    lesson = open_page(
        unit(
            check(attempts_allowed="1"),
            evidence(accept=["image"], allow_text="false", allow_link="false"),
            VIDEO,
        )
    )
    lesson.become_studio()
    text = shown(lesson)
    assert "One attempt makes this a test" in text
    assert "There is one way to hand in: pictures" in text
    assert "no transcript" in text


def test_the_rule_of_mastery_is_said_in_words(lesson: Page) -> None:
    text = shown(lesson)
    assert "The quick check is answered correctly." in text
    assert "a reviewer accepts it: 2 of 2 points in 1 criteria" in text


# Videos without transcript


def test_a_waiver_is_stored_with_the_unit_and_its_reason_audited_once(app: FakeApp) -> None:
    lesson = open_page(unit(VIDEO, check()))
    lesson.become_studio()
    block_id = lesson.key(0)
    form = {**FORM, "waivers": {block_id: "No words are spoken.", "elsewhere": "x"}}
    assert call(lesson, "studio_submit", form).status == 200
    assert lesson.block().waivers == {block_id: "No words are spoken."}
    assert call(lesson, "studio_submit", form).status == 200
    assert app.waived == [(block_id, "No words are spoken.")]
    assert "no transcript. Add one" not in shown(lesson)
    too_long = call(lesson, "studio_submit", {**FORM, "waivers": {block_id: "x" * 301}})
    assert too_long.status == 400 and "parts" in too_long.body["errors"]


def test_a_waiver_goes_along_with_a_copy_and_lapses_with_another_film(app: FakeApp) -> None:
    lesson = open_page(unit(VIDEO, check()))
    lesson.become_studio()
    kind = type(lesson.block(0))
    kind.youtube_id_1_0 = "film-one"
    try:
        key = video_key(lesson.block(0))
        copied = open_page(unit(VIDEO, VIDEO, check(), waivers={key: "No words are spoken."}))
        copied.become_studio()
        assert "no transcript. Add one" not in shown(copied)
        kind.youtube_id_1_0 = "film-two"
        assert "no transcript. Add one" in shown(copied)
    finally:
        del kind.youtube_id_1_0


# Drafts, and other authors


def test_an_unsaved_form_comes_back_and_is_never_published_by_itself(lesson: Page, app: FakeApp) -> None:
    base = fingerprint(lesson.block())
    form = {**FORM, "display_name": "Half a thought"}
    assert call(lesson, "save_form_draft", {"form": form, "base": base}).body == {"saved": True}
    assert lesson.block().display_name == "Read a tyre"
    assert "Half a thought" in shown(lesson) and "&quot;stale&quot;: false" in shown(lesson)
    assert call(lesson, "studio_submit", FORM).status == 200
    assert app.drafts == {}
    assert "Half a thought" not in shown(lesson)


def test_an_unsaved_form_of_somebody_else_is_not_shown(lesson: Page) -> None:
    call(lesson, "save_form_draft", {"form": {**FORM, "display_name": "Ana's thought"}, "base": ""})
    lesson.sign_in(ANA + 1)
    assert "thought" not in shown(lesson)


def test_a_draft_upon_an_older_state_is_marked_and_can_be_dropped(lesson: Page, app: FakeApp) -> None:
    call(lesson, "save_form_draft", {"form": {**FORM, "display_name": "Old thought"}, "base": "before"})
    assert "&quot;stale&quot;: true" in shown(lesson)
    assert call(lesson, "drop_form_draft", {}).body == {"dropped": True}
    assert "Old thought" not in shown(lesson)


def test_a_site_without_badges_keeps_no_draft_and_says_so(no_app: None) -> None:
    lesson = open_page(unit(check(), outcome_key=""))
    lesson.become_studio()
    assert call(lesson, "save_form_draft", {"form": FORM, "base": ""}).body == {"saved": False}
    assert call(lesson, "guide", {"form": FORM, "preview": True}).status == 200
    assert call(lesson, "find_outcomes", {"text": "a"}).body == {"outcomes": []}
    assert call(lesson, "adopt_outcome", {}).status == 409
    assert "Badges are not set up on this site" in shown(lesson)


def test_the_later_save_of_two_authors_is_told_what_differs(lesson: Page) -> None:
    base, opened = fingerprint(lesson.block()), {**FORM, "display_name": "Read a tyre"}
    first = {**opened, "base": base, "display_name": "Hers", "weight": "3"}
    assert call(lesson, "studio_submit", first).status == 200
    second = {**opened, "base": base, "original": opened, "display_name": "His", "layout": "steps"}
    late = call(lesson, "studio_submit", second)
    assert late.status == 409 and late.body["conflict"] is True
    assert late.body["changes"] == [
        {"label": "Title", "theirs": "Hers", "mine": "His"},
        {"label": "Points in the gradebook", "theirs": "3", "mine": ""},
    ]
    assert lesson.block().display_name == "Hers"
    assert call(lesson, "studio_submit", {**second, "overwrite": True}).status == 200
    block = lesson.block()
    assert (block.display_name, block.layout) == ("His", "steps"), "what he changed"
    assert block.weight == 3, "what only she changed stays"


@pytest.mark.parametrize("original", [None, [], "x", {}, {"outcome": 3, "weight": []}])
def test_an_original_of_any_shape_is_no_crash(lesson: Page, original: Any) -> None:
    form = {**FORM, "base": "before", "original": original}
    assert call(lesson, "studio_submit", form).status == 409
    assert call(lesson, "studio_submit", {**form, "overwrite": True}).status in (200, 400)


def test_a_conflict_leaves_no_new_outcome_behind(lesson: Page, app: FakeApp) -> None:
    form = {**FORM, "outcome": {"mode": "new", "statement": "Patch a tube"}, "base": "before"}
    assert call(lesson, "studio_submit", form).status == 409
    assert len(app.outcomes) == 1


def test_saving_says_which_unit_proves_the_outcome(lesson: Page, app: FakeApp) -> None:
    call(lesson, "studio_submit", FORM)
    assert [(one["outcome_key"], one["title"]) for one in app.registered] == [("read-tyre", "Patch a tube")]
    assert lesson.block().outcome_statement == "Read the size of a tyre"


def test_a_unit_with_the_title_it_was_born_with_asks_for_one_of_its_own(app: FakeApp) -> None:
    lesson = open_page(unit(check(), display_name="Micro-unit"))
    lesson.become_studio()
    assert 'maxlength="200" value=""' in shown(lesson) and "Give the unit a title." in shown(lesson)


# Order


def test_the_order_of_the_form_is_merged_with_what_others_added(app: FakeApp) -> None:
    lesson = open_page(unit(check(display_name="A"), check(display_name="B"), check(display_name="C")))
    lesson.become_studio()
    first, second, third = (lesson.key(place) for place in range(3))
    assert call(lesson, "studio_submit", {**FORM, "order": [third, first, "gone", 4]}).status == 200
    assert [str(key) for key in lesson.block().children] == [third, first, second]


# Templates


def test_every_template_makes_parts_that_are_sound_but_for_their_words(app: FakeApp) -> None:
    for starter in starters(lambda text: text):
        tags = [element(part.category, **without_data(part.fields)) for part in starter.parts]
        lesson = open_page(unit(*tags))
        lesson.become_studio()
        for place, part in enumerate(starter.parts):
            block = lesson.block(place)
            if part.category.startswith("microcred_"):
                assert block.own_problems() == [], (starter.key, part.category)
        if any(part.category.startswith("microcred_") for part in starter.parts):
            assert "words of the template" in shown(lesson), "unedited words are told"


def without_data(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "data"}


def test_a_template_is_created_with_its_content_where_the_runtime_can(app: FakeApp) -> None:
    lesson = open_page(unit())
    lesson.become_studio()
    made: list[tuple[str, dict[str, Any]]] = []

    class Store:
        def create_item(self, user_id: Any, course_key: Any, category: str, **kwargs: Any) -> Any:
            made.append((category, kwargs["fields"]))
            definition = lesson.runtime.id_generator.create_definition(category)
            usage = lesson.runtime.id_generator.create_usage(definition)
            return SimpleNamespace(scope_ids=SimpleNamespace(usage_id=usage))

    lesson.runtime.modulestore = Store()  # type: ignore[attr-defined]
    block = lesson.block()
    block.scope_ids = block.scope_ids._replace(usage_id=Usage("course-v1:a+b+c", "u"))
    block.runtime.service(block, "user")
    from microcred_xblock.unit_form import _create_parts

    created = _create_parts(block, {"starter": "knowledge"})
    assert [category for category, _ in made] == ["html", "microcred_check", "microcred_check"]
    assert made[1][1]["options"][0]["correct"] is True
    assert len(created["created"]) == 3 and created["to_create"] == []


class Usage(str):
    """A usage key that knows its course."""

    def __new__(cls, course_key: str, name: str) -> Usage:
        made = super().__new__(cls, name)
        made.course_key = course_key  # type: ignore[attr-defined]
        return made


def test_a_template_is_left_to_studio_with_its_content_elsewhere(app: FakeApp) -> None:
    lesson = open_page(unit())
    lesson.become_studio()
    reply = call(lesson, "studio_submit", {**FORM, "starter": "show"})
    assert [part["category"] for part in reply.body["to_create"]] == ["html", "microcred_evidence"]
    assert reply.body["to_create"][1]["fields"]["review_mode"] == "staff"
    assert call(lesson, "studio_submit", {**FORM, "starter": "gone"}).body["to_create"] == []


def test_a_unit_with_parts_gets_no_template(lesson: Page) -> None:
    assert 'name="starter"' not in shown(lesson)
    assert call(lesson, "studio_submit", {**FORM, "starter": "show"}).body["to_create"] == []


# From another site


def unresolved(app: FakeApp, **fields: Any) -> Page:
    lesson = open_page(unit(check(), outcome_key="far.spoke", outcome_statement="Mend a spoke", **fields))
    lesson.become_studio()
    return lesson


def test_an_unknown_outcome_is_shown_with_its_words_and_survives_saving(app: FakeApp) -> None:
    lesson = unresolved(app)
    assert "that this site does not know" in shown(lesson) and "Mend a spoke" in shown(lesson)
    kept = {**FORM, "outcome": {"mode": "existing", "key": "far.spoke"}}
    assert call(lesson, "studio_submit", kept).status == 200
    assert (lesson.block().outcome_key, lesson.block().outcome_statement) == ("far.spoke", "Mend a spoke")
    other = {**FORM, "outcome": {"mode": "existing", "key": "another.gone"}}
    assert call(lesson, "studio_submit", other).status == 400


def test_it_is_created_with_one_click_under_its_own_key(app: FakeApp) -> None:
    lesson = unresolved(app)
    assert call(lesson, "adopt_outcome", {}).body["outcome"]["key"] == "far.spoke"
    assert app.outcomes["far.spoke"].statement == "Mend a spoke"
    assert "that this site does not know" not in shown(lesson)


def test_an_outcome_of_the_same_words_is_offered(app: FakeApp) -> None:
    app.outcomes["spoke"] = OutcomeInfo("spoke", "mend a spoke", "", "", ())
    assert "Use the same words of this site" in shown(unresolved(app))


# Hostile words


def test_hostile_words_in_any_field_stay_words(app: FakeApp) -> None:
    app.outcomes["bad"] = OutcomeInfo("bad", HOSTILE, "s", HOSTILE, (HOSTILE,))
    lesson = open_page(
        unit(
            check(display_name=HOSTILE, prompt=HOSTILE),
            evidence(display_name=HOSTILE, instructions=HOSTILE),
            element("video", display_name=HOSTILE),
            display_name=HOSTILE,
            outcome_key="bad",
            outcome_statement=HOSTILE,
            layout=HOSTILE,
            weight=HOSTILE,
            estimated_minutes=HOSTILE,
            waivers={"x": HOSTILE},
        )
    )
    lesson.become_studio()
    call(lesson, "save_form_draft", {"form": {**FORM, "display_name": HOSTILE}, "base": ""})
    form = {**FORM, "display_name": HOSTILE, "outcome": {"mode": "new", "statement": HOSTILE}}
    answer = call(lesson, "guide", {"form": form, "preview": True}).body
    unknown = open_page(unit(outcome_key=HOSTILE, outcome_statement=HOSTILE))
    unknown.become_studio()
    for text in (shown(lesson), answer["html"], answer["preview"], shown(unknown)):
        assert "<img" not in text and "<script>" not in text
        assert "&lt;img src=x onerror" in text


def test_a_text_blocks_own_markup_reaches_only_the_frame_without_scripts() -> None:
    scripts = (Path(unit_form.__file__).parent / "static" / "js").glob("unit_form*.js")
    script = "".join(path.read_text() for path in scripts)
    assert script.count('"sandbox", "allow-same-origin"') == 1, (
        "no allow-scripts: it cannot run what it shows"
    )
    assert script.count("srcdoc") == 1 and script.count("innerHTML") == 2, "and nothing else writes markup"
