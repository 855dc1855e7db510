"""How a requirement is read, and what is refused."""

import pytest

from microcred_app import rules


def test_json_goes_in_and_comes_out_the_same() -> None:
    data = {
        "all": [
            {"outcome": "bike.inspect", "minimum_score": 0.8},
            {
                "at_least": 2,
                "of": [{"badge": "a"}, {"badge": "b"}, {"any": [{"badge": "c"}, {"outcome": "d"}]}],
            },
        ]
    }
    assert rules.to_json(rules.parse_requirement(data)) == data


@pytest.mark.parametrize(
    ("data", "path", "problem"),
    [
        ({"at_least": 3, "of": [{"badge": "a"}, {"badge": "b"}]}, "at_least", "can never be met"),
        ({"at_least": 0, "of": [{"badge": "a"}]}, "at_least", "can never be met"),
        ({"at_least": True, "of": [{"badge": "a"}]}, "at_least", "no whole number"),
        ({"all": []}, "all", "needs members"),
        ({"all": "x"}, "all", "needs members"),
        ({"all": [{"badge": "a"}, {"badge": "a"}]}, "all[1]", "stands twice"),
        ({"all": [{"badge": "a"}], "any": [{"badge": "b"}]}, "requirement", "Exactly one kind"),
        ({}, "requirement", "Exactly one kind"),
        ([], "requirement", "Expected an object"),
        (None, "requirement", "Expected an object"),
        ({"all": [{"badge": ""}]}, "all[0].badge", "empty or no text"),
        ({"all": [{"badge": 7}]}, "all[0].badge", "empty or no text"),
        ({"all": [{"badge": "x" * 201}]}, "all[0].badge", "201 characters"),
        ({"all": [{"outcome": "a", "minimum_score": 2}]}, "all[0].minimum_score", "no score"),
        (
            {"all": [{"outcome": "a", "minimum_score": float("nan")}]},
            "all[0].minimum_score",
            "no score",
        ),
        ({"all": [{"outcome": "a", "score": 1}]}, "all[0]", "Unknown members score"),
    ],
)
def test_a_mistake_is_named_with_its_place(data: object, path: str, problem: str) -> None:
    with pytest.raises(rules.RequirementError) as caught:
        rules.parse_requirement(data)
    assert str(caught.value).startswith(f"{path}:")
    assert problem in str(caught.value)


def test_trees_that_are_too_deep_or_too_large_are_refused() -> None:
    deep: dict = {"badge": "a"}
    for _level in range(9):
        deep = {"all": [deep]}
    with pytest.raises(rules.RequirementError, match="nested more than 8 deep"):
        rules.parse_requirement(deep)
    wide = {"all": [{"any": [{"badge": f"{i}-{j}"} for j in range(300)]} for i in range(3)]}
    with pytest.raises(rules.RequirementError, match="more than 500 parts"):
        rules.parse_requirement(wide)


def test_mentions_name_everything_once() -> None:
    node = rules.parse_requirement({"any": [{"outcome": "o"}, {"all": [{"badge": "b"}, {"outcome": "o"}]}]})
    assert rules.mentions(node) == {("outcome", "o"), ("badge", "b")}


def test_a_circle_of_badges_is_named_in_full() -> None:
    needs = {"a": ["b"], "b": ["x", "c"], "c": ["a"], "x": []}
    assert rules.find_cycle(needs, "a") == ("a", "b", "c", "a")
    assert rules.find_cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, "a") == ()


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    chain = {str(i): [str(i + 1)] for i in range(50_000)}
    assert rules.find_cycle(chain, "0") == ()
