"""How figures of reviews are written: spans of time and shares."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def waited(time: timedelta | None) -> str:
    """A span of time in its one fitting unit: minutes below two hours, hours below two days, else days."""
    if time is None:
        return "—"
    minutes = round(time.total_seconds() / 60)
    if minutes < 120:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    days = round(hours / 24)
    return ngettext("{n} day", "{n} days", days).format(n=days)


@register.filter
def share(value: float | None) -> str:
    """A share as whole percent."""
    return "—" if value is None else _("{n} %").format(n=round(value * 100))
