"""What this room keeps about people: who wrote a job profile. Figures are counts of learners and name nobody."""

from __future__ import annotations

from ..personal_rows import AtRetirement, PersonalRows
from .models import JobProfile

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        JobProfile,
        "edited_by",
        AtRetirement.KEEP,
        "The organisation's. The link to whoever wrote it goes.",
        keeps=("key", "issuer_slug", "title", "skill_keys"),
        exported=False,
    ),
)
