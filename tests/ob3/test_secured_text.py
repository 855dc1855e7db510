"""A signed text of a known shape is read to the same value and judged to the same report as any other."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcred_app.ob3.canonical import bundled_canonicaliser
from microcred_app.ob3.errors import InputError
from microcred_app.ob3.json_input import Limits, parse_json
from microcred_app.ob3.secured_text import SecuredReader
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.verification import verify
from tests.ob3.samples import NOW, PLAIN, signed
from tests.ob3.shape_corpus import TEXTS, mutated

SIGNED = signed(PLAIN)
DATA = encode_document(SIGNED)


def reader_that_knows(*texts: bytes) -> SecuredReader:
    reader = SecuredReader(bundled_canonicaliser())
    for text in texts * 2:
        reader.read(text)
    return reader


READER = reader_that_knows(DATA)


def outcome(read: Any, data: Any) -> Any:
    try:
        return read(data)
    except InputError as error:
        return error.code


def test_the_shape_is_known_after_the_second_reading() -> None:
    reader = SecuredReader(bundled_canonicaliser())
    assert reader.read(DATA).hash_data == ()
    assert len(reader.read(DATA).hash_data[0]) == 64


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_any_text_in_any_spelling_is_read_alike(text: str, ascii_only: bool) -> None:
    changed = {**SIGNED, "name": text}
    data = json.dumps(changed, ensure_ascii=ascii_only, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    assert outcome(lambda d: READER.read(d).value, data) == outcome(parse_json, data)


@pytest.mark.parametrize(
    "change",
    [
        (b'"name"', b'"id"'),  # the id a second time
        (b'"name"', b'"n\\u0061me"'),
        (b"close", b"clo\nse"),
        (b"Close", b"Clo\\qse"),
        (b"Close", b"Clo\\ud800se"),
        (b"Close", b"\xff"),
        (b"Close", b"Clo\\"),
        (b"1.5", b"NaN"),
        (b"1.5", b"1e999"),
        (b"}", b"},"),
        (b"{", b"{{"),
    ],
)
def test_broken_texts_are_refused_alike(change: tuple[bytes, bytes]) -> None:
    data = DATA.replace(*change, 1)
    assert outcome(lambda d: READER.read(d).value, data) == outcome(parse_json, data)


def test_a_learned_text_with_a_doubled_name_stays_refused() -> None:
    data = DATA.replace(b'"name"', b'"id"', 1)
    for _ in range(3):
        assert outcome(READER.read, data) == "input.doubled_member"


def test_own_limits_are_kept() -> None:
    with pytest.raises(InputError):
        READER.read(DATA, Limits(max_bytes=10))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_a_changed_text_gets_the_report_of_one_never_seen(seed: int) -> None:
    document = mutated(SIGNED, random.Random(seed))
    try:
        data = json.dumps(document).encode()
    except ValueError:
        return
    for text in (DATA, DATA, DATA):
        verify(text, now=NOW)
    fast = verify(data, now=NOW)
    plain = verify(data, now=NOW, limits=Limits())  # own limits: read by the plain way
    assert fast.to_json() == plain.to_json()


def test_a_credential_described_inside_itself_is_noticed_in_a_known_shape() -> None:
    document = json.loads(DATA)
    inner = {"id": "urn:x:1", "type": ["Achievement"], "credentialSubject": "x"}
    data = encode_document(
        {**document, "credentialSubject": {**document["credentialSubject"], "source": inner}}
    )
    reader = reader_that_knows(data)
    assert reader.read(data).may_repeat_itself
    assert not READER.read(DATA).may_repeat_itself


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":"x","n":7,"b":{"c":[1,2,"y"]}}',
        b'{"a":"x","n":99999999999999999999,"b":{"c":[0,2,"\\n"]}}',
        b'{"a":"x","n":07,"b":{"c":[1,2,"y"]}}',
        b'{"a":"x","n":,"b":{"c":[1,2,"y"]}}',
        b'{"a":"x","n":1e999,"b":{"c":[1,2,"y"]}}',
        b'{"a":"x","a":7,"b":{"c":[1,2,"y"]}}',
        b'{"a":"\x01","n":7,"b":{"c":[1,2,"y"]}}',
        b'{"a":"\xff","n":7,"b":{"c":[1,2,"y"]}}',
        b'{"a":"\\ud800","n":7,"b":{"c":[1,2,"y"]}}',
        b'{"a":"x","n":7,"b":{"c":[1,2,"y"]}} 7',
    ],
)
def test_payloads_of_tokens_are_read_alike_whatever_was_read_before(text: bytes) -> None:
    reader = SecuredReader(bundled_canonicaliser())
    for known in (b'{"a":"x","n":1,"b":{"c":[1,2,"y"]}}', b'{"a":"x","n":1e5,"b":{"c":[1,2,"y"]}}') * 3:
        reader.read_payload(known)
    for _ in range(3):
        assert outcome(reader.read_payload, text) == outcome(parse_json, text)
