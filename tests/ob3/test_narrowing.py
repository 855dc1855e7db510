"""A narrowed plan answers only for texts that have what it fixes, and only after they have come often enough."""

import copy
import json
import random
from typing import Any

import pytest

from benchmarks.signing.typical import typical_credential
from microcred_app.ob3.canonical import bundled_canonicaliser
from microcred_app.ob3.data_integrity import EddsaRdfc2022, sign
from microcred_app.ob3.errors import InputError, Ob3Error
from microcred_app.ob3.json_input import parse_json
from microcred_app.ob3.narrowing import FIRST_DUE, WATCHED, NarrowedShape, Watch
from microcred_app.ob3.secured_text import MAX_NARROWED, MAX_NARROWED_BYTES, SecuredReader
from microcred_app.ob3.serialization import encode_document
from tests.ob3.samples import ISSUER, METHOD, NOW, SIGNER
from tests.ob3.shape_corpus import ADDRESSES, TEXTS, mutated

PLAIN = bundled_canonicaliser().plain
PLAIN_SUITE = EddsaRdfc2022(PLAIN)


def signed(document: dict[str, Any]) -> dict[str, Any]:
    return sign(document, SIGNER, verification_method=METHOD, created=NOW, suite=PLAIN_SUITE)


BATCH = [signed(typical_credential(ISSUER, learner)) for learner in range(FIRST_DUE + 8)]


def reader_of_the_batch() -> SecuredReader:
    reader = SecuredReader(bundled_canonicaliser())
    for document in (BATCH[0], *BATCH):
        reader.read(encode_document(document))
    return reader


READER = reader_of_the_batch()


def is_narrowed(reader: SecuredReader, data: bytes) -> bool:
    return reader._read_narrowed(data) is not None


def hashes_of(document: dict[str, Any]) -> tuple[bytes, ...]:
    proof = {name: value for name, value in document["proof"][0].items() if name != "proofValue"}
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return (PLAIN_SUITE.hash_data(unsigned, proof),)


def test_a_batch_of_one_badge_is_narrowed_and_read_and_hashed_alike() -> None:
    reader = reader_of_the_batch()
    for document in BATCH:
        data = encode_document(document)
        assert is_narrowed(reader, data)
        read = reader.read(data)
        assert (read.value, read.hash_data) == (document, hashes_of(document))
        assert not read.may_repeat_itself


def plain_hashes_of(document: dict[str, Any]) -> tuple[bytes, ...]:
    try:
        return hashes_of(document)
    except Ob3Error:
        return ()


@pytest.mark.parametrize("text", [*ADDRESSES, *(text for text in TEXTS if text != "\ud800")])
@pytest.mark.parametrize("member", ["name", "id", "validFrom", "description"])
def test_any_string_in_any_place_is_hashed_as_the_plain_route_hashes_it_or_left_to_it(
    text: str, member: str
) -> None:
    document = {**BATCH[0], member: text}
    found = READER.read(encode_document(document)).hash_data
    assert found in (plain_hashes_of(document), ())


@pytest.mark.parametrize("value", ["é 😀", "a'b", "_:b0", "", " .\n"[:2]])
def test_a_narrowed_shape_takes_any_plain_text_where_its_batch_varied(value: str) -> None:
    reader = reader_of_the_batch()
    document = copy.deepcopy(BATCH[0])
    document["credentialSubject"]["identifier"][0]["salt"] = value
    data = encode_document(document)
    assert is_narrowed(reader, data)
    assert reader.read(data).hash_data == hashes_of(document)


def outcome(read: Any, data: bytes) -> Any:
    try:
        return read(data)
    except InputError as error:
        return error.code


@pytest.mark.parametrize(
    "change",
    [
        (b'"salt000005"', b'"salt\\u0030"'),
        (b'"salt000005"', b'"salt\\ud800"'),
        (b'"salt000005"', b'"salt\\\\"'),
        (b'"salt000005"', b'"salt\\""'),
        (b'"salt000005"', b'"salt\x7f"'),
        (b'"salt000005"', b'"salt\n"'),
        (b'"salt000005"', b'"salt\xff"'),
        (b'"salt000005"', b'"","salt":"salt000005"'),
        (b'"salt000005"', b'["salt000005"]'),
        (b'"salt000005"', b"null"),
        (b'"salt000005"', b'"salt'),
        (b'"hashed":true', b'"hashed":false'),
        (b'{"@context"', b' {"@context"'),
        (b'"}]}', b'"}]} '),
        (b'"}]}', b'"}]}}'),
        (b'"}]}', b'"}]'),
        (b'"Data ethics"', b'"Data Ethics"'),
    ],
)
def test_texts_changed_in_any_way_are_read_as_if_nothing_were_known(change: tuple[bytes, bytes]) -> None:
    data = encode_document(BATCH[5])
    assert is_narrowed(READER, data)
    before, found, after = data.rpartition(change[0])
    assert found
    changed = before + change[1] + after
    read = outcome(READER.read, changed)
    assert (read if isinstance(read, str) else read.value) == outcome(parse_json, changed)
    if not isinstance(read, str):
        assert read.hash_data in (plain_hashes_of(read.value), ())


def strings_with_a_change(draw: random.Random) -> bytes:
    """Return a signed text of the batch in which a few bytes anywhere are others."""
    data = bytearray(encode_document(draw.choice(BATCH)))
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        place = draw.randrange(len(data))
        data[place : place + draw.choice([0, 1, 1, 2])] = draw.choice(
            [b"", b'"', b"\\", b'\\"', b"}", b"a", b"\xc3", b"1", b'","', b"\\u00e9", b"\x7f", b" "]
        )
    return bytes(data)


@pytest.mark.parametrize("seed", range(300))
def test_whatever_bytes_are_changed_the_reading_is_that_of_the_plain_way(seed: int) -> None:
    draw = random.Random(seed)
    document = mutated(draw.choice(BATCH), draw) if seed % 3 == 0 else None
    data = strings_with_a_change(draw) if document is None else json.dumps(document).encode()
    read, plain = outcome(READER.read, data), outcome(parse_json, data)
    assert (read if isinstance(read, str) else read.value) == plain
    if not isinstance(read, str) and read.hash_data:
        assert read.hash_data == plain_hashes_of(read.value)


def test_narrowed_shapes_are_bounded() -> None:
    reader = SecuredReader(bundled_canonicaliser())
    for number in range(MAX_NARROWED + 3):
        reader._put_first(NarrowedShape((b"%d" % number,), None, (), False, False))  # type: ignore[arg-type]
    assert [shape.pieces[0] for shape in reader._narrowed] == [
        b"10",
        b"9",
        b"8",
        b"7",
        b"6",
        b"5",
        b"4",
        b"3",
    ]
    reader._put_first(reader._narrowed[3])
    assert [shape.pieces[0] for shape in reader._narrowed][:3] == [b"7", b"10", b"9"]
    assert all(shape.size() <= MAX_NARROWED_BYTES for shape in READER._narrowed)


def strings(*values: bytes) -> list[bytes]:
    return [piece for value in values for piece in (b",", value)]


def watch(watch: Watch, texts: int, vary: int) -> list[frozenset[int]]:
    """Show *texts* of ten strings, of which the first *vary* are different each time."""
    return [
        watch.count(strings(*(b"%d" % number if place < vary else b"same" for place in range(10))))
        for number in range(texts)
    ]


PLACES = range(1, 20, 2)


def test_narrowing_must_be_earned_and_each_time_by_more_texts() -> None:
    due = [number for number, varying in enumerate(watch(Watch(PLACES), 21 * FIRST_DUE + 1, 2), 1) if varying]
    assert due == [FIRST_DUE, 5 * FIRST_DUE, 21 * FIRST_DUE]


def test_what_varies_is_what_differed_in_the_texts_watched() -> None:
    assert watch(Watch(PLACES), FIRST_DUE, 3)[-1] == {1, 3, 5}
    assert WATCHED < FIRST_DUE


@pytest.mark.parametrize("vary", [0, 8, 10])
def test_texts_with_little_in_common_or_nothing_that_varies_are_not_narrowed(vary: int) -> None:
    assert not any(watch(Watch(PLACES), 6 * FIRST_DUE, vary))
