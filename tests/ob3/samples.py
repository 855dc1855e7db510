"""Credentials to test with: a fixed key, fixed times, everything the model can say in one document."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from microcred_app.ob3.achievements import (
    Achievement,
    Alignment,
    Criteria,
    Image,
    Profile,
    ResultDescription,
    RubricLevel,
)
from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.dids import did_key, verification_method_id
from microcred_app.ob3.documents import (
    AchievementCredential,
    Evidence,
    Result,
    StatusEntry,
    Subject,
    build_achievement_credential,
)
from microcred_app.ob3.identity import hashed_email, plain_name
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.ob3.status_list import StatusList, build_status_list_credential

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SIGNER = Ed25519Signer(bytes(range(32)))
ISSUER = did_key(SIGNER.public_key)
METHOD = verification_method_id(ISSUER, SIGNER.public_key)
SITE = "https://learn.example.edu/microcred"
LIST_URL = f"{SITE}/status/7d0b4c1e-0d6e-4a57-9a34-0e6f1f6f0001"
INDEX = 94567
ESSAY = b"An essay, as bytes.\n"

ISSUER_PROFILE = Profile(
    ISSUER,
    "Example University",
    url="https://example.edu",
    image=Image("https://example.edu/logo.png", "The university's seal"),
    email="badges@example.edu",
    description="Teaches reading.",
)

RUBRIC = ResultDescription(
    f"{SITE}/achievements/close-reading/v1#argument",
    "Quality of the argument",
    "RubricCriterionLevel",
    levels=(
        RubricLevel(f"{SITE}/achievements/close-reading/v1#argument-1", "Emerging", level="1", points="1"),
        RubricLevel(
            f"{SITE}/achievements/close-reading/v1#argument-2", "Convincing", "Every claim has a quotation."
        ),
    ),
    required_level=f"{SITE}/achievements/close-reading/v1#argument-2",
)
SCORE = ResultDescription(
    f"{SITE}/achievements/close-reading/v1#score", "Score", "Percent", value_min="0", value_max="100"
)

ACHIEVEMENT = Achievement(
    f"{SITE}/achievements/close-reading/v1",
    "Close reading 📚",
    "Reads a short text closely and says why it works. Lectura atenta; القراءة المتأنية.",
    Criteria(
        "Complete the unit *Close reading* with 80 %.\nHand in one essay.",
        f"{SITE}/achievements/close-reading/v1",
    ),
    achievement_type="MicroCredential",
    image=Image(f"{SITE}/achievements/close-reading/v1/image", "A book with a magnifying glass"),
    alignments=(
        Alignment(
            "analyse literature",
            "http://data.europa.eu/esco/skill/0d1e8aa4-6c5a-4a06-9c43-6a0a2d0f0001",
            "ext:ESCOSkill",
            "S1.2.3",
            "Examine how a text achieves its effect.",
            "ESCO",
        ),
        Alignment("Reading for evidence", "https://case.example.org/items/42", "CFItem"),
    ),
    tags=("reading", "humanities"),
    in_language="en-US",
    version="1",
    human_code="READ-101",
    creator=ISSUER_PROFILE,
    result_descriptions=(RUBRIC, SCORE),
    credits_available=1.5,
)

CREDENTIAL = AchievementCredential(
    "urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0001",
    "Close reading",
    ISSUER_PROFILE,
    NOW,
    Subject(
        identifiers=(hashed_email("Learner@Example.edu", "k9Vx2"), plain_name("Zoë Łukasz 李")),
        results=(
            Result(RUBRIC.id, achieved_level=RUBRIC.levels[1].id),
            Result(SCORE.id, value="93", status="Completed"),
        ),
    ),
    ACHIEVEMENT,
    description="Awarded for the unit Close reading.",
    valid_until=NOW + timedelta(days=3650),
    awarded_date=NOW,
    evidence=(
        Evidence(
            "Essay",
            id=f"{SITE}/evidence/2f1d4c3b-5b1e-4b2e-8c88-0b1f00000001",
            narrative="An essay of 600 words.",
            genre="Essay",
            sha256=sha256(ESSAY).digest(),
        ),
        Evidence("Discussion", narrative="Took part in the seminar."),
    ),
    status=StatusEntry(LIST_URL, INDEX),
)

PLAIN = replace(CREDENTIAL, status=None, evidence=(), valid_until=None)


def signed(credential: AchievementCredential = CREDENTIAL) -> dict[str, Any]:
    return sign(build_achievement_credential(credential), SIGNER, verification_method=METHOD, created=NOW)


def signed_list(*revoked: int, issuer: str = ISSUER, **changes: Any) -> dict[str, Any]:
    status_list = StatusList.new()
    for index in revoked:
        status_list.set(index)
    fields: dict[str, Any] = {
        "list_url": LIST_URL,
        "issuer_id": issuer,
        "status_list": status_list,
        "valid_from": NOW,
    }
    document = build_status_list_credential(**{**fields, **changes})
    return sign(document, SIGNER, verification_method=METHOD, created=NOW)
