"""What endpoints were told: the log of messages with their tries, and sending them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ..audit import api as audit
from ..delivery.backlog import Backlog, Tries, measure_backlog, measure_overdue, measure_tries, places_away
from ..delivery.troubles import Try
from .endpoints import announce, find_endpoint
from .errors import MessageRefused
from .messages import waits_for_earlier
from .models import WebhookAttempt, WebhookMessage

__all__ = [
    "MessageInfo",
    "count_messages",
    "list_messages",
    "replay_message",
    "resend_given_up",
    "webhook_backlog",
    "webhook_overdue",
    "webhook_tries",
]

MAX_TRIES_SHOWN = 20
CHUNK = 500


@dataclass(frozen=True)
class MessageInfo:
    """One message with its newest tries. ``state`` is waiting, sent or failed."""

    id: str
    event: str
    state: str
    code: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    award_id: str
    badge_name: str
    tries: tuple[Try, ...]

    @property
    def can_be_replayed(self) -> bool:
        """Whether sending it once more is possible now."""
        return self.state != "waiting" and self.code != "called_off"


def list_messages(
    endpoint_id: str, *, actor_id: int | None, state: str = "", limit: int = 50, offset: int = 0
) -> tuple[MessageInfo, ...]:
    """Messages of an endpoint, newest first; *state* narrows them."""
    rows = _rows(endpoint_id, actor_id, state).select_related("award__version")
    found = list(rows.order_by("-created_at", "-place", "pk")[offset : offset + limit])
    tries = _tries_of(row.pk for row in found)
    return tuple(_describe(row, tries.get(row.pk, ())) for row in found)


def count_messages(endpoint_id: str, *, actor_id: int | None, state: str = "") -> int:
    """How many there are."""
    return _rows(endpoint_id, actor_id, state).count()


@transaction.atomic
def replay_message(endpoint_id: str, message_id: str, *, actor_id: int | None, now: datetime) -> None:
    """Send a message once more under the same id, whatever came of it before; a receiver that has it can tell."""
    endpoint = find_endpoint(endpoint_id, actor_id)
    try:
        pk = UUID(message_id)
    except ValueError:
        pk = UUID(int=0)
    started = _finished(WebhookMessage.objects.filter(endpoint=endpoint, pk=pk)).update(**_anew(now))
    if not started:
        raise MessageRefused(_("This message is on its way already, or there is none like it."))
    _trace(endpoint.issuer.slug, str(endpoint.pk), actor_id, now, 1)
    announce()


@transaction.atomic
def resend_given_up(endpoint_id: str, *, actor_id: int | None, now: datetime, seen: int | None = None) -> int:
    """Send everything again that was given up; with *seen*, the number that was confirmed, refuse another one."""
    endpoint = find_endpoint(endpoint_id, actor_id)
    rows = _finished(WebhookMessage.objects.filter(endpoint=endpoint, state=WebhookMessage.State.DEAD))
    ids = list(rows.order_by("created_at", "place").values_list("pk", flat=True))
    if not ids:
        raise MessageRefused(_("Nothing was given up."))
    if seen is not None and seen != len(ids):
        raise MessageRefused(
            _("Meanwhile the number changed: {count} would be sent again now. Look again.").format(
                count=len(ids)
            )
        )
    started = 0
    for begin in range(0, len(ids), CHUNK):
        started += _finished(WebhookMessage.objects.filter(pk__in=ids[begin : begin + CHUNK])).update(
            **_anew(now)
        )
    _trace(endpoint.issuer.slug, str(endpoint.pk), actor_id, now, started)
    announce()
    return started


def webhook_backlog(*, now: datetime) -> Backlog:
    """How messages stand. What waits for a paused endpoint or for an earlier message is not overdue."""
    return measure_backlog(WebhookMessage, "webhook", now=now, away=_away(now), held=_held())


def webhook_overdue(*, now: datetime) -> float:
    """For how long nobody took a message that is due."""
    return measure_overdue(WebhookMessage, now=now, away=_away(now), held=_held())


def _away(now: datetime) -> Q:
    return Q(endpoint_id__in=[UUID(place) for place in places_away("webhook", now=now)])


def _held() -> Q:
    return Q(endpoint__paused_at__isnull=False) | waits_for_earlier()


def webhook_tries() -> Tries:
    """The newest tries."""
    return measure_tries(WebhookAttempt, "webhook")


def _rows(endpoint_id: str, actor_id: int | None, state: str) -> QuerySet[WebhookMessage]:
    rows = WebhookMessage.objects.filter(endpoint=find_endpoint(endpoint_id, actor_id))
    states = {
        "waiting": (WebhookMessage.State.PENDING, WebhookMessage.State.CLAIMED),
        "sent": (WebhookMessage.State.DELIVERED,),
        "failed": (WebhookMessage.State.DEAD,),
    }
    return rows.filter(state__in=states[state]) if state in states else rows


def _finished(rows: QuerySet[WebhookMessage]) -> QuerySet[WebhookMessage]:
    """Those that can be sent again: an award that was never told of stays untold."""
    done = rows.filter(state__in=(WebhookMessage.State.DELIVERED, WebhookMessage.State.DEAD))
    return done.exclude(last_code="called_off")


def _anew(now: datetime) -> dict[str, object]:
    return {
        "state": WebhookMessage.State.PENDING,
        "next_attempt_at": now,
        "attempts": 0,
        "delivered_at": None,
        "last_code": "",
        "last_detail": "",
    }


def _tries_of(ids: Iterable[UUID]) -> dict[UUID, tuple[Try, ...]]:
    found: dict[UUID, list[Try]] = {}
    for row in WebhookAttempt.objects.filter(delivery_id__in=list(ids)).order_by("-started_at", "-pk"):
        tries = found.setdefault(row.delivery_id, [])
        if len(tries) < MAX_TRIES_SHOWN:
            tries.append(Try(row.started_at, row.outcome, row.code, row.http_status, row.note))
    return {pk: tuple(tries) for pk, tries in found.items()}


def _describe(row: WebhookMessage, tries: tuple[Try, ...]) -> MessageInfo:
    state = {WebhookMessage.State.DELIVERED: "sent", WebhookMessage.State.DEAD: "failed"}
    return MessageInfo(
        id=str(row.pk),
        event=row.event,
        state=state.get(WebhookMessage.State(row.state), "waiting"),
        code=row.last_code,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        delivered_at=row.delivered_at,
        award_id=str(row.award_id or ""),
        badge_name=row.award.version.name if row.award is not None else "",
        tries=tries,
    )


def _trace(issuer_slug: str, endpoint_id: str, actor_id: int | None, now: datetime, number: int) -> None:
    audit.record(
        "webhook.resent",
        object_type="webhook",
        object_id=endpoint_id,
        actor_id=actor_id,
        now=now,
        details={"messages": number},
        issuer_slug=issuer_slug,
    )
