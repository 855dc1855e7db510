"""The outbox of webhooks: what endpoints are told, written in the transaction that makes it true.

One row for each endpoint, award and kind of event, however often it is reported. Rows of one award go out in the order
of :data:`~.events.PLACES`: the second is not claimed before the first arrived or was given up. An award that is taken
back before its first message went out is not mentioned at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from microcred_app.vault import decrypt

from ..accounts.api import of_retired_accounts
from ..awards.models import Award, Suspension
from ..issuance.models import Credential
from .endpoints import announce
from .events import PLACES, AwardFacts, Event, award_content
from .models import WebhookEndpoint, WebhookMessage
from .signature import pseudonym

__all__ = [
    "note_awarded",
    "note_expired",
    "note_reinstated",
    "note_renewed",
    "note_revoked",
    "note_suspended",
    "waits_for_earlier",
]

#: Awards that are read and written at once.
CHUNK = 500


def note_awarded(
    credential_ids: Iterable[str], *, now: datetime, stamp: str, hold_until: datetime | None = None
) -> int:
    """Tell of new awards, given by their credentials; none goes out before *hold_until*. Says how many rows it wrote.

    A second credential of the same award is no news. *stamp* is that of the definitions the awards were found by:
    whether anybody listens changes with it, so that most awards ask nothing.
    """
    if not _somebody_listens(stamp):
        return 0
    endpoints = _listening(Event.AWARDED, Event.RENEWED)
    if not endpoints:
        return 0
    ids = [UUID(str(pk)) for pk in credential_ids]
    written = 0
    for begin in range(0, len(ids), CHUNK):
        of_credentials = Credential.objects.filter(pk__in=ids[begin : begin + CHUNK])
        awards = _facts(Q(pk__in=of_credentials.values("award_id")), endpoints)
        renewed = _renewals(awards)
        told = [
            (Event.RENEWED if facts.award_id in renewed else Event.AWARDED, facts, issuer_id)
            for issuer_id, facts in awards
        ]
        written += _write(told, endpoints, now=now, due=hold_until or now)
    return written


def note_renewed(credential_ids: Iterable[str], *, now: datetime, stamp: str) -> int:
    """Tell of credentials that go on with a later award; how many rows it wrote.

    What was only signed anew, with another key, is no news: its award is the one that was told.
    """
    endpoints = _listening(Event.RENEWED) if _somebody_listens(stamp) else []
    ids = [UUID(str(pk)) for pk in credential_ids] if endpoints else []
    written = 0
    for begin in range(0, len(ids), CHUNK):
        of_credentials = Credential.objects.filter(pk__in=ids[begin : begin + CHUNK])
        awards = _facts(Q(pk__in=of_credentials.values("award_id")), endpoints)
        renewed = _renewals(awards)
        told = [(Event.RENEWED, facts, issuer_id) for issuer_id, facts in awards if facts.award_id in renewed]
        written += _write(told, endpoints, now=now, due=now)
    return written


def note_revoked(award_ids: Collection[str], *, now: datetime) -> int:
    """Tell that awards were taken back, except where the award itself was never told; how many rows it wrote."""
    endpoints = _listening(Event.AWARDED, Event.RENEWED, Event.EXPIRED, Event.REVOKED)
    if not endpoints or not award_ids:
        return 0
    ids = [UUID(str(pk)) for pk in award_ids]
    written = 0
    for begin in range(0, len(ids), CHUNK):
        chunk = ids[begin : begin + CHUNK]
        silent = _call_off(chunk, now)
        told = [(Event.REVOKED, facts, issuer_id) for issuer_id, facts in _facts(Q(pk__in=chunk), endpoints)]
        written += _write(told, endpoints, now=now, due=now, silent=silent)
    return written


def note_suspended(award_ids: Collection[str], *, now: datetime) -> int:
    """Tell that awards count for nothing for a while; how many rows it wrote. Neither the reason nor who decided."""
    return _note_turn(Event.SUSPENDED, award_ids, now)


def note_reinstated(award_ids: Collection[str], *, now: datetime) -> int:
    """Tell that they count again; how many rows it wrote."""
    return _note_turn(Event.REINSTATED, award_ids, now)


def note_expired(now: datetime, *, limit: int = 2_000) -> int:
    """Tell of awards whose time is over, about *limit* of them for each endpoint; how many rows it wrote.

    Nothing is told of an award that was taken back, or whose badge the learner holds by a later award: for whoever
    listens the badge did not end. Nor is anything told of who was forgotten.
    """
    written = 0
    for endpoint_id in [row.pk for row in _listening(Event.EXPIRED)]:
        with transaction.atomic():
            endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
            ended = Award.objects.filter(
                version__badge__issuer_id=endpoint.issuer_id,
                expires_at__gt=endpoint.expiry_seen_until,
                expires_at__lte=now,
            )
            # All that end at one moment are told together: the moment is what is remembered.
            moments = ended.order_by("expires_at").values_list("expires_at", flat=True)
            last = moments[limit : limit + 1]
            until = min(next(iter(last), now), now)
            standing = Q(
                version__badge__issuer_id=endpoint.issuer_id,
                expires_at__gt=endpoint.expiry_seen_until,
                expires_at__lte=until,
                reversal__isnull=True,
            )
            found = _facts(standing & ~_held_later(now) & ~of_retired_accounts(), [endpoint])
            told = [(Event.EXPIRED, facts, issuer_id) for issuer_id, facts in found]
            for begin in range(0, len(told), CHUNK):
                written += _write(told[begin : begin + CHUNK], [endpoint], now=now, due=now)
            WebhookEndpoint.objects.filter(pk=endpoint_id).update(expiry_seen_until=until)
    return written


def waits_for_earlier() -> Q:
    """Rows that an earlier message about the same award, to the same endpoint, is still on its way before."""
    earlier = WebhookMessage.objects.filter(
        award_id=OuterRef("award_id"),
        endpoint_id=OuterRef("endpoint_id"),
        place__lt=OuterRef("place"),
        state__in=(WebhookMessage.State.PENDING, WebhookMessage.State.CLAIMED),
    )
    return Q(place__gt=0) & Q(Exists(earlier))


def _note_turn(event: Event, award_ids: Collection[str], now: datetime) -> int:
    endpoints = _listening(event) if award_ids else []
    ids = [UUID(str(pk)) for pk in award_ids] if endpoints else []
    written = 0
    for begin in range(0, len(ids), CHUNK):
        chunk = ids[begin : begin + CHUNK]
        found = Suspension.objects.filter(award_id__in=chunk).order_by().values_list("award_id")
        turns = {str(pk): number for pk, number in found.annotate(Max("number"))}
        told = [(event, facts, issuer_id) for issuer_id, facts in _facts(Q(pk__in=chunk), endpoints)]
        written += _write(told, endpoints, now=now, due=now, turns=turns)
    return written


def _somebody_listens(stamp: str) -> bool:
    return _known_to_listen(stamp) if stamp else _ask_who_listens()


@lru_cache(maxsize=16)
def _known_to_listen(stamp: str) -> bool:
    return _ask_who_listens()


def _ask_who_listens() -> bool:
    return WebhookEndpoint.objects.filter(removed_at__isnull=True).exists()


def _listening(*events: Event) -> list[WebhookEndpoint]:
    wanted = {event.value for event in events}
    rows = WebhookEndpoint.objects.filter(removed_at__isnull=True)
    return [row for row in rows if wanted & set(row.events)]


def _facts(which: Q, endpoints: Sequence[WebhookEndpoint]) -> list[tuple[int, AwardFacts]]:
    """The awards of organisations that somebody listens for, with the organisation's number."""
    rows = (
        Award.objects.filter(which, version__badge__issuer_id__in={row.issuer_id for row in endpoints})
        .order_by("awarded_at", "pk")
        .values_list(
            "version__badge__issuer_id", "pk", "learner_id", "version__badge__key", "version__name",
            "version__badge__kind", "version__number", "version__badge__issuer__slug", "awarded_at", "expires_at",
        )
    )  # fmt: skip
    return [(issuer_id, AwardFacts(str(pk), learner_id, *rest)) for issuer_id, pk, learner_id, *rest in rows]


def _renewals(awards: Sequence[tuple[int, AwardFacts]]) -> frozenset[str]:
    """Those of these whose learner held the same badge before."""
    before = Award.objects.filter(
        learner_id__in={facts.learner_id for _issuer, facts in awards},
        version__badge__key__in={facts.badge_key for _issuer, facts in awards},
    ).values_list("learner_id", "version__badge__key", "pk", "awarded_at")
    history: dict[tuple[int, str], list[tuple[datetime, str]]] = defaultdict(list)
    for learner_id, badge_key, pk, awarded_at in before:
        history[learner_id, badge_key].append((awarded_at, str(pk)))
    return frozenset(
        facts.award_id
        for _issuer, facts in awards
        if any(
            moment < facts.awarded_at and pk != facts.award_id
            for moment, pk in history[facts.learner_id, facts.badge_key]
        )
    )


def _held_later(now: datetime) -> Q:
    later = Award.objects.filter(
        learner_id=OuterRef("learner_id"),
        version__badge_id=OuterRef("version__badge_id"),
        awarded_at__gt=OuterRef("awarded_at"),
        reversal__isnull=True,
    ).filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    return Q(Exists(later))


def _call_off(award_ids: Sequence[UUID], now: datetime) -> frozenset[tuple[UUID, UUID]]:
    """Give up first messages that were never tried; the pairs of endpoint and award that stay unmentioned.

    The conditional update decides: a worker that claimed the row first will tell it, and then the end is told too.
    """
    untold = WebhookMessage.objects.filter(
        award_id__in=award_ids, place=0, state=WebhookMessage.State.PENDING, attempts=0
    )
    keys = list(untold.values_list("pk", flat=True))
    if not keys:
        return frozenset()
    untold.filter(pk__in=keys).update(
        state=WebhookMessage.State.DEAD, next_attempt_at=None, last_code="called_off"
    )
    ended = WebhookMessage.objects.filter(
        pk__in=keys, state=WebhookMessage.State.DEAD, last_code="called_off"
    )
    silent = frozenset(ended.values_list("endpoint_id", "award_id"))
    later = WebhookMessage.objects.filter(
        award_id__in=[award_id for _endpoint, award_id in silent], state=WebhookMessage.State.PENDING
    )
    unmentioned = [
        pk for pk, *pair in later.values_list("pk", "endpoint_id", "award_id") if tuple(pair) in silent
    ]
    later.filter(pk__in=unmentioned).update(
        state=WebhookMessage.State.DEAD, next_attempt_at=None, last_code="called_off"
    )
    return silent


def _write(
    told: Sequence[tuple[Event, AwardFacts, int]],
    endpoints: Sequence[WebhookEndpoint],
    *,
    now: datetime,
    due: datetime,
    silent: Collection[tuple[UUID, UUID]] = (),
    turns: Mapping[str, int] = MappingProxyType({}),
) -> int:
    """The rows of each endpoint that wants the event; what is there already stays as it is."""
    rows = []
    for endpoint in endpoints:
        wanted = [
            (event, facts)
            for event, facts, issuer_id in told
            if issuer_id == endpoint.issuer_id
            and event.value in endpoint.events
            and (endpoint.pk, UUID(facts.award_id)) not in silent
        ]
        if wanted:
            key = decrypt(bytes(endpoint.sealed_pseudonym_key))
            rows += [
                _row(endpoint, key, event, facts, now, due, turns.get(facts.award_id, 1))
                for event, facts in wanted
            ]
    if rows:
        with transaction.atomic():
            WebhookMessage.objects.bulk_create(rows, ignore_conflicts=True)
            announce()
    return len(rows)


def _row(
    endpoint: WebhookEndpoint,
    key: str,
    event: Event,
    facts: AwardFacts,
    now: datetime,
    due: datetime,
    turn: int,
) -> WebhookMessage:
    names: dict[str, Any] = {
        "learner": pseudonym(key, "learner", str(facts.learner_id)),
        "award": pseudonym(key, "award", facts.award_id),
    }
    place = PLACES[event] + 2 * (turn - 1)
    return WebhookMessage(
        endpoint=endpoint,
        award_id=UUID(facts.award_id),
        event=event.value,
        place=place,
        once_key=f"{endpoint.pk.hex}:{UUID(facts.award_id).hex}:{place}",
        content=award_content(event, facts, at=now, **names),
        created_at=now,
        next_attempt_at=due,
    )
