"""What other rooms may use of mailing."""

from __future__ import annotations

from .lane import MailLane
from .log import GivenUpMail, MailsRefused, count_given_up_mails, given_up_mails, resend_mails
from .outbox import (
    choose_mail,
    enqueue_mails,
    mail_backlog,
    mail_overdue,
    mail_reinstated,
    mail_tries,
    wants_mail,
)

__all__ = [
    "GivenUpMail",
    "MailLane",
    "MailsRefused",
    "choose_mail",
    "count_given_up_mails",
    "enqueue_mails",
    "given_up_mails",
    "mail_backlog",
    "mail_overdue",
    "mail_reinstated",
    "mail_tries",
    "resend_mails",
    "wants_mail",
]
