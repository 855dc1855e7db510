"""How insights are written: shares, spans of time, and bars that say nothing the table does not."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from microcred_app.applets.insights.api import Count

register = template.Library()

_WORDS: dict[str, Promise] = {
    "started": gettext_lazy("Started"),
    "checked": gettext_lazy("Passed a check"),
    "evidenced": gettext_lazy("Handed in evidence"),
    "earned": gettext_lazy("Hold the badge"),
    "claimed": gettext_lazy("Put it into a wallet"),
    "shared": gettext_lazy("Shared it"),
}
_SENTENCES: dict[str, Promise] = {
    "started": gettext_lazy("Began a unit for it, followed the pathway, or got the badge in another way."),
    "checked": gettext_lazy("Passed at least one check in a unit for it."),
    "evidenced": gettext_lazy("Handed in evidence in a unit for it, whatever was said about it."),
    "earned": gettext_lazy("Hold the badge now."),
    "claimed": gettext_lazy("Sent the badge to a wallet, or fetched it with one."),
    "shared": gettext_lazy("Let whoever has the link see the badge."),
}


@register.filter
def stage_word(stage: str) -> str:
    """What a stage of the way is called."""
    return str(_WORDS[stage])


@register.filter
def stage_sentence(stage: str) -> str:
    """What is counted there."""
    return str(_SENTENCES[stage])


@register.filter
def long_time(minutes: int | None) -> str:
    """Minutes, hours or days as people say them; a dash where they are hidden."""
    if minutes is None:
        return "—"
    if minutes < 120:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    if minutes < 4_320:
        return ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} day", "{n} days", minutes // 1_440).format(n=minutes // 1_440)


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
