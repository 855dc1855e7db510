"""A badge that is earned anew keeps its id; its holder is told before it ends."""

import json
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from microcred_app.api import record_refresher, run_pending_evaluations, verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges.terms import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import reminders
from microcred_app.applets.issuance.models import Credential, ExpiryReminder, PastEdition
from microcred_app.learning import my_badges
from microcred_app.ob3.reading import open_inner
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, unit
from tests.fixtures.wallet_app import EdKey

DAY = timedelta(days=1)
LATER = NOW + 300 * DAY
ENDS = NOW + 365 * DAY


def earn(learner: int) -> issuance.IssuedCredential:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(expires_after="P1Y"))
    do_unit(learner, "a")
    return current(learner)


def current(learner: int) -> issuance.IssuedCredential:
    found = issuance.credential_of_award(awards.held_badges(learner)["micro-a"])
    assert found is not None
    return found


def renew(learner: int) -> issuance.IssuedCredential:
    record_refresher(learner, unit("a"), score=1.0, now=LATER)
    return current(learner)


def test_a_renewal_is_the_same_credential_with_later_dates_and_the_first_one_kept() -> None:
    learner = make_user()
    before = earn(learner)
    after = renew(learner)
    old, new = json.loads(before.document), json.loads(after.document)
    assert (after.id, after.uri, new["id"]) == (before.id, before.uri, old["id"])
    assert new["validFrom"] > old["validFrom"]
    assert new["validUntil"] > old["validUntil"]
    assert new["awardedDate"] == old["awardedDate"]
    assert new["credentialStatus"] == old["credentialStatus"]
    assert verify_credential(after.document, now=LATER).verdict == "valid"
    assert bytes(PastEdition.objects.get().document) == before.document
    assert Credential.objects.count() == 1


def test_a_second_renewal_still_says_when_the_badge_was_first_earned() -> None:
    learner = make_user()
    before = json.loads(earn(learner).document)
    renew(learner)
    record_refresher(learner, unit("a"), score=1.0, now=LATER + 300 * DAY)
    after = current(learner)
    assert json.loads(after.document)["awardedDate"] == before["awardedDate"]
    assert [entry[0] for entry in issuance.past_editions(after.id)] == [1, 2]


def test_a_renewed_badge_is_shared_as_before_and_shown_once_to_its_holder() -> None:
    learner = make_user()
    issuance.share_credential(learner, earn(learner).id, now=NOW)
    after = renew(learner)
    assert after.shared_at is not None
    [shown] = my_badges(learner)
    assert (shown.issued, shown.credential_id) == (True, after.id)


def test_taking_back_the_renewal_revokes_every_edition() -> None:
    learner = make_user()
    before = earn(learner)
    after = renew(learner)
    awards.reverse_award(after.award_id, actor_id=make_officer("ruth"), reason="Error", now=LATER)
    for document in (before.document, after.document):
        assert verify_credential(document, now=LATER).verdict == "invalid"


def test_after_the_issuers_identifier_changed_a_renewal_is_a_credential_of_its_own() -> None:
    learner = make_user()
    before = earn(learner)
    issuance.rotate_key("school", actor_id=None, now=NOW + DAY)
    after = renew(learner)
    assert after.id != before.id
    assert verify_credential(after.document, now=LATER).verdict == "valid"


def test_a_credential_revoked_before_is_not_renewed_in_place() -> None:
    learner = make_user()
    before = earn(learner)
    issuance.revoke_credentials(before.award_id, now=NOW + DAY)
    assert renew(learner).id != before.id


def test_what_is_made_out_to_a_wallets_key_is_renewed_as_well() -> None:
    """The wallet's next visit gets the same badge with later dates, and not a second one."""
    learner = make_user()
    before = earn(learner)
    dids = [EdKey().did for _wallet in range(2)]
    bound = [issuance.issue_to_did(before.award_id, did, now=NOW) for did in dids]
    after = renew(learner)
    renewed = [issuance.issue_to_did(after.award_id, did, now=LATER) for did in dids]
    assert [one.id for one in renewed] == [one.id for one in bound]
    assert Credential.objects.count() == 3
    for old, new, did in zip(bound, renewed, dids, strict=True):
        said, says = json.loads(old.document), json.loads(new.document)
        assert (says["id"], says["awardedDate"]) == (said["id"], said["awardedDate"])
        assert says["validFrom"] > said["validFrom"] and says["validUntil"] > said["validUntil"]
        assert says["credentialSubject"]["id"] == did
        assert says["credentialSubject"].get("identifier") == said["credentialSubject"].get("identifier")
        assert says["credentialStatus"] == said["credentialStatus"]
        assert verify_credential(new.document, now=LATER).verdict == "valid"
        assert verify_credential(old.document, now=LATER).verdict == "valid", "until the wallet comes again"
    assert PastEdition.objects.filter(cause="renewed").count() == 3


def test_what_a_wallet_has_as_a_token_is_renewed_as_well() -> None:
    learner = make_user()
    before = earn(learner)
    did, form = EdKey().did, issuance.JWT_VC_JSON
    bound = issuance.issue_to_did(before.award_id, did, form=form, now=NOW)
    old = issuance.older_token_of(bound, now=NOW)
    after = renew(learner)
    renewed = issuance.issue_to_did(after.award_id, did, form=form, now=LATER)
    assert renewed.id == bound.id
    said, says = (
        open_inner(one.decode()).document for one in (old, issuance.older_token_of(renewed, now=LATER))
    )
    assert (says["id"], says["credentialStatus"]) == (said["id"], said["credentialStatus"])
    assert says["validFrom"] > said["validFrom"] and says["validUntil"] > said["validUntil"]
    assert verify_credential(old, now=LATER).verdict == "valid", "until the wallet comes again"
    awards.reverse_award(after.award_id, actor_id=make_officer("ruth"), reason="Error", now=LATER)
    assert verify_credential(old, now=LATER).check("status").reason == "status.revoked"


def test_taking_back_a_renewal_revokes_what_is_made_out_to_keys_too() -> None:
    learner = make_user()
    before = earn(learner)
    bound = issuance.issue_to_did(before.award_id, EdKey().did, now=NOW)
    after = renew(learner)
    awards.reverse_award(after.award_id, actor_id=make_officer("ruth"), reason="Error", now=LATER)
    assert verify_credential(bound.document, now=LATER).verdict == "invalid"


def test_a_bound_copy_that_cannot_be_signed_stops_the_whole_renewal(monkeypatch: pytest.MonkeyPatch) -> None:
    """One edition without the other would tell two stories; the worker tries again."""
    learner = make_user()
    before = earn(learner)
    issuance.issue_to_did(before.award_id, EdKey().did, now=NOW)

    def fail(*_args: Any, **_kwargs: Any) -> bytes:
        raise RuntimeError("no key")

    with monkeypatch.context() as patched:
        patched.setattr("microcred_app.applets.issuance.bound_renewals.sign_document_for", fail)
        record_refresher(learner, unit("a"), score=1.0, now=LATER)
    assert current(learner).document == before.document
    assert not PastEdition.objects.exists()
    run_pending_evaluations(now=LATER)
    assert PastEdition.objects.filter(cause="renewed").count() == 2


def test_a_bound_copy_stays_as_it_is_when_the_issuer_has_another_identifier() -> None:
    learner = make_user()
    before = earn(learner)
    did = EdKey().did
    bound = issuance.issue_to_did(before.award_id, did, now=NOW)
    issuance.rotate_key("school", actor_id=None, now=NOW + DAY)
    after = renew(learner)
    assert issuance.issue_to_did(after.award_id, did, now=LATER).id != bound.id


def remind(days_before: float) -> list[Any]:
    reminders.remind_due(ENDS - timedelta(days=days_before))
    return mail.outbox


def test_a_holder_is_told_once_for_each_number_of_days() -> None:
    earn(make_user())
    assert remind(31) == []
    assert len(remind(30)) == 1
    assert len(remind(20)) == 1
    assert len(remind(7)) == 2
    assert len(remind(1)) == 2
    assert mail.outbox[0].to == ["amina@example.org"]
    assert "Badge micro-a" in mail.outbox[0].subject
    assert "/microcred/my/" in mail.outbox[0].body


def test_a_holder_who_was_away_gets_one_mail_and_not_one_for_each_number() -> None:
    earn(make_user())
    assert len(remind(3)) == 1
    assert len(remind(2)) == 1


def test_nobody_is_told_who_does_not_want_it_or_whose_badge_was_renewed_or_taken_back() -> None:
    amina, ben, cleo = make_user(), make_user("ben"), make_user("cleo")
    earn(amina)
    for other in (ben, cleo):
        do_unit(other, "a")
    issuance.set_reminders(amina, wanted=False, now=NOW)
    renew(ben)
    awards.reverse_award(current(cleo).award_id, actor_id=make_officer("ruth"), reason="x", now=NOW)
    assert remind(10) == []
    issuance.set_reminders(amina, wanted=True, now=NOW)
    assert len(remind(5)) == 1


def test_what_was_given_for_less_time_than_the_reminder_looks_ahead_is_no_news() -> None:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(expires_after="P10D"))
    do_unit(make_user(), "a")
    reminders.remind_due(NOW + DAY)
    assert mail.outbox == []
    reminders.remind_due(NOW + 4 * DAY)
    assert len(mail.outbox) == 1


def test_mail_that_cannot_be_handed_over_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise SMTPException("the server is away")

    earn(make_user())
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "send_mail", fail)
        remind(7)
    assert not ExpiryReminder.objects.exists()
    assert len(remind(7)) == 1


def test_an_address_that_is_refused_keeps_no_other_holder_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    earn(make_user("refused"))
    do_unit(make_user("fine"), "a", now=NOW + timedelta(minutes=1))
    real = reminders.send_mail

    def send(subject: str, text: str, sender: None, to: list[str]) -> int:
        if to == ["refused@example.org"]:
            raise SMTPRecipientsRefused({to[0]: (550, b"no such user")})
        return int(real(subject, text, sender, to))

    monkeypatch.setattr(reminders, "send_mail", send)
    assert [message.to for message in remind(7)] == [["fine@example.org"]]
    assert ExpiryReminder.objects.filter(sent=False).count() == 1


def test_a_name_with_line_breaks_cannot_add_headers() -> None:
    publish(
        "micro-a", {"outcome": "o.a"}, name="Tyres Bcc: eve@example.org", terms=Terms(expires_after="P1Y")
    )
    do_unit(make_user(), "a")
    [message] = remind(7)
    assert "\n" not in message.subject
    assert message.bcc == []


def test_an_operator_may_send_none(settings: Any) -> None:
    earn(make_user())
    with override_settings(MICROCRED={**settings.MICROCRED, "EXPIRY_REMINDER_DAYS": []}):
        assert remind(5) == []
