"""Evidence of a unit's tasks: how long learners wait, and which levels reviewers give."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from django.db.models import Count as Counting
from django.db.models import Q

from ..evidence.models import Review, Submission
from ..evidence.rubric import Rubric, read_rubric
from ..reviews.turnaround import Turnaround, summarise
from .answers import counted
from .data import Count, Criterion, TaskInsight
from .suppression import guard_nested, guard_partition

__all__ = ["task_insights"]

#: Newest first judgements of each unit that turnaround is worked out from.
NEWEST = 5_000


def task_insights(
    course_key: str, unit_usage_key: str, titles: dict[str, str], k: int
) -> tuple[TaskInsight, ...]:
    """Figures of every task of the unit that somebody handed in for, in the order of *titles*."""
    rows = Submission.objects.filter(course_key=course_key, unit_usage_key=unit_usage_key).exclude(
        state=Submission.DRAFT
    )
    counts = (
        rows.order_by()
        .values_list("part_usage_key")
        .annotate(waiting=Counting("pk", filter=Q(state=Submission.IN_REVIEW)), last=Counting("pk"))
    )
    waiting = {part: n for part, n, _all in counts}
    waits, passed, judged = _judged(course_key, unit_usage_key)
    levels = _levels(course_key, unit_usage_key)
    order = [*(key for key in titles if key in waiting), *sorted(set(waiting) - set(titles))]
    found = []
    for key in order:
        number, good = judged.get(key, 0), passed.get(key, 0)
        shown = guard_nested((number, good), k)
        newest = (
            rows.filter(part_usage_key=key)
            .order_by("-submitted_at")
            .values_list("rubric", "task_title")
            .first()
        )
        rubric, title = newest if newest else ({}, "")
        times = waits.get(key, [])
        found.append(
            TaskInsight(
                usage_key=key,
                title=titles.get(key) or title or key,
                waiting=Count(guard_nested((waiting[key],), k)[0]),
                judged=Count(shown[0]),
                passed_first=counted(shown[1] if shown[0] is not None else None, number),
                turnaround=_spread(times, k),
                criteria=_criteria(read_rubric(rubric), levels.get(key, {}), k),
            )
        )
    return tuple(found)


def _judged(
    course_key: str, unit_usage_key: str
) -> tuple[dict[str, list[timedelta]], dict[str, int], dict[str, int]]:
    """For each task how long first judgements took, how many passed, and how many there are."""
    rows = Review.objects.filter(
        submission__course_key=course_key, submission__unit_usage_key=unit_usage_key, purpose=Review.FIRST
    )
    judged, passed = {}, {}
    counts = rows.order_by().values_list("submission__part_usage_key")
    for key, all_, good in counts.annotate(
        n=Counting("pk"), ok=Counting("pk", filter=Q(verdict=Review.PASSED))
    ):
        judged[key], passed[key] = all_, good
    times: dict[str, list[timedelta]] = defaultdict(list)
    columns = rows.order_by("-decided_at").values_list(
        "submission__part_usage_key", "submission__submitted_at", "decided_at"
    )
    for key, handed_in, decided in columns[:NEWEST]:
        if handed_in is not None:
            times[key].append(decided - handed_in)
    return times, passed, judged


def _spread(times: list[timedelta], k: int) -> Turnaround:
    """Times of fewer than *k* judgements are nobody's business; the upper end needs twice as many."""
    found = summarise("", times)
    if len(times) < k:
        return Turnaround("", 0, None, None)
    return found if len(times) >= 2 * k else Turnaround("", found.judged, found.median, None)


def _levels(course_key: str, unit_usage_key: str) -> dict[str, dict[str, Counter[str]]]:
    """For each task and criterion how often each level stands; a judgement that was replaced does not stand."""
    rows = Review.objects.filter(
        submission__course_key=course_key,
        submission__unit_usage_key=unit_usage_key,
        replaced_by__isnull=True,
    ).exclude(purpose=Review.SECOND)
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    columns = rows.order_by().values_list("submission__part_usage_key", "levels").annotate(n=Counting("pk"))
    for key, levels, number in columns:
        for criterion, level in levels.items():
            found[key][criterion][str(level)] += number
    return found


def _criteria(rubric: Rubric, given: dict[str, Counter[str]], k: int) -> tuple[Criterion, ...]:
    """Levels of the rubric as it was at the last hand-in; levels that are gone are not told."""
    found = []
    for criterion in rubric.criteria:
        levels = sorted(criterion.levels, key=lambda level: level.points)
        numbers = [given.get(criterion.id, Counter())[level.id] for level in levels]
        total = sum(numbers)
        if total < k:
            found.append(Criterion(criterion.name, tuple((level.name, Count(None)) for level in levels)))
            continue
        shown = guard_partition(numbers, k)
        found.append(
            Criterion(
                criterion.name,
                tuple(
                    (level.name, counted(number, total)) for level, number in zip(levels, shown, strict=True)
                ),
            )
        )
    return tuple(found)
