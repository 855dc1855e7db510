"""Tokens: made as Open Badges 3.0 says, read with suspicion, attributed only to keys the issuer publishes."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from benchmarks.signing.typical import typical_credential
from microcred_app.ob3.dids import did_jwk, resolve_did_jwk, resolve_did_key
from microcred_app.ob3.errors import DidError, DocumentError, KeyFormatError, Ob3Error
from microcred_app.ob3.jose_signing import EddsaJoseSigner, Es256Signer, JoseSigner, Rs256Signer
from microcred_app.ob3.jwt_credential import sign_jwt
from microcred_app.ob3.public_keys import PublicKey, decode_base64url, encode_base64url
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.ob3.verification import verify
from tests.ob3.samples import ISSUER, NOW, SIGNER

LATER = NOW + timedelta(days=2)


def pem(key: Any) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


EC_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(65_537, 2_048)
SIGNERS: list[JoseSigner] = [
    EddsaJoseSigner(SIGNER),
    Es256Signer(pem(EC_KEY)),
    Rs256Signer(pem(RSA_KEY)),
]


def credential(issuer: str, **changes: Any) -> dict[str, Any]:
    document = {**typical_credential(issuer, 5), **changes}
    del document["credentialStatus"]
    return {name: value for name, value in document.items() if value is not None}


def report_on(token: bytes, **options: Any) -> Any:
    return verify(token, now=LATER, **options)


def forged(payload: dict[str, Any], signer: JoseSigner, **header: Any) -> bytes:
    head = {"alg": signer.key.algorithm, "typ": "JWT", "jwk": signer.key.jwk(), **header}
    head = {name: value for name, value in head.items() if value is not None}
    signed = (
        encode_base64url(json.dumps(head).encode()) + b"." + encode_base64url(json.dumps(payload).encode())
    )
    return signed + b"." + encode_base64url(signer.sign(signed))


def payload_of(token: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(decode_base64url(token.split(b".")[1]))
    return value


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.key.algorithm)
def test_a_token_with_the_key_embedded_is_valid(signer: JoseSigner) -> None:
    token = sign_jwt(credential(did_jwk(signer.key)), signer)
    report = report_on(token)
    assert report.verdict == "valid", report
    assert payload_of(token)["iss"] == did_jwk(signer.key)
    assert {"jti", "nbf", "sub", "exp"} <= payload_of(token).keys()


def test_a_token_that_names_the_key_is_valid() -> None:
    method = resolve_did_key(ISSUER)["assertionMethod"][0]
    assert report_on(sign_jwt(credential(ISSUER), SIGNERS[0], key_id=method)).verdict == "valid"


def test_p256_did_key_and_multikey_are_read() -> None:
    key = SIGNERS[1].key
    did = f"did:key:{key.multikey()}"
    assert PublicKey.from_multikey(key.multikey()) == key
    assert report_on(sign_jwt(credential(did), SIGNERS[1])).verdict == "valid"


def test_did_web_keys_are_looked_up() -> None:
    did, key = "did:web:example.edu", SIGNERS[2].key
    method = {"id": f"{did}#rsa", "type": "JsonWebKey", "controller": did, "publicKeyJwk": key.jwk()}
    document = {"id": did, "verificationMethod": [method], "assertionMethod": [method["id"]]}
    token = sign_jwt(credential(did), SIGNERS[2], key_id=f"{did}#rsa")
    assert report_on(token, resolve_did={did: document}.__getitem__).verdict == "valid"
    assert report_on(token).verdict == "undetermined"
    embedded = sign_jwt(credential(did), SIGNERS[2])
    assert report_on(embedded, resolve_did={did: document}.__getitem__).verdict == "valid"
    method["revoked"] = "2026-01-01T00:00:00Z"
    assert report_on(token, resolve_did={did: document}.__getitem__).verdict == "invalid"


def test_a_strangers_key_in_the_header_proves_nothing() -> None:
    stranger = EddsaJoseSigner(Ed25519Signer(bytes(32)))
    report = report_on(sign_jwt(credential(ISSUER), stranger))
    assert report.check("key_ownership").reason == "key.not_published"
    assert report.verdict == "invalid"


@pytest.mark.parametrize("claim", ["iss", "jti", "nbf", "sub", "exp"])
@pytest.mark.parametrize("change", ["other", "missing"])
def test_every_claim_must_repeat_the_credential(claim: str, change: str) -> None:
    payload = payload_of(sign_jwt(credential(ISSUER), SIGNERS[0]))
    if change == "missing":
        del payload[claim]
    else:
        payload[claim] = "urn:x:other" if isinstance(payload[claim], str) else payload[claim] + 1
    report = report_on(forged(payload, SIGNERS[0]))
    assert (report.verdict, report.check("signature").reason) == ("invalid", "jwt.claim")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": None},
        {"crit": ["b64"], "b64": False},
        {"typ": "at+jwt"},
        {"typ": ["JWT"]},
        {"zip": "DEF"},
        {"x5u": "https://example.org/key"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"jwk": {**SIGNERS[0].key.jwk(), "d": "AAAA"}},
        {"kid": 5},
        {"kid": "did:web:stranger.example#key"},
    ],
)
def test_headers_that_lead_astray_never_verify(header: dict[str, Any]) -> None:
    payload = payload_of(sign_jwt(credential(ISSUER), SIGNERS[0]))
    assert report_on(forged(payload, SIGNERS[0], **header)).verdict != "valid"


@pytest.mark.parametrize("number", range(20))
def test_a_changed_token_is_never_valid(number: int) -> None:
    token = bytearray(sign_jwt(credential(ISSUER), SIGNERS[0]))
    place = len(token) * (2 * number + 1) // 40
    token[place] = ord("A") if token[place] != ord("A") else ord("B")
    assert report_on(bytes(token)).verdict != "valid"


@pytest.mark.parametrize(
    "token", [b"..", b"a.b", b"a.b.c", b"e30.e30.", b"e30.W10.AA", b"e" * 100_000 + b".e.e"]
)
def test_broken_tokens_get_a_report(token: bytes) -> None:
    assert report_on(token).verdict != "valid"


_BASE64URL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.mark.parametrize("start", [b"", b"A", b"AA", b"AAA", b"AAAA", b"-_-_-"])
def test_one_value_has_one_spelling_in_base64url(start: bytes) -> None:
    for last in _BASE64URL:
        text = start + bytes([last])
        canonical = len(text) % 4 != 1 and encode_base64url(base64.urlsafe_b64decode(text + b"==")) == text
        try:
            assert encode_base64url(decode_base64url(text)) == text
            assert canonical
        except KeyFormatError:
            assert not canonical


@pytest.mark.parametrize("text", [b"AA==", b"A+A", b"A/A", b"A A", b"A\nA", b"A", b"\xff\xff", b"A=A"])
def test_other_alphabets_and_padding_are_refused(text: bytes) -> None:
    with pytest.raises(KeyFormatError):
        decode_base64url(text)


def test_an_enveloped_credential_is_read() -> None:
    payload = credential(ISSUER)
    token = forged(payload, SIGNERS[0], typ="vc+jwt", cty="vc")
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/vc+jwt,{token.decode()}",
        "type": "EnvelopedVerifiableCredential",
    }
    assert report_on(json.dumps(envelope).encode()).verdict == "valid"
    assert report_on(json.dumps({**envelope, "name": "more"}).encode()).verdict == "invalid"
    other = {**envelope, "id": "data:application/vc+sd-jwt,abc"}
    assert report_on(json.dumps(other).encode()).verdict == "undetermined"


@pytest.mark.parametrize(
    "changes", [{"credentialSubject": {"type": ["AchievementSubject"]}}, {"proof": {}}, {"iss": "x"}]
)
def test_what_cannot_become_a_token_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        sign_jwt(credential(ISSUER, **changes), SIGNERS[0])


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "EC", "crv": "secp256k1", "x": "A" * 43, "y": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kty": "OKP", "crv": "Ed25519", "x": 5},
    ],
)
def test_unusable_keys_are_refused(jwk: dict[str, Any]) -> None:
    with pytest.raises(KeyFormatError):
        PublicKey.from_jwk(jwk)
    did = "did:jwk:" + base64.urlsafe_b64encode(json.dumps(jwk).encode()).decode().rstrip("=")
    with pytest.raises(Ob3Error):
        resolve_did_jwk(did)


def test_did_jwk_is_bounded() -> None:
    with pytest.raises(DidError):
        resolve_did_jwk("did:jwk:" + "A" * 10_000)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.key.algorithm)
def test_keys_survive_the_round_trip_as_json_web_key(signer: JoseSigner) -> None:
    assert PublicKey.from_jwk(signer.key.jwk()) == signer.key
    assert "secret" in repr(signer) or "object" in repr(signer)
