"""A status list says for 131 072 credentials at once which are revoked, without saying whose they are.

Bits are kept raw; only publishing compresses them. Index 0 is the most significant bit of the first byte; the
text form is ``u`` + base64url without padding of the gzipped bits. Decoding stops at a fixed size: a few
kilobytes of gzip can otherwise unpack to gigabytes.

Segments of 4 kB are compressed each for itself and joined to one gzip member. A segment that did not change since
it was compressed last is not compressed again, so one revocation in a list of a million costs what it costs in a
short list; what is remembered is a function of the bits alone and cannot go stale. Between scattered bits there is
little to find but runs of zeros: looking for these only (`zlib.Z_RLE`) is several times as fast as gzip's usual way
and gives smaller lists, joints included.

Bitstring Status List 1.0 sections 2.2 (credential), 3.3 and 3.4 (encoding), 6.1 (group privacy: at least
131 072 entries); RFC 1952 (gzip); RFC 1951 section 3.2.3 (a stream is a sequence of blocks).
"""

import base64
import re
import zlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from microcred_app.ob3.contexts import CREDENTIALS_V2
from microcred_app.ob3.errors import DocumentError, StatusListError
from microcred_app.ob3.fields import require_address
from microcred_app.ob3.timestamps import format_time

__all__ = ["MINIMUM_ENTRIES", "PURPOSES", "StatusList", "build_status_list_credential", "decode"]

MINIMUM_ENTRIES = 131_072
MAXIMUM_BYTES = 16 * 1024 * 1024
PURPOSES = ("revocation", "suspension", "refresh", "message")

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_GZIP = 31  # zlib: maximum window, gzip wrapper
_SEGMENT = 4_096
_MAX_SEGMENTS = 1_024  # at most 9 MB with their compressed forms
_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # deflate, no time, no name, system not told
_LAST_BLOCK = b"\x03\0"  # empty, marked as the last


class StatusList:
    """One bit per credential. Changing it changes nothing that is published until it is encoded and signed."""

    def __init__(self, bits: bytearray) -> None:
        self._bits = bits

    @classmethod
    def new(cls, entries: int = MINIMUM_ENTRIES) -> "StatusList":
        """Return a list of *entries* unset bits; fewer than 131 072 would tell credentials apart."""
        if entries < MINIMUM_ENTRIES or entries % 8 or entries > MAXIMUM_BYTES * 8:
            raise StatusListError(
                "status_list.size", f"A list has {MINIMUM_ENTRIES} entries or more, in bytes."
            )
        return cls(bytearray(entries // 8))

    @classmethod
    def from_bits(cls, bits: bytes) -> "StatusList":
        """Return the list whose raw bits are *bits* (a copy is kept)."""
        if not MINIMUM_ENTRIES // 8 <= len(bits) <= MAXIMUM_BYTES:
            raise StatusListError("status_list.size", "The list is too short or too long.")
        return cls(bytearray(bits))

    def __len__(self) -> int:
        return len(self._bits) * 8

    @property
    def bits(self) -> bytes:
        """The raw bits, for storing."""
        return bytes(self._bits)

    def set(self, index: int) -> None:
        """Set the bit of *index*."""
        self._bits[self._byte(index)] |= 0x80 >> (index % 8)

    def clear(self, index: int) -> None:
        """Clear the bit of *index* (only suspensions may end; a revocation is final)."""
        self._bits[self._byte(index)] &= 0xFF ^ (0x80 >> (index % 8))

    def get(self, index: int) -> bool:
        """Return whether the bit of *index* is set."""
        return bool(self._bits[self._byte(index)] & (0x80 >> (index % 8)))

    def encode(self) -> str:
        """Return the ``encodedList`` text; the same bits give the same text."""
        bits = self.bits
        segments = [_deflate(bits[start : start + _SEGMENT]) for start in range(0, len(bits), _SEGMENT)]
        check = zlib.crc32(bits).to_bytes(4, "little") + len(bits).to_bytes(4, "little")
        packed = b"".join((_HEADER, *segments, _LAST_BLOCK, check))
        return "u" + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")

    def _byte(self, index: int) -> int:
        if not 0 <= index < 8 * len(self._bits):
            raise StatusListError("status_list.range", f"The list has no entry {index}.")
        return index // 8


@lru_cache(maxsize=_MAX_SEGMENTS)
def _deflate(segment: bytes) -> bytes:
    """Return *segment* as deflate blocks that end on a byte and refer to nothing before them."""
    # Window and memory are as large as a segment can use: larger ones cost more to set up than to fill.
    packer = zlib.compressobj(6, zlib.DEFLATED, -12, 7, zlib.Z_RLE)
    return packer.compress(segment) + packer.flush(zlib.Z_FULL_FLUSH)


def decode(encoded: str, maximum_bytes: int = MAXIMUM_BYTES) -> StatusList:
    """Return the list in an ``encodedList`` text, or raise `StatusListError`; unpacks *maximum_bytes* at most."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise StatusListError("status_list.encoding", "The list must be base64url multibase text (u…).")
    text = encoded[1:]
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise StatusListError("status_list.encoding", "The list is not base64url without padding.")
    unpacker = zlib.decompressobj(_GZIP)
    try:
        bits = unpacker.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), maximum_bytes + 1)
    except zlib.error as error:
        raise StatusListError("status_list.encoding", "The list is not compressed with gzip.") from error
    if len(bits) > maximum_bytes:
        raise StatusListError("status_list.size", f"The list unpacks to more than {maximum_bytes} bytes.")
    if not unpacker.eof or unpacker.unused_data:
        raise StatusListError(
            "status_list.encoding", "The compressed list is cut off or followed by other data."
        )
    return StatusList.from_bits(bits)


def build_status_list_credential(
    *,
    list_url: str,
    issuer_id: str,
    status_list: StatusList,
    valid_from: datetime,
    purposes: Sequence[str] = ("revocation",),
    valid_until: datetime | None = None,
    ttl_milliseconds: int | None = None,
) -> dict[str, Any]:
    """Return the unsigned credential that publishes *status_list* at *list_url*.

    *issuer_id* must be the issuer of the badges that point here: receivers refuse a list signed by another.
    One purpose is written as text and not as array, because widely used verifiers compare it as text.
    """
    if not purposes or any(purpose not in PURPOSES for purpose in purposes):
        raise DocumentError("statusPurpose", f"must be among {', '.join(PURPOSES)}.")
    url = require_address("statusListCredential", list_url, schemes=("https", "http"))
    subject: dict[str, Any] = {
        "id": f"{url}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purposes[0] if len(purposes) == 1 else list(purposes),
        "encodedList": status_list.encode(),
    }
    if ttl_milliseconds is not None:
        if ttl_milliseconds <= 0:
            raise DocumentError("ttl", "must be a positive number of milliseconds.")
        subject["ttl"] = ttl_milliseconds
    document: dict[str, Any] = {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": require_address("issuer.id", issuer_id),
        "validFrom": format_time("validFrom", valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = format_time("validUntil", valid_until)
    document["credentialSubject"] = subject
    return document
