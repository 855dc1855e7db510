"""What the fields of a skill may look like, whoever writes them: a file, a catalogue or a person.

Texts are cleaned as everything that gets signed (:mod:`microcred_app.ob3.text`). An address must be http or https:
it becomes a link on public pages, where ``javascript:`` would run in the reader's browser.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from microcred_app.ob3.text import clean_line, clean_text

__all__ = [
    "MAX_KEY",
    "MAX_LEVEL",
    "MAX_NAME",
    "MAX_STATEMENT",
    "MAX_URI",
    "is_address",
    "is_key",
    "is_language",
    "shorten",
    "tidy_line",
    "tidy_text",
]

MAX_KEY = 150
MAX_NAME = 255
MAX_STATEMENT = 10_000
MAX_URI = 500
MAX_LEVEL = 60

# Keys stand in addresses, in YAML and on the command line. ASCII only, because databases disagree about when
# two letters of other scripts are the same.
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,149}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\x9f<>\"\\^`{|}]")


def is_key(value: str) -> bool:
    """Whether *value* can be the key of a skill."""
    return _KEY.fullmatch(value) is not None


def is_language(value: str) -> bool:
    """Whether *value* is a language code such as en, de or pt-BR."""
    return _LANGUAGE.fullmatch(value) is not None


def is_address(value: str) -> bool:
    """Whether *value* is an http or https address that can be linked to."""
    if len(value) > MAX_URI or _UNSAFE_IN_ADDRESS.search(value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def tidy_line(value: str) -> str:
    """One clean line. Plain ASCII, most of every framework, takes no detour."""
    if value.isascii() and value.isprintable() and "&" not in value:
        return " ".join(value.split())
    return clean_line(value)


def tidy_text(value: str) -> str:
    """Clean text that may have paragraphs."""
    if value.isascii() and value.isprintable() and "&" not in value:
        return value.strip()
    return clean_text(value)


def shorten(value: str, limit: int) -> str:
    """The beginning of *value*, ended by an ellipsis where something was cut."""
    return value if len(value) <= limit else value[: limit - 1].rstrip() + "…"
