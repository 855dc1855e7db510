"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import Outcome, OutcomeAlias

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        Outcome,
        "created_by",
        AtRetirement.KEEP,
        "The statement is the institution's; who wrote it is taken out.",
        keeps=("key", "statement"),
    ),
    PersonalRows(
        OutcomeAlias,
        "made_by",
        AtRetirement.KEEP,
        "What an outcome was called before; who said so is taken out.",
        keeps=("key",),
        exported=False,
    ),
)
