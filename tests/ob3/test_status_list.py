"""One bit per credential, most significant first, gzipped, and never unpacked without bound."""

import base64
import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.errors import DocumentError, StatusListError
from microcred_app.ob3.status_list import (
    MINIMUM_ENTRIES,
    StatusList,
    _deflate,
    build_status_list_credential,
    decode,
)
from tests.ob3.samples import ISSUER, LIST_URL, METHOD, NOW, SIGNER


def encoded(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


@given(st.sets(st.integers(0, MINIMUM_ENTRIES - 1), max_size=20))
def test_set_bits_survive_encoding(indices: set[int]) -> None:
    status_list = StatusList.new()
    for index in indices:
        status_list.set(index)
    read = decode(status_list.encode())
    assert all(read.get(index) for index in indices)
    assert sum(byte.bit_count() for byte in read.bits) == len(indices)
    assert read.bits == status_list.bits == StatusList.from_bits(read.bits).bits


def test_index_zero_is_the_most_significant_bit_of_the_first_byte() -> None:
    status_list = StatusList.new()
    status_list.set(0)
    status_list.set(9)
    assert status_list.bits[:2] == b"\x80\x40"
    status_list.clear(0)
    assert status_list.bits[:2] == b"\x00\x40"


def test_text_form_is_multibase_base64url_of_gzip() -> None:
    text = StatusList.new().encode()
    assert text[0] == "u" and "=" not in text
    assert gzip.decompress(base64.urlsafe_b64decode(text[1:] + "==")) == bytes(16_384)
    assert text == StatusList.new().encode()


@pytest.mark.parametrize("entries", [MINIMUM_ENTRIES, MINIMUM_ENTRIES + 8, 1_000_000])
@pytest.mark.parametrize("share", [0, 0.001, 0.01, 0.5, 1])
def test_a_list_of_segments_is_plain_gzip_of_its_bits(entries: int, share: float) -> None:
    draw = random.Random(entries)
    bits = bytes(draw.randrange(256) if draw.random() < share else 0 for _ in range(entries // 8))
    text = StatusList.from_bits(bits).encode()
    assert gzip.decompress(base64.urlsafe_b64decode(text[1:] + "==")) == bits
    assert decode(text).bits == bits


def test_one_change_compresses_one_segment() -> None:
    status_list = StatusList.new(1_048_576)
    draw = random.Random(1)
    for index in draw.sample(range(1_048_576), 10_000):
        status_list.set(index)
    status_list.encode()
    before = _deflate.cache_info().misses
    (status_list.clear if status_list.get(77_777) else status_list.set)(77_777)
    status_list.encode()
    assert _deflate.cache_info().misses == before + 1


def test_remembered_segments_are_bounded() -> None:
    for number in range(300):
        StatusList.from_bits(bytes([number % 251 + 1, number // 251]) * 8_192).encode()
        StatusList.from_bits(random.Random(number).randbytes(16_384)).encode()
    kept = _deflate.cache_info()
    assert kept.currsize <= kept.maxsize == 1_024
    assert len(_deflate(random.Random(0).randbytes(4_096))) < 4_200


def test_random_lists_are_no_longer_than_gzip_makes_them() -> None:
    status_list = StatusList.new()
    for index in random.Random(3).sample(range(MINIMUM_ENTRIES), MINIMUM_ENTRIES // 100):
        status_list.set(index)
    assert len(status_list.encode()) <= len(encoded(gzip.compress(status_list.bits, 6)))


def test_the_example_of_the_specification_decodes() -> None:
    text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert not any(decode(text).bits)


@pytest.mark.parametrize("index", [-1, MINIMUM_ENTRIES, 10**9])
def test_entries_that_do_not_exist_are_refused(index: int) -> None:
    with pytest.raises(StatusListError):
        StatusList.new().get(index)
    with pytest.raises(StatusListError):
        StatusList.new().set(index)


def test_a_list_is_never_too_short_to_hide_in() -> None:
    with pytest.raises(StatusListError):
        StatusList.new(1_000)
    with pytest.raises(StatusListError):
        decode(encoded(gzip.compress(bytes(1_000))))


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 60_000
    with pytest.raises(StatusListError) as caught:
        decode(encoded(bomb))
    assert caught.value.code == "status_list.size"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "u",
        "z" + StatusList.new().encode()[1:],
        StatusList.new().encode()[1:],
        StatusList.new().encode() + "=",
        StatusList.new().encode()[:-8],
        "u!!!!",
        encoded(zlib.compress(bytes(16_384))),
        encoded(bytes(16_384)),
        encoded(gzip.compress(bytes(16_384), mtime=0) * 2),
        encoded(gzip.compress(bytes(16_384), mtime=0) + b"more"),
    ],
)
def test_other_encodings_are_refused(text: str) -> None:
    with pytest.raises(StatusListError):
        decode(text)


def test_the_credential_has_the_shape_verifiers_expect() -> None:
    document = build_status_list_credential(
        list_url=LIST_URL,
        issuer_id=ISSUER,
        status_list=StatusList.new(),
        valid_from=NOW,
        ttl_milliseconds=300_000,
    )
    subject = document["credentialSubject"]
    assert document["id"] == LIST_URL
    assert document["issuer"] == ISSUER
    assert subject["id"] == f"{LIST_URL}#list"
    assert (subject["type"], subject["statusPurpose"], subject["ttl"]) == (
        "BitstringStatusList",
        "revocation",
        300_000,
    )
    assert sign(document, SIGNER, verification_method=METHOD, created=NOW)["proof"]


@pytest.mark.parametrize(
    "change", [{"purposes": ()}, {"purposes": ("removal",)}, {"ttl_milliseconds": 0}, {"list_url": "list"}]
)
def test_a_list_verifiers_would_refuse_is_refused(change: dict[str, object]) -> None:
    fields: dict[str, object] = {
        "list_url": LIST_URL,
        "issuer_id": ISSUER,
        "status_list": StatusList.new(),
        "valid_from": NOW,
    }
    with pytest.raises(DocumentError):
        build_status_list_credential(**{**fields, **change})  # type: ignore[arg-type]
