"""Who answers for a badge can change without a new version: what is earned stays the same."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.ob3.text import clean_line, clean_text
from microcred_app.permissions import api as permissions

from ..skills.stamp import touch_definitions
from .current import current_definitions
from .data import PublishedBadge
from .errors import BadgeNotFound, DefinitionRefused
from .models import Badge
from .terms import Governance, governance_problems
from .trace import record_about

__all__ = ["govern_badge", "overdue_badges"]


@transaction.atomic
def govern_badge(key: str, governance: Governance, *, actor_id: int | None, now: datetime) -> None:
    """Set owner, steward, purpose and the date of the next review; what stood there before is in the audit log."""
    badge = Badge.objects.select_for_update().filter(key=key).first()
    if badge is None:
        raise BadgeNotFound(_("There is no badge “{key}”.").format(key=key))
    permissions.require(actor_id, permissions.Action.PUBLISH, badge.issuer.slug)
    problems = governance_problems(governance)
    if problems:
        raise DefinitionRefused(problems)
    before = Governance(badge.owner, badge.steward, badge.purpose, badge.review_due)
    badge.owner, badge.steward = clean_line(governance.owner), clean_line(governance.steward)
    badge.purpose, badge.review_due = clean_text(governance.purpose), governance.review_due
    badge.save(update_fields=["owner", "steward", "purpose", "review_due"])
    touch_definitions()
    record_about(
        "badge.governed",
        badge,
        actor_id=actor_id,
        now=now,
        details={
            "before": {name: str(value or "") for name, value in asdict(before).items()},
            "after": {name: str(value or "") for name, value in asdict(governance).items()},
        },
    )


def overdue_badges(today: date) -> tuple[PublishedBadge, ...]:
    """Badges in force whose review was due by *today*, or that nobody gave a date; longest waiting first."""
    found = [
        badge
        for badge in current_definitions().by_key.values()
        if badge.governance.review_due is None or badge.governance.review_due <= today
    ]
    return tuple(sorted(found, key=lambda badge: (badge.governance.review_due or date.min, badge.key)))
