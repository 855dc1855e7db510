"""The LMS adapter calls the platform's own functions; here they stand in as doubles under their real names."""

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from completion.models import BlockCompletion
from django.contrib.auth import get_user_model

from microcred_app.compat import OpenEdxPlatform, Person
from tests.fixtures.catalogue import make_user

pytestmark = pytest.mark.django_db
COURSE = "course-v1:Demo+BIKE+1"
UNIT = "block-v1:Demo+BIKE+1+type@microcred_unit+block@a"


@pytest.fixture
def lms(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Modules of the LMS that the adapter imports, with a record of what they were told."""
    told: dict[str, Any] = {"scores": [], "staff": set(), "instructors": set(), "enrolled": set()}

    def role(name: str) -> type:
        return type(
            name,
            (),
            {
                "__init__": lambda self, key: setattr(self, "key", key),
                "has_user": lambda self, user: (user.pk, str(self.key)) in told[name],
            },
        )

    modules = {
        "common.djangoapps.student.models": {
            "CourseEnrollment": SimpleNamespace(
                is_enrolled=lambda user, key: (user.pk, str(key)) in told["enrolled"]
            ),
            "CourseAccessRole": SimpleNamespace(
                objects=SimpleNamespace(
                    filter=lambda user_id, role__in: [
                        SimpleNamespace(course_id=key) for pk, key in sorted(told["staff"]) if pk == user_id
                    ]
                )
            ),
        },
        "common.djangoapps.student.roles": {
            "CourseStaffRole": role("staff"),
            "CourseInstructorRole": role("instructors"),
        },
        "lms.djangoapps.grades.api": {
            "signals": SimpleNamespace(
                SCORE_PUBLISHED=SimpleNamespace(send=lambda **kw: told["scores"].append(kw))
            )
        },
        "openedx.core.djangoapps.content.course_overviews.models": {
            "CourseOverview": SimpleNamespace(
                objects=SimpleNamespace(
                    filter=lambda id: SimpleNamespace(
                        first=lambda: (
                            SimpleNamespace(display_name_with_default="Bikes") if str(id) == COURSE else None
                        )
                    )
                )
            )
        },
    }
    for path, names in modules.items():
        parts = path.split(".")
        for depth in range(1, len(parts)):
            monkeypatch.setitem(sys.modules, ".".join(parts[:depth]), ModuleType(parts[depth - 1]))
        module = ModuleType(path)
        vars(module).update(names)
        monkeypatch.setitem(sys.modules, path, module)
    yield told


def test_roles_and_enrolment_are_asked_of_the_lms(lms: dict[str, Any]) -> None:
    learner, staff, platform = make_user(), make_user("staff"), OpenEdxPlatform()
    lms["enrolled"].add((learner, COURSE))
    lms["staff"].add((staff, COURSE))
    assert platform.is_enrolled(learner, COURSE)
    assert not platform.is_enrolled(staff, COURSE)
    assert platform.is_reviewer(staff, COURSE)
    assert not platform.is_reviewer(learner, COURSE)
    assert not platform.is_enrolled(10_000, COURSE)
    assert not platform.is_course_staff(10_000, COURSE)
    assert platform.reviewable_courses(staff) == (COURSE,)
    assert platform.reviewable_courses(learner) == ()


@pytest.mark.parametrize(
    "typed", ["", "x", "course-v1:", "a" * 3000, "block-v1:Demo+A+1+type@x+block@y", "\x00"]
)
def test_nobody_is_anything_to_what_is_no_course_key(lms: dict[str, Any], typed: str) -> None:
    boss, platform = make_user("boss", is_staff=True, is_superuser=True), OpenEdxPlatform()
    assert not platform.is_course_staff(boss, typed)
    assert not platform.is_reviewer(boss, typed)
    assert not platform.is_enrolled(boss, typed)


def test_grade_and_completion_of_an_absent_learner_are_reported_in_the_lms_way(lms: dict[str, Any]) -> None:
    learner, platform = make_user(), OpenEdxPlatform()
    platform.submit_completion(learner, UNIT, 1.0)
    row = BlockCompletion.objects.get(user_id=learner)
    assert (str(row.full_block_key), row.completion) == (UNIT, 1.0)
    platform.submit_grade(learner, UNIT, 0.5, 1.0)
    score = lms["scores"][0]
    assert (score["user"].pk, score["raw_earned"], score["raw_possible"]) == (learner, 0.5, 1.0)
    assert score["only_if_higher"] is True
    assert str(score["block"].location) == UNIT
    assert str(score["block"].course_id) == COURSE


def test_people_and_courses_are_named_and_missing_ones_do_not_break(lms: dict[str, Any]) -> None:
    platform = OpenEdxPlatform()
    learner = make_user("amina", first_name="Amina", last_name="Diallo")
    assert platform.learner_name(learner) == "Amina Diallo"
    assert platform.learner_email(learner) == "amina@example.org"
    assert platform.learner_name(10_000) == platform.learner_email(10_000) == ""
    assert platform.people([learner, 10_000]) == {learner: Person("Amina Diallo", "amina@example.org")}
    assert platform.course_title(COURSE) == "Bikes"
    assert platform.course_title("course-v1:Gone+X+1") == "course-v1:Gone+X+1"
    assert platform.unit_url(UNIT) == f"/courses/{COURSE}/jump_to/{UNIT}"


def test_masquerading_is_seen_on_the_user_in_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user()
    user = get_user_model().objects.get()
    monkeypatch.setattr("microcred_app.compat.get_current_user", lambda: user)
    assert not OpenEdxPlatform().is_masquerading()
    user.real_user = object()
    assert OpenEdxPlatform().is_masquerading()


def test_a_learner_is_found_by_the_id_under_which_a_course_knows_them(
    lms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = make_user()
    known = {"0" * 32: SimpleNamespace(pk=learner)}
    monkeypatch.setattr(
        sys.modules["common.djangoapps.student.models"], "user_by_anonymous_id", known.get, raising=False
    )
    assert OpenEdxPlatform().learner_of_anonymous_id("0" * 32, COURSE) == learner
    assert OpenEdxPlatform().learner_of_anonymous_id("1" * 32, COURSE) is None
