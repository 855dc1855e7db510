"""An unsigned Open Badges 3.0 credential in the shape that every receiver tried here accepts, or a `DocumentError`.

Arrays wherever the model allows several, one object for ``credentialSubject`` and ``credentialStatus``; contexts
in the demanded order, the extensions context only when one of its terms is used; times in UTC; texts clean.
What the published schemas accept although it is wrong (no identifier, empty criteria, no name, a result that
points nowhere) is refused here, naming the field.

Evidence files are bound to the credential by their SHA-256 in ``digestMultibase`` of the evidence entry, and by
``digestSRI`` when asked for. VC Data Integrity 1.0 section 2.6 and VCDM 2.0 section 5.3 define the members for any
object that stands for a resource, the credentials/v2 context defines the terms, both schema families allow them; so
the digest is signed while the file stays private.

Open Badges 3.0 appendix B (AchievementCredential, AchievementSubject, Evidence, Result); VCDM 2.0 section 4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from microcred_app.ob3.achievements import (
    Achievement,
    Alignment,
    achievement_to_json,
    alignments_to_json,
    credits_to_json,
)
from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS
from microcred_app.ob3.errors import DocumentError, KeyFormatError
from microcred_app.ob3.fields import (
    optional_address,
    optional_line,
    optional_text,
    require_address,
    require_line,
)
from microcred_app.ob3.identity import Identity
from microcred_app.ob3.integrity import decode_sri, encode_sri
from microcred_app.ob3.multikey import encode_digest
from microcred_app.ob3.profiles import (
    Image,
    Profile,
    endorsements_to_json,
    image_to_json,
    profile_to_json,
    tokens_to_json,
    without_empty,
)
from microcred_app.ob3.status_list import PURPOSES
from microcred_app.ob3.timestamps import format_time
from microcred_app.ob3.vocabulary import RESULT_STATUSES

__all__ = [
    "AchievementCredential",
    "CredentialSchema",
    "Evidence",
    "Result",
    "StatusEntry",
    "Subject",
    "TermsOfUse",
    "build_achievement_credential",
    "identity_to_json",
    "status_to_json",
    "terms_to_json",
]

_REFRESH = "1EdTechCredentialRefresh"
_EXTENSION_TERMS = frozenset({"1EdTechJsonSchemaValidator2019", "1EdTechRevocationList", _REFRESH})


@dataclass(frozen=True)
class Evidence:
    """What proves the achievement. `sha256` is the digest of the file it stands for; the file itself stays private.

    `sri` is the same in the form of `integrity.encode_sri`, for receivers that read only that; SHA-384 and SHA-512
    can be told in no other way.
    """

    name: str
    id: str = ""
    narrative: str = ""
    description: str = ""
    genre: str = ""
    audience: str = ""
    sha256: bytes | None = None
    sri: str = ""


@dataclass(frozen=True)
class Result:
    """How well: a value, a level of a rubric, or a status, of the result description with that id."""

    result_description: str
    value: str = ""
    achieved_level: str = ""
    status: str = ""
    alignments: tuple[Alignment, ...] = ()


@dataclass(frozen=True)
class Subject:
    """Who earned it: a DID (`id`), identifiers, or both; in which role and term; and with which results.

    `source` is who assessed it on the issuer's behalf (a school for its district). `image` is a baked picture; the
    plain one belongs to the achievement.
    """

    id: str = ""
    identifiers: tuple[Identity, ...] = ()
    results: tuple[Result, ...] = ()
    narrative: str = ""
    role: str = ""
    source: Profile | None = None
    term: str = ""
    license_number: str = ""
    activity_start: datetime | None = None
    activity_end: datetime | None = None
    credits_earned: float | None = None
    image: Image | None = None


@dataclass(frozen=True)
class StatusEntry:
    """The place of this credential in the status list published at `list_url`."""

    list_url: str
    index: int
    purpose: str = "revocation"


@dataclass(frozen=True)
class CredentialSchema:
    """A JSON schema that the credential declares to satisfy."""

    id: str
    type: str = "1EdTechJsonSchemaValidator2019"


@dataclass(frozen=True)
class TermsOfUse:
    """What may be done with the credential; `type` and `id` are addresses of whoever defines such terms.

    The type must be an address because no context defines a type of terms: a bare word could not be signed.
    """

    type: str
    id: str = ""


@dataclass(frozen=True)
class AchievementCredential:
    """Everything one credential says, before it is signed."""

    id: str
    name: str
    issuer: Profile
    valid_from: datetime
    subject: Subject
    achievement: Achievement
    description: str = ""
    image: Image | None = None
    valid_until: datetime | None = None
    awarded_date: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    status: StatusEntry | None = None
    schemas: tuple[CredentialSchema, ...] = ()
    refresh_url: str = ""
    terms_of_use: tuple[TermsOfUse, ...] = ()
    endorsements: tuple[Mapping[str, Any], ...] = ()
    endorsement_tokens: tuple[str, ...] = ()


def build_achievement_credential(credential: AchievementCredential) -> dict[str, Any]:
    """Return the unsigned document of *credential*, or raise `DocumentError` naming the field to mend."""
    schemas = [_schema(schema) for schema in credential.schemas]
    achievement = achievement_to_json("credentialSubject.achievement", credential.achievement)
    valid_from = format_time("validFrom", credential.valid_from)
    valid_until = _optional_time("validUntil", credential.valid_until)
    if valid_until and valid_until <= valid_from:  # texts of one fixed form sort as the times they stand for
        raise DocumentError("validUntil", "must be later than validFrom.")
    return {
        "@context": _contexts([*schemas, *([{"type": _REFRESH}] if credential.refresh_url else [])]),
        **without_empty(
            id=require_address("id", credential.id),
            type=["VerifiableCredential", "OpenBadgeCredential"],
            name=require_line("name", credential.name),
            description=optional_text("description", credential.description),
            image=image_to_json("image", credential.image),
            issuer=profile_to_json("issuer", credential.issuer),
            validFrom=valid_from,
            validUntil=valid_until,
            awardedDate=_optional_time("awardedDate", credential.awarded_date),
            credentialSubject=_subject(credential.subject, achievement),
            evidence=[_evidence(f"evidence[{i}]", entry) for i, entry in enumerate(credential.evidence)],
            credentialStatus=status_to_json(credential.status),
            credentialSchema=schemas,
            refreshService=_refresh(credential.refresh_url),
            termsOfUse=terms_to_json(credential.terms_of_use),
            endorsement=endorsements_to_json("endorsement", credential.endorsements),
            endorsementJwt=tokens_to_json("endorsementJwt", credential.endorsement_tokens),
        ),
    }


def _optional_time(field: str, moment: datetime | None) -> str:
    return "" if moment is None else format_time(field, moment)


def _schema(schema: CredentialSchema) -> dict[str, str]:
    return {
        "id": require_address("credentialSchema.id", schema.id),
        "type": require_line("credentialSchema.type", schema.type),
    }


def _refresh(url: str) -> dict[str, str] | None:
    if not url:
        return None
    return {"id": require_address("refreshService.id", url, schemes=("https", "http")), "type": _REFRESH}


def _contexts(schemas: Sequence[dict[str, str]]) -> list[str]:
    extended = any(schema["type"] in _EXTENSION_TERMS for schema in schemas)
    return [CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS] if extended else [CREDENTIALS_V2, OB_3_0_3]


def _subject(subject: Subject, achievement: dict[str, Any]) -> dict[str, Any]:
    if not subject.id and not subject.identifiers:
        raise DocumentError("credentialSubject", "needs the holder's DID or at least one identifier.")
    start = _optional_time("credentialSubject.activityStartDate", subject.activity_start)
    end = _optional_time("credentialSubject.activityEndDate", subject.activity_end)
    if start and end and end < start:
        raise DocumentError("credentialSubject.activityEndDate", "must not be before activityStartDate.")
    source = subject.source
    return without_empty(
        id=optional_address("credentialSubject.id", subject.id),
        type=["AchievementSubject"],
        identifier=[identity_to_json(identity) for identity in subject.identifiers],
        achievement=achievement,
        image=image_to_json("credentialSubject.image", subject.image),
        narrative=optional_text("credentialSubject.narrative", subject.narrative),
        role=optional_line("credentialSubject.role", subject.role),
        source=profile_to_json("credentialSubject.source", source) if source else None,
        term=optional_line("credentialSubject.term", subject.term),
        licenseNumber=optional_line("credentialSubject.licenseNumber", subject.license_number),
        activityStartDate=start,
        activityEndDate=end,
        creditsEarned=credits_to_json("credentialSubject.creditsEarned", subject.credits_earned),
        result=[
            _result(f"credentialSubject.result[{index}]", result, achievement)
            for index, result in enumerate(subject.results)
        ],
    )


def identity_to_json(identity: Identity) -> dict[str, Any]:
    """Return the JSON of *identity*."""
    return without_empty(
        type="IdentityObject",
        hashed=identity.hashed,
        identityHash=identity.identity_hash,
        identityType=identity.identity_type,
        salt=identity.salt,
    )


def _result(field: str, result: Result, achievement: dict[str, Any]) -> dict[str, Any]:
    described = {entry["id"]: entry for entry in achievement.get("resultDescription", [])}
    address = require_address(f"{field}.resultDescription", result.result_description)
    if address not in described:
        raise DocumentError(f"{field}.resultDescription", "is not described by the achievement.")
    level = optional_address(f"{field}.achievedLevel", result.achieved_level)
    levels = {entry["id"] for entry in described[address].get("rubricCriterionLevel", [])}
    if level and level not in levels:
        raise DocumentError(f"{field}.achievedLevel", "is not a level of its result description.")
    if result.status and result.status not in RESULT_STATUSES:
        raise DocumentError(f"{field}.status", f"must be one of {', '.join(sorted(RESULT_STATUSES))}.")
    value = optional_line(f"{field}.value", result.value)
    if not (value or level or result.status):
        raise DocumentError(field, "needs a value, a level or a status.")
    return without_empty(
        type=["Result"],
        resultDescription=address,
        achievedLevel=level,
        status=result.status,
        value=value,
        alignment=alignments_to_json(f"{field}.alignment", result.alignments),
    )


def _evidence(field: str, evidence: Evidence) -> dict[str, Any]:
    return without_empty(
        id=optional_address(f"{field}.id", evidence.id),
        type=["Evidence"],
        name=require_line(f"{field}.name", evidence.name),
        narrative=optional_text(f"{field}.narrative", evidence.narrative),
        description=optional_text(f"{field}.description", evidence.description),
        genre=optional_line(f"{field}.genre", evidence.genre),
        audience=optional_line(f"{field}.audience", evidence.audience),
        digestMultibase=_digest(f"{field}.sha256", evidence.sha256),
        digestSRI=_sri(f"{field}.sri", evidence),
    )


def _digest(field: str, digest: bytes | None) -> str:
    try:
        return encode_digest(digest) if digest is not None else ""
    except KeyFormatError as error:
        raise DocumentError(field, str(error)) from error


def _sri(field: str, evidence: Evidence) -> str:
    if not evidence.sri:
        return ""
    try:
        [(algorithm, digests)] = decode_sri(evidence.sri).items()
    except KeyFormatError as error:
        raise DocumentError(field, str(error)) from error
    if evidence.sri not in map(encode_sri, digests):
        raise DocumentError(field, "must be one digest, without options.")
    if algorithm == "sha256" and evidence.sha256 not in (None, *digests):
        raise DocumentError(field, "contradicts sha256: no file can have both digests.")
    return evidence.sri


def terms_to_json(terms: Sequence[TermsOfUse]) -> list[dict[str, Any]]:
    """Return the JSON of *terms*."""
    return [
        without_empty(
            id=optional_address(f"termsOfUse[{index}].id", entry.id),
            type=require_address(f"termsOfUse[{index}].type", entry.type),
        )
        for index, entry in enumerate(terms)
    ]


def status_to_json(status: StatusEntry | None) -> dict[str, str] | None:
    """Return the JSON of *status*: one object, its index a text, its id never the list's own."""
    if status is None:
        return None
    url = require_address("credentialStatus.statusListCredential", status.list_url, schemes=("https", "http"))
    if "#" in url:
        raise DocumentError("credentialStatus.statusListCredential", "must have no fragment.")
    if isinstance(status.index, bool) or not isinstance(status.index, int) or status.index < 0:
        raise DocumentError("credentialStatus.statusListIndex", "must be a whole number from 0.")
    if status.purpose not in PURPOSES[:2]:
        raise DocumentError("credentialStatus.statusPurpose", "must be revocation or suspension.")
    return {
        "id": f"{url}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": status.purpose,
        "statusListIndex": str(status.index),
        "statusListCredential": url,
    }
