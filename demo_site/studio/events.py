"""What Studio tells when authors change a course: the platform's own events, of its own classes."""

from __future__ import annotations

from opaque_keys.edx.keys import CourseKey, UsageKey
from openedx_events.content_authoring import data, signals

__all__ = ["tell_block", "tell_duplicated", "tell_imported"]

_SIGNALS = {
    "created": signals.XBLOCK_CREATED,
    "updated": signals.XBLOCK_UPDATED,
    "published": signals.XBLOCK_PUBLISHED,
    "deleted": signals.XBLOCK_DELETED,
}


def tell_block(what: str, usage_key: UsageKey) -> None:
    """One event for one block; of a container for the container only, as on the platform."""
    _SIGNALS[what].send_event(
        xblock_info=data.XBlockData(usage_key=usage_key, block_type=usage_key.block_type)
    )


def tell_duplicated(usage_key: UsageKey, source: UsageKey) -> None:
    """A block was copied."""
    signals.XBLOCK_DUPLICATED.send_event(
        xblock_info=data.DuplicatedXBlockData(
            usage_key=usage_key, block_type=usage_key.block_type, source_usage_key=source
        )
    )


def tell_imported(course_key: CourseKey) -> None:
    """A whole course was imported."""
    signals.COURSE_IMPORT_COMPLETED.send_event(course=data.CourseData(course_key=course_key))
