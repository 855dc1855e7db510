"""What other rooms may use of sources."""

from __future__ import annotations

from .errors import ReplayRunning, SourcesError
from .replaying import Progress, asked_courses, replay_course
from .taking import PLATFORM, Taken, asked_by_badges, take_in

__all__ = [
    "PLATFORM",
    "Progress",
    "ReplayRunning",
    "SourcesError",
    "Taken",
    "asked_by_badges",
    "asked_courses",
    "replay_course",
    "take_in",
]
