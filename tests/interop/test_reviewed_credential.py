"""A credential that came of a reviewer's judgement, walked through the app, in front of other people's verifiers."""

import copy
import json
from typing import Any

import pytest
from django.utils import timezone

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import NOW, make_user, publish, set_up_catalogue
from tests.fixtures.review_world import OfficesOnly, hand_in
from tests.interop.verifiers import (
    validate_against_schema,
    verify_with_digitalbazaar,
    verify_with_openbadgeslib,
    verify_with_verifier_core,
)

pytestmark = pytest.mark.interop
VERIFIERS = [verify_with_digitalbazaar, verify_with_verifier_core, verify_with_openbadgeslib]


@pytest.fixture
def judged(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], dict[str, Any]]:
    """The credential, and the status list it points at."""
    people = OfficesOnly()
    people.install(monkeypatch)
    set_up_catalogue()
    publish("micro-a", {"outcome": "o.a"})
    learner, reviewer = make_user(), make_user("ana", last_name="Secretname")
    people.judges.add(reviewer)
    submission = hand_in(learner)
    reviews.decide(reviewer, submission, passed=True, levels={"c": "2"}, comment="", now=NOW)
    credential = issuance.credential_of_award(awards.list_awards(learner_id=learner)[0].id)
    assert credential is not None
    document = json.loads(credential.document)
    status_list = issuance.status_document_at(
        document["credentialStatus"]["statusListCredential"], now=timezone.now()
    )
    return document, json.loads(status_list)


def level_changed(credential: dict[str, Any]) -> None:
    result = credential["credentialSubject"]["result"][0]
    levels = credential["credentialSubject"]["achievement"]["resultDescription"][0]["rubricCriterionLevel"]
    result["achievedLevel"] = levels[0]["id"]


def points_changed(credential: dict[str, Any]) -> None:
    credential["credentialSubject"]["result"][1]["value"] = "9"


def description_changed(credential: dict[str, Any]) -> None:
    credential["credentialSubject"]["achievement"]["resultDescription"][0]["name"] = "Courage"


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_others_accept_it_and_refuse_a_better_level(
    judged: tuple[dict[str, Any], dict[str, Any]], verifier: Any
) -> None:
    document, status_list = judged
    assert len(document["credentialSubject"]["result"]) == 2
    found = verifier(document, status_list=status_list)
    assert found["verified"], found
    for change in (level_changed, points_changed, description_changed):
        forged = copy.deepcopy(document)
        change(forged)
        assert not verifier(forged, status_list=status_list)["verified"], change.__name__


@pytest.mark.parametrize("family", ["strict", "published"])
def test_the_official_schemas_accept_it(judged: tuple[dict[str, Any], dict[str, Any]], family: str) -> None:
    document, _status_list = judged
    assert validate_against_schema(document, family) == []
    assert "Secretname" not in json.dumps(document)
