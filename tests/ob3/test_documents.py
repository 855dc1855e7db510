"""A credential is built in the one shape all receivers take, or the field to mend is named."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from microcred_app.ob3.achievements import Achievement, Alignment, Criteria, Image, Profile, ResultDescription
from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS
from microcred_app.ob3.documents import (
    AchievementCredential,
    CredentialSchema,
    Evidence,
    Result,
    StatusEntry,
    Subject,
    build_achievement_credential,
)
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.identity import Identity, hashed_email, identity_matches, plain_name
from microcred_app.ob3.multikey import decode_digest
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.timestamps import format_time, parse_time
from tests.ob3.samples import ACHIEVEMENT, CREDENTIAL, INDEX, LIST_URL, NOW, PLAIN, RUBRIC, replace


def with_achievement(**changes: Any) -> AchievementCredential:
    return replace(CREDENTIAL, achievement=replace(ACHIEVEMENT, **changes))


def with_subject(**changes: Any) -> AchievementCredential:
    return replace(CREDENTIAL, subject=replace(CREDENTIAL.subject, **changes))


def test_contexts_types_and_single_objects() -> None:
    document = build_achievement_credential(CREDENTIAL)
    assert document["@context"] == [CREDENTIALS_V2, OB_3_0_3]
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert isinstance(document["credentialSubject"], dict)
    assert document["credentialStatus"] == {
        "id": f"{LIST_URL}#{INDEX}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(INDEX),
        "statusListCredential": LIST_URL,
    }
    assert document["credentialSubject"]["achievement"]["image"]["type"] == "Image"
    assert document["validFrom"] == "2026-03-01T09:00:00Z"


def test_sets_are_arrays_everywhere() -> None:
    document = build_achievement_credential(CREDENTIAL)
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    for value in (document["evidence"], subject["identifier"], subject["result"], achievement["alignment"]):
        assert isinstance(value, list)
    assert achievement["tag"] == ["reading", "humanities"]
    assert isinstance(achievement["resultDescription"][0]["rubricCriterionLevel"], list)


def test_nothing_is_null_or_empty() -> None:
    text = encode_document(build_achievement_credential(PLAIN)).decode()
    for nothing in ("null", "[]", '""', "{}"):
        assert nothing not in text


def test_extensions_context_only_when_its_terms_are_used() -> None:
    schema = CredentialSchema("https://example.org/schema.json")
    assert build_achievement_credential(replace(PLAIN, schemas=(schema,)))["@context"][2] == OB_EXTENSIONS
    other = CredentialSchema("https://example.org/schema.json", "JsonSchema")
    assert len(build_achievement_credential(replace(PLAIN, schemas=(other,)))["@context"]) == 2


def test_evidence_carries_the_digest_of_its_file() -> None:
    document = build_achievement_credential(
        replace(PLAIN, evidence=(Evidence("Essay", sha256=b"\x07" * 32),))
    )
    assert decode_digest(document["evidence"][0]["digestMultibase"]) == b"\x07" * 32


def test_texts_are_cleaned() -> None:
    document = build_achievement_credential(
        replace(PLAIN, name="  Close\u202e\x07\nreading &amp; more ", description="one\r\ntwo &lt;3")
    )
    assert document["name"] == "Close reading & more"
    assert document["description"] == "one\ntwo <3"


@pytest.mark.parametrize(
    ("credential", "field"),
    [
        (replace(CREDENTIAL, id="0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0001"), "id"),
        (replace(CREDENTIAL, name=" \u200e\x00 "), "name"),
        (replace(CREDENTIAL, name=5), "name"),
        (replace(CREDENTIAL, issuer=Profile("Example University", "x")), "issuer.id"),
        (replace(CREDENTIAL, issuer=Profile("https://e.example", "")), "issuer.name"),
        (replace(CREDENTIAL, issuer=Profile("https://e.example", "x", url="e.example")), "issuer.url"),
        (replace(CREDENTIAL, issuer=Profile("https://e.example", "x", email="nobody")), "issuer.email"),
        (
            replace(CREDENTIAL, issuer=Profile("https://e.example", "x", image=Image("logo.png"))),
            "issuer.image.id",
        ),
        (replace(CREDENTIAL, valid_from=datetime(2026, 3, 1)), "validFrom"),  # noqa: DTZ001 - what is tested
        (replace(CREDENTIAL, valid_until=NOW), "validUntil"),
        (with_subject(identifiers=()), "credentialSubject"),
        (with_subject(id="learner 7", identifiers=()), "credentialSubject.id"),
        (
            with_subject(results=(Result("https://e.example/unknown", "1"),)),
            "credentialSubject.result[0].resultDescription",
        ),
        (with_subject(results=(Result(RUBRIC.id),)), "credentialSubject.result[0]"),
        (with_subject(results=(Result(RUBRIC.id, status="Done"),)), "credentialSubject.result[0].status"),
        (
            with_subject(results=(Result(RUBRIC.id, achieved_level="https://e.example/l"),)),
            "credentialSubject.result[0].achievedLevel",
        ),
        (with_achievement(id="close-reading"), "credentialSubject.achievement.id"),
        (with_achievement(name=""), "credentialSubject.achievement.name"),
        (with_achievement(description="\n"), "credentialSubject.achievement.description"),
        (with_achievement(criteria=Criteria()), "credentialSubject.achievement.criteria"),
        (
            with_achievement(criteria=Criteria(id="mailto:a@b.example")),
            "credentialSubject.achievement.criteria.id",
        ),
        (
            with_achievement(achievement_type="MacroCredential"),
            "credentialSubject.achievement.achievementType",
        ),
        (with_achievement(in_language="en_US"), "credentialSubject.achievement.inLanguage"),
        (with_achievement(tags=("",)), "credentialSubject.achievement.tag"),
        (with_achievement(credits_available=-1), "credentialSubject.achievement.creditsAvailable"),
        (with_achievement(credits_available=float("nan")), "credentialSubject.achievement.creditsAvailable"),
        (with_achievement(image=Image("ftp://e.example/i.png")), "credentialSubject.achievement.image.id"),
        (
            with_achievement(alignments=(Alignment("Skill", ""),)),
            "credentialSubject.achievement.alignment[0].targetUrl",
        ),
        (
            with_achievement(alignments=(Alignment("Skill", "https://e.example", "ESCOSkill"),)),
            "credentialSubject.achievement.alignment[0].targetType",
        ),
        (
            with_achievement(result_descriptions=(ResultDescription("https://e.example/r", "R", "Marks"),)),
            "credentialSubject.achievement.resultDescription[0].resultType",
        ),
        (
            with_achievement(result_descriptions=(RUBRIC, RUBRIC)),
            "credentialSubject.achievement.resultDescription",
        ),
        (
            with_achievement(result_descriptions=(replace(RUBRIC, required_level="https://e.example/x"),)),
            "credentialSubject.achievement.resultDescription[0].requiredLevel",
        ),
        (replace(CREDENTIAL, evidence=(Evidence(""),)), "evidence[0].name"),
        (replace(CREDENTIAL, evidence=(Evidence("Essay", sha256=b"short"),)), "evidence[0].sha256"),
        (replace(CREDENTIAL, status=StatusEntry("list", 1)), "credentialStatus.statusListCredential"),
        (
            replace(CREDENTIAL, status=StatusEntry(f"{LIST_URL}#1", 1)),
            "credentialStatus.statusListCredential",
        ),
        (replace(CREDENTIAL, status=StatusEntry(LIST_URL, -1)), "credentialStatus.statusListIndex"),
        (replace(CREDENTIAL, status=StatusEntry(LIST_URL, 1, "removal")), "credentialStatus.statusPurpose"),
    ],
)
def test_what_receivers_refuse_is_refused_naming_the_field(
    credential: AchievementCredential, field: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        build_achievement_credential(credential)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: ")


def test_extension_terms_and_whole_credits_are_accepted() -> None:
    changed = with_achievement(achievement_type="ext:MacroCredential", credits_available=3.0)
    achievement = build_achievement_credential(changed)["credentialSubject"]["achievement"]
    assert achievement["achievementType"] == "ext:MacroCredential"
    assert json.dumps(achievement["creditsAvailable"]) == "3"


def test_a_minimal_achievement_is_enough() -> None:
    achievement = Achievement("urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0002", "A", "B", Criteria("C"))
    document = build_achievement_credential(
        AchievementCredential(
            "urn:x:1", "A", Profile("did:web:e.example", "E"), NOW, Subject("did:key:z6Mk"), achievement
        )
    )
    assert document["credentialSubject"]["achievement"] == {
        "id": achievement.id,
        "type": ["Achievement"],
        "name": "A",
        "description": "B",
        "criteria": {"narrative": "C"},
    }


def test_hashed_email_is_the_example_of_the_specification() -> None:
    identity = hashed_email("A@Example.com ", "Kosher")
    assert identity.identity_hash.startswith("sha256$b5809d8a")
    assert identity.identity_type == "emailAddress"
    assert identity_matches(identity, "a@example.COM")
    assert not identity_matches(identity, "b@example.com")
    assert not identity_matches(plain_name("a@example.com"), "a@example.com")


@pytest.mark.parametrize(("email", "salt"), [("", "s"), ("nobody", "s"), ("a@b", ""), ("a@b", "x\x00")])
def test_identities_nobody_can_match_are_refused(email: str, salt: str) -> None:
    with pytest.raises(DocumentError):
        hashed_email(email, salt)


def test_a_name_that_nobody_sees_is_refused() -> None:
    with pytest.raises(DocumentError):
        plain_name("\u200f\u200d ")


@pytest.mark.parametrize("identity_hash", ["", "b5809d8a", "sha256$B5", "md5$" + "0" * 64])
def test_nonsense_hashes_are_refused(identity_hash: str) -> None:
    with pytest.raises(DocumentError):
        Identity("emailAddress", identity_hash, hashed=True, salt="s")


def test_times_are_utc_whole_seconds() -> None:
    moment = NOW + timedelta(microseconds=999_999)
    assert format_time("f", moment) == "2026-03-01T09:00:00Z"
    assert parse_time("f", "2026-03-01T10:00:00.123456789+01:00") == NOW + timedelta(microseconds=123_456)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T09:00:00",
        "2026-03-01T09:00Z",
        "2026-03-01 09:00:00Z",
        "2026-02-30T09:00:00Z",
        "2026-03-01T09:00:00+99:99",
        "0001-01-01T00:00:00+23:59",
        "٢٠٢٦-03-01T09:00:00Z",
        "",
        5,
        None,
    ],
)
def test_times_without_zone_or_reason_are_refused(text: object) -> None:
    with pytest.raises(DocumentError):
        parse_time("f", text)


@pytest.mark.parametrize("value", [{"a": float("nan")}, {"a": b"bytes"}, {"a": "\ud800"}])
def test_what_json_cannot_carry_is_not_written(value: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        encode_document(value)


def test_bytes_are_compact_utf8_in_the_order_built() -> None:
    assert encode_document({"b": "é", "a": [1, True]}) == '{"b":"é","a":[1,true]}'.encode()
