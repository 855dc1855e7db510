"""Where a list that is paged by moment and id goes on, as the address of a page says it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from microcred_app.applets.keyset import PlaceRefused

__all__ = ["read_place"]


def read_place(request: HttpRequest) -> tuple[str, ...] | None:
    """``?after=<moment>|<id>``, or None at the beginning; raises :class:`PlaceRefused` for anything else."""
    text = request.GET.get("after", "")
    if not text:
        return None
    place = tuple(text.split("|"))
    if len(place) != 2:
        raise PlaceRefused(_("This cursor does not belong to this list. Begin again without one."))
    return place
