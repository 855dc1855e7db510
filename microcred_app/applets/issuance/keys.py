"""Keys of issuers: made on first use, sealed at rest, never shown.

An issuer is did:web when the site has a public https address (the DID document is served by the site, and a
key can be replaced without changing the issuer's name), and did:key otherwise (demonstrations and tests: the
identifier is the key, so nothing needs to be fetched).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3 import dids, multikey
from microcred_app.ob3.errors import DidError
from microcred_app.ob3.signing import Ed25519Signer, Signer
from microcred_app.vault import VaultError, decrypt, encrypt

from ..badges.api import IssuerNotFound
from .errors import SignerUnavailable
from .models import IssuerKey
from .token_keys import TokenSigner

__all__ = [
    "active_key",
    "did_document_of",
    "issuer_did",
    "key_as_of",
    "known_key",
    "resolve_as_of",
    "resolve_issuer",
    "signer_of",
    "verification_method",
]


MAX_KEPT = 1_000


def active_key(issuer_id: int, slug: str, *, now: datetime) -> IssuerKey:
    """The key that signs for this issuer now; made when there is none."""
    row = IssuerKey.objects.filter(issuer_id=issuer_id, state=IssuerKey.ACTIVE).order_by("-pk").first()
    if row is not None:
        return row
    signer = Ed25519Signer.generate()
    return IssuerKey.objects.create(
        issuer_id=issuer_id,
        did=issuer_did(slug, signer.public_key),
        multikey=multikey.encode_multikey(signer.public_key),
        sealed_secret=encrypt(base64.b64encode(signer.seed).decode()),
        created_at=now,
    )


def key_as_of(stamp: str, issuer_id: int, slug: str, *, now: datetime) -> IssuerKey:
    """As :func:`active_key`, kept in the process for as long as the stamp of definitions is *stamp*.

    Whatever changes a key's state must touch the definitions, or processes go on signing with the old one. A key
    is kept only after the transaction that read it was committed: one that was made in it may be rolled back.
    """
    found = _kept.get((stamp, issuer_id))
    if found is None:
        found = active_key(issuer_id, slug, now=now)
        transaction.on_commit(partial(_keep, stamp, issuer_id, found))
    return found


_kept: dict[tuple[str, int], IssuerKey] = {}


def known_key(stamp: str, issuer_id: int) -> IssuerKey | None:
    """The key that :func:`key_as_of` keeps, if it does: nothing is asked of the database."""
    return _kept.get((stamp, issuer_id))


def _keep(stamp: str, issuer_id: int, key: IssuerKey) -> None:
    if len(_kept) >= MAX_KEPT:
        _kept.clear()
    _kept[stamp, issuer_id] = key


def issuer_did(slug: str, public_key: bytes) -> str:
    """The DID of an issuer on this site."""
    configured = settings()
    if configured.has_public_https_address:
        return dids.did_web(f"{configured.public_base_url}/microcred/issuers/{slug}")
    return dids.did_key(public_key)


def signer_of(key: IssuerKey) -> Signer:
    """The opened key, or the way to the token that holds it.

    Raises :class:`SignerUnavailable` when no sealing key fits. A token is asked when it shall sign.
    """
    if key.token_uri:
        return TokenSigner(key.token_uri, multikey.decode_multikey(key.multikey))
    try:
        secret = decrypt(bytes(key.sealed_secret))
    except VaultError as error:
        raise SignerUnavailable(
            _(
                "The issuer's signing key does not open with KEY_ENCRYPTION_KEYS, the site's setting."
                " Nothing was changed: ask whoever runs the site to put the key back that sealed it, then try again."
            )
        ) from error
    return Ed25519Signer(base64.b64decode(secret))


def verification_method(key: IssuerKey) -> str:
    """The address of the key in its issuer's DID document."""
    return dids.verification_method_id(key.did, multikey.decode_multikey(key.multikey))


def resolve_issuer(did: str) -> Mapping[str, Any]:
    """The DID document of an issuer of this site, from its own records: no network.

    Revoked keys are left out, so what they signed stops verifying; retired keys stay in.
    """
    if did.startswith("did:key:"):
        if IssuerKey.objects.filter(did=did, state=IssuerKey.REVOKED).exists():
            raise DidError("did.key_ended", "The issuer has declared this key revoked.")
        return dids.resolve_did_key(did)
    keys = _public_keys(IssuerKey.objects.filter(did=did))
    if not keys:
        raise DidError("did.unknown", f"{did[:120]} does not issue on this site.")
    return dids.did_document(did, keys)


def resolve_as_of(stamp: str, did: str) -> Mapping[str, Any]:
    """As :func:`resolve_issuer`, kept in the process for as long as the stamp of definitions is *stamp*."""
    found = _resolved.get((stamp, did))
    if found is None:
        found = resolve_issuer(did)
        if len(_resolved) >= MAX_KEPT:
            _resolved.clear()
        if not connection.in_atomic_block:  # what is seen in a transaction may be rolled back
            _resolved[stamp, did] = found
    return found


_resolved: dict[tuple[str, str], Mapping[str, Any]] = {}


def did_document_of(slug: str) -> dict[str, Any]:
    """The DID document to publish for an issuer; raises when the issuer does not use did:web."""
    rows = IssuerKey.objects.filter(issuer__slug=slug, did__startswith="did:web:")
    keys = _public_keys(rows)
    if not keys:
        raise IssuerNotFound(_("This issuer has no DID document of its own: its identifier is its key."))
    return dids.did_document(rows.order_by("-pk")[0].did, keys)


def _public_keys(rows: Any) -> list[bytes]:
    states = [IssuerKey.ACTIVE, IssuerKey.RETIRED]
    found = rows.filter(state__in=states).order_by("state", "-pk").values_list("multikey", flat=True)
    return [multikey.decode_multikey(value) for value in found]
