"""How answers are marked."""

from __future__ import annotations

import contextlib
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_xblock.marking import AnswerError, mark, normalise_text, parse_number
from microcred_xblock.questions import read_question

SINGLE = read_question(
    {
        "check_type": "single",
        "prompt": "Which?",
        "options": [{"id": "a", "text": "A", "correct": True}, {"id": "b", "text": "B"}],
    }
)
MULTIPLE = read_question(
    {
        "check_type": "multiple",
        "prompt": "Which?",
        "options": [{"id": i, "text": i, "correct": i in "ab"} for i in "abc"],
    }
)


def number(answer: float, tolerance: float = 0, unit: str = "") -> object:
    return read_question(
        {
            "check_type": "number",
            "prompt": "How much?",
            "number_answer": answer,
            "number_tolerance": tolerance,
            "number_unit": unit,
        }
    )


def text(*answers: str) -> object:
    return read_question({"check_type": "text", "prompt": "Which word?", "text_answers": list(answers)})


def test_single_choice_is_right_when_the_right_option_is_chosen() -> None:
    assert mark(SINGLE, "a").passed
    assert not mark(SINGLE, "b").passed


@pytest.mark.parametrize("chosen", [["a"], ["a", "b", "c"], ["c"]])
def test_multiple_choice_is_all_or_nothing(chosen: list[str]) -> None:
    assert mark(MULTIPLE, ["b", "a"]).passed
    assert not mark(MULTIPLE, chosen).passed
    assert mark(MULTIPLE, chosen).score == 0.0


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_order_and_repetition_of_ticks_do_not_matter(chosen: list[str]) -> None:
    assert mark(MULTIPLE, chosen).passed == (set(chosen) == {"a", "b"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.5", "1.5"),
        ("1,5", "1.5"),
        (" −2 ", "-2"),
        ("1 234,5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1\u202f234", "1234"),
        ("1'234", "1234"),
        ("3e2", "300"),
        (".5", "0.5"),
        ("٣٫٥", "3.5"),
        ("３．５", "3.5"),
        ("1,234", "1.234"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, meant: str) -> None:
    assert parse_number(typed) == Decimal(meant)


def test_the_unit_may_be_typed_with_the_number() -> None:
    question = number(3.5, 0.2, "bar")
    assert mark(question, "3,6 bar").passed
    assert mark(question, "3.6 BAR").passed
    assert not mark(question, "3.8 bar").passed


@pytest.mark.parametrize(
    "typed", ["three", "NaN", "inf", "1e9999", "--1", "1.2.3", "0x10", "1" * 65, "5 psi"]
)
def test_what_is_no_number_is_not_marked(typed: str) -> None:
    with pytest.raises(AnswerError) as raised:
        mark(number(3.5, 0.2, "bar"), typed)
    assert raised.value.code == "not_a_number"


def test_tolerance_is_exact_at_its_edge() -> None:
    # 1.1 - 1.0 > 0.1 in binary floating point.
    assert mark(number(1.0, 0.1), "1.1").passed
    assert mark(number(0.3, 0.1), "0.2").passed
    assert not mark(number(1.0, 0.1), "1.1000001").passed


@given(st.integers(-(10**9), 10**9), st.integers(0, 10**6), st.integers(-(10**7), 10**7))
def test_a_number_passes_exactly_when_it_is_within_tolerance(target: int, tolerance: int, off: int) -> None:
    question = number(target / 100, tolerance / 100)
    typed = f"{Decimal(target + off) / 100:f}"
    assert mark(question, typed).passed == (abs(off) <= tolerance)


def test_words_are_compared_without_case_spaces_and_spelling_of_accents() -> None:
    question = text("Crème  brûlée")
    assert mark(question, " CRÈME brûlée\n").passed
    assert mark(question, unicodedata.normalize("NFD", "crème brûlée")).passed
    assert not mark(question, "creme brulee").passed
    assert mark(text("Straße"), "STRASSE").passed


@given(st.text())
def test_normalised_text_does_not_depend_on_unicode_form(anything: str) -> None:
    assert normalise_text(unicodedata.normalize("NFD", anything)) == normalise_text(
        unicodedata.normalize("NFC", anything)
    )


@given(st.text(min_size=1).filter(lambda word: word.strip()))
def test_an_accepted_answer_is_accepted_as_written(word: str) -> None:
    if len(word) <= 2000 and word.strip():
        assert mark(text(word), word).passed


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        (SINGLE, "", "empty"),
        (MULTIPLE, [], "empty"),
        (SINGLE, "z", "unknown_option"),
        (MULTIPLE, ["a", "z"], "unknown_option"),
        (SINGLE, ["a"], "malformed"),
        (MULTIPLE, "a", "malformed"),
        (MULTIPLE, [1], "malformed"),
        (SINGLE, None, "malformed"),
        (SINGLE, {"a": 1}, "malformed"),
        (number(1), True, "malformed"),
        (text("a"), "x" * 2001, "malformed"),
        (text(), "a", "not_ready"),
    ],
)
def test_unusable_answers_say_why(question: object, answer: object, code: str) -> None:
    with pytest.raises(AnswerError) as raised:
        mark(question, answer)  # type: ignore[arg-type]
    assert raised.value.code == code


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    )
)
def test_no_answer_crashes_the_marker(answer: object) -> None:
    for question in (SINGLE, MULTIPLE, number(1), text("a")):
        with contextlib.suppress(AnswerError):
            assert mark(question, answer).score in (0.0, 1.0)  # type: ignore[arg-type]
