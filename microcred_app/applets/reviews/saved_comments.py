"""Sentences that reviewers use again: their own, and those that all reviewers of a course share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.permissions import api as permissions

from ..evidence.reviewers import may_review, reviewable_courses
from .errors import CommentRefused, SubmissionNotFound
from .models import SavedComment

__all__ = ["SavedCommentInfo", "delete_comment", "edit_comment", "list_comments", "save_comment"]

MAX_TEXT = 2_000
MAX_COMMENTS = 200


@dataclass(frozen=True)
class SavedCommentInfo:
    """One sentence; ``course_key`` is empty for one's own. ``mine`` says whether this person may change it."""

    id: int
    text: str
    course_key: str
    course_title: str
    mine: bool


def list_comments(reviewer_id: int, *, course_key: str = "") -> tuple[SavedCommentInfo, ...]:
    """One's own sentences, and those shared in *course_key*, or in every course one reviews; own ones first."""
    courses = set(reviewable_courses(reviewer_id))
    if course_key:
        courses = {course_key} if may_review(reviewer_id, course_key) else set()
    own = list(SavedComment.objects.filter(owner_id=reviewer_id, course_key="").order_by("text", "pk"))
    shared = list(SavedComment.objects.filter(course_key__in=courses).order_by("course_key", "text", "pk"))
    titles = {key: platform().course_title(key) for key in {row.course_key for row in shared}}
    staff = {key: _edits_shared(reviewer_id, key) for key in titles}
    return tuple(
        SavedCommentInfo(
            row.pk,
            row.text,
            row.course_key,
            titles.get(row.course_key, ""),
            row.owner_id == reviewer_id or staff.get(row.course_key, False),
        )
        for row in (*own, *shared)
    )


@transaction.atomic
def save_comment(reviewer_id: int, *, text: str, course_key: str = "", now: datetime) -> SavedCommentInfo:
    """Keep a sentence, for oneself or for a course; the same sentence twice is kept once."""
    text = _clean(text)
    if course_key and not may_review(reviewer_id, course_key):
        raise SubmissionNotFound(_("You review no such course."))
    if not course_key and not reviewable_courses(reviewer_id):
        raise SubmissionNotFound(_("Only reviewers keep comments here."))
    rows = SavedComment.objects.filter(course_key=course_key)
    rows = rows if course_key else rows.filter(owner_id=reviewer_id)
    found = rows.filter(text=text).first()
    if found is None:
        if rows.count() >= MAX_COMMENTS:
            raise CommentRefused(
                _("At most {limit} comments are kept here. Delete one first.").format(limit=MAX_COMMENTS)
            )
        found = SavedComment.objects.create(
            owner_id=reviewer_id, course_key=course_key, text=text, saved_at=now
        )
    title = platform().course_title(course_key) if course_key else ""
    return SavedCommentInfo(found.pk, found.text, course_key, title, found.owner_id == reviewer_id)


@transaction.atomic
def edit_comment(reviewer_id: int, comment_id: int, *, text: str, now: datetime) -> SavedCommentInfo:
    """Change the words of one's own sentence, or of a course's as its staff."""
    row = _own(reviewer_id, comment_id)
    row.text, row.saved_at = _clean(text), now
    row.save(update_fields=["text", "saved_at"])
    title = platform().course_title(row.course_key) if row.course_key else ""
    return SavedCommentInfo(row.pk, row.text, row.course_key, title, True)


@transaction.atomic
def delete_comment(reviewer_id: int, comment_id: int) -> None:
    """Forget a sentence. What was sent with it stays as it was sent."""
    _own(reviewer_id, comment_id).delete()


def _own(reviewer_id: int, comment_id: int) -> SavedComment:
    row = SavedComment.objects.filter(pk=comment_id).first()
    seen = row is not None and (
        row.owner_id == reviewer_id if not row.course_key else may_review(reviewer_id, row.course_key)
    )
    if row is None or not seen:
        raise SubmissionNotFound(_("There is no such comment. It may have been deleted."))
    if row.owner_id != reviewer_id and not _edits_shared(reviewer_id, row.course_key):
        raise CommentRefused(_("Only whoever wrote it, or the course’s staff, change a shared comment."))
    return row


def _edits_shared(reviewer_id: int, course_key: str) -> bool:
    return permissions.may_in_course(reviewer_id, permissions.CourseAction.EDIT_SHARED_COMMENTS, course_key)


def _clean(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text or len(text) > MAX_TEXT:
        raise CommentRefused(_("Write 1 to {limit} characters.").format(limit=MAX_TEXT))
    return text
