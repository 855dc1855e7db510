"""Permission to upload one file for one task, signed by the site and good for one learner and one day.

The block knows the task and who is in front of it; the upload address knows neither. What travels between them is
this text. It says whose upload it is, for which task, under which rules; nobody can change it, and it is of no use
to anybody else: the address checks who is signed in.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from .data import EvidenceTask
from .errors import GrantRefused
from .slots import EvidenceSlot

__all__ = ["grant_upload", "read_grant", "read_task", "task_as_data"]

SALT = "microcred.evidence.upload"
GOOD_FOR_SECONDS = 24 * 3600


def grant_upload(slot: EvidenceSlot, task: EvidenceTask) -> str:
    """The text to show when the upload begins."""
    return signing.dumps({"slot": asdict(slot), "task": task_as_data(task)}, salt=SALT, compress=True)


def read_grant(text: str) -> tuple[EvidenceSlot, EvidenceTask]:
    """What was granted; raises :class:`GrantRefused` for anything that was not signed here within a day."""
    try:
        found = signing.loads(text, salt=SALT, max_age=GOOD_FOR_SECONDS)
        return EvidenceSlot(**found["slot"]), read_task(found["task"])
    except (signing.BadSignature, ValueError, TypeError, KeyError) as error:
        raise GrantRefused(
            _("This permission to upload has run out. Reload the page and try again.")
        ) from error


def task_as_data(task: EvidenceTask) -> dict[str, Any]:
    """The task as JSON, without its rubric: nothing is judged while a file comes in."""
    values = asdict(task) | {"rubric": {}}
    for name in ("due_at", "closes_at"):
        values[name] = values[name].isoformat() if values[name] else None
    return values | {"accept": list(task.accept)}


def read_task(values: dict[str, Any]) -> EvidenceTask:
    """The task again."""
    moments = {
        name: datetime.fromisoformat(values[name]) if values.get(name) else None
        for name in ("due_at", "closes_at")
    }
    return EvidenceTask(**(values | moments | {"accept": tuple(values["accept"])}))
