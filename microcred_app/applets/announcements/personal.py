"""What this room keeps about people."""

from ..delivery.personal import close_outbox_rows
from ..personal_rows import AtRetirement, PersonalRows
from .models import Announcement, NoticeChoice

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(NoticeChoice, "learner", AtRetirement.DELETE, "Nobody is notified any more."),
    PersonalRows(
        Announcement,
        "award__learner",
        AtRetirement.DELETE,
        "What was announced is told; what waits is not announced any more.",
        secret=("claim_token", "claimed_by"),
        by=close_outbox_rows,
    ),
)
