"""What people typed stays text, and the pages keep the rules every page keeps."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import microcred_xblock
from microcred_xblock import check_form, evidence_form, unit_form

from .courses import check, element, evidence, unit
from .doubles import ANA, Page, open_page
from .fake_app import NOW, EarnedBadge, FakeApp, FileInfo, OutcomeInfo, SubmissionInfo

EVIL = """"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:1 }}{% now "Y" %}</textarea></template>"""
STATIC = Path(microcred_xblock.__file__).parent / "static"
VOID = {"img", "input", "br", "progress"} - {"progress"}


class Reader(HTMLParser):
    """Collects the elements of a page and notices unbalanced ones."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def evil_page(app: FakeApp, layout: str = "page") -> Page:
    """A page on which authors, learners, reviewers and the app all say evil things."""
    rubric = {
        "criteria": [
            {
                "id": EVIL,
                "name": EVIL,
                "description": EVIL,
                "levels": [{"id": EVIL, "name": EVIL, "points": n, "description": EVIL} for n in (0, 1)],
            }
        ],
        "pass_points": 1,
    }
    options = [
        {"id": EVIL, "text": EVIL, "correct": True, "feedback": EVIL},
        {"id": "b", "text": "B " + EVIL},
    ]
    texts = dict.fromkeys(("display_name", "prompt", "hint", "feedback_correct", "feedback_incorrect"), EVIL)
    olx = unit(
        check(**texts, options=options, image_alt=EVIL, image_url="/static/" + EVIL),
        check(**texts, check_type="number", number_answer="1", number_unit=EVIL, options=[]),
        check(**texts, check_type="text", text_answers=[EVIL], options=[]),
        evidence(display_name=EVIL, instructions=EVIL, rubric=rubric),
        element("html"),
        display_name=EVIL,
        outcome_key=EVIL,
        layout=layout,
    )
    app.outcomes = {EVIL: OutcomeInfo(EVIL, EVIL, EVIL, EVIL, (EVIL,))}
    badge = replace(
        EarnedBadge(),
        name=EVIL,
        image_alt=EVIL,
        proves=(EVIL,),
        parts=(EVIL,),
        issuer_name=EVIL,
        kind="macro",
    )
    app.earned = (replace(badge, shared=True, verify_url="https://v.example/" + EVIL),)
    page = open_page(olx)
    file = FileInfo("f1", EVIL, EVIL, 3, "0" * 64, "/microcred/evidence/1")
    app.submissions[ANA, page.key(3)] = SubmissionInfo(
        state="returned", files=(file,), text=EVIL, link="javascript:alert(1)", comment=EVIL,
        rubric_result=((EVIL, EVIL),), submitted_at=NOW,
    )  # fmt: skip
    return page


def assert_harmless(html: str) -> None:
    reader = read(html)
    for tag, attributes in reader.elements:
        assert tag not in ("script", "style", "iframe", "object"), tag
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name != "style"
            if name in ("href", "src", "action"):
                assert not re.match(r"\s*(javascript|data|vbscript):", value or "", re.IGNORECASE), value


def test_nothing_that_was_typed_becomes_markup_on_the_learners_page(app: FakeApp) -> None:
    for layout in ("page", "steps"):
        page = evil_page(app, layout)
        assert_harmless(page.block().render("student_view", {}).content)
        assert_harmless(page.block().render("public_view", {}).content)
        assert "{{ 7|add:1 }}" in page.block().render("student_view", {}).content, "and nothing is evaluated"


def test_nothing_that_was_typed_becomes_markup_in_handler_answers(app: FakeApp) -> None:
    page = evil_page(app)
    answers = [
        page.call(page.block(0), "submit", {"answer": EVIL, "attempt": 1}).body["result_html"],
        page.call(page.block(1), "submit", {"answer": "2", "attempt": 1}).body["result_html"],
        page.call(page.block(2), "submit", {"answer": EVIL + "x", "attempt": 1}).body["result_html"],
        page.call(page.block(3), "status", {}).body["html"],
        page.call(page.block(3), "hand_in", {"text": EVIL, "link": "https://x.example/" + EVIL}).body["html"],
    ]
    for key in (1, 2, 3, 4):
        app.scores[ANA, page.key(key)] = 1.0
    answers.append(page.call(page.block(), "progress", {}).body["html"])
    assert "mc-earned" in answers[-1]
    for html in answers:
        assert_harmless(html)


def test_nothing_that_was_typed_becomes_markup_in_studio(app: FakeApp) -> None:
    page = evil_page(app)
    page.become_studio()
    for block in (page.block(), *(page.block(n) for n in range(4))):
        assert_harmless(block.render("studio_view", {}).content)
        assert_harmless(block.render("author_view", {}).content)
    assert_harmless(page.block().render("author_view", {"root_xblock": page.block()}).content)


def fragments(app: FakeApp) -> list[Any]:
    page = open_page(
        unit(element("html"), check(), check(check_type="number", number_answer="1"), evidence())
    )
    learner = [page.block().student_view({}), page.block().public_view({})]
    page.become_studio()
    return learner + [block.studio_view({}) for block in (page.block(), page.block(1), page.block(3))]


def test_pages_carry_no_inline_script_and_no_arguments(app: FakeApp) -> None:
    for fragment in fragments(app):
        assert all(resource.kind == "url" for resource in fragment.resources)
        assert fragment.json_init_args is None, "arguments of nested blocks get mixed up in some runtimes"


def test_every_resource_a_page_asks_for_exists(app: FakeApp) -> None:
    for fragment in fragments(app):
        for resource in fragment.resources:
            assert (STATIC.parent / resource.data.removeprefix("/resource/")).is_file(), resource.data


def test_ids_are_unique_and_labels_point_at_something(app: FakeApp) -> None:
    page = open_page(unit(check(), check(), evidence(), evidence(), layout="page"))
    twice = page.block().render("student_view", {}).content
    reader = read(
        twice + open_page(unit(check())).block().render("public_view", {}).content.replace("mc-", "other-")
    )
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in reader.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            for target in (attributes.get(name) or "").split():
                assert target in ids, (name, target)


def test_every_control_has_a_name(app: FakeApp) -> None:
    for fragment in fragments(app):
        reader = read(fragment.content)
        labelled = {attributes.get("for") for tag, attributes in reader.elements if tag == "label"}
        for tag, attributes in reader.elements:
            if tag in ("select", "textarea") or (
                tag == "input" and attributes.get("type") in ("text", "file", "url")
            ):
                assert attributes.get("id") in labelled or "data-mcs-name" in attributes, attributes


def test_forms_show_a_place_for_the_message_of_every_field_that_can_be_wrong(app: FakeApp) -> None:
    page = open_page(unit(check(), evidence()))
    page.become_studio()
    for place, names in ((None, unit_form.FIELDS), (0, check_form.FIELDS), (1, evidence_form.FIELDS)):
        shown = page.block(place).render("studio_view", {}).content
        for name in set(names) - {"allow_text", "allow_link"}:
            assert f'data-field="{name}"' in shown, name


def test_the_learners_scripts_and_styles_stay_small() -> None:
    names = ["js/page.js", "js/unit.js", "js/check.js", "js/evidence.js", "css/microcred.css"]
    assert sum((STATIC / name).stat().st_size for name in names) < 60_000


def test_styles_stay_inside_our_blocks_and_suit_every_direction() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selector in re.findall(r"(?:^|[{};])\s*([^{};@]+)\{", text):
            assert selector.strip().startswith((".microcred", "from")), selector
        assert "position: fixed" not in text
        assert not re.search(r"\d(vh|dvh|svh)\b", text)
        assert not re.search(r"(margin|padding|border)-(left|right)\b|(^|[^-])\b(left|right):", text)


def test_texts_are_in_the_readers_language(app: FakeApp) -> None:
    class Shouting:
        def gettext(self, message: str) -> str:
            return message.upper()

        def ngettext(self, one: str, many: str, count: int) -> str:
            return (one if count == 1 else many).replace(" done", " FERTIG")

    page = open_page(unit(check()), i18n=Shouting())
    shown = page.block().render("student_view", {}).content
    assert "MICRO-UNIT" in shown and "CHECK MY ANSWER" in shown and "0 of 1 FERTIG" in shown
    settings = re.search(r'class="microcred mc-check"[^>]*data-settings="([^"]*)"', shown)
    assert (
        settings
        and "DRAFT SAVED."
        in json.loads(settings.group(1).replace("&quot;", '"').replace("&#x27;", "'"))["texts"].values()
    )


@pytest.mark.parametrize("name", sorted(path.stem for path in (STATIC / "js").glob("*.js")))
def test_scripts_hold_no_sentences_of_their_own(name: str) -> None:
    text = re.sub(
        r"/\*.*?\*/", "", (STATIC / "js" / f"{name}.js").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    for literal in re.findall(r'"([^"\n]*)"', text):
        assert not re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+", literal), literal
