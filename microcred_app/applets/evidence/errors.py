"""What the evidence room refuses, one class per decision a caller can take."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = [
    "AlreadyReviewed",
    "EvidenceClosed",
    "EvidenceError",
    "EvidenceMissing",
    "FileRefused",
    "MayNotReview",
    "ReviewIncomplete",
    "SubmissionNotFound",
]


class EvidenceError(MicrocredError):
    """Base of what this applet refuses."""

    code = "evidence_refused"


class FileRefused(EvidenceError):
    """The file is empty, too large, of a wrong type, or not what its name says."""

    code = "file_refused"


class EvidenceClosed(EvidenceError):
    """The submission was handed in already and cannot be changed."""

    code = "evidence_closed"
    http_status = 409


class EvidenceMissing(EvidenceError):
    """There is nothing to hand in yet."""

    code = "evidence_missing"


class SubmissionNotFound(EvidenceError):
    """No such submission or file, or not one this person may see."""

    code = "submission_not_found"
    http_status = 404


class MayNotReview(EvidenceError):
    """This person may not judge this submission."""

    code = "may_not_review"
    http_status = 403


class AlreadyReviewed(EvidenceError):
    """Somebody judged the submission first."""

    code = "already_reviewed"
    http_status = 409


class ReviewIncomplete(EvidenceError):
    """The judgement lacks a level for a criterion, or a comment where one is needed."""

    code = "review_incomplete"
