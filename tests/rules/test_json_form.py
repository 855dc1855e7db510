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
        ({"all": [{"badge": "x" * 256}]}, "all[0].badge", "256 characters"),
        ({"all": [{"outcome": "a", "minimum_score": 2}]}, "all[0].minimum_score", "no score"),
        (
            {"all": [{"outcome": "a", "minimum_score": float("nan")}]},
            "all[0].minimum_score",
            "no score",
        ),
        ({"all": [{"outcome": "a", "score": 1}]}, "all[0]", "Unknown members score"),
        ({"outcome": "a", "minimum_scor": 1}, "requirement", "Did you mean minimum_score?"),
        ({"outcom": "a"}, "requirement", "Did you mean outcome?"),
        ({"outcome": "a", "minimum_score": 0.5, "minimum_level": "able"}, "requirement", "cannot both"),
        ({"badge": "a", "minimum_version": 0}, "minimum_version", "no version number"),
        ({"badge": "a", "or_equivalent": "yes"}, "or_equivalent", "neither true nor false"),
        ({"badge": " a"}, "badge", "blanks at its ends"),
        ({"badge": "a\u202eb"}, "badge", "cannot be seen"),
        ({"grade": "course-v1:a+b+c"}, "minimum", "no score"),
        ({"credits": 6}, "skills", "list of skills"),
        ({"credits": 6, "skills": ["a", "a"]}, "skills[1]", "stands here twice"),
        ({"credits": 0, "skills": ["a"]}, "credits", "no amount"),
        ({"credits": 0.0001, "skills": ["a"]}, "credits", "no amount"),
        ({"credits": float("inf"), "skills": ["a"]}, "credits", "no amount"),
        ({"credits": 10**4000, "skills": ["a"]}, "credits", "a number of many digits is no amount"),
        ({"signoff": "a"}, "role", "missing"),
        ({"external": "https://a.example/x"}, "issuer", "missing"),
        ({"time": {}}, "time", "beginning or its end"),
        ({"time": {"from": "2025-02-30"}}, "time.from", "no date"),
        ({"time": {"from": "2025-01-01T10:00:00"}}, "time.from", "no date"),
        ({"time": {"from": "0001-01-01"}}, "time.from", "no date"),
        ({"time": {"from": "2026-01-02", "until": "2026-01-01"}}, "time.until", "ends before it begins"),
        ({"badge": "a", "within": "3 years"}, "within", "no period"),
        ({"badge": "a", "within": "P0D"}, "within", "no period"),
        ({"badge": "a", "within": "P101Y"}, "within", "no period"),
        ({"badge": "a", "weight": 2}, "requirement", "Unknown members weight"),
        ({"points": 4, "of": [{"badge": "a", "weight": 3}]}, "points", "can never be reached"),
        ({"points": 1, "of": [{"badge": "a", "weight": -3}]}, "of[0].weight", "no amount"),
        ({"not": {"badge": "a"}}, "not", "learning more must never cost a badge"),
        ({"not": {"not": {"time": {"until": "2026-01-01"}}}}, "not", "cannot stand over this"),
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


def test_every_kind_of_mistake_can_be_said_in_another_language() -> None:
    with pytest.raises(rules.RequirementError) as caught:
        rules.parse_requirement({"all": [{"badge": "a", "within": "soon"}]})
    said = caught.value.say(lambda text: text.replace("is no period", "ist keine Dauer"))
    assert said.startswith("all[0].within: 'soon' ist keine Dauer.")
    assert caught.value.within("badges[3].requirement").path == "badges[3].requirement.all[0].within"


def test_reading_stops_at_the_first_node_too_many() -> None:
    class Endless(dict):
        """A group whose every member is the same group again."""

        def __getitem__(self, name: str) -> object:
            return [Endless(any=None), {"badge": "x"}] * 200

        def get(self, name: str, default: object = None) -> object:
            return self[name]

    with pytest.raises(rules.RequirementError, match=r"nested more|more than 500 parts"):
        rules.parse_requirement(Endless(any=None))


def test_what_older_versions_stored_means_what_it_meant() -> None:
    stored = {
        "at_least": 1,
        "of": [
            {"all": [{"badge": "a"}, {"any": [{"badge": "a"}, {"outcome": "o"}]}]},
            {"outcome": "o", "minimum_score": 0.123456789},
        ],
    }
    tree = rules.parse_requirement(stored)
    assert rules.to_json(tree) == stored
    assert tree.members[1] == rules.OutcomeLeaf("o", 0.123456789)
