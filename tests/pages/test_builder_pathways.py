"""Pathways written on pages: stages in order, nothing lost, offices asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from tests.fixtures.catalogue import make_officer, publish

SignIn = Callable[..., Client]
LIST = "/microcred/registrar/pathways/"
NEW = LIST + "new"
EDIT = LIST + "road/edit"


@pytest.fixture(autouse=True)
def stack() -> None:
    publish("part-a", {"outcome": "o.a"}, name="Part A")
    publish("stack", {"all": [{"badge": "part-a"}, {"outcome": "o.b"}]}, kind="macro", name="Stack")


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    return sign_in(make_officer("ruth"))


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "title": "The road",
        "key": "road",
        "badge": "stack",
        "state": "draft",
        "language": "en",
    } | changes


def stages(page: str) -> dict[str, list[str]]:
    names = ("stage-title", "stage-kind", "stage-key")
    return {
        name: [unescape(v) for v in re.findall(rf'name="{name}"[^>]*? value="([^"]*)"', page)]
        for name in names
    }


def stored(key: str = "road") -> pathways.PathwayDefinition:
    return next(found for found in pathways.pathway_definitions() if found.key == key)


def test_stages_come_from_the_rule_are_moved_and_saved(ruth: Client) -> None:
    page = ruth.post(NEW, typed(do="fill")).content.decode()
    assert stages(page)["stage-key"] == ["part-a", "o.b"]
    page = ruth.post(NEW, typed(do="down:0", **stages(page))).content.decode()
    assert stages(page)["stage-key"] == ["o.b", "part-a"]
    assert re.search(r'value="down:1"[^>]*autofocus', page)
    assert "Part A is stage 2 of 2 now" in page
    kept = typed(do="save", occupations="ISCO:7231\r\nISCO:7233", **stages(page))
    assert ruth.post(NEW, kept).status_code == 302
    assert stored().stages[1] == ("Part A", "badge", "part-a")
    page = ruth.get(EDIT).content.decode()
    assert "ISCO:7231\nISCO:7233" in page
    assert "The road" in ruth.get(LIST).content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(ruth: Client) -> None:
    response = ruth.post(
        NEW, typed(do="save", title="", badge="nothing", description="Kept <i>", occupations="x")
    )
    page = response.content.decode()
    assert response.status_code == 400
    assert "Kept &lt;i&gt;" in page
    assert "There is no badge “nothing”" in page
    assert not pathways.pathway_definitions()


def test_two_people_do_not_overwrite_each_other_unseen(ruth: Client, sign_in: SignIn) -> None:
    ruth.post(NEW, typed(do="save"))
    otto = sign_in(make_officer("otto"))
    seen = [re.search(r'name="seen" value="(\w+)"', c.get(EDIT).content.decode())[1] for c in (ruth, otto)]  # type: ignore[index]
    assert ruth.post(EDIT, typed(do="save", seen=seen[0], title="Of Ruth")).status_code == 302
    response = otto.post(EDIT, typed(do="save", seen=seen[1], title="Of Otto"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Of Ruth" in page
    assert 'value="Of Otto"' in page
    assert stored().title == "Of Ruth"
    again = re.search(r'name="seen" value="(\w+)"', page)
    assert again
    assert otto.post(EDIT, typed(do="save", seen=again[1], title="Of Otto")).status_code == 302


def test_offices_are_asked(ruth: Client, sign_in: SignIn) -> None:
    ruth.post(NEW, typed(do="save", state="published"))
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    otto = sign_in(make_officer("otto", issuer_slug="college"))
    assert otto.get(EDIT).status_code == 404
    assert "The road" not in otto.get(LIST).content.decode()
    assert otto.post(NEW, typed(do="save", key="other")).status_code == 403
    steward = sign_in(make_officer("stella", "steward"))
    assert steward.post(NEW, typed(do="save", key="mine")).status_code == 302
    assert steward.post(NEW, typed(do="save", key="shown", state="published")).status_code == 403
    auditor = sign_in(make_officer("olga", "auditor"))
    assert auditor.get(EDIT).status_code == 200
    assert 'value="save"' not in auditor.get(EDIT).content.decode()
    assert {found.key for found in pathways.pathway_definitions()} == {"road", "mine"}
    assert ruth.post(NEW, typed(do="save")).status_code == 400, "a key is taken once"


@pytest.mark.parametrize("do", ["up:99", "down:x", "remove:-1", "add", "nonsense", "up:"])
def test_tampered_buttons_change_nothing(ruth: Client, do: str) -> None:
    answer = ruth.post(NEW, typed(do=do, **{"stage-title": ["A"], "stage-kind": ["odd"], "stage-key": ["k"]}))
    assert answer.status_code == 200
    assert stages(answer.content.decode())["stage-key"] == ["k"]
