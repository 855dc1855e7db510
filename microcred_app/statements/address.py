"""The LMS's own address, under which event-routing-backends names everything."""

from __future__ import annotations

from typing import Any

from django.conf import settings

__all__ = ["lms_address"]


def lms_address() -> str:
    """Without a slash at the end."""
    found: Any = settings
    return str(found.LMS_ROOT_URL)
