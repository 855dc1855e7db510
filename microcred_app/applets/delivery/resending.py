"""Deliveries that were given up are started again, one or thousands, by somebody who answers for the badges.

What is not sent again, whoever asks: a revoked badge, and anything for a wallet that its owner disconnected, because
that took the permission back. The learner's own permission is what a delivery rests on; starting it again changes
nothing about it. A wallet that asks its owner to connect again gets the badge as soon as they have.

What happened before stays in the history of each delivery; the count of tries begins anew.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, DateTimeField, QuerySet, Value, When
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .errors import ResendRefused
from .models import Delivery
from .signals import deliveries_waiting
from .troubles import TroubleFilter, trouble_rows

__all__ = ["Resent", "count_resendable", "resend", "resend_all"]

MAX_REASON = 2_000
MAX_CHOSEN = 1_000
CHUNK = 500


@dataclass(frozen=True)
class Resent:
    """What a resend came to: started again, and left alone because nothing of it can or need be sent."""

    sent: int
    left: int


def count_resendable(wanted: TroubleFilter) -> int:
    """How many :func:`resend_all` would start again."""
    return _resendable(wanted).count()


def resend(
    delivery_ids: Collection[str],
    *,
    issuer_slugs: Collection[str] | None,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> Resent:
    """Start these again; one that is under way, done, revoked, disconnected or not theirs is left alone."""
    if not delivery_ids:
        raise ResendRefused(_("Choose at least one delivery."))
    if len(delivery_ids) > MAX_CHOSEN:
        raise ResendRefused(
            _("Choose up to {limit} at once, or resend all that match.").format(limit=MAX_CHOSEN)
        )
    chosen = {pk for pk in map(_read_id, delivery_ids) if pk is not None}
    rows = _resendable(TroubleFilter(issuer_slugs)).filter(pk__in=chosen)
    sent = _start_again(rows, {"chosen": len(delivery_ids)}, actor_id, now, reason)
    return Resent(sent, len(delivery_ids) - sent)


def resend_all(
    wanted: TroubleFilter, *, actor_id: int | None, now: datetime, reason: str = "", seen: int | None = None
) -> Resent:
    """Start everything again that *wanted* finds. With *seen*, the number that was confirmed, refuse another one."""
    rows = _resendable(wanted)
    count = rows.count()
    if not count:
        raise ResendRefused(_("Nothing that matches can be sent again."))
    if seen is not None and seen != count:
        raise ResendRefused(
            _("Meanwhile the number changed: {count} would be sent again now. Look again.").format(
                count=count
            )
        )
    narrowed = {
        name: value
        for name, value in (
            ("host", wanted.host_url),
            ("code", wanted.code),
            ("badge", wanted.badge_key),
            ("learners", len(wanted.learner_ids) if wanted.learner_ids is not None else 0),
        )
        if value
    }
    return Resent(_start_again(rows, narrowed, actor_id, now, reason), 0)


def _resendable(wanted: TroubleFilter) -> QuerySet[Delivery]:
    rows = trouble_rows(wanted)
    return rows.filter(state=Delivery.State.DEAD, connection__disconnected_at__isnull=True)


@transaction.atomic
def _start_again(
    rows: QuerySet[Delivery],
    narrowed: dict[str, str | int],
    actor_id: int | None,
    now: datetime,
    reason: str,
) -> int:
    """Conditional updates: of two people who press at once, one starts each row. One entry for each organisation."""
    reason = reason.replace("\x00", "").strip()
    if len(reason) > MAX_REASON:
        raise ResendRefused(_("Keep the reason below {limit} characters.").format(limit=MAX_REASON))
    slug = "credential__award__version__badge__issuer__slug"
    organisations = list(rows.order_by().values_list(slug).annotate(n=Count("pk")))
    total = 0
    for issuer_slug, _number in sorted(organisations):
        permissions.require(actor_id, permissions.Action.RUN_JOBS, issuer_slug)
        ids = list(rows.filter(**{slug: issuer_slug}).order_by("pk").values_list("pk", flat=True))
        sent = sum(_restart(ids[begin : begin + CHUNK], now) for begin in range(0, len(ids), CHUNK))
        if not sent:
            continue
        audit.record(
            "deliveries.resent",
            object_type="delivery",
            object_id=str(ids[0]) if len(ids) == 1 else "",
            actor_id=actor_id,
            now=now,
            reason=reason,
            details={"deliveries": sent, **narrowed},
            issuer_slug=issuer_slug,
        )
        total += sent
    if total:
        transaction.on_commit(partial(deliveries_waiting.send_robust, sender=Delivery, count=total))
    return total


def _restart(ids: Collection[UUID], now: datetime) -> int:
    broken = Delivery.objects.filter(pk__in=ids, connection__broken_at__isnull=False)
    waits = list(broken.values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=ids, state=Delivery.State.DEAD).update(
        state=Delivery.State.PENDING,
        next_attempt_at=Case(
            When(pk__in=waits, then=Value(None)), default=Value(now), output_field=DateTimeField(null=True)
        ),
        attempts=0,
        last_code=Case(When(pk__in=waits, then=Value("needs_reconnect")), default=Value("")),
        last_detail="",
    )


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
