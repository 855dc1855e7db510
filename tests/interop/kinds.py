"""One credential of every kind that is issued here, and the changes that every verifier must notice."""

import base64
import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from microcred_app.ob3.contexts import OB_EXTENSIONS
from microcred_app.ob3.data_integrity import sign, without_proof
from microcred_app.ob3.dids import did_document, did_jwk, did_web, verification_method_id
from microcred_app.ob3.documents import CredentialSchema, StatusEntry, build_achievement_credential
from microcred_app.ob3.jose_signing import EddsaJoseSigner, Es256Signer, JoseSigner, Rs256Signer
from microcred_app.ob3.jwt_credential import sign_jwt
from tests.ob3.samples import (
    CREDENTIAL,
    INDEX,
    ISSUER,
    LIST_URL,
    NOW,
    PLAIN,
    SIGNER,
    SITE,
    replace,
    signed,
    signed_list,
)
from tests.ob3.test_jwt_credential import credential as token_credential
from tests.ob3.test_jwt_credential import payload_of, pem
from tests.ob3.test_nested import ENDORSER_ID, endorsement, record
from tests.ob3.test_profiles import EVERYTHING

__all__ = [
    "DID_WEB",
    "JOSE_SIGNERS",
    "LATER",
    "MUTATIONS",
    "NOT_VALID",
    "REVOKED_LIST",
    "SECRET_KEYS",
    "WEB_DOCUMENT",
    "Json",
    "base64url",
    "changed",
    "changed_tokens",
    "claims_of",
    "made_here",
    "secret_jwk",
    "sign_here",
    "token",
    "unsigned",
]

Json = dict[str, Any]

DID_WEB = did_web(f"{SITE}/issuers/example")
WEB_DOCUMENT = did_document(DID_WEB, [SIGNER.public_key])
LATER = NOW + timedelta(days=2)
REVOKED_LIST = signed_list(INDEX + 1)
NOT_VALID = frozenset({"expired", "revoked"})
_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


def unsigned() -> dict[str, Json]:
    """One document of every kind that is issued here."""
    macro = replace(
        PLAIN.achievement,
        id=f"{SITE}/macro",
        name="Reading, complete",
        achievement_type="ext:MacroCredential",
    )
    on_web = replace(PLAIN.issuer, id=DID_WEB)
    return {
        "micro": build_achievement_credential(PLAIN),
        "macro": build_achievement_credential(replace(PLAIN, achievement=macro)),
        "results, rubric, evidence, status": build_achievement_credential(CREDENTIAL),
        "everything": build_achievement_credential(EVERYTHING),
        "names its schema": build_achievement_credential(
            replace(PLAIN, schemas=(CredentialSchema(_SCHEMA),))
        ),
        "refreshable": build_achievement_credential(replace(PLAIN, refresh_url=f"{SITE}/newest/1")),
        "renewed": build_achievement_credential(
            replace(PLAIN, valid_from=NOW + timedelta(days=1), awarded_date=NOW)
        ),
        "expired": build_achievement_credential(
            replace(PLAIN, valid_from=NOW - timedelta(days=9), valid_until=NOW - timedelta(days=1))
        ),
        "revoked": build_achievement_credential(replace(PLAIN, status=StatusEntry(LIST_URL, INDEX + 1))),
        "non-ASCII": build_achievement_credential(replace(PLAIN, name="Čtení 读 قراءة 📚 \u2028 e\u0301")),
        "did:web": build_achievement_credential(
            replace(PLAIN, issuer=on_web, achievement=replace(PLAIN.achievement, creator=on_web))
        ),
        "endorsed": build_achievement_credential(replace(PLAIN, endorsements=(endorsement(),))),
        "endorsement": without_proof(endorsement(issuer=PLAIN.issuer)),
        "record": without_proof(record()),
    }


def made_here() -> dict[str, Json]:
    """The same, signed by this package."""
    return {name: sign_here(document) for name, document in unsigned().items()}


def sign_here(document: Json) -> Json:
    issuer = document["issuer"]["id"]
    method = verification_method_id(issuer, SIGNER.public_key)
    return sign(document, SIGNER, verification_method=method, created=NOW)


def token(algorithm: str) -> str:
    """Return a badge as token, signed with that algorithm by this package."""
    signer = JOSE_SIGNERS[algorithm]
    issuer = ISSUER if algorithm == "EdDSA" else did_jwk(signer.key)
    return sign_jwt(token_credential(issuer), signer).decode()


def changed_tokens(whole: str) -> list[str]:
    """Return *whole* with one character changed in 22 places, from header to signature."""
    variants = []
    for number in range(22):
        place = len(whole) * (2 * number + 1) // 44
        variants.append(whole[:place] + ("A" if whole[place] not in "A." else "B") + whole[place + 1 :])
    return variants


def claims_of(text: str) -> Json:
    """Return the claims in a token."""
    return payload_of(text.encode())


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


_EC = ec.generate_private_key(ec.SECP256R1())
_RSA = rsa.generate_private_key(65_537, 2_048)
SECRET_KEYS: dict[str, Any] = {
    "EdDSA": Ed25519PrivateKey.from_private_bytes(SIGNER.seed),
    "ES256": _EC,
    "RS256": _RSA,
}
JOSE_SIGNERS: dict[str, JoseSigner] = {
    "EdDSA": EddsaJoseSigner(SIGNER),
    "ES256": Es256Signer(pem(_EC)),
    "RS256": Rs256Signer(pem(_RSA)),
}


def secret_jwk(algorithm: str) -> Json:
    """Return the secret key of `JOSE_SIGNERS` as jose reads it."""
    public = JOSE_SIGNERS[algorithm].key.jwk()
    if algorithm == "EdDSA":
        return {**public, "d": base64url(SIGNER.seed)}
    if algorithm == "ES256":
        return {**public, "d": base64url(_EC.private_numbers().private_value.to_bytes(32, "big"))}
    numbers = _RSA.private_numbers()
    secret = {
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "qi": numbers.iqmp,
    }
    return {
        **public,
        **{n: base64url(v.to_bytes((v.bit_length() + 7) // 8, "big")) for n, v in secret.items()},
    }


def add_refresh(credential: Json) -> None:
    credential["@context"].append(OB_EXTENSIONS)
    credential["refreshService"] = {"id": "urn:x:1", "type": "1EdTechCredentialRefresh"}


# Each is applied to the credential that says everything; none may be overlooked.
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
    lambda c: c["credentialSubject"]["result"][0].update(achievedLevel="urn:x:1"),
    lambda c: c["evidence"].pop(),
    lambda c: c["evidence"][0].update(digestMultibase=c["evidence"][0]["digestMultibase"][:-1] + "A"),
    lambda c: c["evidence"][0].update(digestSRI="sha256-" + "A" * 43 + "="),
    lambda c: c["credentialStatus"].update(statusListIndex="5"),
    lambda c: c.update(termsOfUse=[{"type": "https://example.edu/terms#Policy"}]),
    lambda c: c["proof"][0].update(created="2026-02-28T09:00:00Z"),
    lambda c: c["proof"][0].update(proofPurpose="authentication"),
    lambda c: c["proof"][0].update(domain="example.org"),
    lambda c: c["proof"][0].update(proofValue=c["proof"][0]["proofValue"][:-1] + "1"),
    lambda c: c["proof"][0].update(verificationMethod=verification_method_id(ENDORSER_ID, bytes(32))),
    lambda c: c["proof"][0].update(cryptosuite="eddsa-jcs-2022"),
    lambda c: c.pop("proof"),
]


def changed(credential: Json | None = None) -> list[Json]:
    """*credential* (one that says everything) after each of `MUTATIONS`."""
    variants = []
    for change in MUTATIONS:
        variant = copy.deepcopy(credential or signed())
        if isinstance(variant["proof"], dict):
            variant["proof"] = [variant["proof"]]
        change(variant)
        variants.append(variant)
    return variants
