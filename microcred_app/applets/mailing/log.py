"""Mails that were given up, and sending them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError
from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..delivery.signals import deliveries_waiting
from .models import BadgeMail

__all__ = ["GivenUpMail", "MailsRefused", "count_given_up_mails", "given_up_mails", "resend_mails"]

#: Ends that sending again would only repeat: the badge was revoked, or its owner wants no mail.
_FINAL = ("revoked", "suspended", "not_wanted")


class MailsRefused(MicrocredError):
    """No mail can be sent again as asked; the text says why."""

    code = "mails_refused"
    http_status = 409


@dataclass(frozen=True)
class GivenUpMail:
    """A mail that did not go out."""

    award_id: str
    learner_id: int
    badge_name: str
    code: str
    detail: str
    created_at: datetime


def count_given_up_mails(scope: permissions.Scope) -> int:
    """How many mails of these organisations were given up and could be sent again."""
    return _rows(scope).count()


def given_up_mails(scope: permissions.Scope, *, limit: int) -> tuple[GivenUpMail, ...]:
    """The newest of them."""
    rows = _rows(scope).select_related("credential__award__version").defer("credential__document")
    return tuple(
        GivenUpMail(
            award_id=str(row.credential.award_id),
            learner_id=row.credential.learner_id,
            badge_name=row.credential.award.version.name,
            code=row.last_code,
            detail=row.last_detail,
            created_at=row.created_at,
        )
        for row in rows.order_by("-created_at", "pk")[:limit]
    )


@transaction.atomic
def resend_mails(scope: permissions.Scope, *, actor_id: int | None, now: datetime, seen: int) -> int:
    """Send all of them again, if it is the number that was *seen*; each organisation's log says so."""
    slug = "credential__award__version__badge__issuer__slug"
    found = list(_rows(scope).order_by(slug, "pk").values_list(slug, "pk"))
    if not found:
        raise MailsRefused(_("Nothing was given up."))
    if seen != len(found):
        raise MailsRefused(
            _("Meanwhile the number changed: {count} would be sent again now. Look again.").format(
                count=len(found)
            )
        )
    total = 0
    for issuer_slug, rows in groupby(found, key=lambda row: row[0]):
        permissions.require(actor_id, permissions.Action.RUN_JOBS, issuer_slug)
        total += _again((pk for _slug, pk in rows), issuer_slug, actor_id, now)
    transaction.on_commit(partial(deliveries_waiting.send_robust, sender=BadgeMail, count=total))
    return total


def _again(ids: Iterable[object], issuer_slug: str, actor_id: int | None, now: datetime) -> int:
    sent = 0
    wanted = list(ids)
    for begin in range(0, len(wanted), 500):
        rows = BadgeMail.objects.filter(pk__in=wanted[begin : begin + 500], state=BadgeMail.State.DEAD)
        sent += rows.update(
            state=BadgeMail.State.PENDING, next_attempt_at=now, attempts=0, last_code="", last_detail=""
        )
    audit.record(
        "mails.resent",
        object_type="mail",
        object_id="",
        actor_id=actor_id,
        now=now,
        details={"mails": sent},
        issuer_slug=issuer_slug,
    )
    return sent


def _rows(scope: permissions.Scope) -> QuerySet[BadgeMail]:
    rows = BadgeMail.objects.filter(
        state=BadgeMail.State.DEAD,
        credential__revoked_at__isnull=True,
        credential__award__reversal__isnull=True,
    ).exclude(last_code__in=_FINAL)
    if scope.filter_slugs is not None:
        rows = rows.filter(credential__award__version__badge__issuer__slug__in=list(scope.filter_slugs))
    return rows
