"""Steps that the platform's filters call (openedx-filters). Each adds something and leaves the rest as it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from crum import get_current_request, get_current_user
from django.urls import reverse
from django.utils.translation import gettext as _
from openedx_filters import PipelineStep

from microcred_app.conf import settings
from microcred_app.course_badges import badges_of_course, has_units
from microcred_app.permissions import api as permissions

__all__ = ["EnrollmentBadges", "InstructorTab", "LegacyInstructorTab"]

#: After the platform's own tabs.
LAST = 900


class InstructorTab(PipelineStep):
    """A tab of the instructor dashboard of Verawood and later, for courses with units, for the course's team."""

    def run_filter(self, tabs: list[dict[str, Any]], user: Any, course_key: Any) -> dict[str, Any]:
        """The tabs with ours at the end, once."""
        key = str(course_key)
        known = any(tab.get("tab_id") == "microcred" for tab in tabs)
        if (
            known
            or not has_units(key)
            or not permissions.may_in_course(user.pk, permissions.CourseAction.READ_INSIGHTS, key)
        ):
            return {"tabs": tabs}
        tab = {
            "tab_id": "microcred",
            "title": _("Micro-units"),
            "url": insights_address(key),
            "sort_order": LAST,
        }
        return {"tabs": [*tabs, tab]}


class LegacyInstructorTab(PipelineStep):
    """The same as a section of the dashboard of Teak and Ulmo; a template of this app draws it."""

    def run_filter(self, context: dict[str, Any], template_name: str) -> dict[str, Any]:
        """The context with one more section."""
        key = str(context["course"].id)
        sections = list(context.get("sections", []))
        if has_units(key) and not any(one.get("section_key") == "microcred" for one in sections):
            sections.append(
                {
                    "section_key": "microcred",
                    "section_display_name": _("Micro-units"),
                    "course_id": key,
                    "template_path_prefix": "/instructor_dashboard/",
                    "is_hidden": False,
                    "links": [
                        (insights_address(key), _("Insights: how learners get on")),
                        (reverse("microcred_app:review-queue"), _("Reviews of evidence")),
                    ],
                }
            )
        return {"context": {**context, "sections": sections}, "template_name": template_name}


class EnrollmentBadges(PipelineStep):
    """What a learner has of the course, in the answer that the learner dashboard is drawn from (``microcred``)."""

    def run_filter(self, course_key: Any, serialized_enrollment: Any) -> dict[str, Any]:
        """The enrolment with one more member; without it for courses without units, and while staff look as somebody.

        The platform does not say whose enrolment it is. It is the person's who asks, unless that is staff who named
        somebody else.
        """
        user, request = get_current_user(), get_current_request()
        unchanged = {"course_key": course_key, "serialized_enrollment": serialized_enrollment}
        if user is None or not user.is_authenticated or permissions.looks_through_other_eyes():
            return unchanged
        if request is not None and request.GET.get("user"):
            return unchanged
        key = str(course_key)
        if not isinstance(serialized_enrollment, dict) or not has_units(key):
            return unchanged
        found = badges_of_course(user.pk, key)
        ours = {
            "badges": len(found.badges),
            "held": found.held,
            "units": found.units,
            "units_done": found.units_done,
            "url": settings().public_base_url + reverse("microcred_app:course-badges", args=[key]),
        }
        return {
            "course_key": course_key,
            "serialized_enrollment": {**serialized_enrollment, "microcred": ours},
        }


def insights_address(course_key: str) -> str:
    """The whole address of a course's insights: front ends of the platform live on other hosts."""
    return (
        f"{settings().public_base_url}{reverse('microcred_app:insights')}?{urlencode({'course': course_key})}"
    )
