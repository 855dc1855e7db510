"""How many people hold a badge now."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from .models import Award

__all__ = ["count_holders"]


def count_holders(badge_keys: Iterable[str]) -> dict[str, int]:
    """Learners with a standing award of any version, by key; badges that nobody holds are left out."""
    rows = Award.objects.filter(version__badge__key__in=set(badge_keys), reversal__isnull=True)
    counted = rows.values_list("version__badge__key").annotate(Count("learner_id", distinct=True))
    return dict(counted.order_by())
