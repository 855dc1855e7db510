"""Whether the way to the sign-offs is shown."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from microcred_app.permissions import api as permissions

register = template.Library()


@register.simple_tag(takes_context=True)
def may_sign_off(context: dict[str, Any]) -> bool:
    """Whether the visitor holds an office that signs off, anywhere."""
    user = getattr(context.get("request"), "user", AnonymousUser())
    return bool(
        user.is_authenticated and user.pk and permissions.scope_of(user.pk, permissions.Action.SIGN_OFF)
    )
