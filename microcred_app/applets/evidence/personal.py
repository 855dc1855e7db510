"""What this room keeps about people. The bytes, and who opened them, go by :func:`~.retention.retire_learner`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from ..personal_rows import AtMerge, AtRetirement, PersonalRows, blank_rows
from .care_models import Accommodation, EvidenceLink, EvidencePublication, FileAccess
from .models import EvidenceFile, Review, Submission
from .reviewer_models import CourseReviewRules, Recusal
from .upload_models import StorageUse, Upload

__all__ = ["PERSONAL"]


def _withdraw(rows: models.QuerySet[Any], _now: datetime) -> None:
    """Words go, and nobody is asked to judge what is not there any more."""
    blank_rows(rows, {"text": "", "link": "", "waits_for": Submission.NOBODY})
    blank_rows(rows.filter(state=Submission.IN_REVIEW), {"state": Submission.DRAFT})


PERSONAL = (
    PersonalRows(
        EvidencePublication,
        "submission__learner",
        AtRetirement.DELETE,
        "Evidence that was published with a credential is published no more.",
    ),
    PersonalRows(
        Submission,
        "learner",
        AtRetirement.BLANK,
        "Words and links go, and what waits for a reviewer is withdrawn. Digests stay: credentials name them.",
        blank={"text": "", "link": ""},
        keeps=(
            "course_key", "unit_usage_key", "part_usage_key", "unit_title", "task_title", "rubric",
            "outcome_key", "kept_digests",
        ),
        at_merge=AtMerge.MOVE,
        unique=("part_usage_key", "attempt"),
        by=_withdraw,
    ),
    PersonalRows(
        EvidenceFile,
        "submission__learner",
        AtRetirement.BLANK,
        "The file and its name go. Digest, size and type stay: credentials name them.",
        blank={"name": ""},
        keeps=("media_type", "sha256", "stored_as", "sent_sha256"),
        secret=("stored_as",),
    ),
    PersonalRows(
        Review,
        "submission__learner",
        AtRetirement.BLANK,
        "The judgement stays, because awards rest on it. The words about the person's work go.",
        blank={"comment": "", "reason": ""},
        keeps=("levels", "role"),
        secret=("reviewer_id",),
    ),
    PersonalRows(
        Review,
        "reviewer",
        AtRetirement.KEEP,
        "What a reviewer wrote belongs to the learner it was written for. The account has no name any more.",
        keeps=("levels", "role"),
        secret=("comment", "reason", "submission_id"),
    ),
    PersonalRows(
        EvidenceLink, "file__submission__learner", AtRetirement.DELETE, "Nobody sees the file any more."
    ),
    PersonalRows(
        FileAccess,
        "file__submission__learner",
        AtRetirement.DELETE,
        "Who opened the file was kept for its owner.",
        secret=("visitor",),
    ),
    PersonalRows(
        Accommodation,
        "learner",
        AtRetirement.DELETE,
        "An exception for somebody who learns here no more.",
        at_merge=AtMerge.MOVE,
    ),
    PersonalRows(
        CourseReviewRules,
        "changed_by",
        AtRetirement.KEEP,
        "The course's rules; who changed them last is taken out.",
        keeps=("course_key", "issuer_slug"),
        exported=False,
    ),
    PersonalRows(Recusal, "reviewer", AtRetirement.DELETE, "One of the two is gone.", secret=("learner_id",)),
    PersonalRows(
        Recusal, "learner", AtRetirement.DELETE, "One of the two is gone.", secret=("reviewer_id", "reason")
    ),
    PersonalRows(
        Upload, "learner", AtRetirement.DELETE, "An upload that nobody finishes.", secret=("fingerprint",)
    ),
    PersonalRows(
        StorageUse,
        "",
        AtRetirement.DELETE,
        "The room somebody used; found by the account's number, not by a link.",
        exported=False,
    ),
)  # fmt: skip
