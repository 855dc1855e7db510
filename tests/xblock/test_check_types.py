"""How each type of check is marked."""

from __future__ import annotations

import contextlib
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_xblock.check_sitting import recorded_answer
from microcred_xblock.marking import AnswerError, mark
from microcred_xblock.question_parts import token_of
from microcred_xblock.questions import CHECK_TYPES, Question, read_question

STEPS = ["wipe", "oil", "wait", "wipe again"]


def question(check_type: str, **values: Any) -> Question:
    return read_question({"check_type": check_type, "prompt": "?", **values})


def options(*texts: str, right: str = "") -> list[dict[str, Any]]:
    return [{"id": f"o{n}", "text": text, "correct": text in right} for n, text in enumerate(texts, 1)]


ORDER = question("order", options=options(*STEPS), partial_credit=True)
MATCH = question(
    "match",
    pairs=[{"id": "p1", "text": "dry", "match": "oil"}, {"id": "p2", "text": "dirty", "match": "clean"}],
    extra_matches=["paint"],
    partial_credit=True,
)
GAPS = question(
    "gaps",
    gap_text="First [[g2]], then [[g1]].",
    gaps=[
        {"id": "g1", "answers": ["press", "push"]},
        {"id": "g2", "answers": ["roughen"], "choices": ["wet", "heat"]},
    ],
    partial_credit=True,
)
MULTIPLE = question("multiple", options=options("a", "b", "c", "d", right="ab"), partial_credit=True)
ATTEST = question("attest", options=options("one", "two"))
EVERY = [
    question("single", options=options("a", "b", right="a")),
    MULTIPLE,
    question("number", number_answer=3.5),
    question("text", text_answers=["rim"]),
    ORDER,
    MATCH,
    GAPS,
    ATTEST,
]


def tokens(*texts: str) -> list[str]:
    return [token_of(text, "") for text in texts]


@pytest.mark.parametrize(
    ("order", "score"),
    [
        (["wipe", "oil", "wait", "wipe again"], 1.0),
        (["oil", "wait", "wipe again", "wipe"], 2 / 3),  # one thing at the wrong end costs one step
        (["oil", "wipe", "wipe again", "wait"], 1 / 3),
        (["wipe again", "wait", "oil", "wipe"], 0.0),
    ],
)
def test_an_order_is_worth_what_may_stay_in_place(order: list[str], score: float) -> None:
    found = mark(ORDER, tokens(*order))
    assert found.score == pytest.approx(score)
    assert found.passed == (score == 1.0)


def test_every_order_has_a_score_and_only_the_right_one_is_full() -> None:
    scores = [mark(ORDER, tokens(*order)).score for order in itertools.permutations(STEPS)]
    assert scores.count(1.0) == 1
    assert min(scores) == 0.0


def test_without_partial_credit_it_is_all_or_nothing() -> None:
    plain = question("order", options=options(*STEPS))
    assert mark(plain, tokens("oil", "wipe", "wait", "wipe again")).score == 0.0


@pytest.mark.parametrize(
    ("ticked", "score"),
    [(["o1", "o2"], 1.0), (["o1"], 0.5), (["o1", "o3"], 0.0), (["o1", "o2", "o3"], 0.5), (["o3", "o4"], 0.0)],
)
def test_ticking_everything_is_not_a_way_to_points(ticked: list[str], score: float) -> None:
    assert mark(MULTIPLE, ticked).score == score


def test_a_match_is_marked_line_by_line() -> None:
    found = mark(MATCH, {"p1": token_of("oil"), "p2": token_of("paint")})
    assert found.score == 0.5
    assert dict(found.parts) == {"p1": True, "p2": False}
    assert found.given == (("p1", "oil"), ("p2", "paint"))


def test_gaps_are_typed_or_chosen() -> None:
    found = mark(GAPS, {"g1": " PUSH ", "g2": token_of("roughen")})
    assert found.score == 1.0
    assert [name for name, _ in found.parts] == ["g2", "g1"], "in the order of the text"
    wrong = mark(GAPS, {"g1": "push", "g2": token_of("wet")})
    assert (wrong.score, wrong.passed) == (0.5, False)


def test_a_gap_that_is_typed_does_not_take_a_token_for_a_word() -> None:
    with pytest.raises(AnswerError):
        mark(GAPS, {"g1": "push", "g2": "roughen"})


def test_mastery_says_how_much_is_enough() -> None:
    lenient = question("multiple", options=MULTIPLE_ROWS, partial_credit=True, mastery=50)
    assert mark(lenient, ["o1"]).passed
    assert not mark(lenient, ["o3"]).passed


MULTIPLE_ROWS = options("a", "b", "c", "d", right="ab")


def test_an_attestation_wants_every_statement_and_costs_nothing_before() -> None:
    assert mark(ATTEST, ["o2", "o1"]).passed
    with pytest.raises(AnswerError) as raised:
        mark(ATTEST, ["o1"])
    assert raised.value.code == "not_attested"
    assert mark(question("attest"), ["yes"]).passed


@pytest.mark.parametrize(
    ("typed", "passes"),
    [("250 cm", True), ("2500 mm", True), ("2,5", True), ("98.42519685 in", True), ("2.6 m", False)],
)
def test_units_are_converted_exactly(typed: str, passes: bool) -> None:
    length = question(
        "number",
        number_answer=2.5,
        number_tolerance=0.00001,
        number_unit="m",
        number_units=[
            {"name": "cm", "worth": "0.01"},
            {"name": "mm", "worth": "1/1000"},
            {"name": "in", "worth": "0.0254"},
        ],
    )
    assert mark(length, typed).passed is passes


def test_the_longest_unit_wins_and_letters_of_units_keep_their_size() -> None:
    power = question(
        "number",
        number_answer=5,
        number_unit="mW",
        number_units=[{"name": "W", "worth": "1000"}, {"name": "MW", "worth": "1000000000"}],
    )
    assert mark(power, "5 mW").passed
    assert mark(power, "0.005 W").passed
    assert not mark(power, "5 MW").passed


def test_a_missing_unit_costs_no_attempt_where_it_is_asked_for() -> None:
    asked = question("number", number_answer=5, number_unit="bar", number_unit_required=True)
    with pytest.raises(AnswerError) as raised:
        mark(asked, "5")
    assert raised.value.code == "unit_missing"
    assert mark(asked, "5 bar").passed


def test_a_tolerance_may_be_a_share_of_the_number() -> None:
    rough = question("number", number_answer=-200, number_tolerance=5, number_tolerance_kind="percent")
    assert mark(rough, "-210").passed
    assert not mark(rough, "-210.1").passed


def test_texts_ignore_what_their_author_says() -> None:
    free = question("text", text_answers=["Crème brûlée!"], text_ignores=["case", "accents", "punctuation"])
    assert mark(free, "creme, brulee").passed
    assert not mark(question("text", text_answers=["Rim"], text_ignores=[]), "rim").passed
    assert mark(question("text", text_answers=["rider's"]), "rider’s").passed


@pytest.mark.parametrize("asked", EVERY, ids=CHECK_TYPES)
def test_no_answer_crashes_a_marker(asked: Question) -> None:
    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["o1", "g1", "p1", "yes"]),
            lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["g1", "p1"]), inner),
            max_leaves=8,
        )
    )
    def no_answer(answer: object) -> None:
        with contextlib.suppress(AnswerError):
            assert 0.0 <= mark(asked, answer).score <= 1.0

    no_answer()


RIGHT: list[Any] = [
    "o1",
    ["o1", "o2"],
    "3.5",
    "rim",
    tokens(*STEPS),
    {"p1": token_of("oil"), "p2": token_of("clean")},
    {"g1": "press", "g2": token_of("roughen")},
    ["o1", "o2"],
]


@pytest.mark.parametrize(("asked", "answer"), list(zip(EVERY, RIGHT, strict=True)), ids=CHECK_TYPES)
def test_what_the_record_keeps_can_be_shown_again(asked: Question, answer: Any) -> None:
    found = mark(asked, answer)
    assert found.passed
    assert mark(asked, recorded_answer(asked, found.given)) == found


@pytest.mark.parametrize(
    ("asked", "answer", "code"),
    [
        (ORDER, tokens("wipe", "oil"), "malformed"),
        (ORDER, [*tokens(*STEPS), tokens("oil")[0]], "malformed"),
        (ORDER, ["o1", "o2", "o3", "o4"], "unknown_option"),
        (MATCH, {"p1": token_of("oil")}, "incomplete"),
        (MATCH, {"p1": "oil", "p2": "clean"}, "unknown_option"),
        (MATCH, {"p9": token_of("oil")}, "unknown_option"),
        (MATCH, {}, "empty"),
        (GAPS, {"g1": "", "g2": ""}, "empty"),
        (GAPS, {"g1": "x" * 201, "g2": token_of("wet")}, "malformed"),
        (GAPS, [["g1", "push"]], "malformed"),
    ],
)
def test_unusable_answers_say_why(asked: Question, answer: Any, code: str) -> None:
    with pytest.raises(AnswerError) as raised:
        mark(asked, answer)
    assert raised.value.code == code
