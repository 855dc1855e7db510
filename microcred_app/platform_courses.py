"""What Studio's own events say about courses: units may have come, changed or gone.

The events name single blocks, a container for everything below it, or a whole course; none says what is in it now. So
all that is read from them is the course that has to be looked through again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.dispatch import Signal

__all__ = ["listen_to_courses"]

log = logging.getLogger(__name__)

#: Blocks that are units of ours or can hold them.
_MAY_HOLD_UNITS = frozenset({"microcred_unit", "vertical", "sequential", "chapter", "course"})
_EVENTS = "openedx_events.content_authoring.signals"
_OF_BLOCKS = ("XBLOCK_CREATED", "XBLOCK_UPDATED", "XBLOCK_PUBLISHED", "XBLOCK_DUPLICATED", "XBLOCK_DELETED")
_OF_COURSES = ("COURSE_CREATED", "COURSE_IMPORT_COMPLETED", "COURSE_RERUN_COMPLETED")


def listen_to_courses(changed: Callable[[str], None]) -> None:
    """Call *changed* with the key of each course in which units may have come, changed or gone."""
    for name in _OF_BLOCKS:
        _connect(_EVENTS, name, _block_course, changed)
    for name in _OF_COURSES:
        _connect(_EVENTS, name, _course, changed)
    # Deleting a course sends no event; the modulestore's own signal tells it.
    handler = _find("xmodule.modulestore.django", "SignalHandler")
    _connect_signal(getattr(handler, "course_deleted", None), "course_deleted", _deleted_course, changed)


def _connect(module: str, name: str, read: Callable[..., str], changed: Callable[[str], None]) -> None:
    _connect_signal(_find(module, name), name, read, changed)


def _connect_signal(signal: Any, name: str, read: Callable[..., str], changed: Callable[[str], None]) -> None:
    if not isinstance(signal, Signal):
        return

    def take_up(**payload: Any) -> None:
        if payload.get("from_event_bus"):
            return  # another process than Studio's, which does not see what is in draft
        try:
            course = read(**payload)
            if course.startswith("course-v1:"):
                changed(course)
        except Exception:  # an author's work goes on, whatever we make of its event
            log.exception("An event of Studio was not taken up; microcred_outline --sources mends it.")

    signal.connect(take_up, weak=False, dispatch_uid=f"microcred_app.platform_courses.{name}")


def _find(module: str, name: str) -> Any:
    try:
        return getattr(import_module(module), name, None)
    except ImportError:
        return None


def _block_course(xblock_info: Any, **_payload: Any) -> str:
    if xblock_info.block_type not in _MAY_HOLD_UNITS:
        return ""
    return str(xblock_info.usage_key.context_key)


def _course(course: Any, **_payload: Any) -> str:
    return str(course.course_key)


def _deleted_course(course_key: Any, **_payload: Any) -> str:
    return str(course_key)
