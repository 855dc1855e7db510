"""Staff looking through a learner's eyes: they see, and nothing is written.

The platform gives such a request the learner's account, so that every other question here would be answered for the
learner. Whatever writes asks this first.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from microcred_app.compat import platform

from .errors import Masquerading

__all__ = ["looks_through_other_eyes", "refuse_other_eyes"]


def looks_through_other_eyes() -> bool:
    """Whether the request being served is a staff member looking as a learner."""
    return platform().is_masquerading()


def refuse_other_eyes() -> None:
    """Raise :class:`Masquerading` where somebody looks through another person's eyes."""
    if looks_through_other_eyes():
        raise Masquerading(_("You are viewing as a learner. Nothing is saved while you do."))
