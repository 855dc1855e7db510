"""Insights as pages, sheets and over REST: the same figures, for the team only, harmless wherever they open."""

from __future__ import annotations

import csv
from collections.abc import Callable
from html import unescape
from io import StringIO

import pytest
from django.test import Client

from demo_site.platform import DemoPlatform
from microcred_app import api
from microcred_app.courses import AnswerWords, QuestionWords
from tests.fixtures.catalogue import COURSE, NOW, make_user, unit
from tests.fixtures.review_world import OfficesOnly

UNIT = unit("a", parts=2)
ONE, TWO = (part.usage_key for part in UNIT.parts)
ASKED = {"course": COURSE, "unit": UNIT.usage_key}
ADDRESSES = ["/microcred/insights/", "/microcred/insights/units.csv", "/microcred/insights/unit/"]
ADDRESSES += ["/microcred/insights/unit.csv", "/api/microcred/v1/insights", "/api/microcred/v1/insights/unit"]
SignIn = Callable[..., Client]


@pytest.fixture
def author(monkeypatch: pytest.MonkeyPatch) -> int:
    people, person = OfficesOnly(), make_user("author")
    people.install(monkeypatch)
    people.staff.add(person)
    evil = AnswerWords("=HYPERLINK(1)<script>", False)
    words = QuestionWords("w" * 16, "Which <b>one</b>?", {}, {"": {"x": AnswerWords("Oil", True), "y": evil}})
    monkeypatch.setattr(DemoPlatform, "questions_of", lambda _s, course, key: {ONE: words})
    return person


@pytest.fixture
def answered() -> None:
    """Thirty learners: half are right at once."""
    for number in range(30):
        learner = make_user(f"learner{number}")
        api.unit_progress(learner, UNIT, now=NOW)
        api.note_step(learner, UNIT.usage_key, ONE, now=NOW)
        for part in (ONE, TWO):
            right = number < 15
            given = (("", "x" if right else "y"),)
            api.record_response(
                learner,
                api.Response(part, COURSE, 1, "single", "w" * 16, given, float(right), right),
                now=NOW,
            )
            if right:
                api.record_part(learner, UNIT, part, score=1.0, now=NOW)


def text_of(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    content = answer.getvalue() if answer.streaming else answer.content
    return content.decode("utf-8-sig")


def test_a_unit_is_told_in_tables(author: int, answered: None, sign_in: SignIn) -> None:
    page = text_of(sign_in(author), "/microcred/insights/unit/", **ASKED)
    assert "Which &lt;b&gt;one&lt;/b&gt;?" in page
    assert "<script>" not in page
    assert "Tells well" in page
    assert page.count("<h1") == 1
    assert 'aria-hidden="true"' in page, "bars say nothing the table does not"


def test_the_list_of_a_course_leads_to_its_units(author: int, answered: None, sign_in: SignIn) -> None:
    client = sign_in(author)
    page = text_of(client, "/microcred/insights/")
    address = unescape(page.split('<th role="rowheader" scope="row"><a href="')[1].split('"')[0])
    assert client.get(address).status_code == 200
    assert "Unit a" in page


def test_the_sheet_holds_the_same_and_no_formula(author: int, answered: None, sign_in: SignIn) -> None:
    rows = list(csv.reader(StringIO(text_of(sign_in(author), "/microcred/insights/unit.csv", **ASKED))))
    assert ["unit", "Unit a", "started", "", "30", "", ""] in rows
    assert ["first answer", "Part 0", "Oil", "right", "15", "0.5", ""] in rows
    assert ["check", "Part 0", "discrimination", "single", "", "", "1.0"] in rows
    evil = [cell for row in rows for cell in row if "HYPERLINK" in cell]
    assert evil == ["'=HYPERLINK(1)<script>"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_programs_get_the_same(author: int, answered: None, sign_in: SignIn) -> None:
    client = sign_in(author)
    found = client.get("/api/microcred/v1/insights/unit", ASKED).json()
    assert (found["funnel"]["started"]["number"], found["smallest_group"]) == (30, 5)
    assert found["checks"][0]["tables"][0]["lines"][0]["given"] == {"number": 15, "share": 0.5}
    course = client.get("/api/microcred/v1/insights", {"course": COURSE}).json()
    assert course["units"][0]["completed"] == {"number": 15, "share": 0.5}
    assert client.get("/api/microcred/v1/insights/unit", {"course": COURSE}).status_code == 400


def test_few_learners_are_named_nowhere(author: int, sign_in: SignIn) -> None:
    for number in range(3):
        api.record_part(make_user(f"few{number}"), UNIT, ONE, score=1.0, now=NOW)
    client = sign_in(author)
    assert "Too few learners" in text_of(client, "/microcred/insights/unit/", **ASKED)
    rows = list(csv.reader(StringIO(text_of(client, "/microcred/insights/unit.csv", **ASKED))))
    assert ["unit", "Unit a", "started", "", "hidden", "hidden", ""] in rows
    assert not [cell for row in rows[1:] for cell in row if cell.isdigit()]
    found = client.get("/api/microcred/v1/insights/unit", ASKED).json()
    assert found["funnel"]["started"]["number"] is None


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_learners_and_visitors_learn_nothing(
    author: int, answered: None, sign_in: SignIn, address: str
) -> None:
    of_course = address.endswith(("insights/", "insights", "units.csv"))
    query = {"course": COURSE} if of_course else ASKED
    visitor = sign_in().get(address, query)
    assert visitor.status_code in (302, 403)
    learner = sign_in(make_user("stranger")).get(address, query)
    assert learner.status_code == 404
    assert "Unit a" not in learner.content.decode()


@pytest.mark.parametrize(
    "query", [{}, {"course": "x"}, {"course": COURSE, "unit": "\x00"}, {"course": COURSE, "unit": "é" * 3000}]
)
def test_odd_questions_are_answered_without_an_error(
    author: int, sign_in: SignIn, query: dict[str, str]
) -> None:
    client = sign_in(author)
    for address in ADDRESSES:
        assert client.get(address, query).status_code in (200, 400, 404)


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_can_be_written(author: int, sign_in: SignIn, address: str) -> None:
    assert sign_in(author).post(address, ASKED).status_code == 405
