"""What a rule would do, doing it for everybody, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from . import batches
from .batches import (
    cancel_batch,
    count_batches,
    get_batch,
    list_batches,
    pause_batch,
    resume_batch,
    start_batch,
)
from .data import BatchInfo, Preview, PreviewInfo
from .errors import (
    BackfillError,
    BatchNotFound,
    BatchRefused,
    PreviewNotFound,
    PreviewRefused,
    RecallNotFound,
    RecallRefused,
)
from .preview import preview_requirement
from .preview_runs import (
    get_preview,
    open_previews,
    preview_as_of_now,
    request_preview,
    work_on_preview,
)
from .reach import judge_preview, require_confirmed_reach
from .recalls import (
    MAX_RECALL,
    CopyEnd,
    RecallInfo,
    RecallPreview,
    cancel_recall,
    get_recall,
    list_recalls,
    open_recalls,
    preview_recall,
    start_recall,
    work_on_recall,
)
from .running import work_on
from .succession import begin_successions, holders_affected, say_holders
from .undoing import undo_batch, work_on_undo

__all__ = [
    "MAX_RECALL",
    "BackfillError",
    "BatchInfo",
    "BatchNotFound",
    "BatchRefused",
    "CopyEnd",
    "Preview",
    "PreviewInfo",
    "PreviewNotFound",
    "PreviewRefused",
    "RecallInfo",
    "RecallNotFound",
    "RecallPreview",
    "RecallRefused",
    "begin_successions",
    "cancel_batch",
    "cancel_recall",
    "count_batches",
    "get_batch",
    "get_preview",
    "get_recall",
    "holders_affected",
    "judge_preview",
    "list_batches",
    "list_recalls",
    "open_batches",
    "open_previews",
    "pause_batch",
    "preview_as_of_now",
    "preview_recall",
    "preview_requirement",
    "request_preview",
    "require_confirmed_reach",
    "resume_batch",
    "say_holders",
    "start_batch",
    "start_recall",
    "undo_batch",
    "work",
    "work_on_preview",
]


def work(batch_id: str, *, clock: Callable[[], datetime], seconds: float = 20.0) -> bool:
    """Go on with a back-fill, with taking it back, or with a recall; says whether there is more to do."""
    if batch_id in open_recalls():
        return work_on_recall(batch_id, clock=clock, seconds=seconds)
    try:
        state = get_batch(batch_id).state
    except BatchNotFound:
        get_recall(batch_id)  # one that has ended
        return False
    if state == "undoing":
        return work_on_undo(batch_id, clock=clock, seconds=seconds)
    return work_on(batch_id, clock=clock, seconds=seconds)


def open_batches() -> tuple[str, ...]:
    """Ids of back-fills and recalls that a worker can go on with, oldest of each first."""
    return (*open_recalls(), *batches.open_batches())
