"""Course and block keys in addresses; a key that is none is a page that does not exist, never an error."""

from __future__ import annotations

from django.urls import register_converter
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import BlockUsageLocator, CourseLocator

__all__ = ["register"]


class CourseKeyConverter:
    """``course-v1:Org+Course+Run``."""

    regex = r"course-v1:[^/]+"

    def to_python(self, value: str) -> CourseKey:
        try:
            key = CourseKey.from_string(value)
        except InvalidKeyError as error:
            raise ValueError(value) from error
        if not isinstance(key, CourseLocator):
            raise ValueError(value)
        return key

    def to_url(self, value: CourseKey | str) -> str:
        return str(value)


class UsageKeyConverter:
    """``block-v1:Org+Course+Run+type@…+block@…``."""

    regex = r"block-v1:[^/]+"

    def to_python(self, value: str) -> UsageKey:
        try:
            key = UsageKey.from_string(value)
        except InvalidKeyError as error:
            raise ValueError(value) from error
        if not isinstance(key, BlockUsageLocator):
            raise ValueError(value)
        return key

    def to_url(self, value: UsageKey | str) -> str:
        return str(value)


def register() -> None:
    """Make the converters known to URL patterns."""
    register_converter(CourseKeyConverter, "course_key")
    register_converter(UsageKeyConverter, "usage_key")
