"""What a definition needs before it may be published, judged by what is, not by what is claimed."""

from datetime import date
from typing import Any

import pytest

from microcred_app import api
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import Badge
from tests.applets.test_drafts import READY
from tests.fixtures.catalogue import NOW, definition, do_unit, make_user, publish, unit

GOVERNED = badges.Governance("Office", "Workshop", "Shows that the holder may work alone.", date(2027, 3, 1))


def items(requirement: Any = None, **changes: Any) -> dict[str, badges.ReadinessItem]:
    values = {"skill_keys": ("s.a",), "governance": GOVERNED} | changes
    found = badges.readiness_of(definition("new", requirement or {"outcome": "o.a"}, **values), now=NOW)
    assert len({item.code for item in found}) == len(found)
    return {item.code: item for item in found}


def open_items(requirement: Any = None, **changes: Any) -> set[str]:
    """Codes of required items that are not satisfied."""
    found = items(requirement, **changes).values()
    assert all(bool(item.how_to_mend) != item.satisfied for item in found)
    return {item.code for item in found if item.level == "required" and not item.satisfied}


def do_content_only(learner_id: int, letter: str) -> None:
    spec = unit(letter, kind="content")
    api.record_part(learner_id, spec, spec.parts[0].usage_key, score=1.0, now=NOW)


def be_reviewed(learner_id: int, letter: str) -> None:
    spec = unit(letter, kind="evidence")
    attainments.unit_report(learner_id, spec, now=NOW)
    attainments.record_reviewed_part(
        learner_id, spec.usage_key, spec.parts[0].usage_key, score=0.9, by_reviewer=True, now=NOW
    )


def test_a_complete_definition_is_ready() -> None:
    assert open_items() == set()


@pytest.mark.parametrize("field", ["owner", "steward", "purpose", "review_due"])
def test_somebody_answers_for_a_badge(field: str) -> None:
    values = {**GOVERNED.__dict__, field: None if field == "review_due" else "  "}
    assert open_items(governance=badges.Governance(**values)) == {field}


@pytest.mark.parametrize("due", [date(2026, 3, 2), date(2020, 1, 1), date(2040, 1, 1)])
def test_the_next_review_lies_ahead_and_not_too_far(due: date) -> None:
    assert open_items(governance=badges.Governance("a", "b", "c", due)) == {"review_due"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "name"),
        ({"description": " "}, "description"),
        ({"image_alt": ""}, "image_alt"),
        ({"language": "english"}, "language"),
        ({"issuer_slug": "nobody"}, "issuer"),
        ({"image": b"x"}, "image"),
        ({"requirement": {"outcome": "gone"}}, "requirement"),
    ],
)
def test_what_publication_would_refuse_is_on_the_list(changes: dict[str, Any], code: str) -> None:
    assert code in open_items(changes.pop("requirement", None), **changes)


def test_a_badge_without_a_picture_is_ready_because_it_gets_one() -> None:
    assert open_items(image=b"", image_alt="") == set()


@pytest.mark.parametrize("claim", ["knowledge", "application"])
def test_nothing_is_claimed_before_anybody_was_assessed(claim: str) -> None:
    mend = items(terms=badges.Terms(proof_type=claim))["proof_type"].how_to_mend
    assert "backs “recognition” only" in mend
    assert "Nobody attained “o.a” yet" in mend


def test_a_unit_of_reading_backs_recognition_only() -> None:
    do_content_only(make_user(), "a")
    found = items(terms=badges.Terms(proof_type="knowledge"))["proof_type"]
    assert "attained without a check" in found.how_to_mend
    assert open_items() == set()


def test_a_check_backs_knowledge_and_a_reviewer_backs_application() -> None:
    do_unit(make_user("amina"), "a")
    be_reviewed(make_user("ben"), "b")
    assert open_items(terms=badges.Terms(proof_type="knowledge")) == set()
    assert open_items(terms=badges.Terms(proof_type="application")) == {"proof_type"}
    assert open_items({"outcome": "o.b"}, terms=badges.Terms(proof_type="application")) == set()
    assert not items()["claim"].satisfied  # it could claim more than recognition


@pytest.mark.parametrize(
    ("requirement", "backed"),
    [
        ({"all": [{"outcome": "o.a"}, {"outcome": "o.c"}]}, True),
        ({"any": [{"outcome": "o.a"}, {"outcome": "o.c"}]}, False),
        ({"at_least": 1, "of": [{"outcome": "o.a"}, {"outcome": "o.b"}, {"outcome": "o.c"}]}, False),
        ({"at_least": 2, "of": [{"outcome": "o.a"}, {"outcome": "o.b"}, {"outcome": "o.c"}]}, True),
    ],
)
def test_a_rule_is_as_strong_as_its_weakest_way(requirement: Any, backed: bool) -> None:
    do_unit(make_user("amina"), "a")
    be_reviewed(make_user("ben"), "b")
    do_content_only(make_user("cy"), "c")
    assert ("proof_type" not in open_items(requirement, terms=badges.Terms(proof_type="knowledge"))) is backed


def test_one_unit_without_a_check_is_enough_to_doubt_an_outcome() -> None:
    do_unit(make_user("amina"), "a")
    do_content_only(make_user("ben"), "a")
    assert open_items(terms=badges.Terms(proof_type="knowledge")) == {"proof_type"}


def test_a_stack_rests_on_what_its_parts_claim() -> None:
    do_unit(make_user(), "a")
    publish("part", {"outcome": "o.a"}, terms=badges.Terms(proof_type="knowledge"))
    assert open_items({"badge": "part"}, terms=badges.Terms(proof_type="knowledge")) == set()
    assert open_items({"badge": "part"}, terms=badges.Terms(proof_type="application")) == {"proof_type"}


def test_a_rule_that_needs_a_retired_badge_can_be_met_by_nobody() -> None:
    publish("old", {"outcome": "o.a"})
    badges.retire_badge("old", reason="x", actor_id=None, now=NOW)
    assert "Nobody" in items({"all": [{"badge": "old"}, {"outcome": "o.b"}]})["reach"].how_to_mend
    assert items({"any": [{"badge": "old"}, {"outcome": "o.b"}]})["reach"].satisfied


def test_a_preview_that_finds_everybody_asks_twice() -> None:
    found = definition("new", {"outcome": "o.a"}, governance=GOVERNED)
    everybody = badges.readiness_of(found, now=NOW, preview=lambda _definition: badges.Reach(40, 40))
    some = badges.readiness_of(found, now=NOW, preview=lambda _definition: badges.Reach(40, 39))
    assert [item.code for item in everybody if item.level == "required" and not item.satisfied] == ["reach"]
    assert [item.code for item in some if item.level == "required" and not item.satisfied] == []


def test_criteria_that_nobody_can_read_through_are_not_ready() -> None:
    for number in range(40):
        publish(f"part-{number}", {"outcome": "o.a"}, name=f"A rather long name of part number {number}")
    requirement = {"all": [{"badge": f"part-{number}"} for number in range(40)]}
    assert "Group parts" in items(requirement)["criteria"].how_to_mend


@pytest.mark.parametrize(
    ("name", "is_double"),
    [
        ("Welding safety", True),
        ("welding  SÁFETY", True),
        ("Safety: Welding", True),
        ("Weldings safety", True),
        ("Welding safety 2", False),
        ("Forklift driving", False),
    ],
)
def test_a_near_double_is_pointed_out(name: str, is_double: bool) -> None:
    publish("there", {"outcome": "o.a"}, name="Welding safety", skill_keys=("s.a",))
    assert items(name=name)["no_double"].satisfied is not is_double
    assert items(name=name, skill_keys=("s.b",))["no_double"].satisfied


def test_a_successor_is_no_double_of_what_it_replaces() -> None:
    publish("old", {"outcome": "o.a"}, name="Welding", skill_keys=("s.a",))
    publish("new", {"outcome": "o.a"}, name="Welding", skill_keys=("s.a",))
    later = NOW.replace(year=2027)
    badges.deprecate_badge("old", sunset_at=later, successor="new", actor_id=None, now=NOW)
    assert items(name="Welding")["no_double"].satisfied


def test_publishing_lists_everything_that_is_missing() -> None:
    badges.open_draft("part-a", READY | {"owner": "", "purpose": "", "minutes": 0}, actor_id=None, now=NOW)
    with pytest.raises(badges.NotReady, match="Owner: Name the office") as caught:
        badges.publish_draft("part-a", revision=1, actor_id=None, now=NOW)
    assert caught.value.codes == ("owner", "purpose")
    assert not Badge.objects.exists()


def test_publishing_for_nobody_needs_a_second_yes() -> None:
    publish("old", {"outcome": "o.a"})
    badges.retire_badge("old", reason="x", actor_id=None, now=NOW)
    draft = badges.open_draft("part-a", READY | {"requirement": {"badge": "old"}}, actor_id=None, now=NOW)
    assert [
        item.code
        for item in badges.readiness(draft, now=NOW)
        if item.level == "required" and not item.satisfied
    ] == ["reach"]
    with pytest.raises(badges.ConfirmationNeeded, match="Nobody could earn it"):
        badges.publish_draft("part-a", revision=1, actor_id=None, now=NOW)
    assert badges.publish_draft("part-a", revision=1, actor_id=None, now=NOW, confirm_reach=True).number == 1


def test_looking_at_the_list_writes_nothing() -> None:
    items(image=b"")
    assert not Badge.objects.exists()
    assert badges.get_picture("") is None
