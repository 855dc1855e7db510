"""Who is told the learner's e-mail address: each system by its name, agreed to and taken back one by one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from microcred_app.applets.announcements.api import choose_notices
from microcred_app.applets.mailing.api import choose_mail
from microcred_app.applets.vendors import api as vendors
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.compat import platform

from .shell import person_id, signed_in_page

__all__ = ["naming_urls"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_page
def naming(request: HttpRequest) -> HttpResponse:
    """The systems that ask, vendors that could issue badges, and the learner's answer to each."""
    learner_id = person_id(request)
    if request.method == "POST":
        endpoint_id, now = request.POST.get("system", ""), timezone.now()
        account_id = request.POST.get("account", "")
        if account_id and request.POST.get("do") == "agree":
            vendors.agree_to_vendor(learner_id, account_id, now=now)
            messages.success(request, _("Your badges are issued there from now on."))
        elif account_id:
            vendors.withdraw_from_vendor(learner_id, account_id, now=now)
            messages.success(request, _("No badge is issued there any more."))
        elif request.POST.get("do") == "agree":
            webhooks.agree(learner_id, endpoint_id, now=now)
            messages.success(request, _("Your address may be told from now on."))
        else:
            webhooks.withdraw_consent(learner_id, endpoint_id, now=now)
            messages.success(request, _("Your address is not told any more."))
        return redirect("microcred_app:my-naming")
    context = {
        "recipients": webhooks.recipients_for(learner_id),
        "accounts": vendors.choices_for(learner_id),
        "email": platform().learner_email(learner_id),
        "section": "badges",
    }
    return render(request, "microcred_app/learner/naming.html", context)


@require_POST
@signed_in_page
def mail(request: HttpRequest) -> HttpResponse:
    """The learner's choice to get new badges by e-mail."""
    wanted = "yes" if request.POST.get("wanted") == "yes" else "no"
    choose_mail(person_id(request), wanted, now=timezone.now())
    messages.success(
        request,
        _("New badges are sent to your e-mail address from now on.")
        if wanted == "yes"
        else _("New badges are not sent to your e-mail address any more."),
    )
    return redirect("microcred_app:my-badges")


@require_POST
@signed_in_page
def notices(request: HttpRequest) -> HttpResponse:
    """The learner's choice about notifications of badges."""
    wanted = "yes" if request.POST.get("wanted") == "yes" else "no"
    choose_notices(person_id(request), wanted, now=timezone.now())
    messages.success(
        request,
        _("You are notified of new badges from now on.")
        if wanted == "yes"
        else _("You are not notified of new badges any more."),
    )
    return redirect("microcred_app:my-badges")


naming_urls = [
    path("my/address/", naming, name="my-naming"),
    path("my/mail/", mail, name="my-mail"),
    path("my/notices/", notices, name="my-notices"),
]
