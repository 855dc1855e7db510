"""What the evidence room refuses, one class per decision a caller can take."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = [
    "AlreadyReviewed",
    "ChecksumWrong",
    "DirectRefused",
    "EvidenceClosed",
    "EvidenceError",
    "EvidenceMissing",
    "EvidenceWithdrawn",
    "FileRefused",
    "GrantRefused",
    "MayNotGrant",
    "MayNotReview",
    "PieceMissing",
    "PieceTooLong",
    "QuotaReached",
    "ReviewIncomplete",
    "RubricRefused",
    "ScannerAway",
    "SubmissionNotFound",
    "TooLarge",
    "UploadGone",
    "WrongOffset",
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


class TooLarge(FileRefused):
    """The file is larger than the task or the site takes."""

    code = "file_too_large"


class QuotaReached(EvidenceError):
    """The learner or the course has no room left."""

    code = "quota_reached"
    http_status = 413


class GrantRefused(EvidenceError):
    """The permission to upload was not made here, has run out, or is somebody else's."""

    code = "grant_refused"
    http_status = 403


class EvidenceWithdrawn(EvidenceError):
    """The work was published once, and its owner took it back or it was removed."""

    code = "evidence_withdrawn"
    http_status = 410


class UploadGone(EvidenceError):
    """The upload was ended, refused, or waited for too long."""

    code = "upload_gone"
    http_status = 410


class WrongOffset(EvidenceError):
    """The piece does not begin where the last one ended."""

    code = "wrong_offset"
    http_status = 409


class PieceTooLong(EvidenceError):
    """More bytes were sent than the upload promised."""

    code = "piece_too_long"
    http_status = 413


class ChecksumWrong(EvidenceError):
    """The piece was damaged on its way. The number is the upload protocol's own."""

    code = "checksum_wrong"
    http_status = 460


class ScannerAway(EvidenceError):
    """The virus scanner did not answer; nothing is let in unseen, and nothing is lost."""

    code = "scanner_away"
    http_status = 503


class MayNotGrant(EvidenceError):
    """This person may not decide about this course."""

    code = "may_not_grant"
    http_status = 403


class RubricRefused(EvidenceError):
    """The rubric cannot be kept in the catalogue."""

    code = "rubric_refused"


class DirectRefused(EvidenceError):
    """Pieces come through the site here, not by way of the store."""

    code = "direct_refused"
    http_status = 404


class PieceMissing(EvidenceError):
    """The store does not have the piece that was said to be there."""

    code = "piece_missing"
    http_status = 409
