"""The card in Studio's "Pages & Resources"; Studio loads it from ``openedx.course_app``."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_noop
from openedx.core.djangoapps.course_apps.plugins import CourseApp

__all__ = ["MicrocredCourseApp"]


class MicrocredCourseApp(CourseApp):
    """Leads to the course's outline of units. There is nothing to turn on: units are put into the course."""

    app_id = "microcred"
    name = gettext_noop("Micro-units and badges")
    description = gettext_noop(
        "Plan short units that each prove one outcome, and see which badges they lead to."
    )
    documentation_links: ClassVar[dict[str, str]] = {}

    @classmethod
    def is_available(cls, course_key: Any) -> bool:
        """In every course."""
        return True

    @classmethod
    def is_enabled(cls, course_key: Any) -> bool:
        """Always: the app is installed."""
        return True

    @classmethod
    def set_enabled(cls, course_key: Any, enabled: bool, user: Any) -> bool:
        """Refused: a course has units or has none."""
        raise ValueError("Micro-units cannot be turned on or off for a course. Add units, or remove them.")

    @classmethod
    def get_allowed_operations(cls, course_key: Any, user: Any = None) -> dict[str, bool]:
        """Only the way to the outline."""
        return {"enable": False, "configure": True}

    @staticmethod
    def legacy_link(course_key: Any) -> str:
        """The course's outline of units, in Studio."""
        return reverse("microcred_studio:outline", args=[str(course_key)])
