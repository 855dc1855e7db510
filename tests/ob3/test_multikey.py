"""Keys, signatures and digests survive their text form; anything else is refused."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_app.ob3.errors import KeyFormatError
from microcred_app.ob3.multikey import (
    decode_base58btc,
    decode_digest,
    decode_multikey,
    decode_signature,
    encode_base58btc,
    encode_digest,
    encode_multikey,
    encode_signature,
)
from microcred_app.ob3.signing import Ed25519Signer, signature_matches


@given(st.binary(max_size=80))
def test_base58_round_trip(data: bytes) -> None:
    assert decode_base58btc(encode_base58btc(data)) == data


@given(st.binary(min_size=32, max_size=32))
def test_keys_and_digests_round_trip(data: bytes) -> None:
    assert encode_multikey(data).startswith("z6Mk")
    assert decode_multikey(encode_multikey(data)) == data
    assert encode_digest(data).startswith("uEi")
    assert decode_digest(encode_digest(data)) == data
    assert decode_digest("z" + encode_base58btc(b"\x12\x20" + data)) == data
    assert decode_signature(encode_signature(data * 2)) == data * 2


def test_digest_has_the_form_of_the_specification() -> None:
    assert encode_digest(sha256(b"").digest()) == "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"


@pytest.mark.parametrize("text", ["", "z", "z6Mk", "u6Mk", "z0OIl", "zzz", "z" + "1" * 200, None, 5, "z6LSé"])
def test_what_is_no_key_is_refused(text: object) -> None:
    for decode in (decode_multikey, decode_signature, decode_digest):
        with pytest.raises(KeyFormatError):
            decode(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["uA", "uEiA=", "uEiA A", "uE", "u" + "A" * 200])
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(KeyFormatError):
        decode_digest(text)


def test_wrong_lengths_are_refused() -> None:
    for encode in (encode_multikey, encode_signature, encode_digest):
        with pytest.raises(KeyFormatError):
            encode(b"short")
    with pytest.raises(KeyFormatError):
        Ed25519Signer(b"short")
    with pytest.raises(KeyFormatError):
        signature_matches(b"short", b"", bytes(64))


def test_signing_is_deterministic_and_detects_change() -> None:
    signer = Ed25519Signer.generate()
    signature = signer.sign(b"data")
    assert signature == Ed25519Signer(signer.seed).sign(b"data")
    assert signature_matches(signer.public_key, b"data", signature)
    assert not signature_matches(signer.public_key, b"date", signature)
    assert signer.seed.hex() not in repr(signer)
