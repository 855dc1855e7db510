"""Sign the credentials of many awards before the transaction that writes them: nothing is locked while signing.

What the documents are made of is read once for all of them, each badge version is compiled once, places in the
status list are taken in one step, in an order that does not tell who stands next to whom; and every document goes
through the self-check.

Should a worker die before it has stored what it signed, its places stay taken and its documents are gone: nobody
saw them, and a list has places to spare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.compat import Person, platform
from microcred_app.conf import Settings, settings
from microcred_app.ob3.documents import StatusEntry
from microcred_app.ob3.errors import Ob3Error

from ..attainments import api as attainments
from ..awards.api import AwardInfo
from ..badges import api as badges
from .addresses import credential_uri, list_url
from .composition import Definition, Particulars, PartLine, define, holder_of
from .credentials import EMAIL
from .document_end import Span, span_of
from .errors import AwardsRefused, SelfCheckFailed
from .handed_in import Proof, published_among
from .keys import key_as_of, known_key
from .models import Credential, IssuerKey
from .places import Place
from .renewals import Renewal
from .self_check import SelfCheck
from .signing import parts_named
from .status import take_places
from .templates import BadgePress

__all__ = ["MAX_AT_ONCE", "PreparedCredential", "prepare_credentials"]

MAX_AT_ONCE = 1_000
_NOBODY = Person("", "")
_NO_RENEWALS: Mapping[str, Renewal] = MappingProxyType({})


@dataclass(frozen=True)
class PreparedCredential:
    """A signed and checked document that is not stored yet: nobody may see it before it is."""

    id: UUID
    uri: str
    award: AwardInfo
    key_id: int
    place: Place
    document: bytes
    signed_at: datetime
    renewal: Renewal | None = None

    @property
    def span(self) -> Span:
        """When the document ends, where that is before the award does."""
        return span_of(self.award, self.signed_at)


@dataclass(frozen=True)
class _Order:
    """One credential to be made, or the next edition of one."""

    award: AwardInfo
    credential_id: UUID
    uri: str
    key: IssuerKey
    renewal: Renewal | None = None


@dataclass(frozen=True)
class _Knowledge:
    """What the documents of one chunk are made of, read once for all of them."""

    people: Mapping[int, Person]
    facts: Mapping[str, Proof]
    parts: Mapping[str, PartLine]
    definitions: Mapping[int, Definition]
    lists: Mapping[UUID, str]
    with_name: bool
    published: Mapping[str, str]


def prepare_credentials(
    awards: Sequence[AwardInfo],
    *,
    now: datetime,
    stamp: str | None = None,
    renewals: Mapping[str, Renewal] = _NO_RENEWALS,
) -> tuple[PreparedCredential, ...]:
    """Sign the credentials of up to 1,000 awards, which need not be in the ledger yet; store them with
    :func:`~.bulk.store_credentials`.

    The number of queries does not grow with the awards. Raises :class:`AwardsRefused`, which names every award that
    cannot be signed: leave these out and call again. *stamp* is that of the definitions the awards were found by,
    where the caller knows it: keys and what all credentials of a badge share are then not read again. An award in
    *renewals* goes on with the credential named there, unless its issuer has another identifier now.
    """
    stamp = badges.current_definitions().stamp if stamp is None else stamp
    if len(awards) > MAX_AT_ONCE:
        raise ValueError(f"Hand in at most {MAX_AT_ONCE} awards at once, not {len(awards)}.")
    keys = _keys_of(awards, stamp, now)
    orders = _orders_for(awards, keys, renewals)
    places = _places_for(orders, now, stamp)
    return _sign_all(orders, places, _learn(orders, places, stamp), now, stamp)


def _orders_for(
    awards: Iterable[AwardInfo], keys: Mapping[int, IssuerKey], renewals: Mapping[str, Renewal]
) -> list[_Order]:
    ids = [(award, uuid4()) for award in awards]
    orders = [_Order(award, pk, credential_uri(pk), keys[award.badge.issuer.id]) for award, pk in ids]
    return [_going_on(order, renewals.get(order.award.id)) for order in orders] if renewals else orders


def _going_on(order: _Order, renewal: Renewal | None) -> _Order:
    if renewal is None or renewal.issuer_did != order.key.did:
        return order
    return replace(order, credential_id=renewal.credential_id, uri=renewal.uri, renewal=renewal)


def _sign_all(
    orders: Sequence[_Order],
    places: Mapping[int, list[Place]],
    known: _Knowledge,
    now: datetime,
    stamp: str,
) -> tuple[PreparedCredential, ...]:
    keys = {order.key.pk: order.key for order in orders}
    presses = {pk: BadgePress(key, now, stamp) for pk, key in keys.items()}
    check = SelfCheck(now, stamp)
    prepared, refused = [], {}
    for order in orders:
        place = order.renewal.place if order.renewal else places[order.key.pk].pop()
        try:
            definition = known.definitions[order.award.badge.version_id]
            particulars = _particulars(order, place, known, now)
            document = presses[order.key.pk].sign(order.award, definition, particulars)
            check.require_valid(document, place)
        except (Ob3Error, SelfCheckFailed) as error:
            refused[order.award.id] = str(error)
            continue
        prepared.append(
            PreparedCredential(
                order.credential_id,
                order.uri,
                order.award,
                order.key.pk,
                place,
                document,
                now,
                order.renewal,
            )
        )
    if refused:
        raise AwardsRefused(
            _("Some credentials cannot be signed, the first because: {reason}").format(
                reason=next(iter(refused.values()))
            ),
            refused,
        )
    return tuple(prepared)


def _keys_of(awards: Iterable[AwardInfo], stamp: str, now: datetime) -> dict[int, IssuerKey]:
    issuers = {award.badge.issuer.id: award.badge.issuer for award in awards}
    known = {pk: known_key(stamp, pk) for pk in issuers}
    if None not in known.values():
        return {pk: key for pk, key in known.items() if key is not None}
    with transaction.atomic():
        return {pk: key_as_of(stamp, pk, issuer.slug, now=now) for pk, issuer in issuers.items()}


def _learn(orders: Sequence[_Order], places: Mapping[int, list[Place]], stamp: str) -> _Knowledge:
    awards = [order.award for order in orders]
    lists = {place.list_id for taken in places.values() for place in taken}
    lists |= {order.renewal.place.list_id for order in orders if order.renewal}
    facts = _facts_of(awards)
    return _Knowledge(
        people=platform().people({award.learner_id for award in awards}),
        facts=facts,
        parts=_parts_of(orders),
        definitions=_definitions_of(orders, stamp),
        lists={pk: list_url(pk) for pk in lists},
        with_name=settings().name_in_credentials,
        published=published_among(facts.values()),
    )


def _facts_of(awards: Iterable[AwardInfo]) -> dict[str, Proof]:
    known: dict[str, Proof] = {proof.id: proof for award in awards for proof in award.proofs}
    known |= {fact.id: fact for award in awards for fact in award.facts}
    unknown = {pk for award in awards for pk in _attainments_named(award)} - known.keys()
    if unknown:
        known |= {fact.id: fact for fact in attainments.get_attainments(unknown)}
    return known


def _attainments_named(award: AwardInfo) -> list[str]:
    return [pk for leaf in award.because.get("met", []) for pk in leaf.get("attainments", [])]


def _parts_of(orders: Sequence[_Order]) -> dict[str, PartLine]:
    """Parts of stacks by their award: credentials that exist, and those that are being made beside them."""
    beside = {order.award.id: PartLine(order.award.badge.name, order.uri) for order in orders}
    wanted = {pk for order in orders for pk in parts_named(order.award)} - beside.keys()
    if not wanted:
        return beside
    rows = Credential.objects.filter(award_id__in=wanted, holder_binding=EMAIL, replaced_as=0)
    stored = rows.order_by("-issued_at", "-pk").values_list("award_id", "award__version__name", "uri")
    return {str(pk): PartLine(name, uri) for pk, name, uri in stored} | beside


def _definitions_of(orders: Sequence[_Order], stamp: str) -> dict[int, Definition]:
    found: dict[int, Definition] = {}
    for order in orders:
        badge = order.award.badge
        if badge.version_id not in found:
            found[badge.version_id] = _define(badge, order.key.did, stamp, settings())
    return found


@lru_cache(maxsize=1_000)
def _define(badge: badges.PublishedBadge, did: str, stamp: str, _configured: Settings) -> Definition:
    """What all credentials of a version share; it changes with the definitions (*stamp*) or with the settings."""
    return define(badge, badges.names_for([badge.requirement]), did)


def _places_for(orders: Sequence[_Order], now: datetime, stamp: str) -> dict[int, list[Place]]:
    wanted: dict[int, list[IssuerKey]] = {}
    for order in orders:
        if order.renewal is None:
            wanted.setdefault(order.key.pk, []).append(order.key)
    return {pk: take_places(keys[0], len(keys), now=now, stamp=stamp) for pk, keys in sorted(wanted.items())}


def _particulars(order: _Order, place: Place, known: _Knowledge, now: datetime) -> Particulars:
    award = order.award
    named = _attainments_named(award)
    return Particulars(
        uri=order.uri,
        status=StatusEntry(known.lists[place.list_id], place.index),
        holder=holder_of(known.people.get(award.learner_id, _NOBODY), with_name=known.with_name),
        facts=tuple(known.facts[pk] for pk in named if pk in known.facts),
        parts=tuple(known.parts[pk] for pk in parts_named(award) if pk in known.parts),
        first_awarded=order.renewal.first_awarded if order.renewal else None,
        document_ends=span_of(award, now).ends,
        published=known.published,
    )
