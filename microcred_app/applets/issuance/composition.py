"""What a credential says: from the ledger's records to an unsigned Open Badges 3.0 document.

Nothing private goes in: evidence appears as a digest with the task's title, never as a file name or an
address; a reviewer appears as a role; the e-mail address as a salted hash. Texts are written in the badge's
own language, whoever's request it is.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.compat import platform
from microcred_app.conf import settings
from microcred_app.ob3 import achievements, multikey
from microcred_app.ob3.achievements import Achievement, Alignment, Criteria, Image, Profile
from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3
from microcred_app.ob3.documents import (
    AchievementCredential,
    Evidence,
    StatusEntry,
    Subject,
    build_achievement_credential,
)
from microcred_app.ob3.errors import KeyFormatError
from microcred_app.ob3.identity import Identity, hashed_email, plain_name
from microcred_app.ob3.text import clean_line

from ..awards import api as awards
from ..badges import api as badges
from ..skills import api as skills

__all__ = [
    "EvidenceLine",
    "PartLine",
    "achievement_document",
    "compose",
    "evidence_of",
    "issuer_document",
    "parts_of",
    "recipient_name",
]

PART_GENRE = "MicroCredential"


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence as the credential states it; ``sha256`` in hex, empty when there is no digest."""

    name: str
    narrative: str
    sha256: str


@dataclass(frozen=True)
class PartLine:
    """A badge that a stack is made of."""

    name: str
    uri: str


def compose(
    award: awards.AwardInfo,
    *,
    credential_uri: str,
    issuer_did: str,
    status_url: str,
    status_index: int,
    parts: tuple[PartLine, ...],
) -> dict[str, Any]:
    """The unsigned document for one award."""
    badge = award.badge
    with translation.override(badge.language):
        because = awards.explain_award(award)
        evidence = [*_part_evidence(parts), *_handed_in(because)]
        return build_achievement_credential(
            AchievementCredential(
                id=credential_uri,
                name=badge.name,
                description=badge.description,
                issuer=_profile(badge.issuer, issuer_did),
                valid_from=award.awarded_at,
                awarded_date=award.awarded_at,
                subject=Subject(identifiers=_holder(award.learner_id)),
                achievement=_achievement(badge, because.names),
                evidence=tuple(evidence),
                status=StatusEntry(status_url, status_index),
            )
        )


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


def evidence_of(document: bytes) -> tuple[EvidenceLine, ...]:
    """What was handed in, as the credential states it."""
    lines = []
    for entry in json.loads(document).get("evidence", []):
        if entry.get("genre") != PART_GENRE:
            lines.append(
                EvidenceLine(entry.get("name", ""), entry.get("narrative", ""), _digest_in_hex(entry))
            )
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


def _holder(learner_id: int) -> tuple[Identity, ...]:
    email = platform().learner_email(learner_id).strip()
    name = clean_line(platform().learner_name(learner_id))
    identities: list[Identity] = []
    if email:
        identities.append(hashed_email(email, secrets.token_hex(16)))
    if name and (settings().name_in_credentials or not identities):
        identities.append(plain_name(name))
    return tuple(identities)


def _handed_in(because: awards.Because) -> list[Evidence]:
    entries = []
    for fact in (fact for leaf in because.leaves for fact in leaf.attainments):
        for item in fact.evidence:
            judged = (
                _("Judged by course staff.") if item["reviewed"] else _("Accepted when it was handed in.")
            )
            entries.append(
                Evidence(
                    name=item["task_title"] or fact.source_title,
                    narrative=f"{_('Handed in during the unit “{unit}”.').format(unit=fact.source_title)} {judged}",
                    genre=item["kind"],
                    sha256=bytes.fromhex(item["sha256"]),
                )
            )
    return entries


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
