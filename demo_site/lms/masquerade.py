"""Staff may look through a learner's eyes, and what they do then never becomes the learner's.

As on the platform: the user service returns the learner, state goes to the session, grades and completion
are dropped. Code that writes by user id on its own must ask :func:`is_masquerading`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from opaque_keys.edx.keys import CourseKey

from demo_site.courses import roles
from demo_site.runtime.field_store import DatabaseState, SessionState
from demo_site.runtime.runtime import Viewer

__all__ = ["Masquerade", "begin", "current_viewer", "end", "is_masquerading", "learner_seen"]

_SESSION_KEY = "demo_masquerade"


@dataclass(frozen=True)
class Masquerade:
    """What the platform puts on the learner's user object as ``masquerade_settings``."""

    course_key: str
    user_name: str
    role: str = "student"


def begin(request: HttpRequest, course_key: CourseKey, learner_id: int) -> None:
    """From now on this session sees the course as the learner does, with a clean slate of own changes."""
    request.session[_SESSION_KEY] = {**request.session.get(_SESSION_KEY, {}), str(course_key): learner_id}
    request.session.pop(_state_name(course_key), None)


def end(request: HttpRequest, course_key: CourseKey) -> None:
    """See the course as oneself again; what was tried out is forgotten."""
    chosen = dict(request.session.get(_SESSION_KEY, {}))
    chosen.pop(str(course_key), None)
    request.session[_SESSION_KEY] = chosen
    request.session.pop(_state_name(course_key), None)


def learner_seen(request: HttpRequest, course_key: CourseKey) -> Any | None:
    """The learner whose eyes are borrowed in this course, if any. The right to it is checked each time."""
    learner_id = request.session.get(_SESSION_KEY, {}).get(str(course_key))
    if learner_id is None or not roles.is_course_staff(request.user.pk, course_key):
        return None
    return get_user_model().objects.filter(pk=learner_id).first()


def current_viewer(request: HttpRequest, course_key: CourseKey) -> Viewer:
    """For whom to render in this request; marks the request for :func:`is_masquerading`."""
    learner = learner_seen(request, course_key)
    if learner is not None:
        learner.real_user = request.user
        learner.masquerade_settings = Masquerade(str(course_key), learner.username)
        request.demo_masquerade = learner.masquerade_settings  # type: ignore[attr-defined]
        state = SessionState(request.session, _state_name(course_key), below=DatabaseState())
        return Viewer(user=learner, state=state, masquerading=True)
    if not request.user.is_authenticated:
        return Viewer(user=request.user, state=SessionState({}, "visitor"))
    return Viewer(user=request.user, state=DatabaseState())


def is_masquerading(request: HttpRequest | None) -> bool:
    """Whether the blocks in this request are rendered for somebody else than who asks."""
    return getattr(request, "demo_masquerade", None) is not None


def _state_name(course_key: CourseKey) -> str:
    return f"demo_masquerade_state:{course_key}"
