"""A credential that was signed anew goes again to every wallet that was sent the one before.

The row of a credential and a wallet is the same one, started again; its attempts keep the whole history. The order of
one credential's editions is kept: a push that is under way at this moment may carry the old bytes, so its row is taken
from its worker, whose result then counts for nothing, and is due when the worker's lease is over and nothing of it
can arrive any more. A row that waits reads the new bytes when its turn comes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When

from .models import Connection, Delivery
from .signals import deliveries_waiting

__all__ = ["SUSPENDED", "push_again"]

#: The code of a push that ended because its badge is suspended. What reinstates the badge starts it again.
SUSPENDED = "suspended"


@transaction.atomic
def push_again(credential_ids: Collection[str], *, now: datetime) -> int:
    """Start the pushes of these credentials again, in the transaction that signed them anew; how many.

    Wallets that were disconnected keep what they have: nobody may write there any more. What a wallet refused for good
    is left to the operators. A copy that vanished from a wallet twice is not pushed there any more (:mod:`.read_back`).
    """
    ids = [UUID(pk) for pk in credential_ids]
    rows = Delivery.objects.filter(credential_id__in=ids, connection__disconnected_at__isnull=True)
    sent = Q(state__in=[Delivery.State.DELIVERED, Delivery.State.CLAIMED])
    rows = rows.filter(sent | Q(state=Delivery.State.DEAD, last_code=SUSPENDED))
    rows = rows.exclude(state=Delivery.State.DELIVERED, last_code="gone_again")
    found = list(rows.select_for_update().order_by("pk").values_list("pk", "connection_id"))
    if not found:
        return 0
    broken = set(
        Connection.objects.filter(
            pk__in={connection for _pk, connection in found}, broken_at__isnull=False
        ).values_list("pk", flat=True)
    )
    lost = [pk for pk, connection in found if connection in broken]
    pks = [pk for pk, _connection in found]
    Delivery.objects.filter(pk__in=pks).update(
        next_attempt_at=Case(
            When(pk__in=lost, then=Value(None)),
            When(state=Delivery.State.CLAIMED, then=F("lease_until")),
            When(state=Delivery.State.DEAD, next_attempt_at__gt=now, then=F("next_attempt_at")),
            default=Value(now),
            output_field=DateTimeField(null=True),
        ),
        last_code=Case(When(pk__in=lost, then=Value("needs_reconnect")), default=Value("")),
    )
    Delivery.objects.filter(pk__in=pks).update(
        state=Delivery.State.PENDING,
        claim_token="",
        lease_until=None,
        delivered_at=None,
        attempts=0,
        last_detail="",
    )
    transaction.on_commit(partial(deliveries_waiting.send_robust, sender=Delivery, count=len(found)))
    return len(found)
