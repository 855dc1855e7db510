"""Two addresses for those who run the site: is it well, and its figures for Prometheus.

Health says no more than a stranger may know: well or not. Figures, and the reasons, take the token.
"""

from __future__ import annotations

import hmac
import logging

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.conf import settings
from microcred_app.operation import read_figures, read_health, read_warnings

from .problems import Refusal, problem

__all__ = ["operation_urls"]

log = logging.getLogger(__name__)

#: A token that could be guessed is none.
SHORTEST_TOKEN = 20


@require_safe
@never_cache
@transaction.non_atomic_requests
def health(request: HttpRequest) -> HttpResponse:
    """200 while everything due is being done, 503 when not or when the tables cannot be asked."""
    try:
        found = read_health(timezone.now())
    except DatabaseError:
        log.exception("The health of the site could not be asked of the database.")
        return JsonResponse({"status": "fail"}, status=503)
    body: dict[str, object] = {"status": "pass" if found.well else "fail"}
    if _may_see(request):
        overdue = {lane: round(seconds, 1) for lane, seconds in found.overdue.items()}
        seen = None if found.worker_seen is None else round(found.worker_seen, 1)
        body |= {
            "overdue_seconds": overdue,
            "limit_seconds": found.limit,
            "worker_seen_seconds": seen,
            "clock_skew_seconds": round(found.clock_skew, 1),
            "problems": list(found.problems),
        }
        warnings = read_warnings(timezone.now())
        if warnings:
            body |= {"warnings": warnings, "status": "warn" if found.well else "fail"}
    return JsonResponse(body, status=200 if found.well else 503)


@require_safe
@never_cache
@transaction.non_atomic_requests
def figures(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text form, for whoever sends the token."""
    if len(settings().metrics_token) < SHORTEST_TOKEN:
        return problem(
            Refusal(
                404, "not_published", "This site publishes no figures: MICROCRED['METRICS_TOKEN'] is not set."
            )
        )
    if not _may_see(request):
        return problem(
            Refusal(
                401,
                "token_missing",
                "Send the token of the site as “Authorization: Bearer …”.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        )
    try:
        from .figures import CONTENT_TYPE, as_text
    except ImportError:
        return problem(
            Refusal(
                501,
                "not_installed",
                "Install prometheus-client beside Microcred: pip install microcred[metrics].",
            )
        )
    return HttpResponse(as_text(read_figures(timezone.now())), content_type=CONTENT_TYPE)


def _may_see(request: HttpRequest) -> bool:
    wanted = settings().metrics_token
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return (
        len(wanted) >= SHORTEST_TOKEN
        and kind.lower() == "bearer"
        and hmac.compare_digest(given.strip().encode(), wanted.encode())
    )


operation_urls = [
    path("health", health, name="operate-health"),
    path("metrics", figures, name="operate-metrics"),
]
