"""Messages to endpoints, many at once: the lane of :class:`~.models.WebhookMessage` rows.

How answers are read: any 2xx is success, 410 pauses the endpoint until a person has looked, everything else is tried
again with growing waits, because a receiver under repair answers anything. Nothing of an answer is kept but its status:
what a stranger's server says may repeat the message, and with it an address. Answers are read up to 64 KB and within
the guard's time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from microcred_app.compat import platform
from microcred_app.vault import VaultError

from ..delivery.claiming import claim_rows, lease
from ..delivery.errors import DeliveryError
from ..delivery.lane import Done, Job, Recorded, rows_named
from ..delivery.outbound_guard import OutboundGuard
from ..delivery.push import Outcome, outcome_of_error
from ..delivery.recording import end_used_up, give_back, note_lost, record_tries
from ..delivery.retry import parse_retry_after
from .consent import agreeing
from .endpoints import pause_gone, signing_keys
from .messages import waits_for_earlier
from .models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from .signature import signed_headers

__all__ = ["WebhookLane", "message_id"]

MAX_ANSWER = 65_536
_TOO_BUSY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class _Letter:
    """One message as it is sent; *settled* needs no request."""

    url: str
    message_id: str
    body: bytes = field(repr=False)
    keys: tuple[str, ...] = field(default=(), repr=False)
    endpoint_id: UUID | None = None
    settled: Outcome | None = None


class WebhookLane:
    """Sends signed messages. One instance belongs to one worker."""

    name = "webhook"

    def claim(self, now: datetime, limit: int, worker: str, *, avoid: Collection[str]) -> Sequence[Job]:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        shut = rows_named(self.name, avoid)
        paused = WebhookEndpoint.objects.filter(Q(paused_at__isnull=False) | Q(removed_at__isnull=False))
        shut.update(paused.values_list("pk", flat=True))
        token = claim_rows(
            WebhookMessage,
            now=now,
            limit=limit,
            worker=worker,
            wanted=~Q(endpoint_id__in=shut) & ~waits_for_earlier(),
            note_lost=partial(note_lost, WebhookAttempt, now=now, note="the message is sent again."),
        )
        held = WebhookMessage.objects.filter(
            state=WebhookMessage.State.CLAIMED, lease_until=now + lease(), claim_token=token
        )
        return self._read(held.select_related("endpoint").order_by("created_at", "place"), token, now)

    def _read(self, rows: Any, token: str, now: datetime) -> Sequence[Job]:
        found = list(rows)
        emails = _addresses(found)
        return [
            Job(
                row_id=row.pk,
                token=token,
                target=f"{self.name}:{row.endpoint_id}",
                attempts=row.attempts,
                claimed_at=now,
                cargo=_letter(row, emails.get(row.pk, ""), now),
            )
            for row in found
        ]

    def send(self, job: Job, *, now: datetime, guard: OutboundGuard) -> tuple[Outcome, Any]:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`; signs at this moment."""
        letter: _Letter = job.cargo
        if letter.settled is not None:
            return letter.settled, None
        headers = {
            "Content-Type": "application/json",
            "Accept": "*/*",
            "User-Agent": "Microcred-Webhooks",
            **signed_headers(letter.message_id, letter.body, keys=letter.keys, at=now),
        }
        bounded = replace(guard, max_bytes=min(guard.max_bytes, MAX_ANSWER))
        try:
            answer = bounded.request("POST", letter.url, headers=headers, body=letter.body)
        except DeliveryError as error:
            return outcome_of_error(error), None
        return read_answer(answer.status, answer.headers.get("retry-after", ""), now=now), None

    def record(self, done: Sequence[Done], *, worker: str) -> Recorded:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        ended = [_judged(entry) for entry in done]
        with transaction.atomic():
            record_tries(WebhookMessage, WebhookAttempt, ended, worker)
            for entry in ended:
                if entry.outcome.code == "gone" and entry.job.cargo.endpoint_id is not None:
                    pause_gone(entry.job.cargo.endpoint_id, now=entry.finished_at)
        return Recorded(ended)

    def release(self, jobs: Sequence[Job], *, until: datetime) -> None:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        for job in jobs:
            give_back(WebhookMessage, job, until=until)


def message_id(row_id: UUID) -> str:
    """The ``webhook-id`` of a row: the same in every try, so that receivers recognise what they have."""
    return f"msg_{row_id.hex}"


def read_answer(status: int, retry_after: str, *, now: datetime) -> Outcome:
    """What an answer means; pure."""
    if 200 <= status < 300:
        return Outcome("delivered", "accepted", status)
    if status == 410:
        return Outcome("retry", "gone", status)
    wish = parse_retry_after(retry_after, now=now)
    if status == 429:
        return Outcome("retry", "too_busy", status, retry_after=wish)
    if status >= 500:
        return Outcome("retry", "host_problem", status, retry_after=wish if status in _TOO_BUSY else None)
    return Outcome("retry", "refused", status)


def _judged(entry: Done) -> Done:
    """Tries are used up at some point; not by an endpoint that is paused from now on."""
    return entry if entry.outcome.code == "gone" else end_used_up(entry)


def _letter(row: WebhookMessage, email: str, now: datetime) -> _Letter:
    content = row.content
    if email:
        content = {**content, "data": {**content["data"], "learner_email": email}}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    letter = _Letter(row.endpoint.url, message_id(row.pk), body, endpoint_id=row.endpoint_id)
    if row.endpoint.removed_at is not None:
        return replace(letter, settled=Outcome("dead", "endpoint_removed"))
    try:
        return replace(letter, keys=signing_keys(row.endpoint, now=now))
    except VaultError:
        return replace(letter, settled=Outcome("retry", "secret_unreadable"))


def _addresses(rows: Sequence[WebhookMessage]) -> dict[UUID, str]:
    """The e-mail address for each row whose endpoint asks for it and whose learner agrees at this moment."""
    asking = [row for row in rows if row.endpoint.asks_email and row.award_id is not None]
    if not asking:
        return {}
    learner_of = dict(
        WebhookMessage.objects.filter(pk__in=[row.pk for row in asking]).values_list(
            "pk", "award__learner_id"
        )
    )
    agreed = agreeing({row.endpoint_id for row in asking}, set(learner_of.values()))
    return {
        row.pk: platform().learner_email(learner_of[row.pk])
        for row in asking
        if (learner_of[row.pk], row.endpoint_id) in agreed
    }
