"""A Comprehensive Learner Record carries signed badges unchanged, and says how their achievements belong together.

This is how a macro-credential travels with the micro-credentials it was earned by: the record is signed by its own
issuer, each badge inside keeps the signature of the one who awarded it.

CLR 2.0 (ClrCredential, ClrSubject, Association); the 2.0.1 context, since the unversioned one lacks
``ClrSubject.identifier``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from microcred_app.ob3.achievements import Achievement, achievement_to_json
from microcred_app.ob3.contexts import CLR_2_0_1, CREDENTIALS_V2, OB_3_0_3
from microcred_app.ob3.documents import (
    StatusEntry,
    Subject,
    TermsOfUse,
    identity_to_json,
    status_to_json,
    terms_to_json,
)
from microcred_app.ob3.errors import DocumentError, Ob3Error
from microcred_app.ob3.fields import optional_address, optional_text, require_address, require_line
from microcred_app.ob3.profiles import Profile, profile_to_json, tokens_to_json, without_empty
from microcred_app.ob3.reading import open_inner
from microcred_app.ob3.structure import types_of
from microcred_app.ob3.timestamps import format_time

__all__ = ["ASSOCIATION_TYPES", "Association", "ClrCredential", "build_clr_credential"]

ASSOCIATION_TYPES = frozenset(
    [
        "exactMatchOf",
        "isChildOf",
        "isParentOf",
        "isPartOf",
        "isPeerOf",
        "isRelatedTo",
        "precedes",
        "replacedBy",
    ]
)


@dataclass(frozen=True)
class Association:
    """How one achievement relates to another, both named by their ids."""

    kind: str
    source_id: str
    target_id: str


@dataclass(frozen=True)
class ClrCredential:
    """Everything a record says before it is signed; `credentials` are signed, and embedded as they are.

    A document with its proof stands in the record itself, a token in an ``EnvelopedVerifiableCredential``. The schema
    of CLR 2.0 knows only the former: receivers that validate before they read refuse envelopes.
    """

    id: str
    name: str
    issuer: Profile
    valid_from: datetime
    subject: Subject
    credentials: tuple[Mapping[str, Any] | str, ...]
    achievements: tuple[Achievement, ...] = ()
    associations: tuple[Association, ...] = ()
    description: str = ""
    valid_until: datetime | None = None
    awarded_date: datetime | None = None
    partial: bool | None = None
    status: StatusEntry | None = None
    terms_of_use: tuple[TermsOfUse, ...] = ()


def build_clr_credential(record: ClrCredential) -> dict[str, Any]:
    """Return the unsigned document of *record*, or raise `DocumentError` naming the field to mend.

    An association must join achievements that the record contains, in its badges or on their own.
    """
    valid_from = format_time("validFrom", record.valid_from)
    valid_until = format_time("validUntil", record.valid_until) if record.valid_until else ""
    if valid_until and valid_until <= valid_from:
        raise DocumentError("validUntil", "must be later than validFrom.")
    awarded = record.awarded_date
    return {
        "@context": [CREDENTIALS_V2, CLR_2_0_1, OB_3_0_3],
        **without_empty(
            id=require_address("id", record.id),
            type=["VerifiableCredential", "ClrCredential"],
            name=require_line("name", record.name),
            description=optional_text("description", record.description),
            issuer=profile_to_json("issuer", record.issuer),
            validFrom=valid_from,
            validUntil=valid_until,
            awardedDate=format_time("awardedDate", awarded) if awarded else "",
            partial=record.partial,
            credentialSubject=_subject(record),
            credentialStatus=status_to_json(record.status),
            termsOfUse=terms_to_json(record.terms_of_use),
        ),
    }


def _subject(record: ClrCredential) -> dict[str, Any]:
    subject = record.subject
    if not subject.id and not subject.identifiers:
        raise DocumentError("credentialSubject", "needs the holder's DID or at least one identifier.")
    if subject != Subject(subject.id, subject.identifiers):
        raise DocumentError(
            "credentialSubject", "says only who the holder is; the rest stands in the badges."
        )
    if not record.credentials:
        raise DocumentError("credentialSubject.verifiableCredential", "needs at least one credential.")
    field = "credentialSubject.achievement"
    achievements = [
        achievement_to_json(f"{field}[{index}]", achievement)
        for index, achievement in enumerate(record.achievements)
    ]
    places = [f"credentialSubject.verifiableCredential[{n}]" for n in range(len(record.credentials))]
    embedded = [_embedded(*entry) for entry in zip(places, record.credentials, strict=True)]
    known = {entry["id"] for entry in achievements}
    known |= {_achievement_id(*entry) for entry in zip(places, embedded, strict=True)}
    return without_empty(
        id=optional_address("credentialSubject.id", subject.id),
        type=["ClrSubject"],
        identifier=[identity_to_json(identity) for identity in subject.identifiers],
        verifiableCredential=embedded,
        achievement=achievements,
        association=[
            _association(f"credentialSubject.association[{index}]", association, known)
            for index, association in enumerate(record.associations)
        ],
    )


def _embedded(field: str, credential: Mapping[str, Any] | str) -> dict[str, Any]:
    if isinstance(credential, str):
        [token] = tokens_to_json(field, [credential])
        address = f"data:application/vc+jwt,{token}"
        return {"@context": CREDENTIALS_V2, "id": address, "type": "EnvelopedVerifiableCredential"}
    if "VerifiableCredential" not in types_of(credential) or "proof" not in credential:
        raise DocumentError(field, "must be a signed credential.")
    return dict(credential)


def _achievement_id(field: str, credential: Mapping[str, Any]) -> Any:
    try:
        subject = open_inner(credential).document.get("credentialSubject")
    except Ob3Error as error:
        raise DocumentError(field, f"cannot be read: {error.message}") from error
    achievement = subject.get("achievement") if isinstance(subject, Mapping) else None
    return achievement.get("id") if isinstance(achievement, Mapping) else None


def _association(field: str, association: Association, known: set[Any]) -> dict[str, Any]:
    if association.kind not in ASSOCIATION_TYPES:
        raise DocumentError(
            f"{field}.associationType", f"must be one of {', '.join(sorted(ASSOCIATION_TYPES))}."
        )
    ends = {"sourceId": association.source_id, "targetId": association.target_id}
    for name, end in ends.items():
        if end not in known:
            raise DocumentError(f"{field}.{name}", "is not an achievement of this record.")
    return {"type": "Association", "associationType": association.kind, **ends}
