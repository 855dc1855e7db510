"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import AccountMerge, RetiredAccount

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        RetiredAccount,
        "account",
        AtRetirement.KEEP,
        "The number of an account without a name, so that what arrives late is not awarded to it.",
        exported=False,
    ),
    PersonalRows(
        AccountMerge, "source", AtRetirement.DELETE, "That two accounts were one person's is forgotten."
    ),
    PersonalRows(
        AccountMerge, "target", AtRetirement.DELETE, "That two accounts were one person's is forgotten."
    ),
)
