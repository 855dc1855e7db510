"""Mails, some at a time: the lane of :class:`~.models.BadgeMail` rows, through Django's mail.

A mail that a server took may still be lost or refused later; nobody tells us. A worker that dies between the server's
yes and its own record sends the mail once more: mail knows no "the same again".
"""

from __future__ import annotations

import smtplib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.conf import settings
from microcred_app.ob3.baking import bake_png, bake_svg, is_png, is_svg
from microcred_app.ob3.errors import Ob3Error

from ..delivery.claiming import claim_rows, lease
from ..delivery.lane import Done, Job, Recorded
from ..delivery.outbound_guard import OutboundGuard
from ..delivery.push import Outcome
from ..delivery.pushing_again import SUSPENDED
from ..delivery.recording import end_used_up, give_back, note_lost, record_tries
from ..mail_refusals import is_final
from .models import BadgeMail, BadgeMailAttempt, MailChoice

__all__ = ["MailLane"]

PLACE = "server"


@dataclass(frozen=True)
class _Letter:
    """One mail; *settled* needs no sending."""

    message: EmailMessage | None = field(default=None, repr=False)
    settled: Outcome | None = None


class MailLane:
    """Sends badges by mail. One instance belongs to one worker."""

    name = "mail"

    def claim(self, now: datetime, limit: int, worker: str, *, avoid: Collection[str]) -> Sequence[Job]:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        if f"{self.name}:{PLACE}" in avoid:
            return ()
        token = claim_rows(
            BadgeMail,
            now=now,
            limit=limit,
            worker=worker,
            wanted=Q(),
            note_lost=partial(note_lost, BadgeMailAttempt, now=now, note="the mail is sent again."),
        )
        held = BadgeMail.objects.filter(
            state=BadgeMail.State.CLAIMED, lease_until=now + lease(), claim_token=token
        ).select_related("credential__award__version__image", "credential__award__version__badge__issuer")
        rows = list(held.order_by("created_at"))
        learners = {row.credential.learner_id for row in rows}
        wanting = set(
            MailChoice.objects.filter(learner_id__in=learners, wanted=True).values_list(
                "learner_id", flat=True
            )
        )
        return [
            Job(row.pk, token, f"{self.name}:{PLACE}", row.attempts, now, _letter(row, wanting))
            for row in rows
        ]

    def send(self, job: Job, *, now: datetime, guard: OutboundGuard) -> tuple[Outcome, Any]:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`; asks the site's own mail server."""
        letter: _Letter = job.cargo
        if letter.settled is not None or letter.message is None:
            return letter.settled or Outcome("dead", "no_address"), None
        try:
            sent = letter.message.send()
        except smtplib.SMTPRecipientsRefused as error:
            return Outcome("dead" if is_final(error) else "retry", "address_not_taken"), None
        except (smtplib.SMTPException, OSError):
            return Outcome("retry", "host_unreachable"), None
        return (Outcome("delivered", "mailed") if sent else Outcome("retry", "host_problem")), None

    def record(self, done: Sequence[Done], *, worker: str) -> Recorded:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        ended = [end_used_up(entry) for entry in done]
        with transaction.atomic():
            record_tries(BadgeMail, BadgeMailAttempt, ended, worker)
        return Recorded(ended)

    def release(self, jobs: Sequence[Job], *, until: datetime) -> None:
        """See :class:`~microcred_app.applets.delivery.lane.Lane`."""
        for job in jobs:
            give_back(BadgeMail, job, until=until)


def _letter(row: BadgeMail, wanting: Collection[int]) -> _Letter:
    credential = row.credential
    if credential.revoked_at is not None or credential.replaced_as:
        return _Letter(settled=Outcome("dead", "revoked"))
    if credential.suspended_at is not None:
        return _Letter(settled=Outcome("dead", SUSPENDED))
    if credential.learner_id not in wanting:
        return _Letter(settled=Outcome("dead", "not_wanted"))
    address = platform().learner_email(credential.learner_id)
    if not address or "\n" in address or "\r" in address:
        return _Letter(settled=Outcome("dead", "no_address"))
    version = credential.award.version
    document = bytes(credential.document)
    with translation.override(version.language):
        subject = _("Your badge: {badge}").format(badge=" ".join(version.name.split()))
        text = _(
            "You received the badge “{badge}” from {organisation}.\n\nIt is attached, twice: as a picture that carries "
            "the signed badge inside, and as the signed badge itself. Both can be put into a wallet, and whoever gets "
            "them from you can verify them.\n\nAll your badges: {address}\nYou asked for this mail. You can end it "
            "there at any time."
        ).format(
            badge=version.name,
            organisation=version.badge.issuer.name,
            address=f"{settings().public_base_url}/microcred/my/",
        )
    message = EmailMessage(subject, text, to=[address])
    picture = _picture(bytes(version.image.content), document)
    if picture is not None:
        message.attach(f"{version.badge.key}.{picture[0]}", picture[1], picture[2])
    message.attach(f"{version.badge.key}.json", document, "application/json")
    return _Letter(message)


def _picture(content: bytes, document: bytes) -> tuple[str, bytes, str] | None:
    """The picture with the badge in it; None where it cannot carry one."""
    try:
        if is_png(content):
            return "png", bake_png(content, document), "image/png"
        if is_svg(content):
            return "svg", bake_svg(content, document), "image/svg+xml"
    except Ob3Error:
        return None
    return None
