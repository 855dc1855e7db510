"""Every function of the package that takes bytes or text from a stranger, each with honest input to start from."""

import json
from collections.abc import Callable
from typing import Any

from microcred_app.ob3.baking import bake_png, bake_svg, unbake
from microcred_app.ob3.dids import did_jwk, did_web_url, resolve_did_jwk, resolve_did_key
from microcred_app.ob3.integrity import decode_sri, encode_sri
from microcred_app.ob3.jose_signing import EddsaJoseSigner
from microcred_app.ob3.json_input import parse_json
from microcred_app.ob3.multikey import decode_base58btc, decode_digest, decode_multikey, decode_signature
from microcred_app.ob3.presentations import verify_presentation
from microcred_app.ob3.public_keys import PublicKey, decode_base64url
from microcred_app.ob3.schema import bundled_validators
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.status_list import decode
from microcred_app.ob3.text import clean_text, clean_url
from microcred_app.ob3.timestamps import parse_time
from microcred_app.ob3.verification import verify
from tests.ob3.samples import ISSUER, LIST_URL, NOW, SIGNER, signed, signed_list
from tests.ob3.test_baking import SVG, png
from tests.ob3.test_nested import badge_of_holder, record, token
from tests.ob3.test_profiles import EVERYTHING

__all__ = ["PARSERS", "Parser"]

Parser = Callable[[bytes], Any]

KEY = EddsaJoseSigner(SIGNER).key
CREDENTIAL = encode_document(signed())
TOKEN = token(badge_of_holder()).encode()
PRESENTATION = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "VerifiablePresentation"}


def text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def read_status(data: bytes) -> Any:
    return verify(CREDENTIAL, now=NOW, fetch_status_list={LIST_URL: data}.__getitem__)


def read_newest(data: bytes) -> Any:
    document = {**badge_of_holder(), "refreshService": {"id": LIST_URL, "type": "1EdTechCredentialRefresh"}}
    return verify(token(document), now=NOW, fetch_newest={LIST_URL: data}.__getitem__)


def read_key(data: bytes) -> Any:
    return PublicKey.from_jwk(parse_json(data))


PARSERS: dict[str, tuple[Parser, list[bytes]]] = {
    "credential": (
        lambda data: verify(data, now=NOW, schemas=bundled_validators()),
        [CREDENTIAL, TOKEN, encode_document(record()), encode_document(signed(EVERYTHING))],
    ),
    "presentation": (
        lambda data: verify_presentation(data, now=NOW, challenge="x"),
        [json.dumps({**PRESENTATION, "holder": ISSUER, "verifiableCredential": [signed()]}).encode()],
    ),
    "status list": (read_status, [encode_document(signed_list(7))]),
    "newest version": (read_newest, [CREDENTIAL, TOKEN]),
    "picture": (unbake, [bake_png(png(), CREDENTIAL), bake_svg(SVG, CREDENTIAL)]),
    "json": (parse_json, [CREDENTIAL]),
    "encoded list": (
        lambda data: decode(text(data)),
        [signed_list(7)["credentialSubject"]["encodedList"].encode()],
    ),
    "key": (read_key, [json.dumps(KEY.jwk()).encode()]),
    "did:key": (lambda data: resolve_did_key(text(data)), [ISSUER.encode()]),
    "did:web": (lambda data: did_web_url(text(data)), [b"did:web:example.edu%3A8443:a:b"]),
    "did:jwk": (lambda data: resolve_did_jwk(text(data)), [did_jwk(KEY).encode()]),
    "multikey": (lambda data: decode_multikey(text(data)), [ISSUER[8:].encode()]),
    "signature": (lambda data: decode_signature(text(data)), [signed()["proof"][0]["proofValue"].encode()]),
    "digest": (lambda data: decode_digest(text(data)), [signed()["evidence"][0]["digestMultibase"].encode()]),
    "sri": (lambda data: decode_sri(text(data)), [encode_sri(bytes(32)).encode()]),
    "base58": (lambda data: decode_base58btc(text(data)), [b"2NEpo7TZRRrLZSi2U"]),
    "base64url": (decode_base64url, [b"AAAA-_8"]),
    "time": (lambda data: parse_time("x", text(data)), [b"2026-03-01T09:00:00.5+02:00"]),
    "text": (
        lambda data: clean_text(text(data)),
        ["&amp;amp;lt; https://a.b/?a=1&copy=2 \u2067x\u2069".encode()],
    ),
    "address": (lambda data: clean_url(text(data)), ["https://exämple.edu/a?b=&lt;".encode()]),
}
