"""A wallet may prove its key by a presentation (OpenID4VCI 1.0, appendix F.2), made for us and now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from microcred_app.applets.offers import api as offers
from microcred_app.ob3.contexts import CREDENTIALS_V2
from microcred_app.ob3.cryptosuites import EDDSA_RDFC_2022
from microcred_app.ob3.multikey import encode_signature
from microcred_app.ob3.timestamps import format_time
from tests.fixtures.wallet_app import AppWallet, EdKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(wallet: AppWallet, links: offers.OfferLinks) -> str:
    return wallet.token_for(links.oid4vci)


@pytest.fixture
def prove(wallet: AppWallet) -> Callable[..., dict[str, Any]]:
    """A presentation for this issuer; what is given replaces members, None takes them out."""

    def make(
        key: EdKey | None = None, *, signer: EdKey | None = None, holder: str = "", **options: Any
    ) -> dict[str, Any]:
        assert isinstance(wallet.key, EdKey)
        key = key or wallet.key
        document = {
            "@context": [CREDENTIALS_V2],
            "type": ["VerifiablePresentation"],
            "holder": holder or key.did,
        }
        stated = {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": format_time("created", wallet.now),
            "verificationMethod": key.kid,
            "proofPurpose": "authentication",
            "domain": wallet.issuer,
            **options,
        }
        if "challenge" not in stated:
            stated["challenge"] = wallet.nonce()
        stated = {name: value for name, value in stated.items() if value is not None}
        signature = (signer or key).sign(EDDSA_RDFC_2022.hash_data(document, stated))
        return {**document, "proof": {**stated, "proofValue": encode_signature(signature)}}

    return make


Prove = Callable[..., dict[str, Any]]


def ask(wallet: AppWallet, token: str, *presentations: Any) -> Any:
    return wallet.ask_credential(token, proofs={"di_vp": list(presentations)})


def test_the_badge_is_made_out_to_the_key_that_was_proved(wallet: AppWallet, token: str, prove: Prove):
    answer = ask(wallet, token, prove())
    assert answer.status_code == 200, answer.content
    [entry] = answer.json()["credentials"]
    assert entry["credential"]["credentialSubject"]["id"] == wallet.key.did


def test_several_keys_of_one_wallet(wallet: AppWallet, token: str, prove: Prove):
    nonce, second = wallet.nonce(), EdKey()
    answer = ask(wallet, token, prove(challenge=nonce), prove(second, challenge=nonce))
    holders = {entry["credential"]["credentialSubject"]["id"] for entry in answer.json()["credentials"]}
    assert holders == {wallet.key.did, second.did}


@pytest.mark.parametrize(
    "changes",
    [
        {"domain": "https://another.example/oid4vci"},
        {"domain": None},
        {"proofPurpose": "assertionMethod"},
        {"cryptosuite": "none"},
        {"challenge": None},
    ],
)
def test_what_was_made_for_something_else_proves_nothing(
    wallet: AppWallet, token: str, prove: Prove, changes: dict[str, Any]
):
    answer = ask(wallet, token, prove(**changes))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_proof")


def test_the_key_of_somebody_else_is_not_proved(wallet: AppWallet, token: str, prove: Prove):
    thief = EdKey()
    for presentation in (prove(signer=thief), prove(thief, holder=wallet.key.did)):
        answer = ask(wallet, token, presentation)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_proof")


def test_a_presentation_cannot_be_played_again(wallet: AppWallet, token: str, prove: Prove):
    presentation = prove()
    assert ask(wallet, token, presentation).status_code == 200
    again = ask(wallet, token, presentation)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_nonce")


def test_a_nonce_that_is_not_ours_or_over_is_refused(
    wallet: AppWallet, token: str, prove: Prove, now: datetime
):
    answer = ask(wallet, token, prove(challenge="made-up"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_nonce")


@pytest.mark.parametrize(
    "proofs",
    [
        {"di_vp": []},
        {"di_vp": {}},
        {"di_vp": ["text"]},
        {"di_vp": [None]},
        {"di_vp": [{}]},
        {"di_vp": [{}] * 6},
        {"di_vp": [[]]},
        {"di_vp": [{"proof": {"challenge": {}}}]},
        {"di_vp": [{}], "jwt": ["x"]},
    ],
)
def test_odd_proofs_are_refused(wallet: AppWallet, token: str, proofs: Any):
    answer = wallet.ask_credential(token, proofs=proofs)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_proof")


def test_the_same_presentation_twice_is_one_key(wallet: AppWallet, token: str, prove: Prove):
    presentation = prove()
    answer = ask(wallet, token, presentation, presentation)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_proof")


def test_the_metadata_say_so(wallet: AppWallet):
    configuration = wallet.metadata()["credential_configurations_supported"]["open_badge"]
    assert set(configuration["proof_types_supported"]) == {"jwt", "di_vp"}


def test_an_old_presentation_with_a_fresh_nonce_is_still_ours(wallet: AppWallet, token: str, prove: Prove):
    """The nonce says that it is fresh; the wallet's clock need not."""
    created = format_time("created", wallet.now - timedelta(hours=1))
    assert ask(wallet, token, prove(created=created)).status_code == 200
