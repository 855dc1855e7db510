"""Endorsements, learner records, revocation lists and refresh services: built to the schemas, judged one by one."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from microcred_app.ob3.achievements import OtherIdentifier, Profile, Related
from microcred_app.ob3.clr import Association, ClrCredential, build_clr_credential
from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.dids import did_key, verification_method_id
from microcred_app.ob3.documents import Subject, build_achievement_credential
from microcred_app.ob3.endorsements import EndorsementCredential, build_endorsement_credential
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.ob3.verification import verify
from tests.ob3.samples import (
    ACHIEVEMENT,
    CREDENTIAL,
    ISSUER,
    ISSUER_PROFILE,
    METHOD,
    NOW,
    PLAIN,
    SIGNER,
    SITE,
    signed,
)

SCHEMAS = Path(__file__).parent.parent / "schemas"
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


def second_badge() -> dict[str, Any]:
    achievement = replace(
        ACHIEVEMENT, id=f"{SITE}/achievements/writing/v1", name="Writing", result_descriptions=()
    )
    subject = Subject(id="did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E")
    badge = replace(
        PLAIN, id="urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0002", subject=subject, achievement=achievement
    )
    return signed(badge)


def record(*credentials: dict[str, Any], **changes: Any) -> dict[str, Any]:
    found = credentials or (signed(PLAIN), second_badge())
    subject = Subject(id="did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E")
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


def problems(document: dict[str, Any], schema: str) -> list[str]:
    validator = Draft201909Validator(json.loads((SCHEMAS / schema).read_text(encoding="utf-8")))
    return [error.message for error in validator.iter_errors(document)]


def test_an_endorsement_satisfies_the_strict_schema_and_verifies() -> None:
    document = endorsement()
    assert problems(document, "ob_v3p0/strict/endorsementcredential.json") == []
    assert report_on(document).verdict == "valid"


def test_a_record_satisfies_the_schema_and_verifies_with_its_parts() -> None:
    document = record()
    assert problems(document, "clr_v2p0/clr_v2p0_clrcredential_schema.json") == []
    report = report_on(document)
    assert (report.verdict, report.check("parts").reason) == ("valid", "parts.hold")


def test_a_badge_changed_inside_a_record_is_noticed() -> None:
    changed = {**second_badge(), "name": "Other"}
    report = report_on(record(signed(PLAIN), changed))
    assert report.check("signature").outcome == "passed"
    assert (report.verdict, report.check("parts").reason) == ("invalid", "parts.invalid")


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
    assert problems(document, "ob_v3p0/strict/achievementcredential.json") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"endorses": "urn:uuid:another-badge"},
        {"valid_from": NOW + timedelta(days=1)},
        {"valid_from": NOW - timedelta(days=9), "valid_until": NOW - timedelta(days=1)},
    ],
)
def test_an_endorsement_of_something_else_or_out_of_time_does_not_hold(changes: dict[str, Any]) -> None:
    report = report_on(signed(replace(PLAIN, endorsements=(endorsement(**changes),))))
    assert (report.verdict, report.check("endorsements").outcome) == ("invalid", "failed")


def test_a_forged_endorsement_does_not_hold() -> None:
    forged = {**endorsement(), "name": "Endorsement by everybody"}
    report = report_on(signed(replace(PLAIN, endorsements=(forged,))))
    assert report.check("endorsements").reason == "endorsements.invalid"


def test_too_many_endorsements_are_not_looked_at() -> None:
    report = report_on(signed(replace(PLAIN, endorsements=(endorsement(),) * 11)))
    assert report.check("endorsements").reason == "endorsements.too_many"


def test_other_identifiers_and_related_editions_satisfy_the_strict_schema() -> None:
    achievement = replace(
        ACHIEVEMENT,
        related=(Related(f"{SITE}/achievements/close-reading/es", "es", "1"),),
        other_identifiers=(OtherIdentifier("ce-1234", "ext:CTID"), OtherIdentifier("READ-101", "identifier")),
    )
    document = signed(replace(PLAIN, achievement=achievement))
    assert problems(document, "ob_v3p0/strict/achievementcredential.json") == []
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


@pytest.mark.parametrize(
    ("newest", "outcome"),
    [
        ({}, ("passed", "refresh.newest")),
        ({"validFrom": "2026-04-01T09:00:00Z"}, ("failed", "refresh.superseded")),
        ({"id": "urn:x:other"}, ("could_not_check", "refresh.other_credential")),
        ({"validFrom": "soon"}, ("could_not_check", "refresh.unreadable")),
    ],
)
def test_a_refresh_service_tells_of_newer_versions(newest: dict[str, Any], outcome: tuple[str, str]) -> None:
    url = f"{SITE}/newest/1"
    document = signed(replace(CREDENTIAL, status=None, refresh_url=url))
    served = json.dumps({**document, **newest}).encode()
    check = report_on(document, fetch_newest={url: served}.__getitem__).check("refresh")
    assert (check.outcome, check.reason) == outcome
    assert report_on(document).check("refresh").outcome == "could_not_check"
