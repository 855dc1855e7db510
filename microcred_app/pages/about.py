"""Who issues here, under which terms, and what happens to personal data: three plain public pages.

Wallet hosts show links to them on their consent page, and the Open Badges 3.0 registration demands that they,
the logo and the callback share one host name. They need no sign-in and show nothing personal.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

__all__ = ["about_urls"]

_LOGO = Path(__file__).resolve().parent.parent / "static" / "microcred_app" / "wallets" / "logo.png"


def _site_name() -> str:
    return str(getattr(django_settings, "PLATFORM_NAME", "") or "Microcred")


@require_safe
def show_about(request: HttpRequest) -> HttpResponse:
    """Who we are."""
    return render(request, "microcred_app/about/about.html", {"site_name": _site_name()})


@require_safe
def show_terms(request: HttpRequest) -> HttpResponse:
    """What a badge from here means, and what it does not."""
    return render(request, "microcred_app/about/terms.html", {"site_name": _site_name()})


@require_safe
def show_privacy(request: HttpRequest) -> HttpResponse:
    """What is in a badge, where it goes, and who decides."""
    return render(request, "microcred_app/about/privacy.html", {"site_name": _site_name()})


@lru_cache(maxsize=1)
def _logo_bytes() -> bytes:
    return _LOGO.read_bytes()


@require_safe
def show_logo(request: HttpRequest) -> HttpResponse:
    """The logo under this host name, also where static files come from another one."""
    response = HttpResponse(_logo_bytes(), content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    return response


about_urls = [
    path("", show_about, name="about"),
    path("terms/", show_terms, name="about-terms"),
    path("privacy/", show_privacy, name="about-privacy"),
    path("logo.png", show_logo, name="about-logo"),
]
