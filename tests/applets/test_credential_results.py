"""What a reviewer found travels in the credential: criteria, levels and points, the reviewer's role, not the name."""

import json
from typing import Any

import pytest

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish, unit
from tests.fixtures.review_world import RUBRIC, OfficesOnly, hand_in
from tests.interop.verifiers import validate_against_schema

ODD = {
    "criteria": [
        {
            "id": "c\n1",
            "name": "Care <b>&amp; „more“\u202e\x07",
            "description": "x",
            "levels": [
                {"id": "lo w", "name": "", "points": 0},
                {"id": "hi", "name": "Hoch\nund weit", "points": 2.5, "description": "Tief\x00 & breit"},
            ],
        },
        {"id": "d", "name": "", "levels": [{"id": "x", "name": "Only", "points": 0}]},
    ],
    "pass_points": 2,
}


@pytest.fixture
def ana(judges: set[int]) -> int:
    user = make_user("ana", first_name="Anastasia", last_name="Secretname")
    judges.add(user)
    return user


def earn(ana: int, learner: int, levels: dict[str, str], rubric: Any = RUBRIC, letter: str = "a") -> Any:
    submission = hand_in(learner, spec=unit(letter, kind="evidence"), rubric=rubric)
    reviews.decide(ana, submission, passed=True, levels=levels, comment="Private words", now=NOW)
    award = awards.list_awards(learner_id=learner)[0]
    credential = issuance.credential_of_award(award.id)
    assert credential is not None
    return credential


def subject_of(credential: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(credential.document)["credentialSubject"]
    return found


def test_levels_and_points_are_in_the_credential_and_the_reviewer_is_not(ana: int) -> None:
    publish("micro-a", {"outcome": "o.a"})
    credential = earn(ana, make_user(), {"c": "2"})
    subject = subject_of(credential)
    criterion, points = subject["achievement"]["resultDescription"]
    assert (criterion["name"], criterion["resultType"]) == ("Care", "RubricCriterionLevel")
    assert [
        (level["name"], level["points"], level["level"]) for level in criterion["rubricCriterionLevel"]
    ] == [
        ("Low", "0", "1"),
        ("High", "2", "2"),
    ]
    assert (points["resultType"], points["valueMax"], points["requiredValue"]) == ("RubricScore", "2", "2")
    assert subject["result"] == [
        {
            "type": ["Result"],
            "resultDescription": criterion["id"],
            "achievedLevel": criterion["rubricCriterionLevel"][1]["id"],
        },
        {"type": ["Result"], "resultDescription": points["id"], "value": "2"},
    ]
    text = credential.document.decode()
    assert "Judged by a reviewer of the course." in text
    for secret in ("Anastasia", "Secretname", "Private words", "ana@example.org"):
        assert secret not in text
    assert verify_credential(credential.document, now=NOW).verdict == "valid"
    assert [(line.name, line.value, line.best) for line in issuance.results_of(credential.document)] == [
        ("Care", "High", "High"),
        ("Points for “Photo”", "2", "2"),
    ]


@pytest.mark.parametrize("family", ["strict", "published"])
@pytest.mark.parametrize("rubric", [RUBRIC, ODD], ids=["plain", "odd texts"])
def test_both_families_of_official_schemas_accept_it(ana: int, rubric: dict[str, Any], family: str) -> None:
    publish("micro-a", {"outcome": "o.a"})
    levels = {"c": "2"} if rubric is RUBRIC else {"c\n1": "hi", "d": "x"}
    document = json.loads(earn(ana, make_user(), levels, rubric).document)
    assert validate_against_schema(document, family) == []


def test_the_role_is_that_in_which_the_reviewer_judged(offices_only: OfficesOnly) -> None:
    publish("micro-a", {"outcome": "o.a"})
    dean = make_user("dean")
    offices_only.staff.add(dean)
    assert b"Judged by course staff." in earn(dean, make_user(), {"c": "2"}).document


def test_what_nobody_judged_has_no_results() -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    credential = issuance.credential_of_award(awards.list_awards(learner_id=learner)[0].id)
    assert credential is not None
    subject = subject_of(credential)
    assert "result" not in subject and "resultDescription" not in subject["achievement"]


def test_learners_of_one_rubric_share_its_description_and_differ_in_their_levels(ana: int) -> None:
    publish("micro-a", {"outcome": "o.a"})
    rubric = {**RUBRIC, "pass_points": 0}
    one = subject_of(earn(ana, make_user("one"), {"c": "2"}, rubric))
    two = subject_of(earn(ana, make_user("two"), {"c": "0"}, rubric))
    assert one["achievement"] == two["achievement"]
    assert one["result"] != two["result"]
    other = subject_of(earn(ana, make_user("three"), {"c": "2"}, {**RUBRIC, "pass_points": 1}))
    ids = {entry["id"] for entry in one["achievement"]["resultDescription"]}
    assert not ids & {entry["id"] for entry in other["achievement"]["resultDescription"]}


def test_a_signed_credential_is_the_same_from_a_template_and_alone(ana: int, monkeypatch: Any) -> None:
    """The compiled road, on which levels and points vary, writes what composing and signing one alone writes."""
    publish("micro-a", {"outcome": "o.a"})
    rubric = {**RUBRIC, "pass_points": 0}
    people = [make_user(f"l{number}") for number in range(4)]
    for number, person in enumerate(people):
        earn(ana, person, {"c": "2" if number % 2 else "0"}, rubric)
    monkeypatch.setattr("microcred_app.applets.issuance.composition.secrets.token_hex", lambda n: "5a" * n)
    found = list(awards.list_awards(badge_key="micro-a"))
    Credential.objects.all().delete()
    many = issuance.issue_many(found, now=NOW)
    for award in found:
        together = json.loads(many[award.id].document)
        Credential.objects.filter(award_id=award.id).delete()
        alone = json.loads(issuance.sign_award(award, now=NOW).document)
        for document in (together, alone):
            document.pop("id"), document.pop("credentialStatus"), document["proof"][0].pop("proofValue")
        assert json.dumps(together) == json.dumps(alone)
        assert verify_credential(many[award.id].document, now=NOW).verdict == "valid"
