"""What a learner may hand in, read from an evidence block's fields however badly they were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .questions import plain_text
from .rubric import Rubric, read_rubric

__all__ = [
    "KINDS",
    "LATE_WORK",
    "NEEDS",
    "RECORDINGS",
    "REVIEW_MODES",
    "HandIn",
    "clean_file_name",
    "read_hand_in",
    "suffixes_of",
]

MEGABYTE = 1_000_000
# The kinds an author can accept and the endings a file dialogue offers for each. What a file really is
# is decided by its bytes, in the app.
KINDS: dict[str, tuple[str, ...]] = {
    "image": (".png", ".jpg", ".jpeg", ".webp", ".gif"),
    "pdf": (".pdf",),
    "text": (".txt", ".md", ".csv"),
    "audio": (".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac", ".webm", ".weba"),
    "video": (".mp4", ".m4v", ".mov", ".ogv", ".webm", ".mkv"),
    "document": (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"),
    "archive": (".zip",),
}
REVIEW_MODES = ("staff", "auto")
NEEDS = ("any", "all")
LATE_WORK = ("mark", "refuse")
#: What can be recorded on the page; accepted as files of the same kind.
RECORDINGS = ("audio", "video")
MOST_FILES = 20
MOST_MEGABYTES = 500
MOST_ATTEMPTS = 100
MOST_DAYS = 365


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
    needs: str = "any"
    record: tuple[str, ...] = ()
    clean_pictures: bool = True
    attempts: int = 0
    resubmit_days: int = 0
    late_work: str = "mark"
    due_at: datetime | None = None
    closes_at: datetime | None = None
    second_marker_percent: int = 0

    @property
    def ways(self) -> int:
        """How many kinds of things can be handed in."""
        files = len(self.accept) if self.takes_files else 0
        return files + self.allow_text + self.allow_link

    @property
    def takes_files(self) -> bool:
        """Whether files can be handed in at all."""
        return bool(self.accept) and self.max_files > 0


def read_hand_in(
    values: Mapping[str, Any], *, platform_limit: int | None = None, due: object = None, grace: object = None
) -> HandIn:
    """The rules *values* (an evidence block's fields by name) spell, without ever raising.

    *platform_limit*: bytes above which the site refuses a file; promising more than that would cost a learner
    their work. *due* and *grace*: the date and the time after it as the platform gives them for this learner, with
    personal extensions in them.
    """
    accept = values.get("accept")
    record = values.get("record")
    due_at = due if isinstance(due, datetime) and due.tzinfo is not None else None
    closes_at = due_at + grace if due_at and isinstance(grace, timedelta) else due_at
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
        needs="all" if values.get("needs") == "all" else "any",
        record=tuple(
            kind
            for kind in RECORDINGS
            if isinstance(record, list) and kind in record and isinstance(accept, list) and kind in accept
        ),
        clean_pictures=values.get("clean_pictures") is not False,
        attempts=int(_number(values.get("attempts_allowed"), least=0, most=MOST_ATTEMPTS, default=0)),
        resubmit_days=int(_number(values.get("resubmit_days"), least=0, most=MOST_DAYS, default=0)),
        late_work="refuse" if values.get("late_work") == "refuse" else "mark",
        due_at=due_at,
        closes_at=closes_at,
        second_marker_percent=int(_number(values.get("second_marker_percent"), least=0, most=100, default=0)),
    )


def suffixes_of(accept: tuple[str, ...]) -> tuple[str, ...]:
    """The file name endings of the accepted kinds, in the order of ``KINDS``."""
    return tuple(dict.fromkeys(suffix for kind in accept for suffix in KINDS.get(kind, ())))


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
