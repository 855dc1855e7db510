"""Safe mode: whatever would not be signed is refused by name; whatever would never end is refused in time."""

import time
from typing import Any

import pytest

from microcred_app.ob3.canonical import canonicalise
from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3
from microcred_app.ob3.data_integrity import without_proof
from microcred_app.ob3.dataset import Quad
from microcred_app.ob3.errors import CanonicalisationError, ContextError
from microcred_app.ob3.rdfc import canonical_nquads, shared_work, work_is_shared
from microcred_app.ob3.shapes import ShapeCanonicaliser
from tests.ob3.samples import PLAIN, signed

EX = "https://example.org/"


def document(**changes: Any) -> dict[str, Any]:
    return {**without_proof(signed(PLAIN)), **changes}


def refusal(value: Any) -> CanonicalisationError:
    with pytest.raises(CanonicalisationError) as caught:
        canonicalise(value)
    return caught.value


def test_order_of_members_does_not_matter() -> None:
    value = document()
    assert canonicalise(dict(reversed(value.items()))) == canonicalise(value)


def test_order_and_doubling_inside_sets_do_not_matter_but_lists_keep_order() -> None:
    value = document()
    achievement = value["credentialSubject"]["achievement"]
    before = canonicalise(value)
    achievement["tag"] = [*reversed(achievement["tag"]), "reading"]
    assert canonicalise(value) == before
    description = achievement["resultDescription"][0]
    description["allowedValue"] = ["a", "b"]
    in_order = canonicalise(value)
    description["allowedValue"] = ["b", "a"]
    assert canonicalise(value) != in_order


@pytest.mark.parametrize("value", ["text", 5, True, {}, [], {"deep": ["x"]}, ["x"]])
def test_a_member_no_context_defines_is_refused_by_name(value: Any) -> None:
    assert refusal(document(colour=value)).member == "colour"


@pytest.mark.parametrize("value", ["text", 5, True, {}, [], {"deep": ["x"]}, {"colour": {}}, [[]]])
def test_what_expansion_drops_is_noticed_even_if_terms_were_not_looked_at(
    value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count of what went in and came out stands on its own: it does not rely on PyLD's inner workings."""
    monkeypatch.setattr("microcred_app.ob3.expansion._require_term", lambda name, meaning: None)
    assert refusal(document(colour=value)).code == "canonical.dropped"


def test_a_member_defined_elsewhere_is_refused_where_it_is_not() -> None:
    value = document()
    value["credentialSubject"]["achievement"]["achievedLevel"] = "x:y"  # a member of Result
    assert refusal(value).member == "achievedLevel"


def test_endorsement_jwt_cannot_be_signed() -> None:
    assert refusal(document(endorsementJwt=["a.b.c"])).member == "endorsementJwt"


@pytest.mark.parametrize("place", ["type", "id"])
def test_types_and_ids_must_be_terms_or_absolute(place: str) -> None:
    value = document()
    value["credentialSubject"]["achievement"][place] = (
        ["Achievement", "Prize"] if place == "type" else "badges/7"
    )
    assert refusal(value).member in ("Prize", "badges/7")


@pytest.mark.parametrize(
    "iri", ["https://a b", "https://a<b", "urn:x:{y}", 'urn:x:"', "x y:z", "_:b0", "", "@id"]
)
def test_addresses_that_rdf_cannot_carry_are_refused(iri: str) -> None:
    value = document()
    value["credentialSubject"]["achievement"]["id"] = iri
    refusal(value)


@pytest.mark.parametrize(
    "name",
    [
        "@graph",
        "@included",
        "@reverse",
        "@id",
        "@type",
        "@set",
        "@index",
        "https://www.w3.org/2018/credentials#validUntil",
        "cred:x",
        "",
    ],
)
def test_only_plain_terms_may_be_members(name: str) -> None:
    assert refusal(document(**{name: "x:y"})).code == "canonical.not_a_term"


def test_status_spelled_as_address_is_refused() -> None:
    """The same signed statements, but a JSON reader no longer finds `credentialStatus`."""
    value = without_proof(signed())
    value["https://www.w3.org/2018/credentials#credentialStatus"] = value.pop("credentialStatus")
    assert refusal(value).code == "canonical.not_a_term"


def test_null_is_refused() -> None:
    assert refusal(document(description=None)).member == "description"


@pytest.mark.parametrize("context", [{"x": "https://example.org/x"}, None, 5])
def test_contexts_inside_the_document_are_refused(context: Any) -> None:
    value = document()
    value["@context"] = [*value["@context"], context]
    assert refusal(value).code == "canonical.inline_context"


@pytest.mark.parametrize("url", ["https://example.org/context", "context-3.0.3.json", ""])
def test_unknown_contexts_are_refused_by_name(url: str) -> None:
    with pytest.raises(ContextError) as caught:
        canonicalise(document(**{"@context": [CREDENTIALS_V2, url]}))
    assert caught.value.url == url


@pytest.mark.parametrize("value", [None, "text", 5, [], {}, {"id": "urn:x:1"}, {"@context": CREDENTIALS_V2}])
def test_what_makes_no_statement_is_refused(value: Any) -> None:
    refusal(value)


@pytest.mark.parametrize(("char", "written"), [("\x01", "\\u0001"), ("\x7f", "\\u007F"), ("\x0b", "\\u000B")])
def test_control_characters_are_escaped_as_rdfc_demands(char: str, written: str) -> None:
    assert f'"a{written}b"'.encode() in canonicalise(document(description=f"a{char}b"))


def test_short_escapes_and_plain_characters() -> None:
    text = 'tab\t line\n return\r quote" back\\ é 李 😀 \x85 \u2028 ﷽'
    written = 'tab\\t line\\n return\\r quote\\" back\\\\ é 李 😀 \x85 \u2028 ﷽'
    assert f'"{written}"'.encode() in canonicalise(document(description=text))


def test_half_a_surrogate_pair_is_refused() -> None:
    assert refusal(document(description="\ud800")).code == "canonical.text"


@pytest.mark.parametrize(
    ("number", "written"),
    [(3, '"3"'), (3.0, '"3"'), (1.5, '"1.5E0"'), (0, '"0"'), (-0.0, '"0"'), (1e6, '"1000000"')],
)
def test_numbers_are_written_as_javascript_writes_them(number: float, written: str) -> None:
    value = document()
    value["credentialSubject"]["achievement"]["creditsAvailable"] = number
    assert f"#creditsAvailable> {written}^^".encode() in canonicalise(value)


@pytest.mark.parametrize("number", [2**53 + 1, -(2**60), 1e-7, 1e300, float("inf"), float("nan")])
def test_numbers_that_differ_between_languages_are_refused(number: float) -> None:
    value = document()
    value["credentialSubject"]["achievement"]["creditsAvailable"] = number
    assert refusal(value).code == "canonical.number"


def test_language_and_direction_are_signed() -> None:
    plain = {"@value": "שלום", "@language": "he"}
    assert '"שלום"@he' in canonicalise(document(name=plain)).decode()
    directed = canonicalise(document(name={**plain, "@direction": "rtl"})).decode()
    assert '"שלום"^^<https://www.w3.org/ns/i18n#he_rtl>' in directed


@pytest.mark.parametrize(
    "value",
    [
        {"@value": "x", "@language": "not a language"},
        {"@value": "x", "@direction": "up"},
        {"@value": "x", "@type": "https://example.org/t"},
        {"@value": ["x"]},
        {"@value": "x", "id": "urn:x:1"},
        {"@language": "en"},
    ],
)
def test_value_objects_are_text_language_and_direction_only(value: Any) -> None:
    refusal(document(name=value))


def test_a_hostile_web_of_blank_nodes_is_refused_in_time() -> None:
    names = [f"_:n{index}" for index in range(9)]
    clique = [Quad(a, f"<{EX}p>", b, "") for a in names for b in names if a != b]
    started = time.process_time()
    with pytest.raises(CanonicalisationError) as caught:
        canonical_nquads(clique)
    assert caught.value.code == "canonical.too_complex"
    assert time.process_time() - started < 3


def test_equal_blank_nodes_are_no_attack() -> None:
    value = document()
    alignment = value["credentialSubject"]["achievement"]["alignment"][0]
    value["credentialSubject"]["achievement"]["alignment"] = [dict(alignment) for _ in range(40)]
    assert canonicalise(value).count(b"/AlignmentObject>") == 40


def test_many_contexts_and_many_types_are_refused() -> None:
    assert refusal(document(**{"@context": [CREDENTIALS_V2, *[OB_3_0_3] * 200]})).code == "canonical.contexts"
    assert refusal(document(type=["VerifiableCredential"] * 100)).code == "canonical.types"


def test_nesting_without_end_is_refused() -> None:
    value: dict[str, Any] = {}
    for _ in range(5_000):
        value = {"creator": value}
    assert refusal(document(evidence=value)).code == "canonical.too_deep"


def test_documents_that_share_their_work_may_not_ask_for_more_than_one_could() -> None:
    ring = [Quad(f"_:s{i}", "<urn:p:1>", f"_:s{(i + 1) % 8}", "") for i in range(8)]
    canonical = canonical_nquads(ring)
    assert not work_is_shared()
    with shared_work(2_000):
        assert work_is_shared()
        with pytest.raises(CanonicalisationError, match="too long"):
            for _ in range(200):
                assert canonical_nquads(ring) == canonical
    assert canonical_nquads(ring) == canonical


def test_what_shares_its_work_is_canonicalised_on_the_plain_route(monkeypatch: pytest.MonkeyPatch) -> None:
    value = document()
    expected = canonicalise(value)
    monkeypatch.setattr(ShapeCanonicaliser, "__call__", lambda self, value: b"learned")
    assert canonicalise(value) == b"learned"
    with shared_work():
        assert canonicalise(value) == expected
