"""The tree itself: what it mentions, and where its parts stand."""

from microcred_app import rules


def test_mentions_name_everything_once() -> None:
    node = rules.parse_requirement({"any": [{"outcome": "o"}, {"all": [{"badge": "b"}, {"outcome": "o"}]}]})
    assert rules.mentions(node) == {("outcome", "o"), ("badge", "b")}


def test_a_cluster_of_skills_is_mentioned_skill_by_skill_and_a_time_not_at_all() -> None:
    node = rules.parse_requirement(
        {"all": [{"credits": 3, "skills": ["t", "s"]}, {"time": {"until": "2026-01-01"}}]}
    )
    assert rules.mentions(node) == {("credits", "s"), ("credits", "t")}


def test_mentions_fit_the_column_that_keeps_them() -> None:
    long = "https://example.org/" + "x" * 1_900
    node = rules.parse_requirement({"external": long, "issuer": long})
    ((kind, key),) = rules.mentions(node)
    assert (kind, len(key)) == ("external", 64)


def test_paths_lead_to_parts() -> None:
    node = rules.parse_requirement(
        {
            "all": [
                {"badge": "a"},
                {"not": {"any": [{"signoff": "s", "role": "r"}, {"time": {"until": "2026-01-01"}}]}},
            ]
        }
    )
    assert [path for path, _part in rules.walk_with_paths(node)] == [
        "",
        "all[0]",
        "all[1]",
        "all[1].not",
        "all[1].not.any[0]",
        "all[1].not.any[1]",
    ]
