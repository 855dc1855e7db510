"""What a learner is told about the review of their work: until when, by what, what was found, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.reviews import api as reviews
from microcred_app.applets.reviews.api import FeedbackLine
from microcred_app.compat import platform

__all__ = ["Feedback", "FeedbackLine", "Work", "feedback", "show_work"]


@dataclass(frozen=True)
class Feedback:
    """For the panel of a task. ``answer_by`` is what the course promises while the work is in review.

    ``page_url`` leads to all attempts and the conversation; empty before anything was handed in.
    """

    lines: tuple[reviews.FeedbackLine, ...]
    answer_by: datetime | None
    page_url: str


@dataclass(frozen=True)
class Work:
    """All attempts at one task, newest first, with what was said about them."""

    submission_id: str
    unit_title: str
    task_title: str
    course_title: str
    unit_url: str
    rubric: evidence.Rubric
    attempts: tuple[reviews.Attempt, ...]
    answer_by: datetime | None


def feedback(learner_id: int, part_usage_key: str) -> Feedback:
    """What was said about the learner's work on a task, and when to expect an answer."""
    newest = evidence.newest_handed_in(learner_id, part_usage_key)
    if newest is None:
        return Feedback((), None, "")
    return Feedback(
        lines=reviews.learner_lines(learner_id, part_usage_key),
        answer_by=_answer_by(newest.course_key, newest.state, newest.submitted_at),
        page_url=reverse("microcred_app:my-work", args=[newest.id]),
    )


def show_work(learner_id: int, submission_id: str) -> Work:
    """The learner's own work on a task; raises for anybody else's."""
    own = reviews.own_work(learner_id, submission_id)
    return Work(
        submission_id=own.submission_id,
        unit_title=own.unit_title,
        task_title=own.task_title,
        course_title=platform().course_title(own.course_key),
        unit_url=platform().unit_url(own.unit_usage_key),
        rubric=own.rubric,
        attempts=own.attempts,
        answer_by=_answer_by(own.course_key, own.state, own.submitted_at),
    )


def _answer_by(course_key: str, state: str, submitted_at: datetime | None) -> datetime | None:
    days = evidence.rules_of(course_key).answer_days
    if state != "in_review" or submitted_at is None or not days:
        return None
    return submitted_at + timedelta(days=days)
