"""A learner's wallets: connect, send a badge, see what came of it, disconnect.

Shells around the delivery applet. Everything works as plain forms; one small module replaces the sentence about
a push while the page is open. Views that talk to a wallet host run outside the request's transaction, because
a slow host must not hold database locks; each step they take is committed by itself.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from microcred_app.api import MicrocredError
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.issuance.api import IssuedCredential, get_credential
from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from .about import about_urls
from .shell import signed_in_page
from .wallet_sentences import say_delivery

__all__ = ["about_urls", "wallet_urls"]


def _learner(request: HttpRequest) -> int:
    """The signed-in account; only called behind ``signed_in_page``."""
    return int(request.user.pk or 0)


def _wanted_credential(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _own_credential(learner_id: int, credential_id: UUID) -> IssuedCredential:
    """The learner's credential; somebody else's is answered like one that does not exist."""
    credential = get_credential(str(credential_id))
    if credential.learner_id != learner_id:
        raise delivery.CredentialNotSendable(_("This badge is not among yours."))
    return credential


def _suggestions(connections: tuple[delivery.ConnectionInfo, ...]) -> list[tuple[str, str]]:
    """The wallets the operator suggests, without those that are connected already."""
    connected = {connection.host_url for connection in connections}
    return [(name, url) for name, url in settings().suggested_hosts if url.rstrip("/") not in connected]


def _show_wallets(
    request: HttpRequest, *, typed: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    connections = delivery.list_connections(_learner(request))
    context = {
        "connections": connections,
        "suggested_hosts": _suggestions(connections),
        "typed": typed,
        "problem": problem,
    }
    return render(request, "microcred_app/wallets/my_wallets.html", context, status=status)


def _show_problem(request: HttpRequest, error: MicrocredError) -> HttpResponse:
    context = {"problem": str(error)}
    return render(request, "microcred_app/wallets/problem.html", context, status=error.http_status)


@never_cache
@signed_in_page
@require_safe
def my_wallets(request: HttpRequest) -> HttpResponse:
    """The learner's connected wallets, and the form that connects another."""
    return _show_wallets(request)


@transaction.non_atomic_requests
@never_cache
@signed_in_page
@require_POST
def wallet_connect(request: HttpRequest) -> HttpResponse:
    """Send the learner to the consent page of the wallet whose address they gave."""
    typed = request.POST.get("host_url", "")
    credential_id = _wanted_credential(request.POST.get("credential", ""))
    try:
        consent_page = delivery.connect_start(
            _learner(request), typed, now=timezone.now(), credential_id=credential_id
        )
    except MicrocredError as error:
        if credential_id is not None:
            return _show_send(
                request, credential_id, typed=typed, problem=str(error), status=error.http_status
            )
        return _show_wallets(request, typed=typed, problem=str(error), status=error.http_status)
    return HttpResponseRedirect(consent_page)


@transaction.non_atomic_requests
@never_cache
@signed_in_page
@require_safe
def wallet_callback(request: HttpRequest, host_id: int | None = None) -> HttpResponse:
    """Take the learner back from the consent page; the one-time code leaves the address bar at once.

    Hosts are told an address of their own; without *host_id* it is the one that all of them were told before.
    """
    permissions.refuse_other_eyes()
    try:
        finished = delivery.connect_finish(
            _learner(request),
            state=request.GET.get("state", ""),
            code=request.GET.get("code", ""),
            error=request.GET.get("error", ""),
            issuer=request.GET.get("iss", ""),
            returned_to=settings().public_base_url + request.path,
            now=timezone.now(),
        )
    except MicrocredError as error:
        response = _show_problem(request, error)
        response["Referrer-Policy"] = "no-referrer"
        return response
    messages.success(request, _("%(host)s is connected.") % {"host": finished.connection.host_name})
    if finished.credential_id is not None:
        send_page = reverse("microcred_app:wallet-send", args=[finished.credential_id])
        return redirect(f"{send_page}?wallet={finished.connection.id}")
    return redirect("microcred_app:my-wallets")


@transaction.non_atomic_requests
@never_cache
@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def wallet_disconnect(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Ask once, saying what stays in the wallet, then forget the permission."""
    try:
        if request.method != "POST":
            connection = delivery.get_connection(_learner(request), connection_id)
            return render(request, "microcred_app/wallets/disconnect.html", {"connection": connection})
        connection = delivery.disconnect(_learner(request), connection_id, now=timezone.now())
    except MicrocredError as error:
        return _show_problem(request, error)
    messages.success(
        request,
        _("%(host)s is disconnected. Badges that were sent stay in that wallet.")
        % {"host": connection.host_name},
    )
    return redirect("microcred_app:my-wallets")


@never_cache
@signed_in_page
@require_POST
def wallet_auto_send(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Record whether new badges go to this wallet by themselves."""
    wanted = request.POST.get("auto_send") == "yes"
    try:
        connection = delivery.set_auto_send(_learner(request), connection_id, wanted=wanted)
    except MicrocredError as error:
        return _show_problem(request, error)
    said = (
        _("New badges are sent to %(host)s from now on.")
        if wanted
        else _("New badges are no longer sent to %(host)s by themselves.")
    )
    messages.success(request, said % {"host": connection.host_name})
    return redirect("microcred_app:my-wallets")


def _show_send(
    request: HttpRequest, credential_id: UUID, *, typed: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    learner_id = _learner(request)
    try:
        credential = _own_credential(learner_id, credential_id)
    except MicrocredError as error:
        return _show_problem(request, error)
    sent = {info.connection_id: info for info in delivery.list_deliveries(learner_id, credential_id)}
    connections = delivery.list_connections(learner_id)
    context = {
        "credential": credential,
        "deliveries": [(info, say_delivery(info)) for info in sent.values()],
        "choices": [connection for connection in connections if connection.id not in sent],
        "open_connections": {connection.id for connection in connections},
        "public_address": delivery.hosted_of(credential_id),
        "wanted_wallet": request.GET.get("wallet", ""),
        "suggested_hosts": _suggestions(connections),
        "typed": typed,
        "problem": problem,
    }
    return render(request, "microcred_app/wallets/send.html", context, status=status)


@never_cache
@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def wallet_send(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """Choose a wallet for one badge; the press of the button is the consent to send it there."""
    if request.method != "POST":
        return _show_send(request, credential_id)
    if request.POST.get("do") == "withdraw":
        return _withdraw(request, credential_id)
    connection_id = _wanted_credential(request.POST.get("wallet", ""))
    if connection_id is None:
        return _show_send(
            request, credential_id, problem=_("Choose the wallet to send the badge to."), status=400
        )
    try:
        delivery.send_credential(_learner(request), credential_id, connection_id, now=timezone.now())
    except MicrocredError as error:
        return _show_send(request, credential_id, problem=str(error), status=error.http_status)
    return redirect("microcred_app:wallet-send", credential_id)


def _withdraw(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """Take back the public page of a badge."""
    try:
        delivery.withdraw_hosted(_learner(request), credential_id, now=timezone.now())
    except MicrocredError as error:
        return _show_send(request, credential_id, problem=str(error), status=error.http_status)
    messages.success(request, _("The page is not public any more."))
    return redirect("microcred_app:wallet-send", credential_id)


@never_cache
@signed_in_page
@require_safe
def wallet_delivery_status(request: HttpRequest, delivery_id: UUID) -> JsonResponse:
    """The state of one push and the sentence about it, for the page that is open."""
    try:
        info = delivery.get_delivery(_learner(request), delivery_id)
    except MicrocredError as error:
        return JsonResponse({"error": error.code, "message": str(error)}, status=error.http_status)
    return JsonResponse(
        {"state": info.state, "sentence": say_delivery(info), "settled": info.state != "waiting"}
    )


wallet_urls = [
    path("", my_wallets, name="my-wallets"),
    path("connect/", wallet_connect, name="wallet-connect"),
    path("callback/", wallet_callback, name="wallet-callback"),
    path("callback/<int:host_id>/", wallet_callback, name="wallet-callback-of"),
    path("<uuid:connection_id>/disconnect/", wallet_disconnect, name="wallet-disconnect"),
    path("<uuid:connection_id>/auto-send/", wallet_auto_send, name="wallet-auto-send"),
    path("send/<uuid:credential_id>/", wallet_send, name="wallet-send"),
    path("deliveries/<uuid:delivery_id>/status/", wallet_delivery_status, name="wallet-delivery-status"),
]
