"""Studio's page for a whole course: for its authors, in three steps, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from demo_site.courses.models import ContentBlock
from microcred_app.pages.studio import outline as pages
from tests.fixtures.catalogue import make_user
from tests.fixtures.outline_course import KEY, edited, import_long_course, rows_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def author(tmp_path: Path, sign_in: Callable[..., Client]) -> Client:
    ines = make_user("ines")
    import_long_course(tmp_path / "course", ines)
    return sign_in(ines)


def address(name: str, key: str = KEY) -> str:
    return reverse(f"microcred_studio:{name}", args=[key])


def sheet(author: Client) -> list[dict[str, str]]:
    return rows_of(author.get(address("outline-sheet")).content.decode())


def hand_in(author: Client, content: bytes) -> Any:
    return author.post(address("outline-preview"), {"sheet": SimpleUploadedFile("units.csv", content)})


def button_value(answer: Any) -> str:
    return str(html.fromstring(answer.content.decode()).xpath("//input[@name='content']/@value")[0])


def test_the_sheet_goes_out_comes_back_is_looked_at_and_built(author: Client) -> None:
    assert "2 pages could become units." in author.get(address("outline")).content.decode()
    content = edited(sheet(author), {"statement": "Mend a flat tyre so that it holds"}, {"make": "no"})
    looked = hand_in(author, content)
    text = looked.content.decode()
    assert looked.status_code == 200 and "Build 1 unit in the draft" in text and "1 line is left out." in text
    assert not ContentBlock.objects.filter(fields__outcome_statement__startswith="Mend").exists()
    built = author.post(address("outline-build"), {"content": button_value(looked)})
    assert built.status_code == 302 and "/studio/container/" in built["Location"]
    assert ContentBlock.objects.filter(fields__outcome_statement__startswith="Mend").count() == 1
    again = author.post(address("outline-build"), {"content": button_value(looked)})
    assert again.status_code == 400 and "is no block of this page" in again.content.decode()


def test_faults_are_shown_with_their_lines_and_offer_no_button(author: Client) -> None:
    answer = hand_in(author, edited(sheet(author), {"minutes": "90"}))
    text = answer.content.decode()
    assert answer.status_code == 400 and "line 2" in text and "line 3" in text
    assert 'name="content"' not in text


@pytest.mark.parametrize("data", [{}, {"content": ""}, {"content": "%%%"}, {"content": "x" * 1_500_000}])
def test_a_confirmation_that_is_none_is_refused(author: Client, data: dict[str, str]) -> None:
    answer = author.post(address("outline-build"), data)
    assert answer.status_code == 400 and "Hand in the sheet again" in answer.content.decode()


def test_no_file_and_a_file_too_large_are_told(author: Client) -> None:
    assert "Choose the edited sheet first" in author.post(address("outline-preview")).content.decode()
    answer = hand_in(author, b"x" * (pages.MAX_BYTES + 1))
    assert answer.status_code == 413 and "larger than 1000 kB" in answer.content.decode()


@pytest.mark.parametrize("name", ["outline", "outline-sheet", "outline-preview", "outline-build"])
def test_only_authors_of_the_course_come_in(
    author: Client, sign_in: Callable[..., Client], name: str
) -> None:
    method = "post" if name in ("outline-preview", "outline-build") else "get"
    stranger = getattr(sign_in(make_user("stranger")), method)(address(name))
    assert stranger.status_code == 403 and "course team" in stranger.content.decode()
    nobody = getattr(sign_in(), method)(address(name))
    assert nobody.status_code == 302 and "sign-in" in nobody["Location"]
    assert getattr(author, method)(address(name, "nonsense")).status_code == 404
    other = {"get": author.post, "post": author.get}[method]
    assert other(address(name)).status_code == 405


def test_hostile_words_in_course_and_sheet_stay_words(author: Client) -> None:
    ContentBlock.objects.filter(block_type="vertical").update(fields={"display_name": HOSTILE})
    ContentBlock.objects.filter(block_type="html").update(fields={"display_name": HOSTILE, "data": HOSTILE})
    rows = sheet(author)
    change = {"title": HOSTILE, "statement": HOSTILE}
    for answer in (
        author.get(address("outline")),
        hand_in(author, edited(rows, change, {"make": "no"})),
        hand_in(
            author, edited(rows, {"page": HOSTILE, "make": HOSTILE, "blocks": HOSTILE, "minutes": HOSTILE})
        ),
    ):
        assert b"<script>alert" not in answer.content and b"<img" not in answer.content


def test_the_guide_is_there_for_everybody_in_studio(author: Client, sign_in: Callable[..., Client]) -> None:
    assert b"How to make a micro-unit" in author.get(reverse("microcred_studio:guide")).content
    assert sign_in().get(reverse("microcred_studio:guide")).status_code == 302
