"""Patterns mean what regular expressions mean, and cannot be made slow."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcred_xblock.answer_patterns import MOST_STATES, MOST_TEXT, PatternError, compile_pattern
from microcred_xblock.text_matching import fold_for, is_accepted

ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[a-b]", r"\d", r"\w", r"\s", r"\.", "1", " "])


def repeated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + "|".join(parts) + ")"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "{1,}"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    )


PATTERNS = st.recursive(ATOMS, repeated, max_leaves=6)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, st.text("ab1. ", max_size=7))
def test_a_pattern_means_what_the_same_regular_expression_means(pattern: str, text: str) -> None:
    try:
        compiled = compile_pattern(pattern)
    except PatternError as error:
        assert error.code == "too_large"
        return
    assert compiled.matches(text) == (re.fullmatch(pattern, text, re.DOTALL) is not None)


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        ("(tyre|tire) levers?", ["tyre lever", "tire levers"], ["tyre", "tyre leverss"]),
        ("[0-9]{2,3} ?mm", ["47 mm", "622mm"], ["4 mm", "4700 mm"]),
        (r"3\.5", ["3.5"], ["3x5"]),
        ("^valve$", ["valve"], ["valves", "the valve"]),
        ("a|", ["a", ""], ["b"]),
        ("[]a]+", ["]a"], ["b"]),
        ("[a-]", ["-", "a"], ["b"]),
    ],
)
def test_patterns_as_authors_write_them(pattern: str, right: list[str], wrong: list[str]) -> None:
    compiled = compile_pattern(pattern)
    assert [text for text in right if not compiled.matches(text)] == []
    assert [text for text in wrong if compiled.matches(text)] == []


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("(a", "unclosed"),
        ("a)", "unopened"),
        ("[a", "unclosed"),
        ("*a", "nothing_to_repeat"),
        ("a**", "repeated_twice"),
        ("a+?", "repeated_twice"),
        ("a{3", "bad_braces"),
        ("a{3,1}", "bad_braces"),
        ("a{99}", "bad_braces"),
        ("a{999999999999}", "bad_braces"),
        ("[z-a]", "bad_range"),
        ("(?=a)", "unsupported"),
        (r"(a)\1", "unsupported"),
        (r"\D", "unsupported"),
        ("\\", "unsupported"),
        ("a^b", "anchor"),
        ("a" * 201, "too_long"),
        ("(" * 60 + ")" * 60, "too_deep"),
        ("(a{40}){40}", "too_large"),
        ("((((){40}){40}){40}){40}", "too_large"),
    ],
)
def test_an_unusable_pattern_says_why(pattern: str, code: str) -> None:
    with pytest.raises(PatternError) as raised:
        compile_pattern(pattern)
    assert raised.value.code == code


@settings(max_examples=500, deadline=None)
@given(st.text(r"ab1^$.|?*+(){}[]\-,:=!dws ", max_size=40))
def test_no_text_crashes_the_reader(pattern: str) -> None:
    try:
        compile_pattern(pattern).matches("ab1")
    except PatternError as error:
        assert error.code
        assert error.at >= 1


@pytest.mark.parametrize(
    "bomb", ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)b", "(((a?){20}){5})b"]
)
def test_what_hangs_a_backtracking_engine_is_quick(bomb: str) -> None:
    begun = time.thread_time()
    assert not is_accepted("a" * MOST_TEXT, [], [bomb])
    assert time.thread_time() - begun < 0.5


def test_the_largest_patterns_on_the_longest_answer_stay_below_a_second() -> None:
    largest = [f"({'.?' * 80}){'[a-z]?' * 5}{n}" for n in range(10)]
    begun = time.thread_time()
    assert not is_accepted("é" * MOST_TEXT, [], largest)
    assert time.thread_time() - begun < 1.5
    assert MOST_STATES <= 250


def test_longer_answers_match_no_pattern() -> None:
    assert compile_pattern(".*").matches("a" * MOST_TEXT)
    assert not compile_pattern(".*").matches("a" * (MOST_TEXT + 1))


@pytest.mark.parametrize(
    ("typed", "pattern", "ignores"),
    [
        ("STRASSE", "Straße", ["case"]),
        ("Creme Brulee", "crème br[uû]lée", ["case", "accents"]),
        ("rock’n’roll", "rock'n'roll", []),
        ("the   Valve ", "(the )?VALVE", ["case"]),
    ],
)
def test_patterns_are_compared_as_texts_are(typed: str, pattern: str, ignores: list[str]) -> None:
    assert is_accepted(typed, [], [pattern], ignores)


def test_case_matters_where_the_author_says_so() -> None:
    assert not is_accepted("MW", [], ["mW"], [])
    assert is_accepted("mW", [], ["mW"], [])
    assert compile_pattern("[A-C]", fold_for(True, False)).matches("b")
