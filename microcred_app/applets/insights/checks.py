"""Figures of a unit's checks: first answers, how hard they are, how well they tell learners apart.

They are made of the newest attempts at each check, read once, so that a course of any size is answered at once. That
many tell a share to two percent; a learner whose first attempt is older is left out altogether.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from microcred_app.courses import QuestionWords

from ..responses.models import ItemResponse
from .answers import AnswerGroup, answer_tables, counted
from .data import CheckInsight, Count
from .statistics import point_biserial
from .suppression import guard_nested, guard_partition

__all__ = ["NEWEST", "CheckPart", "check_insights"]

#: Newest attempts at each check that figures are made of; fewer where there are many checks, so that all are this many.
NEWEST, NEWEST_IN_ALL, FEWEST = 3_000, 6_000, 500
HARD, EASY = 0.3, 0.95
WEAK = 0.15


@dataclass(frozen=True)
class CheckPart:
    """A check of the unit as its learners have it."""

    usage_key: str
    title: str


@dataclass(frozen=True)
class _First:
    """One learner's first answer (``given`` as JSON), and what came of it."""

    given: str
    passed: bool
    score: float
    attempts: int
    passed_in_the_end: bool
    hinted: bool


@dataclass(frozen=True)
class _Answers:
    """First answers to one wording of a check, by learner; how many answered others; whether older are left out."""

    wording: str = ""
    check_type: str = ""
    first: Mapping[int, _First] | None = None
    earlier: int = 0
    cut: bool = False

    @property
    def learners(self) -> Mapping[int, _First]:
        """By id."""
        return self.first or {}


def check_insights(
    course_key: str,
    checks: Sequence[CheckPart],
    words: Mapping[str, QuestionWords],
    k: int,
    *,
    told: Sequence[int],
) -> tuple[CheckInsight, ...]:
    """Figures of these checks; *told* are counts of larger groups that the reader knows."""
    nothing = QuestionWords()
    most = min(NEWEST, max(FEWEST, NEWEST_IN_ALL // max(1, len(checks))))
    answers = {
        check.usage_key: _read(course_key, check.usage_key, words.get(check.usage_key, nothing).wording, most)
        for check in checks
    }
    return tuple(_one(check, answers, words.get(check.usage_key, nothing), k, told) for check in checks)


def _read(course_key: str, usage_key: str, current: str, most: int) -> _Answers:
    """The newest attempts: of the wording the check has now, if that was answered; else of the last answered one."""
    rows = ItemResponse.objects.filter(course_key=course_key, part_usage_key=usage_key)
    # As text, because most answers are given by many and need to be taken apart once.
    rows = rows.annotate(answer=Cast("given", TextField()))
    columns = ("learner_id", "attempt", "question", "check_type", "answer", "passed", "score", "hints")
    found = list(rows.order_by("-at", "-pk").values_list(*columns)[:most])
    by_learner: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in found:
        by_learner[row[0]].append(row[1:])
    kinds: dict[str, str] = {}
    first: dict[str, dict[int, _First]] = defaultdict(dict)
    for learner, attempts in by_learner.items():
        attempts.sort(key=lambda row: row[0])
        number, question, check_type, given, passed, score, _hints = attempts[0]
        if number != 1:
            continue
        first[question][learner] = _First(
            given,
            passed,
            score,
            attempts=len(attempts),
            passed_in_the_end=any(row[4] for row in attempts),
            hinted=any(row[6] for row in attempts),
        )
        kinds.setdefault(question, check_type)
    if not first:
        return _Answers()
    wording = current if current in first else next(row[2] for row in found if row[1] == 1)
    earlier = sum(map(len, first.values())) - len(first[wording])
    return _Answers(wording, kinds[wording], first[wording], earlier, len(found) == most)


def _one(
    check: CheckPart, answers: Mapping[str, _Answers], words: QuestionWords, k: int, told: Sequence[int]
) -> CheckInsight:
    own = answers[check.usage_key]
    firsts = own.learners.values()
    total = len(firsts)
    if total < k:
        return _silent(check, own, words, k)
    counts = Counter((one.given, one.passed) for one in firsts)
    groups = [AnswerGroup(_pairs(given), passed, number) for (given, passed), number in counts.most_common()]
    right = sum(one.passed for one in firsts)
    # The number that answered is told where it is not almost one that is told above, or another share would do.
    exact = guard_nested((*told, total), k)[-1] is not None
    _all, right_shown, passed_shown = guard_nested(
        (total, right, sum(one.passed_in_the_end for one in firsts)), k
    )
    hinted = guard_nested((total, sum(one.hinted for one in firsts)), k)[1]
    attests = own.check_type == "attest"
    discrimination, not_told = _discrimination(check.usage_key, answers, k)
    insight = CheckInsight(
        usage_key=check.usage_key,
        title=check.title,
        prompt=words.prompt,
        check_type=own.check_type,
        wording=own.wording,
        earlier=Count(guard_nested((own.earlier,), k)[0]),
        newest_only=own.cut,
        answered=Count(total if exact else None),
        right_first=counted(right_shown, total, exact=exact),
        passed=counted(passed_shown, total, exact=exact),
        hinted=counted(hinted, total, exact=exact),
        attempts=_attempts(firsts, k, exact=exact),
        difficulty=round(right / total, 2) if right_shown is not None and not attests else None,
        discrimination=None if attests else discrimination,
        not_told="attest" if attests else not_told,
        tables=answer_tables(own.check_type, groups, words, k, exact=exact),
        advice=(),
    )
    return _advised(insight)


def _silent(check: CheckPart, own: _Answers, words: QuestionWords, k: int) -> CheckInsight:
    """A check that too few answered: nothing but that."""
    nothing = Count(0 if not own.learners else None)
    earlier = Count(guard_nested((own.earlier,), k)[0])
    return CheckInsight(
        usage_key=check.usage_key,
        title=check.title,
        prompt=words.prompt,
        check_type=own.check_type,
        wording=own.wording,
        earlier=earlier,
        newest_only=own.cut,
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


def _pairs(given: str) -> tuple[tuple[str, str], ...]:
    """Parts and values of a recorded answer."""
    return tuple((str(part), str(value)) for part, value in json.loads(given))


def _attempts(firsts: Collection[_First], k: int, *, exact: bool) -> tuple[Count, Count, Count]:
    """How many learners made one, two, and three or more attempts."""
    made = Counter(min(one.attempts, 3) for one in firsts)
    shown = guard_partition((made[1], made[2], made[3]), k)
    one, two, more = (counted(number, len(firsts), exact=exact) for number in shown)
    return one, two, more


def _discrimination(usage_key: str, answers: Mapping[str, _Answers], k: int) -> tuple[float | None, str]:
    """Correlation of "right at first try" with the mean first score in the unit's other checks; else why not.

    Attestations are no measure of what somebody can do.
    """
    others = [
        found.learners
        for key, found in answers.items()
        if key != usage_key and found.first and found.check_type != "attest"
    ]
    if not others:
        return None, "alone"
    pairs = []
    for learner, first in answers[usage_key].learners.items():
        rest = [found[learner].score for found in others if learner in found]
        if rest:
            pairs.append((first.passed, sum(rest) / len(rest)))
    rights = sum(passed for passed, _rest in pairs)
    if min(rights, len(pairs) - rights) < k:
        return None, "few" if 0 < rights < len(pairs) or len(pairs) < k else "same"
    correlation = point_biserial(pairs)
    return (round(correlation, 2), "") if correlation is not None else (None, "same")


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
