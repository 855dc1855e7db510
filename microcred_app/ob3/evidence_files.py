"""Whether files that are handed over are the evidence a credential was issued for, by the digests it carries.

A file belongs to an evidence entry when it satisfies every digest of that entry. An entry whose digest is of a kind
not known here may be the file's: then the answer is "could not check", never "mismatch" and never "match".

VCDM 2.0 section 5.3 (``digestSRI``, ``digestMultibase``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256, sha384, sha512
from typing import Any

from microcred_app.ob3.errors import KeyFormatError
from microcred_app.ob3.integrity import decode_sri
from microcred_app.ob3.multikey import decode_digest
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, PASSED, Check

__all__ = ["EvidenceFile", "check_evidence"]

# For each algorithm the digests of which one must be the file's.
_Stated = list[tuple[str, set[bytes]]]


@dataclass(frozen=True)
class EvidenceFile:
    """A file that is said to be evidence of a credential: its name and its digests; SHA-256 is always known."""

    name: str
    sha256: bytes
    sha384: bytes | None = None
    sha512: bytes | None = None

    @classmethod
    def from_bytes(cls, name: str, content: bytes) -> "EvidenceFile":
        """Return the record of a file with this *content*."""
        return cls(name, sha256(content).digest(), sha384(content).digest(), sha512(content).digest())

    def satisfies(self, stated: _Stated) -> bool | None:
        """Return whether the file has every digest in *stated*; None when one cannot be compared."""
        own = {"sha256": self.sha256, "sha384": self.sha384, "sha512": self.sha512}
        answers = [None if own.get(name) is None else own[name] in digests for name, digests in stated]
        return False if False in answers else None if None in answers or not answers else True


def check_evidence(document: Mapping[str, Any], files: Sequence[EvidenceFile]) -> Check:
    """Return whether every one of *files* is evidence of *document*."""
    entries = _stated_digests(document)
    if not entries:
        message = "The credential carries no fingerprint of any evidence file."
        return Check("evidence", COULD_NOT_CHECK, "evidence.no_digests", message)
    if not files:
        message = "No evidence file was given to compare."
        return Check("evidence", COULD_NOT_CHECK, "evidence.no_files", message)
    strange: list[str] = []
    open_ones: list[str] = []
    for file in files:
        answers = {file.satisfies(stated) for stated in entries}
        if True not in answers:
            (open_ones if None in answers else strange).append(file.name)
    if strange:
        message = "A file is not the evidence this credential was issued for."
        return Check("evidence", FAILED, "evidence.mismatch", message, ", ".join(strange)[:300])
    if open_ones:
        message = "A fingerprint in the credential is of a kind that cannot be compared here."
        names = ", ".join(open_ones)[:300]
        return Check("evidence", COULD_NOT_CHECK, "evidence.unsupported_digest", message, names)
    message = "Every file given is evidence this credential was issued for."
    return Check("evidence", PASSED, "evidence.match", message, f"{len(files)} of {len(entries)}")


def _stated_digests(document: Mapping[str, Any]) -> list[_Stated]:
    value = document.get("evidence")
    found = []
    for entry in value if isinstance(value, list) else [value]:
        stated = _stated_by(entry) if isinstance(entry, Mapping) else []
        if stated:
            found.append(stated)
    return found


def _stated_by(entry: Mapping[str, Any]) -> _Stated:
    stated: _Stated = []
    if "digestMultibase" in entry:
        try:
            stated.append(("sha256", {decode_digest(entry["digestMultibase"])}))
        except KeyFormatError:
            stated.append(("unknown", set()))
    if "digestSRI" in entry:
        try:
            stated += decode_sri(entry["digestSRI"]).items()
        except KeyFormatError:
            stated.append(("unknown", set()))
    return stated
