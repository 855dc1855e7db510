"""A digest that was worked out is remembered for exactly that document, and for nothing else."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from microcred_app.ob3 import digests
from microcred_app.ob3.canonical import canonicalise
from microcred_app.ob3.errors import CanonicalisationError
from tests.ob3.samples import signed


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    digests.forget_digests()


class Counting:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, document: Mapping[str, Any]) -> bytes:
        self.calls += 1
        return json.dumps(document, sort_keys=True).encode()


def test_the_same_document_is_canonicalised_once() -> None:
    count = Counting()
    first = digests.canonical_digest(count, {"a": [1, {"b": "é"}]})
    assert digests.canonical_digest(count, json.loads('{"a": [1, {"b": "\\u00e9"}]}')) == first
    assert count.calls == 1


@pytest.mark.parametrize(
    "other",
    [{"a": 2}, {"a": "1"}, {"a": True}, {"a": 1.0}, {"a": [1]}, {"a": None}, {"A": 1}, {"a": 1, "b": 1}],
    ids=str,
)
def test_another_document_is_canonicalised_anew(other: dict[str, Any]) -> None:
    count = Counting()
    digests.canonical_digest(count, {"a": 1})
    digests.canonical_digest(count, other)
    assert count.calls == 2


def test_what_one_canonicaliser_said_is_not_anothers_answer() -> None:
    one, other = Counting(), Counting()
    digests.canonical_digest(one, {"a": 1})
    digests.canonical_digest(other, {"a": 1})
    assert (one.calls, other.calls) == (1, 1)


def test_a_refusal_is_never_remembered() -> None:
    document = {**signed(), "notATerm": "x"}
    del document["proof"]
    for _again in range(2):
        with pytest.raises(CanonicalisationError):
            digests.canonical_digest(canonicalise, document)


@pytest.mark.parametrize("document", [{"a": float("nan")}, {"a": {1, 2}}])
def test_what_is_no_json_is_left_to_the_canonicaliser(document: dict[str, Any]) -> None:
    calls = []
    for _again in range(2):
        digests.canonical_digest(lambda given: (calls.append(given), b"x")[1], document)
    assert len(calls) == 2


def test_memory_is_bounded() -> None:
    count = Counting()
    for number in range(digests.KEPT + 10):
        digests.canonical_digest(count, {"a": number})
    assert len(digests._kept) == digests.KEPT
    digests.canonical_digest(count, {"a": 0})
    assert count.calls == digests.KEPT + 11
