"""A résumé document carries signed badges unchanged, and states nothing that they do not state."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.documents import build_achievement_credential
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.ler_rs import Resume, build_resume
from microcred_app.ob3.verification import verify

from .samples import ACHIEVEMENT, CREDENTIAL, METHOD, NOW, SIGNER

#: Where the files of HR Open 4.5 go, as their release arranges them; see ``tests/schemas/PROVENANCE.rst``.
RELEASE = Path(__file__).parent.parent / "schemas/hropen_v4p5"
OFFICIAL = RELEASE / "recruiting/json/LER-RSType.json"

#: Members of the standard that are known from text of others (``tests/schemas/PROVENANCE.rst``); no others are written.
KNOWN = {
    "": {"type", "documentId", "person", "communication", "certifications", "skills"},
    "documentId": {"value"},
    "person": {"name"},
    "name": {"formattedName"},
    "communication": {"email"},
    "email": {"address"},
    "certifications": {
        "name",
        "issuingAuthority",
        "status",
        "firstIssued",
        "effectiveTimePeriod",
        "verifications",
    },
    "issuingAuthority": {"name"},
    "effectiveTimePeriod": {"validFrom", "validTo"},
    "skills": {"name"},
}


def signed(**changes: Any) -> dict[str, Any]:
    return sign(
        build_achievement_credential(replace(CREDENTIAL, **changes)),
        SIGNER,
        verification_method=METHOD,
        created=NOW,
    )


def resume(*credentials: dict[str, Any], **changes: Any) -> dict[str, Any]:
    values = {"id": "urn:uuid:1", "name": "Zoë Łukasz 李", "email": "zoe@example.edu", **changes}
    return build_resume(Resume(credentials=credentials or (signed(),), **values))


def members(value: Any, place: str = "") -> set[tuple[str, str]]:
    """Each member of the document with the one it stands in; what badges say of themselves is not looked at."""
    if isinstance(value, list):
        return set().union(*(members(entry, place) for entry in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    own = {(place, name) for name in value}
    return own.union(*(members(inner, name) for name, inner in value.items() if name != "verifications"))


def test_the_type_is_the_one_value_that_the_standard_permits() -> None:
    assert resume()["type"] == "http://schema.hropenstandards.org/4.4/recruiting/json/ler-rs/LER-RSType.json"


def test_a_badge_is_a_certification_that_it_proves_itself() -> None:
    badge = signed()
    [entry] = resume(badge)["certifications"]
    assert entry["verifications"] == [badge]
    report = verify(json.dumps(entry["verifications"][0]).encode(), now=NOW + timedelta(days=1))
    assert report.check("signature").outcome == "passed"
    assert (entry["name"], entry["issuingAuthority"], entry["status"]) == (
        ACHIEVEMENT.name,
        {"name": "Example University"},
        "Active",
    )
    assert entry["firstIssued"] == "2026-03-01"
    assert entry["effectiveTimePeriod"] == {
        "validFrom": "2026-03-01T09:00:00Z",
        "validTo": "2036-02-27T09:00:00Z",
    }


def test_a_badge_without_an_end_has_none() -> None:
    [entry] = resume(signed(valid_until=None))["certifications"]
    assert entry["effectiveTimePeriod"] == {"validFrom": "2026-03-01T09:00:00Z"}


def test_a_renewed_badge_was_first_issued_when_it_was_awarded() -> None:
    [entry] = resume(signed(valid_from=NOW + timedelta(days=400)))["certifications"]
    assert entry["firstIssued"] == "2026-03-01"
    assert entry["effectiveTimePeriod"]["validFrom"] == "2027-04-05T09:00:00Z"


def test_skills_come_from_alignments_each_once() -> None:
    other = replace(ACHIEVEMENT, id=f"{ACHIEVEMENT.id}0", alignments=ACHIEVEMENT.alignments[:1])
    assert resume(signed(), signed(achievement=other))["skills"] == [
        {"name": "analyse literature"},
        {"name": "Reading for evidence"},
    ]


def test_only_members_of_the_standard_are_written() -> None:
    found = members(resume())
    assert {place: {name for at, name in found if at == place} for place, _name in found} == KNOWN


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(ACHIEVEMENT, alignments=())
    assert set(resume(signed(achievement=bare), name="", email="")) == {
        "type",
        "documentId",
        "certifications",
    }
    assert set(build_resume(Resume(id="urn:uuid:1", credentials=()))) == {"type", "documentId"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"proof": None}, "certifications[0]"),
        ({"type": ["OpenBadgeCredential"]}, "certifications[0]"),
        ({"validFrom": None}, "certifications[0].validFrom"),
        ({"validFrom": "yesterday"}, "certifications[0].validFrom"),
        ({"validFrom": 20260301}, "certifications[0].validFrom"),
        ({"validUntil": "2036-01-01T00:00:00"}, "certifications[0].validUntil"),
        ({"credentialSubject": []}, "certifications[0].name"),
    ],
)
def test_what_is_no_signed_badge_is_refused_by_its_place(change: dict[str, Any], field: str) -> None:
    badge = {name: value for name, value in {**signed(), **change}.items() if value is not None}
    with pytest.raises(DocumentError) as refused:
        resume(badge)
    assert refused.value.field == field


def test_the_official_schema_accepts_it() -> None:
    if not OFFICIAL.exists():
        pytest.skip(
            f"HR Open publishes LER-RSType.json in a download only; put the release 4.5 under {RELEASE.name} "
            "(tests/schemas/PROVENANCE.rst) and this test applies it."
        )

    def retrieve(uri: str) -> Resource[Any]:
        text = Path(uri.removeprefix("file://")).read_text(encoding="utf-8")
        return Resource.from_contents(json.loads(text), default_specification=DRAFT4)

    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
    check = jsonschema.Draft4Validator({"$ref": OFFICIAL.as_uri()}, registry=registry)
    assert [error.message for error in check.iter_errors(resume())] == []
    assert list(check.iter_errors({**resume(), "type": "http://schema.hropenstandards.org/4.5/…"}))
