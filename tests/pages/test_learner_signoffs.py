"""Sign-offs on their page: given by those who may, with a reason, listed, taken back, and awarded for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from microcred_app import signoffs
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions
from tests.fixtures.catalogue import NOW, make_officer, make_user, publish

SignIn = Callable[..., Client]
PAGE = "/microcred/sign-offs/"
FORM = {"learner": "amina", "task": "placement\tassessor", "seen_on": "", "reason": "Six weeks in the shop."}


@pytest.fixture(autouse=True)
def rule(catalogue: None) -> None:
    publish("placed", {"signoff": "placement", "role": "assessor"})


def test_signing_off_awards_and_leaves_a_trace(amina: int, sign_in: SignIn) -> None:
    rev = make_officer("rev", role="reviewer")
    page = sign_in(rev).post(PAGE, FORM, follow=True).content.decode()
    assert "Signed off." in page
    assert "Six weeks in the shop." in page
    assert set(awards.held_badges(amina)) == {"placed"}
    entry = audit.list_entries(action="signoff.given")[0]
    assert (entry.actor_id, entry.reason, entry.issuer_slug) == (rev, "Six weeks in the shop.", "school")
    assert entry.details["learner"] == amina


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"learner": ""}, "Write the learner’s user name"),
        ({"learner": "nobody\x00"}, "There is not exactly one open account"),
        ({"task": ""}, "Choose what you sign off"),
        ({"task": "other\tassessor"}, "No published rule asks for this"),
        ({"task": "placement\tdean"}, "No published rule asks for this"),
        ({"seen_on": "yesterday"}, "Write the day as year-month-day"),
        ({"seen_on": "2999-01-01"}, "not in the future"),
        ({"seen_on": "1999-01-01"}, "at most ten years ago"),
        ({"reason": " \x00 "}, "what you saw"),
        ({"reason": "x" * 2001}, "at most 2000 characters"),
        ({"learner": "rev"}, "Somebody else has to sign off for you"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    changes: dict[str, str], said: str, amina: int, sign_in: SignIn
) -> None:
    rev = make_officer("rev", role="reviewer")
    form = FORM | {"reason": "Kept words."} | changes
    response = sign_in(rev).post(PAGE, form)
    page = response.content.decode()
    assert response.status_code == 400
    assert said in page
    assert "Kept words." in page or "reason" in changes
    assert not awards.held_badges(amina)


@pytest.mark.parametrize("role", ["auditor", "steward"])
def test_other_offices_sign_nothing_off(role: str, amina: int, sign_in: SignIn) -> None:
    client = sign_in(make_officer("otto", role=role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, FORM).status_code == 403
    assert sign_in(amina).get(PAGE).status_code == 403
    assert sign_in().get(PAGE).status_code == 302
    assert not awards.held_badges(amina)


def test_another_organisations_rule_needs_its_office_too(amina: int) -> None:
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    publish("theirs", {"signoff": "placement", "role": "assessor"}, issuer_slug="other")
    rev = make_officer("rev", role="reviewer")
    with pytest.raises(permissions.NotAllowed):
        signoffs.give_sign_off(rev, amina, "placement", "assessor", reason="x", now=NOW)
    assert signoffs.sign_off_tasks(rev) == ()
    offices.give_role(rev, "other", "reviewer", actor_id=None, now=NOW)
    signoffs.give_sign_off(rev, amina, "placement", "assessor", reason="x", now=NOW)
    assert {entry.issuer_slug for entry in audit.list_entries(action="signoff.given")} == {"school", "other"}


def test_a_rule_that_names_an_office_asks_for_it(amina: int) -> None:
    publish("approved", {"signoff": "approval", "role": "registrar"})
    rev, ruth = make_officer("rev", role="reviewer"), make_officer("ruth")
    with pytest.raises(permissions.NotAllowed, match="registrar"):
        signoffs.give_sign_off(rev, amina, "approval", "registrar", reason="x", now=NOW)
    signoffs.give_sign_off(ruth, amina, "approval", "registrar", reason="x", now=NOW)


def test_the_button_pressed_twice_is_one_sign_off(amina: int) -> None:
    rev = make_officer("rev", role="reviewer")
    first = signoffs.give_sign_off(rev, amina, "placement", "assessor", reason="x", now=NOW)
    again = signoffs.give_sign_off(
        rev, amina, "placement", "assessor", reason="x", now=NOW + timedelta(seconds=2)
    )
    assert first == again
    assert len(audit.list_entries(action="signoff.given")) == 1


def test_taking_back_needs_a_reason_and_the_award_stands(amina: int, sign_in: SignIn) -> None:
    rev = make_officer("rev", role="reviewer")
    given = signoffs.give_sign_off(rev, amina, "placement", "assessor", reason="x", now=NOW)
    client = sign_in(rev)
    address = f"{PAGE}{given.id}/take-back"
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 400
    assert 'aria-invalid="true"' in refused.content.decode()
    assert "Taken back." in client.post(address, {"reason": "Wrong person."}, follow=True).content.decode()
    assert client.post(address, {"reason": "Again."}).status_code == 404
    assert signoffs.page_sign_offs(rev).items == ()
    assert set(awards.held_badges(amina)) == {"placed"}
    assert audit.list_entries(action="signoff.taken_back")[0].reason == "Wrong person."


def test_taking_a_hindering_sign_off_back_awards_what_it_kept_away(amina: int) -> None:
    from tests.fixtures.catalogue import do_unit

    publish("free", {"all": [{"outcome": "o.a"}, {"not": {"signoff": "suspended", "role": "dean"}}]})
    ruth = make_officer("ruth")
    given = signoffs.give_sign_off(ruth, amina, "suspended", "dean", reason="Unsafe.", now=NOW)
    do_unit(amina, "a")
    assert "free" not in awards.held_badges(amina)
    signoffs.take_back_sign_off(ruth, given.id, reason="Over.", now=NOW)
    assert "free" in awards.held_badges(amina)


def test_a_person_outside_sees_no_sign_off_and_takes_none_back(amina: int, sign_in: SignIn) -> None:
    rev = make_officer("rev", role="reviewer")
    given = signoffs.give_sign_off(rev, amina, "placement", "assessor", reason="x", now=NOW)
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    stranger = make_officer("otto", issuer_slug="other")
    assert signoffs.page_sign_offs(stranger).items == ()
    with pytest.raises(permissions.NotAllowed):
        signoffs.take_back_sign_off(stranger, given.id, reason="x", now=NOW)
    assert sign_in(make_user("ben")).post(f"{PAGE}{given.id}/take-back", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("place", ["x", "a|b", "2026-01-01|not-a-uuid", "|", "\x00|\x00"])
def test_a_place_that_is_none_is_refused_in_words(place: str, sign_in: SignIn) -> None:
    response = sign_in(make_officer("rev", role="reviewer")).get(PAGE, {"after": place})
    assert response.status_code == 400
    assert "Begin again" in response.content.decode()
