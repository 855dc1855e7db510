"""A draft is read by whoever has its link, for a month, and by nobody else; nothing is changed with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from microcred_app.applets.badges import api as badges
from microcred_app.pages import shared_drafts
from tests.fixtures.catalogue import NOW, make_officer, make_user, publish

SignIn = Callable[..., Client]
SHARE = "/microcred/registrar/badges/plant/share"


@pytest.fixture
def link(catalogue: None, sign_in: SignIn) -> str:
    publish("safety", {"outcome": "o.a"}, name="Safety")
    badges.open_draft(
        "plant",
        {"name": "Plant <b>care</b>", "issuer": "school", "kind": "macro", "description": "Mind the pumps",
         "requirement": {"all": [{"badge": "safety"}, {"outcome": "o.b"}]}},
        actor_id=None,
        now=NOW,
    )  # fmt: skip
    page = sign_in(make_officer("rev", role="reviewer")).get(SHARE).content.decode()
    found = re.search(r'value="[^"]*(/microcred/drafts/[^"]+)"', page)
    assert found
    return found[1]


def test_a_visitor_reads_it_and_leaves_no_trace(link: str, sign_in: SignIn) -> None:
    response = sign_in().get(link)
    page = response.content.decode()
    assert response.status_code == 200
    for said in (
        "Plant &lt;b&gt;care&lt;/b&gt;",
        "Mind the pumps",
        "Safety",
        "Nobody can earn it yet",
        "A school",
    ):
        assert said in page
    assert "<p>To earn this badge, a person holds the badge “Safety”" in page
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert sign_in().post(link, {"name": "x"}).status_code == 405


def test_links_that_are_forged_old_or_for_what_is_gone_show_nothing(
    link: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in()
    for forged in (
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        "/microcred/drafts/plant",
        "/microcred/drafts/x:y:z",
    ):
        assert client.get(forged).status_code == 404
    other = signing.dumps("plant", salt="another")
    assert client.get(f"/microcred/drafts/{other}").status_code == 404
    with monkeypatch.context() as patch:
        patch.setattr(shared_drafts, "GOOD_FOR", timedelta(seconds=-1))
        assert client.get(link).status_code == 404
    draft = badges.get_draft("plant")
    badges.discard_draft("plant", revision=draft.revision, actor_id=make_officer("ruth"), now=NOW)
    assert client.get(link).status_code == 404


def test_only_the_organisations_people_make_a_link(link: str, sign_in: SignIn) -> None:
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    assert sign_in(make_officer("otto", issuer_slug="other")).get(SHARE).status_code == 404
    assert sign_in(make_user("amina")).get(SHARE).status_code == 403
    assert sign_in().get(SHARE).status_code == 302


def test_a_draft_without_a_rule_can_be_read(catalogue: None, sign_in: SignIn) -> None:
    badges.open_draft("bare", {"name": "Bare", "issuer": "school", "kind": "micro"}, actor_id=None, now=NOW)
    page = (
        sign_in()
        .get(f"/microcred/drafts/{signing.dumps('bare', salt='microcred_app.shared_draft')}")
        .content.decode()
    )
    assert "The rule is not written yet." in page
