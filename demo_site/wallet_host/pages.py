"""What the owner of a wallet sees: their badges, one badge, and who may put badges there."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from .models import KeptBadge
from .status_info import refuse
from .verification import Finding, look_again

__all__ = ["check_again", "not_found", "server_error", "show_badge", "show_page", "show_wallet", "withdraw"]


@login_required
@require_safe
def show_wallet(request: HttpRequest) -> HttpResponse:
    """All badges of the owner; one that was never looked at is checked now."""
    badges = KeptBadge.objects.filter(owner_id=request.user.pk).order_by("-received_at", "-pk")
    context = {"badges": [_describe(badge) for badge in badges], "senders": _senders(request)}
    return render(request, "wallet_host/wallet.html", context)


@login_required
@require_safe
def show_badge(request: HttpRequest, badge_id: int) -> HttpResponse:
    """One badge with everything the wallet knows about it, and the bytes it keeps."""
    badge = get_object_or_404(KeptBadge, pk=badge_id, owner_id=request.user.pk)
    if "json" in request.GET:
        return HttpResponse(bytes(badge.document), content_type="application/json")
    return render(request, "wallet_host/badge.html", {"badge": _describe(badge)})


@login_required
@require_POST
def check_again(request: HttpRequest, badge_id: int) -> HttpResponse:
    """Look at signature and status afresh, so that a revocation becomes visible."""
    badge = get_object_or_404(KeptBadge, pk=badge_id, owner_id=request.user.pk)
    look_again(badge, now=timezone.now())
    messages.info(request, "Checked just now.")
    return redirect("badge", badge_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    """Take back what one sender was allowed to do."""
    for model in (AccessToken, RefreshToken, Grant):
        model.objects.filter(user_id=request.user.pk, application_id=application_id).delete()
    messages.info(request, "The permission is withdrawn. Badges that are here stay.")
    return redirect("wallet")


@require_safe
def show_page(request: HttpRequest, name: str) -> HttpResponse:
    """Terms and privacy."""
    return render(request, f"wallet_host/{name}.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address, in the words of whoever asked: the API or a person."""
    if request.path.startswith("/ims/"):
        return refuse(404, "There is nothing at this address.")
    return render(request, "wallet_host/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke here."""
    if request.path.startswith("/ims/"):
        return refuse(500, "The wallet has a problem.")
    return HttpResponse(
        "Satchel has a problem. Try again in a moment.", status=500, content_type="text/plain"
    )


def _senders(request: HttpRequest) -> list[dict[str, Any]]:
    tokens = RefreshToken.objects.filter(user_id=request.user.pk, revoked__isnull=True)
    found = {token.application_id: token.application.name for token in tokens.select_related("application")}
    return [{"id": pk, "name": name} for pk, name in sorted(found.items(), key=lambda item: str(item[1]))]


def _describe(badge: KeptBadge) -> dict[str, Any]:
    """A badge for display; whatever is missing or of a wrong shape is shown as missing."""
    document = _mapping(json.loads(bytes(badge.document)))
    achievement = _mapping(_mapping(document.get("credentialSubject")).get("achievement"))
    image = _mapping(achievement.get("image")) or _mapping(document.get("image"))
    finding = Finding(**badge.finding) if badge.finding else look_again(badge, now=timezone.now())
    return {
        "id": badge.pk,
        "name": _text(achievement.get("name")) or _text(document.get("name")) or "A badge without a name",
        "description": _text(achievement.get("description")),
        "criteria": _text(_mapping(achievement.get("criteria")).get("narrative")),
        "kind": _text(achievement.get("achievementType")),
        "image": _image(image.get("id")),
        "image_alt": _text(image.get("caption")) or "Picture of the badge",
        "issuer": _text(_mapping(document.get("issuer")).get("name")) or badge.issuer_id,
        "issuer_id": badge.issuer_id,
        "credential_id": badge.credential_id,
        "valid_from": badge.valid_from,
        "received_at": badge.received_at,
        "sent_by": badge.sent_by,
        "finding": finding,
        "checked_at": datetime.fromisoformat(finding.checked_at),
    }


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _image(value: object) -> str:
    """Only what a browser shows as a picture; ``javascript:`` and the like never reach a page."""
    if isinstance(value, str) and value.startswith(
        ("https://", "http://127.0.0.1", "http://localhost", "data:image/")
    ):
        return value
    return ""
