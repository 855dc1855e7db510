"""What verifiers ask for, as files."""

import json
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.ob3 import verification
from microcred_app.ob3.dids import did_web_url
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, set_up_catalogue


@pytest.fixture
def credential(transactional_db: None, settings: Any) -> Any:
    with override_settings(MICROCRED={**settings.MICROCRED, "PUBLIC_BASE_URL": "https://lms.example.edu"}):
        set_up_catalogue()
        learner = make_user()
        publish("micro-a", {"outcome": "o.a"})
        do_unit(learner, "a")
        yield issuance.credential_of_award(awards.held_badges(learner)["micro-a"])


def write(folder: Path, *more: str) -> str:
    out = StringIO()
    call_command("microcred_publish_static", str(folder), *more, stdout=out)
    return out.getvalue()


def at(folder: Path, url: str) -> bytes:
    return (folder / urlsplit(url).path.lstrip("/")).read_bytes()


def test_a_verifier_needs_nothing_but_the_files(credential: Any, tmp_path: Path) -> None:
    write(tmp_path)
    report = verification.verify(
        credential.document,
        now=timezone.now(),
        resolve_did=lambda did: json.loads(at(tmp_path, did_web_url(did))),
        fetch_status_list=lambda url: at(tmp_path, url),
    )
    assert report.verdict == "valid"
    awards.reverse_award(credential.award_id, actor_id=make_officer("ruth"), reason="x", now=timezone.now())
    assert write(tmp_path).startswith("1 files written")
    report = verification.verify(
        credential.document,
        now=timezone.now(),
        resolve_did=lambda did: json.loads(at(tmp_path, did_web_url(did))),
        fetch_status_list=lambda url: at(tmp_path, url),
    )
    assert report.verdict == "invalid"


def test_files_say_what_the_site_says_under_the_same_headers(credential: Any, tmp_path: Path) -> None:
    write(tmp_path)
    headers = json.loads((tmp_path / "headers.json").read_text())
    seen = 0
    for path, wanted in headers.items():
        if not path.endswith(("/did.json", "/image")) and "/status/" not in path:
            continue
        served = Client().get(path)
        assert served.content == (tmp_path / path.lstrip("/")).read_bytes()
        for name in ("Content-Type", "Access-Control-Allow-Origin"):
            assert served.headers[name] == wanted[name]
        assert wanted["Cache-Control"].split("=")[1].split(",")[0] in served.headers["Cache-Control"]
        seen += 1
    assert seen >= 3


def test_a_second_run_writes_nothing(credential: Any, tmp_path: Path) -> None:
    write(tmp_path)
    assert write(tmp_path).startswith("0 files written")


def test_credentials_are_written_when_asked_for_and_shared_and_go_when_they_are_not(
    credential: Any, tmp_path: Path
) -> None:
    path = tmp_path / urlsplit(credential.uri).path.lstrip("/")
    write(tmp_path, "--credentials", "shared")
    assert not path.exists(), "nobody shared it"
    issuance.share_credential(credential.learner_id, credential.id, now=NOW)
    write(tmp_path)
    assert not path.exists(), "nobody asked for it"
    write(tmp_path, "--credentials", "shared")
    assert path.read_bytes() == credential.document
    issuance.hide_credential(credential.learner_id, credential.id)
    assert "1 removed" in write(tmp_path, "--credentials", "shared")
    assert not path.exists()


def test_a_manifest_that_was_tampered_with_removes_nothing_elsewhere(credential: Any, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    folder = tmp_path / "out"
    write(folder)
    (folder / "headers.json").write_text(json.dumps({"/../victim": {}, str(victim): {}}))
    write(folder)
    assert victim.exists()


def test_a_file_in_the_way_is_said(credential: Any, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("x")
    with pytest.raises(CommandError, match="no folder"):
        write(place)
