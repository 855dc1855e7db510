"""Sign-offs for a list of people: hand it in, look at what each row would do, start it, watch it, take it back."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app import signoff_lists
from microcred_app.applets.audit import api as audit
from microcred_app.applets.signoff_lists import api as lists
from microcred_app.permissions import api as permissions
from microcred_app.signoffs import SignOffRefused, sign_off_tasks

from ..paging import read_place
from ..shell import person_id, registrar_page
from .frame import show
from .jobs import Lever
from .people import names_of
from .sheets import stream_sheet

__all__ = ["signoff_list_urls"]

#: No key and no role holds it.
_BETWEEN = "\t"
#: A list of so many rows is checked while its owner waits.
SHORT_LIST = 500
WAIT_SECONDS = 4.0
ON_A_PAGE = 50

STATES: dict[str, Promise] = {
    "checking": gettext_lazy("being checked"),
    "ready": gettext_lazy("waits for your yes"),
    "running": gettext_lazy("running"),
    "paused": gettext_lazy("paused"),
    "cancelled": gettext_lazy("cancelled"),
    "done": gettext_lazy("done"),
    "undoing": gettext_lazy("is being undone"),
    "undone": gettext_lazy("undone"),
}
VERDICTS: dict[str, Promise] = {
    "unchecked": gettext_lazy("Not checked yet."),
    "earns": gettext_lazy("Will be signed off."),
    "lacks": gettext_lazy("Will be signed off, and earns nothing yet."),
    "signed": gettext_lazy("Signed off already. A later day would make it a new sign-off."),
    "holds": gettext_lazy("Holds the badge already."),
    "unknown": gettext_lazy("There is no open account with this user name, e-mail address or id."),
    "several": gettext_lazy("Several people have this address. Write the user name."),
    "oneself": gettext_lazy("This is you. Somebody else has to sign off for you."),
    "twice": gettext_lazy("This person is further up in the list."),
    "bad_day": gettext_lazy(
        "The day is none on which it can have been seen. Write it as in 2026-03-31; at most ten years ago."
    ),
    "bad_link": gettext_lazy("The evidence is no link. It begins with https://."),
    "broken": gettext_lazy(
        "The row cannot be read: it names nobody, is too long, has a quotation mark that is not closed, or is not "
        "UTF-8."
    ),
    "done": gettext_lazy("Signed off."),
    "failed": gettext_lazy("It failed. Try this person again; if it fails again, ask whoever runs the site."),
}
#: What may be asked of the rows, by the word in the address.
_SHOWN: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "": (gettext_lazy("Every row"), ()),
    "will": (gettext_lazy("Will be signed off"), lists.CAN_BE_DONE),
    "not": (gettext_lazy("Cannot be done"), lists.CANNOT_BE_DONE),
    "done": (gettext_lazy("Signed off"), ("done",)),
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def all_lists(request: HttpRequest) -> HttpResponse:
    """The form, and the lists that there are."""
    person = person_id(request)
    permissions.require_somewhere(person, permissions.Action.SIGN_OFF)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            found = _hand_in(request, person)
        except SignOffRefused as error:
            problems = {{"key": "task"}.get(field, field): text for field, text in error.problems.items()}
        except lists.ListFileRefused as error:
            problems = {"file": str(error)}
        else:
            return redirect("microcred_app:registrar-list", found.id)
    page = signoff_lists.page_lists(person, after=read_place(request), limit=ON_A_PAGE)
    names = names_of(one.handed_in_by for one in page.items)
    context: dict[str, Any] = {
        "tasks": [(f"{task.key}{_BETWEEN}{task.role}", task) for task in sign_off_tasks(person)],
        "lists": [(one, str(STATES[one.state]), names.get(one.handed_in_by or 0, "")) for one in page.items],
        "next": "|".join(page.next) if page.next else "",
        "typed": request.POST,
        "problems": problems,
        "sees_badges": bool(permissions.scope_of(person, permissions.Action.VIEW_DEFINITIONS)),
        "most_rows": lists.MOST_ROWS,
        "most_megabytes": lists.MOST_BYTES // 1_000_000,
    }
    return show(request, "lists", "signoff_lists", context, status=400 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def one_list(request: HttpRequest, signoff_list_id: str) -> HttpResponse:
    """One list: what each row would do or did, and what can be done with it now."""
    person = person_id(request)
    info = signoff_lists.get_list(person, signoff_list_id)
    problem = ""
    if request.method == "POST":
        try:
            said = _pull(request, person, info)
        except (SignOffRefused, lists.ListRefused) as error:
            problem = str(error)
            info = signoff_lists.get_list(person, signoff_list_id)
        else:
            messages.success(request, said)
            if request.POST.get("lever") == "drop":
                return redirect("microcred_app:registrar-lists")
            return redirect("microcred_app:registrar-list", info.id)
    asked = request.GET.get("rows", "")
    asked = asked if asked in _SHOWN else ""
    place = request.GET.get("after", "")
    rows = signoff_lists.page_rows(
        person, info.id, verdicts=_SHOWN[asked][1], after=(place,) if place else None, limit=ON_A_PAGE
    )
    history = audit.list_entries(object_type="signoff_list", object_id=info.id)
    names = names_of((info.handed_in_by, *(entry.actor_id for entry in history)))
    people = names_of(row.learner_id for row in rows.items)
    seen = {(entry.action, entry.at): entry for entry in history}  # each organisation has its own line
    context = {
        **_progress(info),
        "owner": names.get(info.handed_in_by or 0, ""),
        "rows": [
            (row, people.get(row.learner_id or 0, ""), str(VERDICTS[row.verdict])) for row in rows.items
        ],
        "next": rows.next[0] if rows.next else "",
        "asked": asked,
        "choices": [(word, str(title)) for word, (title, _verdicts) in _SHOWN.items()],
        "is_later_page": bool(place),
        "history": [(entry, names.get(entry.actor_id or 0, "")) for entry in seen.values()],
        "levers": _levers(person, info),
        "in_grace": info.hold_until is not None and timezone.now() < info.hold_until,
        "problem": problem,
        "pulled": request.POST.get("lever", ""),
        "reason": request.POST.get("reason", ""),
    }
    return show(request, "lists", "signoff_list", context, status=409 if problem else 200)


@require_safe
@never_cache
@registrar_page
def list_progress(request: HttpRequest, signoff_list_id: str) -> HttpResponse:
    """Only the bar and its numbers, for a page that keeps itself up to date."""
    info = signoff_lists.get_list(person_id(request), signoff_list_id)
    return render(request, "microcred_app/registrar/signoff_list_progress.html", _progress(info))


@require_safe
@never_cache
@registrar_page
def mend_sheet(request: HttpRequest, signoff_list_id: str) -> HttpResponseBase:
    """The rows that cannot be done, with why, in the columns of a list: mended, it can be handed in again."""
    info = signoff_lists.get_list(person_id(request), signoff_list_id)
    rows = (
        (row.who, row.day, row.reason, row.link, row.number, str(VERDICTS[row.verdict]))
        for row in lists.iterate_mendable(info.id)
    )
    return stream_sheet("rows-to-mend", (*lists.COLUMNS, "row", "problem"), rows)


def _hand_in(request: HttpRequest, person: int) -> lists.ListInfo:
    key, between, role = request.POST.get("task", "").partition(_BETWEEN)
    if not between:
        raise SignOffRefused("key", _("Choose what you sign off."))
    upload = request.FILES.get("file")
    pasted = request.POST.get("pasted", "")
    if isinstance(upload, UploadedFile) and pasted.strip():
        raise SignOffRefused("file", _("Choose a file or paste a list, not both."))
    if isinstance(upload, UploadedFile):
        if (upload.size or 0) > lists.MOST_BYTES:
            raise lists.ListFileRefused(
                _("The file is larger than {n} MB. Split it.").format(n=lists.MOST_BYTES // 1_000_000)
            )
        file = lists.ListFile(str(upload.name or ""), upload)
    else:
        file = lists.ListFile("", io.BytesIO(pasted.encode("utf-8", "surrogatepass")))
    now = timezone.now()
    found = signoff_lists.hand_in_file(person, key, role, file, now=now)
    if found.total <= SHORT_LIST:
        signoff_lists.check_at_once(found.id, now=now, seconds=WAIT_SECONDS)
    return found


def _progress(info: lists.ListInfo) -> dict[str, object]:
    return {
        "list": info,
        "state_word": str(STATES[info.state]),
        "is_moving": info.state in ("checking", "running", "undoing"),
    }


def _pull(request: HttpRequest, person: int, info: lists.ListInfo) -> str:
    """Do what was asked, and say what was done."""
    lever, reason, now = request.POST.get("lever", ""), request.POST.get("reason", ""), timezone.now()
    if lever == "start":
        count = request.POST.get("count", "")
        number = int(count) if count.isascii() and count.isdigit() and len(count) < 10 else -1
        signoff_lists.start_list(person, info.id, count=number, reason=reason, now=now)
        return _("It has begun. What it earns is awarded as it goes on.")
    if lever == "drop":
        signoff_lists.drop_list(person, info.id)
        return _("The list was thrown away. Nothing was signed off.")
    signoff_lists.pull_lever(person, info.id, lever, reason=reason, now=now)
    return {
        "pause": _("Paused. Nothing is lost; resume it whenever you want."),
        "resume": _("It goes on where it stopped."),
        "cancel": _("Cancelled. What it did until now stands."),
        "undo": _("Every sign-off and every award of this list is being taken back."),
    }[lever]


def _levers(person: int, info: lists.ListInfo) -> list[Lever]:
    if info.state == "ready":
        start = Lever(
            "start",
            ngettext("Sign off {n} person", "Sign off {n} people", info.can_be_done).format(n=info.can_be_done),
            _("You answer for each of them with your name. What it earns is awarded at once; wallets, mails and other "
              "systems are told after the grace period, some at a time."),
            needs_reason=True,
        )  # fmt: skip
        drop = Lever("drop", _("Throw the list away"), _("Nothing is signed off."))
        return [start, drop] if info.can_be_done else [drop]
    pause = Lever("pause", _("Pause"), _("Stops after the pieces at hand. Nothing is lost."))
    resume = Lever("resume", _("Resume"), _("Goes on where it stopped."))
    cancel = Lever(
        "cancel", _("Cancel"), _("Ends it here for good. What was signed off stands until you undo it.")
    )
    undo = Lever(
        "undo",
        _("Undo"),
        _("Takes back every sign-off of this list and every award it led to. Who is on a better list afterwards is "
          "given the badge again."),
        needs_reason=True,
        is_grave=True,
    )  # fmt: skip
    ended = [undo] if info.signed and signoff_lists.may_undo(person, info) else []
    return {"running": [pause, cancel], "paused": [resume, cancel], "done": ended, "cancelled": ended}.get(
        info.state, []
    )


signoff_list_urls = [
    path("registrar/lists/", all_lists, name="registrar-lists"),
    path("registrar/lists/<uuid:signoff_list_id>", one_list, name="registrar-list"),
    path("registrar/lists/<uuid:signoff_list_id>/progress", list_progress, name="registrar-list-progress"),
    path("registrar/lists/<uuid:signoff_list_id>/mend", mend_sheet, name="registrar-list-mend"),
]
