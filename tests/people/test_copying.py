"""A person gets what is kept about them: all of it, and nothing about others."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from microcred_app.applets.attainments.models import Attainment
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import EvidenceFile
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.personal_rows import plain_rows
from microcred_app.people import declarations, person_record, write_person_record
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish
from tests.fixtures.review_world import hand_in, picture, save_text

from .filled_tables import Filler, mark


def read(pieces: Iterable[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


@pytest.fixture
def amina(evidence_folder: Path) -> int:
    publish("first", {"outcome": "o.b"})
    learner, other = make_user(), make_user("ben", last_name="Someoneelse")
    save_text(learner, "My own words")
    hand_in(learner)
    do_unit(learner, "b")
    save_text(other, "Words of another")
    do_unit(other, "b")
    return learner


def test_the_copy_holds_facts_badges_and_files(amina: int) -> None:
    found = read(write_person_record(amina, now=NOW))
    data = json.loads(found.read("data.json"))
    assert data["account"] == {"id": amina, "name": "Amina Diallo", "email": "amina@example.org"}
    assert data["cut"] == []
    assert data["tables"]["Submission"][0]["text"] == "My own words"
    assert len(data["tables"]["Attainment"]) == 1
    signed = data["tables"]["Credential"][0]["document"]
    assert signed == json.loads(bytes(Credential.objects.get(learner_id=amina).document))
    inner = zipfile.ZipFile(io.BytesIO(found.read("badges.zip")))
    assert any(name.endswith("credential.json") for name in inner.namelist())
    files = [name for name in found.namelist() if name.startswith("evidence/")]
    assert len(files) == 1
    assert EvidenceFile.objects.count() == 1
    assert len(found.read(files[0])) == EvidenceFile.objects.get().size


def test_nothing_about_others_is_in_it(amina: int) -> None:
    data = read(write_person_record(amina, now=NOW)).read("data.json").decode()
    assert "another" not in data
    assert "Someoneelse" not in data


def test_every_declared_table_is_in_it_and_no_secret() -> None:
    learner = make_user("carl")
    filler = Filler(learner)
    for model in {one.model for one in declarations()}:
        filler.row(model)
    record = person_record(learner)
    exported = {one.model.__name__ for one in declarations() if one.exported and one.person}
    assert {name.split(" ")[0] for name in record["tables"]} == exported
    said = json.dumps(record["tables"])
    for one in declarations():
        for name in one.secret:
            others = [each for each in declarations() if each.model is one.model and name not in each.secret]
            if not others:
                assert mark(one.model, name) not in said, (one.model, name)


def test_many_rows_are_cut_and_it_is_said(amina: int) -> None:
    first = Attainment.objects.get(learner_id=amina)
    values = {c.attname: getattr(first, c.attname) for c in Attainment._meta.concrete_fields}
    del values["id"]
    rows = [Attainment(**(values | {"idempotency_key": f"key{n}"})) for n in range(4)]
    plain_rows(Attainment).bulk_create(rows)
    record = person_record(amina, most=3)
    assert record["cut"] == ["Attainment"]
    assert len(record["tables"]["Attainment"]) == 3


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\x.txt", "/abs.png", "a\u202egnp.exe", "." * 90]
)
def test_a_hostile_file_name_leads_nowhere(amina: int, name: str) -> None:
    EvidenceFile.objects.update(name=name)
    (file,) = evidence.own_files(amina)
    assert "/" not in file.place
    assert "\\" not in file.place
    assert not file.place.endswith("..")
    names = read(write_person_record(amina, now=NOW)).namelist()
    assert all(".." not in Path(one).parts and not one.startswith("/") for one in names)


def test_a_file_that_storage_lost_does_not_keep_the_rest_back(amina: int, evidence_folder: Path) -> None:
    for path in evidence_folder.rglob("*"):
        if path.is_file():
            path.unlink()
    assert "data.json" in read(write_person_record(amina, now=NOW)).namelist()


def test_the_page_and_the_interface_give_it_to_oneself_only(amina: int) -> None:
    user = get_user_model().objects.get(pk=amina)
    browser = Client()
    address = reverse("microcred_app:my-data")
    assert browser.get(address).status_code == 302  # sign in first
    browser.force_login(user)
    answer = browser.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    data = json.loads(read(answer.streaming_content).read("data.json"))  # type: ignore[arg-type]
    assert data["account"]["id"] == amina
    assert (
        reverse("microcred_app:my-data") in browser.get(reverse("microcred_app:my-badges")).content.decode()
    )
    machine = browser.get("/api/microcred/v1/my/data")
    assert machine.status_code == 200
    assert machine.json()["account"]["id"] == amina
    assert Client().get("/api/microcred/v1/my/data").status_code in (401, 403)


def test_nobody_takes_it_through_another_s_eyes(amina: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo_site.platform.DemoPlatform.is_masquerading", lambda _self: True)
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=amina))
    assert browser.get(reverse("microcred_app:my-data")).status_code == 403
    assert browser.get("/api/microcred/v1/my/data").status_code == 403


def test_the_command_writes_it_once_and_for_nobody_else_to_read(amina: int, tmp_path: Path) -> None:
    target = tmp_path / "amina.zip"
    call_command("microcred_account", "export", "amina", str(target), stdout=io.StringIO())
    assert target.stat().st_mode & 0o077 == 0
    assert picture()[:8] in zipfile.ZipFile(target).read(
        next(name for name in zipfile.ZipFile(target).namelist() if name.startswith("evidence/"))
    )
    with pytest.raises(CommandError, match="there already"):
        call_command("microcred_account", "export", "amina", str(target))
    with pytest.raises(CommandError, match="no account"):
        call_command("microcred_account", "export", "nobody", str(tmp_path / "x.zip"))
    bad: Any = str(tmp_path / "no" / "folder.zip")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("microcred_account", "export", "amina", bad)
