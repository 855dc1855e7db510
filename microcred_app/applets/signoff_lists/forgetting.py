"""Lists are not kept for ever: what nobody started goes, what nobody went on with ends, and rows go after that."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from .cancelling import cancel_list
from .errors import ListRefused
from .lists import remove_unstarted
from .models import SignOffEntry, SignOffList

__all__ = ["forget_lists"]

log = logging.getLogger(__name__)

#: What nobody started goes after a day. What began a month ago and is paused ends. Rows of what ended, with the names
#: in them, go after another month.
UNSTARTED = timedelta(days=1)
PAUSED = timedelta(days=30)
ROWS_KEPT = timedelta(days=30)
AT_ONCE = 100


def forget_lists(now: datetime) -> int:
    """Remove, end and empty what its time is over for; how many lists were removed."""
    gone = remove_unstarted(SignOffList.objects.filter(handed_in_at__lt=now - UNSTARTED))
    left = SignOffList.objects.filter(state=SignOffList.State.PAUSED, started_at__lt=now - PAUSED)
    for pk in left.order_by("started_at").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            cancel_list(str(pk), actor_id=None, now=now)
        except ListRefused:
            log.info("The list %s was gone on with at the moment at which it was to be cancelled.", pk)
    kept = SignOffEntry.objects.filter(list_id=OuterRef("pk"))
    old = SignOffList.objects.filter(Exists(kept), finished_at__lt=now - ROWS_KEPT)
    SignOffEntry.objects.filter(list__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
    return gone
