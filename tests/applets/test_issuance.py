"""What is signed, what is served, what revocation does."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential, IssuerKey, StatusList
from microcred_app.applets.issuance.status import flip, status_document, take_place, take_places
from microcred_app.ob3 import status_list
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish


def earn(learner: int, letter: str = "a") -> issuance.IssuedCredential:
    publish(f"micro-{letter}", {"outcome": f"o.{letter}"})
    do_unit(learner, letter)
    credential = issuance.credential_of_award(awards.held_badges(learner)[f"micro-{letter}"])
    assert credential is not None
    return credential


def bit(credential: issuance.IssuedCredential) -> bool:
    entry = json.loads(credential.document)["credentialStatus"]
    document, _digest = status_document(entry["statusListCredential"].rsplit("/", 1)[-1], now=NOW)
    return status_list.decode(json.loads(document)["credentialSubject"]["encodedList"]).get(
        int(entry["statusListIndex"])
    )


def test_a_credential_is_valid_until_it_is_revoked_and_its_bytes_never_change() -> None:
    credential = earn(make_user())
    assert verify_credential(credential.document, now=NOW).verdict == "valid"
    assert not bit(credential)
    awards.reverse_award(
        credential.award_id, actor_id=make_officer("ruth"), reason="Error", now=NOW + timedelta(days=1)
    )
    after = issuance.get_credential(credential.id)
    assert after.document == credential.document
    assert bit(credential)
    report = verify_credential(credential.document, now=NOW + timedelta(days=1))
    assert report.verdict == "invalid"
    assert [check.outcome for check in report.checks].count("failed") == 1


def test_the_document_holds_no_address_and_no_file_name() -> None:
    text = earn(make_user("amina", email="Amina.Secret@Example.org")).document.decode()
    assert "secret" not in text.lower()
    identifiers = json.loads(text)["credentialSubject"]["identifier"]
    assert [entry["identityType"] for entry in identifiers] == ["emailAddress", "name"]
    assert identifiers[0]["hashed"] is True


def test_the_name_stays_out_when_the_operator_says_so(settings: object) -> None:
    with override_settings(MICROCRED={**settings.MICROCRED, "NAME_IN_CREDENTIALS": False}):
        document = json.loads(earn(make_user()).document)
    assert [entry["identityType"] for entry in document["credentialSubject"]["identifier"]] == [
        "emailAddress"
    ]


@pytest.mark.parametrize(
    "name", ["Zoë O’Brien", "محمد علي", "山田 太郎", "Ada 🔧", "Tom &amp; Ines", "A\u0000\u0007b"]
)
def test_names_of_every_script_verify(name: str) -> None:
    credential = earn(make_user("amina", first_name=name, last_name=""))
    assert verify_credential(credential.document, now=NOW).verdict == "valid"
    assert issuance.recipient_name(credential.document) == name.replace("&amp;", "&").replace("\x00\x07", "")


def test_issuing_again_gives_the_same_credential() -> None:
    credential = earn(make_user())
    again = issuance.issue_credential(credential.award_id, now=NOW + timedelta(hours=1))
    assert (again.id, again.sha256) == (credential.id, credential.sha256)
    assert Credential.objects.count() == 1


def test_an_https_site_issues_as_did_web_and_publishes_its_keys(settings: object) -> None:
    with override_settings(MICROCRED={**settings.MICROCRED, "PUBLIC_BASE_URL": "https://lms.example.edu"}):
        credential = earn(make_user())
        document = json.loads(credential.document)
        assert document["issuer"]["id"] == "did:web:lms.example.edu:microcred:issuers:school"
        did = issuance.did_document_of("school")
        assert did["id"] == document["issuer"]["id"]
        assert document["proof"][0]["verificationMethod"] in did["assertionMethod"]
        assert verify_credential(credential.document, now=NOW).verdict == "valid"
        IssuerKey.objects.update(state=IssuerKey.RETIRED)
        assert verify_credential(credential.document, now=NOW).verdict == "valid"
        IssuerKey.objects.update(state=IssuerKey.REVOKED)
        assert verify_credential(credential.document, now=NOW).verdict != "valid"


def test_a_key_is_sealed_and_does_not_open_without_its_sealing_key(settings: object) -> None:
    credential = earn(make_user())
    sealed = bytes(IssuerKey.objects.get().sealed_secret)
    assert sealed.startswith(b"gAAAA")
    other = "A" * 43 + "="
    publish("micro-b", {"outcome": "o.b"})
    with override_settings(MICROCRED={**settings.MICROCRED, "KEY_ENCRYPTION_KEYS": [other]}):
        with pytest.raises(issuance.SignerUnavailable, match="does not open"):
            issuance.issue_credential(_award_without_credential(credential), now=NOW)
        assert Credential.objects.count() == 1


def _award_without_credential(credential: issuance.IssuedCredential) -> str:
    from microcred_app.applets.awards.models import Award

    first = Award.objects.get(pk=credential.award_id)
    values = {"learner_id": first.learner_id, "version_id": first.version_id, "because": first.because}
    return str(Award.objects.create(awarded_at=NOW, idempotency_key="other", **values).pk)


def test_places_are_drawn_at_random_and_taken_once() -> None:
    earn(make_user())
    key = IssuerKey.objects.get()
    places = [take_place(key, now=NOW).index for _place in range(60)]
    places.append(Credential.objects.get().status_index)
    assert len(set(places)) == 61
    assert places != sorted(places)


def test_a_list_counts_what_it_gave_out() -> None:
    earn(make_user())
    key = IssuerKey.objects.get()
    before = StatusList.objects.get().taken
    take_place(key, now=NOW)
    with transaction.atomic():
        take_places(key, 40, now=NOW)
    assert StatusList.objects.get().taken == before + 41


def test_a_list_that_is_full_is_followed_by_a_new_one() -> None:
    earn(make_user())
    StatusList.objects.update(taken=131_072)
    place = take_place(IssuerKey.objects.get(), now=NOW)
    assert StatusList.objects.count() == 2
    assert StatusList.objects.get(pk=place.list_id).taken == 1


def test_a_place_is_the_credentials_own() -> None:
    first = Credential.objects.get(pk=earn(make_user()).id)
    other = Credential.objects.get(pk=earn(make_user("ben")).id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=other.pk).update(
            status_list=first.status_list_id, status_index=first.status_index
        )


def test_revoking_many_signs_the_list_once(monkeypatch: pytest.MonkeyPatch) -> None:
    earn(make_user())
    key = IssuerKey.objects.get()
    places = [take_place(key, now=NOW) for _place in range(50)]
    calls: list[int] = []
    from microcred_app.applets.issuance import status

    original = status._sign
    monkeypatch.setattr(status, "_sign", lambda *args: calls.append(1) or original(*args))
    flip(((place.list_id, place.index) for place in places), now=NOW)
    assert len(calls) == 1
    bits = status_list.StatusList.from_bits(bytes(StatusList.objects.get().bits))
    assert all(bits.get(place.index) for place in places)


@pytest.mark.parametrize("credential_id", ["", "x", "..", "0" * 300, "41868c34-2eae-401a-9a1e-731d80d68cd9"])
def test_an_unknown_address_is_not_found(credential_id: str) -> None:
    with pytest.raises(issuance.CredentialNotFound):
        issuance.get_credential(credential_id)
    with pytest.raises(issuance.StatusListNotFound):
        issuance.status_document(credential_id, now=NOW)
