"""A key's life: it signs, it is retired when another takes its place, or it is revoked because somebody else has it.

*Rotation* is housekeeping. The new key signs from now on; the old one is retired and stays in the issuer's DID
document, so everything it signed goes on verifying, here and everywhere.

*Revocation* is an emergency. The key leaves the DID document, and with it everything it ever signed stops verifying:
whoever has the key writes any date they like into what they sign, so no date can tell honest documents from forged
ones. What this site signed with it and what still counts is therefore signed anew under the same id
(:mod:`.editions`); status lists are signed anew at once, in the same transaction.

An issuer that is did:key *is* its key. Nobody can take a did:key out of circulation: strangers resolve it without
asking anybody. All its places in status lists are set, so that whoever asks for the status of a credential learns
the truth; a forgery that names no status list cannot be told from an honest one. That is why production uses did:web.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.ob3 import multikey
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.permissions import api as permissions
from microcred_app.vault import encrypt

from ..audit import api as audit
from ..badges import api as badges
from ..badges.models import Issuer
from ..skills.stamp import touch_definitions
from .editions import still_counting
from .errors import KeyNotFound, KeyRefused
from .keys import issuer_did
from .models import Credential, IssuerKey, StatusList
from .status import flip, sign_list_anew
from .token_keys import make_token_key, token_public_key

__all__ = ["KeyInfo", "Revoked", "list_keys", "revoke_key", "rotate_key", "would_be_affected"]

MAX_REASON = 2_000


@dataclass(frozen=True)
class KeyInfo:
    """One key of an issuer as anybody may know it. ``state`` is active, retired or revoked."""

    did: str
    multikey: str
    state: str
    created_at: datetime
    ended_at: datetime | None
    in_token: bool = False


@dataclass(frozen=True)
class Revoked:
    """What the revocation of a key came to.

    ``lists`` were signed anew already; ``to_sign_anew`` credentials are signed anew next, by the worker or by
    :func:`~.editions.sign_anew_due`.
    """

    key: KeyInfo
    successor: KeyInfo
    lists: int
    to_sign_anew: int


def list_keys(slug: str) -> tuple[KeyInfo, ...]:
    """Every key the issuer ever had, newest first."""
    rows = IssuerKey.objects.filter(issuer__slug=badges.get_issuer(slug).slug).order_by("-created_at", "-pk")
    return tuple(map(_info, rows))


@transaction.atomic
def rotate_key(
    slug: str,
    *,
    actor_id: int | None,
    now: datetime,
    token_uri: str = "",
    make: bool = False,
    leave_token: bool = False,
) -> KeyInfo:
    """Let a new key sign for the issuer; the one that signed before is retired and goes on verifying.

    The new key is in the database, sealed; or, with *token_uri*, in a token, which makes it there if *make* says so. An
    issuer whose key is in a token goes back to the database only where *leave_token* says so.
    """
    issuer = _locked_issuer(slug, actor_id)
    before = IssuerKey.objects.filter(issuer=issuer, state=IssuerKey.ACTIVE)
    if not token_uri and not leave_token and before.exclude(token_uri="").exists():
        raise KeyRefused(
            _(
                "This organisation signs with a key in a token. Name the next key there, or say that it shall not."
            )
        )
    replaced = list(before.values_list("multikey", flat=True))
    before.update(state=IssuerKey.RETIRED, ended_at=now)
    key = _take_over(issuer, token_uri, now, make=make) if token_uri else _new_key(issuer, now)
    touch_definitions()
    audit.record(
        "key.rotated",
        object_type="key",
        object_id=key.multikey,
        actor_id=actor_id,
        now=now,
        details={"did": key.did, "replaces": replaced, "token": key.token_uri},
        issuer_slug=slug,
    )
    return _info(key)


def would_be_affected(slug: str, multikey_text: str, *, now: datetime) -> int:
    """How many credentials of this key still count: so many are signed anew when it is revoked."""
    key = _key(slug, multikey_text)
    return still_counting(now).filter(issuer_key=key).count()


@transaction.atomic
def revoke_key(slug: str, multikey_text: str, *, reason: str, actor_id: int | None, now: datetime) -> Revoked:
    """Take the key out of the issuer's DID document now, and put a new one in its place if it was the one that signs.

    From the commit on, nothing that the key signed verifies until it is signed anew. Raises :class:`KeyRefused` for a
    key that is revoked already or without a reason.
    """
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > MAX_REASON:
        raise KeyRefused(
            _("Give a reason of at most {limit} characters. It is kept in the audit log.").format(
                limit=MAX_REASON
            )
        )
    issuer = _locked_issuer(slug, actor_id)
    key = _key(slug, multikey_text)
    if key.state == IssuerKey.REVOKED:
        raise KeyRefused(_("This key was revoked before. What is left is signed anew by the worker."))
    others = IssuerKey.objects.filter(issuer=issuer, state=IssuerKey.ACTIVE).exclude(pk=key.pk)
    if key.token_uri and key.state == IssuerKey.ACTIVE and not others.exists():
        raise KeyRefused(
            _("This key signs, and is in a token. Let another one sign first (rotate), and revoke it then.")
        )
    key.state, key.ended_at = IssuerKey.REVOKED, now
    key.save(update_fields=["state", "ended_at"])
    successor = IssuerKey.objects.filter(issuer=issuer, state=IssuerKey.ACTIVE).order_by("-pk").first()
    successor = successor or _new_key(issuer, now)
    lists = _secure_lists(key, successor, now)
    touch_definitions()
    waiting = still_counting(now).filter(issuer_key=key).count()
    audit.record(
        "key.revoked",
        object_type="key",
        object_id=key.multikey,
        actor_id=actor_id,
        now=now,
        reason=reason,
        details={"did": key.did, "successor": successor.multikey, "credentials": waiting, "lists": lists},
        issuer_slug=slug,
    )
    return Revoked(_info(key), _info(successor), lists, waiting)


def _secure_lists(key: IssuerKey, successor: IssuerKey, now: datetime) -> int:
    """No list stays signed by the revoked key alone where another key of its DID can sign it.

    The lists of a did:key have no other key. Every place of theirs that was used is set before they are left.
    """
    rows = list(StatusList.objects.filter(did=key.did).order_by("pk").values_list("pk", flat=True))
    if successor.did == key.did:
        for list_id in rows:
            sign_list_anew(list_id, now=now)
    else:
        places = Credential.objects.filter(issuer_key=key).values_list("status_list_id", "status_index")
        flip(places, now=now)
    return len(rows)


def _locked_issuer(slug: str, actor_id: int | None) -> Issuer:
    permissions.require(actor_id, permissions.Action.EDIT_ISSUER, slug)
    badges.get_issuer(slug)
    return Issuer.objects.select_for_update().get(slug=slug)


def _key(slug: str, multikey_text: str) -> IssuerKey:
    row = IssuerKey.objects.filter(issuer__slug=slug, multikey=multikey_text).first()
    if row is None:
        raise KeyNotFound(_("This organisation has no such key. `microcred_keys list` shows them."))
    return row


def _new_key(issuer: Issuer, now: datetime) -> IssuerKey:
    signer = Ed25519Signer.generate()
    return IssuerKey.objects.create(
        issuer=issuer,
        did=issuer_did(issuer.slug, signer.public_key),
        multikey=multikey.encode_multikey(signer.public_key),
        sealed_secret=encrypt(base64.b64encode(signer.seed).decode()),
        created_at=now,
    )


def _take_over(issuer: Issuer, token_uri: str, now: datetime, *, make: bool) -> IssuerKey:
    public_key = make_token_key(token_uri) if make else token_public_key(token_uri)
    text = multikey.encode_multikey(public_key)
    if IssuerKey.objects.filter(multikey=text).exists():
        raise KeyRefused(_("This key was used before. Make another one in the token."))
    return IssuerKey.objects.create(
        issuer=issuer,
        did=issuer_did(issuer.slug, public_key),
        multikey=text,
        sealed_secret=b"",
        token_uri=token_uri,
        created_at=now,
    )


def _info(row: IssuerKey) -> KeyInfo:
    return KeyInfo(row.did, row.multikey, row.state, row.created_at, row.ended_at, bool(row.token_uri))
