"""What belongs together is suspended together, and said once: upgrades, renewals, mails, and what carries a badge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from microcred_app.api import record_refresher
from microcred_app.applets.attainments.reported_many import NewSignOff, report_sign_offs
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award, Suspension
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges.api import Terms, add_period
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import suspension_mails
from microcred_app.applets.issuance.granting import sign_due, write_granted
from microcred_app.applets.issuance.models import SuspensionNotice
from microcred_app.applets.offers import api as offers
from microcred_app.applets.offers import claiming
from microcred_app.applets.offers.errors import OfferNotFound
from microcred_app.applets.offers.models import Offer
from microcred_app.learning import my_badges, my_resume
from microcred_app.pages.learner_credits import _earned
from microcred_app.pages.registrar.query import DayRange
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, unit

DAY = timedelta(days=1)
LATER = NOW + 10 * DAY
WORDS = awards.SuspensionWords("Under investigation")
SHORT = {"document_days": 30}


@pytest.fixture
def ruth() -> int:
    return make_officer("ruth")


def earn(name: str = "amina", **terms: Any) -> int:
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(**SHORT, **terms))
    learner = make_user(name)
    do_unit(learner, "a")
    return learner


def held(learner: int) -> str:
    return awards.held_badges(learner)["micro-a"]


def suspend(award_id: str, ruth: int) -> awards.AwardInfo:
    return awards.suspend_award(award_id, actor_id=ruth, words=WORDS, now=LATER)


def carry_out(moment: datetime) -> None:
    """Do what versions say to holders of older ones."""
    backfill.begin_successions(moment)
    for batch in backfill.open_batches():
        while backfill.work(batch, clock=lambda: moment):
            pass


def renew_apart(learner: int) -> tuple[str, str]:
    """The award, and a renewal of it with a credential of its own, as a back-fill or a list gives it."""
    first, then = held(learner), NOW + 5 * DAY
    given = [NewSignOff(learner, then, "x")]
    report_sign_offs(given, key="placed", role="assessor", source="list", actor_id=None, now=then)
    found = awards.find_due({learner: [("signoff", "placed")]}, now=then).awards
    write_granted(found, sign_due(found, now=then), now=then)
    second = held(learner)
    assert first != second
    return first, second


@pytest.fixture
def renewed() -> Iterator[tuple[int, str, str]]:
    rule = {"any": [{"outcome": "o.a"}, {"signoff": "placed", "role": "assessor"}]}
    publish("micro-a", rule, terms=Terms(**SHORT, expires_after="P1Y"))
    learner = make_user()
    do_unit(learner, "a")
    yield learner, *renew_apart(learner)


@pytest.mark.parametrize("chosen", [0, 1])
def test_an_award_and_its_renewal_are_suspended_and_lifted_together(
    renewed: tuple[int, str, str], ruth: int, chosen: int
) -> None:
    _learner, *both = renewed
    suspend(both[chosen], ruth)
    for award_id in both:
        assert awards.get_award(award_id).suspended_at == LATER
        credential = issuance.credential_of_award(award_id)
        assert credential is not None and credential.suspended_at == LATER
    awards.lift_award(both[1 - chosen], actor_id=ruth, reason="Nothing found", now=LATER + DAY)
    for award_id in both:
        credential = issuance.credential_of_award(award_id)
        assert credential is not None and credential.suspended_at is None


def test_a_renewal_that_has_taken_the_credential_over_is_held_back_whichever_award_is_chosen(
    ruth: int,
) -> None:
    learner = earn(expires_after="P1Y")
    first = held(learner)
    record_refresher(learner, unit("a"), score=1.0, now=NOW + 5 * DAY)
    assert held(learner) != first
    suspend(first, ruth)
    credential = issuance.credential_of_award(held(learner))
    assert credential is not None and credential.suspended_at == LATER


def test_the_holder_is_told_once_of_what_was_suspended_together(
    renewed: tuple[int, str, str], ruth: int
) -> None:
    suspend(renewed[1], ruth)
    assert Suspension.objects.count() == 2
    for moment in (LATER, LATER + timedelta(hours=1)):
        issuance.tell_suspended(moment)
    awards.lift_award(renewed[2], actor_id=ruth, reason="Nothing found", now=LATER + DAY)
    for moment in (LATER + DAY, LATER + 2 * DAY):
        issuance.tell_suspended(moment)
    assert [("valid again" in one.subject, "suspended" in one.subject) for one in mail.outbox] == [
        (False, True),
        (True, False),
    ]


def test_every_award_that_is_suspended_is_locked_first(ruth: int) -> None:
    """Whoever signs for the newer version at this moment comes before and is seen, or after and sees it."""
    learner = earn()
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(**SHORT, holders_policy="upgrade"))
    carry_out(NOW + DAY)
    first, second = map(str, Award.objects.order_by("version__number").values_list("pk", flat=True))
    assert held(learner) == second
    with CaptureQueriesContext(connection) as seen:
        suspend(first, ruth)
    texts = [query["sql"].replace("-", "") for query in seen.captured_queries]
    written = next(number for number, text in enumerate(texts) if "INSERT" in text and "suspension" in text)
    both = [award_id.replace("-", "") for award_id in (first, second)]
    # Of the two alone, and of no other table: what else is read joins some.
    locked = [text for text in texts[:written] if "JOIN" not in text and "suspension" not in text]
    assert any(all(award_id in text for award_id in both) for text in locked)


@pytest.mark.parametrize(("code", "noted"), [(550, 1), (450, 0)])
def test_an_address_that_is_refused_keeps_no_other_holder_waiting(
    ruth: int, monkeypatch: pytest.MonkeyPatch, code: int, noted: int
) -> None:
    refused, fine = earn("refused"), make_user("fine")
    do_unit(fine, "a")
    suspend(held(refused), ruth)
    awards.suspend_award(held(fine), actor_id=ruth, words=WORDS, now=LATER + timedelta(minutes=1))
    real = suspension_mails.send_mail

    def send(subject: str, text: str, sender: None, to: list[str]) -> int:
        if to == ["refused@example.org"]:
            raise SMTPRecipientsRefused({to[0]: (code, b"no")})
        return int(real(subject, text, sender, to))

    monkeypatch.setattr(suspension_mails, "send_mail", send)
    assert issuance.tell_suspended(LATER + DAY) == 1
    assert [message.to for message in mail.outbox] == [["fine@example.org"]]
    assert SuspensionNotice.objects.filter(sent=False).count() == noted


def test_an_offer_that_is_open_gives_no_suspended_badge_away(ruth: int) -> None:
    learner = earn()
    made = offers.make_offer(learner, held(learner), now=LATER)
    offer = Offer.objects.get(pk=made.id)
    assert claiming.claim_document(offer, now=LATER)
    suspend(held(learner), ruth)
    with pytest.raises(OfferNotFound):
        claiming.claim_document(offer, now=LATER)


def test_a_resume_calls_nothing_active_that_is_suspended_or_whose_document_has_ended(ruth: int) -> None:
    learner = earn()
    assert len(my_resume(learner, now=LATER)["certifications"]) == 1
    assert "certifications" not in my_resume(learner, now=NOW + 31 * DAY)
    suspend(held(learner), ruth)
    assert "certifications" not in my_resume(learner, now=LATER)


def test_credits_of_a_suspended_badge_are_not_shown_meanwhile(ruth: int) -> None:
    learner = earn(credits=Decimal(2), credit_unit="CEU")
    always = DayRange("", "", None, None, "")
    assert len(_earned(learner, always)) == 1
    suspend(held(learner), ruth)
    assert _earned(learner, always) == []
    awards.lift_award(held(learner), actor_id=ruth, reason="Nothing found", now=LATER + DAY)
    assert len(_earned(learner, always)) == 1


@pytest.mark.parametrize(("policy", "counted"), [("upgrade", 1), ("replace", 2)])
def test_a_newer_version_brings_no_credits_beside_the_older_one_and_ends_when_the_ledger_says(
    policy: str, counted: int
) -> None:
    terms: dict[str, Any] = {"credits": Decimal(2), "credit_unit": "CEU", "expires_after": "P1Y"}
    publish("ceu", {"outcome": "o.a"}, terms=Terms(**terms))
    learner = make_user()
    do_unit(learner, "a")
    publish("ceu", {"outcome": "o.a"}, terms=Terms(**terms, holders_policy=policy))
    for days in (100, 130):
        carry_out(NOW + days * DAY)
    mine = awards.awards_of(learner)
    assert [one.badge.number for one in mine] == [1, 2]
    assert (mine[0].reversed_at is None) == (policy == "upgrade")
    found = _earned(learner, DayRange("", "", None, None, ""))
    assert [(one.badge.number, one.awarded_at) for one in found] == [(counted, NOW)]
    ends = add_period(NOW, "P1Y")
    assert {badge.version: badge.expires_at for badge in my_badges(learner)} == {1: ends, 2: ends}
