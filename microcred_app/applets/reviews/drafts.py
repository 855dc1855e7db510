"""What a reviewer has written so far, so that no lost connection and no lost reservation loses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ..evidence.models import Submission
from ..evidence.rubric import read_rubric
from .access import load, refuse_unless_reviewer
from .errors import ReviewIncomplete
from .models import VerdictDraft

__all__ = ["MAX_COMMENT", "Draft", "clean_comment", "draft_of", "forget_draft", "save_draft"]

MAX_COMMENT = 5_000
#: A draft may be longer than a comment that is sent: cutting it down is the writer's own decision.
MAX_DRAFT = 20_000


@dataclass(frozen=True)
class Draft:
    """A verdict that was not given yet."""

    levels: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    saved_at: datetime | None = None


@transaction.atomic
def save_draft(
    reviewer_id: int, submission_id: str, *, levels: Mapping[str, str], comment: str, now: datetime
) -> Draft:
    """Keep it, whether or not this person holds the submission; levels the rubric does not know are left out."""
    row = load(submission_id)
    refuse_unless_reviewer(reviewer_id, row)
    comment = comment.replace("\x00", "")
    if len(comment) > MAX_DRAFT:
        raise ReviewIncomplete(_("Keep the comment below {limit} characters.").format(limit=MAX_COMMENT))
    known = {
        (criterion.id, level.id)
        for criterion in read_rubric(row.rubric).criteria
        for level in criterion.levels
    }
    kept = {key: level for key, level in levels.items() if (key, level) in known}
    found, _created = VerdictDraft.objects.update_or_create(
        submission=row,
        reviewer_id=reviewer_id,
        defaults={"levels": kept, "comment": comment, "saved_at": now},
    )
    return _draft(found)


def draft_of(reviewer_id: int, row: Submission) -> Draft:
    """This person's draft; an empty one when there is none."""
    found = VerdictDraft.objects.filter(submission=row, reviewer_id=reviewer_id).first()
    return _draft(found) if found is not None else Draft()


def forget_draft(reviewer_id: int, row: Submission) -> None:
    """The verdict was given."""
    VerdictDraft.objects.filter(submission=row, reviewer_id=reviewer_id).delete()


def clean_comment(comment: str) -> str:
    """The comment as it is sent; raises :class:`ReviewIncomplete` when it is too long."""
    comment = comment.replace("\x00", "").strip()
    if len(comment) > MAX_COMMENT:
        raise ReviewIncomplete(_("Keep the comment below {limit} characters.").format(limit=MAX_COMMENT))
    return comment


def _draft(row: VerdictDraft) -> Draft:
    return Draft(dict(row.levels), row.comment, row.saved_at)
