"""What a version says to holders of older ones, carried out as a job like any back-fill.

*upgrade* and *replace* give holders the new version; *replace* then revokes the old credentials, once the grace period
is over in which the job can be undone. *redemonstrate* takes the old version back, after its date, from whoever does
not hold the new one by then. Each begins by itself, once (``once_key``), when its day has come; a worker that is
killed or works twice changes nothing, because each piece asks the ledger who still holds what.

A revocation cannot be taken back, so a job that revokes cannot be undone. It can be paused and cancelled while it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcred_app.conf import settings

from ..audit import api as audit
from ..awards import api as awards
from ..badges import api as badges
from ..delivery import api as delivery
from ..issuance import api as issuance
from .batches import spans_of
from .models import Batch, BatchSpan
from .signals import batch_waiting

__all__ = ["begin_successions", "holders_affected", "say_holders", "withdraw"]


def begin_successions(now: datetime) -> tuple[str, ...]:
    """Start every job whose day has come; their ids. Two small questions when nothing is due."""
    begun = [_begin(duty, now) for duty in badges.holder_duties_due(now)]
    ended = Batch.objects.filter(sequel_at__lte=now, state=Batch.State.DONE).order_by("sequel_at")
    begun += [_begin_sequel(batch, now) for batch in ended.select_related("version__badge")[:100]]
    return tuple(batch_id for batch_id in begun if batch_id)


def holders_affected(badge_key: str, *, now: datetime) -> tuple[int, ...]:
    """Learners to whom the next version of the badge would speak: all who hold it now."""
    return tuple(awards.holders_of_older(badge_key, before=None, now=now))


def say_holders(terms: badges.Terms, count: int) -> str:
    """What would happen to *count* holders of earlier versions, in a sentence; nothing when there are none."""
    if not count:
        return ""
    if terms.holders_policy == "redemonstrate" and terms.holders_deadline is not None:
        return ngettext(
            "{count} person holds an earlier version and has to show it again until {date}; "
            "otherwise it is revoked after that day.",
            "{count} people hold an earlier version and have to show it again until {date}; "
            "otherwise it is revoked after that day.",
            count,
        ).format(count=count, date=date_format(terms.holders_deadline))
    if terms.holders_policy == "upgrade":
        return ngettext(
            "{count} person holds an earlier version and receives the new one; the old one stays valid.",
            "{count} people hold an earlier version and receive the new one; the old ones stay valid.",
            count,
        ).format(count=count)
    if terms.holders_policy == "replace":
        return ngettext(
            "{count} person holds an earlier version and receives the new one; the old one is revoked.",
            "{count} people hold an earlier version and receive the new one; the old ones are revoked.",
            count,
        ).format(count=count)
    return ngettext(
        "{count} person holds an earlier version and keeps it as it is.",
        "{count} people hold an earlier version and keep it as it is.",
        count,
    ).format(count=count)


def withdraw(
    span: BatchSpan, badge: badges.PublishedBadge, learner_ids: Sequence[int], now: datetime
) -> None:
    """Take older versions back from those of these learners whom the version concerns, all of them or none."""
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=span.batch_id)  # one worker at a time
        if badge.holders_policy == "redemonstrate":
            cause, reason = "lapsed", _lapsed(badge)
            award_ids = awards.lapsed_awards(learner_ids, badge, now=now)
        else:
            cause, reason = "replaced", _("Replaced by version {number}.").format(number=badge.number)
            award_ids = awards.replaced_awards(learner_ids, badge, now=now)
        awards.reverse_many(award_ids, actor_id=None, reason=reason, now=now, cause=cause)
        delivery.call_off(issuance.revoke_many(award_ids, now=now), now=now)
        BatchSpan.objects.filter(pk=span.pk).update(taken=F("taken") + len(award_ids))


def _lapsed(badge: badges.PublishedBadge) -> str:
    day = badge.terms.holders_deadline
    return _("Not shown again until {date}, as version {number} asks.").format(
        date=day.isoformat() if day else "", number=badge.number
    )


def _begin(duty_id: int, now: datetime) -> str:
    with transaction.atomic():
        badge = badges.take_holder_duty(duty_id, now=now)
        if badge is None:
            return ""
        kind = Batch.Kind.WITHDRAW if badge.holders_policy == "redemonstrate" else Batch.Kind.UPGRADE
        people = awards.holders_of_older(badge.key, before=badge.number, now=now)
        return _start(badge, kind, people, now)


def _begin_sequel(ended: Batch, now: datetime) -> str:
    with transaction.atomic():
        taken = Batch.objects.filter(pk=ended.pk, state=Batch.State.DONE, sequel_at__lte=now)
        if not taken.update(sequel_at=None):
            return ""  # another worker was first, or the upgrade was undone
        badge = badges.get_version(ended.version.badge.key, ended.version.number)
        people = awards.holders_between(
            badge.key, before=badge.number, lower=-1, upper=2**62, limit=2**31, now=now
        )
        return _start(badge, Batch.Kind.WITHDRAW, people, now)


def _start(badge: badges.PublishedBadge, kind: Batch.Kind, people: list[int], now: datetime) -> str:
    """The job, with its trace; none when there is nobody."""
    if not people:
        return ""
    grace = timedelta(hours=settings().backfill_grace_hours)
    row = Batch.objects.create(
        kind=kind,
        once_key=f"{badge.version_id}:{kind}",
        version_id=badge.version_id,
        started_at=now,
        hold_until=now + (grace if kind == Batch.Kind.UPGRADE else timedelta()),
        total=len(people),
    )
    BatchSpan.objects.bulk_create(spans_of(row, people), batch_size=500)
    audit.record(
        f"holders.{kind}",
        object_type="batch",
        object_id=str(row.pk),
        actor_id=None,
        now=now,
        details={
            "badge": badge.key,
            "version": badge.number,
            "policy": badge.holders_policy,
            "learners": len(people),
        },
        issuer_slug=badge.issuer.slug,
    )
    transaction.on_commit(partial(batch_waiting.send_robust, sender=Batch, batch_id=str(row.pk)))
    return str(row.pk)
