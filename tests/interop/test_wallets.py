"""Wallets that nobody here wrote fetch a badge from the running site; verifiers nobody here wrote accept it."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from microcred_app.api import verify_credential
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offers import api as offers
from microcred_app.ob3.public_keys import decode_base64url
from tests.fixtures.credentials import earn_badge, make_learner
from tests.interop.verifiers import run_client, verify_with_digitalbazaar, verify_with_verifier_core

pytestmark = [pytest.mark.interop, pytest.mark.django_db(transaction=True)]

BACK = "https://satchel.example/back"


@pytest.fixture
def school(live_server: Any, settings: Any) -> str:
    cache.clear()
    settings.MICROCRED = {**settings.MICROCRED, "PUBLIC_BASE_URL": live_server.url}
    return str(live_server.url)


@pytest.fixture
def learner(school: str) -> int:
    return make_learner()


@pytest.fixture
def badge(learner: int) -> issuance.IssuedCredential:
    return issuance.get_credential(str(earn_badge(learner, now=timezone.now().replace(microsecond=0))))


class Offered:
    """An offer with its links."""

    def __init__(self, learner: int, badge: issuance.IssuedCredential, **how: bool) -> None:
        now: datetime = timezone.now()
        self.learner, self.info = learner, offers.make_offer(learner, badge.award_id, now=now, **how)
        found = offers.links_of(learner, self.info.id, now=now)
        assert found is not None
        self.links = found

    @property
    def state(self) -> str:
        return offers.get_offer(self.learner, self.info.id, now=timezone.now()).state


def key_in(did: str) -> dict[str, str]:
    """The key of a did:jwk, whose members have no fixed order."""
    text = did.removeprefix("did:jwk:")
    key: dict[str, str] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return key


def accepted_by_strangers(credential: dict[str, Any]) -> None:
    """Both foreign verifiers, with the status list the site publishes."""
    url = credential["credentialStatus"]["statusListCredential"]
    listed = Client().get(url.replace(url.split("/microcred/")[0], "")).json()
    first = verify_with_digitalbazaar(credential, status_list=listed)
    assert first["verified"], first
    assert first["status"] == {"revocation": False}
    second = verify_with_verifier_core(credential, status_list=listed)
    assert second["verified"], second


@pytest.mark.parametrize(
    ("algorithm", "keys", "guarded"), [("EdDSA", 1, False), ("ES256", 1, True), ("EdDSA", 3, False)]
)
def test_openid4vc_fetches_with_a_pre_authorised_code(
    learner: int, badge: issuance.IssuedCredential, algorithm: str, keys: int, guarded: bool
):
    offered = Offered(learner, badge, guarded=guarded)
    job = {"offer": offered.links.oid4vci, "algorithm": algorithm, "keys": keys}
    found = run_client("wallet_openid4vc.mjs", {**job, "txCode": offered.links.tx_code or None})
    given = [one["credentialSubject"]["id"] for one in found["credentials"]]
    assert list(map(key_in, given)) == list(map(key_in, found["holders"]))
    assert found["notified"] == 204
    assert found["version"] == "V1", "its name for OpenID4VCI 1.0, in difference to the drafts"
    assert offered.state == "accepted"
    for credential in found["credentials"]:
        accepted_by_strangers(credential)


def test_openid4vc_fetches_through_the_browser(learner: int, badge: issuance.IssuedCredential, settings: Any):
    settings.MICROCRED = {**settings.MICROCRED, "WALLET_CLIENTS": [["satchel", BACK, "Satchel"]]}
    site = Client()
    site.force_login(get_user_model().objects.get(pk=learner))
    cookie = f"{settings.SESSION_COOKIE_NAME}={site.cookies[settings.SESSION_COOKIE_NAME].value}"
    offered = Offered(learner, badge)
    browser = {"clientId": "satchel", "redirectUri": BACK, "cookie": cookie, "award": badge.award_id}
    job = {"offer": offered.links.oid4vci, "algorithm": "EdDSA", "browser": browser}
    found = run_client("wallet_openid4vc.mjs", job)
    [credential] = found["credentials"]
    assert [credential["credentialSubject"]["id"]] == found["holders"]
    accepted_by_strangers(credential)


@pytest.mark.parametrize(("algorithm", "guarded"), [("EdDSA", False), ("ES256", True)])
def test_sphereon_fetches_with_a_pre_authorised_code(
    learner: int, badge: issuance.IssuedCredential, algorithm: str, guarded: bool
):
    offered = Offered(learner, badge, guarded=guarded)
    job = {
        "offer": offered.links.oid4vci,
        "algorithm": algorithm,
        "txCode": offered.links.tx_code or None,
        "notificationEndpoint": f"{offers.issuer_id()}/notification",
    }
    found = run_client("wallet_sphereon.mjs", job)
    [credential] = found["credentials"]
    assert [credential["credentialSubject"]["id"]] == found["holders"]
    assert found["notified"], found
    assert offered.state == "accepted"
    accepted_by_strangers(credential)


def taken_as_token(text: str, holder: str) -> None:
    """did-jwt-vc reads the token as a credential of the older data model, with the holder and the badge in it."""
    issuer = json.loads(decode_base64url(text.split(".")[1].encode()))["iss"]
    job = {"tokens": [text], "documents": {issuer: dict(issuance.resolve_issuer(issuer))}}
    [found] = run_client("verify_did_jwt_vc.mjs", job)["found"]
    assert "problem" not in found, found
    assert found["credential"]["credentialSubject"]["id"] == holder
    assert found["credential"]["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert found["key"].startswith(f"{issuer}#")
    assert verify_credential(text.encode(), now=timezone.now()).verdict == "valid"


@pytest.mark.parametrize(("algorithm", "keys", "guarded"), [("EdDSA", 1, False), ("ES256", 2, True)])
def test_openid4vc_fetches_tokens(
    learner: int, badge: issuance.IssuedCredential, algorithm: str, keys: int, guarded: bool
):
    offered = Offered(learner, badge, guarded=guarded)
    job = {"offer": offered.links.oid4vci_jwt, "algorithm": algorithm, "keys": keys}
    found = run_client("wallet_openid4vc.mjs", {**job, "txCode": offered.links.tx_code or None})
    assert (found["format"], found["version"], found["notified"]) == ("jwt_vc_json", "V1", 204)
    assert offered.state == "accepted"
    assert len(found["credentials"]) == keys
    for text in found["credentials"]:
        holder = json.loads(decode_base64url(text.split(".")[1].encode()))["sub"]
        assert key_in(holder) in list(map(key_in, found["holders"]))
        taken_as_token(text, holder)


@pytest.mark.parametrize(("algorithm", "guarded"), [("EdDSA", False), ("ES256", True)])
def test_sphereon_fetches_a_token(
    learner: int, badge: issuance.IssuedCredential, algorithm: str, guarded: bool
):
    offered = Offered(learner, badge, guarded=guarded)
    job = {
        "offer": offered.links.oid4vci_jwt,
        "algorithm": algorithm,
        "format": "jwt_vc_json",
        "txCode": offered.links.tx_code or None,
        "notificationEndpoint": f"{offers.issuer_id()}/notification",
    }
    found = run_client("wallet_sphereon.mjs", job)
    [text] = found["credentials"]
    taken_as_token(text, found["holders"][0])
    assert offered.state == "accepted"


@pytest.mark.parametrize("way", ["exchange", "legacy", "interaction", "document"])
def test_learner_credential_wallets_own_packages_fetch_by_each_of_its_ways(
    learner: int, badge: issuance.IssuedCredential, way: str
):
    offered = Offered(learner, badge)
    links = {
        "exchange": offered.links.lcw,
        "legacy": offered.links.lcw_legacy,
        "interaction": offered.links.interaction,
        "document": offered.links.document,
    }
    found = run_client("wallet_lcw.mjs", {"way": way, "link": links[way]})
    [credential] = found["credentials"]
    assert credential["credentialSubject"].get("id") == (found["holder"] if way != "document" else None)
    assert offered.state == "fetched"
    accepted_by_strangers(credential)
