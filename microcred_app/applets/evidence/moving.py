"""The room that evidence takes, when what somebody handed in becomes another account's."""

from __future__ import annotations

from django.db.models import Sum

from .models import EvidenceFile
from .upload_models import StorageUse

__all__ = ["count_room_anew"]


def count_room_anew(*learner_ids: int) -> None:
    """Count what these learners' files take; open uploads stay counted where they are."""
    for learner_id in learner_ids:
        scope = f"learner:{learner_id}"
        stored = EvidenceFile.objects.filter(submission__learner_id=learner_id, removed_at=None)
        taken = stored.aggregate(total=Sum("size"))["total"] or 0
        if not StorageUse.objects.filter(scope=scope).update(taken=taken) and taken:
            StorageUse.objects.create(scope=scope, taken=taken)
