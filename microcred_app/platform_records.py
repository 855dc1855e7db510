"""The tables in which the platform keeps what it tells by events, read in pieces for one course.

Platform modules are imported inside the functions that need them. A table that a platform does not have is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps

from .platform_facts import Seen, grade_seen, standing_seen
from .rules import Mention

__all__ = ["PARTS", "Records", "accounts_of_external_ids", "read_records"]

#: What is read of a course, in this order.
PARTS = ("grades", "subsections", "scores", "completions", "containers", "certificates", "cohorts")
_CERTIFIED = "downloadable"


@dataclass(frozen=True)
class Records:
    """One piece: what it says, how many rows it was, where the next begins (empty: this was the last), of how many."""

    seen: tuple[Seen, ...] = ()
    rows: int = 0
    after: str = ""
    total: int | None = None


Reading = Callable[[Any], Iterable[Seen]]


def read_records(
    course_key: str,
    part: str,
    *,
    keys: Collection[Mention],
    after: str,
    limit: int,
    count: bool,
    container_complete: Callable[[int, str], bool],
) -> Records:
    """The next piece of one part of the course. Raises ``InvalidKeyError`` for what is no course key."""
    from opaque_keys.edx.keys import CourseKey

    course = CourseKey.from_string(course_key)
    if part == "containers":
        return _containers(course, keys, after, limit, count, container_complete)
    if part == "scores":
        return _assessments(course, keys, after, limit, count)
    try:
        rows, reading = _TABLES[part](course, keys)
    except ImportError:
        return Records(total=0)
    return _piece(rows, reading, after, limit, count)


def _piece(rows: Any, reading: Reading, after: str, limit: int, count: bool) -> Records:
    total = rows.count() if count else None
    later = rows.filter(pk__gt=int(after)) if after else rows
    found = list(later.order_by("pk")[:limit])
    seen = tuple(entry for row in found for entry in reading(row))
    return Records(seen, len(found), str(found[-1].pk) if len(found) == limit else "", total)


def _grades(course: Any, keys: Collection[Mention]) -> tuple[Any, Reading]:
    from lms.djangoapps.grades.models import PersistentCourseGrade

    def read(row: Any) -> Iterable[Seen]:
        key = str(row.course_id)
        yield from grade_seen(row.user_id, key, key, float(row.percent_grade), 1.0, row.modified)
        # A course is passed while the grade has a letter.
        yield standing_seen(row.user_id, key, "passed", row.modified, holds=bool(row.letter_grade))

    return PersistentCourseGrade.objects.filter(course_id=course), read


def _subsections(course: Any, keys: Collection[Mention]) -> tuple[Any, Reading]:
    from lms.djangoapps.grades.models import PersistentSubsectionGrade
    from opaque_keys.edx.keys import UsageKey

    wanted = [UsageKey.from_string(key) for key in _parts(course, keys, "grade")]

    def read(row: Any) -> Iterable[Seen]:
        override = getattr(row, "override", None)
        earned, possible = row.earned_graded, row.possible_graded
        if not possible:
            earned, possible = row.earned_all, row.possible_all
        if override is not None and override.possible_graded_override:
            earned, possible = override.earned_graded_override, override.possible_graded_override
        yield from grade_seen(
            row.user_id,
            str(course),
            str(row.full_usage_key),
            float(earned or 0),
            float(possible or 0),
            row.modified,
        )

    return PersistentSubsectionGrade.objects.filter(course_id=course, usage_key__in=wanted), read


def _scores(course: Any, keys: Collection[Mention]) -> tuple[Any, Reading]:
    from lms.djangoapps.courseware.models import StudentModule
    from opaque_keys.edx.keys import UsageKey

    wanted = [UsageKey.from_string(key) for key in _parts(course, keys, "grade")]

    def read(row: Any) -> Iterable[Seen]:
        if row.grade is not None and row.max_grade:
            key = str(row.module_state_key)
            yield from grade_seen(
                row.student_id, str(course), key, float(row.grade), float(row.max_grade), row.modified
            )

    rows = StudentModule.objects.filter(course_id=course, module_state_key__in=wanted, grade__isnull=False)
    return rows, read


def _assessments(course: Any, keys: Collection[Mention], after: str, limit: int, count: bool) -> Records:
    """Scores of problems, then those of open response assessments, which stand in a table of their own."""
    wanted = _parts(course, keys, "grade")
    if not wanted:
        return Records(total=0)
    begun = after.removeprefix("ora:") if after.startswith("ora:") else None
    found = Records(total=0)
    if begun is None:
        try:
            found = _piece(*_scores(course, keys), after, limit, count)
        except ImportError:
            found = Records(total=0)
        if found.after:
            return found
        begun = ""
    try:
        from submissions.models import ScoreSummary
    except ImportError:
        return found
    rows = ScoreSummary.objects.filter(
        student_item__course_id=str(course), student_item__item_id__in=wanted
    ).select_related("latest", "student_item")
    more = _piece(rows, _of_submission, begun, limit, count)
    total = None if found.total is None else found.total + (more.total or 0)
    following = f"ora:{more.after}" if more.after else ""
    return Records(found.seen + more.seen, found.rows + more.rows, following, total)


def _of_submission(row: Any) -> Iterable[Seen]:
    from common.djangoapps.student.models import user_by_anonymous_id

    item, score = row.student_item, row.latest
    user = user_by_anonymous_id(item.student_id)
    if user is not None:
        yield from grade_seen(
            user.pk,
            item.course_id,
            item.item_id,
            float(score.points_earned),
            float(score.points_possible),
            score.created_at,
        )


def _completions(course: Any, keys: Collection[Mention]) -> tuple[Any, Reading]:
    from completion.models import BlockCompletion
    from opaque_keys.edx.keys import UsageKey

    wanted = [UsageKey.from_string(key) for key in _parts(course, keys, "block")]

    def read(row: Any) -> Iterable[Seen]:
        holds = row.completion >= 1.0
        yield Seen(row.user_id, str(course), "block", str(row.block_key), row.modified, holds=holds)

    return BlockCompletion.objects.filter(context_key=course, block_key__in=wanted), read


def _containers(
    course: Any,
    keys: Collection[Mention],
    after: str,
    limit: int,
    count: bool,
    complete: Callable[[int, str], bool],
) -> Records:
    """Pages and sections, asked about for everybody who completed anything in the course."""
    from completion.models import BlockCompletion

    wanted = [
        key
        for key in _parts(course, keys, "block")
        if any(f"+type@{kind}+" in key for kind in ("vertical", "sequential", "chapter"))
    ]
    if not wanted:
        return Records(total=0)
    rows = BlockCompletion.objects.filter(context_key=course)
    total = rows.values("user_id").distinct().count() if count else None
    later = rows.filter(user_id__gt=int(after)) if after else rows
    learners = list(later.order_by("user_id").values_list("user_id", flat=True).distinct()[:limit])
    seen = tuple(
        Seen(learner, str(course), "block", key, None)
        for learner in learners
        for key in wanted
        if complete(learner, key)
    )
    return Records(seen, len(learners), str(learners[-1]) if len(learners) == limit else "", total)


def _certificates(course: Any, keys: Collection[Mention]) -> tuple[Any, Reading]:
    from lms.djangoapps.certificates.models import GeneratedCertificate

    def read(row: Any) -> Iterable[Seen]:
        holds = row.status == _CERTIFIED
        yield standing_seen(row.user_id, str(course), "certified", row.modified_date, holds=holds)

    return GeneratedCertificate.objects.filter(course_id=course), read


def _cohorts(course: Any, keys: Collection[Mention]) -> tuple[Any, Reading]:
    from openedx.core.djangoapps.course_groups.models import CohortMembership

    def read(row: Any) -> Iterable[Seen]:
        yield standing_seen(
            row.user_id, str(course), "cohort", None, holds=True, group=row.course_user_group.name
        )

    return CohortMembership.objects.filter(course_id=course).select_related("course_user_group"), read


_TABLES: dict[str, Callable[[Any, Collection[Mention]], tuple[Any, Reading]]] = {
    "grades": _grades,
    "subsections": _subsections,
    "completions": _completions,
    "certificates": _certificates,
    "cohorts": _cohorts,
}


def _parts(course: Any, keys: Collection[Mention], kind: str) -> list[str]:
    """Keys of parts of this course that are asked about, of one kind."""
    head = f"block-v1:{str(course).partition(':')[2]}+"
    return sorted(key for of, key in keys if of == kind and key.startswith(head))


def accounts_of_external_ids(texts: Collection[str]) -> dict[str, set[int]]:
    """Accounts by an id that another system knows them by: of single sign-on (``uid``), or the platform's own (a UUID).

    Ids are compared as they are written. A platform without these tables knows none.
    """
    found: dict[str, set[int]] = {}
    if apps.is_installed("social_django"):
        rows = apps.get_model("social_django", "UserSocialAuth").objects.filter(uid__in=texts)
        for uid, user_id in rows.values_list("uid", "user_id"):
            found.setdefault(uid, set()).add(user_id)
    uuids = {str(value): text for text in texts if (value := _uuid(text)) is not None}
    if uuids and apps.is_installed("openedx.core.djangoapps.external_user_ids"):
        rows = apps.get_model("external_user_ids", "ExternalId").objects
        for value, user_id in rows.filter(external_user_id__in=uuids).values_list(
            "external_user_id", "user_id"
        ):
            found.setdefault(uuids[str(value)], set()).add(user_id)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
