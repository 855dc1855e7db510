"""Every kind of requirement can be published, said in a language, and awarded or not."""

import pytest
from django.utils import translation

from microcred_app import rules
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import Badge
from tests.fixtures.catalogue import NOW, definition, do_unit, make_user, publish
from tests.rules.test_reference import EXAMPLES

TREES = [rules.read_yaml(text) for text in EXAMPLES]


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_criteria_of_different_requirements_differ_in_every_language(language: str) -> None:
    with translation.override(language):
        said = [badges.criteria_text(tree, rules.Names()) for tree in TREES]
    assert len(set(said)) == len(set(TREES))
    assert not any("{" in text for text in said)


def test_numbers_and_dates_are_written_as_the_reader_writes_them() -> None:
    tree = rules.read_yaml("credits: 2.5\nskills: [s]\nwithin: P1Y6M\nuntil: 2026-03-31\n")
    with translation.override("de"):
        said = rules.say(tree, rules.Names(), badges.phrases())
    assert "2,5" in said
    assert "31. März 2026" in said
    with translation.override("en"):
        assert "1 year and 6 months" in rules.say(tree, rules.Names(), badges.phrases())


def test_an_award_says_why_also_for_what_is_neither_outcome_nor_badge() -> None:
    publish("timed", {"all": [{"outcome": "o.a", "within": "P2Y"}, {"time": {"from": "2020-01-01"}}]})
    learner = make_user()
    do_unit(learner, "a")
    because = awards.explain_award(awards.get_award(awards.held_badges(learner)["timed"]))
    assert [(leaf.kind, leaf.key, len(leaf.attainments)) for leaf in because.leaves] == [
        ("outcome", "o.a", 1),
        ("time", "", 0),
    ]
    assert because.leaves[1].title == "completes this from Jan. 1, 2020 on"


def test_what_has_no_source_of_facts_yet_is_not_met() -> None:
    publish(
        "graded",
        {
            "any": [
                {"grade": "course-v1:a+b+c", "minimum": 0.1},
                {"all": [{"outcome": "o.a"}, {"block": "k"}]},
            ]
        },
    )
    learner = make_user()
    do_unit(learner, "a")
    assert awards.held_badges(learner) == {}


def test_one_badge_in_two_branches_is_not_enough_for_two() -> None:
    publish("one", {"outcome": "o.a"})
    publish("two", {"at_least": 2, "of": [{"badge": "one"}, {"any": [{"badge": "one"}, {"outcome": "o.b"}]}]})
    learner = make_user()
    do_unit(learner, "a")
    assert set(awards.held_badges(learner)) == {"one"}
    do_unit(learner, "b")
    assert set(awards.held_badges(learner)) == {"one", "two"}


def test_credits_in_a_skill_that_nobody_knows_are_refused_and_nothing_is_kept() -> None:
    with pytest.raises(badges.DefinitionRefused) as caught:
        badges.publish_badge(
            definition("new", {"credits": 3, "skills": ["no-such-skill"]}), actor_id=None, now=NOW
        )
    assert "no-such-skill" in caught.value.problems["requirement"]
    assert not Badge.objects.filter(key="new").exists()
