"""Who reads insights: the course's team, asked in every function. Everything is read inside the course asked about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.permissions import api as permissions

from ..attainments.models import UnitProgress
from ..authoring.models import OutcomeSource
from .errors import NoInsights

__all__ = ["courses_with_insights", "require_team"]


def courses_with_insights(actor_id: int) -> tuple[tuple[str, str], ...]:
    """Courses whose insights this person reads, with their titles, by title."""
    keys = permissions.courses_with(actor_id, permissions.CourseAction.READ_INSIGHTS)
    return tuple(sorted(((key, platform().course_title(key)) for key in keys), key=lambda pair: pair[1]))


def require_team(actor_id: int, course_key: str) -> None:
    """Raise :class:`NoInsights` unless this person is on the course's team.

    The platform is only asked about keys that the app has met: what somebody typed may be no key at all.
    """
    known = course_key and len(course_key) <= 255 and _is_known(actor_id, course_key)
    if not known or not permissions.may_in_course(
        actor_id, permissions.CourseAction.READ_INSIGHTS, course_key
    ):
        raise NoInsights(
            _(
                "There are no insights here for you. They are for the team of a course; look for yours in the list."
            )
        )


def _is_known(actor_id: int, course_key: str) -> bool:
    return (
        course_key in permissions.courses_with(actor_id, permissions.CourseAction.JUDGE)
        or UnitProgress.objects.filter(course_key=course_key).exists()
        or OutcomeSource.objects.filter(course_key=course_key).exists()
    )
