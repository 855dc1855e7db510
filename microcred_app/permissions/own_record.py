"""Who may write a learner's record: that learner, in a course they take."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .actions import CourseAction
from .courses import may_in_course
from .errors import NotEnrolled, NotSignedIn
from .other_eyes import refuse_other_eyes

__all__ = ["may_act"]


def may_act(learner_id: int | None, course_key: str, *, acting_user_id: int | None) -> None:
    """Return only when this person may write their own record in this course."""
    refuse_other_eyes()
    if learner_id is None or acting_user_id != learner_id:
        raise NotSignedIn(_("Sign in to save your work."))
    if not may_in_course(learner_id, CourseAction.LEARN, course_key):
        raise NotEnrolled(_("Enrol in this course to save your work."))
