"""In the platform's pages: called by the real openedx-filters; what only an LMS has stands in under its real name."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from crum import set_current_user
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from mako.lookup import TemplateLookup
from openedx_filters.learning.filters import (
    CourseEnrollmentAPIRenderStarted,
    InstructorDashboardRenderStarted,
    InstructorDashboardTabsRequested,
)

from demo_site.platform import DemoPlatform
from microcred_app.course_badges import CourseNotYours, course_badges
from microcred_app.platform_pages.placing import STEPS, TEMPLATES, place_steps, place_templates
from microcred_app.plugin_settings import plugin_settings
from tests.fixtures.catalogue import COURSE, do_unit, make_user, publish, set_up_catalogue
from tests.fixtures.review_world import OfficesOnly

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "https://lms.example"


def configured() -> dict[str, Any]:
    settings = SimpleNamespace()
    place_steps(settings)
    return dict(settings.OPEN_EDX_FILTERS_CONFIG)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """A course in which Amina earned one of two badges; Ben takes it too, Cleo does not; Toni is on its team."""
    set_up_catalogue()
    publish("bolt", {"outcome": "o.a"}, name="Bolts")
    publish("both", {"all": [{"outcome": "o.a"}, {"outcome": "o.b"}]}, name="Both")
    people = {name: make_user(name) for name in ("amina", "ben", "cleo", "toni")}
    do_unit(people["amina"], "a")
    offices = OfficesOnly()
    offices.install(monkeypatch)
    offices.staff.add(people["toni"])
    taking = {people["amina"], people["ben"]}
    monkeypatch.setattr(DemoPlatform, "is_enrolled", lambda _s, who, key: who in taking and key == COURSE)
    with override_settings(
        OPEN_EDX_FILTERS_CONFIG=configured(),
        MICROCRED={"PLATFORM": "demo_site.platform.DemoPlatform", "PUBLIC_BASE_URL": BASE,
                   "KEY_ENCRYPTION_KEYS": ["A" * 43 + "="]},
    ):  # fmt: skip
        yield people
    set_current_user(None)


def user(pk: int) -> Any:
    return get_user_model().objects.get(pk=pk)


def test_the_new_dashboard_has_one_more_tab_for_the_team(world: dict[str, int]) -> None:
    tabs = [{"tab_id": "grading", "title": "Grading", "url": "x", "sort_order": 1}]
    before = deepcopy(tabs)
    found, *_rest = InstructorDashboardTabsRequested.run_filter(tabs, user(world["toni"]), COURSE)
    assert found[0] == before[0]
    assert found[1]["tab_id"] == "microcred"
    assert found[1]["url"].startswith(f"{BASE}/microcred/insights/?course=course-v1%3ADemo")
    assert isinstance(found[1]["sort_order"], int)
    again, *_rest = InstructorDashboardTabsRequested.run_filter(found, user(world["toni"]), COURSE)
    assert len(again) == 2, "it stands there once"
    for who, course in ((world["amina"], COURSE), (world["toni"], "course-v1:Other+X+1")):
        same, *_rest = InstructorDashboardTabsRequested.run_filter(deepcopy(before), user(who), course)
        assert same == before


def test_the_old_dashboard_has_one_more_section(world: dict[str, int]) -> None:
    context = {"course": SimpleNamespace(id=COURSE), "sections": [{"section_key": "course_info"}], "other": 1}
    found, template = InstructorDashboardRenderStarted.run_filter(context, "instructor_dashboard_2.html")
    assert template == "instructor_dashboard_2.html"
    assert [one["section_key"] for one in found["sections"]] == ["course_info", "microcred"]
    assert found["other"] == 1
    section = found["sections"][1]
    lookup = TemplateLookup([str(TEMPLATES)])
    drawn = lookup.get_template(f"{section['template_path_prefix']}{section['section_key']}.html")
    html = drawn.render(section_data={**section, "links": [*section["links"], ('"><script>', "<b>")]})
    assert "Insights: how learners get on" in html
    assert "<script>" not in html
    assert "<b>" not in html


def test_the_learner_dashboard_gets_data(world: dict[str, int]) -> None:
    set_current_user(user(world["amina"]))
    key, found = CourseEnrollmentAPIRenderStarted.run_filter(COURSE, {"isEnrolled": True})
    assert key == COURSE
    assert found["isEnrolled"] is True
    ours = found["microcred"]
    assert (ours["badges"], ours["held"], ours["units"], ours["units_done"]) == (2, 1, 1, 1)
    assert ours["url"].startswith(f"{BASE}/microcred/my/course/")


def test_nothing_is_told_where_it_is_not_known_whose_it_is(
    world: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {"isEnrolled": True}
    assert CourseEnrollmentAPIRenderStarted.run_filter(COURSE, plain) == (COURSE, plain), (
        "nobody is signed in"
    )
    set_current_user(user(world["amina"]))
    other = "course-v1:Other+X+1"
    assert CourseEnrollmentAPIRenderStarted.run_filter(other, plain) == (other, plain)
    request = SimpleNamespace(GET={"user": "amina"})
    monkeypatch.setattr("microcred_app.platform_pages.filters.get_current_request", lambda: request)
    assert CourseEnrollmentAPIRenderStarted.run_filter(COURSE, plain) == (COURSE, plain), (
        "staff look as somebody"
    )


def test_a_step_that_fails_does_not_take_the_page_down(
    world: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> bool:
        raise RuntimeError("the database is away")

    monkeypatch.setattr("microcred_app.platform_pages.filters.has_units", fail)
    set_current_user(user(world["amina"]))
    assert CourseEnrollmentAPIRenderStarted.run_filter(COURSE, {"a": 1}) == (COURSE, {"a": 1})


FIRST = next(iter(STEPS))


@pytest.mark.parametrize(
    "theirs",
    [
        {"pipeline": ["their.Step"], "fail_silently": False, "log_level": "debug"},
        {"pipeline": "their.Step"},
        ["their.Step"],
        "their.Step",
    ],
)
def test_what_others_configured_stays(theirs: Any) -> None:
    kept = {"their.filter": {"pipeline": ["x"]}, FIRST: theirs}
    settings = SimpleNamespace(OPEN_EDX_FILTERS_CONFIG=deepcopy(kept))
    place_steps(settings)
    place_steps(settings)
    found = settings.OPEN_EDX_FILTERS_CONFIG
    assert found["their.filter"] == {"pipeline": ["x"]}
    assert found[FIRST]["pipeline"] == ["their.Step", STEPS[FIRST]]
    if isinstance(theirs, dict) and "fail_silently" in theirs:
        assert (found[FIRST]["fail_silently"], found[FIRST]["log_level"]) == (False, "debug")


def test_the_plugins_settings_add_steps_and_templates() -> None:
    settings = SimpleNamespace(MAKO_TEMPLATE_DIRS_BASE=["/theirs"])
    plugin_settings(settings)
    plugin_settings(settings)
    assert settings.MAKO_TEMPLATE_DIRS_BASE == ["/theirs", TEMPLATES]
    assert set(settings.OPEN_EDX_FILTERS_CONFIG) == set(STEPS)
    bare = SimpleNamespace()
    place_templates(bare)
    assert not vars(bare), "Studio and tests have no such folders"


@pytest.fixture
def lms(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two classes of the platform that the plugin classes stand on."""

    class EnrolledTab:
        @classmethod
        def is_enabled(cls, course: Any, user: Any = None) -> bool:
            return user is not None and user.enrolled

    class CourseApp:
        pass

    modules = {
        "lms.djangoapps.courseware.tabs": {"EnrolledTab": EnrolledTab},
        "openedx.core.djangoapps.course_apps.plugins": {"CourseApp": CourseApp},
    }
    for name, members in modules.items():
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            path = ".".join(parts[:depth])
            if path not in sys.modules:
                monkeypatch.setitem(sys.modules, path, ModuleType(path))
        for member, value in members.items():
            monkeypatch.setattr(sys.modules[name], member, value, raising=False)
    for ours in ("course_tab", "course_app"):
        monkeypatch.delitem(sys.modules, f"microcred_app.platform_pages.{ours}", raising=False)


def test_the_courses_tab(world: dict[str, int], lms: None) -> None:
    tab = import_module("microcred_app.platform_pages.course_tab").MyBadgesTab
    course = SimpleNamespace(id=COURSE)
    assert tab.is_enabled(course, user=SimpleNamespace(enrolled=True))
    assert not tab.is_enabled(course, user=SimpleNamespace(enrolled=False))
    assert not tab.is_enabled(SimpleNamespace(id="course-v1:Other+X+1"), user=SimpleNamespace(enrolled=True))
    from django.urls import reverse

    address = reverse(tab.view_name, args=[COURSE])
    client = Client(headers={"accept": "text/html"})
    client.force_login(user(world["amina"]))
    page = client.get(address).content.decode()
    assert "Bolts" in page
    assert "1 of 2" in page
    assert page.index("Bolts") < page.index("Both"), "held ones first"


def test_studios_card(world: dict[str, int], lms: None) -> None:
    card = import_module("microcred_app.platform_pages.course_app").MicrocredCourseApp
    assert card.is_available(COURSE)
    assert card.is_enabled(COURSE)
    assert card.get_allowed_operations(COURSE, user(world["toni"])) == {"enable": False, "configure": True}
    with pytest.raises(ValueError, match="cannot be turned"):
        card.set_enabled(COURSE, False, None)
    with override_settings(ROOT_URLCONF="tests.platform_pages.studio_urls"):
        assert card.legacy_link(COURSE) == f"/microcred/studio/outline/{COURSE}/"


@pytest.mark.parametrize("course", ["", "x", "\x00", "é" * 300, "course-v1:Other+X+1"])
def test_a_course_that_is_none_is_answered_like_somebody_elses(world: dict[str, int], course: str) -> None:
    with pytest.raises(CourseNotYours):
        course_badges(world["amina"], course)


def test_whoever_does_not_take_the_course_learns_nothing(world: dict[str, int]) -> None:
    client = Client(headers={"accept": "text/html"})
    for who in ("cleo", "ben"):
        client.force_login(user(world[who]))
        page = client.get(f"/microcred/my/course/{COURSE}/")
        data = client.get(
            "/api/microcred/v1/my/course", {"course": COURSE}, headers={"accept": "application/json"}
        )
        if who == "cleo":
            assert (page.status_code, data.status_code) == (404, 404)
        else:
            assert data.json()["held"] == 0
            assert data.json()["badges"][0] == {
                "badge": "bolt", "name": "Bolts", "held": False, "award": "", "outcomes_shown": 0, "outcomes_asked": 1
            }  # fmt: skip
