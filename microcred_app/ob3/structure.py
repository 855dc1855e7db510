"""Whether a parsed document is an Open Badges 3.0 achievement credential, said member by member.

Both the strict and the JSON-LD-tolerant spellings of other issuers pass (single values where sets are usual);
what would let two readers see two things does not: several subjects, a validity date as list, the credential
described a second time inside itself.

Open Badges 3.0 "Verification" step 1; VCDM 2.0 section 4.
"""

import re
from collections.abc import Mapping
from typing import Any

from microcred_app.ob3.contexts import CLR_2_0_1, CREDENTIALS_V2, OB_VERSIONS
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.timestamps import parse_time

__all__ = [
    "OBJECT",
    "has_type",
    "issuer_id",
    "repeats_itself",
    "require_achievement_credential",
    "require_clr_credential",
    "require_credential",
    "require_endorsement_credential",
    "types_of",
]

OBJECT = (dict, Mapping)  # asking for dict first saves the long way through the abstract class
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
_SUBJECT_TEXTS = ("role", "term", "licenseNumber")
_OPTIONAL = frozenset({*_SUBJECT_TEXTS, "source"})
_ROOT_ONLY = frozenset(
    {"issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus", "evidence", "proof"}
)


def require_achievement_credential(document: Mapping[str, Any], *, may_repeat_itself: bool = True) -> None:
    """Raise `DocumentError` naming the first member that keeps *document* from being an achievement credential.

    *may_repeat_itself* is False when it is known from its shape that `repeats_itself` is False for it.
    """
    require_credential(document, may_repeat_itself=may_repeat_itself)
    contexts = document["@context"]
    if len(contexts) < 2 or contexts[1] not in OB_VERSIONS:
        raise DocumentError(
            "@context", "the second context must be one of Open Badges 3.0, with its version."
        )
    if not has_type(document, "OpenBadgeCredential") and not has_type(document, "AchievementCredential"):
        raise DocumentError("type", "is not an Open Badges achievement credential.")
    subject = _object(document, "credentialSubject", "credentialSubject")
    _require_type(subject, "AchievementSubject", "credentialSubject")
    if not subject.get("id") and not _identifiers(subject):
        raise DocumentError("credentialSubject", "names nobody: neither an id nor an identifier.")
    achievement = _object(subject, "achievement", "credentialSubject.achievement")
    _require_type(achievement, "Achievement", "credentialSubject.achievement")
    for name in ("id", "name", "description"):
        _require_text(achievement, name, f"credentialSubject.achievement.{name}")
    criteria = _object(achievement, "criteria", "credentialSubject.achievement.criteria")
    if not criteria.get("id") and not criteria.get("narrative"):
        raise DocumentError("credentialSubject.achievement.criteria", "says nothing.")
    if _OPTIONAL & subject.keys():
        _require_optional(subject)
    if isinstance(achievement.get("creator"), OBJECT):
        _require_profile(achievement, "creator", "credentialSubject.achievement.creator")


def require_endorsement_credential(document: Mapping[str, Any]) -> None:
    """Raise `DocumentError` naming the first member that keeps *document* from being an endorsement."""
    require_credential(document)
    contexts = document["@context"]
    if len(contexts) < 2 or contexts[1] not in OB_VERSIONS:
        raise DocumentError(
            "@context", "the second context must be one of Open Badges 3.0, with its version."
        )
    if not has_type(document, "EndorsementCredential"):
        raise DocumentError("type", "is not an endorsement.")
    _require_text(document, "name", "name")
    subject = _object(document, "credentialSubject", "credentialSubject")
    _require_type(subject, "EndorsementSubject", "credentialSubject")
    _require_address(subject, "id", "credentialSubject.id")


def require_clr_credential(document: Mapping[str, Any]) -> None:
    """Raise `DocumentError` naming the first member that keeps *document* from being a learner record."""
    require_credential(document)
    if CLR_2_0_1 not in document["@context"]:
        raise DocumentError("@context", "must name the context of CLR 2.0, with its version.")
    _require_text(document, "name", "name")
    subject = _object(document, "credentialSubject", "credentialSubject")
    _require_type(subject, "ClrSubject", "credentialSubject")
    if not subject.get("id") and not _identifiers(subject):
        raise DocumentError("credentialSubject", "names nobody: neither an id nor an identifier.")
    if not subject.get("verifiableCredential"):
        raise DocumentError("credentialSubject.verifiableCredential", "is empty.")


def require_credential(document: Mapping[str, Any], *, may_repeat_itself: bool = True) -> None:
    """Raise `DocumentError` when *document* is not a verifiable credential of data model 2.0."""
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != CREDENTIALS_V2:
        raise DocumentError("@context", f"must be a list that begins with {CREDENTIALS_V2}.")
    if not has_type(document, "VerifiableCredential"):
        raise DocumentError("type", "is not a verifiable credential.")
    _require_address(document, "id", "id")
    _require_address({"id": issuer_id(document)}, "id", "issuer")
    parse_time("validFrom", document.get("validFrom"))
    if "validUntil" in document:
        parse_time("validUntil", document["validUntil"])
    _object(document, "credentialSubject", "credentialSubject")
    if isinstance(document["issuer"], OBJECT):
        _require_profile(document, "issuer", "issuer")
    if "termsOfUse" in document:
        _require_terms(document["termsOfUse"])
    if may_repeat_itself and repeats_itself(document, document["id"]):
        # The same signed statements, moved to where a reader of the credential does not look.
        raise DocumentError("id", "the credential is described in two places.")


def repeats_itself(document: Mapping[str, Any], own_id: str | None = None) -> bool:
    """Return whether an object inside *document* says about *own_id* what only the root may say; None: any id."""
    waiting = list(document.values())
    for item in waiting:  # grows while it is walked
        kind = type(item)
        if kind is str:  # most are, and asking whether something is a Mapping takes long
            continue
        if kind is list:
            waiting += item
        elif kind is dict or isinstance(item, Mapping):
            if "id" in item and own_id in (None, item["id"]) and _ROOT_ONLY & item.keys():
                return True
            waiting += item.values()
    return False


def issuer_id(document: Mapping[str, Any]) -> str:
    """Return the id of the issuer, given as text or as object, or an empty text."""
    issuer = document.get("issuer")
    value = issuer.get("id") if isinstance(issuer, OBJECT) else issuer
    return value if isinstance(value, str) else ""


def has_type(node: Mapping[str, Any], kind: str) -> bool:
    """Return whether *kind* is among the types of *node*; the same as asking `types_of`, without the set."""
    value = node.get("type")
    return value == kind or (isinstance(value, list) and kind in value)


def types_of(node: Mapping[str, Any]) -> set[str]:
    """Return the types of *node*, given as text or as list."""
    value = node.get("type")
    if isinstance(value, str):
        return {value}
    return {entry for entry in value if isinstance(entry, str)} if isinstance(value, list) else set()


def _identifiers(subject: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    value = subject.get("identifier")
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, Mapping) and entry.get("identityHash")]


def _require_optional(subject: Mapping[str, Any]) -> None:
    for name in _SUBJECT_TEXTS:
        if name in subject:
            _require_text(subject, name, f"credentialSubject.{name}")
    if "source" in subject:
        _require_profile(subject, "source", "credentialSubject.source")
        _require_type(subject["source"], "Profile", "credentialSubject.source")


def _require_profile(node: Mapping[str, Any], name: str, field: str) -> None:
    """Of a profile only what a reader would take for a fact: that it is named, and that its parts are what they say."""
    profile = _object(node, name, field)
    _require_address(profile, "id", f"{field}.id")
    if "address" in profile:
        _require_type(_object(profile, "address", f"{field}.address"), "Address", f"{field}.address")
    if "parentOrg" in profile:
        _require_profile(profile, "parentOrg", f"{field}.parentOrg")


def _require_terms(value: Any) -> None:
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, OBJECT) or not types_of(entry):
            raise DocumentError("termsOfUse", "each entry must be an object that says of which type it is.")


def _object(node: Mapping[str, Any], name: str, field: str) -> Mapping[str, Any]:
    value = node.get(name)
    if not isinstance(value, OBJECT):
        raise DocumentError(field, "must be one object.")
    return value


def _require_type(node: Mapping[str, Any], kind: str, field: str) -> None:
    if not has_type(node, kind):
        raise DocumentError(f"{field}.type", f"must contain {kind}.")


def _require_text(node: Mapping[str, Any], name: str, field: str) -> None:
    value = node.get(name)
    text = value.get("@value") if isinstance(value, OBJECT) else value
    if not isinstance(text, str) or not text.strip():
        raise DocumentError(field, "must be a text.")


def _require_address(node: Mapping[str, Any], name: str, field: str) -> None:
    value = node.get(name)
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise DocumentError(field, "must be an absolute address.")
