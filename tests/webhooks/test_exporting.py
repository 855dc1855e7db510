"""Lists of awards for a system that reads files: only of learners who agreed, and only what changed."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import WebhookEndpoint
from microcred_app.ob3.schema import bundled_validators
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

from .conftest import make_endpoint

HOUR = timedelta(hours=1)


@pytest.fixture
def system() -> str:
    return make_endpoint("https://hr.example/hook", asks_email=True).endpoint.id


@pytest.fixture
def ben() -> int:
    """Somebody who never agreed."""
    learner = make_user("ben")
    do_unit(learner, "a")
    return learner


def read(export: webhooks.Export) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO("".join(export.sheet()))))


def changes(system: str, at: Any = NOW) -> list[dict[str, str]]:
    """The next list, put away."""
    export = webhooks.export_changes(system, actor_id=None, now=at)
    found = read(export)
    export.finish()
    return found


def test_only_who_agreed_stands_in_a_list(amina: int, ben: int, system: str) -> None:
    do_unit(amina, "a")
    assert changes(system) == []
    webhooks.agree(amina, system, now=NOW)
    [line] = changes(system, NOW + HOUR)
    assert (line["learner_email"], line["state"], line["badge_key"]) == (
        "amina@example.org",
        "standing",
        "safety",
    )
    assert line["badge_version"] == "1" and line["revoked_at"] == ""


def test_a_list_holds_what_changed_since_the_one_before(amina: int, system: str) -> None:
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    [first] = changes(system, NOW + HOUR)
    assert changes(system, NOW + 2 * HOUR) == []
    awards.reverse_award(
        awards.held_badges(amina)["safety"], actor_id=make_officer(), reason="A mistake.", now=NOW + 3 * HOUR
    )
    [second] = changes(system, NOW + 4 * HOUR)
    assert (second["state"], second["award"]) == ("revoked", first["award"])
    assert len(read(webhooks.export_everything(system, actor_id=None, now=NOW + 5 * HOUR))) == 1


def test_what_was_committed_late_is_not_missed(amina: int, system: str) -> None:
    publish("chain", {"outcome": "o.b"}, name="Chain")
    do_unit(amina, "b")
    webhooks.agree(amina, system, now=NOW)
    assert len(changes(system, NOW + timedelta(minutes=5))) == 1
    do_unit(amina, "a")  # its moment is before the list, its commit after it
    assert "safety" in {line["badge_key"] for line in changes(system, NOW + HOUR)}


def test_who_agrees_later_brings_their_earlier_awards(amina: int, system: str) -> None:
    do_unit(amina, "a")
    changes(system, NOW + HOUR)
    webhooks.agree(amina, system, now=NOW + 2 * HOUR)
    assert len(changes(system, NOW + 3 * HOUR)) == 1


def test_who_takes_it_back_is_named_once_more_without_their_address(amina: int, system: str) -> None:
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    [before] = changes(system, NOW + HOUR)
    webhooks.withdraw_consent(amina, system, now=NOW + 2 * HOUR)
    [line] = changes(system, NOW + 3 * HOUR)
    assert {name: value for name, value in line.items() if value} == {
        "learner": before["learner"],
        "state": "agreement_withdrawn",
    }
    assert changes(system, NOW + 5 * HOUR) == []


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_calculated(amina: int, system: str, formula: str) -> None:
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    get_user_model().objects.filter(pk=amina).update(email=formula)
    [line] = changes(system, NOW + HOUR)
    assert line["learner_email"].startswith("'")


def test_records_hold_signed_badges_as_the_standard_describes(amina: int, ben: int, system: str) -> None:
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    [text] = webhooks.export_changes(system, actor_id=None, now=NOW + HOUR).records()
    record = json.loads(text)
    [badge] = record["credentialSubject"]["verifiableCredential"]
    assert verify_credential(json.dumps(badge).encode(), now=NOW + HOUR).verdict == "valid"
    assert "ClrCredential" in record["type"] and "proof" not in record
    assert record["credentialSubject"]["identifier"][0]["identityHash"] == "amina@example.org"
    assert "ben" not in text
    schemas = [one for name, one in bundled_validators().items() if "clr" in name.lower()]
    assert schemas and [problem for find in schemas for problem in find(record)] == []


def test_resumes_hold_the_same_badges_of_the_same_people(amina: int, ben: int, system: str) -> None:
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    export = webhooks.export_changes(system, actor_id=None, now=NOW + HOUR)
    [text] = export.resumes()
    resume = json.loads(text)
    [entry] = resume["certifications"]
    assert (
        verify_credential(json.dumps(entry["verifications"][0]).encode(), now=NOW + HOUR).verdict == "valid"
    )
    [badge] = json.loads(next(export.records()))["credentialSubject"]["verifiableCredential"]
    assert entry["verifications"] == [badge]
    assert resume["communication"] == {"email": [{"address": "amina@example.org"}]}
    assert "ben" not in text
    [again] = webhooks.export_everything(system, actor_id=None, now=NOW + HOUR).resumes()
    assert json.loads(again)["documentId"] == resume["documentId"]


def test_a_resume_names_nobody_whom_no_badge_names(amina: int, system: str, settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "NAME_IN_CREDENTIALS": False}
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    [text] = webhooks.export_changes(system, actor_id=None, now=NOW + HOUR).resumes()
    assert "person" not in json.loads(text)


def test_somebody_without_an_address_is_in_no_record(amina: int, system: str) -> None:
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    get_user_model().objects.filter(pk=amina).update(email="")
    export = webhooks.export_everything(system, actor_id=None, now=NOW + HOUR)
    assert list(export.records()) == list(export.resumes()) == []


def test_a_revoked_badge_is_in_no_record(amina: int, system: str) -> None:
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    awards.reverse_award(awards.held_badges(amina)["safety"], actor_id=make_officer(), reason="x", now=NOW)
    export = webhooks.export_everything(system, actor_id=None, now=NOW + HOUR)
    assert list(export.records()) == list(export.resumes()) == []


def test_a_system_that_does_not_ask_gets_no_list_and_strangers_get_none() -> None:
    silent = make_endpoint("https://hr.example/hook").endpoint.id
    with pytest.raises(webhooks.EndpointRefused):
        webhooks.export_changes(silent, actor_id=None, now=NOW)
    asking = make_endpoint("https://hr.example/hook", asks_email=True).endpoint.id
    with pytest.raises(webhooks.EndpointNotFound):
        webhooks.export_changes(asking, actor_id=make_user("stranger"), now=NOW)


def test_the_command_writes_whole_files_for_their_owner_alone(
    amina: int, system: str, tmp_path: Path
) -> None:
    do_unit(amina, "a")
    webhooks.agree(amina, system, now=NOW)
    out = StringIO()
    call_command("microcred_export_awards", system, str(tmp_path), stdout=out)
    assert "1 lines and 1 records" in out.getvalue()
    files = sorted(tmp_path.iterdir())
    assert [file.suffix for file in files] == [".csv", ".jsonl", ".jsonl"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    until = WebhookEndpoint.objects.get().exported_until
    call_command("microcred_export_awards", system, str(tmp_path), "--full", stdout=out)
    assert WebhookEndpoint.objects.get().exported_until == until
    call_command("microcred_export_awards", system, str(tmp_path), stdout=out)
    assert out.getvalue().strip().endswith(f"0 lines and 0 records written to {tmp_path}.")


def test_a_run_that_fails_leaves_no_half_file_and_moves_nothing(
    amina: int, system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("microcred_app.management.commands.microcred_export_awards.os.fsync", full)
    with pytest.raises(CommandError, match="no space left"):
        call_command("microcred_export_awards", system, str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert WebhookEndpoint.objects.get().exported_until is None
    for wrong in (("nonsense", str(tmp_path)), (system, str(tmp_path / "nowhere"))):
        with pytest.raises(CommandError):
            call_command("microcred_export_awards", *wrong)


def test_a_suspended_award_is_a_change_and_stands_in_no_record(amina: int, system: str) -> None:
    publish("short", {"outcome": "o.b"}, terms=Terms(document_days=30))
    do_unit(amina, "b")
    webhooks.agree(amina, system, now=NOW)
    changes(system, NOW + HOUR)
    award, ruth = awards.held_badges(amina)["short"], make_officer("ruth")
    at = NOW + 48 * HOUR
    awards.suspend_award(award, actor_id=ruth, words=awards.SuspensionWords("Secret"), now=at)
    [line] = changes(system, at + HOUR)
    assert (line["badge_key"], line["state"]) == ("short", "suspended")
    export = webhooks.export_changes(system, actor_id=None, now=at + HOUR)
    assert "Secret" not in str(list(export.records()))
    assert not list(export.records())
    awards.lift_award(award, actor_id=ruth, reason="Fine", now=at + 24 * HOUR)
    [line] = changes(system, at + 25 * HOUR)
    assert line["state"] == "standing"
