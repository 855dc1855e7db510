"""The tab "My badges" of a course, for those who take it; the LMS loads it from ``openedx.course_tab``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop
from lms.djangoapps.courseware.tabs import EnrolledTab

from microcred_app.course_badges import has_units

__all__ = ["MyBadgesTab"]


class MyBadgesTab(EnrolledTab):
    """Stands in every course that has units, without being written into the course; the Learning MFE shows it too."""

    type = "microcred_badges"
    title = gettext_noop("My badges")
    priority = 70
    view_name = "microcred_app:course-badges"
    is_dynamic = True
    is_default = False
    is_hideable = True

    @classmethod
    def is_enabled(cls, course: Any, user: Any = None) -> bool:
        """For whoever takes the course, where there is something to see."""
        return bool(super().is_enabled(course, user=user)) and has_units(str(course.id))
