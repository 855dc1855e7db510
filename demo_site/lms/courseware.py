"""Pages of the LMS: courses, outline, unit, and the chromeless page that stands in the unit's frame."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlock
from xblock.exceptions import NoSuchUsage, NoSuchViewError

from demo_site.courses import roles
from demo_site.courses.models import Branch
from demo_site.courses.tree import course_keys, load_tree
from demo_site.lms import masquerade, navigation
from demo_site.lms.outline import course_outline
from demo_site.lms.page_resources import collect_resources
from demo_site.runtime.runtime import LmsRuntime
from demo_site.runtime.services import AssetUrlService

__all__ = ["chromeless", "course_home", "dashboard", "enrol", "jump_to", "look_as", "unit_page"]

_VIEWS = ("student_view", "public_view")


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The courses of the site: one's own with progress, the others with a way in."""
    cards = []
    for course_key in course_keys():
        runtime = LmsRuntime(course_key, masquerade.current_viewer(request, course_key))
        outline = course_outline(runtime)
        if outline is not None:
            cards.append(
                {
                    "key": course_key,
                    "outline": outline,
                    "enrolled": roles.is_enrolled(request.user.pk, course_key),
                    "staff": roles.is_course_staff(request.user.pk, course_key),
                }
            )
    return render(request, "lms/dashboard.html", {"cards": cards})


@login_required
@require_POST
def enrol(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Become a learner of the course."""
    if course_key not in course_keys():
        raise Http404
    roles.enrol(cast("int", request.user.pk), course_key)  # signed in: the decorator saw to it
    messages.success(request, _("You are enrolled. Have a good time learning!"))
    return redirect("lms:course", course_key)


@login_required
@require_safe
def course_home(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The outline with ticks, and a button to where one left off."""
    runtime = _open_course(request, course_key)
    outline = course_outline(runtime)
    if outline is None:
        raise Http404
    context = {"course_key": course_key, "outline": outline, **_staff_context(request, course_key)}
    return render(request, "lms/course.html", context)


@login_required
@require_safe
@ensure_csrf_cookie
def unit_page(request: HttpRequest, course_key: CourseKey, usage_key: UsageKey) -> HttpResponse:
    """One unit in its frame, with the way back and on."""
    runtime = _open_course(request, course_key)
    outline = course_outline(runtime)
    units = outline.units if outline is not None else ()
    place = next((index for index, unit in enumerate(units) if unit.usage_key == usage_key), None)
    if outline is None or place is None:
        raise Http404
    context = {
        "course_key": course_key,
        "outline": outline,
        "unit": units[place],
        "number": place + 1,
        "previous": units[place - 1] if place > 0 else None,
        "following": units[place + 1] if place + 1 < len(units) else None,
        **_staff_context(request, course_key),
    }
    return render(request, "lms/unit.html", context)


@require_safe
@ensure_csrf_cookie
def chromeless(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """One block without anything around it, for a frame; strangers to the course get 404, as in the LMS."""
    course_key = usage_key.course_key
    view = request.GET.get("view", "student_view")
    if view not in _VIEWS or not _may_enter(request, course_key):
        raise Http404
    runtime = LmsRuntime(course_key, masquerade.current_viewer(request, course_key))
    block = _visible_block(runtime, usage_key)
    context: dict[str, Any] = {
        **request.GET.dict(),
        "show_bookmark_button": False,
        "show_title": request.GET.get("show_title") == "1",
        "hide_access_error_blocks": False,
        "is_mobile_app": False,
    }
    try:
        fragment = block.render(view, context)
    except NoSuchViewError as error:
        raise Http404 from error
    page = {
        "xblock": block,
        "course_key": course_key,
        "content": mark_safe(AssetUrlService(course_key).replace_urls(fragment.body_html())),
        "resources": collect_resources(fragment),
    }
    return render(request, "lms/chromeless.html", page)


@login_required
@require_safe
def jump_to(request: HttpRequest, course_key: CourseKey, usage_key: UsageKey) -> HttpResponse:
    """Lead to the unit in which a block stands; to the course when it stands in none any more."""
    vertical = load_tree(course_key, Branch.PUBLISHED).nearest(usage_key, "vertical")
    if vertical is None:
        return redirect("lms:course", course_key)
    return redirect("lms:unit", course_key, vertical.usage_key)


@login_required
@require_POST
def look_as(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Staff begin or end looking through a learner's eyes."""
    if not roles.is_course_staff(request.user.pk, course_key):
        raise Http404
    chosen = request.POST.get("learner", "")
    learners = {str(person.pk): person for person in navigation.people_of(course_key)}
    if chosen in learners:
        masquerade.begin(request, course_key, learners[chosen].pk)
    else:
        masquerade.end(request, course_key)
    return redirect("lms:course", course_key)


def _may_enter(request: HttpRequest, course_key: CourseKey) -> bool:
    user_id = request.user.pk
    return user_id is not None and (
        roles.is_enrolled(user_id, course_key) or roles.is_reviewer(user_id, course_key)
    )


def _open_course(request: HttpRequest, course_key: CourseKey) -> LmsRuntime:
    """A runtime for somebody who may be in the course; 404 for all others."""
    if not _may_enter(request, course_key):
        raise Http404
    return LmsRuntime(course_key, masquerade.current_viewer(request, course_key))


def _visible_block(runtime: LmsRuntime, usage_key: UsageKey) -> XBlock:
    try:
        block = runtime.get_block(usage_key)
    except NoSuchUsage as error:
        raise Http404 from error
    if block is None:
        raise Http404
    return block


def _staff_context(request: HttpRequest, course_key: CourseKey) -> dict[str, Any]:
    """What the staff bar needs; nothing for learners."""
    if not roles.is_course_staff(request.user.pk, course_key):
        return {"staff": False}
    return {
        "staff": True,
        "people": navigation.people_of(course_key),
        "learner_seen": masquerade.learner_seen(request, course_key),
    }
