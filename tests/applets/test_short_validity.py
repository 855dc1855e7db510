"""Documents that are valid for some days at a time: renewed while the award stands, announced to nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from microcred_app.api import verify_credential
from microcred_app.applets.announcements.models import Announcement
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import prolonging
from microcred_app.applets.issuance.errors import SelfCheckFailed
from microcred_app.applets.issuance.models import Credential, IssuerKey, PastEdition
from microcred_app.applets.issuance.self_check import SelfCheck
from microcred_app.people import retire_account
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.fixtures.wallet_app import EdKey

DAY = timedelta(days=1)
DUE = NOW + 21 * DAY


def earn(name: str = "amina", **terms: Any) -> int:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(**({"document_days": 30} | terms)))
    learner = make_user(name)
    do_unit(learner, "a")
    return learner


def current(learner: int) -> issuance.IssuedCredential:
    found = issuance.credential_of_award(awards.held_badges(learner)["micro-a"])
    assert found is not None
    return found


def ends(credential: issuance.IssuedCredential) -> str:
    return str(json.loads(credential.document).get("validUntil"))


def test_a_document_ends_before_its_award_does() -> None:
    credential = current(earn())
    assert ends(credential) == (NOW + 30 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert credential.document_ends == NOW.replace(microsecond=0) + 30 * DAY
    assert Award.objects.get().expires_at is None
    assert verify_credential(credential.document, now=NOW + 29 * DAY).verdict == "valid"
    report = verify_credential(credential.document, now=NOW + 31 * DAY)
    assert (report.verdict, report.check("validity_period").outcome) == ("invalid", "failed")


def test_an_award_that_ends_earlier_ends_its_document() -> None:
    learner = earn(expires_after="P10D")
    assert ends(current(learner)) == (NOW + 10 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert current(learner).document_ends is None
    assert issuance.prolong_due(NOW + 9 * DAY) == 0


def test_a_document_is_renewed_in_its_last_third_under_the_same_id() -> None:
    learner = earn()
    before = current(learner)
    assert issuance.prolong_due(NOW + 19 * DAY) == 0
    assert issuance.prolong_due(DUE) == 1
    assert issuance.prolong_due(DUE) == 0
    after = current(learner)
    old, new = json.loads(before.document), json.loads(after.document)
    changed = {"validFrom", "validUntil", "proof"}
    assert {k: v for k, v in old.items() if k not in changed} == {
        k: v for k, v in new.items() if k not in changed
    }
    assert new["validUntil"] == (DUE + 30 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert verify_credential(after.document, now=NOW + 49 * DAY).verdict == "valid"
    past = PastEdition.objects.get()
    assert (past.cause, past.sha256, bytes(past.document)) == ("prolonged", before.sha256, b"")
    assert Award.objects.count() == 1


def test_the_last_renewal_ends_with_the_award() -> None:
    learner = earn(expires_after="P40D")
    issuance.prolong_due(DUE)
    assert ends(current(learner)) == (NOW + 40 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert issuance.prolong_due(NOW + 39 * DAY) == 0


def test_what_is_made_out_to_a_wallets_key_is_renewed_as_well() -> None:
    learner = earn()
    bound = issuance.issue_to_did(current(learner).award_id, EdKey().did, now=NOW)
    assert issuance.prolong_due(DUE) == 2
    row = Credential.objects.get(pk=bound.id)
    assert verify_credential(bytes(row.document), now=NOW + 49 * DAY).verdict == "valid"


def test_bulk_signing_gives_what_signing_alone_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    from microcred_app.ob3 import issuing

    learner = earn()
    issuance.prolong_due(DUE)
    fast = json.loads(current(learner).document)
    row = Credential.objects.select_related("issuer_key").get()
    from microcred_app.applets.issuance.keys import signer_of, verification_method

    unsigned = {name: value for name, value in fast.items() if name != "proof"}
    plain = issuing.issue(
        unsigned,
        signer_of(row.issuer_key),
        verification_method=verification_method(row.issuer_key),
        created=DUE,
    )
    assert plain == current(learner).document


def test_nobody_hears_of_it() -> None:
    learner = earn()
    told = Announcement.objects.count()
    issuance.prolong_due(DUE)
    issuance.remind_due(NOW + 29 * DAY)
    assert Announcement.objects.count() == told
    assert not mail.outbox
    assert [award.id for award in awards.list_awards(learner_id=learner)] == [current(learner).award_id]


def test_what_was_taken_back_or_forgotten_is_not_renewed() -> None:
    gone, revoked = earn("gone"), make_user("revoked")
    do_unit(revoked, "a")
    awards.reverse_award(
        awards.held_badges(revoked)["micro-a"], actor_id=make_officer(), reason="Error", now=NOW
    )
    retire_account(gone, now=NOW)
    assert issuance.prolong_due(DUE) == 0


def test_a_revocation_at_the_same_moment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    learner = earn()
    before = current(learner)
    sign = prolonging._sign

    def and_revoke(*args: Any) -> Any:
        signed = sign(*args)
        issuance.revoke_credentials(before.award_id, now=DUE)
        return signed

    monkeypatch.setattr(prolonging, "_sign", and_revoke)
    issuance.prolong_due(DUE)
    assert Credential.objects.get().sha256 == before.sha256
    assert not PastEdition.objects.exists()


def test_two_workers_write_one_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    earn()
    sign = prolonging._sign

    def and_be_overtaken(*args: Any) -> Any:
        signed = sign(*args)
        monkeypatch.setattr(prolonging, "_sign", sign)
        issuance.prolong_due(DUE)
        return signed

    monkeypatch.setattr(prolonging, "_sign", and_be_overtaken)
    issuance.prolong_due(DUE)
    assert PastEdition.objects.count() == 1
    assert Credential.objects.get().edition == 2


def test_one_that_cannot_be_signed_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = earn("broken"), make_user("fine")
    do_unit(fine, "a")
    bad = current(broken).uri.encode()
    check = SelfCheck.require_valid

    def refuse_one(self: SelfCheck, document: bytes, place: Any) -> None:
        if bad in document:
            raise SelfCheckFailed("no")
        check(self, document, place)

    monkeypatch.setattr(SelfCheck, "require_valid", refuse_one)
    issuance.prolong_due(DUE)
    assert current(fine).document_ends == DUE.replace(microsecond=0) + 30 * DAY
    assert issuance.prolong_due(DUE) == 0
    monkeypatch.setattr(SelfCheck, "require_valid", check)
    assert issuance.prolong_due(DUE + 2 * timedelta(hours=1)) == 1


def test_a_key_that_cannot_be_opened_keeps_no_other_organisation_waiting() -> None:
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    publish("theirs", {"outcome": "o.b"}, issuer_slug="other", terms=Terms(document_days=30))
    theirs = make_user("theirs")
    do_unit(theirs, "b")
    learner = earn()
    lost = IssuerKey.objects.get(issuer__slug="other")
    IssuerKey.objects.filter(pk=lost.pk).update(sealed_secret=b"sealed with a key that is gone")
    assert issuance.prolong_due(DUE) == 2
    assert current(learner).document_ends == DUE.replace(microsecond=0) + 30 * DAY
    assert issuance.sign_lists_due(DUE + 2 * DAY) == 1


def test_after_a_key_was_revoked_the_new_edition_lasts_as_long_as_any_other() -> None:
    learner = earn()
    key = issuance.list_keys("school")[0]
    issuance.revoke_key("school", key.multikey, reason="Stolen", actor_id=make_officer(), now=DUE + 20 * DAY)
    assert issuance.prolong_due(DUE + 20 * DAY) == 0
    assert issuance.sign_anew_due(DUE + 20 * DAY) == 1
    after = current(learner)
    assert after.document_ends == DUE.replace(microsecond=0) + 50 * DAY
    assert verify_credential(after.document, now=DUE + 21 * DAY).verdict == "valid"


@pytest.mark.parametrize("days", [0, 6, 366, -1])
def test_too_few_or_too_many_days_are_refused(days: int) -> None:
    with pytest.raises(Exception, match="whole number of days"):
        publish("micro-a", {"outcome": "o.a"}, terms=Terms(document_days=days))
