"""A badge from elsewhere that was revoked after it counted is noticed; what cannot be checked changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from microcred_app import external, external_recheck
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.attainments.models import FactWatch, ReportedFact
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.delivery import api as delivery
from microcred_app.ob3.documents import StatusEntry, Subject
from microcred_app.ob3.identity import hashed_email
from microcred_app.ob3.serialization import encode_document
from microcred_app.tasks import recheck_badges_task
from tests.fixtures.catalogue import make_user, publish
from tests.ob3.samples import ACHIEVEMENT, INDEX, ISSUER, LIST_URL, PLAIN, signed, signed_list

SignIn = Callable[..., Client]
PAGE = "/microcred/my/elsewhere/"
OTHER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


class Publisher:
    """The other issuer's site: what it answers, and how often it was asked."""

    def __init__(self) -> None:
        self.answer: bytes | Exception = encode_document(signed_list())
        self.asked: list[str] = []

    def read(self, url: str, **_limits: Any) -> bytes:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def revoke(self, purpose: str = "revocation") -> None:
        self.answer = encode_document(signed_list(INDEX, purposes=(purpose,)))


@pytest.fixture(autouse=True)
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    found = Publisher()
    monkeypatch.setattr(delivery, "read_address", found.read)
    with override_settings(MICROCRED={**settings.MICROCRED, "VERIFY_ONLINE": True}):
        publish("exchange", {"external": ACHIEVEMENT.id, "issuer": ISSUER})
        yield found


def keep(learner: int, email: str = "amina@example.org", **changes: Any) -> external.KeptBadge:
    subject = Subject(identifiers=(hashed_email(email, "k9Vx2"),))
    status = StatusEntry(LIST_URL, INDEX)
    document = encode_document(signed(replace(PLAIN, **({"subject": subject, "status": status} | changes))))
    now = timezone.now()
    return external.keep_badge(learner, external.read_badge(document, now=now), now=now)


def after(hours: float) -> Callable[[], datetime]:
    moment = timezone.now() + timedelta(hours=hours)
    return lambda: moment


def test_a_revocation_is_noticed_taken_back_with_a_reason_and_told(
    amina: int, sign_in: SignIn, publisher: Publisher
) -> None:
    kept = keep(amina)
    publisher.revoke()
    assert external_recheck.recheck_badges(after(25)).revoked == 1
    assert external.list_kept(amina) == ()
    (entry,) = audit.list_entries(action="external.revoked")
    assert (entry.object_id, entry.actor_id, entry.reason) == (
        kept.fact_id,
        None,
        "Its issuer has revoked it.",
    )
    assert (entry.details["issuer"], entry.details["learner"]) == (ISSUER, amina)
    page = sign_in(amina).get(PAGE).content.decode()
    assert "What does not count any more" in page
    assert "Whoever issued this badge has taken it back" in page
    assert "Close reading" in page
    assert set(awards.held_badges(amina)) == {"exchange"}, "what was earned with it is a person's decision"


def test_what_is_still_valid_counts_and_is_asked_about_again(amina: int, publisher: Publisher) -> None:
    keep(amina)
    publisher.asked.clear()
    assert external_recheck.recheck_badges(after(1)).total == 0, "not before its time"
    assert external_recheck.recheck_badges(after(25)).clear == 1
    assert external_recheck.recheck_badges(after(26)).total == 0
    assert len(publisher.asked) == 1
    publisher.revoke()
    assert external_recheck.recheck_badges(after(50)).revoked == 1


@pytest.mark.parametrize(
    "answer",
    [
        OSError("no route to host"),
        delivery.AddressRefused("private address"),
        b"",
        b"<html>",
        b"[" * 50_000,
        encode_document(signed_list(INDEX, issuer=OTHER)),
        encode_document(signed_list(INDEX, list_url="https://elsewhere.example/1")),
        encode_document(signed_list(INDEX)).replace(b'"revocation"', b'"refresh"'),
        encode_document(signed_list(INDEX, valid_from=timezone.now() + timedelta(days=900))),
    ],
    ids=lambda answer: repr(answer)[:40],
)
def test_what_could_not_be_checked_changes_nothing(
    answer: bytes | Exception, amina: int, publisher: Publisher
) -> None:
    keep(amina)
    publisher.answer = answer
    assert external_recheck.recheck_badges(after(25)).unclear == 1
    assert len(external.list_kept(amina)) == 1
    assert ReportedFact.objects.count() == 1
    assert not audit.list_entries(action="external.revoked")
    assert FactWatch.objects.get().unclear_since is not None
    assert external_recheck.recheck_badges(after(26)).total == 0, "a site that is away is not hammered"


def test_a_site_that_looks_nothing_up_changes_nothing(amina: int, publisher: Publisher) -> None:
    keep(amina)
    publisher.revoke()
    publisher.asked.clear()
    with override_settings(MICROCRED={**settings.MICROCRED, "VERIFY_ONLINE": False}):
        assert external_recheck.recheck_badges(after(25)).unclear == 1
    assert publisher.asked == []
    assert len(external.list_kept(amina)) == 1


def test_a_suspended_badge_does_not_count_and_can_be_brought_again(amina: int, publisher: Publisher) -> None:
    status = StatusEntry(LIST_URL, INDEX, purpose="suspension")
    publisher.answer = encode_document(signed_list(purposes=("suspension",)))
    keep(amina, status=status)
    publisher.revoke("suspension")
    external_recheck.recheck_badges(after(25))
    assert external.list_kept(amina) == ()
    publisher.answer = encode_document(signed_list(purposes=("suspension",)))
    keep(amina, status=status)
    assert len(external.list_kept(amina)) == 1


def test_a_badge_that_cannot_be_revoked_is_not_asked_about(amina: int) -> None:
    keep(amina, status=None)
    assert not FactWatch.objects.exists()


def test_what_was_taken_out_by_its_learner_is_not_asked_about(amina: int, publisher: Publisher) -> None:
    kept = keep(amina)
    external.forget_badge(amina, kept.fact_id, now=timezone.now())
    publisher.asked.clear()
    assert external_recheck.recheck_badges(after(25), limit=5).total == 0
    assert publisher.asked == []
    assert not FactWatch.objects.exists()


def test_each_round_asks_about_so_many_and_no_more(publisher: Publisher) -> None:
    for name in ("ada", "ben", "cleo"):
        keep(make_user(name), f"{name}@example.org")
    publisher.asked.clear()
    assert external_recheck.recheck_badges(after(25), limit=2).total == 2
    assert len(publisher.asked) == 2


def test_two_workers_do_not_ask_about_the_same(amina: int) -> None:
    keep(amina)
    now = after(25)()
    first = attainments.claim_watched(now, until=now + external_recheck.LEASE)
    assert first is not None
    assert attainments.claim_watched(now, until=now + external_recheck.LEASE) is None
    later = now + external_recheck.LEASE
    assert attainments.claim_watched(later, until=later) is not None, "a worker that died leaves it due"


def test_somebody_who_takes_it_out_at_the_same_moment_is_in_nobodys_way(
    amina: int, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(amina)
    publisher.revoke()
    real = external_recheck.check_revocation

    def then_forget(*args: Any, **kwargs: Any) -> Any:
        found = real(*args, **kwargs)
        external.forget_badge(amina, kept.fact_id, now=timezone.now())
        return found

    monkeypatch.setattr(external_recheck, "check_revocation", then_forget)
    external_recheck.recheck_badges(after(25))
    assert not audit.list_entries(action="external.revoked")


def test_only_what_the_question_needs_is_kept() -> None:
    huge = {"type": "BitstringStatusListEntry", "statusListCredential": "https://a.example/" + "x" * 9_000}
    entry = {"type": "BitstringStatusListEntry", "id": "urn:1", "evil": "y" * 9_000}
    kept = external_recheck.revocation_subject(
        {"id": "urn:2", "issuer": ISSUER, "credentialStatus": [entry, huge, 7], "credentialSubject": {"a": 1}}
    )
    assert kept == {
        "id": "urn:2",
        "issuer": ISSUER,
        "credentialStatus": [{"type": "BitstringStatusListEntry", "id": "urn:1"}],
    }


@pytest.mark.parametrize(
    "run", [recheck_badges_task, lambda: call_command("microcred_worker", "--once", stdout=StringIO())]
)
def test_the_worker_and_the_task_ask(run: Callable[[], object], amina: int, publisher: Publisher) -> None:
    keep(amina)
    FactWatch.objects.update(check_at=timezone.now())
    publisher.revoke()
    run()
    assert external.list_kept(amina) == ()
