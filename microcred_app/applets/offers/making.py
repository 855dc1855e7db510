"""Offers are made by a learner's press, bounded, shown until they end, and cleaned up.

The press is the consent: nothing leaves before it, and what leaves is one badge, to one wallet, within minutes. A new
offer for a badge ends the earlier one for it, so an old QR code on another screen is worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from ..audit import api as audit
from ..awards import api as awards
from ..issuance import api as issuance
from . import addresses
from .data import ClaimInfo, OfferInfo, OfferLinks
from .errors import OfferNotFound, OfferRefused, TooManyOffers
from .metadata import offered_formats
from .models import AccessToken, AuthorisationCode, Claim, Offer, UsedNonce
from .offer_content import offer_content
from .offer_secrets import TOKEN_LIFE, OfferSecrets, digest, draw_secrets, open_secrets, seal_secrets

__all__ = [
    "MAX_OPEN",
    "MAX_PER_DAY",
    "MAX_WRONG_CODES",
    "cancel_offer",
    "find_open",
    "get_offer",
    "links_of",
    "list_offers",
    "make_offer",
    "not_open",
    "note_read",
    "prepare_offer",
    "sweep",
]

MAX_OPEN = 5
MAX_PER_DAY = 60
MAX_WRONG_CODES = 5
#: How long an offer that ended stays to be shown; its secrets go at once.
KEPT = timedelta(days=90)
_EVENTS = {
    "credential_accepted": "accepted",
    "credential_failure": "failed",
    "credential_deleted": "deleted",
}


def make_offer(
    learner_id: int, award_id: str, *, guarded: bool = False, replaces: bool = False, now: datetime
) -> OfferInfo:
    """Let one wallet fetch this award. With *guarded* it must tell the code shown beside the QR code; with
    *replaces* what other wallets have of it is revoked once this one has fetched it.

    Raises :class:`OfferRefused` for what is not the learner's or not valid, :class:`TooManyOffers` beyond the bounds.
    """
    drawn = draw_secrets(guarded=guarded)
    return prepare_offer(learner_id, award_id, drawn, guarded=guarded, replaces=replaces, now=now)


@transaction.atomic
def prepare_offer(
    learner_id: int, award_id: str, drawn: OfferSecrets, *, guarded: bool, replaces: bool, now: datetime
) -> OfferInfo:
    """As :func:`make_offer`, with secrets the caller has drawn."""
    _require_offerable(learner_id, award_id, now)
    _require_bounds(learner_id, award_id, now)
    minutes = timedelta(minutes=settings().offer_minutes)
    row = Offer.objects.create(
        learner_id=learner_id,
        award_id=award_id,
        handle_sha256=digest(drawn.handle),
        code_sha256=digest(drawn.code),
        sealed=seal_secrets(drawn),
        guarded=guarded,
        replaces=replaces,
        created_at=now,
        expires_at=now + minutes,
    )
    _record("offer.made", row, now, {"guarded": guarded, "replaces": replaces})
    return get_offer(learner_id, row.pk, now=now)


def get_offer(learner_id: int, offer_id: UUID, *, now: datetime) -> OfferInfo:
    """One offer of this learner; raises :class:`OfferNotFound` for anybody else's."""
    return _describe(_own(learner_id, offer_id), now)


def list_offers(learner_id: int, award_id: str, *, now: datetime) -> tuple[OfferInfo, ...]:
    """The learner's offers of one award, newest first."""
    rows = _rows().filter(learner_id=learner_id, award_id=award_id).order_by("-created_at", "-pk")
    return tuple(_describe(row, now) for row in rows[:20])


def links_of(learner_id: int, offer_id: UUID, *, now: datetime) -> OfferLinks | None:
    """The ways to fetch an open offer, for its learner's page; None once it is not open any more."""
    row = _own(learner_id, offer_id)
    if _state(row, now) not in ("waiting", "read") or not row.sealed:
        return None
    found = open_secrets(row.sealed)
    value = addresses.value_link(offer_content(row, found))
    by_token = issuance.JWT_VC_JSON in offered_formats().values()
    jwt = addresses.offer_link(found.handle, issuance.JWT_VC_JSON) if by_token else ""
    if row.guarded:
        return OfferLinks("", addresses.offer_link(found.handle), value, "", "", "", found.tx_code, jwt)
    return OfferLinks(
        interaction=addresses.interaction_url(found.handle),
        oid4vci=addresses.offer_link(found.handle),
        oid4vci_value=value,
        lcw=addresses.lcw_exchange_link(found.handle),
        lcw_legacy=addresses.lcw_legacy_link(found.handle, found.challenge),
        document=addresses.absolute("wallet-document", found.handle),
        tx_code="",
        oid4vci_jwt=jwt,
    )


@transaction.atomic
def cancel_offer(learner_id: int, offer_id: UUID, *, now: datetime) -> OfferInfo:
    """End an offer, and every token that was given for it. What a wallet has fetched already stays there."""
    row = _own(learner_id, offer_id)
    if row.cancelled_at is None and row.expires_at > now:
        _end([row.pk], now)
        _record("offer.cancelled", row, now, {})
    return get_offer(learner_id, offer_id, now=now)


def find_open(*, handle: str = "", code: str = "", now: datetime) -> Offer:
    """The open offer behind a secret, or :class:`OfferNotFound`, which says the same whatever the reason is.

    For this applet and its shells only. Looked up by digest, so the time it takes tells nothing about the secret.
    """
    key = {"handle_sha256": digest(handle)} if handle else {"code_sha256": digest(code)}
    row = Offer.objects.filter(**key).first()
    if row is None or not _is_open(row, now):
        raise not_open()
    return row


def not_open() -> OfferNotFound:
    """The one thing that is said of an offer nobody may fetch, so that asking tells nothing."""
    return OfferNotFound(_("This offer is not open. Make a new one on the page of the badge."))


def note_read(row: Offer, *, now: datetime) -> None:
    """Remember that somebody has read the offer, the first time."""
    if row.read_at is None:
        Offer.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=now)


@transaction.atomic
def sweep(now: datetime) -> int:
    """Forget what ended: secrets of closed offers at once, tokens and nonces when they are over, offers after
    :data:`KEPT`. Says how many rows it touched. For the worker; running it twice at once does no harm."""
    closed = Q(expires_at__lte=now) | Q(cancelled_at__isnull=False) | Q(redeemed_at__isnull=False)
    touched = Offer.objects.filter(closed).exclude(sealed=b"").update(sealed=b"")
    for model in (UsedNonce, AccessToken):
        touched += model.objects.filter(expires_at__lte=now).delete()[0]
    # A used code is kept while its token could live: should it come a second time, the token is revoked.
    touched += AuthorisationCode.objects.filter(expires_at__lte=now - timedelta(days=1)).delete()[0]
    old = Offer.objects.filter(expires_at__lte=now - KEPT).values_list("pk", flat=True)[:500]
    touched += Offer.objects.filter(pk__in=list(old)).delete()[0]
    return touched


def _require_offerable(learner_id: int, award_id: str, now: datetime) -> None:
    award = awards.get_award(award_id)
    if award.learner_id != learner_id:
        raise OfferNotFound(_("This badge is not among yours."))
    if award.reversed_at is not None:
        raise OfferRefused(_("This badge was revoked by its issuer. No wallet can fetch it any more."))
    if award.suspended_at is not None:
        raise OfferRefused(
            _("This badge is suspended by its issuer. No wallet can fetch it until that is over.")
        )
    if award.expires_at is not None and award.expires_at <= now:
        raise OfferRefused(_("This badge has expired. No wallet can fetch it any more."))
    if issuance.credential_of_award(award_id) is None:
        raise OfferRefused(_("This badge is not signed yet. Try again in a minute."))


def _require_bounds(learner_id: int, award_id: str, now: datetime) -> None:
    mine = Offer.objects.filter(learner_id=learner_id)
    if mine.filter(created_at__gt=now - timedelta(days=1)).count() >= MAX_PER_DAY:
        raise TooManyOffers(_("You made many offers today. Go on tomorrow."))
    still_open = mine.filter(expires_at__gt=now, cancelled_at__isnull=True, redeemed_at__isnull=True)
    _end(list(still_open.filter(award_id=award_id).values_list("pk", flat=True)), now)
    if still_open.count() >= MAX_OPEN:
        raise TooManyOffers(
            _("{count} offers of yours are open. Finish or cancel one of them, or wait some minutes.").format(
                count=MAX_OPEN
            )
        )


def _end(ids: Iterable[UUID], now: datetime) -> None:
    Offer.objects.filter(pk__in=list(ids)).update(cancelled_at=now, sealed=b"")
    AccessToken.objects.filter(offer_id__in=list(ids), revoked_at__isnull=True).update(revoked_at=now)


def _own(learner_id: int, offer_id: UUID) -> Offer:
    row = _rows().filter(pk=offer_id, learner_id=learner_id).first()
    if row is None:
        raise OfferNotFound(_("There is no such offer of yours."))
    return row


def _rows() -> QuerySet[Offer]:
    return Offer.objects.select_related("award__version").prefetch_related("claims")


def _is_open(row: Offer, now: datetime) -> bool:
    return row.expires_at > now and row.cancelled_at is None and row.redeemed_at is None


def _state(row: Offer, now: datetime) -> str:
    claims: list[Claim] = sorted(row.claims.all(), key=lambda claim: (claim.claimed_at, claim.pk))
    if claims:
        reported = [claim for claim in claims if claim.event]
        if reported:
            return _EVENTS[max(reported, key=lambda claim: claim.event_at or claim.claimed_at).event]
        return "deferred" if any(claim.credential_id is None for claim in claims) else "fetched"
    if row.cancelled_at is not None:
        return "blocked" if row.wrong_codes >= MAX_WRONG_CODES else "cancelled"
    if row.redeemed_at is not None:
        return "redeemed" if row.redeemed_at + TOKEN_LIFE > now else "abandoned"
    if row.expires_at <= now:
        return "expired"
    return "waiting" if row.read_at is None else "read"


def _describe(row: Offer, now: datetime) -> OfferInfo:
    return OfferInfo(
        id=row.pk,
        award_id=str(row.award_id),
        badge_name=row.award.version.name,
        state=_state(row, now),
        guarded=row.guarded,
        replaces=row.replaces,
        created_at=row.created_at,
        expires_at=row.expires_at,
        read_at=row.read_at,
        claims=tuple(
            ClaimInfo(
                did=claim.did,
                protocol=claim.protocol,
                credential_id=str(claim.credential_id or ""),
                claimed_at=claim.claimed_at,
                event=claim.event,
                event_description=claim.event_description,
                event_at=claim.event_at,
            )
            for claim in sorted(row.claims.all(), key=lambda claim: (claim.claimed_at, claim.pk))
        ),
    )


def _record(action: str, row: Offer, now: datetime, details: dict[str, object]) -> None:
    audit.record(
        action,
        object_type="offer",
        object_id=str(row.pk),
        actor_id=row.learner_id,
        now=now,
        details={"award": str(row.award_id), **details},
    )
