"""Units are exported, imported, re-run, duplicated and deleted: nothing is lost, and outcomes are found again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey, UsageKey

from demo_site.courses import authoring as content
from demo_site.courses.models import Branch, ContentBlock
from demo_site.courses.tree import load_tree
from demo_site.runtime import olx
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.skills import api as skills
from microcred_app.learning import find_orphans, outline
from tests.fixtures.catalogue import make_user
from tests.fixtures.outline_course import KEY, OLX, import_long_course

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
RERUN = "course-v1:Org+Long+again"
HOSTILE = "</script><script>alert(1)</script>{{7*7}}"


@pytest.fixture
def ines(tmp_path: Path) -> int:
    author = make_user("ines")
    import_long_course(tmp_path / "course", author)
    outline.sync_sources(KEY, now=NOW)
    return author


def unit_key(course: str = KEY) -> UsageKey:
    return CourseKey.from_string(course).make_usage_key("microcred_unit", "u")


def fields(key: UsageKey) -> dict[str, Any]:
    return dict(ContentBlock.objects.get(usage_key=str(key), branch=Branch.DRAFT).fields)


def editor(ines: int, key: UsageKey) -> str:
    client = Client()
    client.force_login(make_staff(ines))
    return client.get(reverse("studio:edit", args=[key])).content.decode()


def make_staff(user_id: int) -> Any:
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.get(pk=user_id)
    user.is_superuser = True  # may author the re-run, too
    user.save()
    return user


def rerun(folder: Path) -> None:
    folder.mkdir()
    (folder / "course.xml").write_text(OLX.replace('url_name="run"', 'url_name="again"'))
    olx.import_course(folder)


def test_a_rerun_proves_the_same_outcomes_from_places_of_its_own(ines: int, tmp_path: Path) -> None:
    skills.define_outcome(key="far.away", statement="Ride far away", skill_key="", now=NOW)
    rerun(tmp_path / "rerun")
    outline.sync_sources(RERUN, now=NOW)
    places = {one.usage_key for one in authoring.live_sources("far.away")}
    assert places == {str(unit_key()), str(unit_key(RERUN))}
    assert find_orphans().units == ()


def test_a_unit_from_another_site_is_unresolved_until_one_click(ines: int) -> None:
    ContentBlock.objects.filter(usage_key=str(unit_key())).update(
        fields={**fields(unit_key()), "outcome_statement": "Ride far away"}
    )
    text = editor(ines, unit_key())
    assert "that this site does not know" in text and "Ride far away" in text
    assert [one.outcome_key for one in find_orphans().units] == ["far.away"]
    client = Client()
    client.force_login(make_staff(ines))
    answer = client.post(
        reverse("studio:handler", args=[unit_key(), "adopt_outcome"]), "{}", content_type="application/json"
    )
    assert answer.json()["outcome"]["statement"] == "Ride far away"
    assert "that this site does not know" not in editor(ines, unit_key())
    assert find_orphans().units == ()


def test_export_and_import_keep_the_unit_with_everything_in_it(ines: int) -> None:
    told = {
        **fields(unit_key()),
        "outcome_statement": 'Say "Größe" & <b>\nand more',
        "waivers": {"film": "No words.\nNone."},
        "weight": 2.5,
        "layout": "page",
    }
    ContentBlock.objects.filter(usage_key=str(unit_key())).update(fields=told)
    before = load_tree(CourseKey.from_string(KEY), Branch.DRAFT).content_of(unit_key())
    exported = olx.export_block(unit_key())
    content.delete_block(unit_key())
    page = CourseKey.from_string(KEY).make_usage_key("vertical", "done")
    olx.import_block(CourseKey.from_string(KEY), exported, page)
    assert load_tree(CourseKey.from_string(KEY), Branch.DRAFT).content_of(unit_key()) == before


def test_a_copy_is_a_source_of_its_own_and_goes_with_its_deletion(ines: int) -> None:
    copy = content.duplicate_block(unit_key(), "A copy")
    assert fields(copy)["outcome_key"] == "far.away"
    assert outline.sync_sources(KEY, now=NOW).added == (str(copy),)
    content.delete_block(copy)
    assert outline.sync_sources(KEY, now=NOW).retired == (str(copy),)
    assert [one.usage_key for one in authoring.live_sources("far.away")] == [str(unit_key())]


def test_hostile_values_in_olx_are_words_in_every_view(ines: int) -> None:
    page = CourseKey.from_string(KEY).make_usage_key("vertical", "empty")
    quoted = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    xml = (
        f'<microcred_unit url_name="bad" display_name="{quoted}" outcome_key="{quoted}" waivers="{quoted}" '
        f'outcome_statement="{quoted}" estimated_minutes="{quoted}" layout="{quoted}" weight="{quoted}">'
        f'<microcred_check url_name="bad-check" display_name="{quoted}" prompt="{quoted}" options="{quoted}" '
        f'check_type="{quoted}"/></microcred_unit>'
    )
    key = olx.import_block(CourseKey.from_string(KEY), xml.encode(), page)
    client = Client()
    client.force_login(make_staff(ines))
    for address in (
        reverse("studio:edit", args=[key]),
        reverse("studio:container", args=[key]),
        reverse("studio:container", args=[page]),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.content.decode()
        assert "could not be shown" not in answer.content.decode()
    outline.sync_sources(KEY, now=NOW)
    assert any(one.outcome_key == HOSTILE for one in find_orphans().units)
