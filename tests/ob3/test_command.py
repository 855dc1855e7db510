"""`microcred-verify` tells people by text and programs by exit code."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from microcred_app.ob3.__main__ import main
from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.dids import did_document, verification_method_id
from microcred_app.ob3.documents import build_achievement_credential
from microcred_app.ob3.serialization import encode_document
from tests.ob3.samples import ESSAY, INDEX, NOW, PLAIN, SIGNER, replace, signed, signed_list

AT = ["--at", "2026-03-01T10:00:00Z"]


@pytest.fixture
def files(tmp_path: Path) -> SimpleNamespace:
    did = "did:web:example.edu"
    hosted = build_achievement_credential(replace(PLAIN, issuer=replace(PLAIN.issuer, id=did)))
    method = verification_method_id(did, SIGNER.public_key)
    contents = {
        "good": encode_document(signed()),
        "changed": encode_document({**signed(), "name": "Forged"}),
        "hosted": encode_document(sign(hosted, SIGNER, verification_method=method, created=NOW)),
        "clear": encode_document(signed_list()),
        "revoked": encode_document(signed_list(INDEX)),
        "did": encode_document(did_document(did, [SIGNER.public_key])),
        "essay": ESSAY,
        "garbage": b"{",
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return SimpleNamespace(**{name: str(tmp_path / name) for name in contents})


def test_valid_with_the_list_and_undetermined_without(files: SimpleNamespace) -> None:
    assert main([files.good, *AT, "--status-list", files.clear]) == 0
    assert main([files.good, *AT]) == 2


def test_revoked_changed_and_expired_are_invalid(files: SimpleNamespace) -> None:
    assert main([files.good, *AT, "--status-list", files.revoked]) == 1
    assert main([files.changed, *AT, "--status-list", files.clear]) == 1
    assert main([files.good, "--at", "2099-01-01T00:00:00Z", "--status-list", files.clear]) == 1


def test_a_hosted_issuer_needs_its_document(files: SimpleNamespace) -> None:
    assert main([files.hosted, *AT]) == 2
    assert main([files.hosted, *AT, "--did-document", files.did]) == 0


def test_evidence_files_are_compared(files: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([files.good, *AT, "--status-list", files.clear, "--evidence", files.essay]) == 0
    assert "ok   evidence:" in capsys.readouterr().out
    assert main([files.good, *AT, "--status-list", files.clear, "--evidence", files.did]) == 1


def test_text_ends_with_the_verdict(files: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    main([files.changed, *AT])
    output = capsys.readouterr().out
    assert "FAIL signature: The credential is not as it was signed." in output
    assert output.endswith("The credential is invalid.\n")


def test_json_is_the_report(files: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    main([files.good, "--json", *AT, "--status-list", files.clear])
    assert json.loads(capsys.readouterr().out)["verdict"] == "valid"


def test_standard_input_is_read(files: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(Path(files.good).read_bytes())))
    assert main(["-", *AT, "--status-list", files.clear]) == 0


@pytest.mark.parametrize(
    "arguments", [["missing"], ["good", "--at", "yesterday"], ["good", "--did-document", "garbage"]]
)
def test_wrong_usage_is_undetermined_and_says_why(
    arguments: list[str], files: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([getattr(files, argument, argument) for argument in arguments]) == 2
    assert capsys.readouterr().err.startswith("microcred-verify: ")


def test_without_a_time_the_present_is_meant(
    files: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    main([files.good, "--status-list", files.clear, "--json"])
    checks = {check["code"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["validity_period"]["reason"] in ("validity.current", "validity.expired")
