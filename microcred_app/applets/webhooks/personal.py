"""What this room keeps about people."""

from ..delivery.personal import close_outbox_rows
from ..personal_rows import AtRetirement, PersonalRows
from .models import EmailConsent, WebhookMessage

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        WebhookMessage,
        "award__learner",
        AtRetirement.DELETE,
        "What organisations were told is with them, under a name that only they know; this copy goes.",
        secret=("claim_token", "claimed_by", "once_key"),
        by=close_outbox_rows,
    ),
    PersonalRows(EmailConsent, "learner", AtRetirement.DELETE, "There is no address to tell any more."),
)
