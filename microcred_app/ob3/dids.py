"""Issuers are named by DIDs: ``did:web`` for an organisation's own host, ``did:key`` for development.

The documents made here have the one shape every receiver reads: Multikey objects in ``verificationMethod``,
their full addresses as plain texts in ``assertionMethod``, the key's own multibase text as fragment.

did:web Method Specification; did:key Method v0.9; Controlled Identifiers 1.0 section 2.
"""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from microcred_app.ob3.contexts import DID_V1, JWK_V1, MULTIKEY_V1
from microcred_app.ob3.errors import DidError, DocumentError, KeyFormatError
from microcred_app.ob3.json_input import parse_json
from microcred_app.ob3.json_text import encode_json
from microcred_app.ob3.multikey import encode_multikey
from microcred_app.ob3.public_keys import PublicKey, decode_base64url, encode_base64url
from microcred_app.ob3.timestamps import parse_time

__all__ = [
    "assertion_key",
    "assertion_keys",
    "did_document",
    "did_jwk",
    "did_key",
    "did_web",
    "did_web_url",
    "public_key",
    "resolve_did_jwk",
    "resolve_did_key",
    "verification_method_id",
]

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+")
_KEY_MEMBERS = {
    "Multikey": "publicKeyMultibase",
    "Ed25519VerificationKey2020": "publicKeyMultibase",
    "JsonWebKey": "publicKeyJwk",
    "JsonWebKey2020": "publicKeyJwk",
}
_LONGEST_JWK = 4_000


def did_key(public_key: bytes) -> str:
    """Return the did:key of an Ed25519 public key."""
    return f"did:key:{encode_multikey(public_key)}"


def did_web(url: str) -> str:
    """Return the did:web whose document is published below *url* (an ``https`` address of a named host).

    ``https://example.edu`` and ``https://example.edu/.well-known/did.json`` give ``did:web:example.edu``;
    ``https://example.edu:8443/a/b`` gives ``did:web:example.edu%3A8443:a:b``. IP addresses are refused, as
    the method demands; so are credentials, queries and fragments, which a DID cannot carry.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise DidError("did.url", f"“{url[:120]}” is not an address.") from error
    if parts.scheme not in ("https", "http") or parts.query or parts.fragment or "@" in parts.netloc:
        raise DidError("did.url", f"“{url[:120]}” must be a plain https address without query.")
    _require_host(host)
    segments = [segment for segment in parts.path.split("/") if segment]
    if segments and segments[-1] == "did.json":
        segments = [] if segments == [".well-known", "did.json"] else segments[:-1]
    _require_segments(segments)
    authority = f"{host}%3A{port}" if port else host
    return ":".join(["did:web", authority, *segments])


def did_web_url(did: str) -> str:
    """Return the ``https`` address of the document of a did:web, or raise `DidError`."""
    parts = did.split(":")
    if len(parts) < 3 or parts[:2] != ["did", "web"]:
        raise DidError("did.method", f"“{did[:120]}” is not a did:web.")
    host, port = _split_authority(parts[2])
    _require_host(host)
    _require_segments(parts[3:])
    path = "/".join(parts[3:]) if parts[3:] else ".well-known"
    return f"https://{host}{port}/{path}/did.json"


def verification_method_id(did: str, public_key: bytes) -> str:
    """Return the address of *public_key* in the document of *did*: the key itself is the fragment."""
    return f"{did}#{encode_multikey(public_key)}"


def did_document(did: str, public_keys: Sequence[bytes]) -> dict[str, Any]:
    """Return the DID document of *did* with *public_keys*: the one in use first, then those it followed.

    A key that signed credentials which shall go on verifying must stay listed; a retired key stays here
    without being used. A key whose secret was stolen must be left out: its signatures, old and new, cannot
    be told apart, and everything it signed has to be issued again. (Setting ``revoked`` would do the same to
    verifiers that know it and nothing to those that do not.)
    """
    if not public_keys:
        raise DidError("did.no_keys", "A DID document needs at least one key.")
    ids = [verification_method_id(did, key) for key in dict.fromkeys(public_keys)]
    return {
        "@context": [DID_V1, MULTIKEY_V1],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": method.split("#")[1]}
            for method in ids
        ],
        "assertionMethod": ids,
    }


def resolve_did_key(did: str) -> dict[str, Any]:
    """Return the document that a did:key (Ed25519 or P-256) carries in itself; needs no network."""
    if not did.startswith("did:key:"):
        raise DidError("did.method", f"“{did[:120]}” is not a did:key.")
    key = PublicKey.from_multikey(did.removeprefix("did:key:")).multikey()
    method = {"id": f"{did}#{key}", "type": "Multikey", "controller": did, "publicKeyMultibase": key}
    return _single_key_document(did, method, MULTIKEY_V1)


def did_jwk(key: PublicKey) -> str:
    """Return the did:jwk of a public key: the JSON Web Key itself, in base64url."""
    return f"did:jwk:{encode_base64url(encode_json(key.jwk())).decode()}"


def resolve_did_jwk(did: str) -> dict[str, Any]:
    """Return the document that a did:jwk carries in itself; needs no network."""
    if not did.startswith("did:jwk:") or len(did) > _LONGEST_JWK or not did.isascii():
        raise DidError("did.method", f"“{did[:120]}” is not a did:jwk.")
    jwk = parse_json(decode_base64url(did.removeprefix("did:jwk:").encode()))
    PublicKey.from_jwk(jwk)
    method = {"id": f"{did}#0", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
    return _single_key_document(did, method, JWK_V1)


def _single_key_document(did: str, method: Mapping[str, Any], context: str) -> dict[str, Any]:
    return {
        "@context": [DID_V1, context],
        "id": did,
        "verificationMethod": [dict(method)],
        "assertionMethod": [method["id"]],
        "authentication": [method["id"]],
    }


def assertion_key(document: Mapping[str, Any], method_id: str, now: datetime) -> bytes:
    """Return the Ed25519 key that *document* lists under *method_id* for signing credentials; see `public_key`."""
    key = public_key(document, method_id, now)
    if key.kind != "Ed25519":
        raise DidError("did.key_type", "The key is of a kind that this proof cannot use.")
    return key.data


def assertion_keys(document: Mapping[str, Any], now: datetime) -> list[PublicKey]:
    """Return every usable key that *document* lists for signing credentials."""
    keys = []
    for entry in _entries(document.get("assertionMethod")):
        name = entry.get("id") if isinstance(entry, Mapping) else entry
        try:
            keys.append(public_key(document, str(_absolute(str(document.get("id")), name)), now))
        except (DidError, KeyFormatError):
            continue
    return keys


def public_key(
    document: Mapping[str, Any], method_id: str, now: datetime, relationship: str = "assertionMethod"
) -> PublicKey:
    """Return the key that *document* lists under *method_id* for *relationship*, or raise `DidError`.

    The document must be the one of the method's own DID, the method must name that DID as its controller,
    stand in that relationship, and be neither revoked nor expired at *now*. Each of these is what keeps a
    stranger's key, or a key published for logging in, from signing in the issuer's name.
    """
    did = method_id.split("#", 1)[0]
    if document.get("id") != did:
        raise DidError("did.other_document", "The document found describes another identifier.")
    method = _find_method(document, did, method_id, relationship)
    if method.get("controller") != did:
        raise DidError("did.other_controller", "The key belongs to another controller.")
    kind = method.get("type")
    member = _KEY_MEMBERS.get(kind, "") if isinstance(kind, str) else ""
    if member not in method:
        raise DidError("did.key_type", "The key is of a kind that is not supported.")
    for end in ("revoked", "expires"):
        if end in method and _ended(method[end], now):
            raise DidError("did.key_ended", "The issuer has declared this key revoked or expired.")
    return (PublicKey.from_jwk if member == "publicKeyJwk" else PublicKey.from_multikey)(method[member])


def _find_method(
    document: Mapping[str, Any], did: str, method_id: str, relationship: str
) -> Mapping[str, Any]:
    allowed = _entries(document.get(relationship))
    embedded = [entry for entry in allowed if isinstance(entry, Mapping)]
    named = [entry if isinstance(entry, str) else entry.get("id") for entry in allowed]
    if method_id not in {_absolute(did, name) for name in named}:
        raise DidError("did.not_for_assertions", "The issuer does not list this key for this purpose.")
    for method in [*_entries(document.get("verificationMethod")), *embedded]:
        if isinstance(method, Mapping) and _absolute(did, method.get("id")) == method_id:
            return method
    raise DidError("did.key_missing", "The issuer's document does not contain the key.")


def _entries(value: object) -> list[Any]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, str | Mapping)]


def _absolute(did: str, name: object) -> object:
    return f"{did}{name}" if isinstance(name, str) and name.startswith("#") else name


def _ended(moment: object, now: datetime) -> bool:
    try:
        return parse_time("key", moment) <= now
    except DocumentError:
        return True  # a key that says it ended, but not readably when, is not trusted


def _split_authority(authority: str) -> tuple[str, str]:
    host, separator, port = unquote(authority).partition(":")
    if separator and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise DidError("did.port", "The port in the did:web is not a number.")
    return host, f":{port}" if separator else ""


def _require_host(host: str) -> None:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        raise DidError("did.ip_address", "did:web needs a host name, not an IP address.")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise DidError("did.host", f"“{host[:80]}” is not a host name in lower-case ASCII.")


def _require_segments(segments: Sequence[str]) -> None:
    for segment in segments:
        if not _SEGMENT.fullmatch(segment) or segment in (".", ".."):
            raise DidError("did.path", f"“{segment[:80]}” cannot be part of a did:web.")
