"""What somebody may do for an organisation, by the offices they hold there or by what Django grants for the site.

Rooms above call :func:`require` at the beginning of every function that decides something for an organisation;
pages call the same functions to decide what they show. Nobody is asked twice in two ways.

``user_id=None`` is the operator at the command line, who has the database anyway; everybody else is a person and
is asked for.
"""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from microcred_app.applets.offices.holdings import holds_any, organisations_of

from .actions import Action
from .errors import NotAllowed
from .roles import ACTIONS_OF_ROLE, SITE_WIDE_PERMISSIONS, role_title
from .scope import EVERYWHERE, Scope

__all__ = ["acting_for", "holds_office", "may", "require", "require_somewhere", "scope_of"]


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
    return min(organisations_of(user_id, _roles_with(action)), default="")


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
    return Scope(issuer_slugs=organisations_of(user_id, _roles_with(action)))


def holds_office(user_id: int) -> bool:
    """Whether this person has anything to do on the registrar's pages."""
    if holds_any(user_id):
        return True
    user = get_user_model().objects.filter(pk=user_id).first()
    # Inactive accounts have no permission.
    return user is not None and any(user.has_perm(name) for name in set(SITE_WIDE_PERMISSIONS.values()))


def _roles_with(action: Action) -> list[str]:
    return [role.value for role, actions in ACTIONS_OF_ROLE.items() if action in actions]


def _refusal(action: Action, issuer_slug: str) -> str:
    roles = ", ".join(role_title(role) for role, actions in ACTIONS_OF_ROLE.items() if action in actions)
    if not issuer_slug:
        return _("You may not do this. It takes one of these roles for an organisation: {roles}.").format(
            roles=roles
        )
    return _("You may not do this for {organisation}. It takes one of these roles there: {roles}.").format(
        organisation=issuer_slug, roles=roles
    )
