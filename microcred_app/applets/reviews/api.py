"""What other rooms may use of the reviews applet."""

from .agreement import Agreement, agree, kappa
from .archive import Archive, plan_archive, write_archive
from .claims import ClaimInfo, claim, release
from .desk import Desk, MarkInfo, open_desk
from .drafts import Draft, save_draft
from .errors import (
    AlreadyReviewed,
    ArchiveTooLarge,
    ClaimHeld,
    CommentRefused,
    FeedbackRefused,
    MayNotReview,
    ReviewIncomplete,
    SubmissionNotFound,
)
from .feedback import (
    Attempt,
    FeedbackLine,
    OwnWork,
    learner_lines,
    own_work,
    say_as_learner,
    say_as_reviewer,
)
from .marking import is_sampled
from .queue import (
    SORTS,
    STATES,
    Choices,
    QueueFilter,
    QueueItem,
    choices_for,
    count_queue,
    count_states,
    list_queue,
    neighbours,
    next_free,
    page_queue,
)
from .regrading import regrade, reset
from .report import CourseFigures, TaskAgreement, course_figures, courses_answered_for
from .saved_comments import SavedCommentInfo, delete_comment, edit_comment, list_comments, save_comment
from .turnaround import Turnaround
from .verdicts import decide

__all__ = [
    "SORTS",
    "STATES",
    "Agreement",
    "AlreadyReviewed",
    "Archive",
    "ArchiveTooLarge",
    "Attempt",
    "Choices",
    "ClaimHeld",
    "ClaimInfo",
    "CommentRefused",
    "CourseFigures",
    "Desk",
    "Draft",
    "FeedbackLine",
    "FeedbackRefused",
    "MarkInfo",
    "MayNotReview",
    "OwnWork",
    "QueueFilter",
    "QueueItem",
    "ReviewIncomplete",
    "SavedCommentInfo",
    "SubmissionNotFound",
    "TaskAgreement",
    "Turnaround",
    "agree",
    "choices_for",
    "claim",
    "count_queue",
    "count_states",
    "course_figures",
    "courses_answered_for",
    "decide",
    "delete_comment",
    "edit_comment",
    "is_sampled",
    "kappa",
    "learner_lines",
    "list_comments",
    "list_queue",
    "neighbours",
    "next_free",
    "open_desk",
    "own_work",
    "page_queue",
    "plan_archive",
    "regrade",
    "release",
    "reset",
    "save_comment",
    "save_draft",
    "say_as_learner",
    "say_as_reviewer",
    "write_archive",
]
