"""A retired account leaves no word behind, whatever room kept it; what was signed goes on verifying."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, models
from django.dispatch import Signal
from django.test import Client
from django.urls import reverse

from microcred_app import api, receivers
from microcred_app.applets.accounts.models import RetiredAccount
from microcred_app.applets.audit import api as audit
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.awards.models import Award
from microcred_app.applets.badges import api as badges
from microcred_app.applets.delivery.lane import Done, Job, Outcome
from microcred_app.applets.delivery.models import Connection, Delivery, DeliveryAttempt, Host
from microcred_app.applets.delivery.recording import record_tries
from microcred_app.applets.evidence.models import EvidenceFile, Submission
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential, ExpiryReminder, PastEdition
from microcred_app.applets.personal_rows import AtRetirement, account_links
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import WebhookMessage
from microcred_app.people import declarations, retire_account
from microcred_app.people.register import undeclared
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.fixtures.review_world import hand_in, save_text

from .filled_tables import Filler, marks_in_database


def test_every_column_about_people_has_somebody_who_said_what_becomes_of_it() -> None:
    assert undeclared() == []


def test_a_column_nobody_spoke_of_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = models.TextField(name="nickname")
    extra.set_attributes_from_name("nickname")
    columns = list(Submission._meta.local_concrete_fields)
    monkeypatch.setitem(Submission._meta.__dict__, "local_concrete_fields", [*columns, extra])
    assert undeclared() == [
        "Submission.nickname can hold words: say in personal.py whether it is blanked or kept."
    ]


def test_a_table_nobody_spoke_of_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    said = tuple(one for one in declarations() if one.model.__name__ != "Offer")
    monkeypatch.setattr("microcred_app.people.register.declarations", lambda: said)
    assert undeclared() == [
        "Offer holds personal data: declare it in its room's personal.py.",
        "Offer.learner names an account: declare it in personal.py.",
    ]


def test_retirement_empties_every_table_that_keeps_something_about_people() -> None:
    learner = make_user()
    filler = Filler(learner)
    for model in {one.model for one in declarations()}:
        filler.row(model)
    before = set(marks_in_database())
    assert len(before) > 150  # the tables were really filled

    retire_account(learner, now=NOW)

    kept = {(one.model, name) for one in declarations() for name in one.keeps}
    about_people = {one.model for one in declarations()}
    left = {found for found in marks_in_database() if found[0] in about_people}
    assert left <= kept, left - kept
    deleted = {one.model for one in declarations()}
    deleted -= {one.model for one in declarations() if one.at_retirement is not AtRetirement.DELETE}
    for model in deleted:
        assert not models.QuerySet(model).exists(), model
    for model, column in account_links():
        names = models.QuerySet(model).filter(**{column.name: learner})
        if column.null:
            assert not names.exists(), (model, column.name)


@pytest.fixture
def gone(evidence_folder: Path) -> Iterator[dict[str, Any]]:
    """Amina earned a badge with evidence, shared it, and was retired."""
    publish("first", {"outcome": "o.a"})
    publish("second", {"outcome": "o.b"})
    learner = make_user("amina", last_name="Unmistakable", email="amina@unmistakable.example")
    save_text(learner, "I mended Unmistakable's chain")
    hand_in(learner)
    do_unit(learner, "b")
    row = Credential.objects.get()
    issuance.share_credential(learner, str(row.pk), now=NOW)
    kept = {"learner": learner, "credential": str(row.pk), "bytes": bytes(row.document)}
    kept["files"] = [path for path in evidence_folder.rglob("*") if path.is_file()]
    assert kept["files"]
    retire_account(learner, now=NOW)
    yield kept


def test_nothing_in_the_database_or_storage_names_the_person(gone: dict[str, Any]) -> None:
    for model in apps.get_app_config("microcred_app").get_models():
        for row in models.QuerySet(model).values():
            said = " ".join(
                bytes(value).decode("utf-8", "replace")
                if isinstance(value, (bytes, memoryview))
                else str(value)
                for value in row.values()
            ).lower()
            assert "unmistakable" not in said, model
            assert "photo.png" not in said, model
    assert not any(path.exists() for path in gone["files"])
    assert EvidenceFile.objects.get().sha256
    assert Submission.objects.get().state == Submission.DRAFT  # nobody is asked to judge nothing


def test_a_copy_that_somebody_holds_goes_on_verifying(gone: dict[str, Any]) -> None:
    assert api.verify_credential(gone["bytes"], now=NOW).verdict == "valid"
    row = Credential.objects.get(pk=gone["credential"])
    assert (bytes(row.document), row.shared_at, row.revoked_at) == (b"", None, None)
    assert row.sha256
    assert Award.objects.count() == 1  # the ledger still counts it


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
def test_its_address_says_that_it_is_gone(gone: dict[str, Any], accept: str) -> None:
    address = reverse("microcred_app:credential", args=[gone["credential"]])
    answer = Client().get(address, headers={"accept": accept})
    assert answer.status_code == 410
    assert b"closed their account" in answer.content
    assert b"nmistakable" not in answer.content
    assert Client().get(f"{address}/qr.svg").status_code == 410


def test_the_registrar_s_pages_go_on(gone: dict[str, Any]) -> None:
    make_officer("ruth")
    browser = Client()
    browser.force_login(get_user_model().objects.get(username="ruth"))
    award = Award.objects.get()
    for name, args in (("registrar-awards", []), ("registrar-award", [award.pk])):
        assert browser.get(reverse(f"microcred_app:{name}", args=args)).status_code == 200, name


def test_a_revoked_key_does_not_sign_a_credential_anew_that_is_gone(gone: dict[str, Any]) -> None:
    key = issuance.list_keys("school")[0]
    issuance.revoke_key("school", key.multikey, reason="lost", actor_id=None, now=NOW)
    assert issuance.sign_anew_due(NOW) == 0
    assert not PastEdition.objects.exists()


def test_an_event_that_comes_late_awards_nothing(gone: dict[str, Any]) -> None:
    do_unit(gone["learner"], "a")
    api.run_pending_evaluations(now=NOW)
    assert Award.objects.count() == 1
    retire_account(gone["learner"], now=NOW)  # the platform's next step
    assert not Submission.objects.exclude(text="").exists()


def test_repeating_it_changes_nothing_more(gone: dict[str, Any]) -> None:
    def rows() -> dict[str, list[Any]]:
        found = apps.get_app_config("microcred_app").get_models()
        return {
            model.__name__: list(models.QuerySet(model).order_by("pk").values())
            for model in found
            if model is not RetiredAccount
        }

    before = rows()
    done = retire_account(gone["learner"], now=NOW)
    assert rows() == before
    assert not done.first_time
    assert done.unlinked == 0


def test_the_log_still_verifies_and_says_that_it_happened(gone: dict[str, Any]) -> None:
    audit.seal_waiting()
    assert audit.check_database().is_whole
    assert AuditEntry.objects.filter(action="account.retired", object_id=str(gone["learner"])).count() == 1


def test_what_fails_in_between_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    publish("second", {"outcome": "o.b"})
    learner = make_user()
    do_unit(learner, "b")

    def break_off(_account: int) -> int:
        raise IntegrityError("the database went away")

    monkeypatch.setattr("microcred_app.people.retiring.unlink_actor", break_off)
    with pytest.raises(IntegrityError):
        retire_account(learner, now=NOW)
    assert bytes(Credential.objects.get().document)
    assert not RetiredAccount.objects.exists()
    monkeypatch.undo()
    retire_account(learner, now=NOW)
    assert not bytes(Credential.objects.get().document)


def test_a_push_that_is_under_way_ends_without_harm() -> None:
    """The worker holds a row when the person goes; it writes about its try afterwards, with others of its batch."""
    publish("second", {"outcome": "o.b"})
    learner, other = make_user(), make_user("ben")
    do_unit(learner, "b")
    do_unit(other, "b")
    host = Host.objects.create(base_url="https://wallet.example", name="W", description_fresh_until=NOW)
    rows = {}
    for person in (learner, other):
        wallet = Connection.objects.create(
            learner_id=person, host=host, open_key=f"{person}:1", connected_at=NOW, account_name="A name",
            sealed_access_token=b"x",
        )  # fmt: skip
        rows[person] = Delivery.objects.create(
            credential=Credential.objects.get(learner_id=person), connection=wallet, created_at=NOW,
            state=Delivery.State.CLAIMED, claim_token="t", lease_until=NOW,
        )  # fmt: skip
    retire_account(learner, now=NOW)
    done = [
        Done(Job(row.pk, "t", "wallet:1", 1, NOW, None), Outcome("delivered", "ok", 200), NOW, NOW)
        for row in rows.values()
    ]
    record_tries(Delivery, DeliveryAttempt, done, "worker")
    assert Delivery.objects.get(pk=rows[other].pk).state == Delivery.State.DELIVERED
    ended = Delivery.objects.get(pk=rows[learner].pk)
    assert (ended.state, ended.last_code) == (Delivery.State.DEAD, "account_closed")
    left = Connection.objects.get(learner_id=learner)
    assert (bytes(left.sealed_access_token), left.account_name) == (b"", "")
    retire_account(learner, now=NOW)
    assert not Connection.objects.filter(learner_id=learner).exists()
    assert Connection.objects.filter(learner_id=other).exists()


def test_the_platform_s_signals_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "openedx.core.djangoapps.user_api.accounts.signals"
    found = types.ModuleType(name)
    steps = ("USER_RETIRE_LMS_MISC", "USER_RETIRE_LMS_CRITICAL", "USER_RETIRE_MAILINGS")
    for step in steps:
        setattr(found, step, Signal())
    parts = name.split(".")
    for length in range(1, len(parts)):
        monkeypatch.setitem(sys.modules, ".".join(parts[:length]), types.ModuleType(parts[length - 1]))
    monkeypatch.setitem(sys.modules, name, found)
    receivers.connect_to_platform()
    receivers.connect_to_platform()  # once each, however often
    for number, step in enumerate(steps):
        learner = make_user(f"person{number}")
        user = get_user_model().objects.get(pk=learner)
        answers = getattr(found, step).send(sender=None, user=user, retired_username="x", new_email="y")
        assert len(answers) == 1
        assert RetiredAccount.objects.filter(account_id=learner).exists()


def test_nobody_is_written_to_after_they_have_gone(mailoutbox: list[Any]) -> None:
    terms = badges.Terms(expires_after="P10D")
    publish("short", {"outcome": "o.b"}, terms=terms)
    learner, other = make_user(), make_user("ben")
    do_unit(learner, "b")
    do_unit(other, "b")
    retire_account(learner, now=NOW)
    assert issuance.remind_due(NOW + timedelta(days=4)) == 1
    assert [message.to for message in mailoutbox] == [["ben@example.org"]]
    assert ExpiryReminder.objects.get().award.learner_id == other


def test_organisations_hear_nothing_more_of_them() -> None:
    publish("short", {"outcome": "o.b"}, terms=badges.Terms(expires_after="P10D"))
    registrar = make_officer("ruth")
    webhooks.create_endpoint(
        "school", name="HR", url="https://hr.example/hook", events=["badge.awarded", "badge.expired"],
        asks_email=False, actor_id=registrar, now=NOW,
    )  # fmt: skip
    learner, other = make_user(), make_user("ben")
    do_unit(learner, "b")
    do_unit(other, "b")
    assert WebhookMessage.objects.count() == 2
    retire_account(learner, now=NOW)
    webhooks.note_expired(NOW + timedelta(days=11))
    told = WebhookMessage.objects.values_list("award__learner_id", "event")
    assert set(told) == {(other, "badge.awarded"), (other, "badge.expired")}
