"""The demo's tables read for one course, in pieces, as :mod:`microcred_app.platform_records` reads the LMS's."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Max

from demo_site.courses.models import Grade
from demo_site.runtime.course_grades import PASS_MARK, course_share
from microcred_app.platform_facts import Seen, grade_seen, standing_seen
from microcred_app.platform_records import Records
from microcred_app.rules import Mention

__all__ = ["course_grades", "scores"]


def course_grades(course_key: str, after: str, limit: int, *, count: bool) -> Records:
    """Course grade and passing status of every learner who was graded."""
    rows = Grade.objects.filter(course_key=course_key)
    learners = rows.filter(user_id__gt=int(after or 0)).values("user_id").annotate(at=Max("modified"))
    found = list(learners.order_by("user_id")[:limit])
    seen: list[Seen] = []
    for row in found:
        share = course_share(row["user_id"], course_key)
        seen += grade_seen(row["user_id"], course_key, course_key, share, 1.0, row["at"])
        seen.append(standing_seen(row["user_id"], course_key, "passed", row["at"], holds=share >= PASS_MARK))
    total = rows.values("user_id").distinct().count() if count else None
    return Records(tuple(seen), len(found), str(found[-1]["user_id"]) if len(found) == limit else "", total)


def scores(course_key: str, keys: Collection[Mention], after: str, limit: int, *, count: bool) -> Records:
    """Points in blocks that are asked for."""
    wanted = [key for kind, key in keys if kind == "grade"]
    rows = Grade.objects.filter(course_key=course_key, usage_key__in=wanted)
    found = list(rows.filter(pk__gt=int(after or 0)).order_by("pk")[:limit])
    seen = [
        entry
        for row in found
        for entry in grade_seen(
            row.user_id, course_key, row.usage_key, row.earned, row.possible, row.modified
        )
    ]
    total = rows.count() if count else None
    return Records(tuple(seen), len(found), str(found[-1].pk) if len(found) == limit else "", total)
