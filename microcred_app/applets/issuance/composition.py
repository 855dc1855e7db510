"""What a credential says: from the ledger's records to an unsigned Open Badges 3.0 document.

Nothing private goes in: evidence appears as a digest with the task's title, never as a file name, and with an
address only where the learner published it; a reviewer appears as a role; the e-mail address as a salted hash. Texts
are written in the badge's own language, whoever's request it is.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.compat import Person
from microcred_app.conf import settings
from microcred_app.ob3 import achievements, multikey
from microcred_app.ob3.achievements import Achievement, Alignment, Criteria, Image, Profile
from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3
from microcred_app.ob3.documents import (
    AchievementCredential,
    Evidence,
    Result,
    StatusEntry,
    Subject,
    build_achievement_credential,
    identity_to_json,
    status_to_json,
)
from microcred_app.ob3.errors import KeyFormatError
from microcred_app.ob3.identity import Identity, hashed_email, plain_name
from microcred_app.ob3.text import clean_line
from microcred_app.ob3.timestamps import format_time

from ..awards.api import AwardInfo
from ..badges import api as badges
from ..skills import api as skills
from .handed_in import Proof, handed_in
from .results import Found, found_in, result_to_json

__all__ = [
    "Definition",
    "EvidenceLine",
    "PartLine",
    "Particulars",
    "achievement_document",
    "compose",
    "compose_particulars",
    "define",
    "evidence_of",
    "holder_of",
    "issuer_document",
    "parts_of",
    "recipient_name",
    "results_in",
]

PART_GENRE = "MicroCredential"
_STAND_IN = "https://stand-in.invalid/"


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence as the credential states it; ``sha256`` in hex, empty when there is no digest.

    ``address`` leads to the work while its owner publishes it, which may be longer or shorter than the document says.
    """

    name: str
    narrative: str
    sha256: str
    address: str = ""


@dataclass(frozen=True)
class PartLine:
    """A badge that a stack is made of."""

    name: str
    uri: str


@dataclass(frozen=True)
class Definition:
    """What every credential of one badge version says: who issues it, and for what."""

    issuer: Profile
    achievement: Achievement


@dataclass(frozen=True)
class Particulars:
    """What is said in one credential only. ``evidence`` comes from these attainments and these parts.

    ``published`` are the publications of what was handed in, by submission: the learner agreed to be found there.
    ``did`` is the holder's, where they proved control of one. ``first_awarded`` is when the badge was first earned,
    where this is a renewal of it. ``document_ends`` is when the document ends, where that is before the award does.
    """

    uri: str
    status: StatusEntry
    holder: tuple[Identity, ...]
    facts: tuple[Proof, ...]
    parts: tuple[PartLine, ...]
    did: str = ""
    first_awarded: datetime | None = None
    document_ends: datetime | None = None
    published: Mapping[str, str] = field(default_factory=dict)


def define(badge: badges.PublishedBadge, names: rules.Names, issuer_did: str) -> Definition:
    """The part that all credentials of *badge* share, in the badge's language."""
    with translation.override(badge.language):
        return Definition(_profile(badge.issuer, issuer_did), _achievement(badge, names))


def compose(award: AwardInfo, definition: Definition, particulars: Particulars) -> dict[str, Any]:
    """The unsigned document for one award."""
    badge = award.badge
    with translation.override(badge.language):
        found = found_in(particulars.facts, definition.achievement.id)
        return build_achievement_credential(
            AchievementCredential(
                id=particulars.uri,
                name=badge.name,
                description=badge.description,
                issuer=definition.issuer,
                valid_from=award.awarded_at,
                valid_until=particulars.document_ends or award.expires_at,
                awarded_date=particulars.first_awarded or award.awarded_at,
                subject=Subject(id=particulars.did, identifiers=particulars.holder, results=found.results),
                achievement=replace(definition.achievement, result_descriptions=found.descriptions),
                evidence=_evidence_of(particulars),
                status=particulars.status,
            )
        )


def results_in(award: AwardInfo, definition: Definition, particulars: Particulars) -> Found:
    """What reviewers found, in the badge's language: the part of a document that all judged alike share."""
    if not any(fact.results for fact in particulars.facts):
        return Found()
    with translation.override(award.badge.language):
        return found_in(particulars.facts, definition.achievement.id)


def compose_particulars(
    award: AwardInfo, particulars: Particulars, results: Sequence[Result] = ()
) -> dict[str, Any]:
    """The members of :func:`compose`'s document that differ from one award of a version to the next.

    They are made by the parts of the builder that make them there; the definition, which is most of the builder's
    work, is left out.
    """
    entries: tuple[Evidence, ...] = ()
    if particulars.parts or particulars.facts:
        with translation.override(award.badge.language):
            entries = _evidence_of(particulars)
    moment = _written(award.awarded_at)
    ends = particulars.document_ends or award.expires_at
    until = {"validUntil": format_time("validUntil", ends)} if ends else {}
    return {
        **until,
        "id": particulars.uri,
        "validFrom": moment,
        "awardedDate": _written(particulars.first_awarded) if particulars.first_awarded else moment,
        "credentialSubject": {
            "identifier": [identity_to_json(entry) for entry in particulars.holder],
            **({"result": [result_to_json(entry) for entry in results]} if results else {}),
        },
        "evidence": [_evidence_json(entry) for entry in entries],
        "credentialStatus": status_to_json(particulars.status),
    }


@lru_cache(maxsize=16)
def _written(moment: datetime) -> str:
    return format_time("validFrom", moment)


def _evidence_of(particulars: Particulars) -> tuple[Evidence, ...]:
    return (*_part_evidence(particulars.parts), *handed_in(particulars.facts, particulars.published))


def _evidence_json(entry: Evidence) -> dict[str, Any]:
    """One entry as the builder writes it; only the builder's words for its texts are remembered."""
    sample = replace(entry, id=entry.id and _STAND_IN, sha256=entry.sha256 and bytes(32))
    found = dict(_built_evidence(sample))
    if entry.id:
        found["id"] = entry.id
    if entry.sha256:
        found["digestMultibase"] = multikey.encode_digest(entry.sha256)
    return found


@lru_cache(maxsize=512)
def _built_evidence(entry: Evidence) -> dict[str, Any]:
    """What the builder makes of *entry* in a credential that says nothing else."""
    document = build_achievement_credential(
        AchievementCredential(
            id=_STAND_IN,
            name="x",
            issuer=Profile(id=_STAND_IN, name="x"),
            valid_from=datetime(2026, 1, 1, tzinfo=UTC),
            subject=Subject(identifiers=(plain_name("x"),)),
            achievement=Achievement(id=_STAND_IN, name="x", description="x", criteria=Criteria("x")),
            evidence=(entry,),
        )
    )
    built: dict[str, Any] = document["evidence"][0]
    return built


def achievement_document(badge: badges.PublishedBadge) -> dict[str, Any]:
    """The definition as a document of its own, for whoever follows the achievement's address."""
    with translation.override(badge.language):
        body = achievements.achievement_to_json(
            "achievement", _achievement(badge, badges.names_for([badge.requirement]))
        )
    return {"@context": [CREDENTIALS_V2, OB_3_0_3], **body}


def issuer_document(issuer: badges.IssuerInfo) -> dict[str, Any]:
    """The issuer's profile as a document of its own."""
    address = settings().public_base_url + reverse("microcred_app:issuer", args=[issuer.slug])
    return {
        "@context": [CREDENTIALS_V2, OB_3_0_3],
        **achievements.profile_to_json("issuer", _profile(issuer, address)),
    }


def recipient_name(document: bytes) -> str:
    """The name that the credential states, if it states one."""
    identifiers = json.loads(document)["credentialSubject"].get("identifier", [])
    names = [entry["identityHash"] for entry in identifiers if entry["identityType"] == "name"]
    return names[0] if names else ""


def evidence_of(
    document: bytes, addresses: Mapping[str, str] = MappingProxyType({})
) -> tuple[EvidenceLine, ...]:
    """What was handed in, as the credential states it, with the *addresses* of now (:func:`.addresses_of`)."""
    lines = []
    for entry in json.loads(document).get("evidence", []):
        if entry.get("genre") != PART_GENRE:
            digest = _digest_in_hex(entry)
            name, narrative = entry.get("name", ""), entry.get("narrative", "")
            lines.append(EvidenceLine(name, narrative, digest, addresses.get(digest, "")))
    return tuple(lines)


def parts_of(document: bytes) -> tuple[PartLine, ...]:
    """The badges that a stack is made of, as the credential states them."""
    return tuple(
        PartLine(entry.get("name", ""), entry.get("id", ""))
        for entry in json.loads(document).get("evidence", [])
        if entry.get("genre") == PART_GENRE
    )


def _digest_in_hex(entry: dict[str, Any]) -> str:
    try:
        return multikey.decode_digest(entry["digestMultibase"]).hex()
    except (KeyError, KeyFormatError):
        return ""


def holder_of(person: Person, *, with_name: bool) -> tuple[Identity, ...]:
    """To whom a credential is made out: the salted hash of the address, and the name if wanted or all there is."""
    email = person.email.strip()
    name = clean_line(person.name)
    identities: list[Identity] = []
    if email:
        identities.append(hashed_email(email, secrets.token_hex(16)))
    if name and (with_name or not identities):
        identities.append(plain_name(name))
    return tuple(identities)


def _part_evidence(parts: tuple[PartLine, ...]) -> list[Evidence]:
    return [
        Evidence(
            id=part.uri,
            name=part.name,
            narrative=_("This badge is part of the stack."),
            genre=PART_GENRE,
        )
        for part in parts
    ]


def _achievement(badge: badges.PublishedBadge, names: rules.Names) -> Achievement:
    base = settings().public_base_url
    address = base + reverse("microcred_app:achievement", args=[badge.key, badge.number])
    picture = base + reverse("microcred_app:achievement-image", args=[badge.key, badge.number])
    return Achievement(
        id=address,
        name=badge.name,
        description=badge.description,
        criteria=Criteria(badges.criteria_text(badge.requirement, names, badge.criteria_intro), address),
        achievement_type=badge.achievement_type,
        image=Image(picture, badge.image_alt),
        alignments=(*_skill_alignments(badge), *_part_alignments(badge)),
        in_language=badge.language,
        version=str(badge.number),
        credits_available=float(badge.terms.credits) if badge.terms.credits is not None else None,
    )


def _skill_alignments(badge: badges.PublishedBadge) -> list[Alignment]:
    base = settings().public_base_url
    return [
        Alignment(
            target_name=skill.name,
            target_url=skill.uri or base + reverse("microcred_app:skill", args=[skill.key]),
            target_type="ext:Skill",
            target_code=skill.key,
            target_description=skill.statement,
            target_framework=skill.framework_name,
        )
        for skill in skills.get_skills(badge.skill_keys)
    ]


def _part_alignments(badge: badges.PublishedBadge) -> list[Alignment]:
    """A stack points at the definitions of the badges it may be made of."""
    base = settings().public_base_url
    keys = [key for kind, key in rules.mentions(badge.requirement) if kind == "badge"]
    return [
        Alignment(
            target_name=part.name,
            target_url=base + reverse("microcred_app:achievement", args=[part.key, part.number]),
            target_type="ceterms:Credential",
            target_framework=part.issuer.name,
        )
        for _key, part in sorted(badges.latest_badges(keys).items())
    ]


def _profile(issuer: badges.IssuerInfo, address: str) -> Profile:
    picture = settings().public_base_url + reverse("microcred_app:issuer-image", args=[issuer.slug])
    return Profile(
        id=address,
        name=issuer.name,
        url=issuer.url,
        description=issuer.description,
        email=issuer.email,
        image=Image(picture) if issuer.image_sha256 else None,
    )
