"""What this room keeps about people."""

from __future__ import annotations

from ..personal_rows import AtMerge, AtRetirement, PersonalRows
from .models import SignOffEntry, SignOffList

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        SignOffEntry,
        "learner",
        AtRetirement.DELETE,
        "Rows of a list of sign-offs, for a month after it ended. What was signed off stays as facts.",
        at_merge=AtMerge.MOVE,
    ),
    PersonalRows(
        SignOffList,
        "handed_in_by",
        AtRetirement.KEEP,
        "What was signed off together stays countable; who handed it in, started it or took it back is taken out.",
        keeps=(
            "key", "role", "issuer_slugs", "reason", "file_name", "sha256", "undo_reason",
        ),
        exported=False,
    ),
)  # fmt: skip
