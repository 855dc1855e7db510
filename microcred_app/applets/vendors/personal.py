"""What this room keeps about people."""

from ..delivery.personal import close_outbox_rows
from ..personal_rows import AtRetirement, PersonalRows
from .models import VendorConsent, VendorIssue

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        VendorIssue,
        "award__learner",
        AtRetirement.DELETE,
        "What a vendor was sent is with the vendor, where the person asks for it; this copy goes.",
        secret=("claim_token", "claimed_by"),
        by=close_outbox_rows,
    ),
    PersonalRows(VendorConsent, "learner", AtRetirement.DELETE, "There is nothing to send any more."),
)
