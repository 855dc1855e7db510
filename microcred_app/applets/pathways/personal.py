"""What this room keeps about people."""

from ..personal_rows import AtMerge, AtRetirement, PersonalRows
from .models import Following, Pathway

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        Pathway,
        "",
        AtRetirement.KEEP,
        "The owner is an office. Where somebody wrote a person's name, a registrar writes another.",
        keeps=("key", "state", "title", "description", "owner", "occupations", "level", "language"),
        exported=False,
    ),
    PersonalRows(
        Following,
        "learner",
        AtRetirement.DELETE,
        "Which road somebody was on serves only them.",
        at_merge=AtMerge.MOVE,
        unique=("pathway",),
    ),
)
