"""JSON of a framework: bounded in size, depth and number of values before anybody looks into it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from microcred_app.ob3.errors import InputError
from microcred_app.ob3.json_input import Limits, parse_json

from .rows import Problems, SourceFile
from .tables import place_in
from .text import MAX_BYTES, TextRefused, decode

__all__ = ["as_list", "as_object", "as_text", "read_json"]

LIMITS = Limits(max_bytes=2 * MAX_BYTES, max_depth=24, max_values=4_000_000, max_items=250_000)


def read_json(file: SourceFile, problems: Problems) -> Any:
    """The value in *file*; ``None`` when it cannot be read, which *problems* then tells."""
    try:
        return parse_json(decode(file.content), LIMITS)
    except TextRefused as error:
        problems.add(place_in(file, error.place), str(error))
    except InputError as error:
        problems.add(file.name, _("The file cannot be read: {error}").format(error=error))
    return None


def as_object(value: Any) -> dict[str, Any]:
    """*value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """*value* if it is a list; one value stands for a list of it, as JSON-LD has it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: Any) -> str:
    """*value* if it is a text, else nothing."""
    return value.strip() if isinstance(value, str) else ""
