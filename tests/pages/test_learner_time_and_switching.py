"""What fits into the minutes somebody has, and what carries over to another pathway before one switches."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from microcred_app import api
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.pathways import api as pathways
from microcred_app.learning import show_switch
from tests.fixtures.catalogue import COURSE, NOW, do_unit, make_user, publish, unit

SignIn = Callable[..., Client]
OTHER = "course-v1:Demo+WHEELS+1"


def pathway(key: str, badge: str, **changes: object) -> None:
    values = {"key": key, "title": f"Road {key}", "badge_key": badge, "stages": (("All", "badge", badge),)}
    definition = pathways.PathwayDefinition(**(values | changes))  # type: ignore[arg-type]
    pathways.store_pathway(definition, actor_id=None, now=NOW)


@pytest.fixture(autouse=True)
def roads(catalogue: None) -> None:
    publish("micro-a", {"outcome": "o.a"})
    publish("micro-b", {"outcome": "o.b"})
    publish("both", {"all": [{"badge": "micro-a"}, {"badge": "micro-b"}]}, kind="macro")
    publish("third", {"all": [{"outcome": "o.b"}, {"outcome": "o.c"}]})
    pathway("road", "both")
    pathway("third", "third")


def place(letter: str, minutes: int, course: str = COURSE, title: str = "") -> None:
    source = authoring.SourceInfo(
        f"block-v1:Demo+X+1+type@microcred_unit+block@{letter}{minutes}",
        course,
        f"o.{letter}",
        title,
        minutes,
    )
    authoring.register_source(source, now=NOW)


@pytest.fixture
def enrolled(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    from microcred_app.compat import platform

    courses = {COURSE}
    monkeypatch.setattr(
        type(platform()), "is_enrolled", lambda _self, _user, course_key: course_key in courses
    )
    return courses


def test_units_that_fit_come_from_every_course_of_the_learner(
    amina: int, sign_in: SignIn, enrolled: set[str]
) -> None:
    enrolled.add(OTHER)
    place("a", 8, title="Short A")
    place("b", 9, OTHER, title="Short B")
    place("b", 25, title="Long B")
    place("c", 5, title="Another road")
    place("a", 0, title="Nobody knows how long")
    client = sign_in(amina)
    page = client.get("/microcred/my/pathways/road?minutes=10").content.decode()
    assert "Short A" in page
    assert "Short B" in page
    for missing in ("Long B", "Another road", "Nobody knows"):
        assert missing not in page
    assert "Long B" in client.get("/microcred/my/pathways/road?minutes=30").content.decode()
    do_unit(amina, "a")
    page = client.get("/microcred/my/pathways/road?minutes=10").content.decode()
    assert "Short A" not in page
    assert "Short B" in page


def test_units_of_courses_of_others_are_not_shown_and_begun_ones_are(
    amina: int, sign_in: SignIn, enrolled: set[str]
) -> None:
    place("b", 9, OTHER, title="Short B")
    client = sign_in(amina)
    assert "Short B" not in client.get("/microcred/my/pathways/road?minutes=10").content.decode()
    spec = unit("a", parts=2)
    api.record_part(amina, spec, spec.parts[0].usage_key, score=1.0, now=NOW)
    page = client.get("/microcred/my/pathways/road?minutes=10").content.decode()
    assert "Unit a" in page
    assert "begun" in page


@pytest.mark.parametrize("minutes", ["0", "-1", "x", "²", "9999999"])
def test_odd_minutes_are_refused_in_words(minutes: str, amina: int, sign_in: SignIn) -> None:
    response = sign_in(amina).get("/microcred/my/pathways/road", {"minutes": minutes})
    assert response.status_code == 400
    assert "whole number above 0" in response.content.decode()


def test_a_visitor_is_asked_for_no_time(sign_in: SignIn) -> None:
    page = sign_in().get("/microcred/pathways/road?minutes=10").content.decode()
    assert "How much time" not in page


def test_what_carries_over_is_shown_before_switching(amina: int, sign_in: SignIn) -> None:
    client = sign_in(amina)
    pathways.follow(amina, "road", now=NOW)
    do_unit(amina, "a")
    do_unit(amina, "b")
    publish("wide", {"all": [{"badge": "micro-b"}, {"outcome": "o.c"}]}, kind="macro")
    pathway("wide", "wide")
    carried = show_switch("road", "third", amina, now=NOW)
    assert carried.counts == ("Mend part b of a bicycle",)
    assert [title for title, _minutes in carried.left] == ["Mend part c of a bicycle"]
    assert carried.stays_behind == ("Badge micro-a",)
    carried = show_switch("road", "wide", amina, now=NOW)
    assert carried.counts == ("Badge micro-b",)
    page = client.get("/microcred/my/pathways/road/switch").content.decode()
    assert "Road third" in page
    assert "Road wide" in page
    page = client.get("/microcred/my/pathways/road/switch?to=third").content.decode()
    assert "Counts there already" in page
    assert "Does not count there" in page
    assert pathways.get_pathway("road", amina, frozenset()).following
    answer = client.post("/microcred/my/pathways/road/switch", {"to": "third"})
    assert answer["Location"].endswith("/my/pathways/third")
    assert not pathways.get_pathway("road", amina, frozenset()).following
    assert pathways.get_pathway("third", amina, frozenset()).following


def test_part_of_a_badge_is_told_as_begun(amina: int) -> None:
    publish("duo", {"all": [{"outcome": "o.b"}, {"outcome": "o.c"}]})
    publish("top", {"all": [{"badge": "duo"}]}, kind="macro")
    pathway("top", "top")
    do_unit(amina, "b")
    assert show_switch("road", "top", amina, now=NOW).begun == (("Badge duo", 1, 2),)


def test_a_switch_that_cannot_be_leaves_the_learner_where_they_are(amina: int, sign_in: SignIn) -> None:
    client = sign_in(amina)
    pathways.follow(amina, "road", now=NOW)
    pathway("over", "third", state="retired")
    for to, status in (("nowhere", 404), ("over", 409), ("road", 404), ("", 404), ("\x00", 404)):
        assert client.post("/microcred/my/pathways/road/switch", {"to": to}).status_code == status, to
    assert client.get("/microcred/my/pathways/road/switch?to=over").status_code == 409
    assert client.get("/microcred/my/pathways/nowhere/switch").status_code == 404
    assert pathways.get_pathway("road", amina, frozenset()).following
    assert sign_in().get("/microcred/my/pathways/road/switch").status_code == 302
    assert (
        sign_in(make_user("ben")).post("/microcred/my/pathways/road/switch", {"to": "third"}).status_code
        == 302
    )
