"""Template tags of the blocks: ``{% trans %}`` through the block's i18n service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template import Context, Library
from django.utils import formats, timezone

__all__ = ["day_and_time", "register"]

register = Library()


@register.simple_tag(takes_context=True, name="trans")
def translate(context: Context, message: str) -> str:
    """The message in the reader's language. Named like Django's tag so that extraction finds it."""
    service: Any = context["i18n"]
    return str(service.gettext(message))


@register.filter
def day(moment: datetime | None) -> str:
    """The date in the reader's language and time zone."""
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""


@register.filter
def day_and_time(moment: datetime | None) -> str:
    """The date and time in the reader's language, with the name of the time zone that is meant."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} {local.tzname() or ''}".strip()


@register.filter
def iso(moment: datetime | None) -> str:
    """The moment for a ``datetime`` attribute."""
    return moment.isoformat() if moment else ""
