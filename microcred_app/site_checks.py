"""System checks of what Microcred needs from the site around it: cache, mail, addresses, policies.

Each says what goes wrong and what to do. What depends on the moment (is the worker there, do the clocks agree?) is
asked by :mod:`microcred_app.operation` and shown by the health address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InvalidStorageError, storages

from .conf import Settings, settings
from .content_policy import lets_through

__all__ = ["register_site_checks"]

#: Caches of one process: others do not see what one counts.
_LONELY_CACHES = ("locmem.LocMemCache", "dummy.DummyCache")
#: Backends that send nothing to anybody.
_MUTE_MAIL = ("console.EmailBackend", "dummy.EmailBackend", "filebased.EmailBackend", "locmem.EmailBackend")
_PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")


def register_site_checks() -> None:
    """Register with Django."""
    for check in (
        check_evidence_is_private,
        check_public_host,
        check_cache,
        check_form_policy,
        check_mail,
        check_lease,
        check_metrics_token,
    ):
        checks.register(check, "microcred")


def check_evidence_is_private(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Evidence in an object store is signed for and has no public policy; it is not the default storage."""
    configured = _settings()
    if configured is None:
        return []
    alias = configured.evidence_storage
    try:
        storage: Any = storages[alias]
    except (InvalidStorageError, ImportError):
        return []  # microcred.E004 says it
    if alias == "default":
        return [
            checks.Error(
                "MICROCRED['EVIDENCE_STORAGE'] is the default storage, whose files web servers serve to everybody.",
                hint="Add a storage of its own to STORAGES and name it there.",
                id="microcred.E007",
            )
        ]
    acl = str(getattr(storage, "default_acl", "") or "")
    if getattr(storage, "querystring_auth", True) is False or acl in _PUBLIC_ACLS:
        return [
            checks.Error(
                f"STORAGES[{alias!r}] publishes what is put into it (querystring_auth or default_acl).",
                hint="Set querystring_auth to True and default_acl to None or “private”, and keep the bucket private.",
                id="microcred.E008",
            )
        ]
    return []


def check_public_host(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """The site answers under the name that stands in credentials."""
    configured = _settings()
    host = urlsplit(configured.public_base_url).hostname if configured else None
    allowed = [str(name).lower() for name in getattr(django_settings, "ALLOWED_HOSTS", [])]
    if not host or not allowed or _is_allowed(host, allowed):
        return []
    return [
        checks.Warning(
            f"The host {host!r} of MICROCRED['PUBLIC_BASE_URL'] is not in ALLOWED_HOSTS: verifiers get an error 400.",
            hint="Add the name to ALLOWED_HOSTS, or correct PUBLIC_BASE_URL before the first badge.",
            id="microcred.W003",
        )
    ]


def check_cache(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Limits of requests are counted for the whole site."""
    backend = str(getattr(django_settings, "CACHES", {}).get("default", {}).get("BACKEND", ""))
    if not backend.endswith(_LONELY_CACHES):
        return []
    return [
        checks.Warning(
            f"The default cache ({backend}) is not shared: each process counts requests for itself, so the limits "
            "of verifications and of the REST interface hold once for each process.",
            hint="Use Redis or Memcached for CACHES['default']. Fine for a demonstration with one process.",
            id="microcred.W004",
        )
    ]


def check_form_policy(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A content security policy lets learners leave for the wallets they connect."""
    configured = _settings()
    if configured is None:
        return []
    wallets = {_origin(address) for _name, address in configured.suggested_hosts}
    for name, sources in _form_policies():
        shut_out = sorted(one for one in wallets if not any(lets_through(source, one) for source in sources))
        if shut_out or (not wallets and not {"*", "https:"} & set(sources)):
            whom = ", ".join(shut_out) or "any wallet"
            return [
                checks.Warning(
                    f"{name} has a form-action that keeps browsers from {whom}: connecting a wallet ends in a "
                    "blank page.",
                    hint="Add the wallets' addresses, or https:, to form-action.",
                    id="microcred.W005",
                )
            ]
    return []


def check_mail(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Badges by mail and reminders reach somebody, from an address that exists."""
    backend = str(getattr(django_settings, "EMAIL_BACKEND", ""))
    if backend.endswith(_MUTE_MAIL):
        return [
            checks.Warning(
                f"EMAIL_BACKEND is {backend}, which sends nothing: new badges and reminders reach nobody by e-mail.",
                hint="Name a backend that sends, such as django.core.mail.backends.smtp.EmailBackend.",
                id="microcred.W006",
            )
        ]
    sender = str(getattr(django_settings, "DEFAULT_FROM_EMAIL", ""))
    if "@" not in sender or sender.rstrip(">").endswith(("@localhost", "@example.com")):
        return [
            checks.Warning(
                f"DEFAULT_FROM_EMAIL is {sender!r}: mails with badges look like junk and are dropped.",
                hint="Set it to an address of your own domain.",
                id="microcred.W007",
            )
        ]
    return []


def check_lease(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A worker does not lose a row while it waits for an answer."""
    configured = _settings()
    if configured is None or configured.delivery_lease_seconds >= 4 * configured.delivery_timeout_seconds:
        return []
    return [
        checks.Error(
            "MICROCRED['DELIVERY_LEASE_SECONDS'] is less than four times DELIVERY_TIMEOUT_SECONDS: a slow wallet "
            "would be sent the same badge by two workers.",
            hint=f"Set it to {4 * configured.delivery_timeout_seconds:g} or more.",
            id="microcred.E009",
        )
    ]


def check_metrics_token(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A token for figures that is set is long enough to be one."""
    configured = _settings()
    if configured is None or not 0 < len(configured.metrics_token) < 20:
        return []
    return [
        checks.Warning(
            "MICROCRED['METRICS_TOKEN'] has fewer than 20 characters, so figures are not published.",
            hint="Use a long random text: python -c 'import secrets; print(secrets.token_urlsafe(32))'.",
            id="microcred.W008",
        )
    ]


def _settings() -> Settings | None:
    """The settings in force; None where they cannot be read, which microcred.E001 says."""
    try:
        return settings()
    except (ImproperlyConfigured, TypeError):
        return None


def _is_allowed(host: str, allowed: Sequence[str]) -> bool:
    return any(
        name in ("*", host) or (name.startswith(".") and (host == name[1:] or host.endswith(name)))
        for name in allowed
    )


def _form_policies() -> Iterator[tuple[str, list[str]]]:
    """Settings that set a form-action, with its sources: edx-django-utils' header, and django-csp old and new."""
    header = str(getattr(django_settings, "CSP_STATIC_ENFORCE", "") or "")
    for directive in header.split(";"):
        words = directive.split()
        if words and words[0].lower() == "form-action":
            yield "CSP_STATIC_ENFORCE", words[1:]
    old = getattr(django_settings, "CSP_FORM_ACTION", None)
    if old:
        yield "CSP_FORM_ACTION", [old] if isinstance(old, str) else list(old)
    new = getattr(django_settings, "CONTENT_SECURITY_POLICY", None) or {}
    sources = new.get("DIRECTIVES", {}).get("form-action")
    if sources:
        yield "CONTENT_SECURITY_POLICY", [sources] if isinstance(sources, str) else list(sources)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
