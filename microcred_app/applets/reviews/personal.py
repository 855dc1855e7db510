"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import FeedbackMessage, ReviewClaim, SavedComment, VerdictDraft

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(ReviewClaim, "reviewer", AtRetirement.DELETE, "Nobody has it in hand any more."),
    PersonalRows(
        ReviewClaim,
        "submission__learner",
        AtRetirement.DELETE,
        "There is nothing to judge any more.",
        exported=False,
    ),
    PersonalRows(VerdictDraft, "reviewer", AtRetirement.DELETE, "Words that were never said."),
    PersonalRows(
        VerdictDraft,
        "submission__learner",
        AtRetirement.DELETE,
        "Words that were never said.",
        exported=False,
    ),
    PersonalRows(
        SavedComment,
        "owner",
        AtRetirement.DELETE,
        "A reviewer's own sentences serve only them.",
        where={"course_key": ""},
    ),
    PersonalRows(
        SavedComment,
        "owner",
        AtRetirement.KEEP,
        "Sentences that a course shares belong to its reviewers. The account has no name any more.",
        keeps=("course_key", "text"),
    ),
    PersonalRows(
        FeedbackMessage,
        "submission__learner",
        AtRetirement.BLANK,
        "What was said about the person's work goes, from both sides.",
        blank={"text": ""},
        secret=("author_id",),
    ),
    PersonalRows(
        FeedbackMessage,
        "author",
        AtRetirement.KEEP,
        "What a reviewer wrote belongs to the learner it was written for. The account has no name any more.",
        where={"by_reviewer": True},
    ),
)
