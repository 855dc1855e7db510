"""Text of a bundle is read into plain values, with lines; what could harm or mislead is refused at once."""

import time

import pytest

from microcred_app.bundle.errors import BundleError
from microcred_app.bundle.reading import MAX_BYTES, read_text


def refusal(content: str | bytes) -> tuple[int, str, str]:
    with pytest.raises(BundleError) as caught:
        read_text(content.encode() if isinstance(content, str) else content)
    problem = caught.value.problems[0]
    return problem.line, problem.path, problem.text


def test_every_place_knows_its_line() -> None:
    document = read_text(b"badges:\n  - key: a\n    requirement:\n      all:\n        - outcome: o\n")
    assert document.lines["badges[0].requirement.all[0].outcome"] == 5
    assert document.problem("badges[0].requirement.all[0].nothing", "x").line == 5


def test_words_dates_and_clock_times_stay_texts() -> None:
    text = b"language: no\nswitch: on\ndue: 2027-01-31\nat: 08:30\noctal: 010\nversion: 1.10.2\n"
    assert read_text(text).value == {
        "language": "no",
        "switch": "on",
        "due": "2027-01-31",
        "at": "08:30",
        "octal": "010",
        "version": "1.10.2",
    }


def test_json_is_read_too() -> None:
    assert read_text(b'{"a": [1, 2.5, true, null, "1"]}').value == {"a": [1, 2.5, True, None, "1"]}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "empty"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "no YAML"),
        ("a: 1\n\tb: 2\n", 2, "no YAML"),
        ("a: &x 1\nb: *x\n", 1, "Anchors"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "Tags"),
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice"),
        ("1: a\n", 1, "has to be a text"),
        ("? [a]\n: b\n", 1, "has to be a text"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("<<: {a: 1}\n", 1, "has to be a text"),
        ("a: \x01\n", 1, "control character"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, said: str) -> None:
    found = refusal(text)
    assert found[0] == line
    assert said in found[2]


def test_bytes_of_another_encoding_are_named_and_not_guessed() -> None:
    assert "UTF-8" in refusal("a: 1\nb: ü\n".encode("latin-1"))[2]
    assert refusal("a: 1\nb: ü\n".encode("latin-1"))[0] == 2
    assert "UTF-8" in refusal("a: b".encode("utf-16"))[2]


def test_a_bomb_of_aliases_costs_nothing() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    started = time.thread_time()
    assert "aliases" in refusal(bomb)[2]
    assert time.thread_time() - started < 1


def test_depth_size_and_number_of_values_are_bounded() -> None:
    assert "deep" in refusal("a: " + "[" * 500 + "]" * 500)[2]
    assert "deep" in refusal("[" * 200_000)[2]
    assert "bytes" in refusal(b"a" * (MAX_BYTES + 1))[2]
    assert "values" in refusal("a: [" + "1," * 1_100_000 + "1]")[2]
