"""``digestSRI``: the digest of a resource in the text form that browsers use for scripts (``sha384-oqVu…``).

`multikey.encode_digest` writes the other form, ``digestMultibase``. VCDM 2.0 section 5.3 allows either; a resource
that states both must satisfy both. Algorithms weaker than SHA-256 are not digests here, whatever they are called.

W3C Subresource Integrity section 3.5; VCDM 2.0 section 5.3 "Integrity of Related Resources".
"""

import base64
import binascii
import re

from microcred_app.ob3.errors import KeyFormatError

__all__ = ["decode_sri", "encode_sri"]

_LENGTHS = {"sha256": 32, "sha384": 48, "sha512": 64}
_ENTRY = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]{43,86}={0,2})(\?[\x21-\x7e]{0,200})?")
_LONGEST = 2_000


def encode_sri(digest: bytes) -> str:
    """Return *digest* (SHA-256, SHA-384 or SHA-512, told apart by their length) as ``digestSRI``."""
    for name, length in _LENGTHS.items():
        if len(digest) == length:
            return f"{name}-{base64.b64encode(digest).decode('ascii')}"
    raise KeyFormatError("digest.length", "A digest has 32, 48 or 64 bytes.")


def decode_sri(text: str) -> dict[str, set[bytes]]:
    """Return the digests of a ``digestSRI`` value by algorithm, only those of the strongest: the others do not count.

    Several digests of one algorithm mean "one of these files". Raises `KeyFormatError` when none can be read.
    """
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise KeyFormatError("digest.type", "A digest is a short text.")
    found: dict[str, set[bytes]] = {}
    for entry in text.split():
        match = _ENTRY.fullmatch(entry)
        digest = _decode(match[2]) if match else b""
        if match and len(digest) == _LENGTHS[match[1]]:
            found.setdefault(match[1], set()).add(digest)
    if not found:
        raise KeyFormatError(
            "digest.kind", "This is not a digest in the form sha256-…, sha384-… or sha512-…."
        )
    strongest = max(found, key=lambda name: _LENGTHS[name])
    return {strongest: found[strongest]}


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
