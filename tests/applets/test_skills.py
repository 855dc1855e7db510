"""Skills are found without reading a framework, related without circles, and shown when they are gone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills.cycles import find_circle, find_way, say_circle
from microcred_app.applets.skills.models import Skill
from microcred_app.permissions import api as permissions
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish


def found(text: str, **options: Any) -> list[str]:
    return [entry.key for entry in skills.search_skills(text, **options)]


def test_a_search_finds_every_word_and_ranks_beginnings_first() -> None:
    skills.define_framework(key="more", name="More")
    for key, name in (
        ("m1", "Weld pipes"),
        ("m2", "Prepare pipes to weld"),
        ("m3", "Pipes"),
        ("m4", "50% off_line"),
    ):
        skills.define_skill(key=key, framework_key="more", name=name, uri=f"https://x.example/{key}")
    assert found("pipes") == ["m3", "m2", "m1"]
    assert found("pipes weld") == ["m2", "m1"]
    assert found("WELD pipes") == ["m1", "m2"]
    assert found("m1") == ["m1"]
    assert found("https://x.example/m2") == ["m2"]
    assert found("50%") == ["m4"]
    assert found("%") == ["m4"]
    assert found("skill", framework="bikes", limit=2) == ["s.a", "s.b"]
    assert found("") == ["m4", "m3", "m2", "s.a", "s.b", "s.c", "m1"]
    assert found("nothing like it") == []


def test_a_search_is_bounded_whatever_is_asked() -> None:
    for text in ("x" * 10_000, "a " * 5_000, "\x00", "' OR 1=1 --", "skill \x00"):
        assert len(skills.search_skills(text, limit=10**9)) <= 200
    assert found("skill", limit=-1) == []


def test_retired_skills_are_not_offered_and_still_shown() -> None:
    skills.retire_skill("s.a", successor_key="s.b", actor_id=None, now=NOW)
    assert found("skill") == ["s.b", "s.c"]
    assert "s.a" not in [entry.key for entry in skills.offered_skills()]
    entry = skills.show_skill("s.a")
    assert (entry.retired_at, entry.successor_key, entry.is_lost) == (NOW, "s.b", False)


def test_a_skill_is_not_succeeded_by_itself_over_others() -> None:
    skills.retire_skill("s.a", successor_key="s.b", actor_id=None, now=NOW)
    with pytest.raises(skills.SkillRefused, match="leads back"):
        skills.retire_skill("s.b", successor_key="s.a", actor_id=None, now=NOW)
    with pytest.raises(skills.SkillRefused, match="leads back"):
        skills.retire_skill("s.b", successor_key="s.b", actor_id=None, now=NOW)
    with pytest.raises(skills.SkillNotFound):
        skills.retire_skill("s.b", successor_key="nobody", actor_id=None, now=NOW)


def test_only_an_office_retires_skills() -> None:
    with pytest.raises(permissions.NotAllowed):
        skills.retire_skill("s.a", actor_id=make_user("ben"), now=NOW)
    skills.retire_skill("s.a", actor_id=make_officer("stella", "steward"), now=NOW)


def test_a_deleted_skill_is_shown_by_its_key_and_stops_no_badge() -> None:
    publish("micro-a", {"outcome": "o.a"}, skill_keys=("s.a", "s.c"))
    amina = make_user()
    Skill.objects.filter(key="s.c").update(key="renamed")  # a mention that leads nowhere, as after a deletion
    shown = skills.show_skills(["s.a", "s.c"])
    assert [(entry.key, entry.is_lost) for entry in shown] == [("s.a", False), ("s.c", True)]
    assert [entry.key for entry in skills.get_skills(["s.a", "s.c"])] == ["s.a"]
    do_unit(amina, "a")
    credential = issuance.credential_of_award(awards.held_badges(amina)["micro-a"])
    assert credential is not None
    achievement = json.loads(credential.document)["credentialSubject"]["achievement"]
    aligned = [entry["targetName"] for entry in achievement["alignment"]]
    assert "Skill a" in aligned
    assert "Skill c" not in aligned


def test_a_form_gets_a_short_list_with_what_is_used_first(django_assert_max_num_queries: Any) -> None:
    skills.define_framework(key="huge", name="Huge")
    huge = Skill.objects.get(key="s.a").framework
    Skill.objects.bulk_create(Skill(key=f"h{n}", framework=huge, name=f"A{n:04}") for n in range(500))
    with django_assert_max_num_queries(3):
        offered = [entry.key for entry in skills.offered_skills(10)]
    assert len(offered) == 10
    assert {"s.a", "s.b", "s.c"} <= set(offered)


def test_relations_are_read_from_both_ends() -> None:
    skills.relate_skills("s.a", "broader", "s.b")
    skills.relate_skills("s.a", "broader", "s.b")
    skills.relate_skills("s.c", "equivalent", "s.a")
    skills.relate_skills("s.a", "equivalent", "s.c")

    def seen(key: str) -> list[tuple[str, str]]:
        return [(item.kind, item.skill.key) for item in skills.related_skills(key)]

    assert seen("s.a") == [("broader", "s.b"), ("equivalent", "s.c")]
    assert seen("s.b") == [("narrower", "s.a")]
    assert seen("s.c") == [("equivalent", "s.a")]
    skills.unrelate_skills("s.a", "equivalent", "s.c")
    skills.unrelate_skills("s.a", "equivalent", "s.c")
    assert seen("s.c") == []


@pytest.mark.parametrize("kind", ["broader", "requires"])
def test_a_circle_is_refused_and_named_in_full(kind: str) -> None:
    skills.relate_skills("s.a", kind, "s.b")
    skills.relate_skills("s.b", kind, "s.c")
    with pytest.raises(skills.RelationRefused, match=rf"“{kind}”: s\.c → s\.a → s\.b → s\.c"):
        skills.relate_skills("s.c", kind, "s.a")
    assert skills.related_skills("s.c")[0].skill.key == "s.b"


def test_a_broader_skill_may_require_its_narrower_one() -> None:
    skills.relate_skills("s.a", "broader", "s.b")
    skills.relate_skills("s.b", "requires", "s.a")


@pytest.mark.parametrize(
    ("source", "kind", "target", "error"),
    [
        ("s.a", "broader", "s.a", skills.RelationRefused),
        ("s.a", "likes", "s.b", skills.RelationRefused),
        ("s.a", "broader", "nobody", skills.SkillNotFound),
        ("nobody", "related", "s.a", skills.SkillNotFound),
    ],
)
def test_a_relation_that_makes_no_sense_is_refused(source: str, kind: str, target: str, error: Any) -> None:
    with pytest.raises(error):
        skills.relate_skills(source, kind, target)


def test_circles_are_found_in_long_chains_without_recursion() -> None:
    chain = {f"{n:06}": [f"{n + 1:06}"] for n in range(50_000)}
    assert find_circle(chain) == ()
    circle = find_circle(chain | {"050000": ["000000"]})
    assert len(circle) == 50_002
    assert "… 49942 …" in say_circle(circle)
    assert len(find_way(chain, "000000", "050000")) == 50_001
    assert find_way(chain, "050000", "000000") == ()


def test_a_lattice_is_walked_once_and_not_along_every_path() -> None:
    lattice = {f"{n:03}{side}": [f"{n + 1:03}a", f"{n + 1:03}b"] for n in range(500) for side in "ab"}
    assert find_circle(lattice) == ()  # 2^500 paths


@pytest.mark.parametrize(
    "values",
    [
        {"key": "a b"}, {"key": ""}, {"name": " "}, {"name": "x" * 300}, {"uri": "javascript:alert(1)"},
        {"uri": "https://" + "x" * 600}, {"category": "soft"}, {"language": "English"}, {"level": "x" * 61},
        {"statement": "x" * 10_001},
    ],
)  # fmt: skip
def test_a_skill_in_bad_form_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(skills.SkillRefused):
        skills.define_skill(**({"key": "ok", "framework_key": "bikes", "name": "Fine"} | values))  # type: ignore[arg-type]
    assert not Skill.objects.filter(key="ok").exists()


def test_defining_again_keeps_what_is_not_said() -> None:
    values = {"level": "4", "level_scheme": "EQF", "category": "technical", "language": "de"}
    skills.define_skill(key="k", framework_key="bikes", name="One", **values)
    entry = skills.define_skill(key="k", framework_key="bikes", name="Two")
    assert (entry.name, entry.level, entry.level_scheme, entry.category) == ("Two", "4", "EQF", "technical")
    with pytest.raises(skills.FrameworkNotFound):
        skills.define_skill(key="k", framework_key="nothing", name="Two")


def test_clusters_group_skills_of_any_framework() -> None:
    skills.put_in_clusters("s.a", ["Road safety", "Höhe & Weite"])
    skills.put_in_clusters("s.b", ["road  Safety"])
    assert skills.skills_in_cluster("road-safety") == ("s.a", "s.b")
    assert [cluster.name for cluster in skills.list_clusters()] == ["Höhe & Weite", "Road safety"]
    assert found("", cluster="road-safety") == ["s.a", "s.b"]
    skills.put_in_clusters("s.a", [])
    assert skills.clusters_of("s.a") == ()
    with pytest.raises(skills.SkillRefused):
        skills.put_in_clusters("s.a", ["!!!"])
