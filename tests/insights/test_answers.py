"""Tables of first answers: every option, no rare text, nothing that gives a small group away."""

from microcred_app.applets.insights.answers import AnswerGroup, answer_tables
from microcred_app.applets.insights.data import AnswerLine
from microcred_app.courses import AnswerWords, QuestionWords

CHOICE = QuestionWords(
    "w",
    "Which?",
    {},
    {"": {"a": AnswerWords("Oil", True), "b": AnswerWords("Water", False), "c": AnswerWords("Air", False)}},
)


def group(learners: int, *values: str, passed: bool = False, part: str = "") -> AnswerGroup:
    return AnswerGroup(tuple((part, value) for value in values), passed, learners)


def lines(
    check_type: str, groups: list[AnswerGroup], words: QuestionWords = CHOICE, **more: bool
) -> tuple[AnswerLine, ...]:
    (table,) = answer_tables(check_type, groups, words, 5, exact=more.get("exact", True))
    return table.lines


def told(found: tuple[AnswerLine, ...]) -> list[tuple[str, bool | None, int | None]]:
    return [(line.label, line.right, line.given.number) for line in found]


def test_every_option_is_listed_in_the_authors_order_with_those_nobody_chose() -> None:
    found = lines("single", [group(30, "b"), group(70, "a", passed=True)])
    assert told(found) == [("Oil", True, 70), ("Water", False, 30), ("Air", False, 0)]
    assert [line.given.share for line in found] == [0.7, 0.3, 0.0]


def test_a_rare_option_hides_another_wrong_one_because_the_right_one_is_told_elsewhere() -> None:
    found = lines("single", [group(60, "b"), group(37, "a", passed=True), group(3, "c")])
    assert told(found) == [("Oil", True, 37), ("Water", False, None), ("Air", False, None)]


def test_few_wrong_answers_hide_the_right_ones_too() -> None:
    found = lines("single", [group(97, "a", passed=True), group(3, "c")])
    assert told(found) == [("Oil", True, None), ("Water", False, 0), ("Air", False, None)]


def test_an_option_that_was_taken_out_is_named_by_its_id() -> None:
    found = lines("single", [group(20, "a", passed=True), group(10, "z")])
    assert "(z)" in found[-1].label
    unknown = lines("single", [group(20, "a", passed=True), group(10, "z")], QuestionWords())
    assert [line.label for line in unknown] == ["a", "z"]


def test_a_text_is_shown_only_when_enough_learners_wrote_it() -> None:
    texts = [
        group(50, "sidewall", passed=True),
        group(20, "rim"),
        group(4, "my name is ben"),
        *[group(1, f"odd {n}") for n in range(8)],
    ]
    found = lines("text", texts, QuestionWords())
    assert told(found) == [("sidewall", True, 50), ("rim", False, 20), ("", False, 12)]
    assert found[-1].other
    assert "ben" not in repr(found)


def test_rare_texts_that_are_few_together_are_hidden_with_the_smallest_text() -> None:
    found = lines(
        "text",
        [group(50, "x", passed=True), group(20, "rim"), group(30, "hub"), group(2, "me")],
        QuestionWords(),
    )
    assert told(found) == [("x", True, 50), ("hub", False, 30), ("rim", False, None), ("", False, None)]


def test_an_order_is_told_as_a_chain() -> None:
    found = lines("order", [group(9, "b", "a", "c", passed=True), group(6, "a", "b", "c")])
    assert [line.label for line in found] == ["Water → Oil → Air", "Oil → Water → Air"]


def test_ticks_are_counted_one_by_one_and_nearly_all_is_hidden_like_nearly_none() -> None:
    found = lines("multiple", [group(48, "a", "b"), group(47, "a"), group(5, "b", "c")])
    assert told(found) == [("Oil", True, 95), ("Water", False, 53), ("Air", False, 5)]
    near = lines("multiple", [group(98, "a"), group(2, "b")])
    assert told(near) == [("Oil", True, None), ("Water", False, None), ("Air", False, 0)]


def test_lines_and_gaps_have_a_table_each() -> None:
    words = QuestionWords(
        "w",
        "Match",
        {"p": "Chain", "q": "Tyre"},
        {"p": {"oil": AnswerWords("oil", True), "air": AnswerWords("air", False)}},
    )
    groups = [
        AnswerGroup((("p", "oil"), ("q", "air")), True, 10),
        AnswerGroup((("p", "air"), ("q", "secret")), False, 2),
        AnswerGroup((("p", "air"), ("q", "oil")), False, 8),
    ]
    first, second = answer_tables("match", groups, words, 5, exact=True)
    assert (first.label, told(first.lines)) == ("Chain", [("oil", True, 10), ("air", False, 10)])
    assert second.label == "Tyre"
    assert "secret" not in repr(second)
    assert told(second.lines) == [("air", None, 10), ("oil", None, None), ("", None, None)]


def test_only_rounded_shares_are_told_where_the_number_of_answers_is_hidden() -> None:
    found = lines("single", [group(33, "b"), group(66, "a", passed=True)], exact=False)
    assert [(line.given.number, line.given.share) for line in found] == [
        (None, 0.67),
        (None, 0.33),
        (None, 0.0),
    ]
