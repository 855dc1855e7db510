"""One award, several holders' identifiers: each has its own credential, and moving replaces without a gap."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone

from microcred_app.api import verify_credential
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.delivery.models import Delivery
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import binding
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.wallet_app import EdKey


def verdict(credential: issuance.IssuedCredential) -> str:
    return verify_credential(credential.document, now=timezone.now() + timedelta(minutes=2)).verdict


def subject(credential: issuance.IssuedCredential) -> dict[str, Any]:
    return dict(json.loads(credential.document)["credentialSubject"])


def change(learner: int, **account: str) -> None:
    get_user_model().objects.filter(pk=learner).update(**account)


def test_every_did_has_a_credential_of_its_own(credential: issuance.IssuedCredential, now: datetime):
    dids = [EdKey().did for _wallet in range(2)]
    made = [issuance.issue_to_did(credential.award_id, did, now=now) for did in dids]
    assert [subject(one)["id"] for one in made] == dids
    documents = [json.loads(one.document) for one in (credential, *made)]
    assert len({one["credentialStatus"]["id"] for one in documents}) == 3
    assert len({one["id"] for one in documents}) == 3
    assert {verdict(one) for one in made} == {"valid"}
    again = issuance.issue_to_did(credential.award_id, dids[0], now=now + timedelta(days=1))
    assert again == made[0]


def test_a_credential_for_a_wallet_states_the_name_and_no_address(
    credential: issuance.IssuedCredential, now: datetime, settings: Any
):
    made = issuance.issue_to_did(credential.award_id, EdKey().did, now=now)
    assert [one["identityType"] for one in subject(made)["identifier"]] == ["name"]
    settings.MICROCRED = {**settings.MICROCRED, "NAME_IN_CREDENTIALS": False}
    bare = issuance.issue_to_did(credential.award_id, EdKey().did, now=now)
    assert "identifier" not in subject(bare)
    assert verdict(bare) == "valid"


def test_the_database_admits_one_current_credential_for_a_binding(
    credential: issuance.IssuedCredential, now: datetime
):
    did = EdKey().did
    made = issuance.issue_to_did(credential.award_id, did, now=now)
    row = Credential.objects.get(pk=made.id)
    row.pk, row.uri = None, "https://other.example/1"
    row.status_index += 1
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_pages_go_on_showing_the_credential_of_the_account(
    credential: issuance.IssuedCredential, now: datetime
):
    issuance.issue_to_did(credential.award_id, EdKey().did, now=now)
    assert issuance.credential_of_award(credential.award_id) == credential
    assert issuance.issue_credential(credential.award_id, now=now) == credential


def test_wallets_of_other_kinds_are_not_sent_what_is_made_out_to_an_app(
    credential: issuance.IssuedCredential, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    told: list[Any] = []
    monkeypatch.setattr("microcred_app.api.enqueue_for_wallets", lambda *args, **more: told.append(args))
    issuance.issue_to_did(credential.award_id, EdKey().did, now=now)
    assert told == []
    assert not Delivery.objects.exists()


def test_taking_the_award_back_revokes_every_binding(credential: issuance.IssuedCredential, now: datetime):
    made = [issuance.issue_to_did(credential.award_id, EdKey().did, now=now) for _wallet in range(2)]
    awards.reverse_award(credential.award_id, actor_id=None, reason="Wrong person.", now=now)
    assert {verdict(one) for one in (credential, *made)} == {"invalid"}
    assert all(one.revoked_at == now for one in issuance.list_bindings(credential.award_id))
    with pytest.raises(issuance.BindingRefused):
        issuance.issue_to_did(credential.award_id, EdKey().did, now=now)


def test_wallets_have_a_bound(credential: issuance.IssuedCredential, now: datetime):
    for _wallet in range(issuance.MAX_BINDINGS):
        issuance.issue_to_did(credential.award_id, EdKey().did, now=now)
    with pytest.raises(issuance.BindingRefused):
        issuance.issue_to_did(credential.award_id, EdKey().did, now=now)
    # the way out that the message names
    issuance.move_to_dids(credential.award_id, [EdKey().did], actor_id=credential.learner_id, now=now)


def test_moving_to_a_new_wallet_replaces_the_old_ones_and_keeps_history(
    credential: issuance.IssuedCredential, now: datetime
):
    old = [issuance.issue_to_did(credential.award_id, EdKey().did, now=now) for _wallet in range(2)]
    did = EdKey().did
    [new] = issuance.move_to_dids(credential.award_id, [did], actor_id=credential.learner_id, now=now)
    rows = [issuance.get_credential(one.id) for one in old]
    assert {verdict(one) for one in rows} == {"invalid"}
    assert {one.replaced_by for one in rows} == {new.id}
    assert [one.document for one in rows] == [one.document for one in old]
    assert verdict(new) == verdict(credential) == "valid"
    entries = audit.list_entries(object_type="credential", action="credential.replaced")
    assert {entry.object_id for entry in entries} == {one.id for one in old}


def test_a_wallet_that_comes_back_after_it_was_replaced_gets_a_new_credential(
    credential: issuance.IssuedCredential, now: datetime
):
    did = EdKey().did
    first = issuance.issue_to_did(credential.award_id, did, now=now)
    issuance.move_to_dids(credential.award_id, [EdKey().did], actor_id=credential.learner_id, now=now)
    second = issuance.issue_to_did(credential.award_id, did, now=now)
    assert second.id != first.id
    assert verdict(second) == "valid"
    for turn in range(3):  # the numbers of the replaced ones never meet
        issuance.move_to_dids(
            credential.award_id, [EdKey().did], actor_id=1, now=now + timedelta(minutes=turn)
        )
        issuance.issue_to_did(credential.award_id, did, now=now)


@pytest.mark.parametrize("account", [{"email": "amina@new.example"}, {"first_name": "Aminata"}])
def test_a_new_address_or_name_replaces_the_credential_of_the_account(
    learner: int, credential: issuance.IssuedCredential, now: datetime, account: dict[str, str]
):
    unchanged = issuance.reissue(credential.award_id, actor_id=learner, now=now)
    assert unchanged == credential
    issuance.share_credential(learner, credential.id, now=now)
    change(learner, **account)
    new = issuance.reissue(credential.award_id, actor_id=learner, now=now)
    assert new.id != credential.id
    assert new.shared_at is not None, "it stays as open as it was"
    assert issuance.outdated(new.document, learner) == issuance.Difference(False, False)
    old = issuance.get_credential(credential.id)
    assert (old.replaced_by, old.document) == (new.id, credential.document)
    assert (verdict(old), verdict(new)) == ("invalid", "valid")
    assert issuance.credential_of_award(credential.award_id) == new


def test_moving_happens_whole_or_not_at_all(
    learner: int, credential: issuance.IssuedCredential, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    change(learner, email="amina@new.example")

    def fails(*_args: Any, **_more: Any) -> None:
        raise issuance.SelfCheckFailed("no")

    monkeypatch.setattr(binding, "write_credential", fails)
    with pytest.raises(issuance.SelfCheckFailed):
        issuance.reissue(credential.award_id, actor_id=learner, now=now)
    assert issuance.get_credential(credential.id) == credential
    assert verdict(credential) == "valid"
