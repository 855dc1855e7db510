"""What this room keeps about people."""

from ..delivery.personal import close_outbox_rows
from ..personal_rows import AtRetirement, PersonalRows
from .models import BadgeMail, MailChoice

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(MailChoice, "learner", AtRetirement.DELETE, "Nobody writes to a retired account."),
    PersonalRows(
        BadgeMail,
        "credential__learner",
        AtRetirement.DELETE,
        "Nobody writes to a retired account.",
        secret=("claim_token", "claimed_by"),
        by=close_outbox_rows,
    ),
)
