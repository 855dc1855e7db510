"""Holders are told before a badge ends, once for each of the operator's numbers of days, unless they do not want it.

A reminder and its row are one transaction: a mail that could not be handed over leaves no row and is tried again, and
of two workers one writes the row and the other nothing. Nobody is told that something ends which was renewed, taken
back, or given for less time than the reminder looks ahead. An address that the mail server refuses keeps nobody else
waiting.
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
from ..awards.models import Award
from ..mail_refusals import is_final
from .models import ExpiryReminder, ReminderOptOut
from .signals import expiry_near

__all__ = ["remind_due", "set_reminders", "wants_reminders"]

log = logging.getLogger(__name__)


def wants_reminders(learner_id: int) -> bool:
    """Whether this learner is told before a badge ends; so it is until they say no."""
    return not ReminderOptOut.objects.filter(learner_id=learner_id).exists()


def set_reminders(learner_id: int, *, wanted: bool, now: datetime) -> None:
    """Keep what the learner chose."""
    if wanted:
        ReminderOptOut.objects.filter(learner_id=learner_id).delete()
    else:
        ReminderOptOut.objects.get_or_create(learner_id=learner_id, defaults={"chosen_at": now})


def remind_due(now: datetime, *, limit: int = 100) -> int:
    """Send up to *limit* reminders that are due; how many were sent. Stops when mail cannot be handed over."""
    sent = 0
    for days in sorted(settings().expiry_reminder_days):
        ids = list(_due(days, now).values_list("pk", flat=True)[: limit - sent])
        for award in (awards.get_award(str(pk)) for pk in ids):
            try:
                sent += _remind(award, days, now)
            except SMTPRecipientsRefused:
                # This holder's address, and nobody else's: the others are reminded.
                log.exception("A reminder could not be sent to one address; it is tried again later.")
            except (SMTPException, OSError):
                log.exception("No reminder could be sent; it is tried again later.")
                return sent
    return sent


def _due(days: int, now: datetime) -> QuerySet[Award]:
    """Awards that end within *days* and of which nothing was said for so few days or fewer; none of who has gone."""
    longer = Award.objects.filter(
        learner_id=OuterRef("learner_id"),
        version__badge_id=OuterRef("version__badge_id"),
        awarded_at__gt=OuterRef("awarded_at"),
        reversal__isnull=True,
    )
    said = ExpiryReminder.objects.filter(award_id=OuterRef("pk"), days__lte=days)
    rows = Award.objects.filter(
        expires_at__gt=now, expires_at__lte=now + timedelta(days=days), reversal__isnull=True
    )
    return rows.filter(~of_retired_accounts(), ~Exists(longer), ~Exists(said)).order_by("expires_at", "pk")


def _remind(award: awards.AwardInfo, days: int, now: datetime) -> int:
    address = platform().learner_email(award.learner_id)
    ends = award.expires_at
    lasts = ends is not None and award.awarded_at <= ends - timedelta(days=days)
    sends = bool(address) and lasts and wants_reminders(award.learner_id)
    try:
        with transaction.atomic():
            ExpiryReminder(award_id=award.id, days=days, sent=sends, noted_at=now).save(force_insert=True)
            if sends:
                expiry_near.send(
                    sender=Award, award_id=award.id, learner_id=award.learner_id, days=days, now=now
                )
                _mail(award, address, now)
    except IntegrityError:
        return 0  # another worker was faster
    except SMTPRecipientsRefused as error:
        if not is_final(error):
            raise
        ExpiryReminder.objects.get_or_create(
            award_id=award.id, days=days, defaults={"sent": False, "noted_at": now}
        )
        return 0
    return int(sends)


def _mail(award: awards.AwardInfo, address: str, now: datetime) -> None:
    with translation.override(award.badge.language):
        name = " ".join(award.badge.name.split())  # a subject is one line
        context = {
            "name": name,
            "issuer": award.badge.issuer.name,
            "ends": award.expires_at,
            "person": platform().learner_name(award.learner_id),
            "address": settings().public_base_url + reverse("microcred_app:my-badges"),
        }
        send_mail(
            _("Your badge “{name}” ends soon").format(name=name)[:200],
            render_to_string("microcred_app/learner/expiry_mail.txt", context),
            None,
            [address],
        )
