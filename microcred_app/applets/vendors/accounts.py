"""Vendor accounts are added, tested, given new keys and removed by whoever manages them for an organisation.

A key is written once and never shown again: it is sealed in the table and opened to ask the vendor only. Requests to a
vendor are made outside transactions; what they found is stored in one afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.permissions import api as permissions
from microcred_app.vault import VaultError, decrypt, encrypt

from ..audit import api as audit
from ..badges import api as badges
from ..badges.models import Issuer
from ..delivery.errors import AddressRefused
from ..delivery.outbound_address import parse_target
from ..delivery.outbound_guard import OutboundGuard, guard_from_settings
from ..skills.stamp import touch_definitions
from .calls import list_templates
from .dialect import Access, Template
from .dialects import DIALECTS
from .errors import AccountNotFound, AccountRefused, VendorUnreachable
from .models import VendorAccount, VendorIssue, VendorTemplate

__all__ = [
    "KEY_WARNING",
    "AccountInfo",
    "access_of",
    "account_alarms",
    "add_account",
    "find_account",
    "get_account",
    "list_accounts",
    "remove_account",
    "rotate_key",
    "sync_templates",
    "trace",
]

MAX_ACCOUNTS = 20
MAX_NAME = 100
MAX_KEY = 2_000
#: How long before its end a key is called about to end.
KEY_WARNING = timedelta(days=30)


@dataclass(frozen=True)
class AccountInfo:
    """One account as whoever manages it sees it; never with its key. ``alarm`` is a code, empty when all is well."""

    id: str
    issuer_slug: str
    issuer_name: str
    kind: str
    vendor: str
    name: str
    base_url: str
    organisation_key: str
    key_expires_at: datetime | None
    checked_at: datetime | None
    synced_at: datetime | None
    alarm: str


@transaction.atomic
def add_account(
    issuer_slug: str,
    *,
    kind: str,
    name: str,
    key: str,
    base_url: str = "",
    organisation_key: str = "",
    key_expires_on: str = "",
    actor_id: int | None,
    now: datetime,
) -> AccountInfo:
    """Keep an account. Nothing is issued with it before badges are mapped and learners agree."""
    permissions.require(actor_id, permissions.Action.MANAGE_VENDORS, issuer_slug)
    issuer = badges.get_issuer(issuer_slug)
    dialect = DIALECTS.get(kind)
    if dialect is None:
        raise AccountRefused(_("Choose the vendor."))
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > MAX_NAME:
        raise AccountRefused(
            _("Give the account a name of up to {limit} characters. Learners read it.").format(limit=MAX_NAME)
        )
    organisation_key = organisation_key.strip()
    if dialect.asks_organisation and not (
        0 < len(organisation_key) <= 100 and organisation_key.isprintable()
    ):
        raise AccountRefused(_("Write the organisation’s id at the vendor, up to 100 characters."))
    list(Issuer.objects.select_for_update().filter(pk=issuer.id))  # one at a time, or the limit means nothing
    if VendorAccount.objects.filter(issuer_id=issuer.id, removed_at__isnull=True).count() >= MAX_ACCOUNTS:
        raise AccountRefused(
            _("An organisation has up to {limit} vendor accounts. Remove one first.").format(
                limit=MAX_ACCOUNTS
            )
        )
    row = VendorAccount.objects.create(
        issuer_id=issuer.id,
        kind=kind,
        name=name,
        base_url=_checked(base_url.strip() or dialect.default_url),
        organisation_key=organisation_key if dialect.asks_organisation else "",
        sealed_key=encrypt(_read_key(key)),
        key_expires_at=_read_day(key_expires_on, now),
        created_at=now,
    )
    touch_definitions()  # awards ask whether there are accounts only when it changed
    trace("vendor.added", row, actor_id, now, {"vendor": kind, "host": urlsplit(row.base_url).hostname})
    return describe_account(row, now)


@transaction.atomic
def rotate_key(
    account_id: str, *, key: str, key_expires_on: str = "", actor_id: int | None, now: datetime
) -> None:
    """Use another key from now on; what waited because the old one was refused is tried at once."""
    row = _locked(account_id, actor_id)
    row.sealed_key = encrypt(_read_key(key))
    row.key_expires_at = _read_day(key_expires_on, now)
    row.key_version += 1
    row.key_refused_at = None
    row.save(update_fields=["sealed_key", "key_expires_at", "key_version", "key_refused_at"])
    VendorIssue.objects.filter(
        account=row, state=VendorIssue.State.PENDING, next_attempt_at__isnull=True
    ).update(next_attempt_at=now)
    trace("vendor.key_rotated", row, actor_id, now, {})


@transaction.atomic
def remove_account(account_id: str, *, actor_id: int | None, now: datetime) -> None:
    """End it for good: nothing is issued or revoked there any more, and its key is forgotten."""
    row = _locked(account_id, actor_id)
    VendorAccount.objects.filter(pk=row.pk).update(removed_at=now, sealed_key=b"", key_expires_at=None)
    VendorIssue.objects.filter(account=row, state=VendorIssue.State.PENDING).update(
        state=VendorIssue.State.DEAD, next_attempt_at=None, last_code="account_removed"
    )
    trace("vendor.removed", row, actor_id, now, {})


def sync_templates(
    account_id: str, *, actor_id: int | None, now: datetime, guard: OutboundGuard | None = None
) -> int:
    """Ask the vendor what can be issued, which tests the connection as well; how many templates there are.

    What is not there any more stays known as gone, so that its badges are shown as needing somebody. Raises
    :class:`VendorUnreachable` with the vendor's words, and changes nothing then.
    """
    row = find_account(account_id, actor_id)
    version = row.key_version
    try:
        found = list_templates(
            DIALECTS[row.kind], access_of(row), now=now, guard=guard or guard_from_settings()
        )
    except VaultError:
        raise VendorUnreachable(
            _("The key cannot be opened with the keys of this site. Write it anew.")
        ) from None
    with transaction.atomic():
        locked = VendorAccount.objects.select_for_update().get(pk=row.pk)
        _store_templates(locked, found, now)
        VendorAccount.objects.filter(pk=row.pk).update(checked_at=now, synced_at=now)
        accepted = VendorAccount.objects.filter(pk=row.pk, key_version=version, key_refused_at__isnull=False)
        if accepted.update(key_refused_at=None):  # the vendor takes the key again
            VendorIssue.objects.filter(
                account=row, state=VendorIssue.State.PENDING, next_attempt_at__isnull=True
            ).update(next_attempt_at=now)
        trace("vendor.synced", row, actor_id, now, {"templates": len(found)})
    return len(found)


def _store_templates(row: VendorAccount, found: Collection[Template], now: datetime) -> None:
    known = {one.external_key: one for one in VendorTemplate.objects.filter(account=row)}
    fresh = [
        VendorTemplate(account=row, external_key=one.key, name=one.name, seen_at=now)
        for one in found
        if one.key not in known
    ]
    VendorTemplate.objects.bulk_create(fresh)
    for one in found:
        if one.key in known:
            stored = known[one.key]
            stored.name, stored.seen_at, stored.gone_at = one.name, now, None
    seen = {one.key for one in found}
    for key, stored in known.items():
        if key not in seen and stored.gone_at is None:
            stored.gone_at = now
    VendorTemplate.objects.bulk_update(known.values(), ["name", "seen_at", "gone_at"], batch_size=200)


def get_account(account_id: str, *, actor_id: int | None, now: datetime) -> AccountInfo:
    """One account that this person manages; raises :class:`AccountNotFound` for any other."""
    return describe_account(find_account(account_id, actor_id), now)


def list_accounts(scope: permissions.Scope, *, now: datetime) -> tuple[AccountInfo, ...]:
    """The accounts of these organisations."""
    rows = VendorAccount.objects.select_related("issuer").filter(removed_at__isnull=True)
    if scope.filter_slugs is not None:
        rows = rows.filter(issuer__slug__in=scope.filter_slugs)
    return tuple(describe_account(row, now) for row in rows.order_by("issuer__name", "name", "created_at"))


def account_alarms(scope: permissions.Scope, *, now: datetime) -> tuple[AccountInfo, ...]:
    """The accounts that need somebody: their key was refused, has ended or ends soon, or a template is gone."""
    return tuple(one for one in list_accounts(scope, now=now) if one.alarm)


def find_account(account_id: str, actor_id: int | None) -> VendorAccount:
    """The row behind an id that somebody typed."""
    try:
        pk = UUID(account_id)
    except ValueError:
        raise _not_found() from None
    row = VendorAccount.objects.select_related("issuer").filter(pk=pk, removed_at__isnull=True).first()
    if row is None:
        raise _not_found()
    if actor_id is not None and not permissions.may(
        actor_id, permissions.Action.MANAGE_VENDORS, row.issuer.slug
    ):
        raise _not_found()  # nobody learns what other organisations have
    return row


def access_of(row: VendorAccount) -> Access:
    """What opens the account; raises ``VaultError`` when no key of this site opens the stored one."""
    return Access(row.base_url, row.organisation_key, decrypt(bytes(row.sealed_key)))


def describe_account(row: VendorAccount, now: datetime) -> AccountInfo:
    """The outside view of a row."""
    return AccountInfo(
        id=str(row.pk),
        issuer_slug=row.issuer.slug,
        issuer_name=row.issuer.name,
        kind=row.kind,
        vendor=DIALECTS[row.kind].title,
        name=row.name,
        base_url=row.base_url,
        organisation_key=row.organisation_key,
        key_expires_at=row.key_expires_at,
        checked_at=row.checked_at,
        synced_at=row.synced_at,
        alarm=_alarm(row, now),
    )


def _alarm(row: VendorAccount, now: datetime) -> str:
    if row.key_refused_at is not None:
        return "key_refused"
    if row.key_expires_at is not None and row.key_expires_at <= now:
        return "key_ended"
    if row.key_expires_at is not None and row.key_expires_at <= now + KEY_WARNING:
        return "key_ends"
    if row.templates.filter(gone_at__isnull=False, mappings__isnull=False).exists():
        return "template_missing"
    return ""


def _locked(account_id: str, actor_id: int | None) -> VendorAccount:
    row = find_account(account_id, actor_id)
    return VendorAccount.objects.select_for_update().select_related("issuer").get(pk=row.pk)


def _read_key(key: str) -> str:
    key = key.strip()
    if not key or len(key) > MAX_KEY or not key.isprintable():
        raise AccountRefused(_("Paste the key as the vendor shows it, on one line."))
    return key


def _read_day(text: str, now: datetime) -> datetime | None:
    """The end of a day that somebody typed; the key is good on that day still."""
    if not text.strip():
        return None
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None or not now.date() <= day <= (now + timedelta(days=36_500)).date():
        raise AccountRefused(
            _("Write the last day of the key as YYYY-MM-DD, today or later, or leave it empty.")
        )
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def _checked(url: str) -> str:
    url = url.rstrip("/")
    try:
        parse_target(url, admit_loopback=settings().allow_loopback_targets)
    except AddressRefused:
        url = ""
    if not url or len(url) > 255 or "#" in url or "?" in url:
        raise AccountRefused(
            _("This is no address of a vendor’s interface. It begins with https:// and names a public host.")
        )
    return url


def trace(
    action: str, row: VendorAccount, actor_id: int | None, now: datetime, details: dict[str, Any]
) -> None:
    """One line in the audit log; never with a key."""
    audit.record(
        action,
        object_type="vendor",
        object_id=str(row.pk),
        actor_id=actor_id,
        now=now,
        details={"name": row.name, **details},
        issuer_slug=row.issuer.slug,
    )


def _not_found() -> AccountNotFound:
    return AccountNotFound(_("There is no such vendor account among those that you manage."))
