"""The blocks' values as the app's dataclasses; *facade* is the app's, so that nothing here imports it.

A new field of the app's values is filled in here and nowhere else.
"""

from __future__ import annotations

from typing import Any

from .evidence_task import HandIn
from .marking import Mark
from .parts import Unit
from .questions import Question
from .rubric import rubric_as_dict

__all__ = ["evidence_task", "response", "unit_spec"]


def unit_spec(facade: Any, unit: Unit) -> Any:
    """The unit as this learner has to do it."""
    return facade.UnitSpec(
        usage_key=unit.usage_key,
        course_key=unit.course_key,
        outcome_key=unit.outcome_key,
        title=unit.title,
        minutes=unit.minutes,
        parts=tuple(
            facade.PartSpec(usage_key=part.usage_key, kind=part.kind, title=part.title) for part in unit.parts
        ),
        closes_at=unit.closes_at,
    )


def evidence_task(facade: Any, task: HandIn) -> Any:
    """What may be handed in, and by which rubric it is judged."""
    return facade.EvidenceTask(
        max_files=task.max_files,
        max_bytes=task.max_bytes,
        accept=task.accept,
        allow_text=task.allow_text,
        allow_link=task.allow_link,
        review_mode=task.review_mode,
        rubric=rubric_as_dict(task.rubric),
        title=task.title,
        needs=task.needs,
        clean_pictures=task.clean_pictures,
        attempts=task.attempts,
        resubmit_days=task.resubmit_days,
        due_at=task.due_at,
        closes_at=task.closes_at,
        late_work=task.late_work,
        second_marker_percent=task.second_marker_percent,
    )


def response(
    facade: Any,
    part_key: str,
    course_key: str,
    question: Question,
    marked: Mark,
    *,
    attempt: int,
    hints: int,
) -> Any:
    """One attempt at a check: what was asked, what was given, and how it was marked."""
    return facade.Response(
        part_usage_key=part_key,
        course_key=course_key,
        attempt=attempt,
        check_type=question.check_type,
        question=question.digest,
        given=marked.given,
        score=marked.score,
        passed=marked.passed,
        hints=hints,
    )
