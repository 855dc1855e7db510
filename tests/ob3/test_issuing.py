"""`issue` and `Template` return the bytes of the plain way: build, sign, encode."""

import json
from typing import Any

import pytest

from benchmarks.signing.typical import typical_credential
from microcred_app.ob3.canonical import bundled_canonicaliser
from microcred_app.ob3.data_integrity import EddsaRdfc2022, sign
from microcred_app.ob3.errors import CanonicalisationError, DocumentError
from microcred_app.ob3.issuing import Template, issue
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.verification import verify
from tests.ob3.samples import ISSUER, METHOD, NOW, PLAIN, SIGNER, signed
from tests.ob3.shape_corpus import ADDRESSES, TEXTS

PLAIN_SUITE = EddsaRdfc2022(bundled_canonicaliser().plain)
VARYING = [
    ("id",),
    ("validFrom",),
    ("credentialSubject", "id"),
    ("credentialSubject", "identifier", 0, "salt"),
    ("credentialSubject", "result", 0, "value"),
    ("evidence", 0, "id"),
]


def expected(document: dict[str, Any]) -> bytes:
    return encode_document(sign(document, SIGNER, verification_method=METHOD, created=NOW, suite=PLAIN_SUITE))


def issued(document: Any) -> bytes:
    return issue(document, SIGNER, verification_method=METHOD, created=NOW)


def values_of(document: Any) -> list[str]:
    found = []
    for path in VARYING:
        value = document
        for step in path:
            value = value[step]
        found.append(value)
    return found


TEMPLATE = Template(typical_credential(ISSUER, 0), VARYING)


def from_template(values: list[str]) -> bytes:
    return TEMPLATE.issue(values, SIGNER, verification_method=METHOD, created=NOW)


def with_values(values: list[str]) -> dict[str, Any]:
    document = typical_credential(ISSUER, 0)
    for path, value in zip(VARYING, values, strict=True):
        parent: Any = document
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = value
    return document


def test_issuing_in_one_go_gives_the_same_bytes() -> None:
    for learner in range(20):
        document = typical_credential(ISSUER, learner)
        assert issued(document) == expected(document)


def test_a_second_proof_is_added_to_the_first() -> None:
    once = json.loads(issued(typical_credential(ISSUER, 1)))
    twice = json.loads(issued(once))
    assert len(twice["proof"]) == 2
    assert verify(json.dumps(twice), now=NOW).check("signature").outcome == "passed"


def test_a_template_gives_the_same_bytes() -> None:
    for learner in range(30):
        values = values_of(typical_credential(ISSUER, learner))
        assert from_template(values) == expected(with_values(values))


@pytest.mark.parametrize("odd", [*TEXTS, *ADDRESSES])
@pytest.mark.parametrize("place", range(len(VARYING)))
def test_odd_values_are_signed_as_the_plain_way_signs_them_or_refused(odd: str, place: int) -> None:
    values = values_of(typical_credential(ISSUER, 3))
    values[place] = odd
    try:
        bytes_expected: bytes | None = expected(with_values(values))
    except (CanonicalisationError, DocumentError):
        bytes_expected = None
    if bytes_expected is None:
        with pytest.raises((CanonicalisationError, DocumentError)):
            from_template(values)
    else:
        assert from_template(values) == bytes_expected


def test_what_steers_cannot_vary() -> None:
    with pytest.raises(DocumentError, match="cannot vary"):
        Template(typical_credential(ISSUER, 0), [("id",), ("type", 1)])


@pytest.mark.parametrize("path", [("nowhere",), ("credentialSubject",), ("evidence", 9, "id"), ("id", "x")])
def test_a_path_that_leads_to_no_text_is_named(path: Any) -> None:
    with pytest.raises(DocumentError, match=str(path[0])):
        Template(typical_credential(ISSUER, 0), [path])


def test_a_template_with_an_undefined_member_is_refused() -> None:
    with pytest.raises(CanonicalisationError):
        Template({**typical_credential(ISSUER, 0), "colour": "red"}, [("id",)])


@pytest.mark.parametrize("values", [[], ["x"], [1] * len(VARYING)])
def test_wrong_values_are_refused(values: Any) -> None:
    with pytest.raises(DocumentError):
        from_template(values)


@pytest.mark.parametrize(
    "value", [None, "text", [], {}, {"@context": []}, {"a": {1, 2}}, {"a": float("inf")}]
)
def test_what_cannot_be_signed_is_refused(value: Any) -> None:
    with pytest.raises((CanonicalisationError, DocumentError)):
        issued(value)


def test_sign_and_issue_agree() -> None:
    document = {name: value for name, value in signed(PLAIN).items() if name != "proof"}
    assert issued(document) == encode_document(signed(PLAIN))
