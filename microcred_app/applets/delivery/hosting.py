"""Public addresses of credentials in the form of Open Badges 2.0: made when the holder sends a credential into a
backpack that takes no other form, taken back by the holder, and telling at any moment how the credential stands.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3.assertion import NoAddressInCredential, assertion_from, revoked_assertion
from microcred_app.ob3.timestamps import format_time

from ..issuance.models import Credential
from .errors import AssertionNotFound
from .models import HostedAssertion

__all__ = [
    "Hosted",
    "assertion_address",
    "assertion_body",
    "assertions_for",
    "hosted_of",
    "open_again",
    "read_hosted",
    "withdraw_hosted",
]


@dataclass(frozen=True)
class Hosted:
    """What a public address answers: the assertion, or that it was revoked."""

    body: dict[str, Any]
    revoked: bool


def assertions_for(credential_ids: Collection[UUID], *, now: datetime) -> dict[UUID, HostedAssertion]:
    """The address of each of these credentials, made where there is none; an address that was taken back stays so."""
    found = {row.credential_id: row for row in HostedAssertion.objects.filter(credential__in=credential_ids)}
    for credential_id in set(credential_ids) - set(found):
        found[credential_id] = _make(credential_id, now)
    return found


def open_again(credential_id: UUID, *, now: datetime) -> None:
    """The holder sends the credential: its address answers, also where it was taken back before."""
    assertions_for([credential_id], now=now)
    HostedAssertion.objects.filter(credential_id=credential_id).update(withdrawn_at=None)


def withdraw_hosted(learner_id: int, credential_id: UUID, *, now: datetime) -> None:
    """The address answers nothing any more; backpacks that read it then find the badge gone."""
    rows = HostedAssertion.objects.filter(credential_id=credential_id, credential__learner_id=learner_id)
    if not rows.exists():
        raise AssertionNotFound(_("This badge has no such page."))
    rows.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)


def hosted_of(credential_id: UUID) -> str:
    """The public address of a credential, or an empty text while it has none that answers."""
    row = HostedAssertion.objects.filter(credential_id=credential_id, withdrawn_at__isnull=True).first()
    return assertion_address(row.handle) if row is not None else ""


def read_hosted(handle: str) -> Hosted:
    """What the address answers now; raises :class:`AssertionNotFound` for an unknown or withdrawn one."""
    row = (
        HostedAssertion.objects.select_related("credential__award__version__badge")
        .filter(handle=handle, withdrawn_at__isnull=True)
        .first()
    )
    if row is None:
        raise AssertionNotFound(_("There is no such badge."))
    credential = row.credential
    if credential.revoked_at is not None:
        # The reason may speak of the learner and is not told to everybody.
        told = revoked_assertion(assertion_address(handle), reason=_("The issuer revoked this badge."))
        return Hosted(told, True)
    return Hosted(_compose(credential, handle), False)


def assertion_body(credential: Credential, hosted: HostedAssertion) -> bytes:
    """The assertion as it is sent, the same as its address answers; empty where the form cannot express the holder."""
    try:
        return json.dumps(_compose(credential, hosted.handle), ensure_ascii=False).encode()
    except NoAddressInCredential:
        return b""


def assertion_address(handle: str) -> str:
    """The public address of a handle."""
    return settings().public_base_url + reverse("microcred_app:ob2-assertion", args=[handle])


def _compose(credential: Credential, handle: str) -> dict[str, Any]:
    version = credential.award.version
    said = assertion_from(
        json.loads(bytes(credential.document)),
        address=assertion_address(handle),
        badge_address=settings().public_base_url
        + reverse("microcred_app:ob2-badge", args=[version.badge.key, version.number]),
    )
    if credential.suspended_at is not None:
        # Whoever believes this address learns at once that it is not valid now; it is not revoked.
        said["expires"] = format_time("expires", credential.suspended_at)
    return said


def _make(credential_id: UUID, now: datetime) -> HostedAssertion:
    try:
        with transaction.atomic():
            return HostedAssertion.objects.create(
                credential_id=credential_id, handle=secrets.token_urlsafe(32), created_at=now
            )
    except IntegrityError:
        return HostedAssertion.objects.get(credential_id=credential_id)
