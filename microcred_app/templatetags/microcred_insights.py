"""How insights are written: shares, spans of time, and bars that say nothing the table does not."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcred_app.applets.insights.api import Count

register = template.Library()


@register.filter
def spent(seconds: float | None) -> str:
    """Seconds as people say them; a dash where they are hidden."""
    if seconds is None:
        return "—"
    whole = round(seconds)
    if whole < 60:
        return _("{n} s").format(n=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 10 and rest:
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return _("{n} min").format(n=round(whole / 60))


@register.filter
def bar(count: Count) -> SafeString | str:
    """The share as a bar for whoever sees; the number stands beside it for everybody."""
    if count.share is None:
        return ""
    return format_html(
        '<svg class="mci-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="mci-bar__all" width="100" height="6"/><rect class="mci-bar__part" width="{}" height="6"/></svg>',
        round(count.share * 100),
    )
