"""What this room keeps about people."""

from ..personal_rows import AtMerge, AtRetirement, PersonalRows
from .models import AttemptGrant, ItemResponse

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        ItemResponse,
        "learner",
        AtRetirement.DELETE,
        "What somebody answered. Figures about the question count without them from then on.",
        at_merge=AtMerge.MOVE,
        unique=("part_usage_key", "attempt"),
    ),
    PersonalRows(
        AttemptGrant,
        "learner",
        AtRetirement.DELETE,
        "An exception for somebody who learns here no more.",
        at_merge=AtMerge.MOVE,
    ),
)
