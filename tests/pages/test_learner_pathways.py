"""The catalogue, a pathway as a learner stands before it, and what a unit counts towards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcred_app import api
from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from tests.fixtures.catalogue import NOW, do_unit, make_officer, publish, unit

SignIn = Callable[..., Client]


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def pathway(key: str, **changes: Any) -> None:
    values: dict[str, Any] = {
        "key": key,
        "title": f"Road {key}",
        "badge_key": "macro",
        "stages": (("First", "badge", "micro-a"), ("Second", "badge", "micro-b")),
    }
    pathways.store_pathway(pathways.PathwayDefinition(**(values | changes)), actor_id=None, now=NOW)


@pytest.fixture(autouse=True)
def roads(catalogue: None) -> None:
    publish("micro-a", {"outcome": "o.a"}, skill_keys=("s.a",), minutes=20)
    publish("micro-b", {"outcome": "o.b"}, minutes=30)
    publish("macro", {"all": [{"badge": "micro-a"}, {"badge": "micro-b"}]}, kind="macro")
    pathway("road", level="Basic")
    pathway("short", stages=(("First", "badge", "micro-a"),), language="de")
    pathway("draft", state="draft")


def titles(html: str) -> set[str]:
    return set(re.findall(r"Road (\w+)</a>", html))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"road", "short"}),
        ({"skill": "s.a"}, {"road", "short"}),
        ({"skill": "s.c"}, set()),
        ({"level": "Basic"}, {"road"}),
        ({"language": "de"}, {"short"}),
        ({"minutes": "30"}, {"short"}),
        ({"minutes": "50", "language": "en"}, {"road"}),
    ],
)
def test_the_catalogue_is_open_and_narrowed_by_what_is_asked(
    query: dict[str, str], found: set[str], sign_in: SignIn
) -> None:
    response = sign_in().get("/microcred/pathways/", query)
    assert response.status_code == 200
    assert titles(response.content.decode()) == found


@pytest.mark.parametrize("minutes", ["-1", "many", "0", "²", "9999999"])
def test_a_length_that_is_none_is_said_and_everything_shown(minutes: str, sign_in: SignIn) -> None:
    response = sign_in().get("/microcred/pathways/", {"minutes": minutes})
    assert response.status_code == 400
    assert "whole number above 0" in response.content.decode()
    assert titles(response.content.decode()) == {"road", "short"}


def test_a_pathway_is_open_to_anybody_and_says_what_it_takes(sign_in: SignIn) -> None:
    page = sign_in().get("/microcred/pathways/road").content.decode()
    assert "What it takes" in page
    assert "Sign in to follow it" in page
    assert "Your next step" not in page


def test_what_is_done_what_is_missing_and_the_next_step(amina: int, sign_in: SignIn) -> None:
    do_unit(amina, "a")
    api.unit_progress(amina, unit("b"), now=NOW)  # the learner has opened the unit
    page = sign_in(amina).get("/microcred/pathways/road").content.decode()
    assert "1 of 2 done" in page
    said = text(page)
    assert "Your next step Badge micro-b This is all that is missing. Open “Unit b” about 5 minutes" in said
    assert "jump" in page
    assert 'data-state="done"' in page
    assert 'data-state="missing"' in page


def test_a_learner_who_never_saw_a_unit_is_not_sent_to_a_guessed_place(amina: int, sign_in: SignIn) -> None:
    said = text(sign_in(amina).get("/microcred/pathways/road").content.decode())
    assert "You have not opened a unit for it yet" in said
    assert "The shortest way to finish has 2 steps and takes about 50 minutes." in said


def test_what_became_too_old_is_called_expired(amina: int, sign_in: SignIn) -> None:
    publish("fresh", {"outcome": "o.c", "within": "P1Y"})
    publish("fresh-macro", {"badge": "fresh", "within": "P1Y"}, kind="macro")
    pathway("renewed", badge_key="fresh-macro", stages=(("One", "badge", "fresh"),))
    publish("later", {"all": [{"outcome": "o.c", "within": "P1Y"}, {"outcome": "o.b"}]}, kind="macro")
    pathway("again", badge_key="later", stages=())
    do_unit(amina, "c", now=timezone.now() - timedelta(days=800))
    said = text(sign_in(amina).get("/microcred/pathways/again").content.decode())
    assert "expired: to be done again" in said


def test_follow_set_aside_take_up_and_leave(amina: int, sign_in: SignIn) -> None:
    client = sign_in(amina)
    address = "/microcred/my/pathways/road/follow"
    assert "Set it aside for now" in client.post(address, follow=True).content.decode()
    paused = client.post(address, {"pause": "1"}, follow=True).content.decode()
    assert "Take it up again" in paused
    assert "set aside" in client.get("/microcred/my/").content.decode()
    assert "Set it aside" in client.post(address, {"follow": "1"}, follow=True).content.decode()
    assert "Your badges stay yours" in client.post(address, {"leave": "1"}, follow=True).content.decode()


def test_a_retired_badge_is_announced_to_its_holders_and_on_its_pathway(amina: int, sign_in: SignIn) -> None:
    do_unit(amina, "a")
    do_unit(amina, "b")
    registrar = make_officer("ruth")
    badges.retire_badge(
        "macro",
        reason="Replaced.",
        successor="micro-b",
        notice="See the new one.",
        actor_id=registrar,
        now=NOW,
    )
    client = sign_in(amina)
    for address in ("/microcred/my/", "/microcred/pathways/road"):
        said = text(client.get(address).content.decode())
        assert "This badge has been retired: it cannot be earned any more." in said, address
        assert "See the new one." in said
        assert "It is followed by: Badge micro-b" in said


def test_a_unit_says_its_next_step_and_pathway(amina: int) -> None:
    do_unit(amina, "a")
    api.unit_progress(amina, unit("b"), now=NOW)
    pathways.follow(amina, "road", now=NOW)
    towards = {one.badge_key: one for one in api.counts_towards(amina, "o.a", now=NOW)}
    assert towards["micro-a"].earned
    macro = towards["macro"]
    assert (macro.next_title, macro.next_minutes) == ("Unit b", 5)
    assert macro.next_url
    assert macro.next_reason == "This is all that is missing."
    assert macro.pathway_title.startswith("Road")


@pytest.mark.parametrize("key", ["draft", "nothing"])
def test_what_is_not_published_is_not_there(key: str, sign_in: SignIn) -> None:
    assert sign_in().get(f"/microcred/pathways/{key}").status_code == 404


def test_a_rule_that_names_odd_things_breaks_no_page(amina: int, sign_in: SignIn) -> None:
    publish(
        "odd",
        {
            "any": [
                {"block": "no usage key"},
                {"grade": "no course", "minimum": 0.5},
                {"signoff": "x", "role": "assessor"},
                {"external": "https://x.example/a", "issuer": "did:web:x.example"},
                {"credits": 3, "skills": ["s.a"]},
                {"outcome": "o.c"},
                {"time": {"from": "2099-01-01"}},
            ]
        },
        kind="macro",
    )
    pathway("odd-road", badge_key="odd", stages=())
    assert sign_in(amina).get("/microcred/pathways/odd-road").status_code == 200
    assert sign_in().get("/microcred/pathways/odd-road").status_code == 200
