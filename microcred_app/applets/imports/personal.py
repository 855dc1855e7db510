"""What this room keeps about people."""

from __future__ import annotations

from ..personal_rows import AtMerge, AtRetirement, PersonalRows
from .models import ImportedAward, ImportRun

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        ImportedAward,
        "learner",
        AtRetirement.DELETE,
        "A record of what another system said of them; it counts for nothing here.",
        at_merge=AtMerge.MOVE,
    ),
    PersonalRows(
        ImportRun,
        "imported_by",
        AtRetirement.KEEP,
        "Where imported awards came from. The link to whoever vouched goes, the audit log keeps their reference.",
        keeps=("issuer_slug", "formats", "files"),
        exported=False,
    ),
)
