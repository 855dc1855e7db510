"""The blocks' only door to ``microcred_app``; every refusal comes out as one kind of exception.

The app is looked up when it is needed and may be missing: a course must keep working on a site that
installed the package but not (yet) the app. Callers ask ``available()`` first and otherwise stay plain
learning blocks. Blocks speak in ``parts.Unit`` and ``evidence_task.HandIn``; ``app_values`` makes the app's
dataclasses of them. Outcomes, skills and rubrics have their calls in ``catalogue``, which goes through
``refusals()`` as everything here does: a change of the app's facade ends at these three files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO

from django.apps import apps

from . import app_values
from .evidence_task import HandIn
from .marking import Mark
from .parts import Unit
from .questions import Question

__all__ = [
    "RefusalError",
    "add_evidence_file",
    "attempts_recorded",
    "available",
    "check_may_act",
    "counts_towards",
    "current_submission",
    "drop_form_draft",
    "end_upload",
    "evidence_desk",
    "evidence_limit",
    "extra_attempts",
    "feedback",
    "finish_upload",
    "give_attempts",
    "guide_address",
    "hand_in",
    "insights_address",
    "keep_form_draft",
    "note_step",
    "outline_address",
    "read_form_draft",
    "record_part",
    "record_refresher",
    "record_response",
    "refusals",
    "register_unit",
    "remove_evidence_file",
    "reset_unit",
    "save_evidence_text",
    "unit_progress",
    "upload_grant",
    "waive_transcript",
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
        return facade.look_at_unit(learner_id, app_values.unit_spec(facade, unit), now=now)


def record_part(
    learner_id: int, unit: Unit, part_key: str, *, score: float, now: datetime, keep: str = "best"
) -> Any:
    """Records one finished part and answers the resulting ``UnitProgress``; repeating it changes nothing."""
    with refusals() as facade:
        return facade.record_part(
            learner_id, app_values.unit_spec(facade, unit), part_key, score=score, now=now, keep=keep
        )


def record_response(
    learner_id: int,
    part_key: str,
    course_key: str,
    question: Question,
    marked: Mark,
    *,
    attempt: int,
    hints: int,
    now: datetime,
) -> Any:
    """The attempt as it stands in the record; ``repeated`` when another answer was this attempt before."""
    with refusals() as facade:
        response = app_values.response(
            facade, part_key, course_key, question, marked, attempt=attempt, hints=hints
        )
        return facade.record_response(learner_id, response, now=now)


def attempts_recorded(learner_id: int, part_key: str) -> int:
    """The number of the learner's last attempt on record, 0 when there is none."""
    with refusals() as facade:
        return int(facade.attempts_recorded(learner_id, part_key))


def extra_attempts(learner_id: int, part_key: str) -> int:
    """Attempts this learner was given on top of what the check allows."""
    with refusals() as facade:
        return int(facade.extra_attempts(learner_id, part_key))


def give_attempts(
    learner_id: int, part_key: str, course_key: str, *, attempts: int, acting_user_id: int, now: datetime
) -> int:
    """Gives a learner attempts on top, in the name of *acting_user_id*; ``RefusalError`` unless they may."""
    with refusals() as facade:
        return int(
            facade.give_attempts(
                learner_id,
                part_key,
                course_key,
                attempts=attempts,
                reason="",
                acting_user_id=acting_user_id,
                now=now,
            )
        )


def note_step(learner_id: int, unit_key: str, part_key: str, *, now: datetime) -> datetime | None:
    """Notes the step the learner is at; when they were last seen in the unit before, or None."""
    with refusals() as facade:
        seen: datetime | None = facade.note_step(learner_id, unit_key, part_key, now=now)
        return seen


def record_refresher(learner_id: int, unit: Unit, *, score: float, now: datetime) -> Any:
    """Records that the learner showed the outcome of a completed unit again; the resulting ``UnitProgress``."""
    with refusals() as facade:
        return facade.record_refresher(learner_id, app_values.unit_spec(facade, unit), score=score, now=now)


def reset_unit(anonymous_id: str, course_key: str, unit_key: str) -> bool:
    """Forgets a learner's way through the unit, because staff gave it to be done again."""
    with refusals() as facade:
        return bool(facade.reset_unit(anonymous_id, course_key, unit_key))


def counts_towards(learner_id: int, outcome_key: str, *, now: datetime) -> tuple[Any, ...]:
    """The badges the outcome counts towards, with what this learner still misses."""
    if not outcome_key:
        return ()
    with refusals() as facade:
        return tuple(facade.counts_towards(learner_id, outcome_key, now=now))


def keep_form_draft(
    author_id: int, usage_key: str, values: dict[str, Any], *, base: str, now: datetime
) -> Any:
    """Keeps what an author has typed and not saved."""
    with refusals() as facade:
        return facade.keep_form_draft(author_id, usage_key, values, base=base, now=now)


def read_form_draft(author_id: int, usage_key: str, *, now: datetime) -> Any | None:
    """What this author typed into the block's form and did not save."""
    with refusals() as facade:
        return facade.read_form_draft(author_id, usage_key, now=now)


def drop_form_draft(author_id: int, usage_key: str) -> None:
    """Forgets it."""
    with refusals() as facade:
        facade.drop_form_draft(author_id, usage_key)


def register_unit(unit: Unit, *, now: datetime) -> None:
    """Says that the unit proves its outcome, as it was saved just now."""
    with refusals() as facade:
        facade.register_unit(
            usage_key=unit.usage_key,
            course_key=unit.course_key,
            outcome_key=unit.outcome_key,
            title=unit.title,
            minutes=unit.minutes,
            now=now,
        )


def waive_transcript(usage_key: str, reason: str, *, actor_id: int | None, now: datetime) -> None:
    """Records why a video has no transcript."""
    with refusals() as facade:
        facade.waive_transcript(usage_key=usage_key, reason=reason, actor_id=actor_id, now=now)


def guide_address() -> str:
    """Studio's short guide for authors, where there is one."""
    with refusals() as facade:
        return str(facade.guide_address())


def insights_address(course_key: str, unit_usage_key: str) -> str:
    """The page of figures about a unit, for the course's team."""
    with refusals() as facade:
        return str(facade.insights_address(course_key, unit_usage_key))


def outline_address(course_key: str) -> str:
    """Studio's page that makes units of a whole course, where there is one."""
    with refusals() as facade:
        return str(facade.outline_address(course_key))


def current_submission(learner_id: int, part_key: str) -> Any | None:
    """The learner's latest submission for the part, if any."""
    with refusals() as facade:
        return facade.current_submission(learner_id, part_key)


def feedback(learner_id: int, part_key: str) -> Any:
    """What reviewers said about the learner's work on the part, and when to expect an answer."""
    with refusals() as facade:
        return facade.feedback(learner_id, part_key)


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
            app_values.unit_spec(facade, unit),
            part_key,
            app_values.evidence_task(facade, task),
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
            learner_id,
            app_values.unit_spec(facade, unit),
            part_key,
            app_values.evidence_task(facade, task),
            now=now,
        )


def upload_grant(learner_id: int, unit: Unit, part_key: str, task: HandIn) -> Any:
    """Where and with which permission the learner's browser sends a file in pieces."""
    with refusals() as facade:
        return facade.upload_grant(
            learner_id, app_values.unit_spec(facade, unit), part_key, app_values.evidence_task(facade, task)
        )


def finish_upload(learner_id: int, upload_id: str, *, now: datetime) -> Any:
    """The draft with the uploaded file in it."""
    with refusals() as facade:
        return facade.finish_upload(learner_id, upload_id, now=now)


def end_upload(learner_id: int, upload_id: str, *, now: datetime) -> None:
    """Gives an upload up."""
    with refusals() as facade:
        facade.end_upload(learner_id, upload_id, now=now)


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
            app_values.unit_spec(facade, unit),
            part_key,
            app_values.evidence_task(facade, task),
            text=text,
            link=link,
            now=now,
        )


def hand_in(learner_id: int, unit: Unit, part_key: str, task: HandIn, *, now: datetime) -> tuple[Any, Any]:
    """The submission as handed in, and the unit's progress after it."""
    with refusals() as facade:
        submission, progress = facade.hand_in(
            learner_id,
            app_values.unit_spec(facade, unit),
            part_key,
            app_values.evidence_task(facade, task),
            now=now,
        )
        return submission, progress
