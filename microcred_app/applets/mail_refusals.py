"""What a mail server says about one address: not now, or never."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

__all__ = ["is_final"]


def is_final(error: SMTPRecipientsRefused) -> bool:
    """Whether asking again would only be refused again."""
    return all(code >= 500 for code, _said in error.recipients.values())
