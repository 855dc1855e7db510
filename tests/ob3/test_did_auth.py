"""DIDAuth presentations: the one form that is read, and what is not even looked at."""

from datetime import UTC, datetime
from typing import Any

import pytest

from microcred_app.ob3.did_auth import require_form, stated_challenge, verify_did_auth
from microcred_app.ob3.errors import ProofError
from tests.fixtures.wallet_app import AppWallet

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def wallet() -> AppWallet:
    return AppWallet(now=NOW, issuer="https://lms.example/oid4vci")


def test_the_holder_of_the_key_is_found(wallet: AppWallet) -> None:
    vp = wallet.presentation("c", "https://lms.example")
    assert stated_challenge(vp) == "c"
    did = verify_did_auth(vp, challenge="c", domain="https://lms.example", now=NOW)
    assert did == wallet.key.did  # type: ignore[union-attr]


def test_a_proof_in_a_list_and_an_id_are_read_too(wallet: AppWallet) -> None:
    vp = wallet.presentation("c", id="urn:uuid:6e62f66e-67de-11eb-b490-ef3eeefa55f2")
    assert verify_did_auth({**vp, "proof": [vp["proof"]]}, challenge="c", now=NOW)


@pytest.mark.parametrize(
    "asked", [{"challenge": "d"}, {"challenge": "c", "domain": "https://another.example"}]
)
def test_another_question_is_not_answered(wallet: AppWallet, asked: dict[str, str]) -> None:
    with pytest.raises(ProofError):
        verify_did_auth(wallet.presentation("c", "https://lms.example"), now=NOW, **asked)


@pytest.mark.parametrize("document", [None, [], "x", 7, {}, {"proof": None}, {"@context": []}])
def test_what_is_no_presentation_is_refused_with_a_sentence(document: Any) -> None:
    with pytest.raises(ProofError, match="not the presentation that was asked for"):
        require_form(document)
