"""Importing a framework: choose files, read what they would do, say yes to exactly that."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from microcred_app.applets.skills import api as skills
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show

__all__ = ["skill_import_urls"]

MAX_FILES = 10
#: So many changes and names of each kind are told; the report says how many there are.
TOLD = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def import_form(request: HttpRequest) -> HttpResponse:
    """The form; when files come in, the dry run with everything it found and nothing written."""
    person = person_id(request)
    permissions.require_somewhere(person, permissions.Action.MANAGE_SKILLS)
    if request.method != "POST":
        return _form(request, {"framework": request.GET.get("framework", "")})
    files, problem = _read_files(request)
    framework, format_name = _choice(request), request.POST.get("format", "auto")
    if not problem and not framework.key:
        problem = _("Choose a framework, or write the key of a new one.")
    if problem:
        return _form(request, request.POST, problem=problem)
    retire = request.POST.get("retire_missing") == "yes"
    report = skills.preview_import(
        files, framework, format_name=format_name, retire_missing=retire, now=timezone.now()
    )
    if not report.can_import:
        return _form(request, request.POST, report=report)
    kept = skills.keep_import(person, files, framework, format_name=format_name, retire_missing=retire)
    return _dry_run(request, kept, report)


@require_POST
@never_cache
@registrar_page
def import_confirm(request: HttpRequest) -> HttpResponse:
    """Import what the dry run showed; when the catalogue changed meanwhile, show the dry run again."""
    person = person_id(request)
    permissions.require_somewhere(person, permissions.Action.MANAGE_SKILLS)
    try:
        kept = skills.waiting_import(person, request.POST.get("token", ""))
    except skills.ImportGone as error:
        return _form(request, {}, problem=str(error))
    if request.POST.get("answer") != "yes":
        skills.drop_import(person)
        messages.info(request, _("Nothing was imported."))
        return redirect("microcred_app:registrar-skill-import")
    options: dict[str, Any] = {"format_name": kept.format_name, "retire_missing": kept.retire_missing}
    report = skills.preview_import(kept.files, kept.framework, **options, now=timezone.now())
    if report.can_import and request.POST.get("seen") != _fingerprint(report):
        problem = _("The catalogue changed since you looked. This is what the import would do now.")
        return _dry_run(request, kept, report, problem=problem)
    try:
        done = skills.import_skills(
            kept.files, kept.framework, **options, actor_id=person, now=timezone.now()
        )
    except skills.ImportRefused as error:
        return _form(request, {"framework": kept.framework.key}, report=error.report)
    skills.drop_import(person)
    messages.success(request, _say_done(done))
    return redirect(f"{reverse('microcred_app:registrar-skills')}?framework={done.framework_key}")


def _read_files(request: HttpRequest) -> tuple[list[skills.SourceFile], str]:
    """The files as they were handed in, or what is wrong with them before anybody reads them."""
    given: list[UploadedFile] = request.FILES.getlist("files")
    if not given:
        return [], _("Choose at least one file.")
    if len(given) > MAX_FILES:
        return [], _("Choose at most {limit} files at once.").format(limit=MAX_FILES)
    for file in given:
        if (file.size or 0) > skills.MAX_BYTES:
            return [], _("“{name}” is larger than {limit} megabytes. Split it.").format(
                name=file.name, limit=skills.MAX_BYTES // 1_048_576
            )
    return [skills.SourceFile(str(file.name), file.read()) for file in given], ""


def _choice(request: HttpRequest) -> skills.FrameworkChoice:
    given = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in _TEXTS}
    return skills.FrameworkChoice(
        key=given["new_key"] or given["framework"],
        name=given["name"],
        url=given["url"],
        version=given["version"],
        language=given["language"],
    )


_TEXTS = ("framework", "new_key", "name", "url", "version", "language")


def _form(
    request: HttpRequest, typed: Any, *, problem: str = "", report: skills.ImportReport | None = None
) -> HttpResponse:
    context = {
        "frameworks": skills.list_frameworks(),
        "formats": skills.FORMATS,
        "typed": typed,
        "problem": problem,
        "report": report,
        "megabytes": skills.MAX_BYTES // 1_048_576,
    }
    return show(request, "skills", "skill_import", context, status=400 if problem or report else 200)


def _dry_run(
    request: HttpRequest, kept: skills.WaitingImport, report: skills.ImportReport, *, problem: str = ""
) -> HttpResponse:
    context = {
        "kept": kept,
        "report": report,
        "seen": _fingerprint(report),
        "told": TOLD,
        "new": report.new[:TOLD],
        "changed": report.changed[:TOLD],
        "missing": report.missing[:TOLD],
        "duplicates": report.duplicates[:TOLD],
        "problem": problem,
    }
    return show(request, "skills", "skill_dry_run", context, status=409 if problem else 200)


def _fingerprint(report: skills.ImportReport) -> str:
    """One value for everything the dry run said."""
    return hashlib.sha256(repr(report).encode()).hexdigest()


def _say_done(report: skills.ImportReport) -> str:
    new = ngettext("{count} skill is new", "{count} skills are new", len(report.new))
    changed = ngettext("{count} changed", "{count} changed", len(report.changed))
    return _("Imported: {new}, {changed}, {unchanged} stayed as they were.").format(
        new=new.format(count=len(report.new)),
        changed=changed.format(count=len(report.changed)),
        unchanged=report.unchanged,
    )


skill_import_urls = [
    path("registrar/skills/import", import_form, name="registrar-skill-import"),
    path("registrar/skills/import/confirm", import_confirm, name="registrar-skill-import-confirm"),
]
