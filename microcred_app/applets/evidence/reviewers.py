"""Who may see and judge what learners handed in: every room and page that opens evidence asks here.

A course's staff and reviewers are known to the platform. Where the course's staff named an organisation, the
people who hold the office for ``evidence.judge`` there may judge as well. Nobody judges their own work, and nobody
sees the work of a learner whom they said they should not judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .errors import EvidenceError, MayNotReview, SubmissionNotFound
from .models import Submission
from .reviewer_models import CourseReviewRules, Recusal

__all__ = [
    "RecusalInfo",
    "ReviewRules",
    "RulesRefused",
    "declare_recusal",
    "may_open",
    "may_review",
    "recusals_of",
    "recused_learners",
    "reviewable_courses",
    "reviewer_role",
    "rules_of",
    "set_rules",
    "take_back_recusal",
]

MAX_REASON = 1_000
_SLUG = re.compile(r"[-a-zA-Z0-9_]{0,80}")
MAX_DAYS = 365


class RulesRefused(EvidenceError):
    """The rules of a course's reviews cannot be kept as given."""

    code = "review_rules_refused"


@dataclass(frozen=True)
class ReviewRules:
    """How evidence of a course is judged."""

    course_key: str
    both_needed: bool = False
    answer_days: int | None = None
    issuer_slug: str = ""


@dataclass(frozen=True)
class RecusalInfo:
    """A learner whom somebody does not judge."""

    learner_id: int
    learner_name: str
    reason: str
    declared_at: datetime


def may_review(user_id: int, course_key: str) -> bool:
    """Whether this person may judge evidence of this course."""
    return bool(reviewer_role(user_id, course_key))


def may_open(user_id: int, submission: Submission) -> bool:
    """Whether this person may see what was handed in: its owner, and reviewers who did not step back."""
    if user_id == submission.learner_id:
        return True
    return (
        may_review(user_id, submission.course_key)
        and not Recusal.objects.filter(reviewer_id=user_id, learner_id=submission.learner_id).exists()
    )


def reviewer_role(user_id: int, course_key: str) -> str:
    """In which role this person judges in this course: ``staff``, ``reviewer``, ``organisation``, or not at all."""
    role = permissions.role_in_course(
        user_id,
        permissions.CourseAction.JUDGE,
        course_key,
        lent_to=lambda: rules_of(course_key).issuer_slug,
    )
    return role.value if role else ""


def reviewable_courses(user_id: int) -> tuple[str, ...]:
    """Keys of the courses whose evidence this person may judge, sorted."""
    found = set(permissions.courses_with(user_id, permissions.CourseAction.JUDGE))
    slugs = permissions.scope_of(user_id, permissions.Action.JUDGE_EVIDENCE).filter_slugs
    lent = CourseReviewRules.objects.exclude(issuer_slug="")
    if slugs is not None:
        lent = lent.filter(issuer_slug__in=slugs)
    if slugs is None or slugs:
        found.update(lent.values_list("course_key", flat=True))
    return tuple(sorted(found))


def rules_of(course_key: str) -> ReviewRules:
    """The rules in force for a course."""
    row = CourseReviewRules.objects.filter(course_key=course_key).first()
    if row is None:
        return ReviewRules(course_key)
    return ReviewRules(course_key, row.both_needed, row.answer_days, row.issuer_slug)


@transaction.atomic
def set_rules(actor_id: int, rules: ReviewRules, *, now: datetime) -> ReviewRules:
    """Keep how evidence of a course is judged from now on; only the course's staff may, and it is audited.

    Judgements that were made stand. A submission that waits for a second judgement goes on waiting.
    """
    if not permissions.may_in_course(actor_id, permissions.CourseAction.SET_REVIEW_RULES, rules.course_key):
        raise MayNotReview(_("Only the staff of a course decide how its evidence is judged."))
    if rules.answer_days is not None and not 1 <= rules.answer_days <= MAX_DAYS:
        raise RulesRefused(_("Promise an answer within 1 to {days} days, or nothing.").format(days=MAX_DAYS))
    if not _SLUG.fullmatch(rules.issuer_slug):
        raise RulesRefused(_("Choose an organisation of this site."))
    CourseReviewRules.objects.update_or_create(
        course_key=rules.course_key,
        defaults={
            "both_needed": rules.both_needed,
            "answer_days": rules.answer_days,
            "issuer_slug": rules.issuer_slug,
            "changed_by_id": actor_id,
            "changed_at": now,
        },
    )
    audit.record(
        "review_rules.changed",
        object_type="course",
        object_id=rules.course_key,
        actor_id=actor_id,
        now=now,
        details={
            "both_needed": rules.both_needed,
            "answer_days": rules.answer_days,
            "organisation": rules.issuer_slug,
        },
        issuer_slug=rules.issuer_slug,
    )
    return rules


@transaction.atomic
def declare_recusal(reviewer_id: int, submission_id: str, *, reason: str, now: datetime) -> None:
    """Step back from judging the learner of this submission, now and later; declaring it twice changes nothing."""
    try:
        row = Submission.objects.filter(pk=submission_id).first()
    except (ValidationError, ValueError):
        row = None
    if row is None or row.state == Submission.DRAFT or not may_review(reviewer_id, row.course_key):
        raise SubmissionNotFound(_("There is no such submission."))
    if row.learner_id == reviewer_id:
        raise MayNotReview(_("This is your own work. Nobody judges their own work anyway."))
    reason = reason.replace("\x00", "").strip()[:MAX_REASON]
    _row, created = Recusal.objects.get_or_create(
        reviewer_id=reviewer_id,
        learner_id=row.learner_id,
        defaults={"reason": reason, "declared_at": now},
    )
    if created:
        _trace("recusal.declared", reviewer_id, row.learner_id, row.course_key, now)


@transaction.atomic
def take_back_recusal(reviewer_id: int, learner_id: int, *, now: datetime) -> None:
    """Judge this learner's work again; what one says of oneself one may also correct, and both are audited."""
    row = Recusal.objects.filter(reviewer_id=reviewer_id, learner_id=learner_id).first()
    if row is None:
        raise SubmissionNotFound(_("You do judge this learner’s work already."))
    row.delete()
    _trace("recusal.taken_back", reviewer_id, learner_id, "", now)


def recused_learners(reviewer_id: int) -> frozenset[int]:
    """Learners whose work this person does not judge."""
    rows = Recusal.objects.filter(reviewer_id=reviewer_id)
    return frozenset(rows.values_list("learner_id", flat=True))


def recusals_of(reviewer_id: int) -> tuple[RecusalInfo, ...]:
    """The same, with names and reasons, newest first."""
    rows = list(Recusal.objects.filter(reviewer_id=reviewer_id).order_by("-declared_at", "-pk"))
    names = _names(row.learner_id for row in rows)
    return tuple(
        RecusalInfo(row.learner_id, names.get(row.learner_id, ""), row.reason, row.declared_at)
        for row in rows
    )


def _names(user_ids: Iterable[int]) -> dict[int, str]:
    return {pk: person.name for pk, person in platform().people(user_ids).items()}


def _trace(action: str, reviewer_id: int, learner_id: int, course_key: str, now: datetime) -> None:
    audit.record(
        action,
        object_type="learner",
        object_id=str(learner_id),
        actor_id=reviewer_id,
        now=now,
        details={"course": course_key} if course_key else {},
    )
