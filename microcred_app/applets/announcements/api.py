"""What other rooms may use of announcements."""

from __future__ import annotations

from .lane import AnnouncementLane
from .outbox import (
    announce_held,
    announce_revoked,
    announcement_backlog,
    announcement_tries,
    choose_notices,
    wake_worker,
    wants_notices,
)

__all__ = [
    "AnnouncementLane",
    "announce_held",
    "announce_revoked",
    "announcement_backlog",
    "announcement_tries",
    "choose_notices",
    "wake_worker",
    "wants_notices",
]
