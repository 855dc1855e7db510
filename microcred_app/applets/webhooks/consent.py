"""Learners decide, for each system by its name, whether their e-mail address may stand in what it is told.

Asked when a message is sent, so a withdrawal holds from that moment on for everything that was not sent yet. What was
sent before is at the other side; the page says so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..awards.models import Award
from .errors import EndpointNotFound
from .models import EmailConsent, WebhookEndpoint

__all__ = ["Recipient", "agree", "agreeing", "recipients_for", "withdraw_consent"]


@dataclass(frozen=True)
class Recipient:
    """A system that asks for the learner's address; ``given_at`` is set while they agree."""

    endpoint_id: str
    name: str
    host: str
    organisation: str
    given_at: datetime | None
    withdrawn_at: datetime | None


def recipients_for(learner_id: int) -> tuple[Recipient, ...]:
    """The systems that ask for this learner's address: of organisations whose badges they hold."""
    consents = {row.endpoint_id: row for row in EmailConsent.objects.filter(learner_id=learner_id)}
    found = []
    for row in _asking(learner_id).select_related("issuer").order_by("issuer__name", "name", "pk"):
        consent = consents.get(row.pk)
        stands = consent is not None and consent.withdrawn_at is None
        found.append(
            Recipient(
                endpoint_id=str(row.pk),
                name=row.name,
                host=row.url.split("/")[2],
                organisation=row.issuer.name,
                given_at=consent.given_at if consent is not None and stands else None,
                withdrawn_at=consent.withdrawn_at if consent is not None else None,
            )
        )
    return tuple(found)


@transaction.atomic
def agree(learner_id: int, endpoint_id: str, *, now: datetime) -> None:
    """Let this system have the learner's address from now on; raises ``EndpointNotFound`` for one that does not ask."""
    endpoint = _asking(learner_id).filter(pk=_read(endpoint_id)).first()
    if endpoint is None:
        raise _not_found()
    row, created = EmailConsent.objects.get_or_create(
        learner_id=learner_id, endpoint=endpoint, defaults={"given_at": now}
    )
    if not created:
        EmailConsent.objects.filter(pk=row.pk, withdrawn_at__isnull=False).update(
            given_at=now, withdrawn_at=None
        )


def withdraw_consent(learner_id: int, endpoint_id: str, *, now: datetime) -> None:
    """Take it back; nothing that is sent from now on names the learner. Taking it back twice changes nothing."""
    EmailConsent.objects.filter(
        learner_id=learner_id, endpoint_id=_read(endpoint_id), withdrawn_at__isnull=True
    ).update(withdrawn_at=now)


def agreeing(endpoint_ids: Collection[UUID], learner_ids: Collection[int]) -> frozenset[tuple[int, UUID]]:
    """The pairs of learner and endpoint for which an agreement stands."""
    rows = EmailConsent.objects.filter(
        endpoint_id__in=endpoint_ids,
        learner_id__in=learner_ids,
        withdrawn_at__isnull=True,
        endpoint__asks_email=True,
    )
    return frozenset(rows.values_list("learner_id", "endpoint_id"))


def _asking(learner_id: int) -> QuerySet[WebhookEndpoint]:
    issuers = Award.objects.filter(learner_id=learner_id).order_by().values("version__badge__issuer_id")
    return WebhookEndpoint.objects.filter(asks_email=True, removed_at__isnull=True, issuer_id__in=issuers)


def _read(endpoint_id: str) -> UUID:
    try:
        return UUID(endpoint_id)
    except ValueError:
        raise _not_found() from None


def _not_found() -> EndpointNotFound:
    return EndpointNotFound(_("No such system asks for your e-mail address."))
