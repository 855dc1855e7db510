"""Signing keys: rotated without anybody noticing, revoked with everything that follows."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import override_settings

from microcred_app.api import verify_credential
from microcred_app.applets import sealed_rows
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential, IssuerKey, PastEdition, StatusList
from microcred_app.ob3 import verification
from microcred_app.ob3.dids import did_document, resolve_did_key
from microcred_app.permissions.api import NotAllowed
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

DAY = timedelta(days=1)


@pytest.fixture
def web(settings: object) -> Iterator[None]:
    """The site has a public https address, so issuers are did:web."""
    with override_settings(MICROCRED={**settings.MICROCRED, "PUBLIC_BASE_URL": "https://lms.example.edu"}):
        yield


def earn(learner: int, letter: str = "a", **changes: object) -> issuance.IssuedCredential:
    publish(f"micro-{letter}", {"outcome": f"o.{letter}"}, **changes)
    do_unit(learner, letter)
    found = issuance.credential_of_award(awards.held_badges(learner)[f"micro-{letter}"])
    assert found is not None
    return found


def only_key() -> str:
    [key] = issuance.list_keys("school")
    return key.multikey


def verdict(document: bytes, at: object) -> str:
    return verify_credential(document, now=at).verdict


def revoke(key: str) -> issuance.Revoked:
    return issuance.revoke_key("school", key, reason="Laptop stolen", actor_id=None, now=NOW + DAY)


def test_after_a_rotation_the_new_key_signs_and_the_old_one_verifies(web: None) -> None:
    before = earn(make_user())
    new = issuance.rotate_key("school", actor_id=None, now=NOW + DAY)
    after = earn(make_user("ben"), "b")
    assert json.loads(after.document)["proof"][0]["verificationMethod"].endswith(new.multikey)
    for credential in (before, after):
        assert verdict(credential.document, NOW + DAY) == "valid"
    assert [key.state for key in issuance.list_keys("school")] == ["active", "retired"]
    assert len(issuance.did_document_of("school")["verificationMethod"]) == 2


def test_a_badge_of_a_retired_key_is_still_revoked_when_its_award_is(web: None) -> None:
    before = earn(make_user())
    issuance.rotate_key("school", actor_id=None, now=NOW + DAY)
    awards.reverse_award(before.award_id, actor_id=make_officer("ruth"), reason="Error", now=NOW + DAY)
    assert verdict(before.document, NOW + DAY) == "invalid"


def test_a_did_key_that_was_replaced_still_says_what_was_taken_back() -> None:
    before = earn(make_user())
    issuance.rotate_key("school", actor_id=None, now=NOW + DAY)
    assert verdict(before.document, NOW + DAY) == "valid"
    awards.reverse_award(before.award_id, actor_id=make_officer("ruth"), reason="Error", now=NOW + DAY)
    assert verdict(before.document, NOW + DAY) == "invalid"


def test_a_revoked_key_leaves_the_did_document_and_nothing_of_it_verifies(web: None) -> None:
    before = earn(make_user())
    stolen = only_key()
    done = revoke(stolen)
    assert done.to_sign_anew == 1
    assert stolen not in json.dumps(issuance.did_document_of("school"))
    assert verdict(before.document, NOW + DAY) == "invalid"


def test_what_still_counts_is_signed_anew_under_its_id_with_the_first_date_kept(web: None) -> None:
    before = earn(make_user())
    revoke(only_key())
    assert issuance.sign_anew_due(NOW + DAY) == 1
    assert issuance.sign_anew_due(NOW + DAY) == 0
    after = issuance.get_credential(before.id)
    assert verdict(after.document, NOW + DAY) == "valid"
    old, new = json.loads(before.document), json.loads(after.document)
    changed = {name for name in new if new[name] != old[name]}
    assert changed == {"validFrom", "proof"}
    assert new["validFrom"] > old["validFrom"]
    kept = PastEdition.objects.get()
    assert bytes(kept.document) == before.document
    assert (kept.edition, kept.cause) == (1, "key")


def test_status_lists_are_signed_anew_in_the_same_moment(web: None) -> None:
    earn(make_user())
    stolen = only_key()
    done = revoke(stolen)
    assert done.lists == StatusList.objects.count() == 1
    document = json.loads(bytes(StatusList.objects.get().document))
    assert document["proof"][0]["verificationMethod"].endswith(done.successor.multikey)


def test_what_was_taken_back_stays_taken_back(web: None) -> None:
    before = earn(make_user())
    awards.reverse_award(before.award_id, actor_id=make_officer("ruth"), reason="Error", now=NOW)
    assert revoke(only_key()).to_sign_anew == 0
    assert issuance.sign_anew_due(NOW + DAY) == 0
    assert issuance.get_credential(before.id).document == before.document


def test_a_revoked_did_key_gets_another_identifier_and_its_lists_say_that_all_was_taken_back() -> None:
    before = earn(make_user())
    done = revoke(only_key())
    assert done.successor.did != done.key.did
    issuance.sign_anew_due(NOW + DAY)
    after = issuance.get_credential(before.id)
    assert json.loads(after.document)["issuer"]["id"] == done.successor.did
    assert verdict(after.document, NOW + DAY) == "valid"
    # A stranger resolves the did:key alone; only the status list tells them.
    report = verification.verify(
        before.document,
        now=NOW + DAY,
        resolve_did=resolve_did_key,
        fetch_status_list=lambda url: bytes(StatusList.objects.get(pk=url.rsplit("/", 1)[-1]).document),
    )
    assert report.verdict == "invalid"
    assert [check.code for check in report.checks if check.outcome == "failed"] == ["status"]


def test_what_a_verifier_with_an_old_did_document_sees_of_a_revoked_key_is_still_valid(web: None) -> None:
    """The limit that the command says beforehand: a kept DID document is believed until it is fetched again."""
    from microcred_app.ob3 import multikey

    before = earn(make_user())
    stolen = only_key()
    kept = did_document(json.loads(before.document)["issuer"]["id"], [multikey.decode_multikey(stolen)])
    revoke(stolen)
    report = verification.verify(before.document, now=NOW + DAY, resolve_did=lambda did: kept)
    assert report.verdict != "invalid"


def test_only_who_answers_for_the_organisation_ends_a_key_and_not_without_a_reason() -> None:
    earn(make_user())
    with pytest.raises(NotAllowed):
        issuance.rotate_key("school", actor_id=make_user("eve"), now=NOW)
    with pytest.raises(issuance.KeyRefused, match="reason"):
        issuance.revoke_key("school", only_key(), reason=" \x00", actor_id=None, now=NOW)
    with pytest.raises(issuance.KeyNotFound):
        issuance.revoke_key("school", "z6Mkfoo", reason="x", actor_id=None, now=NOW)
    assert IssuerKey.objects.get().state == "active"


def test_a_key_is_revoked_once_and_the_log_says_who_and_why(web: None) -> None:
    earn(make_user())
    stolen = only_key()
    revoke(stolen)
    with pytest.raises(issuance.KeyRefused, match="before"):
        revoke(stolen)
    entry = AuditEntry.objects.get(action="key.revoked")
    assert (entry.reason, entry.object_id, entry.details["credentials"]) == ("Laptop stolen", stolen, 1)


def test_revoking_a_retired_key_leaves_the_one_that_signs_alone(web: None) -> None:
    earn(make_user())
    old = only_key()
    new = issuance.rotate_key("school", actor_id=None, now=NOW)
    assert revoke(old).successor.multikey == new.multikey
    issuance.sign_anew_due(NOW + DAY)
    assert Credential.objects.get().issuer_key.multikey == new.multikey


def test_the_command_says_what_will_follow_and_does_it_only_when_told(web: None) -> None:
    earn(make_user())
    stolen, out = only_key(), StringIO()
    with pytest.raises(CommandError, match="--yes"):
        call_command("microcred_keys", "revoke", "school", stolen, "--reason", "Stolen", stdout=out)
    assert "1 credential(s)" in out.getvalue()
    assert only_key() == stolen
    call_command("microcred_keys", "revoke", "school", stolen, "--reason", "Stolen", "--yes", stdout=out)
    assert "1 credential(s) signed anew" in out.getvalue()


def test_the_command_says_what_a_did_key_cannot_do() -> None:
    earn(make_user())
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("microcred_keys", "revoke", "school", only_key(), "--reason", "Stolen", stdout=out)
    assert "NEW identifier" in out.getvalue()


def test_every_secret_is_sealed_anew_and_then_the_old_key_is_not_needed(settings: object) -> None:
    credential = earn(make_user())
    fresh = Fernet.generate_key().decode()
    both = [fresh, *settings.MICROCRED["KEY_ENCRYPTION_KEYS"]]
    with override_settings(MICROCRED={**settings.MICROCRED, "KEY_ENCRYPTION_KEYS": both}):
        with pytest.raises(CommandError, match="still need an older key"):
            call_command("microcred_keys", "reseal", "--check", stdout=StringIO())
        call_command("microcred_keys", "reseal", stdout=StringIO())
        call_command("microcred_keys", "reseal", "--check", stdout=StringIO())
        before = bytes(IssuerKey.objects.get().sealed_secret)
        call_command("microcred_keys", "reseal", stdout=StringIO())
        assert bytes(IssuerKey.objects.get().sealed_secret) == before, "a second run writes nothing"
    with override_settings(MICROCRED={**settings.MICROCRED, "KEY_ENCRYPTION_KEYS": [fresh]}):
        again = earn(make_user("ben"), "b")
        assert json.loads(again.document)["issuer"] == json.loads(credential.document)["issuer"]


def test_a_secret_that_no_key_opens_is_said_and_left_as_it_is(settings: object) -> None:
    earn(make_user())
    before = bytes(IssuerKey.objects.get().sealed_secret)
    lost = {**settings.MICROCRED, "KEY_ENCRYPTION_KEYS": [Fernet.generate_key().decode()]}
    with override_settings(MICROCRED=lost), pytest.raises(CommandError, match="open with no key"):
        call_command("microcred_keys", "reseal", stdout=StringIO())
    assert bytes(IssuerKey.objects.get().sealed_secret) == before


def test_every_column_that_holds_a_secret_is_found() -> None:
    found = {(model.__name__, column) for model, column in sealed_rows.sealed_columns()}
    assert found >= {
        ("IssuerKey", "sealed_secret"),
        ("ClientRegistration", "sealed_secret"),
        ("Connection", "sealed_access_token"),
        ("Connection", "sealed_refresh_token"),
        ("AuthorisationRequest", "sealed_code_verifier"),
        ("Offer", "sealed"),
    }
