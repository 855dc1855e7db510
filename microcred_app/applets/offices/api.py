"""Give and take roles, and say who holds which. What a role may do is decided in :mod:`microcred_app.permissions`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.permissions.api import Action, Role, require, role_title

from ..audit import api as audit
from .account_search import MOST_FOUND, NEWEST, PeopleFound, look_for_people, people_called
from .accounts import find_account
from .errors import OfficeError, RoleRefused
from .models import OrganisationRole

__all__ = [
    "MOST_FOUND",
    "NEWEST",
    "HeldRole",
    "OfficeError",
    "PeopleFound",
    "RoleRefused",
    "find_account",
    "give_role",
    "list_roles",
    "look_for_people",
    "people_called",
    "roles_of",
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


def _held(row: OrganisationRole) -> HeldRole:
    return HeldRole(row.user_id, row.issuer_slug, Role(row.role), row.given_by_id, row.given_at)
