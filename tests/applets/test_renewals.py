"""A badge that is earned anew keeps its id; its holder is told before it ends."""

import json
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from microcred_app.api import record_refresher, verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges.terms import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import reminders
from microcred_app.applets.issuance.models import Credential, ExpiryReminder, PastEdition
from microcred_app.learning import my_badges
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, unit

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
