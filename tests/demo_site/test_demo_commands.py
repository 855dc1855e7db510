"""Preparing the demo: once or ten times, the result is the same, and Studio's changes stay."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from opaque_keys.edx.keys import CourseKey

from demo_site.courses import authoring, roles
from demo_site.courses.management.commands import seed_demo
from demo_site.courses.models import Branch, ContentBlock, CourseRole, Enrolment
from demo_site.courses.tree import load_tree

from .conftest import ToyCourse


@pytest.fixture
def seed(course: ToyCourse) -> Any:
    """Runs the command on the toy course, which holds no badges."""

    def run(*options: str) -> str:
        out = StringIO()
        call_command("seed_demo", "--course", str(course.folder), *options, stdout=out, stderr=out)
        return out.getvalue()

    return run


def test_seeding_twice_changes_nothing(seed: Any) -> None:
    def counts() -> list[int]:
        return [m.objects.count() for m in (get_user_model(), ContentBlock, Enrolment, CourseRole)]

    seed()
    before = counts()
    seed()
    assert counts() == before


def test_everybody_has_the_role_their_card_describes(seed: Any, course: ToyCourse) -> None:
    seed()
    ids = dict(get_user_model().objects.values_list("username", "pk"))
    key = CourseKey.from_string(str(course.key))
    assert [name for name in ids if roles.is_enrolled(ids[name], key)] == ["amina", "ben"]
    assert [name for name in ids if roles.is_course_staff(ids[name], key)] == ["author"]
    assert sorted(name for name in ids if roles.is_reviewer(ids[name], key)) == ["author", "reviewer"]
    may = [user.username for user in get_user_model().objects.all() if user.has_module_perms("microcred_app")]
    assert may == ["registrar"]


def test_a_changed_password_and_name_stay(seed: Any) -> None:
    seed()
    amina = get_user_model().objects.get(username="amina")
    amina.set_password("my own")
    amina.first_name = "Mina"
    amina.save()
    seed()
    amina.refresh_from_db()
    assert amina.check_password("my own") and amina.first_name == "Mina"


def test_changes_made_in_studio_stay_unless_a_reset_is_asked_for(seed: Any, course: ToyCourse) -> None:
    toy = course.block("toy", "toy")
    authoring.change_fields(toy, {"display_name": "Changed"})
    seed()
    assert load_tree(course.key, Branch.DRAFT).nodes[toy].fields["display_name"] == "Changed"
    seed("--reset-content")
    assert load_tree(course.key, Branch.DRAFT).nodes[toy].fields["display_name"] == "Robot"


def test_a_missing_course_is_said_and_accounts_are_made_all_the_same(seed: Any, course: ToyCourse) -> None:
    (course.folder / "course.xml").unlink()
    assert "course.xml is missing" in seed()
    assert get_user_model().objects.filter(username=seed_demo.LEARNERS[0]).exists()


def test_a_faulty_course_stops_the_command_with_the_reason(seed: Any, course: ToyCourse) -> None:
    (course.folder / "course.xml").write_text("<course", encoding="utf-8")
    with pytest.raises(CommandError, match=r"course\.xml"):
        seed()
