"""DIDs map to addresses as the method says, and a document vouches only for the keys it lists for signing."""

from typing import Any

import pytest

from microcred_app.ob3.dids import (
    assertion_key,
    did_document,
    did_key,
    did_web,
    did_web_url,
    resolve_did_key,
    verification_method_id,
)
from microcred_app.ob3.errors import DidError, Ob3Error
from tests.ob3.samples import NOW, SIGNER

KEY = SIGNER.public_key
OLD_KEY = bytes(range(32))
DID = "did:web:example.edu"
METHOD = verification_method_id(DID, KEY)


@pytest.mark.parametrize(
    ("url", "did", "document"),
    [
        ("https://example.edu", "did:web:example.edu", "https://example.edu/.well-known/did.json"),
        ("https://example.edu/", "did:web:example.edu", "https://example.edu/.well-known/did.json"),
        (
            "https://example.edu/.well-known/did.json",
            "did:web:example.edu",
            "https://example.edu/.well-known/did.json",
        ),
        ("https://example.edu/a/b", "did:web:example.edu:a:b", "https://example.edu/a/b/did.json"),
        ("https://example.edu/a/b/did.json", "did:web:example.edu:a:b", "https://example.edu/a/b/did.json"),
        ("https://Example.EDU:8443/a", "did:web:example.edu%3A8443:a", "https://example.edu:8443/a/did.json"),
        ("http://localhost:8000/x", "did:web:localhost%3A8000:x", "https://localhost:8000/x/did.json"),
    ],
)
def test_did_web_maps_to_and_from_its_address(url: str, did: str, document: str) -> None:
    assert did_web(url) == did
    assert did_web_url(did) == document


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://192.168.0.1",
        "https://1.2.3.4.5",
        "ftp://example.edu",
        "https://user@example.edu",
        "https://example.edu/?q",
        "https://example.edu/#f",
        "https://example.edu/a b",
        "https://example.edu/../a",
        "https://exa_mple.edu",
        "https://bücher.example",
        "https://example.edu:99999",
        "https://",
        "example.edu",
        "",
    ],
)
def test_addresses_did_web_cannot_carry_are_refused(url: str) -> None:
    with pytest.raises(DidError):
        did_web(url)


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web:127.0.0.1",
        "did:web:example.edu%3Ax",
        "did:web:example.edu%3A0",
        "did:web:example.edu/a",
        "did:web:example.edu%2Fa",
        "did:web:example.edu:",
        "did:web:example.edu:..:x",
        "did:web:example.edu%40evil.example",
        "did:key:z6Mk",
        "",
    ],
)
def test_malformed_did_web_is_refused(did: str) -> None:
    with pytest.raises(DidError):
        did_web_url(did)


def test_document_lists_full_addresses_and_key_history() -> None:
    document = did_document(DID, [KEY, OLD_KEY, KEY])
    assert [method["id"] for method in document["verificationMethod"]] == document["assertionMethod"]
    assert (
        document["assertionMethod"][0]
        == METHOD
        == f"{DID}#{document['verificationMethod'][0]['publicKeyMultibase']}"
    )
    assert len(document["assertionMethod"]) == 2
    assert assertion_key(document, METHOD, NOW) == KEY
    assert assertion_key(document, verification_method_id(DID, OLD_KEY), NOW) == OLD_KEY


def test_did_key_carries_its_document() -> None:
    did = did_key(KEY)
    assert assertion_key(resolve_did_key(did), verification_method_id(did, KEY), NOW) == KEY


@pytest.mark.parametrize("did", ["did:key:", "did:key:z6Mk", "did:web:example.edu", "did:key:zQ3sh", "x"])
def test_malformed_did_key_is_refused(did: str) -> None:
    with pytest.raises(Ob3Error):
        resolve_did_key(did)


def test_a_document_without_keys_is_refused() -> None:
    with pytest.raises(DidError):
        did_document(DID, [])


def changed(**method: Any) -> dict[str, Any]:
    document = did_document(DID, [KEY])
    document["verificationMethod"][0].update(method)
    return document


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({**did_document(DID, [KEY]), "id": "did:web:other.example"}, "did.other_document"),
        ({**did_document(DID, [KEY]), "assertionMethod": []}, "did.not_for_assertions"),
        ({**did_document(DID, [KEY]), "assertionMethod": None}, "did.not_for_assertions"),
        ({**did_document(DID, [KEY]), "verificationMethod": "nonsense"}, "did.key_missing"),
        (did_document(DID, [OLD_KEY]), "did.not_for_assertions"),
        (changed(controller="did:web:other.example"), "did.other_controller"),
        (changed(type="JsonWebKey"), "did.key_type"),
        (changed(revoked="2026-02-28T00:00:00Z"), "did.key_ended"),
        (changed(expires="2026-03-01T09:00:00Z"), "did.key_ended"),
        (changed(revoked="some day"), "did.key_ended"),
        (changed(publicKeyMultibase="z6Mk"), "key.kind"),
        (changed(publicKeyMultibase=5), "key.multibase"),
    ],
)
def test_a_key_is_refused_unless_everything_about_it_is_right(document: dict[str, Any], code: str) -> None:
    with pytest.raises(Ob3Error) as caught:
        assertion_key(document, METHOD, NOW)
    assert caught.value.code == code


def test_embedded_and_relative_methods_of_other_issuers_are_understood() -> None:
    document = did_document(DID, [KEY])
    relative = {**document["verificationMethod"][0], "id": f"#{METHOD.split('#')[1]}"}
    assert assertion_key({"id": DID, "assertionMethod": [relative]}, METHOD, NOW) == KEY
    assert assertion_key(changed(expires="2027-01-01T00:00:00Z"), METHOD, NOW) == KEY
