"""Credentials as tokens before npm libraries: they read what was signed, and nothing that was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from microcred_app.ob3.dids import resolve_did_key
from microcred_app.ob3.documents import build_achievement_credential
from microcred_app.ob3.jose_signing import EddsaJoseSigner, Es256Signer
from microcred_app.ob3.jwt_credential import envelope_jwt, sign_older_jwt
from microcred_app.ob3.public_keys import PublicKey
from microcred_app.ob3.vcdm_1 import older_form
from tests.interop.verifiers import canonise_with_node, run_client
from tests.ob3.samples import CREDENTIAL, ISSUER, METHOD, NOW, SIGNER

pytestmark = pytest.mark.interop


def test_jose_reads_the_credential_and_refuses_what_was_changed() -> None:
    document = build_achievement_credential(CREDENTIAL)
    token = envelope_jwt(document, EddsaJoseSigner(SIGNER), key_id=METHOD).decode()
    head, payload, signature = token.split(".")
    jwk = PublicKey("Ed25519", SIGNER.public_key).jwk()
    other = PublicKey("Ed25519", bytes(range(1, 33))).jwk()
    stripped, swapped = f"{head}.{payload}.", f"{head}.{payload[:-4]}AAAA.{signature}"
    told = [(token, jwk), (stripped, jwk), (swapped, jwk), (token, other)]
    found = run_client("token.mjs", {"tokens": [{"token": t, "jwk": k} for t, k in told]})["found"]
    assert found[0]["payload"] == document
    assert found[0]["header"] == {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": METHOD}
    assert [("payload" in entry) for entry in found] == [True, False, False, False]


def _held(**changes: Any) -> dict[str, Any]:
    held = replace(CREDENTIAL, subject=replace(CREDENTIAL.subject, id=ISSUER))
    return {**build_achievement_credential(held), **changes}


def test_did_jwt_vc_reads_tokens_of_the_older_model_and_refuses_what_was_changed() -> None:
    token = sign_older_jwt(_held(), EddsaJoseSigner(SIGNER), key_id=METHOD).decode()
    head, payload, signature = token.split(".")
    stripped, swapped = f"{head}.{payload}.", f"{head}.{payload[:-4]}AAAA.{signature}"
    job = {"documents": {ISSUER: resolve_did_key(ISSUER)}, "now": int((NOW + timedelta(days=1)).timestamp())}
    found = run_client("verify_did_jwt_vc.mjs", {**job, "tokens": [token, stripped, swapped]})["found"]
    assert [("credential" in entry) for entry in found] == [True, False, False], found
    said = found[0]["credential"]
    assert (found[0]["issuer"], found[0]["key"]) == (ISSUER, METHOD)
    assert said["credentialSubject"] == _held()["credentialSubject"]
    assert (said["id"], said["issuanceDate"][:19]) == (CREDENTIAL.id, "2026-03-01T09:00:00")
    ended = run_client("verify_did_jwt_vc.mjs", {**job, "tokens": [token], "now": 4_000_000_000})["found"]
    assert "problem" in ended[0]
    unknown = run_client("verify_did_jwt_vc.mjs", {**job, "tokens": [token], "documents": {}})["found"]
    assert "problem" in unknown[0]


def test_did_jwt_vc_reads_es256() -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = Es256Signer(pem)
    issuer = f"did:key:{signer.key.multikey()}"
    published = resolve_did_key(issuer)
    said = _held(issuer={**_held()["issuer"], "id": issuer})
    token = sign_older_jwt(said, signer, key_id=published["assertionMethod"][0]).decode()
    job = {"documents": {issuer: published}, "now": int(NOW.timestamp()) + 60}
    [found] = run_client("verify_did_jwt_vc.mjs", {**job, "tokens": [token]})["found"]
    assert "credential" in found, found


def test_jsonld_finds_the_same_statements_but_for_the_names_of_the_dates() -> None:
    """In safe mode, where a word without a definition is an error: digests of evidence are defined as well."""
    answers = canonise_with_node([_held(), older_form(_held())])
    newer, older = (set(answer["nquads"].splitlines()) for answer in answers)
    changed = {line.split()[1].rpartition("#")[2].rstrip(">") for line in newer ^ older}
    assert changed == {"validFrom", "validUntil", "issuanceDate", "expirationDate"}
    assert any("digestMultibase" in line for line in newer & older)
