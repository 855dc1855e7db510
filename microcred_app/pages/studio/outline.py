"""Units for a whole course: the proposal, the sheet, a look at what it would do, and the building. No scripts."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from microcred_app.compat import platform
from microcred_app.errors import MicrocredError
from microcred_app.learning import outline

from .shell import author_of, author_page

__all__ = ["build_sheet", "download_sheet", "preview_sheet", "show_outline"]

#: A sheet of the largest course has a few hundred kilobytes, and forms above 2.5 MB are refused by Django itself.
MAX_BYTES = 1_000_000
SHOWN = 300


class SheetRefused(MicrocredError):
    """There is no sheet to read in the request."""

    code = "sheet_refused"


@author_page
@require_safe
def show_outline(request: HttpRequest, course_key: str) -> HttpResponse:
    """What the course could become, and the form for the edited sheet."""
    return _page(request, course_key, {})


@author_page
@require_safe
def download_sheet(request: HttpRequest, course_key: str) -> HttpResponse:
    """The proposal for a spreadsheet; with the mark that Excel needs to read UTF-8."""
    text = outline.write_sheet(outline.propose_units(course_key))
    response = HttpResponse(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="units.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@author_page
@require_POST
def preview_sheet(request: HttpRequest, course_key: str) -> HttpResponse:
    """What the handed-in sheet would do, or what is wrong with it; nothing is written."""
    file = request.FILES.get("sheet")
    if file is None:
        return _page(request, course_key, {"error": _("Choose the edited sheet first.")}, status=400)
    if (file.size or 0) > MAX_BYTES:
        message = _("The sheet is larger than {most} kB. Hand in part of it at a time.")
        return _page(request, course_key, {"error": message.format(most=MAX_BYTES // 1000)}, status=413)
    content = file.read()
    return _preview(request, course_key, content)


@author_page
@require_POST
def build_sheet(request: HttpRequest, course_key: str) -> HttpResponse:
    """Builds what was looked at. When the course changed meanwhile, the faults are shown and nothing is built."""
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content or len(content) > MAX_BYTES:
        raise SheetRefused(_("Hand in the sheet again: it did not arrive whole."))
    try:
        keys = outline.build_outline(course_key, content, author_id=author_of(request), now=timezone.now())
    except outline.OutlineRefused:
        return _preview(request, course_key, content)
    units = [{"url": platform().studio_url(key)} for key in keys]
    if len(units) == 1:
        return redirect(units[0]["url"])
    plan = {"built": len(keys), "first": units[0]["url"]}
    return _page(request, course_key, plan)


def _preview(request: HttpRequest, course_key: str, content: bytes) -> HttpResponse:
    plan = outline.plan_outline(course_key, content)
    context = {
        "plan": plan,
        "shown": plan.units[:SHOWN],
        "content": base64.b64encode(content).decode() if not plan.problem_count and plan.units else "",
        "more_problems": max(0, plan.problem_count - len(plan.problems)),
        "more_units": max(0, len(plan.units) - SHOWN),
    }
    return _page(request, course_key, context, status=400 if plan.problem_count else 200)


def _page(request: HttpRequest, course_key: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    proposals = [] if "plan" in context else outline.propose_units(course_key)
    shared = {
        "course_key": course_key,
        "course_title": platform().course_title(course_key),
        "proposals": proposals[:SHOWN],
        "count": len(proposals),
    }
    return render(request, "microcred_app/studio/outline.html", {**shared, **context}, status=status)
