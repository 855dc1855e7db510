"""Credentials inside a credential are judged like any other, each on its own line: endorsements, badges of a record.

The signature of the outer document says only that its issuer put them there. Whether the endorser signed the
endorsement, and vouched for this badge and not another, is a question of its own. So is what endorsements of
endorsements are worth: three levels are followed.

A badge of a learner record decides whether the record is valid: the record says "these belong together". An
endorsement only informs (`report`): the specification asks to verify endorsements, and does not say that a badge
fails with them; somebody else's expired word must not take away what the issuer still stands for.

The outer document is bounded, but what stands inside is canonicalised again for its own proof, once for each level,
and tokens unfold into documents. So everything inside one document shares one budget (`Budget`).

Open Badges 3.0 "OpenBadgeCredential Verification" step 6; CLR 2.0 "Verification".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from microcred_app.ob3.errors import DocumentError, InputError, ProofError
from microcred_app.ob3.judgement import Lookups, Require, judge
from microcred_app.ob3.rdfc import shared_work
from microcred_app.ob3.reading import open_inner
from microcred_app.ob3.report import (
    COULD_NOT_CHECK,
    DECIDES,
    FAILED,
    INFORMS,
    PASSED,
    Bearing,
    Check,
    Outcome,
)
from microcred_app.ob3.structure import (
    OBJECT,
    require_achievement_credential,
    require_credential,
    require_endorsement_credential,
    types_of,
)

__all__ = ["Budget", "check_inside", "check_presented", "has_inside"]

MAX_CREDENTIALS = 60
MAX_DEPTH = 3
MAX_SIZE = 10_000
_CHARACTERS_PER_VALUE = 300
_VALUES_PER_PROOF = 50
# Where something with an id of its own stands that can carry endorsements.
_STEPS = ("issuer", "credentialSubject", "achievement", "creator", "source", "parentOrg")
_MEANINGS: dict[str, dict[Outcome, tuple[str, str]]] = {
    "endorsements": {
        PASSED: ("endorsements.hold", "The endorsement holds."),
        FAILED: ("endorsements.invalid", "The endorsement does not hold: it adds nothing to the credential."),
        COULD_NOT_CHECK: ("endorsements.undetermined", "The endorsement could not be checked."),
    },
    "parts": {
        PASSED: ("parts.hold", "The credential in the record holds."),
        FAILED: ("parts.invalid", "A credential in the record does not hold."),
        COULD_NOT_CHECK: ("parts.undetermined", "A credential in the record could not be checked."),
    },
    "credentials": {
        PASSED: ("credentials.hold", "The credential in the presentation holds."),
        FAILED: ("credentials.invalid", "A credential in the presentation does not hold."),
        COULD_NOT_CHECK: (
            "credentials.undetermined",
            "A credential in the presentation could not be checked.",
        ),
    },
}


class Budget:
    """How much may still be looked at inside one document: credentials, and values.

    Long texts and proofs count as several values, by the time they take.
    """

    def __init__(self) -> None:
        self._credentials = MAX_CREDENTIALS
        self._size = MAX_SIZE

    def has_room(self) -> bool:
        """Return whether one more credential may be opened, and count it."""
        self._credentials -= 1
        return self._credentials >= 0 and self._size > 0

    def allows(self, document: Mapping[str, Any]) -> bool:
        """Return whether *document* may be worked on, and count its size."""
        waiting: list[Any] = [document]
        for item in waiting:
            if isinstance(item, OBJECT):
                waiting += item.values()
            elif isinstance(item, list):
                waiting += item
            elif isinstance(item, str):
                self._size -= len(item) // _CHARACTERS_PER_VALUE
        proofs = _listed(document.get("proof"))
        self._size -= len(waiting) + _VALUES_PER_PROOF * len(proofs)
        return self._size >= 0


def has_inside(document: Mapping[str, Any]) -> bool:
    """Return whether `check_inside` has anything to say about *document*; for most it has not, and this is fast."""
    nodes = [document]
    for node in nodes:
        if "endorsement" in node or "endorsementJwt" in node:
            return True
        for step in _STEPS:
            if step in node:
                value = node[step]
                if type(value) is dict:
                    nodes.append(value)
                elif type(value) is not str:
                    return True
    return "ClrCredential" in types_of(document)


def check_inside(document: Mapping[str, Any], lookups: Lookups) -> tuple[Check, ...]:
    """Return a line for each badge of a learner record and each endorsement in *document*, the record's parts first."""
    walk = _Walk(lookups)
    subject = document.get("credentialSubject")
    with shared_work():
        if "ClrCredential" in types_of(document) and isinstance(subject, OBJECT):
            parts = _listed(subject.get("verifiableCredential"))
            walk.judge_all("parts", parts, "credentialSubject.verifiableCredential", _require_part)
        walk.judge_endorsements(document, "", 1)
    return tuple(walk.lines)


def check_presented(document: Mapping[str, Any], lookups: Lookups) -> tuple[Check, ...]:
    """Return a line for each credential in a presentation, and for the endorsements in them."""
    walk = _Walk(lookups)
    found = _listed(document.get("verifiableCredential"))
    with shared_work():
        walk.judge_all("credentials", found, "verifiableCredential", _require_part)
    return tuple(walk.lines)


def _require_part(document: Mapping[str, Any]) -> None:
    kinds = types_of(document)
    if "EndorsementCredential" in kinds:
        require_endorsement_credential(document)
    elif {"OpenBadgeCredential", "AchievementCredential"} & kinds:
        require_achievement_credential(document)
    else:
        require_credential(document)


class _Walk:
    """One look at everything inside a document, line by line, within one budget."""

    def __init__(self, lookups: Lookups) -> None:
        self.lines: list[Check] = []
        self._lookups = lookups
        self._budget = Budget()

    def judge_all(self, code: str, values: list[Any], place: str, require: Require) -> None:
        """Judge *values*, which stand in the list at *place*."""
        for number, value in enumerate(values):
            if not self._judge(code, value, f"{place}[{number}]", require, 0):
                return

    def judge_endorsements(self, document: Mapping[str, Any], prefix: str, depth: int) -> None:
        """Judge the endorsements in *document*, which is itself *depth* - 1 endorsements deep."""
        found = list(_endorsements(document))
        if not found:
            return
        if depth > MAX_DEPTH:
            message = f"Endorsements nested deeper than {MAX_DEPTH} levels are not looked at."
            self._leave_open("endorsements", "too_deep", message, f"{prefix}{found[0][0]}")
            return
        endorsed = {node["id"] for _, node in _holders(document) if isinstance(node.get("id"), str)}

        def require(endorsement: Mapping[str, Any]) -> None:
            require_endorsement_credential(endorsement)
            if endorsement["credentialSubject"]["id"] not in endorsed:
                raise DocumentError("credentialSubject.id", "is not what the endorsement stands in.")

        for place, endorsement in found:
            if not self._judge("endorsements", endorsement, f"{prefix}{place}", require, depth):
                return

    def _judge(self, code: str, value: Any, place: str, require: Require, depth: int) -> bool:
        """Judge *value*, then the endorsements in it; return whether there is room for more."""
        if not self._budget.has_room():
            message = "There is more inside than is looked at: this and what follows was not checked."
            self._leave_open(code, "too_many", message, place)
            return False
        try:
            inner = open_inner(value)
        except (InputError, ProofError) as error:
            unsupported = "unsupported" in error.code or error.code.startswith("input.too_")
            self._answer(code, COULD_NOT_CHECK if unsupported else FAILED, error.message, place)
            return True
        if not self._budget.allows(inner.document):
            message = "It is too large to be looked at inside another document."
            self._leave_open(code, "too_large", message, place)
            return True
        self._answer(code, *judge(inner, require, self._lookups), place)
        self.judge_endorsements(inner.document, f"{place}.", depth + 1)
        return True

    def _answer(self, code: str, outcome: Outcome, detail: str, place: str) -> None:
        reason, message = _MEANINGS[code][outcome]
        self.lines.append(Check(code, outcome, reason, message, detail[:300], place, _bearing(code)))

    def _leave_open(self, code: str, why: str, message: str, place: str) -> None:
        reason = f"{code}.{why}"
        self.lines.append(Check(code, COULD_NOT_CHECK, reason, message, "", place, _bearing(code)))


def _endorsements(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for place, node in _holders(document):
        for name in ("endorsement", "endorsementJwt"):
            for number, value in enumerate(_listed(node.get(name))):
                yield f"{place}{name}[{number}]", value


def _holders(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    waiting: list[tuple[str, Mapping[str, Any]]] = [("", document)]
    for place, node in waiting:  # grows while it is walked; bounded by the document
        yield place, node
        for step in _STEPS:
            value = node.get(step)
            if isinstance(value, list):
                waiting += [
                    (f"{place}{step}[{n}].", entry)
                    for n, entry in enumerate(value)
                    if isinstance(entry, OBJECT)
                ]
            elif isinstance(value, OBJECT):
                waiting.append((f"{place}{step}.", value))


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _bearing(code: str) -> Bearing:
    return INFORMS if code == "endorsements" else DECIDES
