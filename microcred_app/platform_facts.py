"""What the platform's own signals and events say about learners, as plain values.

Each reader takes one signal's payload and answers with what it says; :func:`listen` connects them under the platform's
own import names. What a platform does not have is left out: an older release, Studio, a test. A reader that meets a
payload it does not understand raises, and the receiver logs it: neither a learner's answer nor the platform's own work
may fail because of us, and what was lost is found again by reading the platform's tables (``microcred_sources``).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from django.dispatch import Signal

from .rules import standing_code

__all__ = ["Seen", "grade_seen", "listen", "standing_seen"]

log = logging.getLogger(__name__)

#: A certificate that its holder can show.
_CERTIFIED = frozenset({"downloadable"})


@dataclass(frozen=True)
class Seen:
    """The platform says this about a learner. ``kind``, ``key`` and ``role`` are those of facts in requirements.

    ``at`` is None where the platform names no moment. ``alone`` says that the role excludes others of its family: who
    is in one cohort of a course is in no other.
    """

    learner_id: int
    course_key: str
    kind: str
    key: str
    at: datetime | None
    holds: bool = True
    number: float | None = None
    role: str = ""
    alone: bool = False


Reader = Callable[..., Iterable[Seen]]
Receive = Callable[[Iterable[Seen]], None]


def listen(receive: Receive) -> int:
    """Connect every signal that this process has; how many there are. *receive* gets what each one says."""
    connected = 0
    for module_name, signal_name, reader in _SIGNALS:
        signal = _find(module_name, signal_name)
        if signal is None:
            continue
        uid = f"microcred_app.platform_facts.{signal_name}"
        signal.connect(_receiver(reader, receive), weak=False, dispatch_uid=uid)
        connected += 1
    return connected


def listen_to_completions(sender: type, receive: Receive) -> None:
    """Connect the table in which the platform keeps completed blocks; it announces its rows itself."""
    from django.db.models.signals import post_save

    post_save.connect(
        _receiver(_completion, receive),
        sender=sender,
        weak=False,
        dispatch_uid="microcred_app.platform_facts.completion",
    )


def grade_seen(
    learner_id: int, course_key: str, key: str, earned: float, possible: float, at: datetime | None
) -> tuple[Seen, ...]:
    """A grade as a share; nothing where there are no points to earn. Bonus points do not count beyond the whole."""
    if not (possible > 0 and math.isfinite(earned) and math.isfinite(possible)):
        return ()
    share = min(1.0, max(0.0, earned / possible))
    return (Seen(learner_id, course_key, "grade", key, at, number=round(share, 6)),)


def standing_seen(
    learner_id: int, course_key: str, state: str, at: datetime | None, *, holds: bool, group: str = ""
) -> Seen:
    """A standing in a course."""
    role = standing_code(state, group)
    return Seen(
        learner_id, course_key, "standing", course_key, at, holds=holds, role=role, alone=state == "cohort"
    )


def _receiver(reader: Reader, receive: Receive) -> Callable[..., None]:
    """A function of its own: openedx-events writes the names of receivers into its log, and fails without one."""

    def take_up(**payload: Any) -> None:
        try:
            receive(tuple(reader(**payload)))
        except Exception:  # the platform's own work goes on, whatever we make of its signal
            log.exception("A signal of the platform was not taken up; microcred_sources reads it again.")

    return take_up


def _find(module_name: str, signal_name: str) -> Signal | None:
    try:
        found = getattr(import_module(module_name), signal_name, None)
    except ImportError:
        return None
    return found if isinstance(found, Signal) else None


def _course_grade(grade: Any, metadata: Any, **_payload: Any) -> Iterable[Seen]:
    course = str(grade.course.course_key)
    return grade_seen(grade.user_id, course, course, float(grade.percent_grade), 1.0, _time(metadata))


def _passing(course_passing_status: Any, metadata: Any, **_payload: Any) -> Iterable[Seen]:
    # A course of a custom coach has its own key, under another name.
    course = course_passing_status.course
    key = str(getattr(course, "course_key", None) or course.ccx_course_key)
    learner = course_passing_status.user.id
    yield standing_seen(learner, key, "passed", _time(metadata), holds=course_passing_status.is_passing)


def _certificate(certificate: Any, metadata: Any, **_payload: Any) -> Iterable[Seen]:
    holds = certificate.current_status in _CERTIFIED
    course = str(certificate.course.course_key)
    yield standing_seen(certificate.user.id, course, "certified", _time(metadata), holds=holds)


def _no_certificate(certificate: Any, metadata: Any, **_payload: Any) -> Iterable[Seen]:
    course = str(certificate.course.course_key)
    yield standing_seen(certificate.user.id, course, "certified", _time(metadata), holds=False)


def _cohort(cohort: Any, metadata: Any, **_payload: Any) -> Iterable[Seen]:
    course = str(cohort.course.course_key)
    yield standing_seen(cohort.user.id, course, "cohort", _time(metadata), holds=True, group=cohort.name)


def _problem_score(
    user_id: int,
    course_id: Any,
    usage_id: Any,
    weighted_earned: float | None,
    weighted_possible: float | None,
    modified: datetime | None = None,
    score_deleted: bool = False,
    **_payload: Any,
) -> Iterable[Seen]:
    """Scores of problems, and of open response assessments, whose signal of a submission names no score."""
    course, key = str(course_id), str(usage_id)
    if score_deleted:
        return (Seen(user_id, course, "grade", key, _aware(modified), holds=False),)
    return grade_seen(
        user_id, course, key, float(weighted_earned or 0), float(weighted_possible or 0), _aware(modified)
    )


def _subsection(course: Any, user: Any, subsection_grade: Any, **_payload: Any) -> Iterable[Seen]:
    total = subsection_grade.graded_total
    if not total.possible:
        total = subsection_grade.all_total
    key = str(subsection_grade.location)
    return grade_seen(user.pk, str(course.id), key, float(total.earned), float(total.possible), None)


def _completion(instance: Any, **_payload: Any) -> Iterable[Seen]:
    course, key = str(instance.context_key), str(instance.block_key)
    holds = instance.completion >= 1.0
    yield Seen(instance.user_id, course, "block", key, _aware(instance.modified), holds=holds)


def _time(metadata: Any) -> datetime | None:
    return _aware(getattr(metadata, "time", None))


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


_EVENTS = "openedx_events.learning.signals"
_GRADES = "lms.djangoapps.grades.signals.signals"
_SIGNALS: tuple[tuple[str, str, Reader], ...] = (
    (_EVENTS, "PERSISTENT_GRADE_SUMMARY_CHANGED", _course_grade),
    (_EVENTS, "COURSE_PASSING_STATUS_UPDATED", _passing),
    (_EVENTS, "CCX_COURSE_PASSING_STATUS_UPDATED", _passing),
    (_EVENTS, "CERTIFICATE_CREATED", _certificate),
    (_EVENTS, "CERTIFICATE_CHANGED", _certificate),
    (_EVENTS, "CERTIFICATE_REVOKED", _no_certificate),
    (_EVENTS, "COHORT_MEMBERSHIP_CHANGED", _cohort),
    (_GRADES, "PROBLEM_WEIGHTED_SCORE_CHANGED", _problem_score),
    (_GRADES, "SUBSECTION_SCORE_CHANGED", _subsection),
)
