"""What a rule would do, doing it for everybody, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .batches import (
    cancel_batch,
    count_batches,
    get_batch,
    list_batches,
    open_batches,
    pause_batch,
    resume_batch,
    start_batch,
)
from .data import BatchInfo, Preview, PreviewInfo
from .errors import BackfillError, BatchNotFound, BatchRefused, PreviewNotFound, PreviewRefused
from .preview import preview_requirement
from .preview_runs import (
    get_preview,
    open_previews,
    preview_as_of_now,
    request_preview,
    work_on_preview,
)
from .reach import judge_preview, require_confirmed_reach
from .running import work_on
from .succession import begin_successions, holders_affected, say_holders
from .undoing import undo_batch, work_on_undo

__all__ = [
    "BackfillError",
    "BatchInfo",
    "BatchNotFound",
    "BatchRefused",
    "Preview",
    "PreviewInfo",
    "PreviewNotFound",
    "PreviewRefused",
    "begin_successions",
    "cancel_batch",
    "count_batches",
    "get_batch",
    "get_preview",
    "holders_affected",
    "judge_preview",
    "list_batches",
    "open_batches",
    "open_previews",
    "pause_batch",
    "preview_as_of_now",
    "preview_requirement",
    "request_preview",
    "require_confirmed_reach",
    "resume_batch",
    "say_holders",
    "start_batch",
    "undo_batch",
    "work",
    "work_on_preview",
]


def work(batch_id: str, *, clock: Callable[[], datetime], seconds: float = 20.0) -> bool:
    """Go on with a back-fill, or with taking it back; says whether there is more to do."""
    if get_batch(batch_id).state == "undoing":
        return work_on_undo(batch_id, clock=clock, seconds=seconds)
    return work_on(batch_id, clock=clock, seconds=seconds)
