"""What is known about a text without looking through it agrees with what looking through it finds."""

import json
from typing import Any

import pytest

from microcred_app.ob3.errors import InputError
from microcred_app.ob3.json_input import Limits, parse_json
from microcred_app.ob3.json_text import decode_exact, is_small
from microcred_app.ob3.verification import reader

LIMITS = Limits()


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def small(value: Any) -> bool:
    return is_small(value, compact(value), depth=LIMITS.max_depth, entries=LIMITS.max_items)


def nested(depth: int, innermost: Any, *, lists: bool) -> Any:
    for _ in range(depth):
        innermost = [innermost] if lists else {"}]": innermost}
    return innermost


def may_be_read(value: Any) -> bool:
    try:
        return bool(parse_json(compact(value)) == value)
    except InputError:
        return False


@pytest.mark.parametrize("lists", [True, False])
@pytest.mark.parametrize("innermost", [1, "x", [], {}, [1], {"a": "b"}, '{"\n' + " " * 60])
@pytest.mark.parametrize("depth", range(20, 27))
def test_small_means_within_the_depth(depth: int, innermost: Any, *, lists: bool) -> None:
    value = nested(depth, innermost, lists=lists)
    pytest.importorskip("orjson")
    assert small(value) == may_be_read(value)


@pytest.mark.parametrize(
    "value",
    [
        list(range(1_000)),
        {str(number): number for number in range(1_000)},
        [[1] * 90] * 12,
        ["x" * 30_000],
        [[]] * 300,
        nested(180, [0] * 9_000, lists=True),
    ],
)
def test_what_is_large_is_left_to_those_who_walk(value: Any) -> None:
    assert not small(value)


@pytest.mark.parametrize("value", [{"a": nested(30, 1, lists=True)}, {"a": list(range(1_001))}])
def test_a_payload_beyond_the_limits_is_refused_on_the_quick_way_too(value: Any) -> None:
    with pytest.raises(InputError):
        reader().read_payload(compact(value))


@pytest.mark.parametrize("text", [b'{"a": 1}', b'{"a":1,"a":1}', b'{"a":"\\u0041"}', b'{"a":1e2}', b'{"a":'])
def test_a_text_that_would_be_written_otherwise_is_not_exact(text: bytes) -> None:
    assert decode_exact(text) is None
