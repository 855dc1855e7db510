"""Requests that cannot be done are answered 4xx with a sentence, whatever they hold, and leave nothing behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey
from xblock.core import XBlock

from demo_site.courses import authoring, roles
from demo_site.runtime import olx
from microcred_xblock.check import CheckBlock
from microcred_xblock.evidence import EvidenceBlock
from microcred_xblock.unit import UnitBlock
from tests.fixtures.course_walk import ANSWERS, COURSE, Browser, block, handler_url

from .conftest import Site

OTHER = """
<course url_name="run" org="Other" course="O1" display_name="Other">
  <chapter url_name="c" display_name="C"><sequential url_name="s" display_name="S">
    <vertical url_name="v" display_name="V">
      <microcred_unit url_name="unit" display_name="Unit" outcome_key="bike.chain">
        <microcred_check url_name="check" display_name="Check" check_type="text" prompt="Say it" text_answers='["it"]'/>
      </microcred_unit>
    </vertical>
  </sequential></chapter>
</course>
"""
BLOCKS: dict[str, tuple[type[XBlock], str]] = {
    "microcred_unit": (UnitBlock, "chain-unit"),
    "microcred_check": (CheckBlock, "chain-gauge"),
    "microcred_evidence": (EvidenceBlock, "chain-note"),
}
HANDLERS = [
    (kind, name)
    for kind, (cls, _block) in BLOCKS.items()
    for name in sorted(dir(cls))
    if getattr(getattr(cls, name, None), "_is_xblock_handler", False)
]
#: One asks only who is there, two take a page's form instead of JSON: they read no body that could be unreadable.
NO_JSON = {
    ("microcred_check", "student_view_user_state"),
    ("microcred_evidence", "post"),
    ("microcred_unit", "seen"),
}
UNREADABLE: dict[str, bytes] = {
    "a list": b"[1, 2]",
    "a text": b'"submit"',
    "a number": b"12",
    "null": b"null",
    "half of an object": b'{"answer": ',
    "no JSON": b"answer=chain",
    "not UTF-8": b'{"answer": "\xff\xfe"}',
    "half a character": b'{"answer": "\\ud800"}',
    "nested beyond measure": b'{"answer": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "longer than the site reads": json.dumps({"answer": "x" * 3_000_000}).encode(),
    "too long": json.dumps({"answer": "x" * 600_000}).encode(),
}
ODD: tuple[dict[str, Any], ...] = (
    {
        "answer": {},
        "to": {},
        "seen": {},
        "file_id": {},
        "text": {},
        "link": {},
        "statement": {},
        "category": {},
    },
    {
        "answer": [[]],
        "to": [],
        "seen": [[]],
        "file_id": [],
        "text": [],
        "link": [],
        "fields": [],
        "values": [],
    },
    {
        "answer": None,
        "to": None,
        "seen": None,
        "file_id": None,
        "text": None,
        "link": None,
        "statement": None,
    },
    {
        "answer": float("nan"),
        "to": float("nan"),
        "seen": float("inf"),
        "file_id": 1e308,
        "text": 0,
        "link": -1,
    },
    {
        "answer": "\0",
        "to": "\0",
        "seen": ["\0"],
        "file_id": "\0",
        "text": "\0",
        "link": "\0",
        "statement": "\0",
    },
    {"answer": "x" * 100_000, "to": "x" * 100_000, "seen": ["x"] * 10_000, "file_id": "x" * 100_000},
    {"answer": 10**4000, "attempt": 10**4000, "seen": [10**4000], "text": 10**4000},
    {"answer": "chain", "attempt": "1"},
    {"answer": "chain", "attempt": -1},
    {"answer": "chain", "attempt": True},
    {"answer": "chain", "attempt": 2.5},
    {"answer": "chain", "attempt": 99},
    {"answer": "no such option"},
    {"answer": ["chain", "wait"]},
    {"to": "block-v1:A+B+C+type@html+block@nothing", "seen": ["nonsense"]},
    {"link": "javascript:alert(1)"},
    {"link": "https://user:secret@example.org/"},
    {"file_id": "../../etc/passwd"},
    {"file_id": "41868c34-2eae-401a-9a1e-731d80d68cd9"},
    {"category": "course"},
    {"category": "../../x", "order": "x", "children": 5, "usage_key": 5, "move": "x"},
)


def sentence_of(answer: Any) -> str:
    body = answer.json()
    found = body.get("error") or "; ".join(map(str, (body.get("errors") or {}).values()))
    assert isinstance(found, str) and len(found) > 10, body
    return found


@pytest.mark.parametrize(("kind", "handler"), HANDLERS, ids=lambda value: str(value))
def test_a_body_that_cannot_be_read_is_refused_by_every_handler(
    site: Site, amina: Browser, kind: str, handler: str
) -> None:
    before = site.kept()
    url = handler_url(kind, BLOCKS[kind][1], handler)
    for what, raw in UNREADABLE.items():
        answer = amina.post_json(url, None, raw=raw)
        if (kind, handler) in NO_JSON:
            assert answer.status_code < 500, (what, answer.content[:300])
            continue
        assert 400 <= answer.status_code < 500, (what, answer.status_code, answer.content[:300])
        sentence_of(answer)
    assert site.kept() == before


@pytest.mark.parametrize(("kind", "handler"), HANDLERS, ids=lambda value: str(value))
def test_odd_values_are_refused_or_harmless_in_every_handler(
    site: Site, amina: Browser, kind: str, handler: str
) -> None:
    content = authoring.is_published(block("microcred_unit", "chain-unit"))
    for body in ODD:
        answer = amina.post_json(handler_url(kind, BLOCKS[kind][1], handler), body)
        assert answer.status_code < 500, (str(body)[:200], answer.content[:300])
        if answer.status_code >= 400 and (kind, handler) not in NO_JSON:
            sentence_of(answer)
    kept = site.kept()
    assert kept["Attainment"] == kept["Award"] == kept["EvidenceFile"] == kept["PartResult"] == []
    assert authoring.is_published(block("microcred_unit", "chain-unit")) == content
    assert (
        amina.client.get(reverse("lms:chromeless", args=[block("microcred_unit", "chain-unit")])).status_code
        == 200
    )


@pytest.mark.parametrize("handler", ["studio_submit", "arrange", "add_part"])
def test_an_editors_handler_changes_nothing_for_a_learner(site: Site, amina: Browser, handler: str) -> None:
    unit = authoring.has_unpublished_changes(block("microcred_unit", "chain-unit"))
    values = {
        "display_name": "Mine now",
        "outcome_key": "bike.chain",
        "estimated_minutes": 1,
        "layout": "page",
    }
    bodies = ({"values": values}, values, {"category": "html"}, {"remove": "x"})
    for body in bodies:
        answer = amina.call("microcred_unit", "chain-unit", handler, body)
        assert 400 <= answer.status_code < 500, answer.content
        sentence_of(answer)
    assert "Mine now" not in amina.open_unit("chain")
    assert authoring.has_unpublished_changes(block("microcred_unit", "chain-unit")) == unit


def test_a_check_without_attempts_left_takes_no_answer(site: Site, amina: Browser) -> None:
    for attempt in (1, 2):
        assert amina.answer("chain-gauge", "wait", attempt=attempt).json()["passed"] is False
    before = site.kept()
    answer = amina.answer("chain-gauge", attempt=3)
    assert answer.status_code == 409
    assert "Nothing was changed" in sentence_of(answer)
    draft = amina.call("microcred_check", "chain-gauge", "save_draft", {"answer": "chain"})
    assert draft.status_code == 409
    assert site.kept() == before


def test_a_passed_check_takes_no_answer(site: Site, amina: Browser) -> None:
    assert amina.answer("chain-gauge").json()["passed"] is True
    before = site.kept()
    answer = amina.answer("chain-gauge", "wait", attempt=2)
    assert answer.status_code == 409
    assert "correctly" in sentence_of(answer)
    assert site.kept() == before


def test_the_same_attempt_sent_again_uses_nothing(site: Site, amina: Browser) -> None:
    first = amina.answer("chain-gauge", "wait").json()
    before = site.kept()
    again = amina.answer("chain-gauge", "chain").json()
    assert (again["attempt"], again["passed"], again["repeated"]) == (1, False, True)
    assert first["attempt"] == 1
    assert site.kept() == before


def test_a_check_that_is_not_there_is_not_found(site: Site, amina: Browser) -> None:
    before = site.kept()
    for url in (
        handler_url("microcred_check", "nothing", "submit"),
        handler_url("microcred_check", "chain-gauge", "no_such_handler"),
        handler_url("no_such_type", "chain-gauge", "submit"),
        "/courses/course-v1:No+Such+Course/xblock/block-v1:No+Such+Course+type@microcred_check+block@x/handler/submit",
        "/courses/nonsense/xblock/nonsense/handler/submit",
    ):
        assert amina.post_json(url, {"answer": "chain"}).status_code == 404, url
    assert site.kept() == before


def test_a_check_of_another_course_is_not_this_learners(site: Site, amina: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "course.xml").write_text(OTHER, encoding="utf-8")
    other: CourseKey = olx.import_course(folder)
    check = other.make_usage_key("microcred_check", "check")
    before = site.kept()
    mixed = reverse("lms:handler", args=[COURSE, check, "submit"])
    assert amina.post_json(mixed, {"answer": "it"}).status_code == 404
    answer = amina.post_json(reverse("lms:handler", args=[other, check, "submit"]), {"answer": "it"})
    assert answer.status_code == 403
    assert "Enrol" in sentence_of(answer)
    assert site.kept() == before

    roles.enrol(site.user("amina").pk, other)
    answer = amina.post_json(reverse("lms:handler", args=[other, check, "submit"]), {"answer": "it"})
    assert answer.json()["progress"]["complete"] is True


def test_a_step_of_another_unit_is_not_found(site: Site, amina: Browser) -> None:
    before = site.kept()
    foreign = str(block("html", "puncture-patch"))
    for body in ({"to": foreign}, {"seen": [foreign]}):
        answer = amina.call("microcred_unit", "chain-unit", "go_to", body)
        assert answer.status_code == 404
        sentence_of(answer)
    assert site.kept() == before


def test_a_passed_part_cannot_be_claimed_by_saying_it_was_seen(site: Site, amina: Browser) -> None:
    seen = [str(block("microcred_check", name)) for name in ANSWERS if name.startswith("chain")]
    seen.append(str(block("microcred_evidence", "chain-note")))
    answer = amina.call("microcred_unit", "chain-unit", "go_to", {"to": "", "seen": seen})
    assert answer.status_code == 200
    assert answer.json()["done"] == 0
    assert site.kept()["PartResult"] == []


def test_handing_in_nothing_is_refused(site: Site, amina: Browser) -> None:
    for body in ({}, {"text": "   ", "link": ""}, {"text": "\0\0"}):
        answer = amina.call("microcred_evidence", "chain-note", "hand_in", body)
        assert answer.status_code == 400
        assert "evidence" in sentence_of(answer)
    assert site.kept()["PartResult"] == []
