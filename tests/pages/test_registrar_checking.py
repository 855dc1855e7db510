"""Many badges checked at once, whatever is handed in."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from microcred_app import bulk_checking
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.ob3 import issuing
from microcred_app.ob3.dids import did_key, verification_method_id
from microcred_app.ob3.signing import Ed25519Signer
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.fixtures.wallet_app import EdKey

SignIn = Callable[..., Client]
ADDRESS = "microcred_app:registrar-checking"


@pytest.fixture
def credential(amina: int) -> issuance.IssuedCredential:
    publish("micro-a", {"outcome": "o.a"})
    do_unit(amina, "a")
    found = issuance.credential_of_award(awards.held_badges(amina)["micro-a"])
    assert found is not None
    return found


@pytest.fixture
def auditor(sign_in: SignIn) -> Client:
    return sign_in(make_officer("aud", "auditor"))


def zipped(**files: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return sink.getvalue()


def check(client: Client, *files: tuple[str, bytes], report: str = "json", addresses: str = "") -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse(ADDRESS), {"files": uploads, "report": report, "addresses": addresses})


def results(response: Any) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.content.decode()[:2_000]
    return list(json.loads(response.content)["results"])


def test_a_zip_is_checked_and_each_file_has_its_line(
    credential: issuance.IssuedCredential, auditor: Client
) -> None:
    changed = credential.document.replace(b"Badge micro-a", b"Badge macro-a")
    archive = zipped(good__json=credential.document, bad__json=changed, note__md=b"hello")
    found = results(check(auditor, ("all.zip", archive)))
    assert [(line["name"], line["verdict"]) for line in found] == [
        ("all.zip/good.json", "valid"),
        ("all.zip/bad.json", "invalid"),
        ("all.zip/note.md", found[2]["verdict"]),
    ]
    assert found[2]["verdict"] != "valid"


def test_tokens_of_both_data_models_are_checked_and_named(
    credential: issuance.IssuedCredential, auditor: Client
) -> None:
    bound = issuance.issue_to_did(credential.award_id, EdKey().did, form=issuance.JWT_VC_JSON, now=NOW)
    older, newer = issuance.older_token_of(bound, now=NOW), issuance.token_of(credential, now=NOW)
    stripped = older[: older.rindex(b".") + 1]
    files = {"older.jwt": older, "newer.jwt": newer, "stripped.jwt": stripped}
    found = {one["name"]: one for one in results(check(auditor, *files.items()))}
    assert {name: one["verdict"] for name, one in found.items()} == {
        "older.jwt": "valid",
        "newer.jwt": "valid",
        "stripped.jwt": "invalid",
    }
    assert {one["badge"] for one in found.values()} == {credential.badge_name}
    assert (found["older.jwt"]["id"], found["newer.jwt"]["id"]) == (bound.uri, credential.uri)
    assert found["older.jwt"]["issuer_id"] == found["newer.jwt"]["issuer_id"] != ""


def test_the_report_is_a_sheet_that_calculates_nothing(
    credential: issuance.IssuedCredential, auditor: Client
) -> None:
    response = check(auditor, ("=cmd.json", credential.document), report="csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == list(bulk_checking.COLUMNS)
    assert rows[1][0] == "'=cmd.json"


def test_the_page_shows_names_as_text_and_the_log_keeps_the_digest(
    credential: issuance.IssuedCredential, auditor: Client
) -> None:
    page = check(auditor, ("<img src=x>.json", credential.document), report="page").content.decode()
    assert "<img src=x>" not in page
    assert "Valid: 1" in page
    entry = AuditEntry.objects.get(action="credentials.checked")
    assert entry.object_id in page
    assert entry.details == {"valid": 1}


def test_only_auditors_and_registrars_may(credential: issuance.IssuedCredential, sign_in: SignIn) -> None:
    assert check(sign_in(make_user("ben")), ("a.json", credential.document)).status_code == 403
    assert check(sign_in(make_officer("rev", "reviewer")), ("a.json", credential.document)).status_code == 403
    assert check(sign_in(), ("a.json", credential.document)).status_code == 302


def test_addresses_of_this_site_are_read_from_its_records_if_they_are_shared(
    credential: issuance.IssuedCredential, auditor: Client
) -> None:
    [line] = results(check(auditor, addresses=credential.uri))
    assert line["verdict"] == "undetermined"
    assert "not shared" in line["remarks"][0]
    issuance.share_credential(credential.learner_id, credential.id, now=NOW)
    [line] = results(check(auditor, addresses=f"who,where\nAmina,{credential.uri}"))
    assert line["verdict"] == "valid"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:22/",
        "http://[::1]/",
        "https://localhost/secret",
        "http://2130706433/",
        "https://user:pw@10.0.0.1/",
    ],
)
def test_no_address_leads_into_the_network_of_the_server(auditor: Client, settings: Any, url: str) -> None:
    for online in (False, True):
        open_to = {**settings.MICROCRED, "VERIFY_ONLINE": online, "ALLOW_LOOPBACK_TARGETS": False}
        with override_settings(MICROCRED=open_to):
            [line] = results(check(auditor, addresses=url))
        assert line["verdict"] == "undetermined"
        assert line["sha256"] == ""


def test_a_zip_bomb_is_refused_before_it_unfolds(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_checking, "MAX_UNPACKED", 3_000_000)
    bomb = zipped(**{f"f{n}__json": b"0" * 1_900_000 for n in range(4)})
    assert len(bomb) < 20_000
    response = check(auditor, ("bomb.zip", bomb))
    assert response.status_code == 400
    assert "unpacks to more" in response.content.decode()


def test_a_file_that_unfolds_beyond_its_limit_is_not_read_further(auditor: Client) -> None:
    bomb = zipped(big__json=b"0" * 40_000_000)
    [line] = results(check(auditor, ("bomb.zip", bomb)))
    assert "too large" in line["remarks"][0]


def test_an_archive_in_an_archive_is_not_opened(auditor: Client) -> None:
    [line] = results(check(auditor, ("a.zip", zipped(inner__zip=zipped(x__json=b"{}")))))
    assert line["verdict"] == "undetermined"


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b""])
def test_what_cannot_be_read_is_said_and_is_no_error(auditor: Client, content: bytes) -> None:
    response = check(auditor, ("a.zip", content))
    assert response.status_code in (200, 400)


def test_a_million_lines_are_refused(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b"https://a.example/\n" * 100_000
    response = check(auditor, ("list.csv", lines))
    assert response.status_code == 400
    assert "at most 1000" in response.content.decode().replace(",", "").replace("\u00a0", "")
    [line] = results(check(auditor, ("list.csv", lines * 2)))
    assert "too large" in line["remarks"][0], "a list beyond the size of a file is not even read"


def test_nothing_handed_in_is_said(auditor: Client) -> None:
    response = check(auditor)
    assert response.status_code == 400
    assert "Nothing to check" in response.content.decode()


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b"\xff\xfe\x00", b'{"issuer": {"name": 7}, "id": []}', b"null"]
)
def test_odd_documents_are_lines_and_no_errors(auditor: Client, content: bytes) -> None:
    [line] = results(check(auditor, ("odd.json", content)))
    assert line["verdict"] != "valid"


def test_somebody_else_who_writes_our_name_is_pointed_out(
    credential: issuance.IssuedCredential, auditor: Client
) -> None:
    forger = Ed25519Signer.generate()
    did = did_key(forger.public_key)
    document = json.loads(credential.document)
    document.pop("proof")
    document.pop("credentialStatus")
    document["issuer"] |= {"id": did, "name": "A sch00l"}
    forged = issuing.issue(
        document, forger, verification_method=verification_method_id(did, forger.public_key), created=NOW
    )
    [line] = results(check(auditor, ("forged.json", forged)))
    assert "looks like “A school”" in line["remarks"][0]
    [own] = results(check(auditor, ("own.json", credential.document)))
    assert own["remarks"] == []
