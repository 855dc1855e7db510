"""Proofs of keys as OpenID4VCI wallets make them, with tokens made by a library of somebody else's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_app.ob3.dids import did_jwk
from microcred_app.ob3.errors import InputError, Ob3Error, ProofError
from microcred_app.ob3.key_proofs import OLDEST, read_key_proof
from microcred_app.ob3.public_keys import PublicKey, encode_base64url
from tests.fixtures.wallet_app import EcKey, EdKey

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ISSUER = "https://lms.example/microcred/oid4vci"


def token(key: EdKey | EcKey, header: dict[str, Any] | None = None, **claims: Any) -> str:
    named = {"kid": key.kid} if isinstance(key, EdKey) else {"jwk": key.jwk}
    head = {"typ": "openid4vci-proof+jwt", "alg": key.alg, **named, **(header or {})}
    body = {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": "n", **claims}
    parts = b".".join(encode_base64url(json.dumps(part).encode()) for part in (head, body))
    return (parts + b"." + encode_base64url(key.sign(parts))).decode()


def test_a_key_named_by_its_did_is_proved() -> None:
    key = EdKey()
    proof = read_key_proof(token(key, iss="satchel"), audience=ISSUER, now=NOW)
    assert (proof.did, proof.nonce, proof.client_id) == (key.did, "n", "satchel")


def test_a_key_in_the_header_gets_a_did_that_carries_it() -> None:
    key = EcKey()
    proof = read_key_proof(token(key), audience=ISSUER, now=NOW)
    assert proof.did == did_jwk(PublicKey.from_jwk(key.jwk))


def test_a_did_that_carries_its_key_need_not_say_which() -> None:
    key = EdKey()
    assert read_key_proof(token(key, {"kid": key.did}), audience=ISSUER, now=NOW).did == key.did


def test_a_time_zone_and_an_audience_are_demanded() -> None:
    with pytest.raises(ProofError):
        read_key_proof(token(EdKey()), audience=ISSUER, now=NOW.replace(tzinfo=None))
    with pytest.raises(ProofError):
        read_key_proof(token(EdKey()), audience="", now=NOW)


@pytest.mark.parametrize("moved", [-OLDEST, timedelta(minutes=2)])
def test_clocks_may_go_wrong_a_little_and_no_more(moved: timedelta) -> None:
    at = int((NOW + moved).timestamp())
    assert read_key_proof(token(EdKey(), iat=at), audience=ISSUER, now=NOW)
    beyond = at + (1 if moved > timedelta() else -1)
    with pytest.raises(ProofError, match="too old"):
        read_key_proof(token(EdKey(), iat=beyond), audience=ISSUER, now=NOW)


def test_every_byte_of_a_proof_counts() -> None:
    good = token(EdKey())
    for place in range(0, len(good), 7):
        changed = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        with pytest.raises(ProofError):
            read_key_proof(changed, audience=ISSUER, now=NOW)


@given(st.text(max_size=300))
def test_whatever_a_stranger_sends_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Ob3Error):
        read_key_proof(text, audience=ISSUER, now=NOW)


@given(
    st.dictionaries(
        st.sampled_from(["alg", "typ", "kid", "jwk", "crit"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(max_size=20),
            st.dictionaries(st.text(), st.text()),
        ),
    )
)
def test_whatever_the_header_says_nothing_else_is_raised(header: dict[str, Any]) -> None:
    key = EdKey()
    try:
        read_key_proof(token(key, header), audience=ISSUER, now=NOW)
    except ProofError:
        pass
    except InputError as error:
        raise AssertionError("a reader's error got through") from error


def test_a_huge_proof_is_refused_unread() -> None:
    with pytest.raises(ProofError, match="compact"):
        read_key_proof("x" * 9_000 + ".a.b", audience=ISSUER, now=NOW)
