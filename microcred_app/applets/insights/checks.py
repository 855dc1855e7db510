"""Figures of a unit's checks: first answers, how hard they are, how well they tell learners apart.

Counts are made by the database over everybody. Only discrimination is read from the newest answers: beyond some
thousand learners it does not change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count as Counting
from django.db.models import Max, Q, QuerySet

from microcred_app.courses import QuestionWords

from ..responses.models import ItemResponse
from .answers import AnswerGroup, answer_tables, counted
from .data import CheckInsight, Count
from .statistics import point_biserial
from .suppression import guard_nested, guard_partition

__all__ = ["CheckPart", "check_insights"]

#: Newest first answers to each check from which discrimination is worked out.
NEWEST = 5_000
#: Different answers that one check is counted by; rarer ones are summed up anyway.
MOST_ANSWERS = 5_000
HARD, EASY = 0.3, 0.95
WEAK = 0.15


@dataclass(frozen=True)
class CheckPart:
    """A check of the unit as its learners have it."""

    usage_key: str
    title: str


def check_insights(
    course_key: str,
    checks: Sequence[CheckPart],
    words: Mapping[str, QuestionWords],
    k: int,
    *,
    told: Sequence[int],
) -> tuple[CheckInsight, ...]:
    """Figures of these checks; *told* are counts of larger groups that the reader knows."""
    keys = [check.usage_key for check in checks]
    wordings = _wordings(course_key, keys, words)
    scores = _scores(course_key, wordings)
    found = []
    for check in checks:
        rows = ItemResponse.objects.filter(course_key=course_key, part_usage_key=check.usage_key)
        found.append(
            _one(
                check,
                rows,
                wordings[check.usage_key],
                words.get(check.usage_key, QuestionWords()),
                scores,
                k,
                told,
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class _Wording:
    """The wording that is counted, how many answered it first, and how many answered others."""

    digest: str
    check_type: str
    answered: int
    earlier: int


def _wordings(
    course_key: str, keys: Sequence[str], words: Mapping[str, QuestionWords]
) -> dict[str, _Wording]:
    """For each check the wording it has now, when that was answered; else the one that was answered last."""
    rows = ItemResponse.objects.filter(course_key=course_key, part_usage_key__in=keys, attempt=1)
    columns = rows.order_by().values_list("part_usage_key", "question", "check_type")
    found: dict[str, list[tuple[Any, ...]]] = {key: [] for key in keys}
    for key, digest, check_type, answered, last in columns.annotate(n=Counting("pk"), last=Max("at")):
        found[key].append(
            (digest == words.get(key, QuestionWords()).wording, last, digest, check_type, answered)
        )
    wordings = {}
    for key, several in found.items():
        if several:
            _now, _last, digest, check_type, answered = max(several)
            earlier = sum(row[4] for row in several) - answered
            wordings[key] = _Wording(digest, check_type, answered, earlier)
        else:
            wordings[key] = _Wording("", "", 0, 0)
    return wordings


def _scores(course_key: str, wordings: Mapping[str, _Wording]) -> dict[str, dict[int, tuple[bool, float]]]:
    """For each check the newest first answers: learner to (passed, score). Attestations say nothing of ability."""
    found = {}
    for key, wording in wordings.items():
        if wording.answered and wording.check_type != "attest":
            rows = ItemResponse.objects.filter(
                course_key=course_key, part_usage_key=key, attempt=1, question=wording.digest
            )
            newest = rows.order_by("-at", "-pk").values_list("learner_id", "passed", "score")[:NEWEST]
            found[key] = {learner: (passed, score) for learner, passed, score in newest}
    return found


def _one(
    check: CheckPart,
    rows: QuerySet[ItemResponse],
    wording: _Wording,
    words: QuestionWords,
    scores: Mapping[str, Mapping[int, tuple[bool, float]]],
    k: int,
    told: Sequence[int],
) -> CheckInsight:
    total = wording.answered
    if total < k:
        return _silent(check, wording, words, k)
    first = rows.filter(attempt=1, question=wording.digest)
    if wording.earlier:  # later attempts of those only who began with this wording
        rows = rows.filter(learner__in=first.values("learner"))
    groups = _groups(first, total)
    right = sum(group.learners for group in groups if group.passed)
    passed, hinted = _in_the_end(rows)
    # The number that answered is told where it is not almost one that is told above, or another share would do.
    exact = guard_nested((*told, total), k)[-1] is not None
    guarded = guard_nested((total, right, passed), k)
    attests = wording.check_type == "attest"
    difficulty = right / total if guarded[1] is not None and not attests else None
    discrimination, not_told = _discrimination(check.usage_key, scores, k)
    tables = answer_tables(wording.check_type, groups, words, k, exact=exact)
    insight = CheckInsight(
        usage_key=check.usage_key,
        title=check.title,
        prompt=words.prompt,
        check_type=wording.check_type,
        wording=wording.digest,
        earlier=Count(guard_nested((wording.earlier,), k)[0]),
        answered=Count(total if exact else None),
        right_first=counted(guarded[1], total, exact=exact),
        passed=counted(guarded[2], total, exact=exact),
        hinted=counted(guard_nested((total, hinted), k)[1], total, exact=exact),
        attempts=_attempts(rows, total, k, exact=exact),
        difficulty=round(difficulty, 2) if difficulty is not None else None,
        discrimination=discrimination,
        not_told="attest" if attests else not_told,
        tables=tables,
        advice=(),
    )
    return _advised(insight)


def _silent(check: CheckPart, wording: _Wording, words: QuestionWords, k: int) -> CheckInsight:
    """A check that too few answered: nothing but that."""
    nothing = Count(0 if not wording.answered else None)
    earlier = Count(guard_nested((wording.earlier,), k)[0])
    return CheckInsight(
        usage_key=check.usage_key,
        title=check.title,
        prompt=words.prompt,
        check_type=wording.check_type,
        wording=wording.digest,
        earlier=earlier,
        answered=nothing,
        right_first=nothing,
        passed=nothing,
        hinted=nothing,
        attempts=(nothing, nothing, nothing),
        difficulty=None,
        discrimination=None,
        not_told="few",
        tables=(),
        advice=(),
    )


def _groups(first: QuerySet[ItemResponse], total: int) -> list[AnswerGroup]:
    """Equal answers together, most frequent first; what is beyond the limit is counted without its words."""
    columns = first.order_by().values_list("given", "passed").annotate(n=Counting("pk")).order_by("-n")
    groups = [
        AnswerGroup(tuple((str(part), str(value)) for part, value in given), passed, n)
        for given, passed, n in columns[:MOST_ANSWERS]
    ]
    rest = total - sum(group.learners for group in groups)
    if rest:
        right = first.filter(passed=True).count() - sum(group.learners for group in groups if group.passed)
        groups += [AnswerGroup((), True, right), AnswerGroup((), False, rest - right)]
    return [group for group in groups if group.learners]


def _in_the_end(rows: QuerySet[ItemResponse]) -> tuple[int, int]:
    """How many learners passed at any attempt, and how many took a hint."""
    found = rows.aggregate(
        passed=Counting("learner", distinct=True, filter=Q(passed=True)),
        hinted=Counting("learner", distinct=True, filter=Q(hints__gt=0)),
    )
    return int(found["passed"]), int(found["hinted"])


def _attempts(rows: QuerySet[ItemResponse], total: int, k: int, *, exact: bool) -> tuple[Count, Count, Count]:
    """How many learners made one, two, and three or more attempts."""
    reached = dict(
        rows.filter(attempt__lte=3).order_by().values_list("attempt").annotate(n=Counting("pk")).order_by()
    )
    second, third = reached.get(2, 0), reached.get(3, 0)
    numbers = (max(0, total - second), max(0, second - third), third)
    one, two, more = (counted(number, total, exact=exact) for number in guard_partition(numbers, k))
    return one, two, more


def _discrimination(
    usage_key: str, scores: Mapping[str, Mapping[int, tuple[bool, float]]], k: int
) -> tuple[float | None, str]:
    """Correlation of "right at first try" with the mean first score in the unit's other checks; else why not."""
    own = scores.get(usage_key, {})
    others = [found for key, found in scores.items() if key != usage_key]
    if not others:
        return None, "alone"
    pairs = []
    for learner, (passed, _score) in own.items():
        rest = [found[learner][1] for found in others if learner in found]
        if rest:
            pairs.append((passed, sum(rest) / len(rest)))
    rights = sum(passed for passed, _rest in pairs)
    if min(rights, len(pairs) - rights) < k:
        return None, "few" if 0 < rights < len(pairs) or len(pairs) < k else "same"
    found_value = point_biserial(pairs)
    return (round(found_value, 2), "") if found_value is not None else (None, "same")


def _advised(insight: CheckInsight) -> CheckInsight:
    """What the shown figures suggest to look at, as codes; nothing is read from what is hidden."""
    advice = []
    if insight.discrimination is not None and insight.discrimination < 0:
        advice.append("negative")
    elif insight.discrimination is not None and insight.discrimination < WEAK:
        advice.append("weak")
    if insight.difficulty is not None and insight.difficulty < HARD:
        advice.append("hard")
    elif insight.difficulty is not None and insight.difficulty > EASY:
        advice.append("easy")
    if insight.check_type == "single":
        lines = insight.tables[0].lines if insight.tables else ()
        right = [line.given.share for line in lines if line.right and line.given.share is not None]
        wrong = [line.given.share for line in lines if line.right is False and line.given.share is not None]
        if right and wrong and max(wrong) > max(right):
            advice.append("distractor")
        if any(line.given.number == 0 and line.right is False for line in lines):
            advice.append("unused")
    return replace(insight, advice=tuple(advice))
