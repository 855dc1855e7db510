"""Many credentials checked at once: a pile of files, a zip, a list of addresses; the report as page, sheet or JSON."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.applets.audit import api as audit
from microcred_app.bulk_checking import (
    MAX_ITEMS,
    MAX_UPLOAD,
    BulkRefused,
    HandedIn,
    check_many,
    report_csv,
    report_json,
)
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show

__all__ = ["checking_urls"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def check_badges(request: HttpRequest) -> HttpResponse:
    """The form, and the report on what was handed in. What was handed in is not kept; the report's digest is logged."""
    person = person_id(request)
    permissions.require_somewhere(person, permissions.Action.VIEW_AUDIT)
    limits = {"limit": MAX_ITEMS, "megabytes": MAX_UPLOAD // 1_000_000}
    if request.method != "POST":
        return show(request, "checking", "checking", limits)
    now = timezone.now()
    try:
        checked = check_many(_handed_in(request), now=now)
    except BulkRefused as error:
        return show(request, "checking", "checking", {**limits, "problem": str(error)}, status=400)
    report = report_json(checked, now=now)
    counts = Counter(line.verdict for line in checked)
    audit.record(
        "credentials.checked",
        object_type="report",
        object_id=sha256(report).hexdigest(),
        actor_id=person,
        now=now,
        details=dict(counts),
        issuer_slug=permissions.acting_for(person, permissions.Action.VIEW_AUDIT),
    )
    wanted = request.POST.get("report", "page")
    if wanted == "csv":
        return _file(
            report_csv(checked).encode("utf-8-sig"), "text/csv; charset=utf-8", f"{now:%Y-%m-%d-%H%M}.csv"
        )
    if wanted == "json":
        return _file(report, "application/json", f"{now:%Y-%m-%d-%H%M}.json")
    context = {**limits, "checked": checked, "counts": counts, "digest": sha256(report).hexdigest()}
    return show(request, "checking", "checking", context)


def _handed_in(request: HttpRequest) -> list[HandedIn]:
    files = request.FILES.getlist("files")
    if sum(file.size or 0 for file in files) > MAX_UPLOAD:
        raise BulkRefused(_("Hand in at most {limit} MB at once.").format(limit=MAX_UPLOAD // 1_000_000))
    given = [HandedIn(file.name or "file", file.read()) for file in files]
    pasted = request.POST.get("addresses", "").strip()
    return [*given, HandedIn("addresses.txt", pasted.encode())] if pasted else given


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="checked-{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


checking_urls = [path("registrar/check", check_badges, name="registrar-checking")]
