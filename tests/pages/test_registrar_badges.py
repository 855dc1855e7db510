"""Badges of a registrar: found, compared version by version, ended and brought back with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcred_app.applets.audit import api as audit
from microcred_app.applets.badges import api as badges
from tests.fixtures.catalogue import do_unit, make_officer, publish

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/badges/"
RULE = {"outcome": "o.a"}


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    return sign_in(make_officer("ruth"))


def names(client: Client, **query: str) -> set[str]:
    """Keys of the badges on a page of the list."""
    return {row.key for row, _holders in client.get(HERE, query).context["rows"]}


def test_badges_are_found_by_words_and_by_state(ruth: Client) -> None:
    now = timezone.now()
    governed = badges.Governance(owner="Dean", review_due=date(2099, 1, 1))
    publish("fine", RULE, name="Wheel building", governance=governed)
    publish("late", RULE, name="Wheel truing", governance=badges.Governance(review_due=date(2026, 1, 1)))
    publish("leaving", RULE, name="Hubs", governance=governed)
    badges.deprecate_badge("leaving", sunset_at=now + timedelta(days=9), actor_id=None, now=now)
    publish("gone", RULE, name="Rims")
    badges.retire_badge("gone", reason="x", actor_id=None, now=now)
    publish("coming", RULE, name="Motors", effective_at=now + timedelta(days=9))
    assert names(ruth) == {"fine", "late", "leaving", "gone", "coming"}
    assert names(ruth, q="wheel TRU") == {"late"}
    assert names(ruth, q="leav") == {"leaving"}
    assert names(ruth, state="overdue") == {"late"}
    assert names(ruth, state="deprecated") == {"leaving"}
    assert names(ruth, state="retired") == {"gone"}
    assert names(ruth, state="scheduled") == {"coming"}
    assert names(ruth, state="nonsense") == names(ruth)
    assert "No badge matches" in ruth.get(HERE, {"q": "saddle"}).content.decode()


def test_fifty_badges_cost_as_many_queries_as_one(ruth: Client) -> None:
    publish("b00", RULE)
    ruth.get(HERE)
    with CaptureQueriesContext(connection) as one:
        ruth.get(HERE)
    for number in range(1, 60):
        publish(f"b{number:02}", RULE)
    with CaptureQueriesContext(connection) as many:
        page = ruth.get(HERE).content.decode()
    assert "1 to 50 of 60" in page
    assert len(many) == len(one)
    assert "Badge b59" in ruth.get(HERE, {"page": "2"}).content.decode()
    for odd in ("0", "-1", "99", "x", "9" * 30, "²"):
        assert ruth.get(HERE, {"page": odd}).status_code == 200


def test_what_a_version_changed_stands_in_words(ruth: Client, amina: int) -> None:
    publish("safety", RULE, name="Safety", skill_keys=("s.a",))
    do_unit(amina, "a")
    publish("safety", {"outcome": "o.b"}, name="Workshop safety", minutes=20)
    page = ruth.get(HERE + "safety").content.decode()
    for said in (
        "Version 2",
        "<dt>Name</dt>",
        "Workshop safety</ins>",
        "Mend part a of a bicycle”.</del>",
        "Mend part b of a bicycle”.</ins>",
        "<dt>Minutes</dt>",
        "s.a</del>",
        "The first version.",
        "1 holder",
    ):
        assert said in page, said
    assert "<dt>Description</dt>" not in page


def test_the_end_is_announced_changed_and_taken_back(ruth: Client) -> None:
    publish("old", RULE)
    publish("new", RULE, name="The new one")
    form = {"step": "deprecate", "sunset": "2099-06-30", "successor": "new", "reason": "Replaced"}
    form["notice"] = "Earn the new one."
    assert ruth.post(HERE + "old", form).status_code == 302
    page = ruth.get(HERE + "old").content.decode()
    for said in ("deprecated, until June 30, 2099", "The new one", "Earn the new one.", "Replaced"):
        assert said in page
    assert ruth.post(HERE + "old", {"step": "retire", "reason": "Now"}).status_code == 302
    assert "Earn the new one." in ruth.get(HERE + "old").content.decode()
    assert ruth.post(HERE + "old", {"step": "reinstate", "reason": "A mistake"}).status_code == 302
    assert badges.current_badge("old").life.state == "published"
    entries = audit.list_entries(object_type="badge", object_id="old", issuer_slugs=["school"])
    assert [entry.action for entry in entries][:3] == [
        "badge.reinstated",
        "badge.retired",
        "badge.deprecated",
    ]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"step": "retire", "reason": " ", "notice": "Typed long"}, "Give a reason"),
        ({"step": "deprecate", "sunset": "soon", "reason": "x", "notice": "Typed long"}, "on which day"),
        ({"step": "deprecate", "sunset": "2020-01-01", "reason": "x", "notice": "Typed long"}, "lie ahead"),
        (
            {"step": "deprecate", "sunset": "2099-01-01", "reason": "", "notice": "Typed long"},
            "Give a reason",
        ),
        ({"step": "retire", "reason": "x", "successor": "nothing", "notice": "Typed long"}, "no such badge"),
        ({"step": "retire", "reason": "x", "successor": "old", "notice": "Typed long"}, "old → old"),
        ({"step": "reinstate", "reason": "x"}, "is in force"),
        ({"step": "explode"}, "Choose what to do"),
    ],
)
def test_a_refused_step_says_why_and_loses_nothing(ruth: Client, form: dict[str, str], said: str) -> None:
    publish("old", RULE)
    response = ruth.post(HERE + "old", form)
    assert response.status_code == 400
    page = response.content.decode()
    assert said in page
    assert form.get("notice", "") in page
    assert badges.current_badge("old").life.state == "published"


def test_an_unknown_badge_is_answered_kindly(ruth: Client) -> None:
    assert ruth.get(HERE + "nothing").status_code == 404
    assert ruth.post(HERE + "nothing", {"step": "retire"}).status_code == 404


def test_a_skill_says_what_mentions_it(ruth: Client) -> None:
    publish("safety", RULE, name="Safety", skill_keys=("s.a",))
    publish("credits", {"credits": 3, "skills": ["s.a"]}, name="Enough credits")
    page = ruth.get("/microcred/registrar/skills/s.a").content.decode()
    assert "Safety" in page
    assert "Enough credits" in page
    assert "Mend part a of a bicycle" in page
    assert ruth.get("/microcred/registrar/skills/nothing").status_code == 404
