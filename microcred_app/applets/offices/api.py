"""Give and take roles, and ask who may do what.

Rooms above call :func:`require` at the beginning of every function that decides something for an organisation;
pages call the same functions to decide what they show. Nobody is asked twice in two ways.

``actor_id=None`` is the operator at the command line, who has the database anyway; everybody else is a person and
is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit import api as audit
from .accounts import find_account, people_called
from .actions import ACTIONS_OF_ROLE, SITE_WIDE_PERMISSIONS, Action, Role, role_title
from .errors import NotAllowed, OfficeError, RoleRefused
from .models import OrganisationRole
from .scope import EVERYWHERE, Scope

__all__ = [
    "ACTIONS_OF_ROLE",
    "EVERYWHERE",
    "Action",
    "HeldRole",
    "NotAllowed",
    "OfficeError",
    "Role",
    "RoleRefused",
    "Scope",
    "acting_for",
    "find_account",
    "give_role",
    "holds_office",
    "list_roles",
    "may",
    "people_called",
    "require",
    "require_somewhere",
    "role_title",
    "roles_of",
    "scope_of",
    "take_role",
]

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")


@dataclass(frozen=True)
class HeldRole:
    """Somebody's role for an organisation."""

    user_id: int
    issuer_slug: str
    role: Role
    given_by: int | None
    given_at: datetime


def may(user_id: int, action: Action, issuer_slug: str) -> bool:
    """Whether this person may do this for this organisation."""
    return scope_of(user_id, action).covers(issuer_slug)


def require(user_id: int | None, action: Action, issuer_slug: str) -> None:
    """Raise :class:`NotAllowed` unless this person may do this for this organisation."""
    if user_id is not None and not may(user_id, action, issuer_slug):
        raise NotAllowed(_refusal(action, issuer_slug))


def require_somewhere(user_id: int | None, action: Action) -> Scope:
    """The organisations for which this person may do this; raises :class:`NotAllowed` when there is none."""
    if user_id is None:
        return EVERYWHERE
    scope = scope_of(user_id, action)
    if not scope:
        raise NotAllowed(_refusal(action, ""))
    return scope


def acting_for(user_id: int | None, action: Action) -> str:
    """The organisation in whose name this person does what belongs to the whole site, for its trace.

    The first by its key when there are several; empty for the operator, and for whoever holds no such office.
    """
    if user_id is None:
        return ""
    roles = [role.value for role, actions in ACTIONS_OF_ROLE.items() if action in actions]
    rows = OrganisationRole.objects.filter(user_id=user_id, role__in=roles).order_by("issuer_slug")
    return rows.values_list("issuer_slug", flat=True).first() or ""


def scope_of(user_id: int, action: Action) -> Scope:
    """The organisations for which this person may do this; nobody whose account is closed may do anything."""
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return Scope()
    # A superuser has every permission, those that no model knows included.
    if user.is_superuser or (
        action in SITE_WIDE_PERMISSIONS and user.has_perm(SITE_WIDE_PERMISSIONS[action])
    ):
        return EVERYWHERE
    roles = [role.value for role, actions in ACTIONS_OF_ROLE.items() if action in actions]
    rows = OrganisationRole.objects.filter(user_id=user_id, role__in=roles)
    return Scope(issuer_slugs=frozenset(rows.values_list("issuer_slug", flat=True)))


def holds_office(user_id: int) -> bool:
    """Whether this person has anything to do on the registrar's pages."""
    if OrganisationRole.objects.filter(user_id=user_id, user__is_active=True).exists():
        return True
    user = get_user_model().objects.filter(pk=user_id).first()
    # Inactive accounts have no permission.
    return user is not None and any(user.has_perm(name) for name in set(SITE_WIDE_PERMISSIONS.values()))


def roles_of(user_id: int) -> tuple[HeldRole, ...]:
    """The roles this person holds, by organisation."""
    rows = OrganisationRole.objects.filter(user_id=user_id)
    return tuple(map(_held, rows.order_by("issuer_slug", "role")))


def list_roles(issuer_slug: str) -> tuple[HeldRole, ...]:
    """Everybody who holds a role for this organisation."""
    rows = OrganisationRole.objects.filter(issuer_slug=issuer_slug)
    return tuple(map(_held, rows.order_by("role", "given_at", "pk")))


@transaction.atomic
def give_role(user_id: int, issuer_slug: str, role: str, *, actor_id: int | None, now: datetime) -> HeldRole:
    """Give a role, with its trace in the audit log. Giving what somebody holds already changes nothing.

    Raises :class:`NotAllowed` when the actor may not manage this organisation's roles, and :class:`RoleRefused`
    for an unknown role, a closed account, or something that is no organisation's key.
    """
    wanted = _role(role)
    require(actor_id, Action.MANAGE_ROLES, issuer_slug)
    if not _SLUG.fullmatch(issuer_slug):
        raise RoleRefused(_("“{slug}” is no organisation’s key.").format(slug=issuer_slug[:80]))
    if not get_user_model().objects.filter(pk=user_id, is_active=True).exists():
        raise RoleRefused(
            _("There is no open account {user}. Choose somebody who can sign in.").format(user=user_id)
        )
    row, created = OrganisationRole.objects.get_or_create(
        user_id=user_id,
        issuer_slug=issuer_slug,
        role=wanted.value,
        defaults={"given_by_id": actor_id, "given_at": now},
    )
    if created:
        _trace("role.given", row, actor_id, now)
    return _held(row)


@transaction.atomic
def take_role(user_id: int, issuer_slug: str, role: str, *, actor_id: int | None, now: datetime) -> None:
    """Take a role away, with its trace; raises :class:`RoleRefused` when it is not held."""
    wanted = _role(role)
    require(actor_id, Action.MANAGE_ROLES, issuer_slug)
    row = (
        OrganisationRole.objects.select_for_update()
        .filter(user_id=user_id, issuer_slug=issuer_slug, role=wanted.value)
        .first()
    )
    if row is None:
        raise RoleRefused(
            _("This person is not {role} of {organisation}.").format(
                role=role_title(wanted), organisation=issuer_slug
            )
        )
    _trace("role.taken", row, actor_id, now)
    row.delete()


def _trace(action: str, row: OrganisationRole, actor_id: int | None, now: datetime) -> None:
    audit.record(
        action,
        object_type="role",
        object_id=f"{row.issuer_slug}/{row.role}",
        actor_id=actor_id,
        now=now,
        details={"user": row.user_id},
        issuer_slug=row.issuer_slug,
    )


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        known = ", ".join(Role)
        raise RoleRefused(
            _("“{name}” is no role. Choose one of: {known}.").format(name=str(name)[:40], known=known)
        ) from None


def _refusal(action: Action, issuer_slug: str) -> str:
    roles = ", ".join(role_title(role) for role, actions in ACTIONS_OF_ROLE.items() if action in actions)
    if not issuer_slug:
        return _("You may not do this. It takes one of these roles for an organisation: {roles}.").format(
            roles=roles
        )
    return _("You may not do this for {organisation}. It takes one of these roles there: {roles}.").format(
        organisation=issuer_slug, roles=roles
    )


def _held(row: OrganisationRole) -> HeldRole:
    return HeldRole(row.user_id, row.issuer_slug, Role(row.role), row.given_by_id, row.given_at)
