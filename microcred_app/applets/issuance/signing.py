"""Sign and store the credential of one award, in the transaction that writes the award.

Status place, document, self-check and row stand or fall together. For many awards at once see `bulk`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction

from microcred_app.compat import Person, platform
from microcred_app.conf import settings
from microcred_app.ob3 import issuing
from microcred_app.ob3.documents import StatusEntry
from microcred_app.ob3.identity import Identity

from ..awards import api as awards
from .addresses import credential_uri, list_url
from .composition import Particulars, PartLine, compose, define, holder_of
from .credentials import (
    EMAIL,
    IssuedCredential,
    credential_of_award,
    credentials_of_awards,
    describe_credential,
)
from .document_end import span_of
from .handed_in import published_among
from .keys import active_key, signer_of, verification_method
from .models import Credential, IssuerKey
from .places import Place
from .self_check import SelfCheck
from .signals import credential_issued
from .status import take_place

__all__ = [
    "Holder",
    "account_holder",
    "issue_credential",
    "parts_named",
    "sign_award",
    "sign_document_for",
    "write_credential",
]


@dataclass(frozen=True)
class Holder:
    """To whom one credential is made out: under which binding, as which identities, and with which DID."""

    binding: str
    identities: tuple[Identity, ...]
    did: str = ""


def issue_credential(award_id: str, *, now: datetime) -> IssuedCredential:
    """Sign and store the credential of an award; an award that has one keeps it."""
    found = credential_of_award(award_id)
    if found is not None:
        return found
    return sign_award(awards.get_award(award_id), now=now)


def sign_award(award: awards.AwardInfo, *, now: datetime) -> IssuedCredential:
    """Sign and store the credential of a new award. Should there be one after all, that one stands."""
    with transaction.atomic(savepoint=False):
        try:
            row = write_credential(award, account_holder(award.learner_id), now=now)
        except IntegrityError:  # somebody else signed for this award first; theirs stands
            winner = credential_of_award(award.id)
            if winner is None:
                raise
            return winner
        credential_issued.send(
            sender=Credential, credential_id=str(row.pk), learner_id=row.learner_id, now=now
        )
    return describe_credential(row, award.badge.name)


def account_holder(learner_id: int) -> Holder:
    """The learner as the platform knows them at this moment."""
    person = Person(platform().learner_name(learner_id), platform().learner_email(learner_id))
    return Holder(EMAIL, holder_of(person, with_name=settings().name_in_credentials))


def write_credential(award: awards.AwardInfo, holder: Holder, *, now: datetime) -> Credential:
    """Sign, check and store one credential, in the caller's transaction; nobody is told.

    Raises IntegrityError when the award has a current one for this binding.
    """
    key = active_key(award.badge.issuer.id, award.badge.issuer.slug, now=now)
    place = take_place(key, now=now)
    credential_id = uuid4()
    document = sign_document_for(award, holder, key, place, uri=credential_uri(credential_id), now=now)
    SelfCheck(now).require_valid(document, place)
    with transaction.atomic():
        return Credential.objects.create(
            id=credential_id,
            award_id=award.id,
            learner_id=award.learner_id,
            issuer_key=key,
            status_list_id=place.list_id,
            status_index=place.index,
            uri=credential_uri(credential_id),
            document=document,
            sha256=hashlib.sha256(document).hexdigest(),
            holder_binding=holder.binding,
            issued_at=now,
            document_ends=span_of(award, now).ends,
            renew_at=span_of(award, now).renew_at,
        )


def parts_named(award: awards.AwardInfo) -> list[str]:
    """Ids of the awards that this one was built on."""
    return [leaf["award"] for leaf in award.because.get("met", []) if leaf.get("award")]


def sign_document_for(
    award: awards.AwardInfo,
    holder: Holder,
    key: IssuerKey,
    place: Place,
    *,
    uri: str,
    now: datetime,
    first_awarded: datetime | None = None,
) -> bytes:
    """The signed document of an award for one holder; nothing is stored and nothing checked."""
    because = awards.explain_award(award)
    facts = tuple(fact for leaf in because.leaves for fact in leaf.attainments)
    particulars = Particulars(
        uri=uri,
        status=StatusEntry(list_url(place.list_id), place.index),
        holder=holder.identities,
        did=holder.did,
        facts=facts,
        parts=_parts(award),
        first_awarded=first_awarded,
        document_ends=span_of(award, now).ends,
        published=published_among(facts),
    )
    unsigned = compose(award, define(award.badge, because.names, key.did), particulars)
    return issuing.issue(unsigned, signer_of(key), verification_method=verification_method(key), created=now)


def _parts(award: awards.AwardInfo) -> tuple[PartLine, ...]:
    """The credentials of the badges that this award was built on."""
    ids = parts_named(award)
    found = credentials_of_awards(ids) if ids else {}
    return tuple(PartLine(found[pk].badge_name, found[pk].uri) for pk in ids if pk in found)
