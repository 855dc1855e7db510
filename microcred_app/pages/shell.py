"""What every page shares: who may come in, and how a refusal is shown."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from microcred_app.api import MicrocredError, NotSignedIn
from microcred_app.permissions import api as permissions

__all__ = ["View", "page", "person_id", "registrar_page", "signed_in_page", "wants_html"]

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """Show a refusal of the app as a page (or as JSON to a machine) with its own status, never as an error 500.

    The view runs in a transaction of its own, so a refusal takes back whatever the view had written.
    """

    @functools.wraps(view)
    def shell(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except MicrocredError as error:
            return refusal(request, error)

    return shell


def signed_in_page(view: View) -> View:
    """A page for people who are signed in; a write while masquerading is refused."""

    @functools.wraps(view)
    def shell(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            permissions.refuse_other_eyes()
        return view(request, *args, **kwargs)

    return page(login_required(shell))


def person_id(request: HttpRequest) -> int:
    """The account in front of a page that only signed-in people reach."""
    if request.user.pk is None:
        raise NotSignedIn(_("Sign in first."))
    return int(request.user.pk)


def registrar_page(view: View) -> View:
    """A page for people who hold an office. What each of them sees and may do there, the view asks for."""

    @functools.wraps(view)
    def shell(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.holds_office(person_id(request)):
            return render(request, "microcred_app/no_access.html", status=403)
        return view(request, *args, **kwargs)

    return signed_in_page(shell)


def refusal(request: HttpRequest, error: MicrocredError) -> HttpResponse:
    """The refusal as a page or as JSON."""
    if wants_html(request):
        return render(
            request, "microcred_app/refused.html", {"message": str(error)}, status=error.http_status
        )
    return JsonResponse({"code": error.code, "message": str(error)}, status=error.http_status)


def wants_html(request: HttpRequest) -> bool:
    """Whether a person's browser asks: HTML is named and no JSON type is named before it.

    A bare ``*/*`` is a machine: wallets send it, and an HTML answer makes them fail.
    """
    if request.GET.get("format") in ("json", "jwt"):
        return False
    accept = request.headers.get("Accept", "")
    kinds = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    for kind in kinds:
        if kind in ("text/html", "application/xhtml+xml"):
            return True
        if kind.endswith("json") or kind in (
            "application/vc",
            "application/vc+jwt",
            "application/jwt",
            "text/plain",
        ):
            return False
    return False
