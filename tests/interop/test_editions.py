"""Credentials signed anew, because a key was lost or a badge earned again, before other people's verifiers."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from microcred_app.api import record_refresher
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges.terms import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import StatusList
from microcred_app.applets.issuance.status import sign_list_anew
from tests.fixtures.catalogue import (
    NOW,
    do_unit,
    make_officer,
    make_user,
    publish,
    set_up_catalogue,
    unit,
)
from tests.interop.verifiers import (
    validate_against_schema,
    verify_with_digitalbazaar,
    verify_with_openbadgeslib,
    verify_with_verifier_core,
)

pytestmark = pytest.mark.interop
VERIFIERS = [verify_with_digitalbazaar, verify_with_verifier_core, verify_with_openbadgeslib]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def learner(transactional_db: None) -> int:
    set_up_catalogue()
    publish("micro-a", {"outcome": "o.a"}, terms=Terms(expires_after="P20Y"))
    found = make_user()
    do_unit(found, "a")
    return found


def current(learner: int) -> dict[str, Any]:
    found = issuance.credential_of_award(awards.held_badges(learner)["micro-a"])
    assert found is not None
    return dict(json.loads(found.document))


def list_of(credential: dict[str, Any]) -> dict[str, Any]:
    return dict(
        json.loads(
            issuance.status_document_at(
                credential["credentialStatus"]["statusListCredential"], now=timezone.now()
            )
        )
    )


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_after_a_key_was_revoked_others_accept_the_new_edition_and_see_the_old_one_taken_back(
    learner: int, verifier: Any
) -> None:
    before = current(learner)
    [key] = issuance.list_keys("school")
    issuance.revoke_key("school", key.multikey, reason="Stolen", actor_id=None, now=LATER)
    issuance.sign_anew_due(LATER)
    after = current(learner)
    assert after["id"] == before["id"]
    found = verifier(after, status_list=list_of(after))
    assert found["verified"], found
    refused = verifier(before, status_list=list_of(before))
    # One of them reports the status beside its verdict.
    assert not refused["verified"] or refused.get("status") == {"revocation": True}, refused
    for family in ("strict", "published"):
        assert validate_against_schema(after, family) == []


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_others_accept_a_renewal(learner: int, verifier: Any) -> None:
    before = current(learner)
    record_refresher(learner, unit("a"), score=1.0, now=LATER)
    after = current(learner)
    assert (after["id"], after["awardedDate"]) == (before["id"], before["awardedDate"])
    assert after["validFrom"] > before["validFrom"]
    found = verifier(after, status_list=list_of(after))
    assert found["verified"], found
    for family in ("strict", "published"):
        assert validate_against_schema(after, family) == []


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_others_refuse_a_suspended_copy_when_its_days_are_over_and_accept_what_lifting_signs(
    learner: int, verifier: Any
) -> None:
    """Nothing but the clock says so: the status list has no bit for what may become valid again."""
    now = timezone.now()
    publish("micro-b", {"outcome": "o.b"}, terms=Terms(document_days=7))
    do_unit(learner, "b", now=now - timedelta(days=8))
    award = awards.held_badges(learner)["micro-b"]
    words = awards.SuspensionWords("Under investigation")
    ruth = make_officer("ruth")
    awards.suspend_award(award, actor_id=ruth, words=words, now=now - timedelta(days=7))
    assert issuance.prolong_due(now) == 0

    def copy() -> dict[str, Any]:
        found = issuance.credential_of_award(award)
        assert found is not None
        return dict(json.loads(found.document))

    ended = copy()
    refused = verifier(ended, status_list=list_of(ended))
    assert not refused["verified"], refused
    awards.lift_award(award, actor_id=ruth, reason="Nothing found", now=now)
    again = copy()
    assert again["id"] == ended["id"]
    found = verifier(again, status_list=list_of(again))
    assert found["verified"], found
    for family in ("strict", "published"):
        assert validate_against_schema(again, family) == []


@pytest.mark.parametrize("days", [0, 8])
def test_a_status_list_ends_and_an_old_one_cannot_stand_in_for_the_new_one(learner: int, days: int) -> None:
    """As if somebody had kept a list from before a revocation; the verifier's clock is the real one."""
    sign_list_anew(StatusList.objects.get().pk, now=timezone.now() - timedelta(days=days))
    kept = dict(json.loads(bytes(StatusList.objects.get().document)))
    found = verify_with_digitalbazaar(current(learner), status_list=kept)
    assert (found.get("status") == {"revocation": False}) is (days == 0), found
