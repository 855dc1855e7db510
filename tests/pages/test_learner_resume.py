"""A learner takes their valid badges along for job applications, as a document that employers' systems read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges.api import Terms
from microcred_app.compat import platform
from microcred_app.learning import my_resume
from microcred_app.ob3.ler_rs import LER_RS_TYPE
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]


def test_valid_badges_stand_in_it_and_can_be_verified(amina: int, sign_in: SignIn) -> None:
    publish("micro-a", {"outcome": "o.a"}, name="Flat tyres")
    publish("micro-b", {"outcome": "o.b"}, name="Chains")
    do_unit(amina, "a")
    do_unit(amina, "b")
    awards.reverse_award(awards.held_badges(amina)["micro-b"], actor_id=make_officer(), reason="x", now=NOW)
    response = sign_in(amina).get("/microcred/my/resume.json")
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    assert response["Content-Type"].startswith("application/json")
    document = json.loads(response.content)
    assert document["type"] == LER_RS_TYPE
    [entry] = document["certifications"]
    assert entry["name"] == "Flat tyres"
    assert verify_credential(json.dumps(entry["verifications"][0]).encode(), now=NOW).verdict == "valid"
    assert document["person"]["name"]["formattedName"] == platform().learner_name(amina)
    assert document["communication"]["email"] == [{"address": platform().learner_email(amina)}]
    page = sign_in(amina).get("/microcred/my/").content.decode()
    assert "/microcred/my/resume.json" in page


def test_what_is_over_is_not_called_active(amina: int) -> None:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(expires_after="P1Y"))
    do_unit(amina, "a")
    assert len(my_resume(amina, now=NOW)["certifications"]) == 1
    assert "certifications" not in my_resume(amina, now=NOW + timedelta(days=400))


def test_machines_get_the_same_and_nobody_gets_anothers(
    amina: int, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("micro-a", {"outcome": "o.a"})
    do_unit(amina, "a")
    found = sign_in(amina).get("/api/microcred/v1/my/resume").json()
    assert len(found["certifications"]) == 1
    other = sign_in(make_user("ben")).get("/api/microcred/v1/my/resume").json()
    assert set(other) <= {"type", "documentId", "person", "communication"}
    assert "amina" not in json.dumps(other)
    assert Client().get("/api/microcred/v1/my/resume").status_code in (401, 403)
    assert Client().get("/microcred/my/resume.json").status_code == 302
    monkeypatch.setattr(type(platform()), "is_masquerading", lambda _self: True)
    for address in ("/microcred/my/resume.json", "/api/microcred/v1/my/resume"):
        assert sign_in(amina).get(address).status_code == 403
