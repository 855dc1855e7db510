"""Endpoints are made, given new secrets, paused and removed by whoever manages an organisation's webhooks.

A secret is readable once, in the answer that made it. Afterwards it is sealed in the table and opened to sign only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.permissions import api as permissions
from microcred_app.vault import decrypt, encrypt

from ..audit import api as audit
from ..badges import api as badges
from ..badges.models import Issuer
from ..delivery.errors import AddressRefused
from ..delivery.outbound_address import parse_target
from ..delivery.signals import deliveries_waiting
from ..skills.stamp import touch_definitions
from .errors import EndpointNotFound, EndpointRefused
from .events import Event, sample_content
from .models import WebhookEndpoint, WebhookMessage
from .signature import new_secret

__all__ = [
    "EndpointInfo",
    "NewSecret",
    "create_endpoint",
    "get_endpoint",
    "list_endpoints",
    "pause_endpoint",
    "pause_gone",
    "remove_endpoint",
    "resume_endpoint",
    "rotate_secret",
    "send_test_event",
    "signing_keys",
]

MAX_ENDPOINTS = 20
MAX_NAME = 100
#: Hours during which the old secret signs beside the new one, at most.
MAX_WINDOW = 24 * 30
CHOOSABLE = (Event.AWARDED, Event.RENEWED, Event.EXPIRED, Event.SUSPENDED, Event.REINSTATED, Event.REVOKED)


@dataclass(frozen=True)
class EndpointInfo:
    """One endpoint as whoever manages it sees it; never with a secret."""

    id: str
    issuer_slug: str
    issuer_name: str
    name: str
    url: str
    events: tuple[str, ...]
    asks_email: bool
    created_at: datetime
    paused_at: datetime | None
    paused_because: str
    old_secret_until: datetime | None


@dataclass(frozen=True)
class NewSecret:
    """A secret that was just made. Show it once and keep it nowhere."""

    endpoint: EndpointInfo
    secret: str = field(repr=False)


@transaction.atomic
def create_endpoint(
    issuer_slug: str,
    *,
    name: str,
    url: str,
    events: Collection[str],
    asks_email: bool,
    actor_id: int | None,
    now: datetime,
) -> NewSecret:
    """Make an endpoint; from now on it is told the chosen events of this organisation's awards."""
    permissions.require(actor_id, permissions.Action.MANAGE_WEBHOOKS, issuer_slug)
    issuer = badges.get_issuer(issuer_slug)
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > MAX_NAME:
        raise EndpointRefused(
            _("Give the system a name of up to {limit} characters. Learners read it.").format(limit=MAX_NAME)
        )
    chosen = [event.value for event in CHOOSABLE if event.value in events]
    if not chosen:
        raise EndpointRefused(_("Choose at least one event."))
    list(Issuer.objects.select_for_update().filter(pk=issuer.id))  # one at a time, or the limit means nothing
    open_ones = WebhookEndpoint.objects.filter(issuer_id=issuer.id, removed_at__isnull=True)
    if open_ones.count() >= MAX_ENDPOINTS:
        raise EndpointRefused(
            _("An organisation has up to {limit} endpoints. Remove one first.").format(limit=MAX_ENDPOINTS)
        )
    secret = new_secret()
    row = WebhookEndpoint.objects.create(
        issuer_id=issuer.id,
        name=name,
        url=_checked(url.strip()),
        events=chosen,
        asks_email=asks_email,
        sealed_secret=encrypt(secret),
        sealed_pseudonym_key=encrypt(new_secret()),
        expiry_seen_until=now,
        created_at=now,
    )
    touch_definitions()  # awards ask who listens only when it changed
    # An address may hold a secret, so the log names the host only.
    told = {"host": urlsplit(row.url).hostname, "events": chosen, "email": asks_email}
    _trace("webhook.created", row, actor_id, now, told)
    return NewSecret(describe_endpoint(row), secret)


@transaction.atomic
def rotate_secret(endpoint_id: str, *, hours: float, actor_id: int | None, now: datetime) -> NewSecret:
    """Make a new secret; the one before signs beside it for *hours*. A still older one ends at once."""
    row = _locked(endpoint_id, actor_id)
    if not 0 <= hours <= MAX_WINDOW:
        raise EndpointRefused(
            _("Let the old secret be good for 0 to {limit} hours.").format(limit=MAX_WINDOW)
        )
    secret = new_secret()
    row.sealed_old_secret = row.sealed_secret if hours else b""
    row.old_secret_until = now + timedelta(hours=hours) if hours else None
    row.sealed_secret = encrypt(secret)
    row.save(update_fields=["sealed_old_secret", "old_secret_until", "sealed_secret"])
    _trace("webhook.secret_rotated", row, actor_id, now, {"hours": hours})
    return NewSecret(describe_endpoint(row), secret)


@transaction.atomic
def pause_endpoint(endpoint_id: str, *, actor_id: int | None, now: datetime) -> None:
    """Send nothing for now. What happens meanwhile is kept and sent when it is resumed."""
    row = _locked(endpoint_id, actor_id)
    if row.paused_at is None:
        WebhookEndpoint.objects.filter(pk=row.pk).update(paused_at=now, paused_because="by_hand")
        _trace("webhook.paused", row, actor_id, now, {})


@transaction.atomic
def resume_endpoint(endpoint_id: str, *, actor_id: int | None, now: datetime) -> None:
    """Send again, what waited included."""
    row = _locked(endpoint_id, actor_id)
    if row.paused_at is None:
        return
    WebhookEndpoint.objects.filter(pk=row.pk).update(paused_at=None, paused_because="")
    waiting = WebhookMessage.objects.filter(
        endpoint=row, state=WebhookMessage.State.PENDING, attempts__gt=0, next_attempt_at__gt=now
    )
    waiting.update(next_attempt_at=now)
    _trace("webhook.resumed", row, actor_id, now, {})
    announce()


@transaction.atomic
def remove_endpoint(endpoint_id: str, *, actor_id: int | None, now: datetime) -> None:
    """End it for good: nothing is sent any more, and its secrets are forgotten."""
    row = _locked(endpoint_id, actor_id)
    WebhookEndpoint.objects.filter(pk=row.pk).update(
        removed_at=now, sealed_secret=b"", sealed_old_secret=b"", old_secret_until=None
    )
    WebhookMessage.objects.filter(endpoint=row, state=WebhookMessage.State.PENDING).update(
        state=WebhookMessage.State.DEAD, next_attempt_at=None, last_code="endpoint_removed"
    )
    _trace("webhook.removed", row, actor_id, now, {})


@transaction.atomic
def send_test_event(endpoint_id: str, *, actor_id: int | None, now: datetime) -> str:
    """Put a test event into the outbox; it takes the same way as every other. Its id."""
    row = _locked(endpoint_id, actor_id)
    message = WebhookMessage.objects.create(
        endpoint=row,
        event=Event.TEST.value,
        content=sample_content(row.issuer.slug, at=now),
        created_at=now,
        next_attempt_at=now,
    )
    announce()
    return str(message.pk)


def pause_gone(endpoint_id: UUID, *, now: datetime) -> None:
    """The endpoint said that it is gone (410): leave it alone until a person has looked."""
    rows = WebhookEndpoint.objects.filter(pk=endpoint_id, paused_at__isnull=True, removed_at__isnull=True)
    if rows.update(paused_at=now, paused_because="gone"):
        row = WebhookEndpoint.objects.select_related("issuer").get(pk=endpoint_id)
        _trace("webhook.paused", row, None, now, {"because": "gone"})


def get_endpoint(endpoint_id: str, *, actor_id: int | None) -> EndpointInfo:
    """One endpoint that this person manages; raises :class:`EndpointNotFound` for any other."""
    return describe_endpoint(find_endpoint(endpoint_id, actor_id))


def list_endpoints(scope: permissions.Scope) -> tuple[EndpointInfo, ...]:
    """The endpoints of these organisations."""
    rows = WebhookEndpoint.objects.select_related("issuer").filter(removed_at__isnull=True)
    if scope.filter_slugs is not None:
        rows = rows.filter(issuer__slug__in=scope.filter_slugs)
    return tuple(map(describe_endpoint, rows.order_by("issuer__name", "name", "created_at")))


def find_endpoint(endpoint_id: str, actor_id: int | None) -> WebhookEndpoint:
    """The row behind an id that somebody typed."""
    try:
        pk = UUID(endpoint_id)
    except ValueError:
        raise _not_found() from None
    row = WebhookEndpoint.objects.select_related("issuer").filter(pk=pk, removed_at__isnull=True).first()
    if row is None:
        raise _not_found()
    if actor_id is not None and not permissions.may(
        actor_id, permissions.Action.MANAGE_WEBHOOKS, row.issuer.slug
    ):
        raise _not_found()  # nobody learns what other organisations have
    return row


def signing_keys(row: WebhookEndpoint, *, now: datetime) -> tuple[str, ...]:
    """The secrets that sign now: the newest, and while its window is open the one before."""
    keys = [decrypt(bytes(row.sealed_secret))]
    if row.sealed_old_secret and row.old_secret_until is not None and row.old_secret_until > now:
        keys.append(decrypt(bytes(row.sealed_old_secret)))
    return tuple(keys)


def describe_endpoint(row: WebhookEndpoint) -> EndpointInfo:
    """The outside view of a row."""
    return EndpointInfo(
        id=str(row.pk),
        issuer_slug=row.issuer.slug,
        issuer_name=row.issuer.name,
        name=row.name,
        url=row.url,
        events=tuple(row.events),
        asks_email=row.asks_email,
        created_at=row.created_at,
        paused_at=row.paused_at,
        paused_because=row.paused_because,
        old_secret_until=row.old_secret_until,
    )


def announce() -> None:
    """Start a worker once this is committed."""
    transaction.on_commit(partial(deliveries_waiting.send_robust, sender=WebhookMessage, count=1))


def _locked(endpoint_id: str, actor_id: int | None) -> WebhookEndpoint:
    row = find_endpoint(endpoint_id, actor_id)
    return WebhookEndpoint.objects.select_for_update().get(pk=row.pk)


def _checked(url: str) -> str:
    try:
        parse_target(url, admit_loopback=settings().allow_loopback_targets)
    except AddressRefused:
        raise EndpointRefused(
            _(
                "This address cannot be used. It begins with https://, names a public host on port 443 or 8443, and "
                "holds neither spaces nor a user name."
            )
        ) from None
    if len(url) > 1000 or "#" in url:
        raise EndpointRefused(_("Give an address of up to 1000 characters without a # in it."))
    return url


def _trace(
    action: str, row: WebhookEndpoint, actor_id: int | None, now: datetime, details: dict[str, Any]
) -> None:
    audit.record(
        action,
        object_type="webhook",
        object_id=str(row.pk),
        actor_id=actor_id,
        now=now,
        details={"name": row.name, **details},
        issuer_slug=row.issuer.slug,
    )


def _not_found() -> EndpointNotFound:
    return EndpointNotFound(_("There is no such endpoint among those that you manage."))
