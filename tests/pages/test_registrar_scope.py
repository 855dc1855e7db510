"""A registrar sees the awards of the organisation they answer for, and no others: not by list, address or button."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offices import api as offices
from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills.models import Skill
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]
CONSOLE = "/microcred/registrar/"
LIST = "/microcred/registrar/awards/"
BADGES = "/microcred/registrar/badges/"


@pytest.fixture
def held(amina: int) -> dict[str, str]:
    """Two badges of two organisations, and a stack of the second on the first."""
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    publish("of-school", {"outcome": "o.a"})
    publish("of-college", {"outcome": "o.b"}, issuer_slug="college")
    publish("stack", {"all": [{"badge": "of-school"}]}, kind="macro", issuer_slug="college")
    do_unit(amina, "a")
    do_unit(amina, "b")
    return awards.held_badges(amina)


def detail(award_id: str) -> str:
    return reverse("microcred_app:registrar-award", args=[award_id])


def test_lists_hold_only_the_own_organisation(held: dict[str, str], sign_in: SignIn) -> None:
    school = sign_in(make_officer("ruth"))
    page = school.get(LIST).content.decode()
    assert detail(held["of-school"]) in page
    assert detail(held["of-college"]) not in page
    assert "Badge of-college" not in page  # in the filter neither
    assert "No award matches" in school.get(LIST, {"badge": "of-college"}).content.decode()
    assert "of-college" not in school.get(BADGES).content.decode()
    college = sign_in(make_officer("otto", issuer_slug="college")).get(LIST).content.decode()
    assert detail(held["of-school"]) not in college
    assert detail(held["stack"]) in college


def test_somebody_with_two_offices_sees_both(held: dict[str, str], sign_in: SignIn) -> None:
    ruth = make_officer("ruth")
    offices.give_role(ruth, "college", "auditor", actor_id=None, now=NOW)
    page = sign_in(ruth).get(LIST).content.decode()
    assert all(detail(award_id) in page for award_id in held.values())
    assert "Revoke this award" in sign_in(ruth).get(detail(held["of-school"])).content.decode()
    assert "Revoke this award" not in sign_in(ruth).get(detail(held["of-college"])).content.decode()


def test_an_award_of_another_organisation_is_not_there(
    held: dict[str, str], sign_in: SignIn, amina: int
) -> None:
    school = sign_in(make_officer("ruth"))
    url = detail(held["of-college"])
    unknown = school.get(detail("41868c34-2eae-401a-9a1e-731d80d68cd9"))
    for response in (school.get(url), school.post(url, {"reason": "x"})):
        assert response.status_code == unknown.status_code == 404
        assert "Amina" not in response.content.decode()
    assert len(awards.held_badges(amina)) == 3


def test_a_stack_of_another_organisation_is_not_named(held: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in(make_officer("ruth")).get(detail(held["of-school"])).content.decode()
    assert "Badge stack" not in page
    everywhere = sign_in(make_user("root", is_superuser=True)).get(detail(held["of-school"])).content.decode()
    assert "Badge stack" in everywhere


def test_a_registrar_revokes_for_the_own_organisation(held: dict[str, str], sign_in: SignIn) -> None:
    school = sign_in(make_officer("ruth"))
    assert school.post(detail(held["of-school"]), {"reason": "Copied"}).status_code == 302
    assert awards.get_award(held["of-school"]).reversed_at is not None


def test_an_auditor_sees_and_cannot_revoke(held: dict[str, str], sign_in: SignIn) -> None:
    auditor = sign_in(make_officer("olga", "auditor"))
    assert "Revoke this award" not in auditor.get(detail(held["of-school"])).content.decode()
    assert auditor.post(detail(held["of-school"]), {"reason": "x"}).status_code == 403
    assert awards.get_award(held["of-school"]).reversed_at is None


@pytest.mark.parametrize("role", ["steward", "reviewer"])
def test_offices_without_awards_see_definitions_and_no_learner(
    role: str, held: dict[str, str], sign_in: SignIn
) -> None:
    client = sign_in(make_officer("ruth", role))
    assert "Badge of-school" in client.get(BADGES).content.decode()
    for url in (LIST, detail(held["of-school"])):
        response = client.get(url)
        assert response.status_code == 403
        assert "Amina" not in response.content.decode()


def test_the_way_to_the_console_is_shown_to_those_who_have_an_office(sign_in: SignIn, amina: int) -> None:
    assert CONSOLE not in sign_in(amina).get("/microcred/my/").content.decode()
    assert f'href="{CONSOLE}"' in sign_in(make_officer("ruth")).get("/microcred/my/").content.decode()


def test_a_private_credential_is_seen_by_its_own_registrar_only(
    held: dict[str, str], sign_in: SignIn
) -> None:
    credential = issuance.credential_of_award(held["of-school"])
    assert credential is not None
    url = reverse("microcred_app:credential", args=[credential.id])
    assert sign_in(make_officer("ruth")).get(url).status_code == 200
    for stranger in (make_officer("otto", issuer_slug="college"), make_officer("stella", "steward")):
        assert sign_in(stranger).get(url).status_code == 403


def test_retired_and_lost_skills_of_a_badge_are_shown(sign_in: SignIn) -> None:
    skills.define_skill(key="s.lost", framework_key="bikes", name="Soon gone")
    publish("micro-a", {"outcome": "o.a"}, skill_keys=("s.a", "s.lost"))
    skills.retire_skill("s.a", successor_key="s.b", actor_id=None, now=NOW)
    page = sign_in().get(reverse("microcred_app:achievement", args=["micro-a", 1])).content.decode()
    assert "retired" in page
    skill = sign_in().get(reverse("microcred_app:skill", args=["s.a"])).content.decode()
    assert "Retired since" in skill
    assert reverse("microcred_app:skill", args=["s.b"]) in skill
    Skill.objects.filter(key="s.lost").delete()
    lost = sign_in().get(reverse("microcred_app:achievement", args=["micro-a", 1]))
    assert lost.status_code == 200
    assert "Soon gone" not in lost.content.decode()
    assert "This skill is not in the catalogue any more" in lost.content.decode()
