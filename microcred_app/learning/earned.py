"""Badges on the screen of whoever earned them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.qr import qr_svg

from .addresses import absolute

__all__ = [
    "EarnedBadge",
    "Notice",
    "earned_badges",
    "life_notice",
    "my_badge",
    "my_badges",
    "notice_of",
]


@dataclass(frozen=True)
class Notice:
    """What a holder should know about the life of a badge: ``deprecated`` until ``ends_at``, or ``retired``.

    ``text`` is what the registrar wrote, ``successor`` the key of the badge that follows, with its version and name.
    """

    state: str
    text: str
    ends_at: datetime | None
    successor: str = ""
    successor_version: int = 0
    successor_name: str = ""


@dataclass(frozen=True)
class EarnedBadge:
    """A badge on the learner's own screen. Verify link and QR are empty until the learner shares the badge.

    ``newer_version`` is the number of the version in force where it is newer than the one held; with ``renew_by``
    the organisation asks holders to show it again until then; both are left out once the learner holds that version.
    ``revoked_because`` is ``lapsed`` or ``replaced`` where nobody judged the learner. ``received_for`` is the number of
    the older version for which the learner was given this one. Since ``suspended_at`` it counts for nothing for a
    while; ``suspended_told`` are the organisation's words about it, ``contact`` and ``contact_url`` where it answers.
    """

    award_id: str
    badge_key: str
    name: str
    kind: str
    image_url: str
    image_alt: str
    awarded_at: datetime
    proves: tuple[str, ...]
    parts: tuple[str, ...]
    issuer_name: str
    issued: bool
    shared: bool
    revoked: bool
    verify_url: str
    qr_svg: str
    share_url: str
    send_url: str
    credential_id: str = ""
    version: int = 1
    expires_at: datetime | None = None
    expired: bool = False
    newer_version: int = 0
    renew_by: date | None = None
    notice: Notice | None = None
    revoked_because: str = ""
    received_for: int = 0
    suspended_at: datetime | None = None
    suspended_told: str = ""
    contact: str = ""
    contact_url: str = ""


def earned_badges(learner_id: int, outcome_key: str) -> tuple[EarnedBadge, ...]:
    """Badges this learner holds to which the outcome led, stacks included; of one that was renewed, the newest."""
    return _earned(_newest_of_each(_led_to_by(outcome_key, awards.awards_of(learner_id))))


def my_badges(learner_id: int) -> tuple[EarnedBadge, ...]:
    """Everything the learner was awarded, newest first, revoked badges included and marked.

    What was renewed under the same credential appears once, as it is now.
    """
    found = awards.list_awards(learner_id=learner_id)
    ending = [award.id for award in found if award.expires_at is not None]
    renewed = issuance.renewed_in_place(ending) if len(ending) > 1 else frozenset()
    return _earned(tuple(award for award in found if award.id not in renewed))


def my_badge(learner_id: int, award_id: str) -> EarnedBadge:
    """One badge of the learner, however many came after it; raises ``AwardNotFound``."""
    badge_key = awards.get_award(award_id).badge.key
    found = awards.list_awards(learner_id=learner_id, badge_key=badge_key)
    for badge in _earned(found):
        if badge.award_id == award_id:
            return badge
    raise awards.AwardNotFound(_("There is no such award."))


def _led_to_by(outcome_key: str, held: tuple[awards.AwardInfo, ...]) -> tuple[awards.AwardInfo, ...]:
    """Those of the learner's awards that ask for the outcome, or for a badge among them that does."""
    fed = {("outcome", outcome_key)}
    found: set[str] = set()
    while level := [a for a in held if a.id not in found and fed & rules.mentions(a.badge.requirement)]:
        found |= {award.id for award in level}
        fed |= {("badge", award.badge.key) for award in level}
    return tuple(award for award in held if award.id in found)


def _newest_of_each(held: tuple[awards.AwardInfo, ...]) -> tuple[awards.AwardInfo, ...]:
    newest: dict[str, awards.AwardInfo] = {}
    for award in sorted(held, key=lambda award: (award.reversed_at is None, award.awarded_at)):
        newest[award.badge.key] = award
    return tuple(award for award in held if newest[award.badge.key] is award)


def _earned(found: tuple[awards.AwardInfo, ...]) -> tuple[EarnedBadge, ...]:
    """Awards as their holder sees them: a handful of queries, however many there are."""
    if not found:
        return ()
    credentials = issuance.credentials_of_awards(award.id for award in found)
    titles = awards.met_titles(found)
    latest = badges.latest_badges({award.badge.key for award in found} | _successors(found))
    now = timezone.now()
    suspended = [award.id for award in found if award.suspended_at is not None]
    told = awards.open_suspensions(suspended) if suspended else {}
    held = {(award.badge.key, award.badge.number) for award in found if award.reversed_at is None}
    return tuple(
        _earned_badge(
            award, credentials.get(award.id), titles[award.id], latest, held, told.get(award.id), now
        )
        for award in found
    )


def _successors(found: tuple[awards.AwardInfo, ...]) -> set[str]:
    return {award.badge.life.successor for award in found if award.badge.life.successor}


def life_notice(badge: badges.PublishedBadge) -> Notice | None:
    """The notice on one badge, with its successor looked up."""
    return notice_of(badge, badges.latest_badges([badge.life.successor]) if badge.life.successor else {})


def notice_of(badge: badges.PublishedBadge, latest: Mapping[str, badges.PublishedBadge]) -> Notice | None:
    """The notice on a badge that ends or has ended; nothing for one that lives on."""
    life = badge.life
    if life.state == "published":
        return None
    follower = latest.get(life.successor)
    return Notice(
        state=life.state,
        text=life.notice,
        ends_at=life.sunset_at,
        successor=follower.key if follower else "",
        successor_version=follower.number if follower else 0,
        successor_name=follower.name if follower else "",
    )


def _earned_badge(
    award: awards.AwardInfo,
    credential: issuance.IssuedCredential | None,
    met: awards.MetTitles,
    latest: Mapping[str, badges.PublishedBadge],
    held: Collection[tuple[str, int]],
    suspension: awards.SuspensionInfo | None,
    now: datetime,
) -> EarnedBadge:
    expires_at = award.expires_at
    newest = latest.get(award.badge.key, award.badge)
    newer = newest if newest.number > award.badge.number and newest.life.state != "retired" else None
    if (newest.key, newest.number) in held:
        newer = None
    shared = credential is not None and credential.shared_at is not None
    return EarnedBadge(
        award_id=award.id,
        badge_key=award.badge.key,
        name=award.badge.name,
        kind=award.badge.kind,
        image_url=absolute("microcred_app:achievement-image", award.badge.key, award.badge.number),
        image_alt=award.badge.image_alt,
        awarded_at=award.awarded_at,
        proves=met.outcomes,
        parts=met.badges,
        issuer_name=award.badge.issuer.name,
        issued=credential is not None,
        shared=shared,
        revoked=award.reversed_at is not None,
        verify_url=credential.uri if credential and shared else "",
        qr_svg=qr_svg(credential.uri) if credential and shared else "",
        share_url=absolute("microcred_app:share", credential.id) if credential else "",
        send_url=absolute("microcred_app:wallet-send", credential.id) if credential else "",
        credential_id=credential.id if credential else "",
        version=award.badge.number,
        expires_at=expires_at,
        expired=expires_at is not None and expires_at <= now,
        newer_version=newer.number if newer else 0,
        renew_by=newer.terms.holders_deadline if newer else None,
        notice=notice_of(newest, latest),
        revoked_because=award.reversal_cause,
        suspended_at=suspension.suspended_at if suspension else None,
        suspended_told=suspension.told if suspension else "",
        contact=award.badge.issuer.email,
        contact_url=award.badge.issuer.url,
        received_for=award.because.get("upgraded_from", {}).get("version", 0),
    )
