"""Keys of definitions: short, lower case, fit for addresses, and never changed."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

__all__ = ["key_problem"]

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")


def key_problem(key: str) -> str:
    """What is wrong with *key*; empty when nothing is."""
    return "" if _KEY.fullmatch(key) else _("Use 1 to 100 small letters, digits and hyphens.")
