"""The learner came here from their wallet: which badges it may ask for, and what their consent gives it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ..awards import api as awards
from ..issuance import api as issuance
from .making import prepare_offer
from .models import Offer
from .oauth import authorise
from .offer_secrets import draw_secrets

__all__ = ["allow_client", "awards_for_client"]


def awards_for_client(
    learner_id: int, issuer_state: str, *, now: datetime
) -> tuple[tuple[awards.AwardInfo, ...], str]:
    """The learner's badges that a wallet may fetch now, newest first, and the one that its offer was about.

    ``issuer_state`` only says which badge to suggest: it is no permission, and one of another learner says nothing.
    """
    found = awards.list_awards(learner_id=learner_id, limit=100)
    standing = [one for one in found if one.reversed_at is None and one.suspended_at is None]
    valid = [one for one in standing if not one.expires_at or one.expires_at > now]
    signed = issuance.credentials_of_awards(one.id for one in valid)
    suggested = ""
    try:
        offer = Offer.objects.filter(pk=UUID(issuer_state), learner_id=learner_id).first()
        suggested = str(offer.award_id) if offer else ""
    except ValueError:
        pass
    return tuple(one for one in valid if one.id in signed), suggested


@transaction.atomic
def allow_client(learner_id: int, award_id: str, address: str, *, now: datetime) -> str:
    """Let the wallet that sent this authorisation request fetch one badge; where the browser goes.

    An open offer for the same badge ends: one way at a time.
    """
    drawn = draw_secrets(guarded=False)
    made = prepare_offer(learner_id, award_id, drawn, guarded=False, replaces=False, now=now)
    return authorise(address, Offer.objects.get(pk=made.id), now=now)
