"""What a version says to holders of older ones, as something that is due on a day.

Publishing leaves a marker; whoever carries it out takes the marker in the transaction in which the work begins, so
that it begins once. Only the version in force speaks to holders: what an overtaken one said is dropped, with its trace.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from .data import PublishedBadge
from .models import Badge, BadgeVersion, HolderDuty, ScheduledVersion
from .trace import record_about
from .version_reader import read_versions

__all__ = ["holder_duties_due", "take_holder_duty"]

MAX_AT_ONCE = 100


def holder_duties_due(now: datetime) -> tuple[int, ...]:
    """Markers whose day has come: one indexed question."""
    rows = HolderDuty.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    return tuple(rows.values_list("pk", flat=True)[:MAX_AT_ONCE])


def take_holder_duty(duty_id: int, *, now: datetime) -> PublishedBadge | None:
    """The version whose word to holders is to be carried out now; call it in the transaction in which that begins.

    None when somebody else took it, when its version is not in force yet, or when it is not in force any more.
    """
    with transaction.atomic(savepoint=False):
        duty = HolderDuty.objects.filter(pk=duty_id).values("version_id", "version__badge_id").first()
        if duty is None:
            return None
        badge = Badge.objects.select_for_update().select_related("issuer").get(pk=duty["version__badge_id"])
        if ScheduledVersion.objects.filter(version_id=duty["version_id"]).exists():
            return None
        if not HolderDuty.objects.filter(pk=duty_id).delete()[0]:
            return None
        version = read_versions(BadgeVersion.objects.filter(pk=duty["version_id"]))[0]
        if badge.current_id == version.version_id:
            return version
        record_about(
            "badge.holders_kept",
            badge,
            actor_id=None,
            now=now,
            reason=_("This version is not in force any more; holders of older ones keep what they have."),
            details={"version": version.number, "policy": version.holders_policy},
        )
        return None
