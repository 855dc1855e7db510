"""A framework is read as a whole, seen before it happens, and updated by its next edition."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from microcred_app.applets.audit import api as audit
from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills.models import Skill, SkillCluster, SkillFramework, SkillRelation
from microcred_app.applets.skills.stamp import read_stamp
from microcred_app.permissions import api as permissions
from tests.fixtures.catalogue import NOW, make_officer, make_user

FOLDER = Path(__file__).parents[1] / "fixtures" / "frameworks"
WORKSHOP = skills.FrameworkChoice("workshop", name="Workshop skills", language="en")


def table(text: str) -> list[skills.SourceFile]:
    return [skills.SourceFile("skills.csv", text.encode())]


def files(*names: str) -> list[skills.SourceFile]:
    return [skills.SourceFile(name, (FOLDER / name).read_bytes()) for name in names]


def load(source: list[skills.SourceFile], choice: Any = WORKSHOP, **options: Any) -> skills.ImportReport:
    return skills.import_skills(source, choice, **({"actor_id": None, "now": NOW} | options))


def everything() -> dict[str, Any]:
    members = Skill.clusters.through
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Skill, SkillCluster, SkillFramework, SkillRelation, members)
    }


def test_a_table_becomes_skills_clusters_and_relations() -> None:
    report = load(files("workshop.csv"))
    assert (report.format, len(report.new), report.relations_added) == ("csv", 5, 5)
    isolate = skills.get_skill("elec.isolate")
    assert (isolate.level, isolate.level_scheme, isolate.category) == ("4", "EQF", "technical")
    assert [cluster.name for cluster in skills.clusters_of("elec.isolate")] == [
        "Electrical safety",
        "High risk",
    ]
    assert skills.skills_in_cluster("electrical-safety") == ("elec.isolate", "elec.megger")
    tagout = skills.get_skill("elec.tagout")
    assert (tagout.retired_at, tagout.successor_key) == (NOW, "elec.isolate")
    assert [(item.kind, item.skill.key) for item in skills.related_skills("elec.isolate")] == [
        ("broader", "elec"), ("related", "team.talk"), ("required_by", "elec.megger"),
    ]  # fmt: skip
    framework = skills.get_framework("workshop")
    assert (framework.name, framework.language, framework.imported_at) == ("Workshop skills", "en", NOW)
    assert framework.source.startswith("csv: workshop.csv (SHA-256 ")


def test_a_preview_says_the_same_and_writes_nothing() -> None:
    before, stamp = everything(), read_stamp()
    preview = skills.preview_import(files("workshop.csv"), WORKSHOP, now=NOW)
    assert (everything(), read_stamp()) == (before, stamp)
    assert preview == load(files("workshop.csv"))


def test_reading_the_same_file_again_changes_nothing() -> None:
    load(files("workshop.csv"))
    before = everything()
    report = load(files("workshop.csv"), now=NOW)
    assert (report.new, report.changed, report.unchanged, report.missing) == ((), (), 5, ())
    assert (report.relations_added, report.relations_removed) == (0, 0)
    assert everything() == before


def test_the_next_edition_updates_adds_and_lists_what_is_gone() -> None:
    load(table("key,name,level,clusters,broader\na,Alpha,3,One|Two,\nb,Beta,3,,a\nc,Gamma,,,a\n"))
    ids = dict(Skill.objects.values_list("key", "pk"))
    report = load(
        table("key,name,level,clusters,broader\na,Alpha,4,Two|Three,\nb,Beta,3,,\nd,Delta,,,b\n"),
        now=NOW + timedelta(days=1),
    )
    assert report.new == ("d",)
    assert {change.key: dict(change.fields) for change in report.changed} == {
        "a": {"level": ("3", "4"), "clusters": ("one|two", "three|two")}
    }
    assert (report.unchanged, report.missing, report.retired) == (1, ("c",), ())
    assert (report.relations_added, report.relations_removed) == (1, 2)
    assert Skill.objects.get(key="a").pk == ids["a"]
    assert [cluster.key for cluster in skills.clusters_of("a")] == ["three", "two"]
    assert skills.get_skill("c").retired_at is None
    assert [(item.kind, item.skill.key) for item in skills.related_skills("b")] == [("narrower", "d")]


def test_what_is_gone_can_be_retired_and_stays_to_be_shown() -> None:
    load(table("key,name\na,Alpha\nb,Beta\n"))
    later = NOW + timedelta(days=1)
    report = load(table("key,name\na,Alpha\n"), retire_missing=True, now=later)
    assert (report.missing, report.retired) == (("b",), ("b",))
    assert skills.get_skill("b").retired_at == later
    again = load(table("key,name\na,Alpha\n"), retire_missing=True, now=later + timedelta(days=1))
    assert (again.missing, again.retired) == (("b",), ())
    back = load(table("key,name\na,Alpha\nb,Beta\n"))
    assert back.notes == ("Skills of the file that are retired here and stay so: 1.",)
    load(table("key,name,retired\na,Alpha,no\nb,Beta,no\n"))
    assert skills.get_skill("b").retired_at is None


def test_columns_that_a_file_does_not_have_stay_as_they_are() -> None:
    load(files("workshop.csv"))
    before = skills.get_skill("elec.isolate")
    report = load(table("key,name\nelec.isolate,Isolate and prove dead\n"))
    assert [dict(change.fields) for change in report.changed] == [
        {"name": ("Isolate a circuit", "Isolate and prove dead")}
    ]
    after = skills.get_skill("elec.isolate")
    assert after.name == "Isolate and prove dead"
    assert (after.level, after.statement, after.uri) == (before.level, before.statement, before.uri)
    assert len(skills.clusters_of("elec.isolate")) == 2
    assert skills.get_skill("elec.tagout").successor_key == "elec.isolate"
    assert len(skills.related_skills("elec.isolate")) == 3


def test_relations_made_by_hand_survive_every_import() -> None:
    load(table("key,name,broader\na,Alpha,\nb,Beta,a\n"))
    skills.relate_skills("b", "requires", "a")
    skills.relate_skills("s.a", "broader", "a")
    load(table("key,name,broader,requires\na,Alpha,,\nb,Beta,,\n"))
    assert [(item.kind, item.skill.key) for item in skills.related_skills("a")] == [
        ("narrower", "s.a"), ("required_by", "b"),
    ]  # fmt: skip


def test_esco_in_several_files_and_its_relations_alone() -> None:
    esco = skills.FrameworkChoice("esco", language="en", version="1.2")
    names = ("skills_en.csv", "skillGroups_en.csv", "broaderRelationsSkillPillar_en.csv")
    report = load(files(*names), esco)
    assert (len(report.new), report.relations_added, report.relations_left_out) == (5, 2, 1)
    assert report.notes == (
        "Relations left out, because they lead to entries neither in the file nor here: 1.",
    )
    mend = "esco:0001aaaa-0000-4000-8000-000000000001"
    assert [item.skill.name for item in skills.related_skills(mend)] == ["maintaining vehicles"]
    alone = load(files("broaderRelationsSkillPillar_en.csv"), esco)
    assert (alone.new, alone.missing, alone.relations_added, alone.relations_removed) == ((), (), 0, 0)
    skills_only = load(files("skills_en.csv", "skillGroups_en.csv"), esco)
    assert skills_only.relations_removed == 0
    assert skills.get_framework("esco").name == "ESCO"


def test_case_names_its_framework_and_rsd_makes_clusters() -> None:
    report = load(files("case_1p1.json"), skills.FrameworkChoice("safety"))
    assert (len(report.new), report.relations_added, report.relations_left_out) == (3, 2, 1)
    framework = skills.get_framework("safety")
    assert (framework.name, framework.version) == ("Workshop safety", "2")
    load(files("osmt.csv"), skills.FrameworkChoice("care", name="Care"))
    assert skills.skills_in_cluster("patient-safety") == ("care:22222222-0000-4000-8000-000000000001",)


REFUSED = [
    (
        "key,name,broader\na,Alpha,c\nb,Beta,a\nc,Gamma,b\n",
        "broader: These skills run in a circle: Alpha [a] → Gamma [c] → Beta [b] → Alpha [a].",
    ),
    ("key,name,requires\na,Alpha,b\nb,Beta,a\n", "requires: These skills run in a circle: Alpha [a] → Beta [b]"),
    ("key,name,broader\na,Alpha,a\n", "skills.csv, line 2: a is related to itself (broader)."),
    ("key,name,broader\na,Alpha,nobody\n", "skills.csv, line 2: broader: there is no skill nobody."),
    ("key,name,successor\na,Alpha,nobody\n", "skills.csv, line 2: successor: there is no skill nobody."),
    ("key,name,successor\na,Alpha,b\nb,Beta,a\n", "successor: These skills run in a circle: Alpha [a] → Beta [b]"),
    ("key,name\ns.a,Alpha\n", "skills.csv, line 2: The key s.a belongs to a skill of the framework bikes already."),
    ("key,name\nS.A,Alpha\n", "skills.csv, line 2: The key s.a belongs to a skill of the framework bikes already."),
    ("key,name\nok,Fine\nnot ok,Alpha\n", "skills.csv, line 3: “not ok” cannot be a key"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_one_mistake_leaves_the_database_as_it_was(text: str, said: str) -> None:
    before, stamp, log = everything(), read_stamp(), audit.list_entries()
    with pytest.raises(skills.ImportRefused) as caught:
        load(table(text))
    assert any(said in str(problem) for problem in caught.value.report.problems), caught.value.report.problems
    assert (everything(), read_stamp(), audit.list_entries()) == (before, stamp, log)
    assert not skills.preview_import(table(text), WORKSHOP, now=NOW).can_import


def test_a_circle_that_closes_over_what_is_there_already_is_named_in_full() -> None:
    load(table("key,name,broader\na,Alpha,\nb,Beta,a\n"))
    skills.relate_skills("a", "broader", "s.a")
    with pytest.raises(
        skills.ImportRefused, match=r"b → a → Skill a \[s\.a\] → b|a → Skill a \[s\.a\] → b → a"
    ):
        load(table("key,name,broader\ns.a,Skill a,b\n"), skills.FrameworkChoice("bikes"))


def test_the_next_edition_may_turn_a_relation_round() -> None:
    load(table("key,name,broader\na,Alpha,\nb,Beta,a\n"))
    report = load(table("key,name,broader\na,Alpha,b\nb,Beta,\n"))
    assert (report.relations_added, report.relations_removed) == (1, 1)


def test_keys_that_differ_only_in_capitals_are_one_skill() -> None:
    load(table("key,name\nWeld-1,Weld\n"))
    report = load(table("key,name,related\nweld-1,Weld well,\nx,Other,WELD-1\n"))
    assert [change.key for change in report.changed] == ["Weld-1"]
    assert [item.skill.key for item in skills.related_skills("x")] == ["Weld-1"]


def test_doubles_are_reported_and_hinder_nothing() -> None:
    load(table("key,name,uri\na,Alpha,https://skills.example/1\n"))
    report = load(
        table("key,name,uri\nx,Same,https://skills.example/1\ny,same,\nz,Single,\n"),
        skills.FrameworkChoice("other"),
    )
    assert report.duplicate_count == 2
    assert report.duplicates == (
        "These skills have the same name, same: x, y.",
        "x has the same address as a of the framework workshop.",
    )


def test_an_import_is_one_entry_of_the_log() -> None:
    steward = make_officer("stella", "steward")
    load(files("workshop.csv"), actor_id=steward)
    entry = audit.list_entries(object_type="framework")[0]
    assert (entry.action, entry.object_id, entry.actor_id) == ("skills.imported", "workshop", steward)
    assert (entry.details["new"], entry.details["relations_added"]) == (5, 5)


def test_whoever_may_not_manage_skills_imports_nothing() -> None:
    before = everything()
    for actor in (make_user("ben"), make_officer("olga", "auditor"), make_officer("rita", "reviewer")):
        with pytest.raises(permissions.NotAllowed):
            load(files("workshop.csv"), actor_id=actor)
    assert everything() == before


def test_what_badges_use_is_read_anew_after_an_import() -> None:
    before = read_stamp()
    load(files("workshop.csv"))
    assert read_stamp() != before


def test_a_framework_key_and_its_values_are_checked() -> None:
    for choice, said in (
        (skills.FrameworkChoice("a b"), "cannot be a framework’s key"),
        (skills.FrameworkChoice("x", url="javascript:x"), "is no http or https address"),
        (skills.FrameworkChoice("x", language="English"), "Use a language code"),
    ):
        report = skills.preview_import(table("key,name\na,Alpha\n"), choice, now=NOW)
        assert any(said in str(problem) for problem in report.problems)
    assert not skills.preview_import([], WORKSHOP, now=NOW).can_import


# --- the command --------------------------------------------------------------------------------------------


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("microcred_import_skills", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_shows_imports_and_shows_again() -> None:
    path = str(FOLDER / "workshop.csv")
    said = command(path, "--framework", "workshop", "--dry-run")
    assert "5 new, 0 changed, 0 unchanged" in said
    assert "nothing was written" in said
    assert skills.count_skills(framework_key="workshop") == 0
    assert "5 new" in command(path, "--framework", "workshop", "--format", "csv")
    assert "0 new, 0 changed, 5 unchanged" in command(path, "--framework", "workshop")


def test_the_command_tells_every_problem_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("key,name\na b,x\n,y\n")
    with pytest.raises(CommandError, match=r"(?s)Nothing was imported:.*bad.csv, line 2.*bad.csv, line 3"):
        command(str(path), "--framework", "x")
    with pytest.raises(CommandError, match="No such file"):
        command(str(tmp_path / "nowhere"), "--framework", "x")
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(skills.MAX_BYTES + 1)
    with pytest.raises(CommandError, match="larger than"):
        command(str(tmp_path / "huge"), "--framework", "x")
