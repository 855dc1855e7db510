"""System checks: each misconfiguration is named together with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, InvalidStorageError, storages

from .conf import settings
from .history_checks import register_history_check
from .site_checks import register_site_checks
from .vault import VaultError, encrypt

__all__ = ["register_checks"]


def register_checks() -> None:
    """Register with Django."""
    checks.register(check_settings, "microcred")
    checks.register(check_keys, "microcred")
    checks.register(check_evidence_storage, "microcred")
    checks.register(check_vc_api, "microcred")
    checks.register(check_wallet_clients, "microcred")
    register_site_checks()
    register_history_check()


def check_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """The dictionary is readable, and the public address can stand in a credential."""
    try:
        configured = settings()
    except (ImproperlyConfigured, TypeError) as error:
        return [checks.Error(str(error), id="microcred.E001")]
    parts = urlsplit(configured.public_base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        return [
            checks.Error(
                f"MICROCRED['PUBLIC_BASE_URL'] is {configured.public_base_url!r}.",
                hint="Set it to the address at which the public reaches the LMS, such as https://lms.example.edu.",
                id="microcred.E002",
            )
        ]
    if not configured.has_public_https_address:
        return [
            checks.Warning(
                "Credentials are issued as did:key, because PUBLIC_BASE_URL is no public https address.",
                hint="Fine for a demonstration. In production, set an https host name before the first badge.",
                id="microcred.W001",
            )
        ]
    return []


def check_keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """There is a key to seal issuer keys and tokens with."""
    try:
        encrypt("check")
    except VaultError as error:
        return [checks.Error(str(error), id="microcred.E003")]
    except (ImproperlyConfigured, TypeError):
        return []
    return []


def check_evidence_storage(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Evidence has a storage of its own, outside the folder that is served to the public."""
    try:
        alias = settings().evidence_storage
    except (ImproperlyConfigured, TypeError):
        return []
    try:
        storage = storages[alias]
    except InvalidStorageError:  # before its base class
        return [
            checks.Error(
                f"STORAGES has no {alias!r} for evidence.",
                hint="Add a private storage under this alias; never the default one, which is often public.",
                id="microcred.E004",
            )
        ]
    if settings().evidence_direct_uploads and not hasattr(storage, "bucket_name"):
        return [
            checks.Error(
                "MICROCRED['EVIDENCE_DIRECT_UPLOADS'] is on, and the evidence storage does not speak S3.",
                hint=f"Use storages.backends.s3.S3Storage for STORAGES[{alias!r}], or switch the setting off.",
                id="microcred.E011",
            )
        ]
    if settings().evidence_direct_uploads and getattr(storage, "signature_version", None) != "s3v4":
        return [
            checks.Error(
                "Addresses for direct uploads must bind the number of bytes, which only signature version 4 does.",
                hint=f"Set signature_version to 's3v4' in the OPTIONS of STORAGES[{alias!r}].",
                id="microcred.E012",
            )
        ]
    media_root = getattr(django_settings, "MEDIA_ROOT", "")
    if (
        media_root
        and isinstance(storage, FileSystemStorage)
        and storage.path("x").startswith(str(media_root))
    ):
        return [
            checks.Error(
                "Evidence is stored below MEDIA_ROOT, which web servers serve to everybody.",
                hint=f"Give STORAGES[{alias!r}] a location outside MEDIA_ROOT.",
                id="microcred.E005",
            )
        ]
    return []


def check_vc_api(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Signing what callers hand in is a decision, not an oversight."""
    try:
        configured = settings()
    except (ImproperlyConfigured, TypeError):
        return []
    if not configured.vc_api_issue:
        return []
    return [
        checks.Warning(
            "MICROCRED['VC_API_ISSUE'] is on: holders of the permission microcred_app.add_credential can have any "
            "credential signed in the institution's name, without an award behind it.",
            hint="Switch it off unless a conformance suite or an integration needs it; review who has the permission.",
            id="microcred.W002",
        )
    ]


def check_wallet_clients(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Wallets that may ask through the browser have an exact address that runs no script."""
    try:
        entries = settings().wallet_clients
    except (ImproperlyConfigured, TypeError):
        return []
    wrong = [entry for entry in entries if not _is_wallet_client(entry)]
    if not wrong:
        return []
    return [
        checks.Error(
            f"MICROCRED['WALLET_CLIENTS'] holds {wrong[0]!r}, which is no registered wallet.",
            hint="Give each as three texts: client id, exact redirect address (https or the wallet's scheme), name.",
            id="microcred.E006",
        )
    ]


def _is_wallet_client(entry: Any) -> bool:
    if (
        not isinstance(entry, tuple)
        or len(entry) != 3
        or not all(isinstance(text, str) and text for text in entry)
    ):
        return False
    parts = urlsplit(entry[1])
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    forbidden = {"", "javascript", "data", "vbscript", "file", "blob", *(() if loopback else ("http",))}
    return parts.scheme not in forbidden and not parts.fragment
