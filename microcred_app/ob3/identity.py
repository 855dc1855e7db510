"""Who a credential is made out to, when it is not a DID: a salted e-mail hash or a name.

A hash without salt, of an address in mixed case, or in upper-case digits cannot be matched by receivers, so
none of these can be made here. Note what it is worth: whoever knows the address and sees the salt can confirm
the match; the hash keeps the address from being harvested, it does not hide it from a determined guesser.

Open Badges 3.0 section B.1 (IdentityObject) and "Verify the Recipient Using an Identifier".
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.fields import require_line
from microcred_app.ob3.text import clean_line

__all__ = ["Identity", "hashed_email", "identity_matches", "plain_name"]

_HASH = re.compile(r"sha256\$[0-9a-f]{64}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Identity:
    """One identifier of the holder; made by `hashed_email` or `plain_name`."""

    identity_type: str
    identity_hash: str
    hashed: bool
    salt: str = ""

    def __post_init__(self) -> None:
        if self.hashed and (not _HASH.fullmatch(self.identity_hash) or not self.salt):
            raise DocumentError("identifier", "a hashed identity needs sha256$<64 hex digits> and a salt.")
        if not self.identity_hash:
            raise DocumentError("identifier", "the identity is empty.")


def hashed_email(email: str, salt: str) -> Identity:
    """Return the salted hash of *email*, lower-cased first; the salt must be this credential's own random text."""
    address = _normalised(email)
    if not _EMAIL.fullmatch(address):
        raise DocumentError("identifier", "is not an e-mail address.")
    if not salt or salt != clean_line(salt):
        raise DocumentError("identifier", "needs a salt of plain characters.")
    return Identity("emailAddress", _digest(address, salt), hashed=True, salt=salt)


def plain_name(name: str) -> Identity:
    """Return *name* as readers see it; use it only with the holder's consent, it is public wherever the badge is."""
    return Identity("name", require_line("identifier", name), hashed=False)


def identity_matches(identity: Identity, email: str) -> bool:
    """Return whether *identity* is the hash of *email*."""
    expected = _digest(_normalised(email), identity.salt)
    return identity.hashed and hmac.compare_digest(identity.identity_hash, expected)


def _normalised(email: str) -> str:
    return clean_line(email).lower()


def _digest(address: str, salt: str) -> str:
    return "sha256$" + sha256(f"{address}{salt}".encode()).hexdigest()
