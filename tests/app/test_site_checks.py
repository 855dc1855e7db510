"""Each misconfiguration of the site around Microcred is named, with what to do; a good site is left in peace."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.files.storage import Storage
from django.test import override_settings

from microcred_app.content_policy import lets_through

from .test_settings_and_checks import GOOD_SITE, KEY_A

GOOD: dict[str, Any] = {"PUBLIC_BASE_URL": "https://lms.example.edu", "KEY_ENCRYPTION_KEYS": [KEY_A]}
REPOSITORY = Path(__file__).parents[2]


class Bucket(Storage):
    """What django-storages' S3 backend tells about itself."""

    def __init__(self, querystring_auth: bool = True, default_acl: str | None = None) -> None:
        self.querystring_auth, self.default_acl = querystring_auth, default_acl


def said(microcred: dict[str, Any] | None = None, **site: Any) -> list[checks.CheckMessage]:
    with override_settings(MICROCRED=GOOD | (microcred or {}), **(GOOD_SITE | site)):
        return list(checks.run_checks(tags=["microcred"]))


def stored(**options: Any) -> dict[str, Any]:
    bucket = {"BACKEND": f"{__name__}.Bucket", "OPTIONS": options}
    return {"STORAGES": {"default": bucket, "microcred_evidence": bucket, "staticfiles": bucket}}


def test_nothing_is_said_of_a_good_site() -> None:
    assert said() == []
    assert said(**stored()) == []


@pytest.mark.parametrize(
    ("microcred", "site", "wanted"),
    [
        ({"EVIDENCE_STORAGE": "default"}, stored(), "microcred.E007"),
        ({}, stored(querystring_auth=False), "microcred.E008"),
        ({}, stored(default_acl="public-read"), "microcred.E008"),
        ({"DELIVERY_LEASE_SECONDS": 20.0}, {}, "microcred.E009"),
        ({}, {"ALLOWED_HOSTS": ["other.example.edu"]}, "microcred.W003"),
        (
            {},
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
            "microcred.W004",
        ),
        ({}, {"CSP_STATIC_ENFORCE": "default-src 'self'; form-action 'self'"}, "microcred.W005"),
        ({}, {"CSP_FORM_ACTION": ["'self'"]}, "microcred.W005"),
        ({}, {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"form-action": ["'none'"]}}}, "microcred.W005"),
        (
            {"SUGGESTED_HOSTS": [("W", "https://wallet.example/a")]},
            {"CSP_STATIC_ENFORCE": "form-action 'self' https://other.example"},
            "microcred.W005",
        ),
        ({}, {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "microcred.W006"),
        ({}, {"DEFAULT_FROM_EMAIL": "webmaster@localhost"}, "microcred.W007"),
        ({"METRICS_TOKEN": "short"}, {}, "microcred.W008"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(
    microcred: dict[str, Any], site: dict[str, Any], wanted: str
) -> None:
    (message,) = said(microcred, **site)
    assert message.id == wanted
    assert message.hint


@pytest.mark.parametrize(
    "site",
    [
        {"ALLOWED_HOSTS": ["*"]},
        {"ALLOWED_HOSTS": [".example.edu"]},
        {"CSP_STATIC_ENFORCE": "form-action 'self' https:"},
        {"CSP_STATIC_ENFORCE": "default-src 'self'"},
        {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"form-action": ["*"]}}},
    ],
)
def test_what_is_wide_enough_is_not_named(site: dict[str, Any]) -> None:
    assert said(**site) == []


@pytest.mark.parametrize(
    "source",
    [
        "https://wallet.example",
        "https://*.example",
        "wallet.example:*",
        "http://WALLET.example:443/x",
        "https:",
        "*",
    ],
)
def test_a_policy_that_lets_the_suggested_wallets_through_is_enough(source: str) -> None:
    wallets = {"SUGGESTED_HOSTS": [("W", "https://wallet.example/a")]}
    assert said(wallets, CSP_STATIC_ENFORCE=f"form-action 'self' {source}") == []


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("'self'", "https://wallet.example"),
        ("http:", "https://wallet.example"),
        ("https://*.wallet.example", "https://wallet.example"),
        ("https://*.example", "https://walletexample"),
        ("https://wallet.example:8443", "https://wallet.example"),
        ("https://wallet.example", "https://wallet.example:8443"),
        ("https://wallet.example", "http://wallet.example"),
        ("wallet.example.org", "https://wallet.example"),
    ],
)
def test_a_source_does_not_let_others_through(source: str, address: str) -> None:
    assert not lets_through(source, address)


def test_a_port_may_be_any() -> None:
    assert lets_through("http://127.0.0.1:*", "http://127.0.0.1:8001")


def test_the_how_to_lists_every_message() -> None:
    sources = [
        REPOSITORY / "microcred_app" / name for name in ("checks.py", "site_checks.py", "history_checks.py")
    ]
    known = {
        found for path in sources for found in re.findall(r"microcred\.[EW]\d{3}", path.read_text("utf-8"))
    }
    page = (REPOSITORY / "docs" / "how-to" / "install.rst").read_text("utf-8")
    assert known == {f"microcred.{found}" for found in re.findall(r"^``([EW]\d{3})``", page, re.MULTILINE)}
