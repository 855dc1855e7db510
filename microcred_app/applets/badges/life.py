"""The life of a published badge: in force, deprecated with a sunset, retired, reinstated.

A retired badge is not earned any more; what was issued stays valid and can be shown. Nothing here changes a
version. Dates that lie ahead (a version that takes effect, a sunset) are carried out by
:func:`bring_into_force`, which the worker and a task call; calling it again, late or twice at once leads to the
same state.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.ob3.text import clean_text
from microcred_app.permissions import api as permissions

from ..skills.stamp import touch_definitions
from .errors import BadgeNotFound, LifeRefused
from .models import Badge, BadgeVersion, ScheduledVersion
from .trace import record_about

__all__ = ["bring_into_force", "deprecate_badge", "put_in_force", "reinstate_badge", "retire_badge"]

MAX_NOTICE = 2_000
MAX_AT_ONCE = 500


def put_in_force(badge: Badge, version: BadgeVersion) -> None:
    """Make *version* the one that is awarded. The caller holds the badge's row and touches the stamp."""
    badge.current = version
    badge.save(update_fields=["current"])


def bring_into_force(now: datetime) -> tuple[str, ...]:
    """Do what became due: versions take effect, sunsets retire. The keys of the badges that changed.

    When nothing is due this is two indexed questions, so it may be asked every second.
    """
    due = ScheduledVersion.objects.filter(effective_at__lte=now).order_by("effective_at", "pk")
    changed = [_take_effect(pk, now) for pk in list(due.values_list("pk", flat=True)[:MAX_AT_ONCE])]
    over = Badge.objects.filter(state=Badge.DEPRECATED, sunset_at__lte=now).order_by("sunset_at", "pk")
    changed += [_set_sun(pk, now) for pk in list(over.values_list("pk", flat=True)[:MAX_AT_ONCE])]
    return tuple(dict.fromkeys(key for key in changed if key))


@transaction.atomic
def deprecate_badge(
    key: str,
    *,
    sunset_at: datetime,
    successor: str = "",
    notice: str = "",
    reason: str = "",
    actor_id: int | None,
    now: datetime,
) -> None:
    """Announce the end: earned until *sunset_at*, then retired. Raises :class:`LifeRefused` with what to mend.

    Deprecating again changes date, successor and notice.
    """
    badge = _locked_for(key, actor_id)
    if badge.state == Badge.RETIRED:
        raise LifeRefused(_("The badge “{key}” is retired already.").format(key=key))
    if sunset_at <= now:
        raise LifeRefused(_("The sunset has to lie ahead. Retire the badge to end it now."))
    badge.successor = _successor(badge, successor)
    badge.notice = _notice(notice)
    badge.state, badge.sunset_at = Badge.DEPRECATED, sunset_at
    _store(badge)
    details = {"sunset_at": sunset_at.isoformat(), "successor": successor, "notice": badge.notice}
    record_about(
        "badge.deprecated", badge, actor_id=actor_id, now=now, reason=reason.strip(), details=details
    )


@transaction.atomic
def retire_badge(
    key: str,
    *,
    reason: str,
    successor: str = "",
    notice: str = "",
    actor_id: int | None,
    now: datetime,
) -> None:
    """End it now: nobody earns it any more, what was issued stays valid. Raises :class:`LifeRefused`.

    Successor and notice of an announced end are kept unless new ones are given.
    """
    badge = _locked_for(key, actor_id)
    if badge.state == Badge.RETIRED:
        raise LifeRefused(_("The badge “{key}” is retired already.").format(key=key))
    if not reason.strip():
        raise LifeRefused(_("Give a reason. It is kept in the audit log."))
    badge.successor = _successor(badge, successor) or badge.successor
    badge.notice = _notice(notice) or badge.notice
    _end(badge)
    details = {"successor": successor, "notice": badge.notice}
    record_about("badge.retired", badge, actor_id=actor_id, now=now, reason=reason, details=details)


@transaction.atomic
def reinstate_badge(key: str, *, reason: str, actor_id: int | None, now: datetime) -> None:
    """Take a deprecation or retirement back: the newest version whose date has come is awarded again."""
    badge = _locked_for(key, actor_id)
    if badge.state == Badge.PUBLISHED:
        raise LifeRefused(_("The badge “{key}” is in force.").format(key=key))
    if not reason.strip():
        raise LifeRefused(_("Give a reason. It is kept in the audit log."))
    badge.current = badge.versions.filter(effective_at__lte=now).order_by("-number").first()
    badge.state, badge.sunset_at, badge.successor, badge.notice = Badge.PUBLISHED, None, None, ""
    _store(badge)
    record_about("badge.reinstated", badge, actor_id=actor_id, now=now, reason=reason)


@transaction.atomic
def _take_effect(scheduled_id: int, now: datetime) -> str:
    """The badge's key; empty when another process was first, or when a later version is in force already."""
    waiting = ScheduledVersion.objects.select_for_update().filter(pk=scheduled_id).first()
    if waiting is None:
        return ""
    version = waiting.version
    badge = Badge.objects.select_for_update().get(pk=version.badge_id)
    waiting.delete()
    if badge.state == Badge.RETIRED or (badge.current is not None and badge.current.number > version.number):
        return ""
    put_in_force(badge, version)
    touch_definitions()
    record_about("badge.in_force", badge, actor_id=None, now=now, details={"version": version.number})
    return badge.key


@transaction.atomic
def _set_sun(badge_id: int, now: datetime) -> str:
    badge = Badge.objects.select_for_update().get(pk=badge_id)
    if badge.state != Badge.DEPRECATED or badge.sunset_at is None or badge.sunset_at > now:
        return ""
    details = {"sunset_at": badge.sunset_at.isoformat()}
    _end(badge)
    record_about(
        "badge.retired", badge, actor_id=None, now=now, reason=_("The sunset has come."), details=details
    )
    return badge.key


def _end(badge: Badge) -> None:
    badge.state, badge.sunset_at, badge.current = Badge.RETIRED, None, None
    _store(badge)


def _locked(key: str) -> Badge:
    badge = Badge.objects.select_for_update().filter(key=key).first()
    if badge is None:
        raise BadgeNotFound(_("There is no badge “{key}”.").format(key=key))
    return badge


def _locked_for(key: str, actor_id: int | None) -> Badge:
    """The badge, for somebody who may end it; raises :class:`~microcred_app.permissions.api.NotAllowed`."""
    badge = _locked(key)
    permissions.require(actor_id, permissions.Action.RETIRE_DEFINITIONS, badge.issuer.slug)
    return badge


def _store(badge: Badge) -> None:
    badge.save(update_fields=["state", "sunset_at", "successor", "notice", "current"])
    touch_definitions()


def _successor(badge: Badge, key: str) -> Badge | None:
    """The badge that takes over: known, still earned, and not a successor of this one in a circle."""
    if not key:
        return None
    successor = Badge.objects.filter(key=key).first()
    if successor is None or successor.state == Badge.RETIRED:
        raise LifeRefused(_("“{key}” cannot take over: there is no such badge in force.").format(key=key))
    seen = [badge.key]
    following: Badge | None = successor
    while following is not None:
        if following.key in seen:
            circle = " → ".join([*seen, following.key])
            raise LifeRefused(
                _("These badges would succeed one another in a circle: {circle}.").format(circle=circle)
            )
        seen.append(following.key)
        following = following.successor
    return successor


def _notice(text: str) -> str:
    text = clean_text(text).strip()
    if len(text) > MAX_NOTICE:
        raise LifeRefused(_("Keep the notice below {limit} characters.").format(limit=MAX_NOTICE))
    return text
