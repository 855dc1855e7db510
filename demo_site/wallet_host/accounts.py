"""The two people who have a wallet here, and signing in as one of them with one click."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

__all__ = ["PEOPLE", "create_people", "sign_in"]

PEOPLE = {"amina": ("Amina", "Diallo", "amina@example.org"), "ben": ("Ben", "Okafor", "ben@example.org")}


def create_people() -> None:
    """Make sure that both exist; they have no password, because there is nothing to protect in a demonstration."""
    for name, (first, last, email) in PEOPLE.items():
        user, created = User.objects.get_or_create(
            username=name, defaults={"first_name": first, "last_name": last, "email": email}
        )
        if created:
            user.set_unusable_password()
            user.save()


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One button per person; afterwards back to where they were going, on this site only."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    target = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else "/"
    person = request.POST.get("person", "")
    if request.method == "POST" and person in PEOPLE:
        login(request, User.objects.get(username=person), backend="django.contrib.auth.backends.ModelBackend")
        return HttpResponseRedirect(target)
    people = [(name, f"{first} {last}") for name, (first, last, _email) in PEOPLE.items()]
    return render(request, "wallet_host/sign_in.html", {"people": people, "next": target})
