"""A refresh service tells of newer versions; it can neither take a credential away nor vouch for one."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.verification import verify
from tests.ob3.samples import CREDENTIAL, NOW, SITE, signed
from tests.ob3.test_nested import badge_of_holder, token

URL = f"{SITE}/newest/1"
OLDER = replace(CREDENTIAL, status=None, refresh_url=URL)
LATER = NOW + timedelta(days=30)


def report_on(document: dict[str, Any], served: bytes | str | None = None) -> Any:
    data = served.encode() if isinstance(served, str) else served
    fetch = {URL: data}.__getitem__ if data is not None else None
    return verify(encode_document(document), now=LATER, fetch_newest=fetch)


def newer(**changes: Any) -> bytes:
    return encode_document(signed(replace(OLDER, valid_from=NOW + timedelta(days=9), **changes)))


def answer(served: bytes | str | None) -> tuple[str, str]:
    check = report_on(signed(OLDER), served).check("refresh")
    return check.outcome, check.reason


def test_the_newest_version_is_known_as_such() -> None:
    assert answer(encode_document(signed(OLDER))) == ("passed", "refresh.newest")


def test_a_newer_version_is_told_and_leaves_the_older_one_valid() -> None:
    report = report_on(signed(OLDER), newer())
    assert report.check("refresh").reason == "refresh.superseded"
    assert report.check("refresh").outcome == "failed"
    assert report.verdict == "valid"
    assert report.remarks == (report.check("refresh"),)


def test_a_newer_version_may_be_a_token() -> None:
    older = badge_of_holder()
    document = {**older, "refreshService": {"id": URL, "type": "1EdTechCredentialRefresh"}}
    served = token({**older, "validFrom": "2026-03-10T09:00:00Z"}).encode()
    report = verify(token(document), now=LATER, fetch_newest={URL: served}.__getitem__)
    assert (report.verdict, report.check("refresh").reason) == ("valid", "refresh.superseded")


def test_who_takes_over_the_address_cannot_discredit_what_the_issuer_signed() -> None:
    unsigned = json.dumps({**signed(OLDER), "validFrom": "2026-03-20T09:00:00Z"})
    assert answer(unsigned) == ("could_not_check", "refresh.unproven")


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        (newer(id="urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0009"), "refresh.other_credential"),
        (json.dumps({**signed(OLDER), "validFrom": "soon"}), "refresh.unreadable"),
        ("[]", "refresh.unreadable"),
        ("{", "refresh.unreadable"),
        ("AAAA.AAAA.AAAA", "refresh.unreadable"),
        ("x" * 600_000, "refresh.unreadable"),
    ],
)
def test_an_answer_that_helps_nobody_leaves_the_question_open(served: bytes | str, reason: str) -> None:
    assert answer(served) == ("could_not_check", reason)
    assert report_on(signed(OLDER), served).verdict == "valid"


def test_a_service_that_was_not_asked_or_does_not_answer_changes_nothing() -> None:
    assert answer(None) == ("could_not_check", "refresh.not_fetched")

    def away(url: str) -> bytes:
        raise OSError("down")

    report = verify(encode_document(signed(OLDER)), now=LATER, fetch_newest=away)
    assert (report.verdict, report.check("refresh").reason) == ("valid", "refresh.not_fetched")


def test_nobody_is_asked_for_a_credential_that_the_issuer_did_not_sign() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return newer()

    forged = {**signed(OLDER), "name": "Other"}
    report = verify(encode_document(forged), now=LATER, fetch_newest=fetch)
    assert (asked, report.verdict) == ([], "invalid")


def test_a_service_of_another_kind_is_said_to_be_unsupported() -> None:
    document = badge_of_holder()
    for service in ({"id": URL, "type": "VerifiableCredentialRefreshService2021"}, "x", []):
        report = verify(token({**document, "refreshService": service}), now=LATER)
        assert report.check("refresh").reason == "refresh.unsupported_type"
