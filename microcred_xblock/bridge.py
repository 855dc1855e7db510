"""The blocks' only door to ``microcred_app``; every refusal comes out as one kind of exception.

The app is looked up when it is needed and may be missing: a course must keep working on a site that
installed the package but not (yet) the app. Callers ask ``available()`` first and otherwise stay plain
learning blocks. Blocks speak in ``parts.Unit`` and ``evidence_task.HandIn``; here they become the app's
dataclasses, so that a change of the app's facade is a change of this file alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO

from django.apps import apps

from .evidence_task import HandIn
from .parts import Unit
from .rubric import rubric_as_dict

__all__ = [
    "RefusalError",
    "add_evidence_file",
    "available",
    "check_may_act",
    "counts_towards",
    "create_outcome",
    "current_submission",
    "end_upload",
    "evidence_desk",
    "evidence_limit",
    "finish_upload",
    "get_outcome",
    "hand_in",
    "list_outcomes",
    "list_rubrics",
    "list_skills",
    "record_part",
    "remove_evidence_file",
    "save_evidence_text",
    "save_rubric",
    "statement_advice",
    "unit_progress",
    "upload_grant",
]


class RefusalError(Exception):
    """The app said no: ``code`` is stable, ``str()`` is a sentence for a person, ``http_status`` fits it."""

    def __init__(self, code: str, message: str, http_status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.http_status = http_status


def available() -> bool:
    """Whether this site keeps badges."""
    return apps.is_installed("microcred_app")


def app() -> Any:
    """The app's facade. Imported late: models may not be imported before Django is set up."""
    from microcred_app import api

    return api


@contextmanager
def refusals() -> Iterator[Any]:
    """Yields the facade; the app's own errors leave as ``RefusalError``, anything else passes untouched."""
    facade = app()
    try:
        yield facade
    except facade.MicrocredError as error:
        raise RefusalError(error.code, str(error), int(error.http_status)) from error


def check_may_act(learner_id: int, course_key: str, *, acting_user_id: int) -> None:
    """Returns only when *acting_user_id* may record work for *learner_id*; else ``RefusalError``.

    Platform handlers accept people who are not enrolled, and staff viewing as a learner reach us under the
    learner's id: without this question their clicks would become that learner's record.
    """
    with refusals() as facade:
        facade.may_act(learner_id, course_key, acting_user_id=acting_user_id)


def unit_progress(learner_id: int, unit: Unit, *, now: datetime) -> Any:
    """The learner's ``UnitProgress``."""
    with refusals() as facade:
        return facade.unit_progress(learner_id, _unit_spec(facade, unit), now=now)


def record_part(learner_id: int, unit: Unit, part_key: str, *, score: float, now: datetime) -> Any:
    """Records one finished part and answers the resulting ``UnitProgress``; repeating it changes nothing."""
    with refusals() as facade:
        return facade.record_part(learner_id, _unit_spec(facade, unit), part_key, score=score, now=now)


def counts_towards(learner_id: int, outcome_key: str, *, now: datetime) -> tuple[Any, ...]:
    """The badges the outcome counts towards, with what this learner still misses."""
    if not outcome_key:
        return ()
    with refusals() as facade:
        return tuple(facade.counts_towards(learner_id, outcome_key, now=now))


def list_outcomes() -> tuple[Any, ...]:
    """Every outcome an author may pick."""
    with refusals() as facade:
        return tuple(facade.list_outcomes())


def get_outcome(key: str) -> Any | None:
    """The outcome, or None when the catalogue does not hold it."""
    if not key:
        return None
    with refusals() as facade:
        try:
            return facade.get_outcome(key)
        except facade.MicrocredError as error:
            if int(error.http_status) == 404:
                return None
            raise


def list_skills() -> tuple[Any, ...]:
    """Every skill an outcome may be aligned to."""
    with refusals() as facade:
        return tuple(facade.list_skills())


def create_outcome(
    *, statement: str, skill_key: str, new_skill_name: str, actor_id: int | None, now: datetime
) -> Any:
    """A new outcome (and skill, when named); ``RefusalError`` when the statement or skill will not do."""
    with refusals() as facade:
        return facade.create_outcome(
            statement=statement,
            skill_key=skill_key,
            new_skill_name=new_skill_name,
            actor_id=actor_id,
            now=now,
        )


def statement_advice(statement: str) -> str:
    """What would make the statement measurable; empty when it is."""
    with refusals() as facade:
        return str(facade.statement_advice(statement))


def current_submission(learner_id: int, part_key: str) -> Any | None:
    """The learner's latest submission for the part, if any."""
    with refusals() as facade:
        return facade.current_submission(learner_id, part_key)


def add_evidence_file(
    learner_id: int,
    unit: Unit,
    part_key: str,
    task: HandIn,
    *,
    filename: str,
    content: BinaryIO,
    now: datetime,
) -> Any:
    """The draft with the file added; ``RefusalError`` says in a sentence why a file is not taken."""
    with refusals() as facade:
        return facade.add_evidence_file(
            learner_id,
            _unit_spec(facade, unit),
            part_key,
            _evidence_task(facade, task),
            filename=filename,
            content=content,
            now=now,
        )


def evidence_limit() -> int:
    """Bytes of the largest file this site takes as evidence."""
    return int(app().evidence_limit())


def evidence_desk(learner_id: int, unit: Unit, part_key: str, task: HandIn, *, now: datetime) -> Any:
    """The learner's latest submission, the limits that hold for them, and uploads that wait for more bytes."""
    with refusals() as facade:
        return facade.evidence_desk(
            learner_id, _unit_spec(facade, unit), part_key, _evidence_task(facade, task), now=now
        )


def upload_grant(learner_id: int, unit: Unit, part_key: str, task: HandIn) -> Any:
    """Where and with which permission the learner's browser sends a file in pieces."""
    with refusals() as facade:
        return facade.upload_grant(
            learner_id, _unit_spec(facade, unit), part_key, _evidence_task(facade, task)
        )


def finish_upload(learner_id: int, upload_id: str, *, now: datetime) -> Any:
    """The draft with the uploaded file in it."""
    with refusals() as facade:
        return facade.finish_upload(learner_id, upload_id, now=now)


def end_upload(learner_id: int, upload_id: str, *, now: datetime) -> None:
    """Gives an upload up."""
    with refusals() as facade:
        facade.end_upload(learner_id, upload_id, now=now)


def list_rubrics(organisation: str) -> tuple[Any, ...]:
    """Rubrics an author may pick."""
    with refusals() as facade:
        return tuple(facade.list_rubrics(organisation))


def save_rubric(
    organisation: str, title: str, content: dict[str, Any], *, actor_id: int | None, now: datetime
) -> Any:
    """The rubric as saved in the catalogue."""
    with refusals() as facade:
        return facade.save_rubric(organisation, title, content, actor_id=actor_id, now=now)


def remove_evidence_file(learner_id: int, part_key: str, file_id: str) -> Any:
    """The draft without the file."""
    with refusals() as facade:
        return facade.remove_evidence_file(learner_id, part_key, file_id)


def save_evidence_text(
    learner_id: int, unit: Unit, part_key: str, task: HandIn, *, text: str, link: str, now: datetime
) -> Any:
    """The draft with this text and link."""
    with refusals() as facade:
        return facade.save_evidence_text(
            learner_id,
            _unit_spec(facade, unit),
            part_key,
            _evidence_task(facade, task),
            text=text,
            link=link,
            now=now,
        )


def hand_in(learner_id: int, unit: Unit, part_key: str, task: HandIn, *, now: datetime) -> tuple[Any, Any]:
    """The submission as handed in, and the unit's progress after it."""
    with refusals() as facade:
        submission, progress = facade.hand_in(
            learner_id, _unit_spec(facade, unit), part_key, _evidence_task(facade, task), now=now
        )
        return submission, progress


def _unit_spec(facade: Any, unit: Unit) -> Any:
    return facade.UnitSpec(
        usage_key=unit.usage_key,
        course_key=unit.course_key,
        outcome_key=unit.outcome_key,
        title=unit.title,
        minutes=unit.minutes,
        parts=tuple(
            facade.PartSpec(usage_key=part.usage_key, kind=part.kind, title=part.title) for part in unit.parts
        ),
    )


def _evidence_task(facade: Any, task: HandIn) -> Any:
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
