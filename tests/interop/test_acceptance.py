"""What is issued here is accepted by verifiers nobody here wrote, and refused by them once it was touched."""

import copy
from typing import Any

import pytest

from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.dids import did_document, did_web, verification_method_id
from microcred_app.ob3.documents import CredentialSchema, build_achievement_credential
from tests.interop.verifiers import (
    validate_against_schema,
    verify_with_digitalbazaar,
    verify_with_openbadgeslib,
    verify_with_verifier_core,
)
from tests.ob3.samples import (
    CREDENTIAL,
    INDEX,
    LIST_URL,
    NOW,
    PLAIN,
    SIGNER,
    SITE,
    replace,
    signed,
    signed_list,
)

pytestmark = pytest.mark.interop

VERIFIERS = [verify_with_digitalbazaar, verify_with_verifier_core, verify_with_openbadgeslib]


def name_changed(credential: dict[str, Any]) -> None:
    credential["name"] = credential["name"].replace("C", "c", 1)


def evidence_removed(credential: dict[str, Any]) -> None:
    del credential["evidence"]


def digest_changed(credential: dict[str, Any]) -> None:
    digest = credential["evidence"][0]["digestMultibase"]
    credential["evidence"][0]["digestMultibase"] = digest[:-1] + ("A" if digest[-1] != "A" else "B")


def identifier_changed(credential: dict[str, Any]) -> None:
    credential["credentialSubject"]["identifier"][1]["identityHash"] = "Somebody Else"


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_a_credential_that_says_everything_is_accepted(verifier: Any) -> None:
    result = verifier(signed(), status_list=signed_list())
    assert result["verified"], result


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_a_credential_without_evidence_status_and_expiry_is_accepted(verifier: Any) -> None:
    result = verifier(signed(PLAIN))
    assert result["verified"], result


@pytest.mark.parametrize("verifier", VERIFIERS)
@pytest.mark.parametrize("change", [name_changed, evidence_removed, digest_changed, identifier_changed])
def test_a_changed_credential_is_refused(verifier: Any, change: Any) -> None:
    credential = copy.deepcopy(signed())
    change(credential)
    result = verifier(credential, status_list=signed_list())
    assert not result["verified"]
    assert result["errors"]


def test_revocation_is_seen_by_digitalbazaar() -> None:
    assert verify_with_digitalbazaar(signed(), signed_list(INDEX + 1))["status"] == {"revocation": False}
    assert verify_with_digitalbazaar(signed(), signed_list(INDEX))["status"] == {"revocation": True}


def test_revocation_is_seen_by_verifier_core() -> None:
    assert verify_with_verifier_core(signed(), signed_list(INDEX))["status"]["revocation_status"] is False


def test_revocation_is_seen_by_openbadgeslib() -> None:
    result = verify_with_openbadgeslib(signed(), signed_list(INDEX))
    assert not result["verified"]
    assert "revo" in result["errors"][0]


def test_a_list_of_several_purposes_still_reads_as_one_list_in_python() -> None:
    both = signed_list(INDEX, purposes=("revocation", "suspension"))
    assert not verify_with_openbadgeslib(signed(), both)["verified"]


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_an_issuer_on_its_own_host_is_found_by_did_web(verifier: Any) -> None:
    did = did_web(f"{SITE}/issuers/example")
    profile = replace(CREDENTIAL.issuer, id=did)
    credential = replace(
        CREDENTIAL, issuer=profile, achievement=replace(CREDENTIAL.achievement, creator=profile)
    )
    method = verification_method_id(did, SIGNER.public_key)
    document = sign(build_achievement_credential(credential), SIGNER, verification_method=method, created=NOW)
    unsigned_list = {key: value for key, value in signed_list(issuer=did).items() if key != "proof"}
    status_list = sign(unsigned_list, SIGNER, verification_method=method, created=NOW)
    documents = {did: did_document(did, [SIGNER.public_key])}
    result = verifier(document, status_list=status_list, did_documents=documents)
    assert result["verified"], result


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_the_extensions_context_is_there_when_its_terms_are_used(verifier: Any) -> None:
    schema = CredentialSchema(
        "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
    )
    credential = signed(replace(PLAIN, schemas=(schema,)))
    assert len(credential["@context"]) == 3
    result = verifier(credential)
    assert result["verified"], result


@pytest.mark.parametrize("family", ["strict", "published"])
@pytest.mark.parametrize("credential", [CREDENTIAL, PLAIN], ids=["everything", "plain"])
def test_both_schema_families_accept_it(family: str, credential: Any) -> None:
    assert validate_against_schema(signed(credential), family) == []


@pytest.mark.parametrize("family", ["strict", "published"])
def test_the_schemas_do_refuse(family: str) -> None:
    credential = signed()
    credential["credentialSubject"]["achievement"]["image"] = "https://example.edu/a.png"
    assert validate_against_schema(credential, family)


def test_verifier_core_validates_the_schema_itself() -> None:
    result = verify_with_verifier_core(signed(), signed_list())
    assert [entry["valid"] for entry in result["schema"]] == [True]


def test_a_status_list_that_is_gone_is_not_silently_ignored() -> None:
    assert not verify_with_digitalbazaar(signed())["verified"]
    assert not verify_with_verifier_core(signed())["verified"]
    assert LIST_URL in signed()["credentialStatus"]["id"]
