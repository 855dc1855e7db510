"""The wallet host alone: no part of the issuer runs here."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tests.fixtures.wallet import WalletHost, running_wallet_host, wallet_host

__all__ = ["running_wallet_host", "wallet_host"]

SCOPE = "https://purl.imsglobal.org/spec/ob/v3p0/scope/"
CALLBACK = "http://127.0.0.1:9/callback"
ALL_SCOPES = " ".join(
    (
        f"{SCOPE}credential.upsert",
        f"{SCOPE}credential.readonly",
        f"{SCOPE}profile.readonly",
        f"{SCOPE}profile.update",
        "offline_access",
    )
)


def registration(**changes: Any) -> dict[str, Any]:
    """What an issuer says about itself when it registers."""
    return {
        "client_name": "An issuer",
        "client_uri": "http://127.0.0.1:9/",
        "logo_uri": "http://127.0.0.1:9/logo.png",
        "tos_uri": "http://127.0.0.1:9/terms",
        "policy_uri": "http://127.0.0.1:9/privacy",
        "software_id": "a5c1",
        "software_version": "1",
        "redirect_uris": [CALLBACK],
        "scope": ALL_SCOPES,
        **changes,
    }


@dataclass
class Issuer:
    """A hand-written client of the wallet's OAuth server, sharing no code with the app's own."""

    host: WalletHost
    client_id: str
    client_secret: str
    verifier: str

    def consent_page(self, **changes: str) -> str:
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        )
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": ALL_SCOPES,
            "state": "s1",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        return f"{self.host.url}/oauth/authorize/?{urlencode({k: v for k, v in query.items() if v})}"

    def code(self, person: str, **changes: str) -> str:
        return parse_qs(urlsplit(self.host.decide(self.consent_page(**changes), person)).query)["code"][0]

    def ask_tokens(self, **form: str) -> requests.Response:
        return requests.post(
            f"{self.host.url}/oauth/token/", auth=(self.client_id, self.client_secret), data=form
        )

    def exchange(self, code: str, **changes: str) -> requests.Response:
        return self.ask_tokens(
            **{
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": CALLBACK,
                "code_verifier": self.verifier,
                **changes,
            }
        )

    def token(self, person: str, **changes: str) -> str:
        return str(self.exchange(self.code(person, **changes)).json()["access_token"])


@pytest.fixture
def issuer(wallet_host: WalletHost) -> Issuer:
    answer = requests.post(f"{wallet_host.url}/oauth/register", json=registration())
    assert answer.status_code == 201, answer.text
    return Issuer(
        wallet_host, answer.json()["client_id"], answer.json()["client_secret"], secrets.token_urlsafe(48)
    )
