"""What the blocks owe a platform, on the demo's LMS and Studio: real requests, real rules about who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from demo_site.courses import authoring
from demo_site.courses.models import Grade, LearnerState
from microcred_app.applets.attainments.models import Attainment, PartResult, StepVisit, UnitProgress
from tests.fixtures.course_walk import COURSE, PARTS, Browser, block, handler_url, photo
from tests.integration.conftest import Site, site

__all__ = ["site"]  # the fixture
UNIT = block("microcred_unit", "chain-unit")


def records() -> list[Any]:
    models: tuple[Any, ...] = (LearnerState, Grade, UnitProgress, PartResult, StepVisit, Attainment)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_visitor_reads_and_writes_nothing(site: Site) -> None:
    visitor = Client()
    for handler in ("student_view_user_state", "progress"):
        answer = visitor.get(handler_url("microcred_unit", "chain-unit", handler))
        assert answer.status_code in (403, 405)
        assert answer.json()["error"]
    assert (
        visitor.post(
            handler_url("microcred_unit", "chain-unit", "go_to"), "{}", "application/json"
        ).status_code
        == 403
    )
    assert not StepVisit.objects.exists()


def test_a_session_without_its_token_changes_nothing(site: Site) -> None:
    amina = site.browser("amina")
    before = records()
    answer = amina.client.post(
        handler_url("microcred_unit", "chain-unit", "go_to"), '{"to": ""}', content_type="application/json"
    )
    assert answer.status_code == 403
    assert records() == before


def test_staff_who_look_as_a_learner_leave_no_trace(site: Site) -> None:
    amina, author = site.browser("amina"), site.browser("author")
    amina.open_unit("chain")
    before = records()
    answer = author.client.post(
        reverse("lms:look-as", args=[COURSE]),
        {"learner": site.user("amina").pk},
        headers={"X-CSRFToken": author.token},
    )
    assert answer.status_code == 302
    assert "viewing" in author.open_unit("chain")
    key = str(block("html", "chain-measure"))
    assert author.call("microcred_unit", "chain-unit", "go_to", {"to": key, "seen": [key]}).status_code == 403
    assert author.call("microcred_unit", "chain-unit", "refresh").status_code == 403
    assert author.call("microcred_unit", "chain-unit", "onward").status_code == 403
    assert records() == before


def test_studio_shows_the_unit_without_a_completion_service_and_keeps_nothing(site: Site) -> None:
    author = site.browser("author")
    before = records()
    page = author.client.get(f"/studio/container/{block('vertical', 'chain-page')}")
    assert page.status_code == 200
    assert records() == before


def test_a_child_hidden_from_learners_is_no_step(site: Site) -> None:
    hidden = block("microcred_check", "chain-habits")
    authoring.change_fields(hidden, {"visible_to_staff_only": True})
    authoring.publish(UNIT)
    amina = site.browser("amina")
    assert str(hidden) not in amina.open_unit("chain")
    assert amina.call("microcred_unit", "chain-unit", "go_to", {"to": str(hidden)}).status_code == 404
    assert not StepVisit.objects.filter(part_usage_key=str(hidden)).exists()


def test_a_file_above_the_platforms_limit_is_refused_before_the_block_sees_it(site: Site) -> None:
    amina = site.browser("amina")
    answer = amina.upload("inspect-evidence", "large.png", photo() + b"0" * 4_000_001)
    assert answer.status_code == 413


def test_a_reset_by_staff_lets_the_learner_do_the_unit_again_and_grades_it_once_more(site: Site) -> None:
    """As the LMS does it: children first, then the unit's own hook, then the state is deleted."""
    from demo_site.runtime.field_store import DatabaseState
    from demo_site.runtime.runtime import LmsRuntime, Viewer
    from demo_site.runtime.services import anonymous_id

    amina = site.browser("amina")
    amina.do_unit("chain")
    learner = site.user("amina").pk
    assert Grade.objects.filter(user_id=learner, usage_key=str(UNIT)).count() == 1

    runtime = LmsRuntime(COURSE, Viewer(site.user("author"), DatabaseState()))
    found = runtime.get_block(UNIT)
    assert found is not None
    found.clear_student_state(
        user_id=anonymous_id(learner, COURSE),
        course_id=str(COURSE),
        item_id=str(UNIT),
        requesting_user_id=anonymous_id(site.user("author").pk, COURSE),
    )
    subjects = [str(UNIT), *(str(block(kind, name)) for kind, name in PARTS["chain"])]
    LearnerState.objects.filter(user_id=learner, subject__in=subjects).delete()
    Grade.objects.filter(user_id=learner, usage_key=str(UNIT)).delete()

    progress = amina.call("microcred_unit", "chain-unit", "progress").json()
    assert (progress["complete"], progress["done"]) == (False, 3), "texts read and accepted work stay"
    assert not Grade.objects.filter(user_id=learner, usage_key=str(UNIT)).exists()
    for kind, name in PARTS["chain"]:
        if kind == "microcred_check":
            assert amina.answer(name).status_code == 200
    assert Grade.objects.filter(user_id=learner, usage_key=str(UNIT)).count() == 1
    assert Attainment.objects.filter(learner_id=learner).count() == 1


@pytest.mark.parametrize("handler", ["onward", "refresh", "stop_refreshing"])
def test_who_is_not_enrolled_gets_a_sentence(site: Site, handler: str) -> None:
    from django.contrib.auth import get_user_model

    stranger = Browser(get_user_model().objects.create_user("stranger", email="s@example.org"))
    answer = stranger.call("microcred_unit", "chain-unit", handler)
    assert answer.status_code == 403
    assert answer.json()["error"]
