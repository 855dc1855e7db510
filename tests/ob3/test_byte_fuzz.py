"""Bytes of strangers: each parser answers, or refuses with the package's own error, within a second."""

import contextlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcred_app.ob3.errors import Ob3Error
from tests.fixtures.cpu_bound import run_within
from tests.ob3.parsers import PARSERS

PIECES = [
    b"",
    b"\0",
    b"\xff",
    b'"',
    b"\\",
    b"\\ud800",
    b"{",
    b"[" * 40,
    b"}",
    b"-",
    b"1e999",
    b"9" * 400,
    b"null",
]
PIECES += [
    b"&amp;",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"iTXt",
    b"\xe2\x81\xa7",
    b"=",
    b".",
    b"%",
    b"#",
    b"A" * 3000,
]


def broken(seed: bytes, draw: random.Random) -> bytes:
    """Return *seed* with a few places overwritten, cut, doubled or swapped."""
    data = bytearray(seed)
    for _ in range(draw.choice([1, 1, 2, 4, 9])):
        start = draw.randrange(len(data) + 1)
        end = min(len(data), start + draw.choice([0, 1, 1, 4, 60]))
        change = draw.random()
        if change < 0.4:
            data[start:end] = draw.choice(PIECES)
        elif change < 0.6:
            data[start:end] = bytes(draw.randrange(256) for _ in range(end - start))
        elif change < 0.8:
            data[start:start] = data[start:end] * draw.choice([1, 2, 50])
        else:
            del data[start:end]
    return bytes(data)


def feed(name: str, data: bytes) -> None:
    parser, _ = PARSERS[name]

    def work() -> None:
        with contextlib.suppress(Ob3Error):
            parser(data)

    run_within(1, work)


@pytest.mark.parametrize("name", list(PARSERS))
def test_honest_input_is_read(name: str) -> None:
    parser, seeds = PARSERS[name]
    for seed in seeds:
        parser(seed)


@pytest.mark.parametrize("name", list(PARSERS))
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_survived(name: str, data: bytes) -> None:
    feed(name, data)


@pytest.mark.parametrize("name", list(PARSERS))
def test_broken_honest_input_is_survived(name: str) -> None:
    draw = random.Random(20260301)
    for seed in PARSERS[name][1]:
        for _ in range(60):
            feed(name, broken(seed, draw))


@pytest.mark.parametrize("name", list(PARSERS))
@pytest.mark.parametrize("unit", [b"[", b'{"a":', b"1", b"&amp;", b"A", b"\xe2\x81\xa7", b" ", b"z", b"%"])
def test_long_monotony_is_survived(name: str, unit: bytes) -> None:
    feed(name, unit * (1_000_000 // len(unit)))
