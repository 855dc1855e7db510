"""The typical credential of the measurements: about 4 kB, 94 statements, 7 of its nodes without an identifier."""

from typing import Any

from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS

__all__ = ["typical_credential"]

SITE = "https://learn.example.edu"
ACHIEVEMENT = f"{SITE}/achievements/data-ethics-101/v3"
LONG = (
    "Explains what personal data is, names the duties of whoever processes it, and weighs a given case by the "
    "principles of the course, with examples from research and from teaching."
)


def typical_credential(issuer: str, learner: int) -> dict[str, Any]:
    """Return the unsigned credential of one *learner* of the badge; learners differ in what learners differ in."""
    number = f"{learner:06d}"
    return {
        "@context": [CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS],
        "id": f"urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c{number}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Data ethics: handling personal data",
        "description": "Awarded for the micro-unit on the ethics of data, with a marked essay and a quiz.",
        "issuer": {
            "id": issuer,
            "type": ["Profile"],
            "name": "Universität Beispiel – Example University",
            "url": "https://example.edu",
            "image": {"id": "https://example.edu/logo.png", "type": "Image", "caption": "Seal"},
            "email": "badges@example.edu",
            "description": "A university that exists in examples only, founded to be quoted; it teaches, examines "
            "and certifies what its learners have shown, and it publishes the keys it signs with.",
        },
        "validFrom": f"2026-03-01T09:{learner % 60:02d}:00Z",
        "validUntil": "2031-03-01T09:00:00Z",
        "awardedDate": f"2026-03-01T09:{learner % 60:02d}:00Z",
        "credentialSubject": {
            "id": f"did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta{number}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": f"sha256${number}f1d09dc25fb8d9b3b5a3c0b3bb4a4ac01f7b3f14d6ddf8f3f3f8d1a6e2c9",
                    "identityType": "emailAddress",
                    "salt": f"salt{number}",
                }
            ],
            "achievement": {
                "id": ACHIEVEMENT,
                "type": ["Achievement"],
                "name": "Data ethics",
                "description": LONG,
                "criteria": {
                    "narrative": "Pass the quiz with 80 %.\nHand in one essay; two reviewers mark it."
                },
                "achievementType": "MicroCredential",
                "image": {"id": f"{ACHIEVEMENT}/image", "type": "Image", "caption": "A scale"},
                "inLanguage": "en",
                "version": "3",
                "humanCode": "DE-101",
                "fieldOfStudy": "Information science",
                "tag": ["ethics", "data"],
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "protect personal data and privacy",
                        "targetUrl": "http://data.europa.eu/esco/skill/54fb2f6e-1d9d-4d5d-9b3c-7a8d0c5b1a01",
                        "targetType": "ext:ESCOSkill",
                        "targetFramework": "ESCO",
                    },
                    {
                        "type": ["Alignment"],
                        "targetName": "apply research ethics",
                        "targetUrl": "http://data.europa.eu/esco/skill/54fb2f6e-1d9d-4d5d-9b3c-7a8d0c5b1a02",
                        "targetType": "ext:ESCOSkill",
                        "targetFramework": "ESCO",
                    },
                    {
                        "type": ["Alignment"],
                        "targetName": "Evaluate ethical issues",
                        "targetUrl": "https://case.example.org/ims/case/v1p0/CFItems/8b3f",
                        "targetType": "CFItem",
                        "targetCode": "ET.4",
                        "targetDescription": "Evaluates ethical issues of a case and argues for one answer.",
                    },
                ],
                "resultDescription": [
                    {
                        "id": f"{ACHIEVEMENT}#score",
                        "type": ["ResultDescription"],
                        "name": "Quiz",
                        "resultType": "Percent",
                        "valueMin": "0",
                        "valueMax": "100",
                    },
                    {
                        "id": f"{ACHIEVEMENT}#essay",
                        "type": ["ResultDescription"],
                        "name": "Essay",
                        "resultType": "LetterGrade",
                    },
                ],
            },
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": f"{ACHIEVEMENT}#score",
                    "value": str(80 + learner % 21),
                    "status": "Completed",
                },
                {
                    "type": ["Result"],
                    "resultDescription": f"{ACHIEVEMENT}#essay",
                    "value": "ABC"[learner % 3],
                },
            ],
        },
        "evidence": [
            {
                "id": f"{SITE}/evidence/essay/{number}",
                "type": ["Evidence"],
                "name": "Essay",
                "genre": "Essay",
                "narrative": "The essay on a case from research that the learner chose.",
            },
            {"id": f"{SITE}/evidence/quiz/{number}", "type": ["Evidence"], "name": "Quiz", "genre": "Quiz"},
        ],
        "credentialStatus": {
            "id": f"{SITE}/status/7d0b4c1e#{learner}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(learner),
            "statusListCredential": f"{SITE}/status/7d0b4c1e",
        },
        "credentialSchema": [
            {
                "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
                "type": "1EdTechJsonSchemaValidator2019",
            }
        ],
    }
