"""What the review room refuses, one class per decision a caller can take."""

from __future__ import annotations

from ..evidence.errors import (
    AlreadyReviewed,
    EvidenceError,
    MayNotReview,
    ReviewIncomplete,
    SubmissionNotFound,
)

__all__ = [
    "AlreadyReviewed",
    "ArchiveTooLarge",
    "ClaimHeld",
    "CommentRefused",
    "EvidenceError",
    "FeedbackRefused",
    "MayNotReview",
    "ReviewIncomplete",
    "SubmissionNotFound",
]


class ClaimHeld(EvidenceError):
    """Somebody else is judging this now; the message says who and until when."""

    code = "claim_held"
    http_status = 409


class CommentRefused(EvidenceError):
    """A saved comment cannot be kept as given, or is not this person's to change."""

    code = "comment_refused"


class FeedbackRefused(EvidenceError):
    """A message of the conversation cannot be taken as given."""

    code = "feedback_refused"


class ArchiveTooLarge(EvidenceError):
    """More than one download may hold was asked for; the message says how to narrow it."""

    code = "archive_too_large"
