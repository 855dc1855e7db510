"""Tokens of the older data model: the same statements under older names, read with the suspicion of any token."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from microcred_app.ob3.canonical import canonicalise
from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3
from microcred_app.ob3.dids import did_jwk
from microcred_app.ob3.documents import build_achievement_credential
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.jose_signing import EddsaJoseSigner, Es256Signer, JoseSigner
from microcred_app.ob3.jwt_credential import envelope_jwt, sign_older_jwt
from microcred_app.ob3.public_keys import decode_base64url, encode_base64url
from microcred_app.ob3.report import INFORMS, Report
from microcred_app.ob3.schema import bundled_validators
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.ob3.vcdm_1 import DIGEST_TERM, older_form
from microcred_app.ob3.verification import verify
from tests.ob3.samples import CREDENTIAL, ISSUER, LIST_URL, METHOD, NOW, SIGNER, signed, signed_list

HOLDER = "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
STRANGER = EddsaJoseSigner(Ed25519Signer(bytes(32)))
OURS = EddsaJoseSigner(SIGNER)
LATER = NOW + timedelta(days=2)


def document(**changes: Any) -> dict[str, Any]:
    held = replace(CREDENTIAL, subject=replace(CREDENTIAL.subject, id=HOLDER))
    said = {**build_achievement_credential(held), **changes}
    return {name: value for name, value in said.items() if value is not None}


def token(**changes: Any) -> bytes:
    return sign_older_jwt(document(**changes), OURS, key_id=METHOD)


def payload_of(text: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(decode_base64url(text.split(b".")[1]))
    return value


def forged(payload: dict[str, Any], signer: JoseSigner = OURS, **header: Any) -> bytes:
    """*payload* signed, under a header of the attacker's choice."""
    head = {"alg": signer.key.algorithm, "typ": "JWT", "kid": METHOD, **header}
    head = {name: value for name, value in head.items() if value is not None}
    parts = [encode_base64url(json.dumps(part).encode()) for part in (head, payload)]
    return b".".join([*parts, encode_base64url(signer.sign(b".".join(parts)))])


def report_on(text: bytes, *revoked: int, **options: Any) -> Report:
    lists = {LIST_URL: json.dumps(signed_list(*revoked)).encode()}
    options = {"now": LATER, "fetch_status_list": lists.__getitem__, **options}
    return verify(text, **options)


def test_header_and_claims_are_what_such_wallets_read() -> None:
    text, said = token(), payload_of(token())
    assert json.loads(decode_base64url(text.split(b".")[0])) == {"alg": "EdDSA", "typ": "JWT", "kid": METHOD}
    assert {name: said[name] for name in ("iss", "sub", "jti")} == {
        "iss": ISSUER,
        "sub": HOLDER,
        "jti": CREDENTIAL.id,
    }
    assert said["nbf"] == int(CREDENTIAL.valid_from.timestamp())
    assert said["exp"] == int((NOW + timedelta(days=3650)).timestamp())
    assert said["vc"]["@context"][:2] == ["https://www.w3.org/2018/credentials/v1", OB_3_0_3]
    assert said["vc"]["issuanceDate"] == "2026-03-01T09:00:00Z"
    assert not {"validFrom", "validUntil", "proof"} & said["vc"].keys()


def test_every_statement_is_the_same_but_for_the_names_of_the_dates() -> None:
    today = document(evidence=None)  # the one definition of our own is for readers that take such
    newer, older = (set(canonicalise(form).decode().splitlines()) for form in (today, older_form(today)))
    changed = newer ^ older
    assert {line.split()[1].rpartition("#")[2].rstrip(">") for line in changed} == {
        *("validFrom", "validUntil", "issuanceDate", "expirationDate")
    }


def test_the_report_says_what_it_is_and_the_published_schema_for_it_is_applied() -> None:
    report = report_on(token(), schemas=bundled_validators())
    assert report.verdict == "valid", report
    line = report.check("data_model")
    assert (line.reason, line.bearing) == ("data_model.older", INFORMS)
    assert report.check("schema").reason == "schema.satisfied"
    said = payload_of(token())
    del said["vc"]["credentialSubject"]["achievement"]["criteria"]
    assert report_on(forged(said), schemas=bundled_validators()).check("schema").reason == "schema.violated"


def test_a_p256_key_signs_with_es256() -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = Es256Signer(pem)
    issuer = did_jwk(signer.key)
    said = document(issuer={**document()["issuer"], "id": issuer}, credentialStatus=None)
    text = sign_older_jwt(said, signer, key_id=f"{issuer}#0")
    assert json.loads(decode_base64url(text.split(b".")[0]))["alg"] == "ES256"
    assert report_on(text).verdict == "valid"


def test_revocation_and_expiry_are_seen() -> None:
    assert report_on(token(), 94567).check("status").reason == "status.revoked"
    assert report_on(token(), now=NOW + timedelta(days=4000)).verdict == "invalid"
    assert (
        report_on(token(), now=NOW - timedelta(days=1)).check("validity_period").reason == "validity.not_yet"
    )


def test_what_the_credential_leaves_to_the_claims_is_taken_from_there() -> None:
    """Other issuers' libraries move members into claims, as the specification allows."""
    said = payload_of(token())
    for name in ("id", "issuanceDate", "expirationDate"):
        del said["vc"][name]
    del said["vc"]["credentialSubject"]["id"]
    assert report_on(forged(said)).verdict == "valid"
    said["exp"] = int(NOW.timestamp()) + 1
    assert report_on(forged(said)).check("validity_period").reason == "validity.expired"
    said["vc"]["issuer"] = said["iss"]
    assert report_on(forged(said)).check("signature").reason == "signature.holds"


@pytest.mark.parametrize("claim", ["iss", "jti", "nbf", "sub", "exp"])
@pytest.mark.parametrize("change", ["other", "missing"])
def test_a_claim_that_contradicts_the_credential_is_found(claim: str, change: str) -> None:
    said = payload_of(token())
    if change == "missing":
        del said[claim]
    else:
        said[claim] = "urn:x:other" if isinstance(said[claim], str) else said[claim] + 1
    report = report_on(forged(said))
    assert (report.verdict, report.check("signature").reason) == ("invalid", "jwt.claim")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": "RS256"},
        {"alg": None},
        {"typ": "vc+jwt"},
        {"typ": "at+jwt"},
        {"crit": ["b64"], "b64": False},
        {"kid": "did:web:stranger.example#key"},
        {"kid": f"{ISSUER}#another"},
        {"kid": 5},
        {"jwk": STRANGER.key.jwk()},
        {"jku": "https://stranger.example/keys"},
        {"x5c": ["MIIB"]},
    ],
)
def test_the_token_cannot_choose_how_it_is_checked(header: dict[str, Any]) -> None:
    assert report_on(forged(payload_of(token()), **header)).verdict != "valid"


def test_a_stranger_cannot_sign_in_the_issuers_name() -> None:
    said = payload_of(token())
    own = f"{did_jwk(STRANGER.key)}#0"
    for text in (
        forged(said, STRANGER),
        forged(said, STRANGER, kid=own),
        forged(said, STRANGER, kid=None, jwk=STRANGER.key.jwk()),
        forged({**said, "iss": did_jwk(STRANGER.key)}, STRANGER, kid=own),
    ):
        assert report_on(text).verdict == "invalid"


def test_an_unsigned_or_stripped_token_is_refused() -> None:
    head, body, _signature = token().split(b".")
    assert report_on(b".".join([head, body, b""])).verdict == "invalid"
    nothing = encode_base64url(b'{"alg":"none","typ":"JWT"}')
    assert report_on(b".".join([nothing, body, b""])).verdict != "valid"


def test_the_public_key_as_shared_secret_opens_nothing() -> None:
    import hashlib
    import hmac

    head = encode_base64url(json.dumps({"alg": "HS256", "typ": "JWT", "kid": METHOD}).encode())
    said = head + b"." + token().split(b".")[1]
    text = said + b"." + encode_base64url(hmac.new(SIGNER.public_key, said, hashlib.sha256).digest())
    assert report_on(text).verdict != "valid"


@pytest.mark.parametrize(
    "beside",
    [
        {"issuer": "did:web:stranger.example"},
        {"credentialSubject": {"id": "did:example:other"}},
        {"@context": [CREDENTIALS_V2, OB_3_0_3]},
        {"type": ["VerifiableCredential"]},
        {"validUntil": "2099-01-01T00:00:00Z"},
        {"proof": {}},
        {"vp": {}},
    ],
)
def test_a_second_credential_beside_the_first_is_refused(beside: dict[str, Any]) -> None:
    report = report_on(forged({**payload_of(token()), **beside}))
    assert (report.verdict, report.check("structure").reason) == ("invalid", "jwt.two_credentials")


def test_a_valid_credential_of_today_cannot_hide_another_in_the_claim() -> None:
    """The payload is a whole credential of today's model, and ``vc`` says something else under the same signature."""
    text = envelope_jwt(document(vc=payload_of(token())["vc"]), OURS, key_id=METHOD)
    assert report_on(text).verdict == "invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": [CREDENTIALS_V2, OB_3_0_3]},
        {"@context": OB_3_0_3},
        {"@context": []},
        {"validFrom": "2026-03-01T09:00:00Z"},
        {"validUntil": "2099-01-01T00:00:00Z"},
        {"proof": {"type": "DataIntegrityProof"}},
        {"issuanceDate": "yesterday"},
        {"issuanceDate": ["2026-03-01T09:00:00Z"]},
        {"credentialSubject": [{}, {}]},
        {"type": ["VerifiableCredential"]},
        {"evidence": [{"id": CREDENTIAL.id, "type": ["Evidence"], "issuer": "did:web:stranger.example"}]},
    ],
)
def test_what_is_none_of_the_older_model_is_invalid(changes: dict[str, Any]) -> None:
    said = payload_of(token())
    said["vc"] = {**said["vc"], **changes}
    assert report_on(forged(said)).verdict == "invalid"


def test_terms_of_a_strangers_making_stay_unknown() -> None:
    said = payload_of(token())
    for strange in ("https://stranger.example/terms", {"name": "https://stranger.example/name"}):
        said["vc"] = {**said["vc"], "@context": [*said["vc"]["@context"], strange]}
        assert report_on(forged(said)).check("contexts").reason == "contexts.unknown"
    # the one definition that this project adds is no door in a credential of today's model
    today = document()
    today["@context"] = [*today["@context"], DIGEST_TERM]
    assert report_on(envelope_jwt(today, OURS, key_id=METHOD)).check("contexts").reason == "contexts.unknown"


@pytest.mark.parametrize("vc", [None, 1, "text", [], [{}], True])
def test_a_claim_that_is_no_object_gets_a_report(vc: Any) -> None:
    report = report_on(forged({"iss": ISSUER, "vc": vc}))
    assert (report.verdict, report.check("structure").reason) == ("invalid", "jwt.vc_claim")


@pytest.mark.parametrize("moment", [True, -1, 10**20, "1", 1.5, None, [], {}])
@pytest.mark.parametrize("claim", ["nbf", "exp"])
def test_a_time_that_is_none_gets_a_report(claim: str, moment: Any) -> None:
    said = payload_of(token())
    del said["vc"]["issuanceDate"], said["vc"]["expirationDate"]
    assert report_on(forged({**said, claim: moment})).verdict == "invalid"


@pytest.mark.parametrize("number", range(12))
def test_a_changed_token_is_never_valid(number: int) -> None:
    text = bytearray(token())
    place = len(text) * (2 * number + 1) // 24
    text[place] = ord("A") if text[place] != ord("A") else ord("B")
    assert report_on(bytes(text)).verdict != "valid"


def test_the_envelope_of_todays_model_does_not_carry_it() -> None:
    envelope = {
        "@context": CREDENTIALS_V2,
        "id": f"data:application/vc+jwt,{token().decode()}",
        "type": "EnvelopedVerifiableCredential",
    }
    report = report_on(json.dumps(envelope).encode())
    assert (report.verdict, report.check("structure").reason) == ("invalid", "jwt.envelope")


def test_a_signature_of_the_document_is_none_of_the_token_and_the_other_way_round() -> None:
    """Taken out of its token the credential is unsigned; put into one, a signed document is refused."""
    assert report_on(json.dumps(payload_of(token())["vc"]).encode()).verdict == "invalid"
    with pytest.raises(DocumentError):
        sign_older_jwt(signed(), OURS, key_id=METHOD)


@pytest.mark.parametrize(
    "changes",
    [
        {"credentialSubject": {"type": ["AchievementSubject"]}},
        {"endorsement": [{}]},
        {"termsOfUse": [{}]},
        {"@context": [CREDENTIALS_V2, OB_3_0_3, "https://example.org/own"]},
        {"issuer": {**document()["issuer"], "endorsement": [{}]}},
    ],
)
def test_what_the_older_model_cannot_say_is_not_signed(changes: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        token(**changes)
