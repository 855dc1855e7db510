"""What a learner may hand in, read from an evidence block's fields however badly they were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .questions import plain_text
from .rubric import Rubric, read_rubric

__all__ = ["KINDS", "REVIEW_MODES", "HandIn", "clean_file_name", "read_hand_in", "suffixes_of"]

MEGABYTE = 1_000_000
# The kinds an author can accept and the endings a file dialogue offers for each. What a file really is
# is decided by its bytes, in the app.
KINDS: dict[str, tuple[str, ...]] = {
    "image": (".png", ".jpg", ".jpeg", ".webp", ".gif"),
    "pdf": (".pdf",),
    "text": (".txt", ".md", ".csv"),
}
REVIEW_MODES = ("staff", "auto")
MOST_FILES = 20
MOST_MEGABYTES = 50


@dataclass(frozen=True)
class HandIn:
    """The rules of one hand-in."""

    title: str
    instructions: str
    accept: tuple[str, ...]
    max_files: int
    max_bytes: int
    allow_text: bool
    allow_link: bool
    review_mode: str
    rubric: Rubric

    @property
    def takes_files(self) -> bool:
        """Whether files can be handed in at all."""
        return bool(self.accept) and self.max_files > 0


def read_hand_in(values: Mapping[str, Any], *, platform_limit: int | None = None) -> HandIn:
    """The rules *values* (an evidence block's fields by name) spell, without ever raising.

    *platform_limit*: bytes above which the platform refuses an upload before we see it; promising more than
    that would cost a learner their work.
    """
    accept = values.get("accept")
    max_bytes = int(
        _number(values.get("max_megabytes"), least=0.1, most=MOST_MEGABYTES, default=4) * MEGABYTE
    )
    return HandIn(
        title=plain_text(values.get("display_name")),
        instructions=plain_text(values.get("instructions")),
        accept=tuple(kind for kind in KINDS if isinstance(accept, list) and kind in accept),
        max_files=int(_number(values.get("max_files"), least=0, most=MOST_FILES, default=3)),
        max_bytes=min(max_bytes, platform_limit) if platform_limit else max_bytes,
        allow_text=values.get("allow_text") is not False,
        allow_link=values.get("allow_link") is not False,
        review_mode="auto" if values.get("review_mode") == "auto" else "staff",
        rubric=read_rubric(values.get("rubric")),
    )


def suffixes_of(accept: tuple[str, ...]) -> tuple[str, ...]:
    """The file name endings of the accepted kinds, in the order of ``KINDS``."""
    return tuple(suffix for kind in accept for suffix in KINDS.get(kind, ()))


def clean_file_name(name: object) -> str:
    """The last part of a client's file name without control characters, never empty, at most 150 long."""
    last = str(name or "").replace("\\", "/").rsplit("/", 1)[-1]
    # Surrogates stand for bytes that were no text; no database would take them.
    shown = "".join(c for c in last if c.isprintable() and not "\ud800" <= c <= "\udfff").strip(" .")
    if len(shown) > 150:
        stem, dot, suffix = shown.rpartition(".")
        shown = f"{stem[: 149 - len(suffix)]}{dot}{suffix}" if dot and len(suffix) < 12 else shown[:150]
    return shown or "file"


def _number(value: object, *, least: float, most: float, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        return default
    return max(least, min(most, value))
