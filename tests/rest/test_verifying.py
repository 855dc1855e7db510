"""Verifying over the VC-API: the report, the VC-API's own words, and bounds that hold under attack."""

import json
import time
from typing import Any

import pytest
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.dids import did_document, verification_method_id
from microcred_app.ob3.documents import build_achievement_credential
from microcred_app.ob3.serialization import encode_document
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.ob3.samples import LIST_URL, PLAIN, SIGNER, StatusEntry, replace, signed

from .conftest import API, Post

VERIFY, PRESENT = "credentials/verify", "presentations/verify"


def own() -> issuance.IssuedCredential:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a", now=timezone.now())
    found = issuance.credential_of_award(awards.held_badges(learner)["micro-a"])
    assert found is not None
    return found


def checked(answer: Any) -> dict[str, str]:
    return {check["code"]: check["outcome"] for check in answer.json()["report"]["checks"]}


def method_of(document: dict[str, Any]) -> str:
    return verification_method_id(document["issuer"]["id"], SIGNER.public_key)


def online(settings: Any) -> Any:
    return override_settings(MICROCRED={**settings.MICROCRED, "VERIFY_ONLINE": True})


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every name that is looked up and every connection that is tried; both fail."""
    tried: list[str] = []

    def resolve(host: str, *_args: Any, **_kwargs: Any) -> Any:
        tried.append(f"resolve {host}")
        raise OSError("no network in tests")

    def connect(_self: Any, address: Any) -> None:
        tried.append(f"connect {address}")
        raise OSError("no network in tests")

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.socket.connect", connect)
    return tried


def test_a_credential_of_this_site_is_verified(post: Post) -> None:
    answer = post(VERIFY, {"verifiableCredential": json.loads(own().document)})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["verified"], body["errors"], body["warnings"], body["problemDetails"]) == (True, [], [], [])
    assert {"proof", "credentialStatus"} <= set(body["checks"])
    assert set(checked(answer).values()) == {"passed"}


def test_a_changed_and_a_revoked_credential_are_not(post: Post) -> None:
    credential = own()
    document = json.loads(credential.document)
    changed = post(VERIFY, {"verifiableCredential": {**document, "name": "Forged"}}).json()
    assert changed["verified"] is False
    assert changed["errors"] == ["The credential is not as it was signed."]
    assert changed["problemDetails"][0]["type"].endswith("#CRYPTOGRAPHIC_SECURITY_ERROR")
    awards.reverse_award(credential.award_id, actor_id=make_officer(), reason="Error", now=NOW)
    revoked = post(VERIFY, {"verifiableCredential": document}).json()
    assert (revoked["verified"], revoked["report"]["verdict"]) == (False, "invalid")
    assert revoked["errors"] == ["The issuer has revoked the credential."]


def test_what_could_not_be_checked_is_a_warning_and_never_verified(post: Post, no_network: list[str]) -> None:
    document = build_achievement_credential(replace(PLAIN, status=StatusEntry(LIST_URL, 7)))
    credential = sign(document, SIGNER, verification_method=method_of(document), created=NOW)
    answer = post(VERIFY, {"verifiableCredential": credential}).json()
    assert (answer["verified"], answer["errors"], answer["report"]["verdict"]) == (False, [], "undetermined")
    [warning] = answer["warnings"]
    assert "does not look up what other issuers publish" in warning
    assert answer["problemDetails"][0]["type"].endswith("#STATUS_RETRIEVAL_ERROR")
    assert "credentialStatus" not in answer["checks"]
    assert no_network == []


def test_options_choose_what_comes_back(post: Post) -> None:
    document = json.loads(own().document)
    plain = post(VERIFY, {"verifiableCredential": document}).json()
    assert not {"credential", "results"} & plain.keys()
    options = {"returnCredential": True, "returnResults": True, "returnProblemDetails": False}
    full = post(VERIFY, {"verifiableCredential": document, "options": options}).json()
    assert full["credential"] == document
    assert "problemDetails" not in full
    assert full["results"]["validFrom"] == {"verified": True, "input": document["validFrom"]}
    assert full["results"]["proof"] == [{"verified": True, "input": document["proof"][0]}]
    assert full["results"]["credentialStatus"][0]["verified"] is True


def test_enveloped_credentials_and_tokens_are_read(post: Post) -> None:
    for form in ("x.y.z", {"@context": [], "type": "EnvelopedVerifiableCredential", "id": "data:,x"}):
        answer = post(VERIFY, {"verifiableCredential": form})
        assert answer.status_code == 200
        assert answer.json()["verified"] is False
        assert checked(answer)["structure"] in ("failed", "could_not_check")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "input.syntax"),
        (b"\xff\xfe", 400, "input.encoding"),
        (b"[]", 400, "not_an_object"),
        (b"null", 400, "not_an_object"),
        (b'{"verifiableCredential": {}, "verifiableCredential": {}}', 400, "input.doubled_member"),
        (b'{"verifiableCredential": {"a": NaN}}', 400, "input.not_a_number"),
        (b'{"verifiableCredential": {"a": 1e999}}', 400, "input.not_a_number"),
        (b'{"verifiableCredential": {"a": "\\ud800"}}', 400, "input.encoding"),
        (b"{}", 400, "verifiable_credential"),
        (b'{"verifiableCredential": []}', 400, "verifiable_credential"),
        (b'{"verifiableCredential": 7}', 400, "verifiable_credential"),
        (b'{"verifiableCredential": {}, "options": 7}', 400, "options"),
        (b"[" * 500_000, 400, "input.syntax"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "input.syntax"),
        (b"[" * 40 + b"]" * 40, 400, "input.too_deep"),
        (b'{"a": [' + b"1," * 20_000 + b"1]}", 400, "input.too_many_items"),
        (b"1" * 400_000, 400, "input.syntax"),
        (b" " * 1_000_001, 413, "too_large"),
        (b"\x00", 400, "input.syntax"),
    ],
)
def test_bad_requests_are_refused_with_a_reason(post: Post, body: bytes, status: int, code: str) -> None:
    started = time.process_time()
    for path in (VERIFY,) if code == "verifiable_credential" else (VERIFY, PRESENT):
        answer = post(path, body)
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        said = answer.json()
        assert (said["status"], said["code"]) == (status, code)
        assert said["detail"]
        assert said["title"]
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "text/html", "application/xml"]
)
def test_another_content_type_is_refused_unread(post: Post, kind: str) -> None:
    answer = post(VERIFY, {"verifiableCredential": {}}, content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "content_type")


def test_a_request_without_a_body_is_refused() -> None:
    assert Client().post(f"{API}/{VERIFY}").status_code == 415
    empty = Client().generic("POST", f"{API}/{VERIFY}", b"", headers={"content-type": "application/json"})
    assert empty.status_code in (400, 415)


def test_a_compressed_body_is_refused(post: Post) -> None:
    answer = post(VERIFY, {"verifiableCredential": {}}, **{"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "content_encoding")


@pytest.mark.parametrize("length", ["999999999999999999999", "-1", "²", "1e9"])
def test_a_stated_length_is_judged_before_anything_is_read(post: Post, length: str) -> None:
    answer = Client().generic(
        "POST", f"{API}/{VERIFY}", b"{}", content_type="application/json", CONTENT_LENGTH=length
    )
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
@pytest.mark.parametrize("path", [VERIFY, PRESENT, "credentials/issue"])
def test_other_methods_are_refused(method: str, path: str) -> None:
    answer = Client().generic(method, f"{API}/{path}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, POST")


def test_pages_of_other_sites_may_ask_and_read(post: Post) -> None:
    preflight = Client().options(f"{API}/{VERIFY}", headers={"origin": "https://other.example"})
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Headers"] == "Content-Type"
    for body in ({"verifiableCredential": {}}, b"{"):
        assert post(VERIFY, body).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in post("credentials/issue", {}).headers


def test_one_address_is_throttled_and_told_when_to_come_back(post: Post, settings: Any) -> None:
    with override_settings(MICROCRED={**settings.MICROCRED, "VC_API_PER_MINUTE": 3}):
        answers = [post(VERIFY, {"verifiableCredential": {}}) for _ in range(5)]
        assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
        assert answers[4].status_code == 429
        assert 1 <= int(answers[4].headers["Retry-After"]) <= 60
        other = Client(REMOTE_ADDR="192.0.2.9").generic(
            "POST", f"{API}/{VERIFY}", b'{"verifiableCredential": {}}', content_type="application/json"
        )
        assert other.status_code == 200


def test_one_customer_of_ipv6_is_one_caller(settings: Any) -> None:
    with override_settings(MICROCRED={**settings.MICROCRED, "VC_API_PER_MINUTE": 2}):
        statuses = [
            Client(REMOTE_ADDR=f"2001:db8:1:2::{number}")
            .generic("POST", f"{API}/{PRESENT}", b"{}", content_type="application/json")
            .status_code
            for number in range(1, 7)
        ]
    assert 429 in statuses[2:]


ADDRESSES = (
    "https://127.0.0.1/list",
    "https://169.254.169.254/latest/meta-data",
    "http://localhost:6379/",
    "https://[::1]/list",
    "https://2130706433/list",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "https://user@internal.example/list",
    "https://internal.example:22/list",
)


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("looks_up", [False, True])
def test_a_status_list_inside_the_house_is_never_fetched(
    post: Post, settings: Any, no_network: list[str], url: str, looks_up: bool
) -> None:
    """The attacker signs with a key of their own and chooses the address that the verifier would visit."""
    document = {**build_achievement_credential(PLAIN)}
    document["credentialStatus"] = {
        "id": f"{url}#1",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": url,
    }
    credential = sign(document, SIGNER, verification_method=method_of(document), created=NOW)
    configured = {**settings.MICROCRED, "VERIFY_ONLINE": looks_up, "ALLOW_LOOPBACK_TARGETS": False}
    with override_settings(MICROCRED=configured):
        answer = post(VERIFY, {"verifiableCredential": credential})
    assert answer.json()["verified"] is False
    assert checked(answer)["status"] == "could_not_check"
    assert not [entry for entry in no_network if entry.startswith("connect")]


@pytest.mark.parametrize(
    "did",
    ["did:web:127.0.0.1", "did:web:localhost", "did:web:internal.example%3A22", "did:web:169.254.169.254:x"],
)
@pytest.mark.parametrize("looks_up", [False, True])
def test_an_issuer_inside_the_house_is_never_fetched(
    post: Post, settings: Any, monkeypatch: pytest.MonkeyPatch, did: str, looks_up: bool
) -> None:
    """Also not when the name resolves to a private address, as DNS rebinding does."""
    connected: list[Any] = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.7", 443))])
    monkeypatch.setattr("socket.create_connection", lambda address, **_k: connected.append(address))
    document = build_achievement_credential(PLAIN)
    document["issuer"] = {**document["issuer"], "id": did}
    credential = sign(document, SIGNER, verification_method=method_of(document), created=NOW)
    configured = {**settings.MICROCRED, "VERIFY_ONLINE": looks_up, "ALLOW_LOOPBACK_TARGETS": False}
    with override_settings(MICROCRED=configured):
        answer = post(VERIFY, {"verifiableCredential": credential})
    assert answer.status_code == 200
    assert checked(answer)["issuer"] == "could_not_check"
    assert connected == []


def test_a_context_is_never_fetched(post: Post, settings: Any, no_network: list[str]) -> None:
    document = signed()
    document["@context"] = [*document["@context"], "https://169.254.169.254/context.json"]
    with online(settings):
        answer = post(VERIFY, {"verifiableCredential": document})
    assert checked(answer)["contexts"] == "could_not_check"
    assert no_network == []


def hosted(monkeypatch: pytest.MonkeyPatch, published: dict[str, bytes]) -> list[str]:
    """An outside world that publishes these documents; the addresses that were asked for."""
    asked: list[str] = []

    def read(url: str, *, seconds: float, max_bytes: int) -> bytes:
        asked.append(url)
        assert seconds > 0
        return published[url]

    monkeypatch.setattr("microcred_app.applets.delivery.api.read_address", read)
    return asked


def test_where_the_operator_allows_it_other_issuers_are_looked_up(
    post: Post, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    did = "did:web:other.example"
    document = build_achievement_credential(replace(PLAIN, issuer=replace(PLAIN.issuer, id=did)))
    credential = sign(document, SIGNER, verification_method=method_of(document), created=NOW)
    published = encode_document(did_document(did, [SIGNER.public_key]))
    asked = hosted(monkeypatch, {"https://other.example/.well-known/did.json": published})
    with online(settings):
        assert post(VERIFY, {"verifiableCredential": credential}).json()["verified"] is True
    assert asked == ["https://other.example/.well-known/did.json"]
    asked.clear()
    assert post(VERIFY, {"verifiableCredential": credential}).json()["verified"] is False
    assert asked == []


def test_lookups_of_one_report_are_counted_and_each_address_is_asked_once(
    post: Post, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = hosted(monkeypatch, {})
    inside = []
    for number in range(10):
        document = build_achievement_credential(
            replace(PLAIN, issuer=replace(PLAIN.issuer, id=f"did:web:host{number}.example"))
        )
        inside.append(sign(document, SIGNER, verification_method=method_of(document), created=NOW))
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": "did:web:holder.example",
        "verifiableCredential": inside,
    }
    with online(settings):
        answer = post(PRESENT, {"verifiablePresentation": presentation, "options": {"challenge": "c"}})
    assert answer.json()["verified"] is False
    assert len(asked) == len(set(asked)) == 6


def test_this_site_never_asks_itself(post: Post, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = hosted(monkeypatch, {})
    did = "did:web:lms.example.edu:microcred:issuers:nobody"
    document = build_achievement_credential(replace(PLAIN, issuer=replace(PLAIN.issuer, id=did)))
    credential = sign(document, SIGNER, verification_method=method_of(document), created=NOW)
    configured = {**settings.MICROCRED, "PUBLIC_BASE_URL": "https://lms.example.edu", "VERIFY_ONLINE": True}
    with override_settings(MICROCRED=configured):
        answer = post(VERIFY, {"verifiableCredential": credential})
    assert checked(answer)["issuer"] == "could_not_check"
    assert asked == []


def test_verifying_writes_nothing(post: Post) -> None:
    from django.db import connection

    document = json.loads(own().document)
    with CaptureQueriesContext(connection) as captured:
        post(VERIFY, {"verifiableCredential": document})
    assert not [query for query in captured if query["sql"].split()[0] not in ("SELECT",)]


def test_a_status_list_of_our_own_cannot_stand_in_for_anothers(post: Post) -> None:
    """Only whole addresses of this site lead to its lists, not whatever ends in the same id."""
    entry = json.loads(own().document)["credentialStatus"]
    list_id = entry["statusListCredential"].rsplit("/", 1)[-1]
    document = build_achievement_credential(
        replace(PLAIN, status=StatusEntry(f"https://elsewhere.example/{list_id}", 3))
    )
    credential = sign(document, SIGNER, verification_method=method_of(document), created=NOW)
    assert checked(post(VERIFY, {"verifiableCredential": credential}))["status"] == "could_not_check"
