"""Who is staff of a course, by the platform's table of roles or by openedx-authz, course by course."""

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from microcred_app.compat import OpenEdxPlatform
from microcred_app.platform_roles.authz import PERMISSION_OF_ROLE
from microcred_app.platform_roles.course_roles import ROLES_OF_OFFICE, CourseOffice, courses_of
from tests.fixtures.catalogue import make_user

pytestmark = pytest.mark.django_db
OLD, MOVED, MOVED_TOO = "course-v1:Demo+OLD+1", "course-v1:Demo+MOVED+1", "course-v1:Demo+MOVED+2"
ELSEWHERE, OTHER_CASE = "course-v1:Else+MOVED+1", "course-v1:demo+MOVED+1"
#: The platform's list of courses; MySQL finds an organisation however it is written.
COURSES = {OLD: "Demo", MOVED: "Demo", MOVED_TOO: "Demo", ELSEWHERE: "Else", OTHER_CASE: "demo"}


def module(monkeypatch: pytest.MonkeyPatch, path: str, **names: Any) -> None:
    parts = path.split(".")
    for depth in range(1, len(parts)):
        name = ".".join(parts[:depth])
        if name not in sys.modules:
            monkeypatch.setitem(sys.modules, name, ModuleType(parts[depth - 1]))
    made = ModuleType(path)
    vars(made).update(names)
    monkeypatch.setitem(sys.modules, path, made)


class _Overviews:
    def __init__(self, keys: list[str]) -> None:
        self.keys = keys

    def all(self) -> "_Overviews":
        return self

    def filter(self, org__in: set[str]) -> "_Overviews":
        wanted = {org.lower() for org in org__in}
        return _Overviews([key for key in self.keys if COURSES[key].lower() in wanted])

    def values_list(self, *_names: str, flat: bool) -> list[str]:
        return self.keys


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The LMS's table knows roles of OLD only; those of MOVED are in openedx-authz, and its flag is on there."""
    known: dict[str, Any] = {"table": set(), "authz": set(), "asked": []}

    def role(name: str) -> type:
        def has_user(self: Any, user: Any) -> bool:
            return (user.username, name, str(self.key)) in known["table"]

        return type(name, (), {"__init__": lambda self, key: setattr(self, "key", key), "has_user": has_user})

    def rows(user_id: int, role__in: Any) -> list[Any]:
        name = get_user_model().objects.get(pk=user_id).username
        return [
            SimpleNamespace(course_id=key)
            for who, kind, key in known["table"]
            if who == name and kind in role__in
        ]

    def allowed(username: str, action: str, scope: str) -> bool:
        known["asked"].append(scope)
        return (username, action, scope) in known["authz"]

    module(
        monkeypatch,
        "common.djangoapps.student.roles",
        CourseStaffRole=role("staff"),
        CourseInstructorRole=role("instructor"),
    )
    access = SimpleNamespace(objects=SimpleNamespace(filter=rows))
    module(monkeypatch, "common.djangoapps.student.models", CourseAccessRole=access)
    module(monkeypatch, "openedx.core.toggles", enable_authz_course_authoring=lambda key: str(key) != OLD)
    overviews = SimpleNamespace(objects=_Overviews(list(COURSES)))
    module(monkeypatch, "openedx.core.djangoapps.content.course_overviews.models", CourseOverview=overviews)
    module(monkeypatch, "openedx_authz.api")
    module(
        monkeypatch,
        "openedx_authz.api.users",
        is_user_allowed=allowed,
        get_scopes_for_user_and_permission=lambda username, action: [
            SimpleNamespace(external_key=scope)
            for who, what, scope in known["authz"]
            if (who, what) == (username, action)
        ],
    )
    yield known


@pytest.mark.parametrize("role", ["staff", "instructor"])
def test_a_moved_course_asks_authz_and_any_other_the_table(told: dict[str, Any], role: str) -> None:
    person, other, platform = make_user("staff1"), make_user("other"), OpenEdxPlatform()
    told["table"] |= {("staff1", role, OLD)}
    told["authz"] |= {("staff1", PERMISSION_OF_ROLE[role], MOVED)}
    for key in (OLD, MOVED):
        assert platform.is_course_staff(person, key)
        assert platform.is_reviewer(person, key)
        assert not platform.is_course_staff(other, key)
    assert set(told["asked"]) == {MOVED}
    assert platform.reviewable_courses(person) == (MOVED, OLD)


def test_a_role_left_in_the_table_of_a_moved_course_counts_for_nothing(told: dict[str, Any]) -> None:
    person = make_user("late")
    told["table"] |= {("late", "staff", MOVED), ("late", "staff", OLD)}
    assert not OpenEdxPlatform().is_course_staff(person, MOVED)
    assert OpenEdxPlatform().reviewable_courses(person) == (OLD,)


def test_a_role_in_authz_of_a_course_that_was_not_moved_counts_for_nothing(told: dict[str, Any]) -> None:
    person = make_user("early")
    told["authz"] |= {("early", PERMISSION_OF_ROLE["staff"], OLD)}
    assert not OpenEdxPlatform().is_course_staff(person, OLD)
    assert OpenEdxPlatform().reviewable_courses(person) == ()


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        ("course-v1:Demo+*", (MOVED, MOVED_TOO)),
        ("course-v1:*", (MOVED, MOVED_TOO, ELSEWHERE, OTHER_CASE)),
        ("course-v1:Dem+*", ()),
        ("lib:Demo:*", ()),
        ("course-v1:", ()),
        ("course-v1:odd", ()),
    ],
)
def test_roles_for_many_courses_at_once_list_each_moved_course(
    told: dict[str, Any], scope: str, reached: tuple[str, ...]
) -> None:
    make_user("wide")
    told["authz"] |= {("wide", PERMISSION_OF_ROLE["staff"], scope)}
    user = get_user_model().objects.get(username="wide")
    assert courses_of(user, CourseOffice.REVIEWER) == reached


def test_a_closed_account_is_nothing_and_global_staff_everything(told: dict[str, Any]) -> None:
    closed, boss = make_user("closed", is_active=False, is_staff=True), make_user("boss", is_staff=True)
    told["table"] |= {("closed", "staff", OLD)}
    assert not OpenEdxPlatform().is_course_staff(closed, OLD)
    assert OpenEdxPlatform().reviewable_courses(closed) == ()
    assert OpenEdxPlatform().is_course_staff(boss, MOVED)


def test_without_authz_the_table_answers(told: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openedx_authz.api", None)
    monkeypatch.setitem(sys.modules, "openedx_authz.api.users", None)
    person = make_user("table")
    told["table"] |= {("table", "staff", MOVED)}
    assert OpenEdxPlatform().is_course_staff(person, MOVED)
    assert OpenEdxPlatform().reviewable_courses(person) == (MOVED,)


def test_every_role_has_its_permission_in_authz() -> None:
    assert {role for roles in ROLES_OF_OFFICE.values() for role in roles} == set(PERMISSION_OF_ROLE)
