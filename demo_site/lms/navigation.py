"""The bar at the top offers exactly the places where this person has something to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from demo_site.courses import roles

__all__ = ["Link", "may_register", "top_bar"]


@dataclass(frozen=True)
class Link:
    """One entry of the bar."""

    title: str
    url: str
    current: bool


def may_register(user: Any) -> bool:
    """Whether the person holds any permission of Microcred's app."""
    return bool(user.has_module_perms("microcred_app"))


def top_bar(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: links by role, and the languages there are."""
    user = getattr(request, "user", None)
    return {
        "top_links": _links(request, user) if user is not None and user.is_authenticated else [],
        "site_languages": settings.LANGUAGES if len(settings.LANGUAGES) > 1 else [],
    }


def _links(request: HttpRequest, user: Any) -> list[Link]:
    entries = [(_("Courses"), reverse("lms:dashboard")), (_("My badges"), "/microcred/my/")]
    if roles.reviewable_courses(user.pk) or user.is_superuser:
        entries.append((_("Reviews"), "/microcred/review/"))
    if may_register(user):
        entries.append((_("Registrar"), "/microcred/registrar/"))
    if (
        any(roles.is_course_staff(user.pk, key) for key in roles.reviewable_courses(user.pk))
        or user.is_superuser
    ):
        entries.append((_("Studio"), reverse("studio:home")))
    return [Link(title, url, _is_current(request.path, url)) for title, url in entries]


def _is_current(path: str, url: str) -> bool:
    if url == reverse("lms:dashboard"):
        return path == url or path.startswith("/courses/")
    return path.startswith(url)


def people_of(course_key: object) -> list[Any]:
    """The learners of a course by name, for the list of eyes staff may borrow."""
    from demo_site.courses.models import Enrolment

    ids = Enrolment.objects.filter(course_key=str(course_key)).values_list("user_id", flat=True)
    return list(get_user_model().objects.filter(pk__in=ids).order_by("first_name", "username"))
