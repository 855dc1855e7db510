"""What applying a bundle does, what planning it says, and what both refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from microcred_app.applets.audit import api as audit
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import Badge, BadgeVersion, Issuer
from microcred_app.applets.pathways import api as pathways
from microcred_app.bundle import Blast, BundleError
from microcred_app.bundle.badge_section import in_order
from tests.bundle.conftest import Desk, badge
from tests.fixtures.catalogue import do_unit, make_officer, make_user


def test_a_stack_may_stand_before_its_parts_and_a_pathway_before_the_next(desk: Desk) -> None:
    desk.apply()
    assert badges.current_badge("stack").number == 1
    assert pathways.pathway_definitions()[0].leads_to == ("second",)


def test_a_plan_says_what_changes_field_by_field_and_writes_nothing(desk: Desk) -> None:
    desk.apply()
    desk.data["badges"][1]["cap"] = 50
    desk.data["outcomes"][1]["statement"] = "Mend part b well"
    report = desk.plan()
    assert [(change.section, change.key) for change in report.of("changed")] == [
        ("outcomes", "o.b"),
        ("badges", "part"),
    ]
    assert [(f.field, f.before, f.after) for f in report.of("changed")[1].fields] == [("cap", 100, 50)]
    assert badges.current_badge("part").cap == 100
    assert BadgeVersion.objects.count() == 3
    assert desk.plan() == report


def test_a_plan_of_an_empty_site_leaves_it_empty(desk: Desk) -> None:
    assert len(desk.plan().of("new")) == 10
    assert not Issuer.objects.exists()
    assert not Badge.objects.exists()


def test_the_blast_radius_counts_holders_until_somebody_knows_better(desk: Desk) -> None:
    desk.apply()
    for name in ("amina", "ben"):
        do_unit(make_user(name), "a")
    desk.data["badges"][1]["cap"] = 50
    assert desk.plan().of("changed")[0].blast == Blast(holders=2)
    better = desk.plan(blast_radius=lambda definition: Blast(2, gaining=412, losing=3))
    assert better.of("changed")[0].blast == Blast(2, 412, 3)


def test_who_answers_for_a_badge_changes_without_a_new_version(desk: Desk) -> None:
    desk.apply()
    desk.data["badges"][1]["owner"] = "Faculty"
    report = desk.apply()
    assert not report.of("changed")[0].publishes
    assert badges.current_badge("part").governance.owner == "Faculty"
    assert badges.current_badge("part").number == 1
    assert (
        audit.list_entries(object_type="badge", object_id="part")[0].details["before"]["owner"]
        == "Registrar's office"
    )


def test_a_badge_takes_the_turn_in_its_life_that_the_bundle_says(desk: Desk) -> None:
    desk.apply()
    entry = desk.data["badges"][2]
    entry["life"] = {"state": "deprecated", "sunset_at": "2026-12-31", "successor": "part"}
    desk.apply()
    assert badges.current_badge("former").life.successor == "part"
    del entry["life"]
    desk.apply()
    assert badges.current_badge("former").life == badges.Life()


def test_what_the_bundle_does_not_speak_of_stays(desk: Desk) -> None:
    desk.apply()
    del desk.data["badges"][0], desk.data["pathways"]
    report = desk.apply()
    assert (report.left_alone["badges"], report.left_alone["pathways"]) == (1, 2)
    assert badges.current_badge("stack").number == 1


def test_a_badge_that_is_not_ready_is_refused_with_what_is_missing(desk: Desk) -> None:
    desk.data["badges"][1]["owner"] = ""
    assert (
        "Owner" in desk.plan().of("new")[6].not_ready[0] + desk.plan().of("new")[5].not_ready[0:1].__str__()
    )
    with pytest.raises(BundleError, match=r"line \d+, badges\[1\]: .*Owner: Name the office"):
        desk.apply()
    assert not Badge.objects.exists()
    report = desk.apply(despite_readiness=True)
    assert [change.key for change in report.changes if change.not_ready] == ["part"]
    entry = audit.list_entries()[0]
    assert (entry.action, entry.details["not_ready"]) == ("bundle.applied", ["part"])


def test_a_rule_that_nobody_can_meet_asks_twice(desk: Desk) -> None:
    desk.apply()
    desk.data["badges"].append(badge("late", {"badge": "former"}, name="Too late"))
    with pytest.raises(BundleError, match="Nobody could earn it"):
        desk.apply(despite_readiness=True)
    desk.apply(confirm_reach=True)
    assert badges.current_badge("late").number == 1


def test_two_people_are_named_where_two_are_asked_for(desk: Desk, settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "TWO_PERSON_APPROVAL": True}
    one, two = make_officer("one"), make_officer("two")
    for people in ({}, {"actor_id": one}, {"actor_id": one, "approver_id": one}):
        with pytest.raises(BundleError, match="two people"):
            desk.apply(**people)
    desk.apply(actor_id=one, approver_id=two)
    assert audit.list_entries()[0].details["approver"] == two


def change(section: str, position: int, **members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data[section][position].update(members)


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (change("issuers", 0, url="ftp://x"), r"line \d+, issuers\[0\]\.url: Write an address"),
        (change("issuers", 0, colour="#ffee00"), r"issuers\[0\]: White text on #ffee00 .* #\w{6}"),
        (change("issuers", 0, image="../../../etc/hostname"), r"issuers\[0\]\.image: .*outside"),
        (change("issuers", 0, image="none.png"), r"issuers\[0\]\.image: .*no picture file"),
        (change("issuers", 0, image="data:image/png;base64,AAAA"), r"issuers\[0\]\.image: .*PNG or SVG"),
        (change("skills", 0, framework="nowhere"), r"skills\[0\]: There is no framework “nowhere”"),
        (change("skills", 0, colour="red"), r"skills\[0\]\.colour: There is no such member"),
        (change("outcomes", 0, statement=None), r"outcomes\[0\]\.statement: This is missing"),
        (change("outcomes", 0, skill="nothing"), r"outcomes\[0\]: There is no skill “nothing”"),
        (change("outcomes", 1, key="o.a"), r"outcomes\[1\]: “o.a” stands here and at outcomes\[0\]"),
        (change("badges", 0, nmae="x"), r"badges\[0\]\.nmae: There is no such field"),
        (change("badges", 0, key="Not A Key"), r"badges\[0\]\.key: Use 1 to 100"),
        (change("badges", 0, requirement={"al": []}), r"badges\[0\]\.requirement: "),
        (
            change("badges", 0, requirement={"all": [{"badge": "part"}, {"outcome": 7}]}),
            r"line \d+, badges\[0\]\.requirement\.all\[1\]\.outcome: ",
        ),
        (change("badges", 0, requirement={"badge": "gone"}), r"badges\[0\]\.requirement: .*gone"),
        (
            change("badges", 1, requirement={"badge": "stack"}),
            r"badges\[1\]\.requirement: .*part → stack → part",
        ),
        (change("badges", 1, credits="many"), r"badges\[1\]\.credits: Write a number"),
        (change("badges", 1, credits=float("1e9")), r"badges\[1\]\.credits: Credits are"),
        (change("badges", 1, expires_after="2 years"), r"badges\[1\]\.expires_after: .*no period"),
        (change("badges", 1, accepts=["gone@2"]), r"badges\[1\]\.accepts: .*gone"),
        (change("badges", 1, life={"state": "asleep"}), r"badges\[1\]\.life: Write a state"),
        (
            change("badges", 1, life={"state": "deprecated", "sunset_at": "2020-01-01"}),
            r"\.life: The sunset has to lie",
        ),
        (change("badges", 1, skills="f.a"), r"badges\[1\]\.skills: Write a list"),
        (change("pathways", 0, badge="gone"), r"pathways\[0\]\.badge: There is no badge “gone”"),
        (change("pathways", 0, leads_to=["gone"]), r"pathways\[0\]\.leads_to: "),
        (change("pathways", 0, stages=[{"title": "x"}]), r"pathways\[0\]\.stages: Stage 1 has exactly"),
        (
            change("pathways", 0, stages=[{"title": "x", "badge": "gone"}]),
            r"\.stages: Nothing is known .* gone",
        ),
        (change("pathways", 0, occupations=["welder"]), r"\.occupations: Write up to 50 codes"),
        (lambda data: data.update(badgers=[]), r"badgers: There is no such section"),
        (lambda data: data.update(badges={"a": 1}), r"badges: Write a list of entries"),
        (lambda data: data["badges"].append("x"), r"badges\[3\]: Write a map"),
    ],
)
def test_a_mistake_is_named_with_line_and_path_and_nothing_is_kept(
    desk: Desk, break_it: Callable[[dict[str, Any]], None], said: str
) -> None:
    break_it(desk.data)
    with pytest.raises(BundleError, match=said):
        desk.apply()
    assert not Issuer.objects.exists()
    assert not Badge.objects.exists()


def test_every_mistake_of_a_section_is_told_at_once(desk: Desk) -> None:
    for entry in desk.data["badges"]:
        entry["minutes"] = "long"
    with pytest.raises(BundleError) as caught:
        desk.apply()
    assert [problem.path for problem in caught.value.problems] == [f"badges[{n}].minutes" for n in range(3)]


@pytest.mark.parametrize("link", ["picture.svg", "folder/picture.svg"])
def test_a_picture_behind_a_link_to_elsewhere_is_refused(
    desk: Desk, tmp_path_factory: Any, link: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "picture.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    if "/" in link:
        (desk.folder / "folder").symlink_to(outside)
    else:
        (desk.folder / link).symlink_to(outside / "picture.svg")
    desk.data["badges"][1]["image"] = link
    with pytest.raises(BundleError, match="outside"):
        desk.apply()


def test_a_chain_of_a_thousand_badges_is_put_in_order(desk: Desk) -> None:
    chain = [{"key": f"b{n}", "requirement": {"badge": f"b{n + 1}"}, "accepts": []} for n in range(2_000)]
    chain.append({"key": "b2000", "requirement": {"outcome": "o"}, "accepts": []})
    assert [entry["key"] for entry in in_order(chain)][:2] == ["b2000", "b1999"]
