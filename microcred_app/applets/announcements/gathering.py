"""What the ledger has that the platform was not told: looked for by the worker, so that an award costs nothing more.

The ledger itself is the outbox here. A row is written when a worker comes by, for each award since the last round that
has none; awards of an hour before are looked at again, because a transaction commits later than it says. A ledger entry
is immutable, so looking again finds the same, and each is told once (the row's unique key). Awards that were taken back
before anybody heard of them are passed over, and a reversal that was written meanwhile is found by the same look.

Back-fills with days of grace write their rows themselves (:func:`~.outbox.announce_held`): they are to be told later.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef

from ..awards.models import Award, Reversal
from .models import Announcement, AnnouncementMark
from .outbox import announce_awards, announce_revoked

__all__ = ["gather"]

#: Longer than any transaction lasts.
OVERLAP = timedelta(hours=1)
AT_ONCE = 1_000
_BEFORE_EVERYTHING = datetime(2000, 1, 1, tzinfo=UTC)


def gather(now: datetime) -> int:
    """Write the rows that are missing, up to 1,000 at a time; how many awards were found."""
    mark, _made = AnnouncementMark.objects.get_or_create(pk=1, defaults={"upto": _BEFORE_EVERYTHING})
    since = mark.upto - OVERLAP
    told = Announcement.objects.filter(award_id=OuterRef("pk"), revoked=False)
    new = Award.objects.filter(~Exists(told), awarded_at__gte=since, reversal__isnull=True)
    found = list(new.order_by("awarded_at").values_list("pk", "awarded_at")[:AT_ONCE])
    announce_awards([pk for pk, _at in found], now=now)
    heard = Announcement.objects.filter(award_id=OuterRef("award_id"), revoked=True)
    ended = Reversal.objects.filter(~Exists(heard), reversed_at__gte=since)
    announce_revoked(list(ended.values_list("award_id", flat=True)[:AT_ONCE]), now=now)
    # As far as the ledger was seen, never as far as a clock says: one that jumps ahead must not hide what comes next.
    upto = min(found[-1][1], now) if found else mark.upto
    if upto > mark.upto:
        AnnouncementMark.objects.filter(pk=1, upto=mark.upto).update(upto=upto)
    return len(found)
