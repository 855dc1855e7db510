"""One document, one meaning, one bounded size."""

import json
from typing import Any

import pytest

from microcred_app.ob3.errors import InputError
from microcred_app.ob3.json_input import Limits, is_within, parse_json


def code(data: bytes | str, limits: Limits | None = None) -> str:
    with pytest.raises(InputError) as caught:
        parse_json(data, limits)
    return caught.value.code


def test_plain_json_is_read() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": [1, 2.5, "\xc3\xa9", null, true]}') == {
        "a": [1, 2.5, "é", None, True]
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a": 1, "a": 2}', "input.doubled_member"),
        (b'{"x": {"id": 1, "\\u0069d": 2}}', "input.doubled_member"),
        (b"[NaN]", "input.not_a_number"),
        (b"[-Infinity]", "input.not_a_number"),
        (b"[1e999]", "input.not_a_number"),
        (b"{", "input.syntax"),
        (b"", "input.syntax"),
        (b"{} {}", "input.syntax"),
        (b"[" + b"9" * 5_000 + b"]", "input.syntax"),
        (b'"\xff"', "input.encoding"),
        (b'"\\ud800"', "input.encoding"),
        (b'{"\\udfff": 1}', "input.encoding"),
        ("\ud800", "input.encoding"),
        (b"[" * 100_000, "input.syntax"),
        (b"[" * 30 + b"]" * 30, "input.too_deep"),
    ],
)
def test_doubtful_json_is_refused(data: bytes | str, expected: str) -> None:
    assert code(data) == expected


def test_size_is_bounded_in_every_direction() -> None:
    limits = Limits(max_bytes=50, max_depth=3, max_values=8, max_items=4)
    assert code(b" " * 51, limits) == "input.too_large"
    assert code(b"[[[[1]]]]", limits) == "input.too_deep"
    assert code(b"[[1,2,3],[1,2,3],[1]]", limits) == "input.too_many_values"
    assert code(b"[1,2,3,4,5]", limits) == "input.too_many_items"
    assert parse_json(b"[1,2,3,4]", limits) == [1, 2, 3, 4]


@pytest.mark.parametrize("depth", [22, 23, 24, 25])
def test_the_quick_look_at_a_parsed_value_agrees_with_the_strict_one_about_depth(depth: int) -> None:
    value: Any = {"a": 1}
    for _ in range(depth - 2):
        value = {"a": value}
    try:
        parse_json(json.dumps(value))
    except InputError:
        assert not is_within(value, Limits())
    # The quick look may refuse more (it then leaves the question to the strict one), never less.


@pytest.mark.parametrize(
    "value", [{"a": list(range(1_001))}, {str(n): {} for n in range(1_001)}, {"a": [[1] * 999] * 8}]
)
def test_the_quick_look_refuses_what_is_too_large(value: Any) -> None:
    assert not is_within(value, Limits())
    assert is_within({"a": [1, {"b": []}]}, Limits())
