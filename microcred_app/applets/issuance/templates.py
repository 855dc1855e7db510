"""Many credentials of one badge cost the differences between them: what they share is compiled once.

The document of a badge version is always built by the builder and signed through a template of ``ob3.issuing`` in
which everything but one learner's particulars is fixed. Making one costs several signatures, so the first credentials
of a form are signed each by itself: with thousands of badges most events bring one that was not given here lately, and
the learner waits for it. The bytes are the same either way. Particulars of another form (one more piece of evidence, no
e-mail address) make another template; the form is part of the key, and so is every letter of what is fixed, so that a
renamed outcome or issuer can never be signed in its old words.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from microcred_app.conf import settings
from microcred_app.ob3.issuing import Path, Template, issue
from microcred_app.ob3.json_input import parse_json
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.signing import Signer

from ..awards.api import AwardInfo
from .composition import Definition, Particulars, compose, compose_particulars, results_in
from .keys import signer_of, verification_method
from .models import IssuerKey

__all__ = ["BadgePress", "DocumentPress"]

# Members whose text decides what a document means or what kind of thing stands there: part of the form.
_STEERING = frozenset({"type", "identityType", "statusPurpose"})
_ADDRESSES = frozenset({"id", "statusListCredential", "resultDescription", "achievedLevel"})


MAX_KEPT = 256
_kept: dict[Hashable, Template] = {}
#: Credentials of a form that are signed each by itself before a template is made of it.
FIRST_ALONE = 3
MAX_SEEN = 20_000
_seen: dict[int, int] = {}


class BadgePress:
    """Signs credentials with one key at one moment; the key is opened once for as long as the stamp holds.

    Templates are kept in the process for as long as what they hold is true: the definitions as of *stamp*, the
    issuer's name for itself, and the settings.
    """

    def __init__(self, key: IssuerKey, now: datetime, stamp: str) -> None:
        self._signer = _signer_as_of(stamp, key)
        self._method = verification_method(key)
        self._now = now
        self._holds = (stamp, key.did, settings())

    def sign(self, award: AwardInfo, definition: Definition, particulars: Particulars) -> bytes:
        """The signed bytes of the award's credential: those that composing and signing it alone would give."""
        found = results_in(award, definition, particulars)
        own = compose_particulars(award, particulars, found.results)
        values: list[str] = []
        form = (self._holds, award.badge.version_id, found.descriptions, _read_form(own, "", values))
        template = _kept.get(form)
        if template is None:
            document = compose(award, definition, particulars)
            if _is_rare(form):
                return issue(document, self._signer, verification_method=self._method, created=self._now)
            template = _find_template(document, own)
            while len(_kept) >= MAX_KEPT:
                _kept.pop(next(iter(_kept)), None)  # the one that was made first
            _kept[form] = template
        return template.issue(values, self._signer, verification_method=self._method, created=self._now)


def _is_rare(form: Hashable) -> bool:
    """Whether this process saw the form a few times only. Two that share a number cost no more than a template."""
    if len(_seen) >= MAX_SEEN:
        _seen.clear()
    number = hash(form)
    _seen[number] = _seen.get(number, 0) + 1
    return _seen[number] <= FIRST_ALONE


class DocumentPress:
    """Signs documents that are whole already, many of them alike, with one key at one moment.

    What :class:`BadgePress` makes from the ledger is here read from the document itself: the same places vary,
    everything else is fixed and stands in the template to the letter.
    """

    def __init__(self, key: IssuerKey, now: datetime, stamp: str) -> None:
        self._signer = _signer_as_of(stamp, key)
        self._method = verification_method(key)
        self._now = now

    def sign(self, unsigned: Mapping[str, Any]) -> bytes:
        """The signed bytes of *unsigned*: those that signing it alone would give."""
        own = {name: unsigned[name] for name in _OWN if name in unsigned}
        subject = unsigned["credentialSubject"]
        own["credentialSubject"] = {name: subject[name] for name in _OWN_OF_SUBJECT if name in subject}
        values: list[str] = []
        _read_form(own, "", values)
        template = _find_template(dict(unsigned), own)
        return template.issue(values, self._signer, verification_method=self._method, created=self._now)


#: Members that differ from one credential of a badge to the next.
_OWN = ("validUntil", "id", "validFrom", "awardedDate", "evidence", "credentialStatus")
_OWN_OF_SUBJECT = ("id", "identifier", "result")


def _signer_as_of(stamp: str, key: IssuerKey) -> Signer:
    """The opened key; opening takes as long as a signature, and a site signs with few keys."""
    place = (stamp, key.pk, bytes(key.sealed_secret), key.token_uri, settings().key_encryption_keys)
    found = _signers.get(place)
    if found is None:
        if len(_signers) >= MAX_SIGNERS:
            _signers.clear()
        found = _signers[place] = signer_of(key)
    return found


MAX_SIGNERS = 32
_signers: dict[Hashable, Signer] = {}


def _find_template(document: dict[str, Any], own: dict[str, Any]) -> Template:
    """The template of *document*, in which the texts of *own* vary; remembered by all that is fixed."""
    paths: list[Path] = []
    sample = _sample(own, "", (), paths)
    for name, value in sample.items():
        if name == "credentialSubject":
            value = {**document[name], **value}
        if name in document:
            document[name] = value
    return _compile(encode_document(document), tuple(paths))


@lru_cache(maxsize=64)
def _compile(text: bytes, paths: tuple[Path, ...]) -> Template:
    return Template(parse_json(text), paths)


def _read_form(value: Any, name: str, values: list[str]) -> Hashable:
    """What does not vary in *value*; the texts that do are added to *values*, in the order of the paths."""
    if isinstance(value, dict):
        return tuple((member, _read_form(inner, member, values)) for member, inner in value.items())
    if isinstance(value, list):
        return (len(value), *(_read_form(inner, name, values) for inner in value))
    if isinstance(value, str) and name not in _STEERING:
        values.append(value)
        return None
    return str(value)


def _sample(value: Any, name: str, path: Path, paths: list[Path]) -> Any:
    """*value* with a neutral text wherever texts vary, so that two learners give the same template."""
    if isinstance(value, dict):
        return {member: _sample(inner, member, (*path, member), paths) for member, inner in value.items()}
    if isinstance(value, list):
        return [_sample(inner, name, (*path, number), paths) for number, inner in enumerate(value)]
    if isinstance(value, str) and name not in _STEERING:
        paths.append(path)
        return "https://sample.invalid/" if name in _ADDRESSES else "x"
    return value
