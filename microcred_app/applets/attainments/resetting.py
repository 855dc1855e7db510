"""Staff give a learner a unit to do again: the way through it is forgotten, what was proven by it is not.

Attainments and badges stand until somebody takes them back for a reason of their own. Work that a reviewer accepted
stays accepted: a person's judgement is not undone by a button for answers.
"""

from __future__ import annotations

from django.db import transaction

from .models import PartResult, StepVisit, UnitProgress

__all__ = ["reset_unit"]


def reset_unit(learner_id: int, unit_usage_key: str) -> bool:
    """Forget answers, texts read and visits of the learner in this unit; whether there were any."""
    with transaction.atomic():
        row = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key).first()
        if row is None:
            return False
        row = UnitProgress.objects.select_for_update().get(pk=row.pk)
        kept = [part["usage_key"] for part in row.parts if part["kind"] == "evidence"]
        PartResult.objects.filter(progress=row).exclude(part_usage_key__in=kept).delete()
        StepVisit.objects.filter(progress=row).delete()
        row.completed_at = None
        row.completed_late = False
        row.save(update_fields=["completed_at", "completed_late"])
    return True
