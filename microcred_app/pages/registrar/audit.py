"""The audit log: who decided what and why, whether the log is whole, and files to take away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from tempfile import SpooledTemporaryFile

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.audit import api as audit
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .audit_words import action_word
from .frame import show
from .people import names_of
from .query import (
    DayRange,
    Paging,
    read_days,
    read_numbered,
    read_paging,
    read_words,
)
from .sheets import stream_sheet

__all__ = ["audit_urls"]

#: A log up to this long is checked whenever somebody looks; a longer one when somebody asks.
CHECKED_AT_ONCE = 2_000
IN_MEMORY = 1_000_000


@require_safe
@never_cache
@registrar_page
def audit_list(request: HttpRequest) -> HttpResponse:
    """Decisions of the person's organisations, the newest first; and in words whether the log is whole."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_AUDIT)
    wanted, days = _wanted(request, scope)
    paging, found = _page_of(request, wanted) if not days.problem else (read_paging(request, 0), ())
    names = names_of(entry.actor_id for entry in found)
    checks = "check" in request.GET or audit.chain_length() <= CHECKED_AT_ONCE
    context = {
        "rows": [(entry, names.get(entry.actor_id or 0, ""), _details(entry)) for entry in found],
        "actions": sorted(
            ((action, action_word(action)) for action in audit.known_actions(scope.filter_slugs)),
            key=lambda pair: pair[1],
        ),
        "wanted": wanted,
        "who": read_words(request, "who"),
        "days": days,
        "paging": paging,
        "query": request.GET.urlencode(),
        "chain": audit.check_database() if checks else None,
        "chain_length": audit.chain_length(),
        "sees_everything": scope.everywhere,
    }
    return show(request, "audit", "audit", context, status=400 if days.problem else 200)


def _page_of(request: HttpRequest, wanted: audit.EntryFilter) -> tuple[Paging, tuple[audit.Entry, ...]]:
    return read_numbered(
        request,
        count=partial(audit.count_entries, wanted),
        find=partial(audit.find_entries, wanted),
        place_of=audit.place_of,
    )


@require_safe
@never_cache
@registrar_page
def audit_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same list, all of it, as a file for spreadsheets."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_AUDIT)
    wanted, days = _wanted(request, scope)
    if days.problem:
        return audit_list(request)
    header = (
        _("Place in the log"), _("At (UTC)"), _("Who"), _("Reference of the person"), _("Action"),
        _("Organisation"), _("Kind of thing"), _("Thing"), _("Reason"), _("Details"), _("Hash"),
    )  # fmt: skip
    return stream_sheet(f"audit-{timezone.now():%Y-%m-%d}", header, _sheet_rows(wanted))


@require_safe
@never_cache
@registrar_page
def audit_chain(request: HttpRequest) -> HttpResponseBase:
    """The log as hash-chained lines that anybody can check; of all organisations, so for those who see all."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_AUDIT)
    if not scope.everywhere:
        raise permissions.NotAllowed(
            _(
                "The chain holds the decisions of every organisation. Ask whoever administers this site for it."
            )
        )
    days = read_days(request)
    if days.problem:
        return audit_list(request)
    # Handed over to the response, which closes it.
    stream = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    audit.export_entries(stream, since=days.since, until=days.until)
    stream.seek(0)
    name = f"audit-{timezone.now():%Y-%m-%d}.jsonl"
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/jsonl")


def _wanted(request: HttpRequest, scope: permissions.Scope) -> tuple[audit.EntryFilter, DayRange]:
    days = read_days(request)
    who = read_words(request, "who")
    wanted = audit.EntryFilter(
        scope.filter_slugs,
        action=read_words(request, "action"),
        object_text=read_words(request, "thing"),
        actor_ids=offices.people_called(who) if who else None,
        since=days.since,
        until=days.until,
    )
    return wanted, days


def _details(entry: audit.Entry) -> str:
    return json.dumps(entry.details, ensure_ascii=False, sort_keys=True, indent=1) if entry.details else ""


def _sheet_rows(wanted: audit.EntryFilter) -> Iterator[tuple[object, ...]]:
    for piece in audit.iterate_entries(wanted):
        names = names_of(entry.actor_id for entry in piece)
        for entry in piece:
            details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True)
            yield (
                entry.sequence, entry.at, names.get(entry.actor_id or 0, ""), entry.actor_reference,
                entry.action, entry.issuer_slug, entry.object_type, entry.object_id, entry.reason, details,
                entry.entry_hash,
            )  # fmt: skip


audit_urls = [
    path("registrar/audit/", audit_list, name="registrar-audit"),
    path("registrar/audit.csv", audit_sheet, name="registrar-audit-csv"),
    path("registrar/audit.jsonl", audit_chain, name="registrar-audit-chain"),
]
