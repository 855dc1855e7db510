"""Find the one account of somebody who is named by a person, to give a role to or to act for."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _

from .errors import RoleRefused

__all__ = ["find_account"]


def find_account(text: str) -> int:
    """The one open account with this user name or e-mail address; raises :class:`RoleRefused` with what to do."""
    text = text.replace("\x00", "").strip()[:254]
    if not text:
        raise RoleRefused(_("Write the user name or the e-mail address of the person."))
    rows = get_user_model().objects.filter(is_active=True)
    exact = rows.filter(username=text).values_list("pk", flat=True).first()
    if exact is not None:
        return int(exact)
    found = list(
        rows.filter(Q(username__iexact=text) | Q(email__iexact=text)).values_list("pk", flat=True)[:2]
    )
    if len(found) == 1:
        return int(found[0])
    if found:
        raise RoleRefused(
            _("“{text}” is the address of several accounts. Write the user name.").format(text=text)
        )
    raise RoleRefused(
        _("There is no open account “{text}”. Write a whole user name or e-mail address.").format(text=text)
    )
