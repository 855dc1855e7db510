"""Presentations over the VC-API: they answer a challenge, and what is inside is verified too."""

import json
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.ob3.samples import signed
from tests.ob3.test_fuzz import heavy_documents
from tests.ob3.test_presentations import presentation

from .conftest import Post

PATH = "presentations/verify"
OPTIONS = {"challenge": "once", "domain": "learn.example.edu"}


def ask(post: Post, document: Any, **options: Any) -> Any:
    return post(PATH, {"verifiablePresentation": document, "options": {**OPTIONS, **options}})


def reasons(answer: Any) -> dict[str, str]:
    return {check["code"]: check["reason"] for check in answer.json()["report"]["checks"]}


@pytest.mark.parametrize("kind", ["legacy", "rdfc", "jcs"])
def test_an_answer_to_the_callers_question_is_verified(post: Post, kind: str) -> None:
    answer = ask(post, presentation(kind))
    assert answer.status_code == 200
    assert answer.json()["verified"] is True
    assert set(answer.json()["checks"]) == {"structure", "proof", "holder"}


@pytest.mark.parametrize("options", [{"challenge": "another"}, {"domain": "elsewhere.example"}])
def test_a_copied_answer_is_not(post: Post, options: dict[str, str]) -> None:
    answer = ask(post, presentation("rdfc"), **options)
    assert answer.json()["verified"] is False
    assert reasons(answer)["signature"] in ("proof.challenge", "proof.domain")


def test_without_a_challenge_nothing_is_claimed(post: Post) -> None:
    for options in ({}, {"challenge": ""}, {"challenge": 7}, {"challenge": "x" * 1_001}, {"domain": "x"}):
        answer = post(PATH, {"verifiablePresentation": presentation("rdfc"), "options": options})
        assert (answer.status_code, answer.json()["code"]) == (400, "challenge")


def test_credentials_inside_count(post: Post) -> None:
    good, changed = signed(), {**signed(), "name": "Forged"}
    assert (
        ask(post, presentation("jcs", verifiableCredential=[good])).json()["report"]["verdict"] != "invalid"
    )
    answer = ask(post, presentation("jcs", verifiableCredential=[good, changed])).json()
    assert answer["verified"] is False
    assert any("does not hold" in error for error in answer["errors"])


def test_results_and_the_presentation_come_back_when_asked_for(post: Post) -> None:
    document = presentation("rdfc")
    body = ask(post, document, returnResults=True, returnPresentation=True).json()
    assert body["verifiablePresentation"] == document
    results = body["results"]["presentation"]
    assert results["challenge"] == {"verified": True, "input": "once"}
    assert results["domain"] == {"verified": True, "input": "learn.example.edu"}
    assert results["holder"] == {"verified": True, "input": document["holder"]}
    assert results["proof"][0]["verified"] is True


def test_a_presentation_without_proof_is_not_verified(post: Post) -> None:
    document = presentation("rdfc")
    del document["proof"]
    assert reasons(ask(post, document))["signature"] == "proof.missing"
    proofless = post(PATH, {"presentation": document, "options": OPTIONS})
    assert (proofless.status_code, proofless.json()["code"]) == (400, "verifiable_presentation")


def test_many_credentials_inside_are_refused_and_each_counts_as_a_turn(post: Post, settings: Any) -> None:
    crowded = ask(post, {"verifiableCredential": [{}] * 11})
    assert (crowded.status_code, crowded.json()["code"]) == (400, "too_many_credentials")
    with override_settings(MICROCRED={**settings.MICROCRED, "VC_API_PER_MINUTE": 12}):
        statuses = [ask(post, {"verifiableCredential": [{}] * 5}).status_code for _ in range(3)]
    assert 429 in statuses[1:]


@pytest.mark.parametrize("name", ["typed", "alike", "empty", "other types in each", "alike in pairs"])
def test_the_heaviest_presentation_is_answered_in_time(post: Post, name: str) -> None:
    """Ten documents whose parts cannot be told apart, as many as one request may hold, with several proofs each."""
    heavy = {**signed(), "evidence": heavy_documents()[name][:40]}
    heavy["proof"] = heavy["proof"] * 4
    for count in range(10, 0, -1):
        started = time.process_time()
        answer = ask(post, presentation("jcs", verifiableCredential=[heavy] * count))
        spent = time.process_time() - started
        cache.clear()
        assert answer.status_code == 200
        assert spent < 6
        if reasons(answer)["structure"] == "structure.complete":
            break
    else:
        pytest.fail("Not one of these was small enough to be looked at.")
    assert answer.json()["verified"] is False


@pytest.mark.parametrize("name", ["long text", "long address"])
def test_a_giant_is_refused_unread(post: Post, name: str) -> None:
    answer = ask(
        post, presentation("jcs", verifiableCredential=[{**signed(), "evidence": heavy_documents()[name]}])
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from(
    [
        "verifiableCredential",
        "verifiablePresentation",
        "credential",
        "options",
        "challenge",
        "holder",
        "proof",
    ]
)


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(MEMBERS, JSON | st.dictionaries(MEMBERS, JSON, max_size=4), max_size=4))
def test_no_request_is_an_error_of_the_server(post: Post, settings: Any, body: dict[str, Any]) -> None:
    with override_settings(
        MICROCRED={**settings.MICROCRED, "VC_API_PER_MINUTE": 10_000_000, "VC_API_ISSUE": True}
    ):
        for path in ("credentials/verify", PATH, "credentials/issue"):
            answer = post(path, json.dumps(body).encode())
            assert answer.status_code in (200, 400, 403)
            assert answer.json()
