"""A résumé document that systems of employers read carries signed badges unchanged, each as proof of a certification.

LER-RS (Learning and Employment Record Resume Standard) of HR Open Standards 4.5, ``LER-RSType``: whose résumé it is, a
certification for each badge with the badge itself under ``verifications``, and the skills that the badges name. Nothing
is stated that a badge in the document does not state, except for the person whom the caller names.

The document is not signed. The standard's wrapper (``VerifiableCredentialLER-RSType``) names a JSON schema where a
credential names a JSON-LD context: no context is published under that address, so a signature over the wrapper's
members could not be computed, and one that left them out would sign nothing. Each badge inside keeps its own proof.

``type`` has one permitted value, and that says 4.4, in the release 4.5 as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.fields import optional_line, require_line
from microcred_app.ob3.profiles import without_empty
from microcred_app.ob3.structure import types_of

__all__ = ["LER_RS_TYPE", "Resume", "build_resume"]

LER_RS_TYPE = "http://schema.hropenstandards.org/4.4/recruiting/json/ler-rs/LER-RSType.json"


@dataclass(frozen=True)
class Resume:
    """What goes into the document; *credentials* are signed, and embedded as they are.

    *name* and *email* are left out where they are empty. Only badges that hold at this moment belong here: each is
    called active.
    """

    id: str
    credentials: tuple[Mapping[str, Any], ...]
    name: str = ""
    email: str = ""


def build_resume(resume: Resume) -> dict[str, Any]:
    """Return the document of *resume*, or raise `DocumentError` naming the field to mend."""
    name, email = optional_line("person.name", resume.name), optional_line("email", resume.email)
    places = [f"certifications[{number}]" for number in range(len(resume.credentials))]
    certifications = [_certification(*entry) for entry in zip(places, resume.credentials, strict=True)]
    return without_empty(
        type=LER_RS_TYPE,
        documentId={"value": require_line("documentId", resume.id)},
        person={"name": {"formattedName": name}} if name else None,
        communication={"email": [{"address": email}]} if email else None,
        certifications=certifications,
        skills=[{"name": skill} for skill in _skills(resume.credentials)],
    )


def _certification(field: str, credential: Mapping[str, Any]) -> dict[str, Any]:
    if "VerifiableCredential" not in types_of(credential) or "proof" not in credential:
        raise DocumentError(field, "must be a signed credential.")
    issuer, begins = credential.get("issuer"), _moment(field, credential, "validFrom")
    if not begins:
        raise DocumentError(f"{field}.validFrom", "must be there.")
    first = _moment(field, credential, "awardedDate") or begins
    return without_empty(
        name=require_line(f"{field}.name", str(_achievement(credential).get("name", ""))),
        issuingAuthority=_authority(issuer),
        status="Active",
        firstIssued=first[:10],
        effectiveTimePeriod=without_empty(validFrom=begins, validTo=_moment(field, credential, "validUntil")),
        verifications=[dict(credential)],
    )


def _authority(issuer: object) -> dict[str, Any] | None:
    name = issuer.get("name") if isinstance(issuer, Mapping) else None
    return {"name": name} if isinstance(name, str) and name else None


def _achievement(credential: Mapping[str, Any]) -> Mapping[str, Any]:
    subject = credential.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, Mapping) else None
    return achievement if isinstance(achievement, Mapping) else {}


def _moment(field: str, credential: Mapping[str, Any], member: str) -> str:
    """A moment in UTC as the standard's DateTimeType takes it; empty where the badge has none."""
    value = credential.get(member)
    if value is None:
        return ""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise DocumentError(f"{field}.{member}", "is not a moment.") from error
    if found.tzinfo is None:
        raise DocumentError(f"{field}.{member}", "has no time zone.")
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _skills(credentials: tuple[Mapping[str, Any], ...]) -> Iterator[str]:
    """Each skill once, in the order of the badges; by its address, or its name where it has none."""
    seen: set[str] = set()
    for credential in credentials:
        alignments = _achievement(credential).get("alignment")
        for entry in alignments if isinstance(alignments, list) else [alignments]:
            name = entry.get("targetName") if isinstance(entry, Mapping) else None
            if not isinstance(name, str) or not name.strip():
                continue
            keys = {key for key in (entry.get("targetUrl"), name) if isinstance(key, str) and key}
            if keys & seen:
                continue
            seen |= keys
            yield name
