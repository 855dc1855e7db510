"""One thing an author should mend, and the small rules every form shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Gettext", "Problem", "is_whole"]

Gettext = Callable[[str], str]


@dataclass(frozen=True)
class Problem:
    """One thing to mend; ``field`` is the field it is shown at."""

    field: str
    message: str


def is_whole(value: object, least: int, most: int) -> bool:
    """Whether *value* is a whole number between *least* and *most*."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
