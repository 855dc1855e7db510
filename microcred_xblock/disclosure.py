"""When a learner may know: whether an answer was right, and which one would have been.

The course says it with the platform's own inherited settings ``show_correctness`` and ``showanswer``; their values
mean here what they mean for the platform's problems. One rule is added, because a credential hangs on the answer:
once the right answer has been shown to a learner, no attempt of theirs counts any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["Disclosure", "disclosure", "is_past_due"]

#: Values of ``showanswer`` that show the answer to everybody once the time is over.
_OVER = ("always", "attempted", "closed", "correct_or_past_due", "finished", "past_due")


@dataclass(frozen=True)
class Disclosure:
    """What the learner may know now.

    ``correctness``: whether their answers were right. ``answer``: the right answer, shown as things stand.
    ``on_demand``: the right answer too, if they ask for it and give up further attempts. ``over``: the time is up
    and answers go round, so no attempt is taken.
    """

    correctness: bool
    answer: bool
    on_demand: bool
    over: bool


def is_past_due(due: object, grace: object, now: datetime) -> bool:
    """Whether the due date and its grace period are over; without a date never.

    Runtimes differ in what they put there: the SDK's date has no zone (it is UTC), others have none at all.
    """
    if not isinstance(due, datetime):
        return False
    moment = due.replace(tzinfo=UTC) if due.tzinfo is None else due
    try:
        return now > (moment + grace if isinstance(grace, timedelta) else moment)
    except OverflowError:
        return False


def disclosure(
    *,
    showanswer: object,
    show_correctness: object,
    past_due: bool,
    used: int,
    passed: bool,
    closed: bool,
    exhausted: bool,
    asked: bool,
    hidden: bool,
    practice: bool,
) -> Disclosure:
    """What may be known; *hidden* is the author's own "never", *asked* that the learner saw the answer before.

    Settings that nobody knows mean nothing is shown. Where correctness is hidden the answer is, too.
    """
    told = practice or (show_correctness != "never" and (show_correctness != "past_due" or past_due))
    if practice:
        allowed = used > 0 and not hidden
        return Disclosure(True, allowed and asked, allowed and not asked, False)
    if hidden or not told or showanswer == "never" or not isinstance(showanswer, str):
        return Disclosure(bool(told), False, False, False)
    over = past_due and showanswer in _OVER
    may = _may_show(showanswer, past_due=past_due, used=used, passed=passed, exhausted=exhausted)
    return Disclosure(True, may and (closed or asked or over), may and not (closed or asked or over), over)


def _may_show(showanswer: str, *, past_due: bool, used: int, passed: bool, exhausted: bool) -> bool:
    finished = passed or exhausted
    rules = {
        "always": True,
        "answered": passed,
        "attempted": used > 0 or past_due,
        "attempted_no_past_due": used > 0,
        "closed": exhausted or past_due,
        "finished": finished or past_due,
        "correct_or_past_due": passed or past_due,
        "past_due": past_due,
        # Counted in attempts elsewhere; here: once none is left, or the answer is known anyway.
        "after_attempts": finished,
        "after_all_attempts": exhausted,
        "after_all_attempts_or_correct": finished,
    }
    return rules.get(showanswer, False)
