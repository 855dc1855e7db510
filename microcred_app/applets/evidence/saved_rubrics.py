"""Rubrics to use again: saved under a title for an organisation, picked as a copy in another unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..audit import api as audit
from .care_models import SavedRubric
from .errors import RubricRefused
from .rubric import read_rubric

__all__ = ["RubricInfo", "list_rubrics", "save_rubric"]

MOST = 500


@dataclass(frozen=True)
class RubricInfo:
    """A rubric of the catalogue."""

    id: str
    title: str
    content: dict[str, Any]


def list_rubrics(organisation: str) -> tuple[RubricInfo, ...]:
    """The organisation's rubrics by title."""
    rows = SavedRubric.objects.filter(organisation=organisation).order_by("title")[:MOST]
    return tuple(RubricInfo(str(row.pk), row.title, row.content) for row in rows)


def save_rubric(
    organisation: str, title: str, content: dict[str, Any], *, actor_id: int | None, now: datetime
) -> RubricInfo:
    """Save a rubric under a title; the same title is written over. Units that picked it keep their copy."""
    title = " ".join(title.replace("\x00", "").split())
    if not title or len(title) > 120:
        raise RubricRefused(_("Give the rubric a title of at most 120 characters."))
    if not read_rubric(content).criteria:
        raise RubricRefused(_("Write at least one criterion with its levels first."))
    with transaction.atomic():
        known = SavedRubric.objects.filter(organisation=organisation)
        if not known.filter(title=title).exists() and known.count() >= MOST:
            raise RubricRefused(
                _("The catalogue holds {count} rubrics. Save over one of them.").format(count=MOST)
            )
        row, _new = SavedRubric.objects.update_or_create(
            organisation=organisation[:255], title=title, defaults={"content": content, "saved_at": now}
        )
        audit.record(
            "evidence.rubric_saved",
            object_type="rubric",
            object_id=str(row.pk),
            actor_id=actor_id,
            now=now,
            details={"organisation": organisation, "title": title},
        )
    return RubricInfo(str(row.pk), row.title, row.content)
