"""A narrowed plan answers only for texts that have what it fixes, and only after they have come often enough."""

from typing import Any

import pytest

from benchmarks.signing.typical import typical_credential
from microcred_app.ob3.canonical import bundled_canonicaliser
from microcred_app.ob3.data_integrity import EddsaRdfc2022, sign
from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.json_text import split_strings
from microcred_app.ob3.narrowing import FIRST_DUE, WATCHED, Narrowing
from microcred_app.ob3.secured_text import SecuredReader
from microcred_app.ob3.serialization import encode_document
from tests.ob3.samples import ISSUER, METHOD, NOW, SIGNER
from tests.ob3.shape_corpus import ADDRESSES, TEXTS

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


def narrowing_of(reader: SecuredReader) -> Narrowing:
    family = next(iter(reader.memory._families.values()))
    _, shapes = next(iter(family.known.values()))
    return next(iter(shapes.values())).narrowing


def hashes_of(document: dict[str, Any]) -> tuple[bytes, ...]:
    proof = {name: value for name, value in document["proof"][0].items() if name != "proofValue"}
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return (PLAIN_SUITE.hash_data(unsigned, proof),)


def test_a_batch_of_one_badge_is_narrowed_and_hashed_alike() -> None:
    reader = reader_of_the_batch()
    narrowing = narrowing_of(reader)
    before = narrowing._hits
    for document in BATCH:
        read = reader.read(encode_document(document))
        assert (read.value, read.hash_data) == (document, hashes_of(document))
    assert narrowing._hits >= before + len(BATCH) - 1


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


def test_a_narrowed_plan_takes_other_strings_where_its_batch_varied() -> None:
    reader = reader_of_the_batch()
    narrowing = narrowing_of(reader)
    before = narrowing._hits
    for address in ("urn:x:1", "https://example.org/a?b=c&d=%20#e"):
        document = {**BATCH[0], "id": address}
        assert reader.read(encode_document(document)).hash_data == hashes_of(document)
    assert narrowing._hits == before + 2


def test_the_room_a_shape_takes_counts_its_narrowed_plan() -> None:
    reader = reader_of_the_batch()
    shape = reader.memory.find(split_strings(encode_document(BATCH[0])))[0]
    known = shape.narrowing._known
    assert known is not None
    needed = shape.document.size() + known.plan.size() + len(known.fixed)
    assert needed < shape.size() <= reader.memory.bytes


def strings(*values: bytes) -> list[bytes]:
    return [piece for value in values for piece in (b",", value)]


def watch(narrowing: Narrowing, texts: int, vary: int) -> list[frozenset[int]]:
    """Show *texts* of ten strings, of which the first *vary* are different each time."""
    return [
        narrowing.watch(strings(*(b"%d" % number if place < vary else b"same" for place in range(10))))
        for number in range(texts)
    ]


PLACES = range(1, 20, 2)


def test_narrowing_must_be_earned_and_each_time_by_more_uses() -> None:
    narrowing = Narrowing(PLACES)
    due = [number for number, varying in enumerate(watch(narrowing, 21 * FIRST_DUE + 1, 2), 1) if varying]
    assert due == [FIRST_DUE, 5 * FIRST_DUE, 21 * FIRST_DUE]


def test_what_varies_is_what_differed_in_the_texts_watched() -> None:
    assert watch(Narrowing(PLACES), FIRST_DUE, 3)[-1] == {1, 3, 5}
    assert WATCHED < FIRST_DUE


@pytest.mark.parametrize("vary", [0, 8, 10])
def test_texts_with_little_in_common_or_nothing_that_varies_are_not_narrowed(vary: int) -> None:
    assert not any(watch(Narrowing(PLACES), 6 * FIRST_DUE, vary))


def test_a_plan_that_serves_is_not_made_anew() -> None:
    narrowing = Narrowing(PLACES)
    varying = watch(narrowing, FIRST_DUE, 2)[-1]
    narrowing.keep(strings(*[b"same"] * 10), varying, "plan")  # type: ignore[arg-type]
    text = strings(b"x", b"y", *[b"same"] * 8)
    for _ in range(4 * FIRST_DUE):
        assert narrowing.plan_for(text) == "plan"
        assert not narrowing.watch(text)
    assert narrowing.plan_for(strings(b"x", b"y", b"other", *[b"same"] * 7)) is None
    assert narrowing.plan_for(strings(b"x", b"y", *[b"same"] * 7, b"same\\")) is None
