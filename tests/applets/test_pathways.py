"""Pathways: what they point at is checked when they are written, and may go away later without harm."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.pathways.models import Following
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish

STAGES = (("First", "badge", "a"), ("Second", "outcome", "o.b"))
LATER = NOW.replace(month=6)


@pytest.fixture(autouse=True)
def badges_to_walk_to() -> None:
    publish("a", {"outcome": "o.a"}, minutes=20)
    publish("goal", {"all": [{"badge": "a"}, {"outcome": "o.b"}]}, kind="macro")


def store(key: str = "road", **changes: Any) -> None:
    values = {"key": key, "title": "The road", "badge_key": "goal", "stages": STAGES} | changes
    pathways.store_pathway(pathways.PathwayDefinition(**values), actor_id=None, now=NOW)


def seen_by(learner_id: int, held: frozenset[str] = frozenset()) -> pathways.PathwayInfo:
    return pathways.get_pathway("road", learner_id, held)


def test_a_pathway_says_who_answers_for_it_and_where_it_leads() -> None:
    store("next", title="Further on")
    store(owner="Office", occupations=("ISCO:7231",), level="EQF 4", language="de", leads_to=("next",))
    info = seen_by(make_user())
    assert (info.owner, info.occupations, info.level, info.language) == (
        "Office",
        ("ISCO:7231",),
        "EQF 4",
        "de",
    )
    assert info.leads_to == (("Further on", "next"),)


def test_its_minutes_are_the_sum_of_its_stages() -> None:
    store()
    amina = make_user()
    assert seen_by(amina).minutes == 20
    do_unit(amina, "b")
    assert seen_by(amina).minutes == 25  # the unit of the second stage takes five


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"key": "No Key"}, "key"),
        ({"badge_key": "gone"}, "badge"),
        ({"state": "asleep"}, "state"),
        ({"language": "german"}, "language"),
        ({"occupations": ("welder",)}, "occupations"),
        ({"leads_to": ("gone",)}, "leads_to"),
        ({"leads_to": ("road",)}, "leads_to"),
        ({"stages": (("", "badge", "a"),)}, "stages"),
        ({"stages": (("x", "course", "a"),)}, "stages"),
        ({"stages": (("x", "badge", "gone"),)}, "stages"),
        ({"stages": (("x", "outcome", "gone"),)}, "stages"),
        ({"stages": (("x", "badge", "a"), ("y", "badge", "a"))}, "stages"),
        ({"stages": tuple((f"{n}", "badge", "a") for n in range(101))}, "stages"),
        ({"description": "x" * 20_000}, "description"),
    ],
)
def test_what_cannot_work_is_refused_by_field_and_nothing_changes(
    changes: dict[str, Any], field: str
) -> None:
    store()
    before = pathways.pathway_definitions()
    with pytest.raises(pathways.PathwayRefused) as caught:
        store(**changes)
    assert list(caught.value.problems) == [field]
    assert pathways.pathway_definitions() == before


def test_a_pathway_whose_badge_was_retired_is_shown_to_whoever_is_on_it() -> None:
    store()
    amina, ben = make_user("amina"), make_user("ben")
    pathways.follow(amina, "road", now=NOW)
    badges.retire_badge("goal", reason="Replaced", actor_id=None, now=NOW)
    assert not seen_by(amina).open
    assert [info.key for info in pathways.list_pathways(amina, frozenset())] == ["road"]
    assert pathways.list_pathways(ben, frozenset()) == ()
    with pytest.raises(pathways.PathwayClosed):
        pathways.follow(ben, "road", now=NOW)


def test_a_stage_whose_badge_was_retired_is_marked_as_lost_unless_it_is_held() -> None:
    store()
    amina = make_user()
    badges.retire_badge("a", reason="Replaced", actor_id=None, now=NOW)
    assert [stage.lost for stage in seen_by(amina).stages] == [True, False]
    held = seen_by(amina, frozenset({"a"})).stages[0]
    assert (held.done, held.lost) == (True, False)


def test_a_draft_is_not_there_for_learners() -> None:
    store(state="draft")
    assert pathways.list_pathways(make_user(), frozenset()) == ()
    with pytest.raises(pathways.PathwayNotFound):
        seen_by(make_user("ben"))
    assert pathways.pathways_of_badges(["goal"]) == {}


def test_following_is_begun_paused_taken_up_again_and_left() -> None:
    store()
    amina = make_user()
    state = lambda: (seen_by(amina).following, seen_by(amina).paused)  # noqa: E731 - asked after every step
    pathways.pause(amina, "road", now=NOW)
    assert state() == (False, False)
    pathways.follow(amina, "road", now=NOW)
    pathways.pause(amina, "road", now=NOW)
    pathways.pause(amina, "road", now=LATER)
    assert state() == (True, True)
    assert Following.objects.get().paused_at == NOW
    pathways.follow(amina, "road", now=LATER)
    assert state() == (True, False)
    assert Following.objects.get().followed_at == NOW
    pathways.leave(amina, "road", now=LATER)
    assert state() == (False, False)
    pathways.follow(amina, "road", now=LATER)
    assert Following.objects.get().followed_at == LATER


def test_a_retired_pathway_keeps_its_followers_and_takes_nobody_new() -> None:
    store()
    amina, ben = make_user("amina"), make_user("ben")
    pathways.follow(amina, "road", now=NOW)
    store(state="retired")
    pathways.pause(amina, "road", now=NOW)
    pathways.follow(amina, "road", now=NOW)
    assert seen_by(amina).following
    with pytest.raises(pathways.PathwayClosed, match="stays yours"):
        pathways.follow(ben, "road", now=NOW)


def test_many_pathways_are_listed_with_as_many_questions_as_few() -> None:
    store()
    amina = make_user()
    pathways.list_pathways(amina, frozenset())
    with CaptureQueriesContext(connection) as few:
        pathways.list_pathways(amina, frozenset())
    for number in range(10):
        store(f"road-{number}")
    with CaptureQueriesContext(connection) as many:
        assert len(pathways.list_pathways(amina, frozenset())) == 11
    assert len(many) == len(few)
