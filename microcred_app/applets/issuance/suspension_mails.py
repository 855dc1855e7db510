"""Holders are told by mail that a badge of theirs is suspended, and that it is valid again. Once each.

As with reminders (:mod:`.reminders`), a mail and its row are one transaction: what could not be handed over leaves no
row and is tried again, and of two workers one writes the row. An address that the mail server refuses keeps nobody else
waiting. Nobody is told of something that is over: a suspension
that was lifted before its mail went out is never mentioned. Whether reminders are wanted is not asked: this is no
reminder, and whoever shows the badge to others has to know.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.conf import settings

from ..accounts.api import of_retired_accounts
from ..awards import api as awards
from ..awards.models import Suspension
from ..mail_refusals import is_final
from .models import SuspensionNotice

__all__ = ["tell_suspended"]

log = logging.getLogger(__name__)

#: What could not be told for so long is told no more.
OLDEST = timedelta(days=14)


def tell_suspended(now: datetime, *, limit: int = 100) -> int:
    """Send up to *limit* mails of each kind that are owed; how many. Stops when mail cannot be handed over."""
    sent = 0
    for lifted in (False, True):
        for row in _owed(now, lifted=lifted)[:limit]:
            try:
                sent += _tell(row, lifted, now)
            except SMTPRecipientsRefused:
                # This holder's address, and nobody else's: the others are told.
                log.exception("A holder could not be told of a suspension; it is tried again later.")
            except (SMTPException, OSError):
                log.exception("A holder could not be told of a suspension; it is tried again later.")
                return sent
    return sent


def _owed(now: datetime, *, lifted: bool) -> QuerySet[Suspension]:
    said = SuspensionNotice.objects.filter(suspension_id=OuterRef("pk"), lifted=lifted)
    rows = Suspension.objects.filter(~Exists(said), ~of_retired_accounts("award__learner_id"))
    if lifted:
        # Whoever was never told that it was suspended is not told that it is not.
        told = SuspensionNotice.objects.filter(suspension_id=OuterRef("pk"), lifted=False, sent=True)
        rows = rows.filter(Exists(told), lifting__lifted_at__gt=now - OLDEST)
    else:
        rows = rows.filter(suspended_at__gt=now - OLDEST)
    return rows.select_related("lifting").order_by("suspended_at", "pk")


def _tell(row: Suspension, lifted: bool, now: datetime) -> int:
    award = awards.get_award(str(row.award_id))
    address = platform().learner_email(award.learner_id)
    over = hasattr(row, "lifting") and not lifted
    sends = bool(address) and not over and award.reversed_at is None
    sends = sends and not _is_told_already(row, award, lifted)
    try:
        with transaction.atomic():
            SuspensionNotice(suspension=row, lifted=lifted, sent=sends, noted_at=now).save(force_insert=True)
            if sends:
                _mail(row, award, lifted, address)
    except IntegrityError:
        return 0  # another worker was faster
    except SMTPRecipientsRefused as error:
        if not is_final(error):
            raise
        SuspensionNotice.objects.get_or_create(
            suspension=row, lifted=lifted, defaults={"sent": False, "noted_at": now}
        )
        return 0
    return int(sends)


def _is_told_already(row: Suspension, award: awards.AwardInfo, lifted: bool) -> bool:
    """Whether the holder was told with another award of the same badge, which was suspended together with this one."""
    said = SuspensionNotice.objects.filter(
        lifted=lifted, sent=True, suspension__suspended_at=row.suspended_at
    )
    return said.filter(
        suspension__award__learner_id=award.learner_id,
        suspension__award__version__badge__key=award.badge.key,
    ).exists()


def _mail(row: Suspension, award: awards.AwardInfo, lifted: bool, address: str) -> None:
    issuer = award.badge.issuer
    with translation.override(award.badge.language):
        name = " ".join(award.badge.name.split())  # a subject is one line
        subject = _("Your badge “{name}” is valid again") if lifted else _("Your badge “{name}” is suspended")
        context = {
            "lifted": lifted,
            "name": name,
            "issuer": issuer.name,
            "told": "" if lifted else row.told,
            "contact": issuer.email or issuer.url,
            "person": platform().learner_name(award.learner_id),
            "address": settings().public_base_url + reverse("microcred_app:my-badges"),
        }
        text = render_to_string("microcred_app/learner/suspension_mail.txt", context)
        send_mail(subject.format(name=name)[:200], text, None, [address])
