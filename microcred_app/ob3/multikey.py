"""Keys, signatures and digests in the text encodings of the W3C: multibase, multicodec, multihash.

Only what Open Badges receivers read is accepted: Ed25519 keys, SHA-256 digests, base58btc and base64url without
padding. Decoders are strict about length and alphabet, so that one value has one spelling and a long text
cannot keep the (quadratic) base58 arithmetic busy.

Data Integrity 1.0 section 2.2.2 (Multikey) and 2.6 (resource integrity); Controlled Identifiers 1.0 section 2.4.
"""

import base64
import re
from functools import lru_cache

from microcred_app.ob3.errors import KeyFormatError

__all__ = [
    "decode_base58btc",
    "decode_digest",
    "decode_multibase58",
    "decode_multikey",
    "decode_signature",
    "encode_base58btc",
    "encode_digest",
    "encode_multikey",
    "encode_signature",
]

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LONGEST = 128
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_TEN_DIGITS = 58**10
_BASE58 = re.compile(f"[{_ALPHABET}]*")
_TO_VALUES = bytes.maketrans(_ALPHABET.encode(), bytes(range(58)))
_JOINS = tuple(
    (8 << n, int.from_bytes((b"\0" * (1 << n) + b"\xff" * (1 << n)) * (64 >> n), "big"), 58 ** (1 << n))
    for n in range(7)
)
_ED25519_PUBLIC = b"\xed\x01"
_SHA256 = b"\x12\x20"
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


def encode_base58btc(data: bytes) -> str:
    """Return *data* in the base58 alphabet of Bitcoin; leading zero bytes become leading ``1``."""
    number = int.from_bytes(data, "big")
    groups: list[str] = []
    while number:
        number, rest = divmod(number, _TEN_DIGITS)  # long division costs most: do it once for ten digits
        rest, fifth = divmod(rest, 3_364)
        rest, fourth = divmod(rest, 3_364)
        rest, third = divmod(rest, 3_364)
        first, second = divmod(rest, 3_364)
        groups += (_PAIRS[fifth], _PAIRS[fourth], _PAIRS[third], _PAIRS[second], _PAIRS[first])
    groups.reverse()
    digits = "".join(groups).lstrip("1")
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def decode_base58btc(text: str) -> bytes:
    """Return the bytes of base58 *text* (at most 128 characters), or raise `KeyFormatError`."""
    if len(text) > _LONGEST:
        raise KeyFormatError("key.too_long", "The base58 text is longer than any key or signature.")
    if not _BASE58.fullmatch(text):
        raise KeyFormatError("key.alphabet", "The text contains characters that base58 does not have.")
    number = int.from_bytes(text.encode("ascii").translate(_TO_VALUES), "big")
    # All pairs of neighbours are joined at once, then pairs of pairs: a digit takes 6 of its 8 bits.
    for shift, mask, weight in _JOINS:
        number = (number & mask) + weight * (number >> shift & mask)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


@lru_cache(maxsize=1_024)
def encode_multikey(public_key: bytes) -> str:
    """Return the ``z6Mk…`` form of a 32-byte Ed25519 public key."""
    if len(public_key) != 32:
        raise KeyFormatError("key.length", "An Ed25519 public key has 32 bytes.")
    return "z" + encode_base58btc(_ED25519_PUBLIC + public_key)


def decode_multikey(text: str) -> bytes:
    """Return the 32-byte Ed25519 public key of ``z6Mk…`` *text*; any other kind of key is refused."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise KeyFormatError("key.multibase", "The value must be base58btc multibase text (z…).")
    return _decode_multikey(text)


@lru_cache(maxsize=1_024)
def _decode_multikey(text: str) -> bytes:
    data = decode_multibase58(text)
    if not data.startswith(_ED25519_PUBLIC) or len(data) != 34:
        raise KeyFormatError("key.kind", "This is not an Ed25519 public key in Multikey form (z6Mk…).")
    return data[2:]


def encode_signature(signature: bytes) -> str:
    """Return the ``proofValue`` text of a 64-byte Ed25519 *signature*."""
    if len(signature) != 64:
        raise KeyFormatError("signature.length", "An Ed25519 signature has 64 bytes.")
    return "z" + encode_base58btc(signature)


def decode_signature(text: str) -> bytes:
    """Return the 64 bytes of a ``proofValue``, or raise `KeyFormatError`."""
    data = decode_multibase58(text)
    if len(data) != 64:
        raise KeyFormatError("signature.length", "The proof value is not a 64-byte signature.")
    return data


def encode_digest(sha256_digest: bytes) -> str:
    """Return a SHA-256 digest as the value of ``digestMultibase`` (``uEi…``)."""
    if len(sha256_digest) != 32:
        raise KeyFormatError("digest.length", "A SHA-256 digest has 32 bytes.")
    return "u" + base64.urlsafe_b64encode(_SHA256 + sha256_digest).decode("ascii").rstrip("=")


def decode_digest(text: str) -> bytes:
    """Return the SHA-256 digest in a ``digestMultibase`` value (base64url ``u`` or base58btc ``z``)."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise KeyFormatError("digest.type", "A digest is a short text.")
    data = _decode_base64url(text[1:]) if text.startswith("u") else decode_multibase58(text)
    if not data.startswith(_SHA256) or len(data) != 34:
        raise KeyFormatError("digest.kind", "This is not a SHA-256 multihash.")
    return data[2:]


def decode_multibase58(text: str) -> bytes:
    """Return the bytes of base58btc multibase *text* (``z…``), or raise `KeyFormatError`."""
    if not isinstance(text, str) or not text.startswith("z"):
        raise KeyFormatError("key.multibase", "The value must be base58btc multibase text (z…).")
    return decode_base58btc(text[1:])


def _decode_base64url(text: str) -> bytes:
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise KeyFormatError("key.alphabet", "The text is not base64url without padding.")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
