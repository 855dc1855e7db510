"""The demo course is complete, true in its numbers, accessible, and accepted by our own blocks and rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from microcred_xblock.check_fields import AUTHORED
from microcred_xblock.evidence_task import read_hand_in
from microcred_xblock.fields import read_serialised
from microcred_xblock.marking import AnswerError, mark
from microcred_xblock.question_parts import token_of
from microcred_xblock.questions import CHECK_TYPES, Question, read_question
from microcred_xblock.validation import Problem, check_problems, evidence_problems, unit_problems

COURSE = Path(__file__).resolve().parents[2] / "demo_site" / "course"
STATIC = COURSE / "static"

FIELDS = {
    "microcred_unit": {"display_name", "outcome_key", "estimated_minutes", "layout", "weight"},
    "microcred_check": set(AUTHORED),
    "microcred_evidence": {
        *("display_name", "instructions", "accept", "max_files", "max_megabytes"),
        *("allow_text", "allow_link", "review_mode", "rubric", "record"),
    },
}
TEXT_FIELDS = {
    *("url_name", "display_name", "outcome_key", "layout", "check_type", "prompt", "image_url", "image_alt"),
    *(
        "number_unit",
        "feedback_correct",
        "feedback_incorrect",
        "hint",
        "instructions",
        "review_mode",
        "gap_text",
    ),
}
JSON_FIELDS = {
    *("options", "text_answers", "text_patterns", "number_units", "pairs", "extra_matches", "gaps", "hints"),
    *("try_feedback", "accept", "rubric", "record"),
}
ALLOWED_CHILDREN = {
    "course": {"chapter"},
    "chapter": {"sequential"},
    "sequential": {"vertical"},
    "vertical": {"html", "microcred_unit"},
    "microcred_unit": {"html", "microcred_check", "microcred_evidence"},
    "html": set(),
    "microcred_check": set(),
    "microcred_evidence": set(),
}

JUDGES: dict[str, Callable[..., list[Problem]]] = {
    "microcred_unit": unit_problems,
    "microcred_check": check_problems,
    "microcred_evidence": evidence_problems,
}

ROOT = ElementTree.parse(COURSE / "course.xml").getroot()
UNITS = list(ROOT.iter("microcred_unit"))
CHECKS = list(ROOT.iter("microcred_check"))
EVIDENCE = list(ROOT.iter("microcred_evidence"))
TEXTS = list(ROOT.iter("html"))
PICTURES = sorted(STATIC.glob("*.svg"))


def name(element: ElementTree.Element) -> str:
    return element.attrib["url_name"]


def values(element: ElementTree.Element) -> dict[str, Any]:
    """The field values a block has after import: attributes, and defaults where they are not written."""
    defaults: dict[str, Any] = {"options": [], "text_answers": [], "rubric": {}, "attempts_allowed": 0}
    read = {
        key: text if key in TEXT_FIELDS else read_serialised(text) for key, text in element.attrib.items()
    }
    return {**defaults, **read}


def fragment(element: ElementTree.Element) -> ElementTree.Element:
    return ElementTree.fromstring(f"<div>{element.text}</div>")


def right_and_wrong(question: Question) -> tuple[object, object]:
    """An answer that must pass, and one that must not."""
    if question.check_type == "single":
        right = next(option.id for option in question.options if option.correct)
        return right, next(option.id for option in question.options if not option.correct)
    if question.check_type == "multiple":
        ids = [option.id for option in question.options if option.correct]
        return ids, ids[:-1]
    if question.check_type == "number":
        assert question.number_answer is not None
        return str(question.number_answer), str(question.number_answer + question.number_tolerance * 2)
    if question.check_type == "order":
        tokens = [option.token for option in question.options]
        return tokens, tokens[::-1]
    if question.check_type == "match":
        first = token_of(question.matches[0])
        return {p.id: token_of(p.match) for p in question.pairs}, {p.id: first for p in question.pairs}
    if question.check_type == "gaps":
        right = {g.id: token_of(g.answers[0]) if g.choices else g.answers[-1] for g in question.gaps}
        return right, {g.id: token_of(g.choices[-1]) if g.choices else "saddle" for g in question.gaps}
    if question.check_type == "attest":
        return [option.id for option in question.options], [question.options[0].id]
    return question.text_answers[0].upper(), "saddle"


def test_the_course_has_the_key_everybody_links_to() -> None:
    assert ROOT.tag == "course"
    assert (ROOT.get("org"), ROOT.get("course"), ROOT.get("url_name")) == ("Microcred", "BIKE101", "2026")


def test_every_block_stands_where_the_platform_allows_it() -> None:
    misplaced = [
        f"{child.tag} in {parent.tag}"
        for parent in ROOT.iter()
        for child in parent
        if child.tag not in ALLOWED_CHILDREN[parent.tag]
    ]
    assert misplaced == []


def test_every_block_has_a_name_of_its_own_and_a_title() -> None:
    names = [name(element) for element in ROOT.iter()]
    assert len(set(names)) == len(names)
    assert [n for n in names[1:] if not re.fullmatch(r"[a-z]+(-[a-z]+)+|[a-z]+", n)] == []
    assert [name(element) for element in ROOT.iter() if not element.get("display_name", "").strip()] == []


@pytest.mark.parametrize("element", [*UNITS, *CHECKS, *EVIDENCE], ids=name)
def test_only_fields_of_the_block_are_written(element: ElementTree.Element) -> None:
    assert set(element.attrib) - {"url_name"} <= FIELDS[element.tag]


@pytest.mark.parametrize("element", [*CHECKS, *EVIDENCE], ids=name)
def test_json_attributes_mean_the_same_to_every_reader(element: ElementTree.Element) -> None:
    """The platform reads list and mapping attributes as YAML, we read them as JSON first."""
    for key in JSON_FIELDS & set(element.attrib):
        assert yaml.safe_load(element.attrib[key]) == json.loads(element.attrib[key])


@pytest.mark.parametrize("element", [*UNITS, *CHECKS, *EVIDENCE], ids=name)
def test_studio_finds_nothing_to_mend(element: ElementTree.Element) -> None:
    judge = JUDGES[element.tag]
    assert judge(values(element), str) == []


@pytest.mark.parametrize("element", CHECKS, ids=name)
def test_every_check_can_be_passed_and_failed(element: ElementTree.Element) -> None:
    question = read_question(values(element))
    right, wrong = right_and_wrong(question)
    assert mark(question, right).passed
    if question.check_type == "attest":  # nobody fails by not having done it yet
        with pytest.raises(AnswerError):
            mark(question, wrong)
    else:
        assert not mark(question, wrong).passed


@pytest.mark.parametrize("element", CHECKS, ids=name)
def test_no_answer_leaves_a_learner_without_an_explanation(element: ElementTree.Element) -> None:
    question = read_question(values(element))
    assert question.feedback_correct
    assert question.feedback_incorrect
    assert question.hint
    if question.check_type != "order":  # nobody chooses one of them
        assert [option.id for option in question.options if not option.feedback] == []
    assert [part.id for part in (*question.pairs, *question.gaps) if not part.feedback] == []
    assert len({option.id for option in question.options}) == len(question.options)


def test_all_types_of_check_are_shown() -> None:
    assert {check.get("check_type") for check in CHECKS} == set(CHECK_TYPES)
    assert any(check.get("image_url") for check in CHECKS)


def test_the_welcome_page_tells_the_same_minutes() -> None:
    welcome = next(text for text in TEXTS if name(text) == "welcome-text").text or ""
    told = re.findall(r"<li><strong>(.+?)</strong>, (\d+) minutes</li>", welcome)
    assert told == [(unit.get("display_name"), unit.get("estimated_minutes")) for unit in UNITS]


def test_three_units_prove_three_outcomes_in_minutes() -> None:
    assert [unit.get("outcome_key") for unit in UNITS] == ["bike.inspect", "bike.puncture", "bike.chain"]
    assert all(6 <= int(unit.attrib["estimated_minutes"]) <= 10 for unit in UNITS)
    assert {unit.get("layout") for unit in UNITS} == {"steps", "page"}


@pytest.mark.parametrize("unit", UNITS, ids=name)
def test_the_stated_minutes_are_enough(unit: ElementTree.Element) -> None:
    """180 words a minute, half a minute to think about each check; hands-on work is announced separately."""
    words = sum(len("".join(fragment(text).itertext()).split()) for text in unit.iter("html"))
    for element in (*unit.iter("microcred_check"), *unit.iter("microcred_evidence")):
        written = values(element)
        words += len(
            f"{written.get('prompt', '')} {written.get('instructions', '')} {written.get('gap_text', '')}".split()
        )
        words += sum(len(f"{pair['text']} {pair['match']}".split()) for pair in written.get("pairs", []))
        words += sum(len(option["text"].split()) for option in written["options"])
    minutes = words / 180 + 0.5 * len(list(unit.iter("microcred_check")))
    stated = int(unit.attrib["estimated_minutes"])
    assert stated - 3 <= minutes <= stated


@pytest.mark.parametrize("unit", UNITS, ids=name)
def test_every_unit_holds_a_block_of_the_platform(unit: ElementTree.Element) -> None:
    assert unit.find("html") is not None


def test_the_ways_to_hand_in_differ_from_unit_to_unit() -> None:
    hand_ins = [read_hand_in(values(element)) for element in EVIDENCE]
    assert [hand_in.review_mode for hand_in in hand_ins] == ["staff", "auto", "auto"]
    assert [hand_in.accept for hand_in in hand_ins] == [("image", "pdf", "audio", "video"), ("image",), ()]
    assert hand_ins[2].allow_text


def test_the_reviewed_work_has_a_rubric_a_good_attempt_can_pass() -> None:
    rubric = read_hand_in(values(EVIDENCE[0])).rubric
    assert len(rubric.criteria) in (2, 3)
    for criterion in rubric.criteria:
        assert [level.points for level in criterion.levels] == [0, 1, 2]
        assert all(level.description for level in criterion.levels)
    best_of_all_but_one = rubric.most - max(criterion.most for criterion in rubric.criteria)
    assert best_of_all_but_one <= rubric.pass_points < rubric.most


@pytest.mark.parametrize("element", TEXTS, ids=name)
def test_texts_are_well_formed_and_start_below_the_blocks_heading(element: ElementTree.Element) -> None:
    body = fragment(element)
    assert "".join(body.itertext()).strip()
    assert {node.tag for node in body.iter()} & {"h1", "h2", "script", "style", "font"} == set()
    assert [node for node in body.iter() if "style" in node.attrib or "onclick" in node.attrib] == []
    for table in body.iter("table"):
        assert table.find("caption") is not None
        assert all(cell.get("scope") in ("col", "row") for cell in table.iter("th"))


def test_every_picture_has_a_text_that_replaces_it() -> None:
    alternatives = [image.get("alt", "") for text in TEXTS for image in fragment(text).iter("img")]
    alternatives += [check.get("image_alt", "") for check in CHECKS if check.get("image_url")]
    assert len(alternatives) >= 7
    assert [
        alt for alt in alternatives if len(alt) < 30 or alt.lower().startswith(("image", "picture of"))
    ] == []


def test_every_static_address_leads_to_a_file_and_every_file_is_used() -> None:
    source = (COURSE / "course.xml").read_text(encoding="utf-8")
    named = set(re.findall(r"/static/([\w.-]+)", source))
    assert named == {path.name for path in STATIC.iterdir()}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_drawings_are_inert_described_and_readable_on_a_telephone(path: Path) -> None:
    """An SVG can carry scripts and remote content; ours may hold nothing but shapes."""
    source = path.read_text(encoding="utf-8")
    svg = ElementTree.fromstring(source)
    tags = {node.tag.rpartition("}")[2] for node in svg.iter()}
    assert tags.isdisjoint({"script", "foreignObject", "image", "a"})
    assert {"title", "desc"} <= tags
    links = {value for node in svg.iter() for key, value in node.attrib.items() if key.endswith("href")}
    assert all(link.startswith("#") for link in links)
    width = float(svg.attrib["viewBox"].split()[2])
    sizes = [float(size) for size in re.findall(r"(?:font-size:|font:700 )([\d.]+)px", source)]
    assert min(sizes) * 340 / width >= 12
    assert path.stat().st_size < 60_000


def test_the_sheet_is_one_tagged_page() -> None:
    pdf = (STATIC / "m-check-sheet.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert b"/StructTreeRoot" in pdf
    assert len(pdf) < 100_000


def test_pressures_in_bar_and_psi_agree() -> None:
    source = (COURSE / "course.xml").read_text(encoding="utf-8")
    ranges = re.findall(r"([\d.]+)–([\d.]+) bar \((\d+)–(\d+) psi\)", source)
    assert len(ranges) == 4
    for low_bar, high_bar, low_psi, high_psi in ranges:
        assert float(low_bar) * 14.504 == pytest.approx(float(low_psi), abs=0.6)
        assert float(high_bar) * 14.504 == pytest.approx(float(high_psi), abs=0.6)
    answer = next(check for check in CHECKS if check.get("number_unit") == "bar")
    assert "MAX 70 PSI" in (STATIC / "tyre-sidewall.svg").read_text(encoding="utf-8")
    assert float(answer.attrib["number_answer"]) == pytest.approx(70 / 14.504, abs=0.05)


def test_chain_wear_is_calculated_right() -> None:
    new = 24 * 12.7
    measure = next(text for text in TEXTS if name(text) == "chain-measure").text or ""
    rows = re.findall(r"<td>([\d.]+) %</td><td>([\d.]+) mm</td>", measure)
    assert [float(percent) for percent, _ in rows] == [0.5, 0.75, 1.0]
    for percent, length in rows:
        assert new * (1 + float(percent) / 100) == pytest.approx(float(length), abs=0.06)
    check = next(check for check in CHECKS if name(check) == "chain-wear")
    found = re.search(r"measure ([\d.]+) mm", check.attrib["prompt"])
    assert found is not None
    wear = (float(found[1]) - new) / new * 100
    assert wear == pytest.approx(float(check.attrib["number_answer"]), abs=0.005)
