"""The draft editor as a form: it works without script, loses nothing that was typed, and asks the offices."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import preview_runs
from microcred_app.applets.badges import api as badges
from tests.fixtures.catalogue import NOW, PICTURE, do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]
NEW = "/microcred/registrar/badges/new"
EDIT = "/microcred/registrar/badges/plant/edit"


@pytest.fixture
def catalogue_of_badges() -> None:
    for key, name, outcome in (
        ("safety", "Safety", "o.a"),
        ("pumps", "Pump maintenance", "o.b"),
        ("valves", "Valve maintenance", "o.c"),
    ):
        publish(key, {"outcome": outcome}, name=name)


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    return sign_in(make_officer("ruth"))


def begin(client: Client, **typed: str) -> None:
    values = {"name": "Plant Operations", "key": "plant", "kind": "macro", "issuer": "school"} | typed
    assert client.post(NEW, values).status_code == 302


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def send(client: Client, page: str, do: str, **typed: Any) -> tuple[int, str]:
    """Press a button of the page with everything that travels in its hidden fields."""
    travelling = {name: hidden(page, name) for name in ("requirement", "undo", "panel", "revision", "image")}
    response = client.post(EDIT, {**travelling, "do": do, **typed})
    return response.status_code, response.content.decode()


def tree(page: str) -> Any:
    return json.loads(hidden(page, "requirement"))


def fill(**changes: str) -> dict[str, str]:
    """What makes a draft ready."""
    return {
        "name": "Plant Operations",
        "description": "Runs a plant safely and keeps its pumps and valves in order.",
        "issuer": "school",
        "kind": "macro",
        "language": "en",
        "achievement_type": "Certificate",
        "minutes": "30",
        "owner": "Registrar's office",
        "steward": "Workshop",
        "purpose": "Shows that the holder may run a plant.",
        "review_due": "2027-03-01",
        "proof_type": "recognition",
        "holders_policy": "keep",
    } | changes


def test_a_rule_is_built_without_script(catalogue_of_badges: None, ruth: Client) -> None:
    begin(ruth)
    page = ruth.get(EDIT).content.decode()
    _status, page = send(ruth, page, "new:badge:")
    assert "Pump maintenance" in page
    _status, page = send(ruth, page, "put:", **{"leaf-chosen": "safety"})
    assert tree(page) == {"all": [{"badge": "safety"}]}
    assert "holds the badge “Safety”" in unescape(page)
    _status, page = send(ruth, page, "add-group:at_least:")
    _status, page = send(ruth, page, "new:badge:1")
    _status, page = send(ruth, page, "search:", **{"leaf-query": "maintenance", "leaf-within": "2"})
    assert 'value="pumps"' in page
    assert 'value="safety"' not in page.split('id="leaf-results"')[1].split("</fieldset>")[0]
    assert 'name="leaf-within" type="text" inputmode="numeric" value="2"' in page
    picked = {"leaf-chosen": ["pumps", "valves"], "leaf-within": "2", "leaf-within_unit": "Y"}
    _status, page = send(ruth, page, "put:", **picked)
    rule = {
        "all": [
            {"badge": "safety"},
            {
                "at_least": 2,
                "of": [{"badge": "pumps", "within": "P2Y"}, {"badge": "valves", "within": "P2Y"}],
            },
        ]
    }
    assert tree(page) == rule
    assert "within the last 2 years" in page
    status, _page = send(ruth, page, "save", **fill())
    assert status == 302
    assert badges.get_draft("plant").content["requirement"] == rule


def test_moving_keeps_the_focus_and_undo_restores(catalogue_of_badges: None, ruth: Client) -> None:
    begin(ruth)
    rule = {"all": [{"badge": "safety"}, {"badge": "pumps"}]}
    badges.save_draft("plant", {"requirement": rule}, revision=1, actor_id=None, now=NOW)
    page = ruth.get(EDIT).content.decode()
    assert "Move “Pump maintenance” up" in page
    _status, page = send(ruth, page, "up:1")
    assert [leaf["badge"] for leaf in tree(page)["all"]] == ["pumps", "safety"]
    assert re.search(r'value="up:0"[^>]*autofocus', page)
    assert "It is number 1 of 2 in its group" in page
    _status, page = send(ruth, page, "up:0")
    assert "first of its group already" in page
    _status, page = send(ruth, page, "remove:0")
    _status, page = send(ruth, page, "undo:")
    assert [leaf["badge"] for leaf in tree(page)["all"]] == ["pumps", "safety"]
    _status, page = send(ruth, page, "in:1")
    assert tree(page) == {"all": [{"all": [{"badge": "pumps"}, {"badge": "safety"}]}]}
    assert badges.get_draft("plant").content["requirement"] == rule, "nothing is stored before it is saved"


def test_what_was_typed_into_groups_counts_with_any_button(ruth: Client) -> None:
    begin(ruth)
    rule = {"all": [{"outcome": "o.a"}, {"outcome": "o.b"}]}
    badges.save_draft("plant", {"requirement": rule}, revision=1, actor_id=None, now=NOW)
    page = ruth.get(EDIT).content.decode()
    _status, page = send(ruth, page, "down:0", **{"kind-": "at_least"})
    assert tree(page) == {"at_least": 1, "of": [{"outcome": "o.b"}, {"outcome": "o.a"}]}
    _status, page = send(ruth, page, "apply:", **{"kind-": "at_least", "amount-": "three"})
    assert tree(page)["at_least"] == "three"
    assert "is no whole number" in page
    status, page = send(ruth, page, "save", **fill(), **{"kind-": "at_least", "amount-": "2"})
    assert status == 302
    assert badges.get_draft("plant").content["requirement"]["at_least"] == 2


def test_nothing_typed_is_lost_when_something_is_wrong(ruth: Client) -> None:
    begin(ruth)
    page = ruth.get(EDIT).content.decode()
    status, page = send(
        ruth, page, "save", **fill(minutes="half an hour", name="Plant <b>", review_due="soon")
    )
    assert status == 400
    assert 'value="half an hour"' in page
    assert "Plant &lt;b&gt;" in page
    assert 'value="soon"' in page
    assert "Write a whole number here" in page
    assert badges.get_draft("plant").revision == 1


def test_a_picture_survives_a_round_trip_and_a_bad_one_is_refused(ruth: Client) -> None:
    begin(ruth)
    page = ruth.get(EDIT).content.decode()
    _status, page = send(ruth, page, "new:outcome:", **fill(), picture=SimpleUploadedFile("a.svg", PICTURE))
    digest = hidden(page, "image")
    assert len(digest) == 64
    evil = SimpleUploadedFile("b.svg", b"<svg xmlns='x'><script>1</script></svg>")
    status, page = send(ruth, page, "save", **fill(), picture=evil)
    assert status == 400
    assert "script or outside references" in page
    assert hidden(page, "image") == digest
    send(ruth, page, "save", **fill())
    assert badges.get_draft("plant").content["image"] == digest


def test_two_registrars_are_shown_both_versions(ruth: Client, sign_in: SignIn) -> None:
    otto = sign_in(make_officer("otto"))
    begin(ruth)
    first, second = (client.get(EDIT).content.decode() for client in (ruth, otto))
    send(ruth, first, "save", **fill(name="Plant of Ruth", owner="Ruth's office"))
    status, page = send(
        otto, second, "save", **fill(name="Plant of Otto", purpose="Otto's purpose", owner="")
    )
    assert status == 409
    for said in ("Plant of Ruth", "Plant of Otto", "Ruth&#x27;s office", "Otto&#x27;s purpose"):
        assert said in page
    assert badges.get_draft("plant").content["name"] == "Plant of Ruth"
    choices = {"do": "resolve", "mine": hidden(page, "mine"), "take-name": "mine", "take-owner": "theirs"}
    merged = otto.post(EDIT, choices).content.decode()
    assert 'value="Plant of Otto"' in merged
    assert "Ruth&#x27;s office" in merged
    assert "Otto&#x27;s purpose" in merged
    assert badges.get_draft("plant").content["name"] == "Plant of Ruth", "choosing stores nothing"
    kept = fill(name="Plant of Otto", purpose="Otto's purpose", owner="Ruth's office")
    assert send(otto, merged, "save", **kept)[0] == 302
    assert badges.get_draft("plant").content["owner"] == "Ruth's office"


def test_submitted_approved_by_another_person_and_published(
    ruth: Client, sign_in: SignIn, settings: Any
) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "TWO_PERSON_APPROVAL": True}
    reviewer = sign_in(make_officer("rita", "reviewer"))
    begin(ruth)
    rule = json.dumps({"all": [{"outcome": "o.a"}]})
    page = ruth.get(EDIT).content.decode()
    assert send(ruth, page, "submit", **fill(), requirement=rule)[0] == 302
    page = ruth.get(EDIT).content.decode()
    assert "Somebody else has to approve this" in page
    assert send(ruth, page, "approve", **fill())[0] == 403
    assert send(ruth, page, "publish", **fill())[0] == 409
    judged = reviewer.get(EDIT).content.decode()
    assert "disabled" in judged
    assert send(reviewer, judged, "save", **fill(name="Mine"))[0] == 403
    assert send(reviewer, judged, "send-back", comment=" ")[0] == 400
    assert send(reviewer, judged, "send-back", comment="Say which pumps.")[0] == 302
    page = ruth.get(EDIT).content.decode()
    assert "Say which pumps." in page
    send(ruth, page, "submit", **fill(), requirement=rule)
    assert send(reviewer, reviewer.get(EDIT).content.decode(), "approve")[0] == 302
    assert send(ruth, ruth.get(EDIT).content.decode(), "publish", **fill(), requirement=rule)[0] == 302
    assert badges.current_badge("plant").name == "Plant Operations"


def test_publishing_what_is_not_ready_says_what_is_missing(ruth: Client) -> None:
    begin(ruth)
    status, page = send(ruth, ruth.get(EDIT).content.decode(), "publish", **fill(owner=""))
    assert status == 400
    assert "Name the office that answers for it" in page
    assert badges.get_draft("plant").revision == 1, "a step that is refused stores nothing"


def test_a_rule_for_everybody_asks_twice(ruth: Client) -> None:
    begin(ruth)
    page = ruth.get(EDIT).content.decode()
    rule = json.dumps({"all": [{"time": {"from": "2020-01-01"}}]})
    status, page = send(ruth, page, "publish", **fill(), requirement=rule)
    assert status == 409
    assert "Publish all the same" in page
    assert not badges.latest_badges(["plant"])
    assert send(ruth, page, "publish", **fill(), requirement=rule, confirm="yes")[0] == 302
    assert badges.current_badge("plant").number == 1


def test_the_preview_shows_numbers_and_names_to_those_who_may_see_them(
    ruth: Client, sign_in: SignIn, amina: int
) -> None:
    do_unit(amina, "a")
    begin(ruth)
    rule = json.dumps({"all": [{"outcome": "o.a"}]})
    page = ruth.get(EDIT).content.decode()
    _status, seen = send(ruth, page, "preview", **fill(), requirement=rule)
    assert "1 learner would gain it" in seen
    assert "Amina Diallo" in seen
    steward = sign_in(make_officer("stella", "steward"))
    _status, seen = send(steward, page, "preview", **fill(), requirement=rule)
    assert "1 learner would gain it" in seen
    assert "Amina" not in seen
    send(ruth, page, "save", **fill(), requirement=rule)
    reviewer = sign_in(make_officer("rita", "reviewer"))
    looked = reviewer.post(EDIT, {"do": "preview", "revision": "2"}).content.decode()
    assert "1 learner would gain it" in looked, "who only looks sees what is stored"
    assert "A school" in looked


def test_nobody_sees_or_writes_for_another_organisation(ruth: Client, sign_in: SignIn) -> None:
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    begin(ruth)
    otto = sign_in(make_officer("otto", issuer_slug="college"))
    assert otto.get(EDIT).status_code == 404
    assert otto.post(EDIT, {"do": "save", **fill()}).status_code == 404
    assert ruth.post(NEW, {"name": "X", "key": "x", "issuer": "college"}).status_code == 400
    page = ruth.get(EDIT).content.decode()
    assert send(ruth, page, "save", **fill(issuer="college"))[0] == 403
    assert badges.get_draft("plant").content["issuer"] == "school"
    assert sign_in(make_officer("olga", "auditor")).post(EDIT, {"do": "discard"}).status_code == 403
    assert sign_in(make_user("nobody")).get(EDIT).status_code == 403
    assert sign_in(make_officer("ria", "reviewer")).get(NEW).status_code == 403


def test_the_next_version_begins_with_what_is_published(ruth: Client) -> None:
    publish("plant", {"outcome": "o.a"}, name="Plant")
    url = reverse("microcred_app:registrar-draft", args=["plant"])
    assert "Begin the next version" in ruth.get(url).content.decode()
    with pytest.raises(badges.DraftNotFound):
        badges.get_draft("plant")
    ruth.post(url)
    assert badges.get_draft("plant").content["name"] == "Plant"
    assert ruth.post(NEW, {"name": "Plant", "issuer": "school"}).status_code == 400
    assert ruth.get("/microcred/registrar/badges/unknown/edit").status_code == 404


@pytest.mark.parametrize(
    ("do", "typed"),
    [
        ("up:9.9.9", {}),
        ("up:x", {}),
        ("nonsense", {}),
        ("put:", {"panel": "new:badge:7"}),
        ("put:", {"panel": "edit:badge:"}),
        ("new:nonsense:", {}),
        ("undo:", {"undo": "[7]"}),
        ("save", {"requirement": "{", "revision": "x"}),
        ("save", {"requirement": '{"al": 1}', "revision": "99999"}),
        ("resolve", {"mine": "[]"}),
        ("resolve", {"mine": '{"nonsense": 1, "minutes": "x"}'}),
        ("check", {"requirement": "[" * 5000}),
    ],
)
def test_tampered_forms_are_answered_kindly(ruth: Client, do: str, typed: dict[str, str]) -> None:
    begin(ruth)
    response = ruth.post(EDIT, {"do": do, **fill(), **typed})
    assert response.status_code < 500
    assert response.content


def test_a_stored_rule_that_is_no_tree_is_told_and_kept(ruth: Client) -> None:
    begin(ruth)
    badges.save_draft("plant", {"requirement": ["odd"]}, revision=1, actor_id=None, now=NOW)
    page = ruth.get(EDIT).content.decode()
    assert "cannot be shown as a tree" in page
    send(ruth, page, "save", **fill(), requirement="")
    assert badges.get_draft("plant").content["requirement"] == ["odd"]


def test_a_steward_writes_and_does_not_publish(sign_in: SignIn) -> None:
    steward = sign_in(make_officer("stella", "steward"))
    begin(steward)
    page = steward.get(EDIT).content.decode()
    assert 'value="publish"' not in page
    assert send(steward, page, "publish", **fill())[0] == 403
    assert send(steward, page, "save", **fill())[0] == 302


def test_the_largest_rule_is_drawn_and_edited_in_one_answer(ruth: Client) -> None:
    begin(ruth)
    half = [{"badge": f"b{number}"} for number in range(248)]
    rule = {"all": [{"any": half}, {"any": [{"outcome": leaf["badge"]} for leaf in half]}]}
    badges.save_draft("plant", {"requirement": rule}, revision=1, actor_id=None, now=NOW)
    page = ruth.get(EDIT).content.decode()
    begun = time.thread_time()
    _status, page = send(ruth, page, "up:1.247")
    assert time.thread_time() - begun < 20
    assert tree(page)["all"][1]["any"][246] == {"outcome": "b247"}
    _status, page = send(ruth, page, "add-group:any:0")
    _status, page = send(ruth, page, "add-group:at_least:0")
    assert "at most 500 parts" in page


def test_a_preview_that_concerns_many_says_how_far_it_is_and_keeps_what_was_typed(
    ruth: Client, amina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_runs, "AT_ONCE", 0)
    do_unit(amina, "a")
    begin(ruth)
    rule = json.dumps({"all": [{"outcome": "o.a"}]})
    page = ruth.get(EDIT).content.decode()
    _status, seen = send(ruth, page, "preview", **fill(name="Typed and not saved"), requirement=rule)
    assert "computed in the background (0 %)" in seen
    assert "Show how far it is" in seen
    assert "Typed and not saved" in seen
    [run_id] = backfill.open_previews()
    backfill.work_on_preview(run_id, clock=timezone.now, seconds=60.0)
    _status, seen = send(ruth, page, "preview", **fill(), requirement=rule)
    assert "1 learner would gain it" in seen
