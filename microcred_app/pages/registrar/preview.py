"""Before a back-fill acts: who would gain, who would not be given it any more, as a list, as a file, and the start.

Computing it reads every learner whom the rule can concern. Few are answered at once; for many it is a job of its own,
whose progress the page shows. What was found is kept for some minutes while somebody turns its pages. Starting
computes a small preview anew: what is confirmed is what is true at that moment. A large one is confirmed as it was
found, if that is still fresh and no definition changed since; the back-fill looks at everybody again in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .people import people_of
from .query import PAGE_SIZE, read_paging, read_words
from .sheets import stream_sheet

__all__ = ["preview_urls"]

CHUNK = 500
#: The lists of a preview, and what each is called.
LISTS: dict[str, Promise] = {
    "gains": gettext_lazy("Would gain it"),
    "keeps": gettext_lazy("Hold it and meet the rule"),
    "no_longer": gettext_lazy("Hold it and no longer qualify"),
    "taken_back": gettext_lazy("Meet the rule, but it was revoked"),
}


@dataclass(frozen=True)
class Computed:
    """A preview and the moment it was true."""

    at: datetime
    preview: backfill.Preview

    def ids(self, name: str) -> tuple[int, ...]:
        """The learners of one of the lists."""
        return tuple(getattr(self.preview, name))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def backfill_preview(request: HttpRequest, key: str) -> HttpResponse:
    """What granting the version in force to everybody who has met it would do; and the button that does it."""
    person = person_id(request)
    badge = _badge_for(request, key)
    if request.method != "POST":
        info = _requested(badge, person, again="again" in request.GET)
        if "again" in request.GET:  # whoever loads the page once more does not begin once more
            return redirect("microcred_app:registrar-backfill", key)
        computed = _computed(info)
        return _under_way(request, badge, info) if computed is None else _page(request, badge, computed)
    permissions.require(person, permissions.Action.RUN_JOBS, badge.issuer.slug)
    info = backfill.preview_as_of_now(badge.key, badge.requirement, actor_id=person, now=timezone.now())
    computed = _computed(info)
    if computed is None:
        return _under_way(
            request, badge, info, problem=_("The numbers are computed anew. Look at them before you start.")
        )
    problem = _changed_meanwhile(request, computed)
    if problem:
        return _page(request, badge, computed, problem=problem)
    try:
        backfill.require_confirmed_reach(computed.preview, confirmed=request.POST.get("sure") == "yes")
        started = backfill.start_batch(key, actor_id=person, now=timezone.now())
    except badges.ConfirmationNeeded as error:
        return _page(request, badge, computed, problem=str(error), ask_again=True)
    except backfill.BatchRefused as error:
        return _page(request, badge, computed, problem=str(error))
    messages.success(request, _("The back-fill is under way. It goes on when you leave this page."))
    return redirect("microcred_app:registrar-job", started.id)


@require_safe
@never_cache
@registrar_page
def preview_progress(request: HttpRequest, key: str) -> HttpResponse:
    """Only the bar and its numbers, for a page that keeps itself up to date."""
    badge = _badge_for(request, key)
    context = {"badge": badge, "info": _requested(badge, person_id(request))}
    return render(request, "microcred_app/registrar/preview_progress.html", context)


@require_safe
@never_cache
@registrar_page
def preview_sheet(request: HttpRequest, key: str) -> HttpResponseBase:
    """The learners of a preview as a file for spreadsheets, every list with its name."""
    badge = _badge_for(request, key)
    computed = _computed(_requested(badge, person_id(request)))
    if computed is None:  # the page says how far it is
        return redirect("microcred_app:registrar-backfill", key)
    header = (_("Learner"), _("E-mail"), _("What would happen"), _("Computed (UTC)"))
    return stream_sheet(f"back-fill-preview-{key}", header, _sheet_rows(computed))


def _badge_for(request: HttpRequest, key: str) -> badges.PublishedBadge:
    """The version in force, for somebody who may see both the badge and its learners."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.VIEW_JOBS)
    badges.get_badge_row(key, issuer_slugs=scope.filter_slugs)
    badge = badges.current_badge(key)
    permissions.require(person, permissions.Action.VIEW_AWARDS, badge.issuer.slug)
    return badge


def _requested(badge: badges.PublishedBadge, person: int, *, again: bool = False) -> backfill.PreviewInfo:
    return backfill.request_preview(
        badge.key, badge.requirement, actor_id=person, now=timezone.now(), again=again
    )


def _computed(info: backfill.PreviewInfo) -> Computed | None:
    return None if info.preview is None else Computed(info.at, info.preview)


def _under_way(
    request: HttpRequest, badge: badges.PublishedBadge, info: backfill.PreviewInfo, *, problem: str = ""
) -> HttpResponse:
    """How far a large preview is."""
    sentence = badges.criteria_text(badge.requirement, badges.names_for([badge.requirement]))
    context = {"badge": badge, "sentence": sentence, "info": info, "problem": problem}
    return show(request, "jobs", "preview_under_way", context, status=409 if problem else 200)


def _changed_meanwhile(request: HttpRequest, computed: Computed) -> str:
    """What to say when somebody confirms other numbers than those that are true now."""
    now = len(computed.preview.gains)
    if request.POST.get("seen") == str(now):
        return ""
    return ngettext(
        "Meanwhile the numbers changed: {count} learner would gain it now. Look again before you start.",
        "Meanwhile the numbers changed: {count} learners would gain it now. Look again before you start.",
        now,
    ).format(count=now)


def _page(
    request: HttpRequest,
    badge: badges.PublishedBadge,
    computed: Computed,
    *,
    problem: str = "",
    ask_again: bool = False,
) -> HttpResponse:
    name = request.GET.get("list", "gains")
    name = name if name in LISTS else "gains"
    wanted = read_words(request)
    ids = _narrowed(computed.ids(name), wanted)
    paging = read_paging(request, len(ids))
    page = ids[paging.offset : paging.offset + PAGE_SIZE]
    people = people_of(page)
    names = badges.names_for([badge.requirement])
    context = {
        "badge": badge,
        "sentence": badges.criteria_text(badge.requirement, names),
        "computed": computed,
        "preview": computed.preview,
        "reach": backfill.judge_preview(computed.preview),
        "lists": [(key, str(title), len(computed.ids(key))) for key, title in LISTS.items()],
        "list": name,
        "list_title": str(LISTS[name]),
        "people": [people[pk] for pk in page],
        "q": wanted,
        "paging": paging,
        "stacks": _stacks(computed.preview),
        "open_jobs": backfill.list_batches(badge_key=badge.key, states=("running", "paused")),
        "may_run": permissions.may(person_id(request), permissions.Action.RUN_JOBS, badge.issuer.slug),
        "problem": problem,
        "ask_again": ask_again,
    }
    return show(request, "jobs", "preview", context, status=409 if problem else 200)


def _narrowed(ids: Sequence[int], wanted: str) -> Sequence[int]:
    if not wanted:
        return ids
    matching = offices.people_called(wanted)
    return [pk for pk in ids if pk in matching]


def _stacks(preview: backfill.Preview) -> list[tuple[str, int]]:
    """Names of the badges that would follow, with how many of each."""
    named = badges.latest_badges(key for key, _count in preview.stacks)
    return [(named[key].name if key in named else key, count) for key, count in preview.stacks]


def _sheet_rows(computed: Computed) -> Iterator[tuple[object, ...]]:
    for name, title in LISTS.items():
        ids = computed.ids(name)
        for begin in range(0, len(ids), CHUNK):
            piece = ids[begin : begin + CHUNK]
            people = people_of(piece)
            for pk in piece:
                yield people[pk].name, people[pk].email, str(title), computed.at


preview_urls = [
    path("registrar/badges/<slug:key>/back-fill", backfill_preview, name="registrar-backfill"),
    path(
        "registrar/badges/<slug:key>/back-fill/progress",
        preview_progress,
        name="registrar-backfill-progress",
    ),
    path("registrar/badges/<slug:key>/back-fill.csv", preview_sheet, name="registrar-backfill-csv"),
]
