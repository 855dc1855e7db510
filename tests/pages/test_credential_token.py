"""The credential as a token at its own address: the same words, the same key, the same bytes for everybody."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import tokens
from tests.fixtures.catalogue import NOW, do_unit, publish

SignIn = Callable[..., Client]
TOKEN = "application/vc+jwt"


@pytest.fixture
def credential(amina: int) -> issuance.IssuedCredential:
    tokens._made.clear()
    publish("micro-a", {"outcome": "o.a"})
    do_unit(amina, "a")
    found = issuance.credential_of_award(awards.held_badges(amina)["micro-a"])
    assert found is not None
    issuance.share_credential(amina, found.id, now=NOW)
    return found


def address(credential: issuance.IssuedCredential) -> str:
    return reverse("microcred_app:credential", args=[credential.id])


def part(token: bytes, number: int) -> dict[str, object]:
    text = token.split(b".")[number]
    return json.loads(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (TOKEN, TOKEN),
        ("application/vc+jwt, application/json;q=0.5", TOKEN),
        ("application/jwt", TOKEN),
        ("application/json, application/vc+jwt", "application/json"),
        ("application/vc+ld+json", "application/vc+ld+json"),
        ("*/*", "application/vc+ld+json"),
    ],
)
def test_who_asks_for_a_token_gets_one(credential: issuance.IssuedCredential, accept: str, kind: str) -> None:
    response = Client().get(address(credential), headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == kind
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in response.headers["Vary"]


def test_a_token_says_what_the_credential_says_and_verifies(credential: issuance.IssuedCredential) -> None:
    token = Client().get(address(credential), headers={"accept": TOKEN}).content
    stated = json.loads(credential.document)
    [proof] = stated.pop("proof")
    assert part(token, 1) == stated
    assert part(token, 0) == {
        "alg": "EdDSA",
        "typ": "vc+jwt",
        "cty": "vc",
        "kid": proof["verificationMethod"],
    }
    assert verify_credential(token, now=NOW).verdict == "valid"


def test_everybody_gets_the_same_bytes_and_a_tag_saves_them(credential: issuance.IssuedCredential) -> None:
    first = Client().get(address(credential), headers={"accept": TOKEN})
    tokens._made.clear()  # another process
    assert Client().get(address(credential), headers={"accept": TOKEN}).content == first.content
    again = Client().get(
        address(credential), headers={"accept": TOKEN, "if-none-match": first.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    file = Client().get(reverse("microcred_app:credential-token", args=[credential.id]))
    assert file.content == first.content
    assert file.headers["Content-Disposition"].endswith('.jwt"')


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_changed_part_is_found_out(credential: issuance.IssuedCredential, number: int) -> None:
    parts = Client().get(address(credential), headers={"accept": TOKEN}).content.split(b".")
    whole = bytearray(parts[number])
    whole[10] = ord("A") if whole[10] != ord("A") else ord("B")
    parts[number] = bytes(whole)
    assert verify_credential(b".".join(parts), now=NOW).verdict != "valid"


def header_of(**members: str) -> bytes:
    text = json.dumps({"typ": "vc+jwt", "cty": "vc"} | members).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def test_a_token_without_signature_or_with_another_algorithm_is_worth_nothing(
    credential: issuance.IssuedCredential,
) -> None:
    """Stripping: ``none``; confusion: the public key taken for the secret of an HMAC."""
    import hashlib
    import hmac

    token = Client().get(address(credential), headers={"accept": TOKEN}).content
    kid = str(part(token, 0)["kid"])
    payload = token.split(b".")[1]
    secret = kid.split("#")[1].encode()
    for alg in ("none", "None", "HS256", "hs256", "ES256", ""):
        head = header_of(alg=alg, kid=kid) + b"." + payload
        mac = base64.urlsafe_b64encode(hmac.new(secret, head, hashlib.sha256).digest()).rstrip(b"=")
        for signature in (b"", mac, token.split(b".")[2]):
            assert verify_credential(head + b"." + signature, now=NOW).verdict != "valid", alg


def test_a_private_badge_gives_strangers_no_token(
    credential: issuance.IssuedCredential, amina: int, sign_in: SignIn
) -> None:
    issuance.hide_credential(amina, credential.id)
    response = Client().get(address(credential), headers={"accept": TOKEN})
    assert (response.status_code, response.json()["code"]) == (403, "not_shared")
    assert sign_in(amina).get(address(credential), headers={"accept": TOKEN}).status_code == 200


def test_a_revoked_badge_says_so_as_a_token_too(credential: issuance.IssuedCredential) -> None:
    from tests.fixtures.catalogue import make_officer

    awards.reverse_award(credential.award_id, actor_id=make_officer(), reason="x", now=NOW)
    token = Client().get(address(credential), headers={"accept": TOKEN}).content
    report = verify_credential(token, now=NOW + timedelta(minutes=1))
    assert report.check("status").reason == "status.revoked"
