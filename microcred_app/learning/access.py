"""Who may act for whom: asked before anything is written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.errors import MicrocredError

__all__ = [
    "Masquerading",
    "NotEnrolled",
    "NotSignedIn",
    "may_act",
]


class NotSignedIn(MicrocredError):
    """Nobody is signed in, or somebody else than the request says."""

    code = "not_signed_in"
    http_status = 403


class NotEnrolled(MicrocredError):
    """The course's handlers accept requests of people who are not enrolled; we do not."""

    code = "not_enrolled"
    http_status = 403


class Masquerading(MicrocredError):
    """Staff looking through a learner's eyes must not write into the learner's record."""

    code = "masquerading"
    http_status = 403


def may_act(learner_id: int | None, course_key: str, *, acting_user_id: int | None) -> None:
    """Return only when this person may write their own record in this course."""
    if platform().is_masquerading():
        raise Masquerading(_("You are viewing as a learner. Nothing is saved while you do."))
    if learner_id is None or acting_user_id != learner_id:
        raise NotSignedIn(_("Sign in to save your work."))
    if not platform().is_enrolled(learner_id, course_key):
        raise NotEnrolled(_("Enrol in this course to save your work."))
