"""Endorsements, learner records and revocation lists: built to the schemas, judged one by one, each on its own line."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from microcred_app.ob3 import schema
from microcred_app.ob3.achievements import Related
from microcred_app.ob3.clr import Association, ClrCredential, build_clr_credential
from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.dids import did_key, verification_method_id
from microcred_app.ob3.documents import StatusEntry, Subject, build_achievement_credential
from microcred_app.ob3.endorsements import EndorsementCredential, build_endorsement_credential
from microcred_app.ob3.errors import CanonicalisationError, DocumentError
from microcred_app.ob3.jose_signing import EddsaJoseSigner
from microcred_app.ob3.judgement import MAX_ISSUERS, MAX_LISTS
from microcred_app.ob3.jwt_credential import sign_jwt
from microcred_app.ob3.nested import MAX_CREDENTIALS, MAX_DEPTH
from microcred_app.ob3.profiles import OtherIdentifier, Profile
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.ob3.verification import verify
from tests.ob3.samples import (
    ACHIEVEMENT,
    ISSUER,
    ISSUER_PROFILE,
    METHOD,
    NOW,
    PLAIN,
    SIGNER,
    SITE,
    signed,
)

STRICT = Path(__file__).parent.parent / "schemas/ob_v3p0/strict"
PUBLISHED = Path(schema.__file__).parent / "schemas"
HOLDER = "did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E"
ENDORSER = Ed25519Signer(bytes(range(1, 33)))
ENDORSER_ID = did_key(ENDORSER.public_key)
ENDORSEMENT = EndorsementCredential(
    "urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0e01",
    "Endorsement by the library",
    Profile(ENDORSER_ID, "Example Library"),
    NOW,
    ACHIEVEMENT.id,
    "Our readers confirm it.",
)


def endorsement(**changes: Any) -> dict[str, Any]:
    document = build_endorsement_credential(replace(ENDORSEMENT, **changes))
    method = verification_method_id(ENDORSER_ID, ENDORSER.public_key)
    return sign(document, ENDORSER, verification_method=method, created=NOW)


def token(document: dict[str, Any], signer: Ed25519Signer = SIGNER) -> str:
    return sign_jwt(document, EddsaJoseSigner(signer)).decode()


def endorsement_token(**changes: Any) -> str:
    return token(build_endorsement_credential(replace(ENDORSEMENT, **changes)), ENDORSER)


def badge_of_holder(**changes: Any) -> dict[str, Any]:
    """The unsigned badge of somebody with a DID: only that can become a token."""
    return build_achievement_credential(replace(PLAIN, subject=Subject(id=HOLDER), **changes))


def second_badge() -> dict[str, Any]:
    achievement = replace(
        ACHIEVEMENT, id=f"{SITE}/achievements/writing/v1", name="Writing", result_descriptions=()
    )
    subject = Subject(id=HOLDER)
    badge = replace(
        PLAIN, id="urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0002", subject=subject, achievement=achievement
    )
    return signed(badge)


def record(*credentials: dict[str, Any] | str, **changes: Any) -> dict[str, Any]:
    found = credentials or (signed(PLAIN), second_badge())
    subject = Subject(id=HOLDER)
    subject = changes.pop("subject", subject)
    values: dict[str, Any] = {"associations": (Association("isPartOf", ACHIEVEMENT.id, f"{SITE}/macro"),)}
    macro = replace(ACHIEVEMENT, id=f"{SITE}/macro", name="Close work with texts", result_descriptions=())
    document = build_clr_credential(
        ClrCredential(
            "urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0c01",
            "Record",
            ISSUER_PROFILE,
            NOW,
            subject,
            found,
            achievements=(macro,),
            **{**values, **changes},
        )
    )
    return sign(document, SIGNER, verification_method=METHOD, created=NOW)


def report_on(document: dict[str, Any], **options: Any) -> Any:
    return verify(encode_document(document), now=NOW, **options)


def problems(document: dict[str, Any], file: Path) -> list[str]:
    validator = Draft201909Validator(json.loads(file.read_text(encoding="utf-8")))
    return [error.message for error in validator.iter_errors(document)]


def lines(report: Any, code: str) -> list[tuple[str, str]]:
    return [(check.place, check.outcome) for check in report.checks_of(code)]


def test_an_endorsement_satisfies_the_strict_schema_and_verifies() -> None:
    document = endorsement()
    assert problems(document, STRICT / "endorsementcredential.json") == []
    assert report_on(document).verdict == "valid"


def test_a_record_satisfies_the_schema_and_verifies_with_its_parts() -> None:
    document = record()
    assert problems(document, PUBLISHED / "clr-clrcredential.json") == []
    report = report_on(document)
    assert (report.verdict, report.check("parts").reason) == ("valid", "parts.hold")


def test_a_badge_changed_inside_a_record_is_noticed() -> None:
    changed = {**second_badge(), "name": "Other"}
    report = report_on(record(signed(PLAIN), changed))
    assert report.check("signature").outcome == "passed"
    assert report.verdict == "invalid"
    assert lines(report, "parts") == [
        ("credentialSubject.verifiableCredential[0]", "passed"),
        ("credentialSubject.verifiableCredential[1]", "failed"),
    ]


def test_a_part_whose_issuer_cannot_be_reached_leaves_the_record_undetermined() -> None:
    did = "did:web:example.edu"
    unsigned = build_achievement_credential(replace(PLAIN, issuer=Profile(did, "Elsewhere")))
    method = verification_method_id(did, SIGNER.public_key)
    report = report_on(record(sign(unsigned, SIGNER, verification_method=method, created=NOW)))
    assert (report.verdict, report.check("parts").outcome) == ("undetermined", "could_not_check")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"associations": (Association("isFriendOf", ACHIEVEMENT.id, f"{SITE}/macro"),)}, "associationType"),
        ({"associations": (Association("isPartOf", ACHIEVEMENT.id, "urn:x:1"),)}, "targetId"),
        ({"valid_until": NOW}, "validUntil"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DocumentError, match=field):
        record(**changes)


def test_an_unsigned_badge_does_not_go_into_a_record() -> None:
    with pytest.raises(DocumentError, match="signed"):
        record(build_achievement_credential(PLAIN))


@pytest.mark.parametrize("place", ["credential", "achievement", "issuer"])
def test_endorsements_are_checked_wherever_they_stand(place: str) -> None:
    target = {"credential": PLAIN.id, "achievement": ACHIEVEMENT.id, "issuer": ISSUER}[place]
    inside = (endorsement(endorses=target),)
    changes: dict[str, Any] = {
        "credential": {"endorsements": inside},
        "achievement": {"achievement": replace(ACHIEVEMENT, endorsements=inside)},
        "issuer": {"issuer": replace(ISSUER_PROFILE, endorsements=inside)},
    }[place]
    document = signed(replace(PLAIN, **changes))
    report = report_on(document)
    assert (report.verdict, report.check("endorsements").reason) == ("valid", "endorsements.hold")
    assert problems(document, STRICT / "achievementcredential.json") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"endorses": "urn:uuid:another-badge"},
        {"valid_from": NOW + timedelta(days=1)},
        {"valid_from": NOW - timedelta(days=9), "valid_until": NOW - timedelta(days=1)},
    ],
)
def test_an_endorsement_that_does_not_hold_is_shown_as_failed_and_takes_nothing_from_the_badge(
    changes: dict[str, Any],
) -> None:
    report = report_on(signed(replace(PLAIN, endorsements=(endorsement(**changes), endorsement()))))
    assert lines(report, "endorsements") == [("endorsement[0]", "failed"), ("endorsement[1]", "passed")]
    assert report.verdict == "valid"
    assert [check.place for check in report.remarks] == ["endorsement[0]"]


def test_a_forged_endorsement_does_not_hold() -> None:
    forged = {**endorsement(), "name": "Endorsement by everybody"}
    report = report_on(signed(replace(PLAIN, endorsements=(forged,))))
    assert report.check("endorsements").reason == "endorsements.invalid"


def test_an_endorsement_that_is_not_yet_known_is_never_counted_as_passed() -> None:
    did = "did:web:library.example"
    unsigned = build_endorsement_credential(replace(ENDORSEMENT, issuer=Profile(did, "Library")))
    method = verification_method_id(did, ENDORSER.public_key)
    away = sign(unsigned, ENDORSER, verification_method=method, created=NOW)
    report = report_on(signed(replace(PLAIN, endorsements=(away,))))
    assert lines(report, "endorsements") == [("endorsement[0]", "could_not_check")]
    assert (report.verdict, len(report.remarks)) == ("valid", 1)


def test_a_badge_that_was_changed_is_invalid_whatever_its_endorsements_say() -> None:
    document = {**signed(replace(PLAIN, endorsements=(endorsement(),))), "name": "Other"}
    report = report_on(document)
    assert (report.verdict, report.check("endorsements").outcome) == ("invalid", "passed")


def test_endorsements_of_the_endorser_and_of_the_endorsement_are_followed() -> None:
    of_endorser = endorsement(id="urn:uuid:0a4bd7d2-0000-4a43-93c5-4c1f0c0e0e02", endorses=ENDORSER_ID)
    of_endorsement = endorsement(id="urn:uuid:0a4bd7d2-0000-4a43-93c5-4c1f0c0e0e03", endorses=ENDORSEMENT.id)
    wrong = {**of_endorsement, "name": "Changed"}
    outer = endorsement(
        issuer=replace(ENDORSEMENT.issuer, endorsements=(of_endorser,)), endorsements=(of_endorsement, wrong)
    )
    document = signed(replace(PLAIN, endorsements=(outer,)))
    report = report_on(document)
    assert lines(report, "endorsements") == [
        ("endorsement[0]", "passed"),
        ("endorsement[0].endorsement[0]", "passed"),
        ("endorsement[0].endorsement[1]", "failed"),
        ("endorsement[0].issuer.endorsement[0]", "passed"),
    ]
    assert problems(document, STRICT / "achievementcredential.json") == []


def test_endorsements_are_followed_three_levels_deep() -> None:
    inner: tuple[dict[str, Any], ...] = ()
    for level in range(MAX_DEPTH + 1, 0, -1):
        inner = (endorsement(id=f"urn:x:{level}", endorses=f"urn:x:{level - 1}", endorsements=inner),)
    report = report_on(signed(replace(PLAIN, id="urn:x:0", endorsements=inner)))
    assert [check.outcome for check in report.checks_of("endorsements")] == ["passed"] * MAX_DEPTH + [
        "could_not_check"
    ]
    assert report.remarks[0].reason == "endorsements.too_deep"


def test_what_exceeds_the_number_is_said_not_to_be_checked() -> None:
    document = badge_of_holder(endorsements=(endorsement(),) * (MAX_CREDENTIALS + 5))
    report = verify(token(document), now=NOW)
    found = report.checks_of("endorsements")
    assert len(found) == MAX_CREDENTIALS + 1
    assert (found[-1].reason, found[-1].place) == ("endorsements.too_many", f"endorsement[{MAX_CREDENTIALS}]")


def test_endorsement_tokens_are_judged_in_a_credential_that_is_a_token() -> None:
    good, late = endorsement_token(), endorsement_token(valid_from=NOW + timedelta(days=9))
    achievement = replace(ACHIEVEMENT, endorsement_tokens=(good, late, good[:-9] + "AAAAAAAAA"))
    document = badge_of_holder(
        achievement=achievement, endorsement_tokens=(endorsement_token(endorses=PLAIN.id),)
    )
    report = verify(token(document), now=NOW)
    assert lines(report, "endorsements") == [
        ("endorsementJwt[0]", "passed"),
        ("credentialSubject.achievement.endorsementJwt[0]", "passed"),
        ("credentialSubject.achievement.endorsementJwt[1]", "failed"),
        ("credentialSubject.achievement.endorsementJwt[2]", "failed"),
    ]
    assert report.verdict == "valid"
    assert problems(document, STRICT / "achievementcredential.json") == []


def test_an_endorsement_token_cannot_be_covered_by_an_embedded_proof() -> None:
    document = badge_of_holder(endorsement_tokens=(endorsement_token(endorses=PLAIN.id),))
    with pytest.raises(CanonicalisationError, match="endorsementJwt"):
        sign(document, SIGNER, verification_method=METHOD, created=NOW)


@pytest.mark.parametrize("value", ["x", "a.b", "a.b.c.d", "", 5])
def test_what_is_no_token_is_not_taken_for_one(value: Any) -> None:
    with pytest.raises(DocumentError, match=r"endorsementJwt\[0\]"):
        badge_of_holder(endorsement_tokens=(value,))
    report = verify(token({**badge_of_holder(), "endorsementJwt": [value]}), now=NOW)
    assert lines(report, "endorsements") == [("endorsementJwt[0]", "failed")]


def test_tokens_in_a_record_are_parts_like_others() -> None:
    badge = token(badge_of_holder())
    document = record(second_badge(), badge)
    report = report_on(document)
    assert lines(report, "parts") == [
        ("credentialSubject.verifiableCredential[0]", "passed"),
        ("credentialSubject.verifiableCredential[1]", "passed"),
    ]
    assert report.verdict == "valid"


def test_a_changed_token_in_a_record_makes_the_record_invalid() -> None:
    badge = token(badge_of_holder())
    report = report_on(record(badge[:-4] + "AAAA", second_badge()))
    assert lines(report, "parts")[0] == ("credentialSubject.verifiableCredential[0]", "failed")
    assert report.verdict == "invalid"


def test_endorsements_of_a_badge_in_a_record_have_their_lines() -> None:
    badge = signed(replace(PLAIN, endorsements=(endorsement(),)))
    report = report_on(record(badge, second_badge()))
    assert lines(report, "endorsements") == [
        ("credentialSubject.verifiableCredential[0].endorsement[0]", "passed")
    ]


def test_a_record_of_forty_badges_is_read() -> None:
    badges = [signed(replace(PLAIN, id=f"urn:x:{number}")) for number in range(40)]
    report = report_on(record(*badges))
    assert (report.verdict, len(report.checks_of("parts"))) == ("valid", 40)


def test_an_unreadable_token_does_not_go_into_a_record() -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        record("AAAA.AAAA.AAAA", second_badge())


def test_the_holder_of_a_record_has_no_results_there() -> None:
    with pytest.raises(DocumentError, match="only who the holder is"):
        record(subject=Subject(id=HOLDER, role="Captain"))


def foreign_endorsements(number: int) -> tuple[dict[str, Any], ...]:
    found = []
    for n in range(number):
        did = f"did:web:host{n}.example"
        unsigned = build_endorsement_credential(replace(ENDORSEMENT, issuer=Profile(did, "Host")))
        method = verification_method_id(did, ENDORSER.public_key)
        found.append(sign(unsigned, ENDORSER, verification_method=method, created=NOW))
    return tuple(found)


def test_one_document_does_not_send_its_reader_to_a_hundred_hosts() -> None:
    asked: list[str] = []

    def resolve(did: str) -> dict[str, Any]:
        asked.append(did)
        raise OSError("not reachable")

    document = badge_of_holder(endorsements=foreign_endorsements(MAX_ISSUERS + 9) * 2)
    report = verify(token(document), now=NOW, resolve_did=resolve)
    assert len(asked) == len(set(asked)) == MAX_ISSUERS
    assert {check.outcome for check in report.checks_of("endorsements")} == {"could_not_check"}


def test_one_document_does_not_make_its_reader_fetch_a_hundred_lists() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        raise OSError("not reachable")

    badges = [
        signed(replace(PLAIN, status=StatusEntry(f"https://host{n}.example/list", 1)))
        for n in range(MAX_LISTS + 9)
    ]
    report = report_on(record(*badges), fetch_status_list=fetch)
    assert len(asked) == len(set(asked)) == MAX_LISTS
    assert (report.verdict, {check.outcome for check in report.checks_of("parts")}) == (
        "undetermined",
        {"could_not_check"},
    )


def test_other_identifiers_and_related_editions_satisfy_the_strict_schema() -> None:
    achievement = replace(
        ACHIEVEMENT,
        related=(Related(f"{SITE}/achievements/close-reading/es", "es", "1"),),
        other_identifiers=(OtherIdentifier("ce-1234", "ext:CTID"), OtherIdentifier("READ-101", "identifier")),
    )
    document = signed(replace(PLAIN, achievement=achievement))
    assert problems(document, STRICT / "achievementcredential.json") == []
    assert report_on(document).verdict == "valid"


def with_revocation_list() -> dict[str, Any]:
    document = build_achievement_credential(replace(PLAIN, refresh_url=f"{SITE}/newest/1"))
    del document["refreshService"]
    document["credentialStatus"] = {"id": f"{SITE}/revoked", "type": "1EdTechRevocationList"}
    return sign(document, SIGNER, verification_method=METHOD, created=NOW)


@pytest.mark.parametrize(
    ("listed", "outcome"),
    [
        ({"revokedCredential": []}, ("passed", "status.clear")),
        ({"revokedCredential": [{"id": PLAIN.id, "revoked": True}]}, ("failed", "status.revoked")),
        ({"revokedCredential": [{"id": PLAIN.id, "revoked": False}]}, ("passed", "status.clear")),
        ({"revokedCredential": ["x"]}, ("could_not_check", "status_list.structure")),
        ({"revokedCredential": {}}, ("could_not_check", "status_list.structure")),
        ({"issuer": "did:web:other.example"}, ("could_not_check", "status_list.structure")),
        ({"id": "https://other.example/list"}, ("could_not_check", "status_list.structure")),
    ],
)
def test_a_1edtech_revocation_list_is_read(listed: dict[str, Any], outcome: tuple[str, str]) -> None:
    content = json.dumps({"id": f"{SITE}/revoked", "issuer": ISSUER, "revokedCredential": [], **listed})
    report = report_on(
        with_revocation_list(), fetch_status_list={f"{SITE}/revoked": content.encode()}.__getitem__
    )
    check = report.check("status")
    assert (check.outcome, check.reason) == outcome


def test_an_unreachable_revocation_list_counts_as_not_checked() -> None:
    assert report_on(with_revocation_list()).check("status").outcome == "could_not_check"
    assert report_on(with_revocation_list(), fetch_status_list={}.__getitem__).verdict == "undetermined"
