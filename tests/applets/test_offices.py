"""Who may do what for which organisation: one table, asked by the interface and the pages alike."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions
from microcred_app.permissions.api import Action, Role
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish


def grant(user_id: int, codename: str) -> None:
    permission = Permission.objects.get(codename=codename, content_type__app_label="microcred_app")
    get_user_model().objects.get(pk=user_id).user_permissions.add(permission)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_a_role_allows_exactly_what_the_table_says_and_only_there(role: Role, action: Action) -> None:
    user = make_officer("ruth", role.value)
    allowed = action in permissions.ACTIONS_OF_ROLE[role]
    assert permissions.may(user, action, "school") is allowed
    assert not permissions.may(user, action, "college")
    assert permissions.scope_of(user, action).filter_slugs == (
        frozenset({"school"}) if allowed else frozenset()
    )


def test_a_steward_sees_no_learner_and_an_auditor_changes_nothing() -> None:
    table = permissions.ACTIONS_OF_ROLE
    assert not table[Role.STEWARD] & {Action.VIEW_AWARDS, Action.REVOKE_AWARDS, Action.SIGN_OFF}
    assert {action.value.rsplit(".")[-1] for action in table[Role.AUDITOR]} == {"view"}
    assert not any(Action.MANAGE_ROLES in table[role] for role in Role if role is not Role.REGISTRAR)
    assert Action.PUBLISH not in table[Role.STEWARD] | table[Role.REVIEWER]


def test_people_without_office_may_nothing() -> None:
    ben = make_user("ben")
    assert not any(permissions.may(ben, action, "school") for action in Action)
    assert not permissions.holds_office(ben)
    assert not permissions.may(999_999, Action.VIEW_AWARDS, "school")


def test_a_closed_account_may_nothing_whatever_it_holds() -> None:
    ruth = make_officer("ruth")
    root = make_user("root", is_superuser=True)
    grant(ruth, "view_award")
    get_user_model().objects.filter(pk__in=(ruth, root)).update(is_active=False)
    for user in (ruth, root):
        assert not any(permissions.may(user, action, "school") for action in Action)
        assert not permissions.holds_office(user)


def test_superusers_may_everything_everywhere() -> None:
    root = make_user("root", is_superuser=True)
    assert all(permissions.may(root, action, "anything") for action in Action)
    assert permissions.holds_office(root)


def test_django_permissions_stay_grants_for_the_whole_site() -> None:
    ruth = make_user("ruth")
    grant(ruth, "view_award")
    assert permissions.holds_office(ruth)
    assert permissions.may(ruth, Action.VIEW_AWARDS, "college")
    assert permissions.may(ruth, Action.VIEW_DEFINITIONS, "college")
    assert not permissions.may(ruth, Action.REVOKE_AWARDS, "college")
    grant(ruth, "add_reversal")
    assert permissions.may(ruth, Action.REVOKE_AWARDS, "college")
    assert not permissions.may(ruth, Action.PUBLISH, "college")


def test_a_refusal_says_which_roles_would_do() -> None:
    ben = make_user("ben")
    with pytest.raises(
        permissions.NotAllowed, match=r"for school\. It takes one of these roles there: registrar"
    ) as caught:
        permissions.require(ben, Action.PUBLISH, "school")
    assert (caught.value.http_status, caught.value.code) == (403, "not_allowed")
    with pytest.raises(permissions.NotAllowed, match="registrar, auditor"):
        permissions.require_somewhere(ben, Action.VIEW_AUDIT)
    permissions.require(None, Action.PUBLISH, "school")  # the operator at the command line


def test_roles_are_given_and_taken_with_a_trace() -> None:
    ruth, ben = make_officer("ruth"), make_user("ben")
    held = offices.give_role(ben, "school", "reviewer", actor_id=ruth, now=NOW)
    assert offices.give_role(ben, "school", "reviewer", actor_id=ruth, now=NOW) == held
    assert offices.roles_of(ben) == (held,)
    assert {(one.user_id, one.role) for one in offices.list_roles("school")} == {
        (ruth, Role.REGISTRAR), (ben, Role.REVIEWER),
    }  # fmt: skip
    offices.take_role(ben, "school", "reviewer", actor_id=ruth, now=NOW)
    assert offices.roles_of(ben) == ()
    entries = audit.list_entries(object_type="role", actor_id=ruth)
    assert [(entry.action, entry.object_id, entry.details["user"]) for entry in entries] == [
        ("role.taken", "school/reviewer", ben), ("role.given", "school/reviewer", ben),
    ]  # fmt: skip
    assert len(audit.list_entries(issuer_slugs={"school"})) == 3


@pytest.mark.parametrize("role", ["steward", "reviewer", "auditor"])
def test_only_registrars_of_the_same_organisation_give_roles(role: str) -> None:
    other = make_officer("otto", "registrar", "college")
    officer = make_officer("ruth", role)
    for actor in (other, officer, make_user("ben")):
        with pytest.raises(permissions.NotAllowed):
            offices.give_role(actor, "school", "registrar", actor_id=actor, now=NOW)
        with pytest.raises(permissions.NotAllowed):
            offices.take_role(officer, "school", role, actor_id=actor, now=NOW)
    assert not permissions.may(officer, Action.PUBLISH, "school")


def test_a_role_that_makes_no_sense_is_refused() -> None:
    ben, gone = make_user("ben"), make_user("gone", is_active=False)
    for user, slug, role in (
        (ben, "school", "boss"), (ben, "", "registrar"), (ben, "a b", "registrar"), (ben, "x" * 81, "registrar"),
        (gone, "school", "registrar"), (999_999, "school", "registrar"),
    ):  # fmt: skip
        with pytest.raises(offices.RoleRefused):
            offices.give_role(user, slug, role, actor_id=None, now=NOW)
    with pytest.raises(offices.RoleRefused, match="is not auditor of school"):
        offices.take_role(ben, "school", "auditor", actor_id=None, now=NOW)


def test_roles_go_with_the_account_and_whoever_gave_them_may_go() -> None:
    ruth, ben = make_officer("ruth"), make_user("ben")
    offices.give_role(ben, "school", "auditor", actor_id=ruth, now=NOW)
    get_user_model().objects.get(pk=ruth).delete()
    assert [(one.user_id, one.given_by) for one in offices.list_roles("school")] == [(ben, None)]


def test_revoking_is_refused_by_the_interface_and_not_only_by_pages() -> None:
    amina = make_user()
    publish("micro-a", {"outcome": "o.a"})
    do_unit(amina, "a")
    award_id = awards.held_badges(amina)["micro-a"]
    for actor in (amina, make_officer("otto", "registrar", "college"), make_officer("olga", "auditor")):
        with pytest.raises(permissions.NotAllowed):
            awards.reverse_award(award_id, actor_id=actor, reason="Because", now=NOW)
    assert awards.get_award(award_id).reversed_at is None
    awards.reverse_award(award_id, actor_id=make_officer("ruth"), reason="Because", now=NOW)
    assert audit.list_entries(action="award.reversed", issuer_slugs={"school"})


def test_the_command_makes_the_first_registrar() -> None:
    make_user("ruth")
    out = io.StringIO()
    call_command("microcred_roles", "give", "ruth", "school", "registrar", stdout=out)
    call_command("microcred_roles", "list", "school", stdout=out)
    call_command("microcred_roles", "take", "ruth", "school", "registrar", stdout=out)
    call_command("microcred_roles", "list", "school", stdout=out)
    assert out.getvalue().splitlines() == [
        "ruth is now registrar of school.",
        "registrar: ruth",
        "ruth is no longer registrar of school.",
        "Nobody holds a role for school.",
    ]
    for arguments in (
        ("give", "nobody", "school", "registrar"),
        ("list", "nowhere"),
        ("take", "ruth", "school", "auditor"),
    ):
        with pytest.raises(CommandError):
            call_command("microcred_roles", *arguments)
