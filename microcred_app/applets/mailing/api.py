"""What other rooms may use of mailing."""

from __future__ import annotations

from .lane import MailLane
from .outbox import choose_mail, enqueue_mails, mail_backlog, mail_overdue, mail_tries, wants_mail

__all__ = [
    "MailLane",
    "choose_mail",
    "enqueue_mails",
    "mail_backlog",
    "mail_overdue",
    "mail_tries",
    "wants_mail",
]
