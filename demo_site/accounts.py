"""The people of the demo, one for each thing there is to try."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["DEMO_ACCOUNTS", "DemoAccount", "demo_account"]


@dataclass(frozen=True)
class DemoAccount:
    """One account, and what one sees with it."""

    username: str
    first_name: str
    last_name: str
    email: str
    role: str | Promise
    explanation: str | Promise


DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount(
        "amina",
        "Amina",
        "Diallo",
        "amina@example.org",
        _("Learner"),
        _("Works through micro-units, hands in evidence, earns badges and sends them to her wallet."),
    ),
    DemoAccount(
        "ben",
        "Ben",
        "Okafor",
        "ben@example.org",
        _("Learner"),
        _("A second learner, to see that everybody has their own progress and badges."),
    ),
    DemoAccount(
        "author",
        "Ines",
        "Moreau",
        "ines.moreau@example.org",
        _("Course author"),
        _("Builds micro-units in Studio, publishes them, and can look at the course as any learner."),
    ),
    DemoAccount(
        "reviewer",
        "Tomas",
        "Lindqvist",
        "tomas.lindqvist@example.org",
        _("Reviewer"),
        _("Judges the evidence that learners hand in, with a rubric."),
    ),
    DemoAccount(
        "registrar",
        "Ruth",
        "Adeyemi",
        "ruth.adeyemi@example.org",
        _("Registrar"),
        _("Sees every award and why it was made, and revokes what should not stand."),
    ),
)


def demo_account(username: str) -> DemoAccount | None:
    """The demo account of that name; None for every other account."""
    return next((account for account in DEMO_ACCOUNTS if account.username == username), None)
