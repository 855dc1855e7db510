"""The report says what was found, check by check, and never calls unknown things good."""

import json
from datetime import timedelta
from typing import Any

import pytest

from microcred_app.ob3.data_integrity import sign, without_proof
from microcred_app.ob3.dids import did_document, did_key, verification_method_id
from microcred_app.ob3.documents import build_achievement_credential
from microcred_app.ob3.errors import InputError
from microcred_app.ob3.report import Report
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.ob3.status_list import StatusList
from microcred_app.ob3.verification import CHECKS, EvidenceFile, verify
from tests.ob3.samples import (
    CREDENTIAL,
    ESSAY,
    INDEX,
    ISSUER,
    LIST_URL,
    METHOD,
    NOW,
    PLAIN,
    SIGNER,
    replace,
    signed,
    signed_list,
)

CLEAR_LIST = encode_document(signed_list())


def report_on(document: Any, **options: Any) -> Report:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    options = {"now": NOW, "fetch_status_list": {LIST_URL: CLEAR_LIST}.__getitem__, **options}
    return verify(data, **options)


def outcome(document: Any, code: str, **options: Any) -> tuple[str, str]:
    check = report_on(document, **options).check(code)
    return check.outcome, check.reason


def resigned(change: dict[str, Any]) -> dict[str, Any]:
    document = {**without_proof(signed()), **change}
    return sign(document, SIGNER, verification_method=METHOD, created=NOW)


def with_status(**changes: Any) -> dict[str, Any]:
    status = {**without_proof(signed())["credentialStatus"], **changes}
    return resigned(
        {"credentialStatus": {name: value for name, value in status.items() if value is not None}}
    )


def status_with(status_list: dict[str, Any] | bytes, **options: Any) -> tuple[str, str]:
    data = status_list if isinstance(status_list, bytes) else encode_document(status_list)
    return outcome(signed(), "status", fetch_status_list=lambda url: data, **options)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(InputError):
        report_on(signed(), now=NOW.replace(tzinfo=None))


def test_a_check_that_was_not_asked_for_is_not_made_up() -> None:
    with pytest.raises(InputError):
        report_on(signed()).check("evidence")


def test_a_good_credential_is_valid_and_every_check_is_listed() -> None:
    report = report_on(encode_document(signed()))
    assert report.verdict == "valid"
    assert tuple(check.code for check in report.checks) == CHECKS
    assert all(check.message.endswith(".") for check in report.checks)


def test_the_report_is_plain_json() -> None:
    value = json.loads(json.dumps(report_on(signed()).to_json()))
    assert value["verdict"] == "valid"
    assert value["checks"][2] == {
        "code": "signature",
        "outcome": "passed",
        "reason": "signature.holds",
        "message": "The credential is exactly as it was signed.",
        "detail": "",
        "place": "",
        "bearing": "decides",
    }


@pytest.mark.parametrize(
    "path",
    [
        ("name",),
        ("issuer", "name"),
        ("validFrom",),
        ("credentialSubject", "identifier", 1, "identityHash"),
        ("credentialSubject", "achievement", "name"),
        ("credentialSubject", "achievement", "criteria", "narrative"),
        ("credentialSubject", "result", 1, "value"),
        ("evidence", 0, "narrative"),
        ("evidence", 0, "digestMultibase"),
        ("credentialStatus", "statusListIndex"),
    ],
)
def test_one_changed_character_anywhere_breaks_the_signature(path: tuple[Any, ...]) -> None:
    document = signed()
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    text = place[path[-1]]
    last = "1" if text[-1] != "1" else "2"
    place[path[-1]] = text[:-1] + last
    report = report_on(document)
    assert report.verdict == "invalid"
    assert report.check("signature").outcome == "failed"


@pytest.mark.parametrize(
    "member", ["evidence", "credentialStatus", "validUntil", "awardedDate", "description"]
)
def test_a_removed_member_breaks_the_signature(member: str) -> None:
    document = signed()
    del document[member]
    assert outcome(document, "signature") == ("failed", "signature.mismatch")


@pytest.mark.parametrize("member", ["comment", "@graph", "https://schema.org/name", "https://example.org/x"])
def test_an_added_member_breaks_the_signature(member: str) -> None:
    assert outcome({**signed(), member: "x"}, "signature")[0] == "failed"


def test_status_moved_out_of_sight_is_not_valid() -> None:
    document = signed()
    status = document.pop("credentialStatus")
    for hidden in (
        {"https://www.w3.org/2018/credentials#credentialStatus": status},
        {"@included": {"id": document["id"], "credentialStatus": status}},
        {"credentialStatus": {"id": status["id"]}},
        {"credentialStatus": status["id"]},
        {"credentialStatus": []},
    ):
        assert report_on({**document, **hidden}).verdict != "valid"


def test_the_credential_described_twice_is_refused() -> None:
    document = without_proof(signed(PLAIN))
    document["evidence"] = [
        {"type": ["Evidence", "VerifiableCredential"], "id": document["id"], "name": "Self"}
    ]
    document["evidence"][0]["validUntil"] = "2020-01-01T00:00:00Z"
    both = sign(document, SIGNER, verification_method=METHOD, created=NOW)
    assert outcome(both, "structure") == ("failed", "structure.incomplete")


def test_a_stranger_s_signature_is_not_the_issuer_s() -> None:
    stranger = Ed25519Signer(b"\x01" * 32)
    method = verification_method_id(did_key(stranger.public_key), stranger.public_key)
    forged = sign(without_proof(signed()), stranger, verification_method=method, created=NOW)
    report = report_on(forged)
    assert report.check("signature").outcome == "passed"
    assert report.check("key_ownership").reason == "key.other_issuer"
    assert report.verdict == "invalid"


def test_nothing_is_fetched_unless_the_issuer_is_certain() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b""

    forged = {**signed(), "name": "Forged"}
    unknown = json.loads(json.dumps(signed()).replace(ISSUER, "did:web:example.edu"))
    for document in (forged, unknown):
        assert outcome(document, "status", fetch_status_list=fetch)[1] == "status.not_looked_up"
    assert asked == []
    assert outcome(signed(), "status", fetch_status_list=fetch)[0] == "could_not_check"
    assert asked == [LIST_URL]


def test_an_unreachable_issuer_is_undetermined_not_invalid() -> None:
    did = "did:web:example.edu"
    issuer = replace(PLAIN.issuer, id=did)
    document = build_achievement_credential(replace(PLAIN, issuer=issuer))
    method = verification_method_id(did, SIGNER.public_key)
    credential = sign(document, SIGNER, verification_method=method, created=NOW)

    def down(_: str) -> dict[str, Any]:
        raise TimeoutError("no answer")

    report = report_on(credential, resolve_did=down)
    assert report.verdict == "undetermined"
    assert report.check("signature").outcome == "passed"
    assert report.check("issuer").detail == "TimeoutError: no answer"
    assert report_on(credential).verdict == "undetermined"
    assert report_on(credential, resolve_did=lambda _: None).verdict == "undetermined"
    assert (
        report_on(credential, resolve_did=lambda _: did_document(did, [SIGNER.public_key])).verdict == "valid"
    )
    other = did_document("did:web:other.example", [SIGNER.public_key])
    assert report_on(credential, resolve_did=lambda _: other).verdict == "invalid"


def test_unknown_contexts_and_suites_are_undetermined() -> None:
    document = signed(PLAIN)
    document["@context"] = [*document["@context"], "https://example.org/extra"]
    report = report_on(document)
    assert report.verdict == "undetermined"
    assert report.check("contexts").detail == "https://example.org/extra"
    other_suite = signed(PLAIN)
    other_suite["proof"][0]["cryptosuite"] = "ecdsa-rdfc-2019"
    assert outcome(other_suite, "signature") == ("could_not_check", "proof.unsupported_suite")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOW - timedelta(minutes=1), ("passed", "validity.current")),
        (NOW - timedelta(minutes=3), ("failed", "validity.not_yet")),
        (NOW + timedelta(days=3649), ("passed", "validity.current")),
        (NOW + timedelta(days=3650), ("failed", "validity.expired")),
    ],
)
def test_validity_period(moment: Any, expected: tuple[str, str]) -> None:
    assert outcome(signed(), "validity_period", now=moment) == expected


@pytest.mark.parametrize(
    "value", ["2026-03-01", ["2026-03-01T09:00:00Z"], 5, {"@value": "2026-03-01T09:00:00Z"}]
)
def test_an_unreadable_validity_is_not_valid(value: Any) -> None:
    assert outcome({**signed(), "validUntil": value}, "validity_period") == ("failed", "validity.unreadable")


def test_revoked_and_suspended() -> None:
    assert status_with(signed_list(INDEX)) == ("failed", "status.revoked")
    assert status_with(signed_list(INDEX + 1, INDEX - 1)) == ("passed", "status.clear")
    suspendable = signed(replace(CREDENTIAL, status=replace(CREDENTIAL.status, purpose="suspension")))
    data = encode_document(signed_list(INDEX, purposes=("revocation", "suspension")))
    assert outcome(suspendable, "status", fetch_status_list=lambda url: data) == (
        "failed",
        "status.suspended",
    )


def test_without_a_way_to_fetch_the_status_is_unknown() -> None:
    assert report_on(signed(), fetch_status_list=None).verdict == "undetermined"
    assert outcome(signed(), "status", fetch_status_list={}.__getitem__) == (
        "could_not_check",
        "status.not_fetched",
    )


def test_without_a_status_entry_nothing_is_asked() -> None:
    assert outcome(signed(PLAIN), "status", fetch_status_list=None) == ("passed", "status.none")


def unsigned_list() -> dict[str, Any]:
    return without_proof(signed_list())


def tampered_list() -> dict[str, Any]:
    document = signed_list(INDEX)
    document["credentialSubject"]["encodedList"] = StatusList.new().encode()
    return document


def list_of_another_issuer() -> dict[str, Any]:
    stranger = Ed25519Signer(b"\x01" * 32)
    did = did_key(stranger.public_key)
    document = without_proof(signed_list(issuer=did))
    method = verification_method_id(did, stranger.public_key)
    return sign(document, stranger, verification_method=method, created=NOW)


def resigned_list(**changes: Any) -> dict[str, Any]:
    document = without_proof(signed_list())
    document["credentialSubject"] = {**document["credentialSubject"], **changes}
    return sign(document, SIGNER, verification_method=METHOD, created=NOW)


@pytest.mark.parametrize(
    ("status_list", "reason"),
    [
        (b"not json", "input.syntax"),
        (b"[]", "status_list.structure"),
        (encode_document(signed()), "status_list.structure"),
        (unsigned_list(), "status_list.signature"),
        (tampered_list(), "status_list.signature"),
        (list_of_another_issuer(), "status_list.other_issuer"),
        (signed_list(list_url=f"{LIST_URL}x"), "status_list.structure"),
        (signed_list(purposes=("suspension",)), "status_list.purpose"),
        (signed_list(valid_from=NOW + timedelta(hours=1)), "status_list.out_of_date"),
        (
            signed_list(valid_from=NOW - timedelta(days=9), valid_until=NOW - timedelta(days=1)),
            "status_list.out_of_date",
        ),
        (resigned_list(encodedList="uAAAA"), "status_list.encoding"),
        (resigned_list(statusPurpose=["message", "refresh"]), "status_list.purpose"),
    ],
)
def test_a_list_that_cannot_be_relied_on_says_nothing(status_list: Any, reason: str) -> None:
    assert status_with(status_list) == ("could_not_check", reason)


def test_an_entry_beyond_the_list_is_not_good() -> None:
    document = with_status(statusListIndex="131072")
    assert outcome(document, "status") == ("could_not_check", "status_list.range")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"statusListIndex": 5}, "status.malformed"),
        ({"statusListIndex": "-1"}, "status.malformed"),
        ({"statusListIndex": "05"}, "status.malformed"),
        ({"statusListIndex": "٥"}, "status.malformed"),
        ({"statusListIndex": None}, "status.malformed"),
        ({"statusPurpose": None}, "status.malformed"),
        ({"statusListCredential": None}, "status.malformed"),
        ({"statusSize": 2}, "status.unsupported_size"),
    ],
)
def test_a_malformed_entry_is_not_good(changes: dict[str, Any], reason: str) -> None:
    assert outcome(with_status(**changes), "status") == ("could_not_check", reason)


def test_the_worst_of_several_entries_counts() -> None:
    entry = signed()["credentialStatus"]
    second = {**entry, "id": f"{LIST_URL}#7", "statusListIndex": "7"}
    document = resigned({"credentialStatus": [entry, second]})
    data = encode_document(signed_list(7))
    assert outcome(document, "status", fetch_status_list=lambda url: data) == ("failed", "status.revoked")


def test_evidence_is_compared_with_the_signed_digests() -> None:
    right = EvidenceFile.from_bytes("essay.txt", ESSAY)
    wrong = EvidenceFile.from_bytes("other.txt", b"other")
    assert outcome(signed(), "evidence", evidence=[right]) == ("passed", "evidence.match")
    assert outcome(signed(), "evidence", evidence=[right, wrong]) == ("failed", "evidence.mismatch")
    assert outcome(signed(PLAIN), "evidence", evidence=[right]) == ("could_not_check", "evidence.no_digests")
    assert outcome(signed(), "evidence", evidence=[]) == ("could_not_check", "evidence.no_files")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"@context": "https://www.w3.org/ns/credentials/v2"}, "@context"),
        ({"@context": list(reversed(signed()["@context"]))}, "@context"),
        ({"type": ["VerifiableCredential"]}, "type"),
        ({"type": "OpenBadgeCredential"}, "type"),
        ({"id": "no address"}, "id"),
        ({"issuer": {"name": "X"}}, "issuer"),
        ({"validFrom": None}, "validFrom"),
        ({"credentialSubject": [signed()["credentialSubject"]]}, "credentialSubject"),
        ({"credentialSubject": {"type": ["AchievementSubject"]}}, "credentialSubject"),
    ],
)
def test_structure_names_what_is_missing(change: dict[str, Any], says: str) -> None:
    check = report_on({**signed(), **change}).check("structure")
    assert check.outcome == "failed"
    assert check.detail.startswith(says)


def test_single_values_of_other_issuers_are_read() -> None:
    document = without_proof(signed(PLAIN))
    document["type"] = ["VerifiableCredential", "AchievementCredential"]
    document["credentialSubject"]["type"] = "AchievementSubject"
    document["credentialSubject"]["identifier"] = document["credentialSubject"]["identifier"][0]
    document["credentialSubject"]["achievement"]["type"] = "Achievement"
    credential = sign(document, SIGNER, verification_method=METHOD, created=NOW)
    assert report_on({**credential, "proof": credential["proof"][0]}).verdict == "valid"


@pytest.mark.parametrize(
    ("data", "verdict", "reason"),
    [
        (b"", "invalid", "input.syntax"),
        (b"[]", "invalid", "input.not_an_object"),
        (b'{"id": 1, "id": 2}', "invalid", "input.doubled_member"),
        (b"eyJhbGciOiJFZERTQSJ9.e30.AAAA", "invalid", "structure.incomplete"),
        (b"eyJhbGciOiJub25lIn0.e30.AAAA", "undetermined", "jwt.unsupported_algorithm"),
        (b" " * 4_000_001, "undetermined", "input.too_large"),
    ],
)
def test_unreadable_input_is_reported_not_raised(data: bytes, verdict: str, reason: str) -> None:
    report = report_on(data, evidence=[])
    assert (report.verdict, report.checks[0].reason) == (verdict, reason)
    assert tuple(check.code for check in report.checks) == (*CHECKS, "evidence")
    assert "passed" not in {check.outcome for check in report.checks}


def test_issuer_without_profile_type_is_not_good() -> None:
    document = without_proof(signed(PLAIN))
    document["issuer"] = ISSUER
    assert report_on(sign(document, SIGNER, verification_method=METHOD, created=NOW)).verdict == "valid"
    document["issuer"] = {"id": ISSUER, "type": "Achievement", "name": "X"}
    bad = sign(document, SIGNER, verification_method=METHOD, created=NOW)
    assert outcome(bad, "issuer") == ("failed", "issuer.type")
