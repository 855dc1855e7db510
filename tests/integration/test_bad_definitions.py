"""What is wrong in a definition is named with its place and changes nothing, on the page, over REST and in a bundle."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import Badge, BadgeDraft, BadgeVersion
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.pathways.models import Pathway
from microcred_app.applets.skills.models import Outcome, Skill
from microcred_app.applets.skills.stamp import touch_definitions
from microcred_app.bundle import ApplyOptions, BundleError, apply_bundle, export_bundle
from microcred_app.bundle.pictures import PictureFolder
from microcred_app.bundle.writing import write_text
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, set_up_catalogue

HERE = "/microcred/registrar/"
API = "/api/microcred/v1/"
TABLES = (Badge, BadgeDraft, BadgeVersion, Pathway, Skill, Outcome)


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    cache.clear()
    set_up_catalogue()


@pytest.fixture
def ruth() -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(get_user_model().objects.get(pk=make_officer("ruth")))
    return client


def everything() -> list[list[dict[str, Any]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


def apply(**sections: Any) -> Any:
    text = write_text(sections)
    return apply_bundle(text.encode(), PictureFolder(None), options=ApplyOptions(), now=NOW)


def rest(client: Client, address: str, **body: Any) -> Any:
    """What the interface for programs answers."""
    headers = {"accept": "application/json"}
    return client.post(API + address, json.dumps(body), content_type="application/json", headers=headers)


def road(key: str, *leads_to: str) -> dict[str, Any]:
    return {"key": key, "title": f"Road {key}", "badge": "held", "leads_to": list(leads_to)}


def store(key: str, *leads_to: str) -> None:
    definition = pathways.PathwayDefinition(key=key, title=key, badge_key="held", leads_to=leads_to)
    pathways.store_pathway(definition, actor_id=None, now=NOW)


MALFORMED: list[tuple[Any, str]] = [
    ({}, ""),
    ({"all": []}, "all"),
    ({"all": [{"outcome": "o.a"}, {"outcome": 7}]}, "all[1].outcome"),
    ({"at_least": 3, "of": [{"outcome": "o.a"}]}, "at_least"),
    ({"any": [{"badge": "x", "outcome": "y"}]}, "any[0]"),
    ({"all": {"outcome": "o.a"}}, "all"),
    ({"outcome": "k" * 256}, "outcome"),
    ("outcome", ""),
    (None, ""),
    (7, ""),
]


@pytest.mark.parametrize(("tree", "path"), MALFORMED)
def test_a_malformed_tree_is_named_with_its_path_and_changes_nothing(
    tree: Any, path: str, ruth: Client
) -> None:
    publish("held", {"outcome": "o.a"})
    badges.open_draft("held", actor_id=None, now=NOW)
    before = everything()

    answer = rest(ruth, "requirements/validate", requirement=tree)
    assert answer.status_code == 400, answer.content
    if isinstance(tree, dict):
        assert answer.json()["requirement"]["path"] == path
        assert answer.json()["detail"]

    with pytest.raises(BundleError) as caught:
        apply(
            badges=[{"key": "new", "kind": "micro", "issuer": "school", "name": "New", "requirement": tree}]
        )
    problem = next(found for found in caught.value.problems if "requirement" in found.path)
    assert problem.line >= 1

    page = ruth.post(
        HERE + "badges/held/edit", {"do": "check", "requirement": json.dumps(tree), "revision": "1"}
    )
    assert page.status_code < 500
    assert everything() == before


@pytest.mark.parametrize("key", ["k" * 201, "block-v1:" + "x" * 246])
def test_keys_as_long_as_usage_keys_are_kept_whole(key: str) -> None:
    assert len(key) <= 255
    rule = {"any": [{"outcome": "o.a"}, {"block": key}]}
    publish("long", rule)
    found = badges.current_badge("long")
    assert key in json.dumps(badges.content_of(found)["requirement"])
    assert badges.badges_mentioning([("block", key)]) == (found,)


def test_a_circle_through_three_badges_is_named_in_full_on_the_page_and_in_a_bundle(ruth: Client) -> None:
    publish("one", {"outcome": "o.a"})
    publish("two", {"badge": "one"})
    publish("three", {"badge": "two"})
    badges.open_draft(
        "one",
        {"requirement": {"badge": "three"}, "skills": ["s.a"], "owner": "O", "steward": "S", "purpose": "P",
         "review_due": "2030-01-01"},
        actor_id=None,
        now=NOW,
    )  # fmt: skip
    before = everything()
    page = ruth.post(HERE + "badges/one/edit", {"do": "publish", "revision": "1", **form_of("one")})
    assert page.status_code == 400
    assert "one → three → two → one" in page.content.decode()
    one = {"key": "one", "kind": "micro", "issuer": "school", "name": "Badge one", "description": "What",
           "requirement": {"badge": "three"}}  # fmt: skip
    with pytest.raises(BundleError, match="one → three → two → one"):
        apply(badges=[one])
    assert everything() == before


def form_of(key: str) -> dict[str, Any]:
    """What a browser sends back of a draft that was not touched."""
    content = badges.get_draft(key).content
    return {
        "requirement": json.dumps(content["requirement"]),
        **{
            name: value for name, value in content.items() if isinstance(value, str) and name != "requirement"
        },
    }


def test_a_circle_through_three_pathways_is_named_in_full_on_the_page_and_in_a_bundle(ruth: Client) -> None:
    publish("held", {"outcome": "o.a"})
    store("c")
    store("b", "c")
    store("a", "b")
    before = everything()
    form = {
        "title": "c",
        "key": "c",
        "badge": "held",
        "state": "published",
        "language": "en",
        "leads_to": "a",
    }
    page = ruth.post(HERE + "pathways/c/edit", {"do": "save", "seen": "", **form})
    assert page.status_code in (400, 409)
    with pytest.raises(pathways.PathwayRefused, match="c → a → b → c"):
        store("c", "a")
    with pytest.raises(BundleError, match="→") as caught:
        apply(pathways=[road("a", "b"), road("b", "c"), road("c", "a")])
    assert any("leads_to" in problem.path and problem.line for problem in caught.value.problems)
    assert everything() == before


def test_a_bundle_may_turn_the_way_between_pathways_round() -> None:
    publish("held", {"outcome": "o.a"})
    apply(pathways=[road("a", "b"), road("b")])
    apply(pathways=[road("b", "a"), road("a")])
    found = {one.key: one.leads_to for one in pathways.pathway_definitions()}
    assert found == {"a": (), "b": ("a",)}


def test_a_skill_and_an_outcome_that_are_gone_are_shown_wherever_rules_mention_them(ruth: Client) -> None:
    rule = {
        "any": [
            {"outcome": "o.b"},
            {"credits": 3, "skills": ["s.c"]},
            {"grade": "course-v1:gone+1+1", "minimum": 0.5},
        ]
    }
    publish("held", rule, skill_keys=("s.b",))
    badges.open_draft("held", actor_id=None, now=NOW)
    store("road")
    Outcome.objects.filter(key__in=("o.b", "o.c")).delete()
    Skill.objects.filter(key__in=("s.b", "s.c")).delete()
    badges.forget_versions()
    touch_definitions()
    for address in (
        "badges/",
        "badges/held",
        "badges/held/edit",
        "badges/held/back-fill",
        "pathways/",
        "skills/",
        "",
    ):
        page = ruth.get(HERE + address)
        assert page.status_code == 200, address
    assert "o.b" in ruth.get(HERE + "badges/held").content.decode()
    for address in ("badges/held", "badges", "pathways", "pathways/road"):
        assert Client().get(API + address).status_code == 200, address
    assert "outcome: o.b" in export_bundle(PictureFolder(None), now=NOW)
    learner = Client(headers={"accept": "text/html"})
    learner.force_login(get_user_model().objects.get(pk=make_user("amina")))
    for address in ("/microcred/achievements/held/v1", "/microcred/pathways/", "/microcred/my/"):
        assert learner.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("rule", "said"),
    [({"time": {"from": "2020-01-01"}}, "verybody"), ({"outcome": "o.a", "until": "2020-01-01"}, "obody")],
)
def test_a_rule_for_everybody_or_nobody_asks_twice_in_a_bundle_too(rule: Any, said: str) -> None:
    entry = {"key": "new", "kind": "micro", "issuer": "school", "name": "New", "description": "What it is",
             "requirement": rule, "skills": ["s.a"], "owner": "O", "steward": "S", "purpose": "P",
             "review_due": "2030-01-01"}  # fmt: skip
    before = everything()
    with pytest.raises(BundleError, match=said):
        apply(badges=[entry])
    assert everything() == before


def test_a_back_fill_for_everybody_or_nobody_asks_twice_over_rest(ruth: Client) -> None:
    for name in ("ada", "ben"):
        do_unit(make_user(name), "a")
    publish("everybody", {"outcome": "o.a"})
    publish("nobody", {"outcome": "o.c"})
    for key in ("everybody", "nobody"):
        refused = rest(ruth, "backfills", badge=key)
        assert (refused.status_code, refused.json()["code"]) == (409, "confirmation_needed")
        assert rest(ruth, "backfills", badge=key, confirm_reach=True).status_code == 201
