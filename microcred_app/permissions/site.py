"""What somebody may do for the whole site, by Django's permissions."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from .actions import SiteAction
from .roles import SITE_PERMISSIONS

__all__ = ["may_on_site"]


def may_on_site(user_id: int, action: SiteAction) -> bool:
    """Whether this person may do this; a closed account may do nothing."""
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    return user is not None and bool(user.has_perm(SITE_PERMISSIONS[action]))
