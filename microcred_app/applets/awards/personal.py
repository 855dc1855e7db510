"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import Award, Lifting, Reversal, Suspension

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        Award,
        "learner",
        AtRetirement.KEEP,
        "The ledger counts what was awarded and why. It names an account that has no name any more.",
        keeps=("because", "idempotency_key"),
        secret=("idempotency_key",),
    ),
    PersonalRows(
        Reversal,
        "award__learner",
        AtRetirement.BLANK,
        "That it was taken back stays; the words about the person are taken out.",
        blank={"reason": ""},
        keeps=("cause",),
    ),
    PersonalRows(
        Suspension,
        "award__learner",
        AtRetirement.BLANK,
        "That it was suspended stays; the words about the person are taken out.",
        blank={"reason": "", "told": ""},
    ),
    PersonalRows(
        Lifting,
        "suspension__award__learner",
        AtRetirement.BLANK,
        "That the suspension was lifted stays; the words about the person are taken out.",
        blank={"reason": ""},
    ),
)
