"""The fast route gives the plain route's bytes or refuses as it does; what it remembers stays within bounds."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microcred_app.ob3.canonical import bundled_canonicaliser
from microcred_app.ob3.contexts import bundled_contexts
from microcred_app.ob3.errors import CanonicalisationError, Ob3Error
from microcred_app.ob3.json_text import encode_json, split_strings
from microcred_app.ob3.plain_route import Canonicaliser
from microcred_app.ob3.plan import Plan
from microcred_app.ob3.shape_memory import MAX_LESSONS, ShapeMemory
from microcred_app.ob3.shapes import ShapeCanonicaliser
from tests.ob3.samples import ISSUER, PLAIN, signed
from tests.ob3.shape_corpus import bases, corpus, mutated

PLAIN_ROUTE = bundled_canonicaliser().plain


def learned(*documents: dict[str, Any]) -> ShapeCanonicaliser:
    """A canonicaliser that has seen each of the documents twice."""
    canonicaliser = ShapeCanonicaliser(PLAIN_ROUTE)
    for document in documents * 2:
        canonicaliser(document)
    return canonicaliser


def plan_for(canonicaliser: ShapeCanonicaliser, document: Any) -> list[Plan]:
    return canonicaliser.memory.find(split_strings(encode_json(document)))


def answer(route: Any, document: Any) -> Any:
    try:
        return route(document)
    except Ob3Error as error:
        return type(error), error.code


BASES = bases()
LEARNED = learned(*BASES)


@pytest.mark.parametrize("document", BASES, ids=range(len(BASES)))
def test_every_shape_of_ours_is_learned_on_second_sight(document: dict[str, Any]) -> None:
    canonicaliser = ShapeCanonicaliser(PLAIN_ROUTE)
    canonicaliser(document)
    assert plan_for(canonicaliser, document) == []
    canonicaliser(document)
    [plan] = plan_for(canonicaliser, document)
    assert plan.fill(split_strings(encode_json(document))) is not None
    assert canonicaliser(document) == PLAIN_ROUTE(document)


def test_a_corpus_of_learners_has_the_same_bytes() -> None:
    for document in corpus(150):
        assert LEARNED(document) == PLAIN_ROUTE(document)
        assert plan_for(LEARNED, document)


def check(document: dict[str, Any]) -> None:
    assert answer(LEARNED, document) == answer(PLAIN_ROUTE, document), document


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(BASES), st.integers(0, 2**32))
def test_changed_documents_have_the_same_bytes_or_are_refused_alike(base: Any, seed: int) -> None:
    check(mutated(base, random.Random(seed)))


@pytest.mark.fuzz
@settings(max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BASES), st.integers(0, 2**32))
def test_thousands_of_changed_documents_have_the_same_bytes(base: Any, seed: int) -> None:
    check(mutated(base, random.Random(seed)))


def credential(**changes: Any) -> dict[str, Any]:
    return {**{k: v for k, v in signed(PLAIN).items() if k != "proof"}, **changes}


def test_one_string_renumbers_blank_nodes() -> None:
    """A fixed text with holes would be wrong: the order of the hashes depends on the learner."""
    orders = set()
    for document in corpus(40):
        canonical = LEARNED(document)
        assert canonical == PLAIN_ROUTE(document)
        orders.add(next(line for line in canonical.splitlines() if b"riteria> _:" in line)[-9:])
    assert len(orders) > 1


def test_equal_strings_are_one_statement() -> None:
    document = credential()
    canonicaliser = learned(document)
    document["credentialSubject"]["achievement"]["tag"] = ["same", "same"]
    assert canonicaliser(document) == PLAIN_ROUTE(document)
    assert canonicaliser(document).count(b'"same"') == 1


def test_equal_nodes_without_name_go_through_the_whole_algorithm() -> None:
    document = credential()
    document["credentialSubject"]["achievement"]["alignment"] = [
        {"type": ["Alignment"], "targetName": name, "targetUrl": "urn:x:1"} for name in ("a", "b", "c")
    ]
    canonicaliser = learned(document)
    for entry in document["credentialSubject"]["achievement"]["alignment"]:
        entry["targetName"] = "same"
    assert canonicaliser(document) == PLAIN_ROUTE(document)


@pytest.mark.parametrize("address", ["relative", "", "_:b0", "#x", "ext", "id", "https:a b", "urn:a{b}"])
def test_what_is_no_plain_address_is_left_to_the_plain_route(address: str) -> None:
    document = credential()
    canonicaliser = learned(document)
    document["credentialSubject"]["achievement"]["id"] = address
    assert answer(canonicaliser, document) == answer(PLAIN_ROUTE, document)


def test_a_scheme_that_a_context_defines_is_no_plain_address() -> None:
    contexts = bundled_contexts().extended(
        {"urn:test:prefix": {"@context": {"urn": {"@id": "https://example.org/urn#", "@prefix": True}}}}
    )
    assert LEARNED.addresses.fullmatch(b"urn:x:1")
    assert not ShapeCanonicaliser(Canonicaliser(contexts)).addresses.fullmatch(b"urn:x:1")


def test_a_term_in_the_place_of_an_address_is_part_of_the_key() -> None:
    def options(purpose: str) -> dict[str, Any]:
        return {
            "@context": signed()["@context"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "proofPurpose": purpose,
        }

    canonicaliser = learned(options("https://w3id.org/security#assertionMethod"), options("assertionMethod"))
    for purpose in (
        "assertionMethod",
        "authentication",
        "https://w3id.org/security#assertionMethod",
        "urn:x",
    ):
        assert answer(canonicaliser, options(purpose)) == answer(PLAIN_ROUTE, options(purpose))


def test_a_member_that_would_not_be_signed_is_refused_however_often_it_comes() -> None:
    canonicaliser = ShapeCanonicaliser(PLAIN_ROUTE)
    for _ in range(4):
        with pytest.raises(CanonicalisationError) as caught:
            canonicaliser(credential(colour="red"))
        assert caught.value.member == "colour"


def test_half_characters_are_refused_by_name() -> None:
    document = credential()
    canonicaliser = learned(document)
    with pytest.raises(CanonicalisationError) as caught:
        canonicaliser(credential(name="\ud800"))
    assert caught.value.code == "canonical.text"


@pytest.mark.parametrize("value", [float("nan"), 1j, {1: "x"}, {"name"}, None])
def test_what_is_not_json_is_refused_as_before(value: Any) -> None:
    assert answer(LEARNED, credential(evidence=value)) == answer(PLAIN_ROUTE, credential(evidence=value))


def test_number_and_boolean_are_part_of_the_shape() -> None:
    def with_credits(value: float) -> dict[str, Any]:
        document = json.loads(json.dumps(credential()))
        document["credentialSubject"]["achievement"]["creditsAvailable"] = value
        return document

    canonicaliser = learned(with_credits(1))
    for value in (1, 2, 1.5, True, 0.1):
        assert canonicaliser(with_credits(value)) == PLAIN_ROUTE(with_credits(value))


def test_memory_is_bounded_in_shapes_and_bytes() -> None:
    canonicaliser = ShapeCanonicaliser(PLAIN_ROUTE, ShapeMemory(max_shapes=3))
    proof = BASES[9]
    for count in range(1, 9):
        document = {**proof, "cryptosuite": ["eddsa-rdfc-2022"] * count}
        canonicaliser(document)
        canonicaliser(document)
        assert canonicaliser.memory.shapes <= 3
    small: ShapeMemory[Plan] = ShapeMemory(max_bytes=1_000)
    canonicaliser = ShapeCanonicaliser(PLAIN_ROUTE, small)
    for _ in range(3):
        assert canonicaliser(proof) == PLAIN_ROUTE(proof)
    assert (small.shapes, small.bytes) == (0, 0)


def test_one_structure_is_not_compiled_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger who changes a type each time pays with plain processing, not with compilation."""
    canonicaliser, compiled = ShapeCanonicaliser(PLAIN_ROUTE), []
    monkeypatch.setattr(canonicaliser, "compile", lambda *arguments: compiled.append(1))
    for number in range(3 * MAX_LESSONS):
        document = {**BASES[9], "cryptosuite": f"suite-{number}"}
        canonicaliser(document)
    assert 0 < len(compiled) <= MAX_LESSONS + 1


def test_a_plan_that_does_not_prove_itself_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Plan, "fill", lambda self, parts: b"something else")
    canonicaliser = ShapeCanonicaliser(PLAIN_ROUTE)
    document = credential(issuer=ISSUER)
    for _ in range(3):
        assert canonicaliser(document) == PLAIN_ROUTE(document)
    assert canonicaliser.memory.shapes == 0
