"""Texts that open something: drawn at random, stored as digests, signed where no row shall be kept.

A nonce is a signed text, so that asking for one writes nothing: whoever asks for a million of them fills no table. Only
a nonce that was *used* is kept, until it would have expired.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction

from microcred_app.vault import decrypt, encrypt

from .errors import WalletRefused
from .models import UsedNonce

__all__ = [
    "NONCE_LIFE",
    "TOKEN_LIFE",
    "TX_CODE_LENGTH",
    "OfferSecrets",
    "digest",
    "draw_secrets",
    "draw_token",
    "make_nonce",
    "open_secrets",
    "seal_secrets",
    "use_nonce",
]

NONCE_LIFE = timedelta(minutes=5)
#: How long a wallet may take from its token to the credential.
TOKEN_LIFE = timedelta(minutes=10)
TX_CODE_LENGTH = 6
_LONGEST_NONCE = 200


@dataclass(frozen=True)
class OfferSecrets:
    """What the learner's page shows: address, pre-authorised code, the code to type, and a challenge."""

    handle: str
    code: str
    tx_code: str
    challenge: str


def draw_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is stored instead of *text*. Plain SHA-256 is enough for 256 random bits, and only for those."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def draw_secrets(*, guarded: bool) -> OfferSecrets:
    """New secrets of one offer."""
    number = f"{secrets.randbelow(10**TX_CODE_LENGTH):0{TX_CODE_LENGTH}d}" if guarded else ""
    # Hexadecimal: wallets decode this address more than once, so it must hold nothing that decoding changes.
    return OfferSecrets(secrets.token_hex(20), draw_token(), number, secrets.token_hex(16))


def seal_secrets(found: OfferSecrets) -> bytes:
    """Encrypted for the database. Six digits have no digest that would hide them; a key elsewhere does."""
    return encrypt(json.dumps(asdict(found)))


def open_secrets(sealed: bytes) -> OfferSecrets:
    """What :func:`seal_secrets` sealed."""
    return OfferSecrets(**json.loads(decrypt(sealed)))


def make_nonce(purpose: str, *, now: datetime) -> str:
    """A fresh nonce for *purpose*; good once, for :data:`NONCE_LIFE`."""
    return _signer(purpose).sign(f"{secrets.token_hex(16)}.{int(now.timestamp())}")


def use_nonce(nonce: str, purpose: str, *, now: datetime) -> None:
    """Use *nonce* up; raises ``invalid_nonce`` for one that is forged, for another purpose, too old or used.

    Two requests with one nonce at the same moment: the database's unique column lets one of them pass.
    """
    refused = WalletRefused("invalid_nonce", "The nonce is unknown, used or too old. Ask for a new one.")
    try:
        if len(nonce) > _LONGEST_NONCE:
            raise refused
        made = int(_signer(purpose).unsign(nonce).rsplit(".", 1)[1])
    except BadSignature as error:
        raise refused from error
    if not 0 <= int(now.timestamp()) - made <= NONCE_LIFE.total_seconds():
        raise refused
    try:
        with transaction.atomic():
            UsedNonce.objects.create(sha256=digest(nonce), expires_at=now + NONCE_LIFE)
    except IntegrityError as error:
        raise refused from error


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"microcred.offers.{purpose}")
