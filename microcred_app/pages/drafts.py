"""The pages on which a badge is drafted: begun, edited, judged and published.

Views are shells: what was typed is read by :mod:`.drafts_desk`, steps are taken by :mod:`.drafts_steps`, and the tree
is edited by :mod:`.builder`. A draft of another organisation is answered like one that does not exist.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.applets.badges import api as badges
from microcred_app.compat import platform
from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from .builder import act, is_builder_act
from .builder_rows import Titles
from .builder_words import GROUP_CHOICES, LEAF_CHOICES
from .drafts_desk import Desk, desk_of_draft, desk_of_post, preview_of, read_json
from .drafts_fields import label_of, say_value
from .drafts_steps import STEPS, take_step
from .registrar.frame import frame_of
from .shell import person_id, registrar_page

__all__ = ["draft_urls"]

EDIT = "microcred_app:registrar-draft"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def new_draft(request: HttpRequest) -> HttpResponse:
    """Begin the draft of a new badge: a name is enough."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.EDIT_DRAFTS)
    typed = {name: request.POST.get(name, "").strip()[:300] for name in ("name", "key", "kind", "issuer")}
    problems: dict[str, str] = {}
    if request.method == "POST":
        key = typed["key"] or slugify(typed["name"])[:100].strip("-")
        problems = _new_problems(typed, key, scope)
        if not problems:
            content = {name: typed[name] for name in ("name", "issuer")} | {"kind": typed["kind"] or "micro"}
            badges.open_draft(key, content, actor_id=person, now=timezone.now())
            return redirect(EDIT, key)
    context = {
        "typed": typed,
        "problems": problems,
        "issuers": [issuer for issuer in badges.list_issuers() if scope.covers(issuer.slug)],
    }
    return _in_frame(request, "new", context, status=400 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def edit_draft(request: HttpRequest, key: str) -> HttpResponse:
    """The draft of one badge; the button that was pressed says what happens."""
    person, now = person_id(request), timezone.now()
    draft = _find_draft(key, person)
    if draft is None or not draft.is_open:
        return _closed(request, key, draft, person)
    if request.method != "POST":
        return _show(request, desk_of_draft(draft, person, now), person)
    do = request.POST.get("do", "check")
    if do == "resolve":
        return _resolved(request, draft, person)
    desk = desk_of_post(draft, person, now, request)
    if is_builder_act(do):
        desk = desk.with_board(
            lambda board: act(board, do, request.POST, lambda form: Titles(form).name(form))
        )
    elif do == "preview":
        desk = preview_of(desk, person)
    elif do in STEPS:
        return _step(request, do, desk, person)
    return _show(request, desk, person)


def _step(request: HttpRequest, do: str, desk: Desk, person: int) -> HttpResponse:
    """Take a step; what the rooms refuse is shown beside what was typed."""
    try:
        said = take_step(do, desk, person, request.POST)
    except badges.EditConflict as conflict:
        return _conflict(request, desk, conflict)
    except badges.NotReady as error:
        return _show(
            request, desk, person, problem=_("It is not ready yet:"), details=error.details, status=400
        )
    except badges.ConfirmationNeeded as error:
        return _show(request, desk, person, problem=str(error), confirm=True, status=409)
    except badges.DraftRefused as error:
        details = tuple(f"{label_of(name)}: {text}" for name, text in error.problems.items())
        return _show(request, desk, person, problem=_("Not saved yet:"), details=details, status=400)
    except (badges.BadgeError, permissions.NotAllowed) as error:
        return _show(request, desk, person, problem=str(error), status=error.http_status)
    messages.success(request, said)
    if do == "publish" and _may_award(desk.draft.key, person):
        return redirect("microcred_app:registrar-backfill", desk.draft.key)
    return (
        redirect("microcred_app:registrar-badges")
        if do in ("publish", "discard")
        else redirect(EDIT, desk.draft.key)
    )


def _may_award(key: str, person: int) -> bool:
    """Whether the badge can be earned now, and this person may award it to everybody who has met it already.

    Then the next page is that preview: what a rule does to people of the past is seen before it happens.
    """
    badge = badges.latest_badges([key]).get(key)
    return (
        badge is not None
        and badge.can_be_earned(timezone.now())
        and permissions.may(person, permissions.Action.RUN_JOBS, badge.issuer.slug)
    )


def _show(
    request: HttpRequest,
    desk: Desk,
    person: int,
    *,
    problem: str = "",
    details: tuple[str, ...] = (),
    confirm: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page, or for the script the two parts of it that change."""
    draft = desk.draft
    wrote = settings().two_person_approval and person in (draft.edited_by, draft.submitted_by)
    context: dict[str, Any] = {
        "desk": desk,
        "draft": draft,
        "problem": problem,
        "details": details,
        "confirm": confirm,
        "leaf_choices": LEAF_CHOICES,
        "group_choices": GROUP_CHOICES,
        "roles": list(permissions.Role),
        "two_people": settings().two_person_approval,
        "wrote_it": wrote,
        "comments": [(note, _person_name(note.written_by)) for note in badges.comments_of_draft(draft.key)],
        "edited_by": _person_name(draft.edited_by),
    }
    fragment = request.method == "POST" and request.POST.get("fragment") == "1"
    if fragment:
        return render(request, "microcred_app/builder/fragment.html", context, status=status)
    return _in_frame(request, "draft", context, status=status)


def _in_frame(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shown = {**frame_of(request, "badges"), **context}
    return render(request, f"microcred_app/builder/{template}.html", shown, status=status)


def _conflict(request: HttpRequest, desk: Desk, conflict: badges.EditConflict) -> HttpResponse:
    """Both versions field by field; everything typed travels on to the next step."""
    mine = {change.field: change.after for change in conflict.mine}
    fields = [
        {
            "name": change.field,
            "label": label_of(change.field),
            "before": say_value(change.field, change.before),
            "theirs": say_value(change.field, change.after),
            "mine": say_value(change.field, mine.get(change.field, change.before)),
            "clashes": change.field in conflict.clashing,
        }
        for change in conflict.theirs
    ]
    kept = {change.field: change.before for change in conflict.theirs} | mine
    context = {
        "draft": conflict.current,
        "fields": fields,
        "mine_only": [
            (label_of(change.field), say_value(change.field, change.after))
            for change in conflict.mine
            if change.field not in {theirs.field for theirs in conflict.theirs}
        ],
        "who": _person_name(conflict.current.edited_by),
        "mine_text": json.dumps(kept),
    }
    return _in_frame(request, "conflict", context, status=409)


def _resolved(request: HttpRequest, draft: badges.Draft, person: int) -> HttpResponse:
    """The draft of the other person with what this one keeps; nothing is stored before they save."""
    mine = read_json(request.POST.get("mine", ""))
    chosen = {
        name: value for name, value in mine.items() if request.POST.get(f"take-{name}", "mine") == "mine"
    }
    desk = desk_of_draft(draft, person, timezone.now(), chosen)
    messages.info(request, _("Your choices stand below and are not saved yet. Look them over, then save."))
    return _show(request, desk, person)


def _closed(request: HttpRequest, key: str, draft: badges.Draft | None, person: int) -> HttpResponse:
    """Nobody drafts this badge now: begin its next version, if this person may."""
    badge = badges.latest_badges([key]).get(key)
    slug = badge.issuer.slug if badge else str(draft.content.get("issuer", "")) if draft else ""
    if not slug or not permissions.may(person, permissions.Action.VIEW_DEFINITIONS, slug):
        raise badges.DraftNotFound(_("There is no draft of a badge “{key}”.").format(key=key))
    if request.method == "POST":
        permissions.require(person, permissions.Action.EDIT_DRAFTS, slug)
        content = {} if badge or draft is None else draft.content
        badges.open_draft(key, content, actor_id=person, now=timezone.now())
        return redirect(EDIT, key)
    may_begin = permissions.may(person, permissions.Action.EDIT_DRAFTS, slug)
    name = badge.name if badge else str(draft.content.get("name", "")) if draft else key
    context = {"badge": badge, "draft": draft, "name": name or key, "may_begin": may_begin}
    return _in_frame(request, "closed", context)


def _find_draft(key: str, person: int) -> badges.Draft | None:
    """The draft if there is one that this person may see. Raises as if there were none."""
    try:
        draft = badges.get_draft(key)
    except badges.DraftNotFound:
        return None
    if draft.is_open and not permissions.may(
        person, permissions.Action.VIEW_DEFINITIONS, str(draft.content.get("issuer", ""))
    ):
        raise badges.DraftNotFound(_("There is no draft of a badge “{key}”.").format(key=key))
    return draft


def _new_problems(typed: dict[str, str], key: str, scope: permissions.Scope) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not typed["name"]:
        problems["name"] = _("Give it a name.")
    if not scope.covers(typed["issuer"]) or not typed["issuer"]:
        problems["issuer"] = _("Choose the organisation that issues this badge.")
    wrong = badges.key_problem(key)
    if wrong and (typed["name"] or typed["key"]):
        problems["key"] = wrong
    elif key and (badges.latest_badges([key]) or _is_drafted(key)):
        problems["key"] = _("A badge “{key}” exists already. Choose another key.").format(key=key)
    if typed["kind"] not in ("", "micro", "macro"):
        problems["kind"] = _("Choose micro (one skill) or macro (a stack).")
    return problems


def _is_drafted(key: str) -> bool:
    try:
        return badges.get_draft(key).is_open
    except badges.DraftNotFound:
        return False


def _person_name(user_id: int | None) -> str:
    return platform().learner_name(user_id) if user_id is not None else _("the command line")


draft_urls = [
    path("registrar/badges/new", new_draft, name="registrar-draft-new"),
    path("registrar/badges/<slug:key>/edit", edit_draft, name="registrar-draft"),
]
