"""Credentials follow their awards to another account of the same person."""

from __future__ import annotations

from collections.abc import Collection

from .models import Credential

__all__ = ["move_credentials"]


def move_credentials(award_ids: Collection[str], learner_id: int) -> int:
    """Make what was signed for these awards this account's; not a byte of it changes. How many."""
    return Credential.objects.filter(award_id__in=list(award_ids)).update(learner_id=learner_id)
