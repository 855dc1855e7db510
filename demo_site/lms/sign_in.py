"""Signing in and out: with a password, or with one click as one of the demo's people."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from demo_site.accounts import DEMO_ACCOUNTS, demo_account

__all__ = ["sign_in", "sign_in_as", "sign_out"]

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page that lists the demo's people, and the ordinary form."""
    error = ""
    if request.method == "POST":
        user = authenticate(
            request, username=request.POST.get("username", ""), password=request.POST.get("password", "")
        )
        if user is not None:
            login(request, user)
            return HttpResponseRedirect(_next_page(request))
        error = _("No account has this name and password. Check both and try again.")
    present = set(get_user_model().objects.values_list("username", flat=True))
    context = {
        "accounts": [
            account
            for account in DEMO_ACCOUNTS
            if settings.DEMO_QUICK_SIGN_IN and account.username in present
        ],
        "error": error,
        "username": request.POST.get("username", ""),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "lms/sign_in.html", context, status=400 if error else 200)


@require_POST
def sign_in_as(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in without a password, as one of the demo's own people and nobody else."""
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    if not settings.DEMO_QUICK_SIGN_IN or demo_account(username) is None or user is None:
        raise Http404
    login(request, user, backend=_BACKEND)
    return HttpResponseRedirect(_next_page(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out and go back to the choice of people."""
    logout(request)
    return redirect("lms:sign-in")


def _next_page(request: HttpRequest) -> str:
    """The page asked for before signing in, if it is one of ours; a foreign one would be an open redirect."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse("lms:dashboard")
