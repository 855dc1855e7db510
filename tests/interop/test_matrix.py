"""Both directions agree: what is made here and what @digitalbazaar/vc and jose make, whole and changed in many ways."""

import base64
import copy
import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from microcred_app.ob3.contexts import OB_EXTENSIONS
from microcred_app.ob3.data_integrity import sign, without_proof
from microcred_app.ob3.dids import did_document, resolve_did_key, verification_method_id
from microcred_app.ob3.documents import build_achievement_credential
from microcred_app.ob3.jose_signing import EddsaJoseSigner
from microcred_app.ob3.jwt_credential import sign_jwt
from microcred_app.ob3.multikey import encode_base58btc, encode_multikey
from microcred_app.ob3.verification import verify
from tests.interop.verifiers import run_matrix
from tests.ob3.samples import CREDENTIAL, ISSUER, METHOD, NOW, PLAIN, SIGNER, replace, signed
from tests.ob3.test_jwt_credential import credential as token_credential
from tests.ob3.test_nested import ENDORSER_ID, endorsement, record

pytestmark = pytest.mark.interop

Json = dict[str, Any]
DID_WEB = "did:web:example.edu:microcred"
WEB_DOCUMENT = did_document(DID_WEB, [SIGNER.public_key])
LATER = NOW + timedelta(days=2)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unsigned() -> dict[str, Json]:
    """One document of every kind that is issued here."""
    renewed = replace(PLAIN, valid_from=NOW + timedelta(days=1), awarded_date=NOW)
    expired = replace(PLAIN, valid_from=NOW - timedelta(days=9), valid_until=NOW - timedelta(days=1))
    web = build_achievement_credential(replace(PLAIN, issuer=replace(PLAIN.issuer, id=DID_WEB)))
    return {
        "micro": build_achievement_credential(PLAIN),
        "results, rubric, evidence, status": build_achievement_credential(CREDENTIAL),
        "renewed": build_achievement_credential(renewed),
        "expired": build_achievement_credential(expired),
        "non-ASCII": build_achievement_credential(replace(PLAIN, name="Čtení 读 قراءة 📚 \u2028 e\u0301")),
        "did:web": web,
        "endorsed": build_achievement_credential(replace(PLAIN, endorsements=(endorsement(),))),
        "record": without_proof(record()),
    }


def sign_here(document: Json) -> Json:
    issuer = document["issuer"]["id"]
    method = verification_method_id(issuer, SIGNER.public_key)
    return sign(document, SIGNER, verification_method=method, created=NOW)


def add_refresh(credential: Json) -> None:
    credential["@context"].append(OB_EXTENSIONS)
    credential["refreshService"] = {"id": "urn:x:1", "type": "1EdTechCredentialRefresh"}


MUTATIONS: list[Callable[[Json], Any]] = [
    lambda c: c.update(name="Other"),
    lambda c: c.update(id="urn:uuid:00000000-0000-4000-8000-000000000000"),
    lambda c: c.update(validFrom="2026-02-01T09:00:00Z"),
    lambda c: c.update(validUntil="2099-01-01T00:00:00Z"),
    lambda c: c.pop("awardedDate"),
    lambda c: c.pop("description"),
    lambda c: c.update(colour="red"),
    lambda c: c["type"].append("Prize"),
    lambda c: c["@context"].append("https://example.org/unknown"),
    add_refresh,
    lambda c: c["issuer"].update(name="Somebody"),
    lambda c: c["issuer"].update(id=ENDORSER_ID),
    lambda c: c["credentialSubject"].update(id="did:example:other"),
    lambda c: c["credentialSubject"]["identifier"].pop(),
    lambda c: c["credentialSubject"]["identifier"][0].update(salt="other"),
    lambda c: c["credentialSubject"]["identifier"][0].update(hashed=False),
    lambda c: c["credentialSubject"]["achievement"].update(name="Master"),
    lambda c: c["credentialSubject"]["achievement"].update(creditsAvailable=99),
    lambda c: c["credentialSubject"]["achievement"]["criteria"].update(narrative="Nothing"),
    lambda c: c["credentialSubject"]["achievement"]["alignment"].pop(),
    lambda c: c["credentialSubject"]["achievement"]["tag"].append("more"),
    lambda c: c["credentialSubject"]["result"].pop(),
    lambda c: c["proof"][0].update(created="2026-02-28T09:00:00Z"),
    lambda c: c["proof"][0].update(proofPurpose="authentication"),
    lambda c: c["proof"][0].update(domain="example.org"),
    lambda c: c["proof"][0].update(proofValue=c["proof"][0]["proofValue"][:-1] + "1"),
    lambda c: c["proof"][0].update(verificationMethod=verification_method_id(ENDORSER_ID, bytes(32))),
    lambda c: c["proof"][0].update(cryptosuite="eddsa-jcs-2022"),
    lambda c: c.pop("proof"),
]


def changed(credential: Json) -> list[Json]:
    variants = []
    for change in MUTATIONS:
        variant = copy.deepcopy(credential)
        if isinstance(variant["proof"], dict):
            variant["proof"] = [variant["proof"]]
        change(variant)
        variants.append(variant)
    return variants


@cache
def results() -> Json:
    ours = [sign_here(document) for document in unsigned().values()]
    web_free = {name: document for name, document in unsigned().items() if name != "did:web"}
    job = {
        "now": LATER.isoformat().replace("+00:00", "Z"),
        "documents": {
            ISSUER: resolve_did_key(ISSUER),
            ENDORSER_ID: resolve_did_key(ENDORSER_ID),
            DID_WEB: WEB_DOCUMENT,
        },
        "key": {
            "did": ISSUER,
            "publicKeyMultibase": encode_multikey(SIGNER.public_key),
            "secretKeyMultibase": "z" + encode_base58btc(b"\x80\x26" + SIGNER.seed),
            "jwk": {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": base64url(SIGNER.public_key),
                "d": base64url(SIGNER.seed),
            },
        },
        "issue": list(web_free.values()),
        "verify": [*ours, *changed(signed())],
        "sign": [claims()],
        "tokens": [token().decode(), *changed_tokens(token().decode())],
    }
    return run_matrix(job)


def token() -> bytes:
    return sign_jwt(token_credential(ISSUER), EddsaJoseSigner(SIGNER))


def claims() -> Json:
    payload = token().split(b".")[1]
    value: Json = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    return value


def changed_tokens(whole: str) -> list[str]:
    variants = []
    for number in range(22):
        place = len(whole) * (2 * number + 1) // 44
        variants.append(whole[:place] + ("A" if whole[place] not in "A." else "B") + whole[place + 1 :])
    return variants


def verdict(credential: Any, now: Any = LATER) -> str:
    data = credential if isinstance(credential, str) else json.dumps(credential)
    report = verify(data, now=now, resolve_did={DID_WEB: WEB_DOCUMENT}.__getitem__)
    checks = [check for check in report.checks if check.code != "status"]  # lists are another test's subject
    outcomes = {check.outcome for check in checks}
    return "invalid" if "failed" in outcomes else "undetermined" if "could_not_check" in outcomes else "valid"


def test_they_accept_every_kind_made_here_and_we_agree() -> None:
    for (name, document), theirs in zip(unsigned().items(), results()["verified"], strict=False):
        assert theirs == (name != "expired"), name
        assert (verdict(sign_here(document)) == "valid") == theirs, name


def test_they_refuse_every_mutation_and_so_do_we() -> None:
    assert len(MUTATIONS) >= 20
    theirs = results()["verified"][len(unsigned()) :]
    for number, (variant, accepted) in enumerate(zip(changed(signed()), theirs, strict=True)):
        assert not accepted, number
        assert verdict(variant) != "valid", number


def test_we_accept_every_kind_made_there() -> None:
    kinds = [name for name in unsigned() if name != "did:web"]
    for name, credential in zip(kinds, results()["issued"], strict=True):
        assert credential is not None, name
        assert verdict(credential) == ("invalid" if name == "expired" else "valid"), name


def test_the_same_key_and_time_give_the_same_proof() -> None:
    kinds = [name for name in unsigned() if name != "did:web"]
    for name, credential in zip(kinds, results()["issued"], strict=True):
        mine = sign(unsigned()[name], SIGNER, verification_method=METHOD, created=LATER)
        assert credential["proof"]["proofValue"] == mine["proof"][0]["proofValue"], name


def test_we_refuse_every_mutation_of_what_was_made_there() -> None:
    theirs = results()["issued"][1]
    for number, variant in enumerate(changed(theirs)):
        assert verdict(variant) != "valid", number


def test_tokens_agree_in_both_directions() -> None:
    assert results()["held"][0]
    assert not any(results()["held"][1:])
    for variant in changed_tokens(token().decode()):
        assert verdict(variant) != "valid"
    [theirs] = results()["signed"]
    assert verdict(theirs) == "valid"
    for variant in changed_tokens(theirs):
        assert verdict(variant) != "valid"
