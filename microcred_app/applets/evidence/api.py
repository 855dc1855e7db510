"""What other rooms may use of the evidence applet."""

from .data import EvidenceDigest, EvidenceTask, FileInfo, SubmissionInfo
from .errors import (
    AlreadyReviewed,
    EvidenceClosed,
    EvidenceError,
    EvidenceMissing,
    FileRefused,
    MayNotReview,
    ReviewIncomplete,
    SubmissionNotFound,
)
from .file_policy import extensions_for
from .reviews import QueueItem, count_queue, decide, list_queue, open_evidence_file, open_for_review
from .rubric import Criterion, Level, Rubric, read_rubric
from .submissions import (
    EvidenceSlot,
    accepted_digests,
    add_file,
    current_submission,
    hand_in,
    latest_states,
    remove_file,
    save_text,
)

__all__ = [
    "AlreadyReviewed",
    "Criterion",
    "EvidenceClosed",
    "EvidenceDigest",
    "EvidenceError",
    "EvidenceMissing",
    "EvidenceSlot",
    "EvidenceTask",
    "FileInfo",
    "FileRefused",
    "Level",
    "MayNotReview",
    "QueueItem",
    "ReviewIncomplete",
    "Rubric",
    "SubmissionInfo",
    "SubmissionNotFound",
    "accepted_digests",
    "add_file",
    "count_queue",
    "current_submission",
    "decide",
    "extensions_for",
    "hand_in",
    "latest_states",
    "list_queue",
    "open_evidence_file",
    "open_for_review",
    "read_rubric",
    "remove_file",
    "save_text",
]
