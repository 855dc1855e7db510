"""A status list as it was signed ends; it is signed anew long before, by workers and by whoever meets it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import status
from microcred_app.applets.issuance.errors import SignerUnavailable
from microcred_app.applets.issuance.models import Credential, StatusList
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish

DAY = timedelta(days=1)


@pytest.fixture
def amina() -> int:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    return learner


def test_a_worker_signs_it_anew_every_other_day(amina: int) -> None:
    before = json.loads(bytes(StatusList.objects.get().document))
    assert before["validUntil"] == (NOW + 7 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert issuance.sign_lists_due(NOW + DAY) == 0
    assert issuance.sign_lists_due(NOW + 2 * DAY) == 1
    assert issuance.sign_lists_due(NOW + 2 * DAY) == 0
    after = json.loads(bytes(StatusList.objects.get().document))
    assert after["validUntil"] > before["validUntil"]
    assert after["credentialSubject"] == before["credentialSubject"]


def test_where_no_worker_runs_whoever_reads_it_signs_it_once(amina: int) -> None:
    list_id = str(StatusList.objects.get().pk)
    first = issuance.status_document(list_id, now=NOW + 4 * DAY)
    assert issuance.status_document(list_id, now=NOW + 4 * DAY) == first
    second = issuance.status_document(list_id, now=NOW + 90 * DAY)
    assert second != first
    assert issuance.status_document(list_id, now=NOW + 91 * DAY) == second


def test_what_was_issued_goes_on_verifying(amina: int) -> None:
    document = bytes(Credential.objects.get().document)
    for days in (1, 6, 8, 400):
        assert verify_credential(document, now=NOW + days * DAY).verdict == "valid"


def test_a_process_that_kept_places_for_long_signs_with_the_list_of_now(amina: int) -> None:
    for number, days in enumerate((3, 30, 300)):
        learner = make_user(f"kim{number}")
        do_unit(learner, "a", now=NOW + days * DAY)
        assert awards.held_badges(learner)


def test_a_key_that_is_away_leaves_the_old_list_and_breaks_no_page(
    amina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object) -> None:
        raise SignerUnavailable("away")

    monkeypatch.setattr(status, "signer_of", away)
    row = StatusList.objects.get()
    document, _sha256 = issuance.status_document(str(row.pk), now=NOW + 6 * DAY)
    assert document == bytes(row.document)
    assert issuance.sign_lists_due(NOW + 6 * DAY) == 0


def test_an_old_list_says_nothing_any_more(amina: int) -> None:
    from microcred_app.applets.issuance.keys import resolve_issuer
    from microcred_app.ob3 import verification

    document, old = bytes(Credential.objects.get().document), bytes(StatusList.objects.get().document)
    for days, outcome in ((6, "passed"), (8, "could_not_check")):
        report = verification.verify(
            document,
            now=NOW + days * DAY,
            resolve_did=resolve_issuer,
            fetch_status_list=lambda _url: old,
        )
        assert report.check("status").outcome == outcome
