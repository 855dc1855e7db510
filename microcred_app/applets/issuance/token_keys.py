"""Signing keys that live in a token (PKCS#11: a hardware module, SoftHSM) and never leave it.

The database knows the public key and where the key is, as a PKCS#11 URI without any secret; the PIN stands in the
settings. One session per process, one signature at a time in it. When the token is away, whatever wanted a signature
is refused with :class:`SignerUnavailable` and nothing is written: awards wait behind their markers, offers stay
open. A session that broke is opened anew once, without being asked.

A wrong PIN is tried once per hour by all processes together (as far as they share a cache): tokens lock after a few.

PKCS #11 v3.0 sections 2.3.14 (EdDSA) and 4.4; RFC 7512 (PKCS #11 URI); RFC 8032 (Ed25519).
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3.signing import signature_matches

from .errors import KeyRefused, SignerUnavailable

__all__ = ["KeyPlace", "TokenSigner", "forget_session", "make_token_key", "read_place", "token_public_key"]

PIN_PAUSE_SECONDS = 3_600
_ED25519 = "1.3.101.112"
_KNOWN = ("token", "object", "id")


@dataclass(frozen=True)
class KeyPlace:
    """Where a key is: the token's label, and the label or the id of the key in it, or both."""

    token: str
    label: str = ""
    id: bytes = b""


class TokenSigner:
    """Signs with a key in a token; satisfies :class:`~microcred_app.ob3.signing.Signer`."""

    def __init__(self, uri: str, public_key: bytes) -> None:
        self._place = read_place(uri)
        self._public_key = public_key

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key, as they were read when the key was taken over."""
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature of *data*; raises :class:`SignerUnavailable` when the token does not give one."""
        return _in_session(self._place.token, lambda session: _sign(session, self._place, data))


def read_place(uri: str) -> KeyPlace:
    """The parts of a PKCS#11 URI; raises :class:`KeyRefused` for what it must not or need not say."""
    scheme, _colon, rest = uri.partition(":")
    pairs = [part.partition("=")[::2] for part in rest.split(";")] if rest else []
    found = {name: unquote_to_bytes(value) for name, value in pairs}
    usable = scheme == "pkcs11" and len(found) == len(pairs) and set(found) <= set(_KNOWN) and len(uri) <= 500
    if not usable or not found.get("token") or not (found.get("object") or found.get("id")):
        raise KeyRefused(
            _(
                "Say where the key is as pkcs11:token=LABEL;object=LABEL (or id=%01%02 …). The PIN and the module "
                "belong into the settings."
            )
        )
    try:
        return KeyPlace(found["token"].decode(), found.get("object", b"").decode(), found.get("id", b""))
    except UnicodeDecodeError as error:
        raise KeyRefused(_("The labels in the address of the key are not UTF-8.")) from error


def token_public_key(uri: str) -> bytes:
    """The public key at *uri*, after the token has shown that it signs with it and never gives it away.

    Raises :class:`KeyRefused` for a key that the token would give away, :class:`SignerUnavailable` otherwise.
    """
    place = read_place(uri)
    return _in_session(place.token, lambda session: _prove(session, place))


def make_token_key(uri: str) -> bytes:
    """Let the token make a key at *uri*, and return the public one; :class:`KeyRefused` if there is one already."""
    place = read_place(uri)
    return _in_session(place.token, lambda session: _make(session, place))


def forget_session() -> None:
    """Close what is open: the next signature begins anew. A child process must not use its parent's session."""
    global _session, _fresh_process
    with _lock:
        if _session is not None:
            with suppress(Exception):  # it is being thrown away; the next one says what is wrong
                _session[2].close()
        _session, _fresh_process = None, True


def _after_fork() -> None:
    global _lock, _session, _fresh_process
    _lock, _session, _fresh_process = threading.RLock(), None, True


os.register_at_fork(after_in_child=_after_fork)
_lock = threading.RLock()
#: Settings it was opened with, token, session.
_session: tuple[tuple[str, str], str, Any] | None = None
#: The module was loaded by the parent process, or its token was away: it has to begin anew.
_fresh_process = False


def _in_session(token: str, act: Callable[[Any], bytes]) -> bytes:
    """What *act* does in an open session; once more in a new one if the session turns out to be broken."""
    try:
        from pkcs11.exceptions import PKCS11Error
    except ImportError as error:
        raise SignerUnavailable(
            _("Keys in tokens need the package python-pkcs11: pip install 'microcred[pkcs11]'.")
        ) from error
    with _lock:
        was_open = _session is not None
        try:
            return act(_open(token))
        except PKCS11Error as error:
            forget_session()
            if not was_open:
                raise _away(token, error) from error
        try:
            return act(_open(token))
        except PKCS11Error as error:
            forget_session()
            raise _away(token, error) from error


def _open(token: str) -> Any:
    global _session
    configured = settings()
    wanted = (configured.pkcs11_module, configured.pkcs11_pin)
    if _session is not None and _session[:2] == (wanted, token):
        return _session[2]
    if not all(wanted):
        raise SignerUnavailable(
            _("Set MICROCRED['PKCS11_MODULE'] and MICROCRED['PKCS11_PIN'] for keys in tokens.")
        )
    forget_session()
    _session = (wanted, token, _log_in(token, *wanted))
    return _session[2]


def _log_in(token: str, module: str, pin: str) -> Any:
    global _fresh_process
    import pkcs11
    from pkcs11.exceptions import PinIncorrect, PinLocked

    trace = salted_hmac("microcred.pkcs11", f"{module} {token} {pin}", algorithm="sha256").hexdigest()
    refused = f"microcred-pin-{trace}"
    if cache.get(refused):
        raise _wrong_pin(token)
    try:
        library = pkcs11.lib(module)
    except (RuntimeError, OSError) as error:
        raise SignerUnavailable(
            _("The PKCS#11 module {module} cannot be loaded.").format(module=module)
        ) from error
    if _fresh_process:  # a parent's sessions are not ours, and a module remembers which tokens there were
        library.reinitialize()
        _fresh_process = False
    try:
        return library.get_token(token_label=token).open(rw=True, user_pin=pin)
    except (PinIncorrect, PinLocked) as error:
        cache.set(refused, 1, PIN_PAUSE_SECONDS)
        raise _wrong_pin(token) from error


def _wrong_pin(token: str) -> SignerUnavailable:
    return SignerUnavailable(
        _(
            "The token “{token}” refuses the PIN in MICROCRED['PKCS11_PIN']. It is not tried again for an hour."
        ).format(token=token)
    )


def _away(token: str, error: Exception) -> SignerUnavailable:
    return SignerUnavailable(
        _("The token “{token}” gives no signature now ({reason}). What waits for it is tried again.").format(
            token=token, reason=type(error).__name__
        )
    )


def _sign(session: Any, place: KeyPlace, data: bytes) -> bytes:
    from pkcs11 import Mechanism, ObjectClass

    return bytes(_find(session, place, ObjectClass.PRIVATE_KEY).sign(data, mechanism=Mechanism.EDDSA))


def _prove(session: Any, place: KeyPlace) -> bytes:
    from pkcs11 import Attribute, ObjectClass

    secret = _find(session, place, ObjectClass.PRIVATE_KEY)
    if secret[Attribute.EXTRACTABLE] or not secret[Attribute.SENSITIVE]:
        raise KeyRefused(
            _("The token would give this key away. Make one that is sensitive and not extractable.")
        )
    point = bytes(_find(session, place, ObjectClass.PUBLIC_KEY)[Attribute.EC_POINT])
    public_key = point[2:] if point[:2] == b"\x04\x20" else point
    challenge = secrets.token_bytes(32)
    if len(public_key) != 32 or not signature_matches(
        public_key, challenge, _sign(session, place, challenge)
    ):
        raise KeyRefused(_("The public and the private key at this place do not belong together."))
    return public_key


def _make(session: Any, place: KeyPlace) -> bytes:
    from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
    from pkcs11.util.ec import encode_named_curve_parameters

    if list(session.get_objects(_template(place, ObjectClass.PRIVATE_KEY))):
        raise KeyRefused(_("The token has a key at this place. Name another, or take that one over."))
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(_ED25519)}
    parameters = session.create_domain_parameters(KeyType.EC_EDWARDS, curve, local=True)
    parameters.generate_keypair(
        mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        store=True,
        label=place.label or None,
        id=place.id or None,
        private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )
    return _prove(session, place)


def _find(session: Any, place: KeyPlace, kind: Any) -> Any:
    found = list(session.get_objects(_template(place, kind)))
    if len(found) != 1:
        raise SignerUnavailable(
            _("The token “{token}” has {count} Ed25519 keys at this place instead of one.").format(
                token=place.token, count=len(found)
            )
        )
    return found[0]


def _template(place: KeyPlace, kind: Any) -> dict[Any, Any]:
    from pkcs11 import Attribute, KeyType

    wanted = {Attribute.CLASS: kind, Attribute.KEY_TYPE: KeyType.EC_EDWARDS}
    if place.label:
        wanted[Attribute.LABEL] = place.label
    if place.id:
        wanted[Attribute.ID] = place.id
    return wanted
