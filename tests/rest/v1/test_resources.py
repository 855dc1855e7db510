"""Who may read and do what through the interface, and how it answers."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.urls import URLPattern
from django.utils import timezone

from microcred_app.applets.awards.models import Award
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import preview_runs
from microcred_app.applets.badges.api import Terms
from microcred_app.rest.v1.addresses import PREFIX, v1_urls
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

from .conftest import API, Call


def described(client: Client) -> Any:
    return json.loads(client.get(f"{API}schema").content)


def test_the_published_description_names_every_route_and_no_other(client: Client) -> None:
    def address(route: URLPattern) -> str:
        parts = str(route.pattern).split("/")
        names = ["{" + part.strip("<>").split(":")[1] + "}" if ":" in part else part for part in parts]
        return f"/{PREFIX}{'/'.join(names)}"

    paths = described(client)["paths"]
    assert sorted(paths) == sorted(
        address(route) for route in v1_urls if route.name not in ("v1-schema", "v1-nothing")
    )
    operations = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(set(operations)) == len(operations)


def test_every_operation_tells_its_refusals(client: Client) -> None:
    for path in described(client)["paths"].values():
        for operation in path.values():
            assert {"400", "403", "404", "429"} <= set(operation["responses"])


@pytest.mark.parametrize("address", ["issuers", "skills", "badges", "pathways", "badges/micro-a/versions/1"])
def test_definitions_are_open_to_anybody(call: Call, address: str) -> None:
    assert call("GET", address)[0] == 200


@pytest.mark.parametrize("address", ["drafts", "awards", "backfills", "audit", "my/badges", "sign-offs"])
def test_everything_else_asks_who_it_is(call: Call, address: str) -> None:
    status, answer, response = call("GET", address)
    assert (status, answer["code"]) == (403, "not_authenticated")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["drafts", "awards", "backfills", "audit", "sign-offs"])
def test_a_learner_holds_no_office(call: Call, amina: int, address: str) -> None:
    assert call("GET", address, amina)[:1] == (403,)


def test_awards_of_other_organisations_are_absent(call: Call, amina: int, ruth: int) -> None:
    status, answer, _ = call("GET", "awards", ruth)
    assert (status, [award["badge"] for award in answer["items"]]) == (200, ["micro-a"])
    stranger = make_officer("otto", issuer_slug="elsewhere")
    assert call("GET", "awards", stranger)[1]["items"] == []
    award_id = answer["items"][0]["id"]
    assert call("GET", f"awards/{award_id}", stranger)[0] == 404
    assert call("POST", f"awards/{award_id}/revoke", stranger, {"reason": "x"})[0] == 404
    detail = call("GET", f"awards/{award_id}", ruth)[1]
    assert detail["because"]["met"][0]["outcome"] == "o.a"
    assert detail["credential"].startswith("http")


def test_an_auditor_sees_awards_and_revokes_none(call: Call, amina: int) -> None:
    ada = make_officer("ada", role="auditor")
    award_id = call("GET", "awards", ada)[1]["items"][0]["id"]
    status, answer, _ = call("POST", f"awards/{award_id}/revoke", ada, {"reason": "no"})
    assert (status, answer["code"]) == (403, "not_allowed")


def test_a_registrar_revokes_once_and_with_a_reason(call: Call, amina: int, ruth: int) -> None:
    award_id = call("GET", "awards", ruth)[1]["items"][0]["id"]
    status, answer, _ = call("POST", f"awards/{award_id}/revoke", ruth, {})
    assert (status, list(answer["errors"])) == (400, ["reason"])
    assert call("POST", f"awards/{award_id}/revoke", ruth, {"reason": "Copied."})[1]["reversed_at"]
    assert call("POST", f"awards/{award_id}/revoke", ruth, {"reason": "Again."})[0] == 409
    assert call("GET", "awards", ruth, state="standing")[1]["items"] == []
    actions = [entry["action"] for entry in call("GET", "audit", ruth)[1]["items"]]
    assert "award.reversed" in actions


def test_pages_neither_skip_nor_repeat(call: Call, ruth: int) -> None:
    for address in ("badges", "skills", "audit"):
        whole = call("GET", address, ruth, limit=200)[1]["items"]
        found, cursor = [], ""
        while cursor is not None:
            page = call("GET", address, ruth, limit=2, cursor=cursor)[1]
            found += page["items"]
            cursor = page["next"]
        assert found == whole, address


@pytest.mark.parametrize("cursor", ["x", "WyIxIl0", "W10", "bm90IGpzb24", "WzFd", "Ww" * 600])
@pytest.mark.parametrize("address", ["awards", "audit", "sign-offs"])
def test_a_foreign_cursor_is_refused_in_words(call: Call, ruth: int, address: str, cursor: str) -> None:
    status, answer, _ = call("GET", address, ruth, cursor=cursor)
    assert status == 400, answer
    assert answer["detail"]


def test_unknown_parameters_and_members_are_named(call: Call, ruth: int) -> None:
    status, answer, _ = call("GET", "awards", ruth, bagde="micro-a")
    assert (status, list(answer["errors"])) == (400, ["bagde"])
    assert call("POST", "requirements/say", ruth, {"requirment": {}})[1]["errors"].keys() == {"requirment"}


def test_filters_narrow(call: Call) -> None:
    assert [badge["badge"] for badge in call("GET", "badges", skill="s.a")[1]["items"]] == ["micro-a"]
    assert [badge["badge"] for badge in call("GET", "badges", kind="macro")[1]["items"]] == ["macro"]
    assert call("GET", "badges", issuer="elsewhere")[1]["items"] == []
    assert [one["key"] for one in call("GET", "pathways", skill="s.a")[1]["items"]] == ["road"]
    assert call("GET", "pathways", language="de")[1]["items"] == []


def test_requirements_are_read_said_and_previewed(call: Call, amina: int, ruth: int) -> None:
    tree = {"outcome": "o.a"}
    assert call("POST", "requirements/validate", amina, {"requirement": tree})[1]["requirement"] == tree
    assert call("POST", "requirements/validate", amina, {"text": "outcome: o.a"})[1]["requirement"] == tree
    assert "Mend part a" in call("POST", "requirements/say", amina, {"requirement": tree})[1]["sentence"]
    status, answer, _ = call("POST", "requirements/validate", amina, {"requirement": {"all": []}})
    assert (status, answer["code"], answer["requirement"]["path"]) == (400, "requirement_refused", "all")
    question = {"requirement": tree, "badge": "new-one", "issuer": "school"}
    assert call("POST", "requirements/preview", amina, question)[0] == 403
    assert call("POST", "requirements/preview", ruth, question)[1]["gains"] == [amina]
    # A badge that exists is asked for at its own organisation, whatever the caller names.
    otto = make_officer("otto", issuer_slug="elsewhere")
    stolen = {"requirement": tree, "badge": "micro-a", "issuer": "elsewhere"}
    assert call("POST", "requirements/preview", otto, stolen)[0] == 403


def test_a_preview_that_concerns_many_is_asked_for_again(
    call: Call, amina: int, ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_runs, "AT_ONCE", 0)
    question = {"requirement": {"outcome": "o.a"}, "badge": "new-one", "issuer": "school"}
    status, answer, response = call("POST", "requirements/preview", ruth, question)
    assert (status, answer) == (202, {"state": "running", "total": None, "done": 0})
    assert response["Retry-After"] == "3"
    assert call("POST", "requirements/preview", ruth, question)[0] == 202
    [run_id] = backfill.open_previews()
    backfill.work_on_preview(run_id, clock=timezone.now, seconds=60.0)
    status, answer, _ = call("POST", "requirements/preview", ruth, question)
    assert (status, answer["gains"]) == (200, [amina])
    assert call("POST", "requirements/preview", amina, question)[0] == 403, "others do not see it either"


def test_back_fills_are_run_by_those_who_may(call: Call, ruth: int) -> None:
    ada = make_officer("ada", role="auditor")
    assert call("POST", "backfills", ada, {"badge": "micro-a"})[0] == 403
    status, refused, _ = call("POST", "backfills", ruth, {"badge": "micro-a"})
    assert (status, refused["code"]) == (409, "confirmation_needed"), "nobody would be awarded"
    question = {"badge": "micro-a", "confirm_reach": True}
    status, batch, _ = call("POST", "backfills", ruth, question)
    assert (status, batch["state"]) == (201, "running")
    assert call("POST", "backfills", ruth, question)[1]["code"] == "batch_refused"
    assert call("GET", f"backfills/{batch['id']}", ada)[1]["badge"] == "micro-a"
    assert call("POST", f"backfills/{batch['id']}/pause", ada)[0] == 403
    assert call("POST", f"backfills/{batch['id']}/pause", ruth)[1]["state"] == "paused"
    assert call("POST", f"backfills/{batch['id']}/resume", ruth)[1]["state"] == "running"
    assert call("POST", f"backfills/{batch['id']}/undo", ruth, {"reason": "x"})[0] == 409
    assert call("POST", f"backfills/{batch['id']}/cancel", ruth)[1]["state"] == "cancelled"
    assert call("POST", f"backfills/{batch['id']}/undo", ruth, {"reason": "x"})[1]["state"] == "undoing"
    assert call("GET", "backfills", make_officer("otto", issuer_slug="elsewhere"))[1]["items"] == []


def test_my_badges_are_mine_and_private_until_shared(call: Call, amina: int) -> None:
    badge = call("GET", "my/badges", amina)[1]["items"][0]
    assert (badge["badge"], badge["shared"], badge["verify_url"]) == ("micro-a", False, "")
    address = f"my/badges/{badge['credential']}/visibility"
    assert call("POST", address, make_user("ben"), {"shared": True})[0] == 404
    assert call("POST", address, amina, {"shared": True})[1]["verify_url"]
    assert call("POST", address, amina, {"shared": False})[1]["verify_url"] == ""


def test_a_badge_that_is_not_among_the_newest_is_shared_as_well(call: Call, amina: int) -> None:
    badge = call("GET", "my/badges", amina)[1]["items"][0]
    version = Award.objects.get(pk=badge["award"]).version
    other = publish("later", {"outcome": "o.c"})
    assert other.version_id != version.pk
    because = {"requirement": {"outcome": "o.c"}, "version": 1, "met": []}
    Award.objects.bulk_create(
        Award(
            learner_id=amina,
            version_id=other.version_id,
            awarded_at=NOW + timedelta(days=number + 1),
            because=because,
            idempotency_key=str(number),
        )
        for number in range(200)
    )
    address = f"my/badges/{badge['credential']}/visibility"
    assert call("POST", address, amina, {"shared": True})[1]["verify_url"]


def test_pathways_are_followed_paused_and_left(call: Call, amina: int) -> None:
    assert call("POST", "my/pathways/road/follow", amina)[1]["following"] is True
    assert call("POST", "my/pathways/road/pause", amina)[1]["paused"] is True
    assert [one["key"] for one in call("GET", "my/pathways", amina)[1]["items"]] == ["road"]
    assert call("POST", "my/pathways/road/leave", amina)[1]["following"] is False
    assert call("POST", "my/pathways/nowhere/follow", amina)[0] == 404


def test_sign_offs_are_given_and_taken_back(call: Call, amina: int) -> None:
    rev = make_officer("rev", role="reviewer")
    body = {"learner": amina, "key": "placement", "role": "assessor", "reason": "Six weeks in the workshop."}
    assert call("POST", "sign-offs", amina, body)[0] == 403
    status, given, _ = call("POST", "sign-offs", rev, body)
    assert (status, given["recorded_by"]) == (201, rev)
    assert "placed" in {badge["badge"] for badge in call("GET", "my/badges", amina)[1]["items"]}
    assert call("GET", "sign-offs", rev)[1]["items"] == [given]
    address = f"sign-offs/{given['id']}/take-back"
    assert call("POST", address, rev, {"reason": "The wrong person."})[0] == 200
    assert call("POST", address, rev, {"reason": "Again."})[0] == 404
    assert call("GET", "sign-offs", rev)[1]["items"] == []


def test_a_write_needs_the_token_of_the_session(amina: int) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.get(pk=amina))
    response = client.post(f"{API}my/pathways/road/follow")
    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"


def test_only_json_comes_in(call: Call, amina: int, client: Client) -> None:
    client.force_login(get_user_model().objects.get(pk=amina))
    address = f"{API}requirements/say"
    assert client.post(address, {"text": "x"}).status_code == 415
    answer = client.post(address, b"{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")
    assert client.put(address, b"{}", content_type="application/json").status_code == 405
    assert client.post(address, b"[]", content_type="application/json").status_code == 400


def test_turns_are_counted_and_the_refusal_says_when_to_come_back(call: Call, settings: Any) -> None:
    with override_settings(MICROCRED={**settings.MICROCRED, "API_READS_PER_MINUTE": 2}):
        assert [call("GET", "badges")[0] for _ in range(2)] == [200, 200]
        status, answer, response = call("GET", "badges")
    assert (status, answer["code"]) == (429, "throttled")
    assert int(response["Retry-After"]) > 0


def test_drafts_are_read_by_those_who_look_after_them(call: Call, ruth: int) -> None:
    from microcred_app.applets.badges import api as badges

    badges.open_draft("micro-a", {}, actor_id=ruth, now=NOW)
    assert [draft["badge"] for draft in call("GET", "drafts", ruth)[1]["items"]] == ["micro-a"]
    assert call("GET", "drafts/micro-a", ruth)[1]["content"]["issuer"] == "school"
    otto = make_officer("otto", issuer_slug="elsewhere")
    assert call("GET", "drafts", otto)[1]["items"] == []
    assert call("GET", "drafts/micro-a", otto)[0] == 404


def test_an_address_that_is_none_is_told_to_programs_in_their_language(call: Call, amina: int) -> None:
    for method, address in (("GET", "badges/(x"), ("POST", "nothing"), ("GET", "awards/not-a-uuid")):
        status, answer, response = call(method, address, amina)
        assert (status, answer["code"]) == (404, "not_found")
        assert response["Content-Type"] == "application/problem+json"


def test_a_registrar_suspends_and_reinstates(call: Call, ruth: int) -> None:
    publish("short", {"outcome": "o.b"}, terms=Terms(document_days=30))
    learner = make_user("kim")
    do_unit(learner, "b")
    [award] = call("GET", "awards", ruth, badge="short")[1]["items"]
    address = f"awards/{award['id']}"
    assert call("GET", "badges/short", ruth)[1]["document_days"] == 30
    assert call("POST", f"{address}/suspend", learner, {"reason": "x"})[0] in (403, 404)
    status, answer, _ = call("POST", f"{address}/suspend", ruth, {"planned_end": "soon"})
    assert (status, sorted(answer["errors"])) == (400, ["planned_end", "reason"])
    status, answer, _ = call("POST", f"{address}/suspend", ruth, {"reason": "x", "planned_end": "2020-01-01"})
    assert (status, answer["code"]) == (400, "suspension_refused")
    status, answer, _ = call("POST", f"{address}/suspend", ruth, {"reason": "Looked at", "told": "Wait."})
    assert status == 200 and answer["suspended_at"]
    status, answer, _ = call("POST", f"{address}/suspend", ruth, {"reason": "Twice"})
    assert (status, answer["code"]) == (409, "already_suspended")
    assert [one["id"] for one in call("GET", "awards", ruth, state="suspended")[1]["items"]] == [award["id"]]
    assert call("POST", f"{address}/reinstate", ruth, {"reason": "Fine"})[1]["suspended_at"] is None
    assert call("POST", f"{address}/reinstate", ruth, {"reason": "Fine"})[0] == 409


def test_an_award_whose_copies_last_is_not_suspended(call: Call, amina: int, ruth: int) -> None:
    award_id = call("GET", "awards", ruth)[1]["items"][0]["id"]
    status, answer, _ = call("POST", f"awards/{award_id}/suspend", ruth, {"reason": "x"})
    assert (status, answer["code"]) == (409, "not_suspendable")
    assert "Publish a version" in answer["detail"]
