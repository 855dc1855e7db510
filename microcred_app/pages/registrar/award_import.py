"""Importing badges and awards of other systems: choose files, read what they would do, say yes to exactly that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from microcred_app.applets.badges import api as badges
from microcred_app.applets.imports import api as imports
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .people import names_of

__all__ = ["award_import_urls"]

MAX_FILES = 20
#: What is written while a browser waits; larger files are read by the command.
MOST_BYTES = 10_000_000
MOST_AWARDS = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def import_form(request: HttpRequest) -> HttpResponse:
    """The form and earlier imports; when files come in, the preview, with nothing written."""
    person = person_id(request)
    permissions.require_somewhere(person, permissions.Action.RUN_JOBS)
    if request.method != "POST":
        return _form(request)
    try:
        files = _read_files(request)
        choice = imports.ImportChoice(
            request.POST.get("organisation", "")[:80], make_drafts=request.POST.get("drafts") == "yes"
        )
        report = imports.preview_import(person, files, choice)
        if report.new_awards > MOST_AWARDS:
            raise imports.ImportRefused(
                _("More than {n} awards. Whoever runs the site imports them with a command.").format(
                    n=MOST_AWARDS
                )
            )
    except imports.ImportRefused as error:
        return _form(request, error)
    return _preview(request, report, imports.keep_files(person, files, choice))


@require_POST
@never_cache
@registrar_page
def import_confirm(request: HttpRequest) -> HttpResponse:
    """Import what the preview showed; when something changed meanwhile, show what it would do now."""
    person = person_id(request)
    permissions.require_somewhere(person, permissions.Action.RUN_JOBS)
    if request.POST.get("answer") != "yes":
        imports.drop_files(person)
        messages.info(request, _("Nothing was imported."))
        return redirect("microcred_app:registrar-award-import")
    token = request.POST.get("token", "")[:200]
    try:
        files, choice = imports.waiting_files(person, token)
        seen = request.POST.get("seen", "")[:100] or "-"
        done = imports.import_awards(person, files, choice, now=timezone.now(), seen=seen)
    except (imports.ImportGone, imports.ImportRefused) as error:
        return _form(request, error)
    imports.drop_files(person)
    messages.success(
        request,
        ngettext(
            "{n} award was imported. It stands under the learner’s badges of other systems.",
            "{n} awards were imported. They stand under the learners’ badges of other systems.",
            done.new_awards,
        ).format(n=done.new_awards),
    )
    return redirect("microcred_app:registrar-award-import")


def _read_files(request: HttpRequest) -> tuple[imports.SourceFile, ...]:
    uploads = [one for one in request.FILES.getlist("files") if isinstance(one, UploadedFile)]
    if len(uploads) > MAX_FILES:
        raise imports.ImportRefused(_("Choose at most {n} files.").format(n=MAX_FILES))
    if sum(one.size or 0 for one in uploads) > MOST_BYTES:
        raise imports.ImportRefused(
            _("The files are larger than {n} MB. Whoever runs the site imports them with a command.").format(
                n=MOST_BYTES // 1_000_000
            )
        )
    return tuple(imports.SourceFile(str(one.name or "file")[:100], one.read()) for one in uploads)


def _form(
    request: HttpRequest, error: imports.ImportRefused | imports.ImportGone | None = None
) -> HttpResponse:
    person = person_id(request)
    scope = permissions.scope_of(person, permissions.Action.RUN_JOBS)
    runs = imports.list_runs(scope.filter_slugs)
    names = names_of(run.imported_by for run in runs if run.imported_by is not None)
    context: dict[str, Any] = {
        "organisations": [one for one in badges.list_issuers() if scope.covers(one.slug)],
        "runs": [(run, names.get(run.imported_by or 0, "")) for run in runs],
        "typed": request.POST,
        "problem": str(error) if error else "",
        "problems": getattr(error, "problems", ()),
    }
    return show(request, "awards", "award_import", context, status=error.http_status if error else 200)


def _preview(request: HttpRequest, report: imports.ImportReport, token: str) -> HttpResponse:
    return show(request, "awards", "award_import_preview", {"report": report, "token": token})


award_import_urls = [
    path("registrar/import/", import_form, name="registrar-award-import"),
    path("registrar/import/confirm", import_confirm, name="registrar-award-import-confirm"),
]
