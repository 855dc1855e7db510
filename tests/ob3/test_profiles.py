"""Profiles, and the rest of what a subject and its evidence say: built to both schemas, signed, refused by field."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from microcred_app.ob3.achievements import Alignment
from microcred_app.ob3.canonical import canonicalise
from microcred_app.ob3.data_integrity import without_proof
from microcred_app.ob3.documents import Evidence, Result, TermsOfUse, build_achievement_credential
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.evidence_files import EvidenceFile
from microcred_app.ob3.integrity import encode_sri
from microcred_app.ob3.profiles import Address, Image, PersonName, Profile
from microcred_app.ob3.schema import bundled_validators
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.structure import require_achievement_credential
from microcred_app.ob3.verification import verify
from tests.ob3.samples import CREDENTIAL, ESSAY, ISSUER_PROFILE, NOW, PLAIN, RUBRIC, replace, signed

STRICT = Path(__file__).parent.parent / "schemas/ob_v3p0/strict/achievementcredential.json"
PERSON = PersonName("Ana", "Lucía", "de la", "Cruz", "Petrovna", "Dr", "PhD")
OFFICE = Address(
    "1 High Street", "PO 7", "1012 AB", "Amsterdam", "Noord-Holland", "Netherlands", "NL", (52.37, 4)
)
SCHOOL = Profile(
    "https://school.example.edu",
    "Example School",
    address=OFFICE,
    person_name=PERSON,
    date_of_birth=date(1970, 1, 31),
    parent=Profile("https://district.example.edu", "Example District"),
)
SUBJECT = replace(
    CREDENTIAL.subject,
    results=(Result(RUBRIC.id, achieved_level=RUBRIC.levels[1].id, alignments=(Alignment("x", "urn:x:1"),)),),
    role="Captain",
    source=SCHOOL,
    term="Spring 2026",
    license_number="LIC-7",
    activity_start=NOW - timedelta(days=30),
    activity_end=NOW,
    credits_earned=1.5,
    image=Image("data:image/png;base64,AAAA", "The baked badge"),
)
TERMS = (TermsOfUse("https://example.edu/terms#Policy", "https://example.edu/terms/1"),)
EVERYTHING = replace(
    PLAIN, subject=SUBJECT, issuer=replace(ISSUER_PROFILE, address=OFFICE), terms_of_use=TERMS
)


def with_subject(**changes: Any) -> dict[str, Any]:
    return build_achievement_credential(replace(PLAIN, subject=replace(SUBJECT, **changes)))


def with_source(**changes: Any) -> dict[str, Any]:
    return with_subject(source=replace(SCHOOL, **changes))


def test_everything_said_satisfies_both_schemas_and_verifies() -> None:
    document = signed(EVERYTHING)
    strict = Draft201909Validator(json.loads(STRICT.read_text(encoding="utf-8")))
    assert [error.message for error in strict.iter_errors(document)] == []
    report = verify(encode_document(document), now=NOW, schemas=bundled_validators())
    assert (report.verdict, report.check("schema").outcome) == ("valid", "passed")


MEMBERS = [
    ("credentialSubject", "role"),
    ("credentialSubject", "term"),
    ("credentialSubject", "licenseNumber"),
    ("credentialSubject", "activityStartDate"),
    ("credentialSubject", "creditsEarned"),
    ("credentialSubject", "source", "id"),
    ("credentialSubject", "source", "address", "addressCountryCode"),
    ("credentialSubject", "source", "address", "geo", "latitude"),
    *(("credentialSubject", "source", name) for name in ("familyName", "givenName", "familyNamePrefix")),
    *(("credentialSubject", "source", name) for name in ("additionalName", "patronymicName", "dateOfBirth")),
    *(("credentialSubject", "source", name) for name in ("honorificPrefix", "honorificSuffix")),
    ("credentialSubject", "source", "parentOrg", "name"),
    ("issuer", "address", "postalCode"),
]


@pytest.mark.parametrize("path", MEMBERS, ids=".".join)
def test_every_member_is_covered_by_the_signature(path: tuple[str, ...]) -> None:
    document = without_proof(signed(EVERYTHING))
    before = canonicalise(document)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    place[path[-1]] = "urn:x:2" if path[-1] == "id" else old + 1 if isinstance(old, float) else "other"
    assert canonicalise(document) != before


def test_terms_of_use_are_covered_by_the_signature() -> None:
    document = without_proof(signed(EVERYTHING))
    assert b"https://example.edu/terms#Policy" in canonicalise(document)


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: with_source(address=Address()), "source.address"),
        (lambda: with_source(address=Address(country_code="nl")), "addressCountryCode"),
        (lambda: with_source(address=Address(location=(91, 0))), "geo.latitude"),
        (lambda: with_source(address=Address(location=(0, float("nan")))), "geo.longitude"),
        (lambda: with_source(date_of_birth=NOW), "dateOfBirth"),
        (lambda: with_source(id="school"), "source.id"),
        (lambda: with_source(name=" "), "source.name"),
        (lambda: with_subject(role=5), "role"),
        (lambda: with_subject(credits_earned=-1), "creditsEarned"),
        (lambda: with_subject(activity_end=NOW - timedelta(days=60)), "activityEndDate"),
        (lambda: with_subject(image=Image("picture.png")), "credentialSubject.image"),
        (
            lambda: build_achievement_credential(replace(PLAIN, terms_of_use=(TermsOfUse("Policy"),))),
            "termsOfUse",
        ),
    ],
)
def test_what_receivers_would_refuse_is_refused_by_its_field(build: Any, field: str) -> None:
    with pytest.raises(DocumentError, match=field):
        build()


def test_organisations_above_each_other_come_to_an_end() -> None:
    profile = SCHOOL
    for _ in range(9):
        profile = replace(SCHOOL, parent=profile)
    with pytest.raises(DocumentError, match="at most"):
        with_subject(source=profile)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": 5}, "credentialSubject.role"),
        ({"term": ["x"]}, "credentialSubject.term"),
        ({"source": "https://school.example.edu"}, "credentialSubject.source"),
        ({"source": {"id": "https://school.example.edu"}}, "credentialSubject.source.type"),
        ({"source": {"type": ["Profile"]}}, "credentialSubject.source.id"),
    ],
)
def test_the_structure_of_what_a_subject_says_is_checked(changes: dict[str, Any], field: str) -> None:
    document = with_subject()
    document["credentialSubject"].update(changes)
    with pytest.raises(DocumentError) as caught:
        require_achievement_credential(document)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"termsOfUse": "free"}, "termsOfUse"),
        ({"termsOfUse": [{"id": "urn:x:1"}]}, "termsOfUse"),
        ({"issuer": {**signed()["issuer"], "address": "1 High Street"}}, "issuer.address"),
        ({"issuer": {**signed()["issuer"], "parentOrg": {"type": ["Profile"]}}}, "issuer.parentOrg.id"),
    ],
)
def test_the_structure_of_terms_and_profiles_is_checked(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DocumentError) as caught:
        require_achievement_credential({**with_subject(), **changes})
    assert caught.value.field == field


def with_evidence(**changes: Any) -> dict[str, Any]:
    return signed(replace(PLAIN, evidence=(Evidence("Essay", **changes),)))


def answer(document: dict[str, Any], *contents: bytes) -> str:
    files = [EvidenceFile.from_bytes(f"{number}.txt", content) for number, content in enumerate(contents)]
    return verify(encode_document(document), now=NOW, evidence=files).check("evidence").reason


OWN = EvidenceFile.from_bytes("essay.txt", ESSAY)
OTHER = EvidenceFile.from_bytes("other.txt", b"other")


@pytest.mark.parametrize("digest", [OWN.sha256, OWN.sha384, OWN.sha512])
def test_a_file_is_known_by_its_sri_digest(digest: bytes) -> None:
    document = with_evidence(sri=encode_sri(digest))
    assert answer(document, ESSAY) == "evidence.match"
    assert answer(document, b"other") == "evidence.mismatch"
    assert bundled_validators()[next(iter(bundled_validators()))](document) == []


def test_a_file_must_satisfy_both_digests_of_its_entry() -> None:
    both = with_evidence(sha256=OWN.sha256, sri=encode_sri(OTHER.sha384 or b""))
    assert answer(both, ESSAY) == answer(both, b"other") == "evidence.mismatch"


def test_a_builder_does_not_state_two_digests_that_contradict_each_other() -> None:
    with pytest.raises(DocumentError, match="contradicts"):
        with_evidence(sha256=OWN.sha256, sri=encode_sri(OTHER.sha256))


@pytest.mark.parametrize(
    "sri", ["sha1-AAAA", "sha256-AAAA", "md5", encode_sri(OWN.sha256) + "?x", f" {encode_sri(OWN.sha256)}"]
)
def test_a_digest_in_another_form_is_refused(sri: str) -> None:
    with pytest.raises(DocumentError, match=r"evidence\[0\].sri"):
        with_evidence(sri=sri)


@pytest.mark.parametrize("stated", ["sha3-AAAA", "", 5, None, "x" * 5_000, "sha256-" + "A" * 44])
def test_a_digest_of_an_unknown_kind_is_neither_match_nor_mismatch(stated: Any) -> None:
    document = {**with_evidence(), "evidence": [{"type": ["Evidence"], "digestSRI": stated}]}
    assert answer(document, ESSAY) == "evidence.unsupported_digest"


def test_of_several_sri_digests_only_the_strongest_count() -> None:
    stated = f"{encode_sri(OTHER.sha256)} {encode_sri(OWN.sha512 or b'')} {encode_sri(b'0' * 64)}"
    document = {**with_evidence(), "evidence": {"type": ["Evidence"], "digestSRI": stated}}
    assert answer(document, ESSAY) == "evidence.match"
    assert answer(document, b"other") == "evidence.mismatch"
