"""Frameworks and the platform's taxonomies: read, written, and read back as they were, by the platform's own parser."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills.formats import tagging
from microcred_app.applets.skills.formats.detection import parse_files
from microcred_app.applets.skills.formats.rows import ParsedFramework, SourceFile
from microcred_app.applets.skills.models import Skill, SkillRelation
from tests.fixtures.catalogue import make_officer, make_user

#: As ``GET /api/content_tagging/v1/taxonomies/ID/export/`` of Open edX writes them.
CSV = "id,value,parent_id\r\nbike,Bicycles,\r\nbrake,Brakes,bike\r\n17,Rim brakes,brake\r\n"
JSON = json.dumps(
    {
        "name": "Workshop",
        "description": "",
        "tags": [
            {"id": "bike", "value": "Bicycles"},
            {"id": "brake", "value": "Brakes", "parent_id": "bike"},
            {"id": 17, "value": "Rim brakes", "parent_id": "brake"},
        ],
    }
)


def parse(text: str) -> tuple[str, ParsedFramework]:
    return parse_files(
        [SourceFile("t", text.encode())], format_name="auto", prefix="f:", today=date(2026, 3, 2)
    )


@pytest.mark.parametrize("text", [CSV, JSON, "\ufeff" + CSV])
def test_an_exported_taxonomy_is_recognised_and_read(text: str) -> None:
    name, parsed = parse(text)
    assert (name, parsed.problems.count) == ("tagging", 0)
    assert [(row.key, row.name) for row in parsed.skills] == [
        ("f:bike", "Bicycles"), ("f:brake", "Brakes"), ("f:17", "Rim brakes"),
    ]  # fmt: skip
    assert [(row.source, row.kind, row.target) for row in parsed.relations] == [
        ("f:brake", "broader", "f:bike"), ("f:17", "broader", "f:brake"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "id,value,parent_id\n,Nameless,\n",
        "id,value,parent_id\na,,\n",
        '{"tags": [1]}',
        '{"tags": [{"id": "a"}]}',
        '{"tags": [{"id": true, "value": "x"}]}',
        '{"tags": []}',
    ],
)
def test_broken_taxonomies_import_nothing(text: str) -> None:
    file = SourceFile("t", text.encode())
    choice = skills.FrameworkChoice(key="f", name="F")
    report = skills.preview_import(
        [file], choice, format_name="tagging", retire_missing=False, now=timezone.now()
    )
    assert report.problem_count
    assert not Skill.objects.filter(framework__key="f").exists()


def framework() -> None:
    skills.define_framework(key="wheels", name="Bicycle skills")
    for key, name in (
        ("wheels:a", "Brakes"),
        ("wheels:b", "brakes"),
        ("own", "Rims; spokes > hubs\tand =SUM(1)"),
        ("wheels:c", "=1+1"),
        ("wheels:d", "Deep"),
        ("wheels:e", "Deeper"),
        ("wheels:gone", "Gone"),
    ):
        skills.define_skill(key=key, framework_key="wheels", name=name)
    skills.retire_skill("wheels:gone", successor_key="", actor_id=None, now=timezone.now(), reason="x")
    for narrow, broad in (
        ("wheels:b", "wheels:a"),
        ("wheels:c", "wheels:b"),
        ("wheels:d", "wheels:c"),
        ("wheels:e", "wheels:d"),
    ):
        skills.relate_skills(narrow, "broader", broad)


def test_a_framework_is_written_as_the_platform_takes_it() -> None:
    framework()
    rows = list(csv.DictReader(io.StringIO(skills.taxonomy_of("wheels"))))
    assert [(row["id"], row["parent_id"]) for row in rows] == [
        ("~own", ""), ("a", ""), ("b", "a"), ("c", "b"), ("d", "b"), ("e", "b"),
    ]  # fmt: skip
    texts = [row["value"] for row in rows]
    assert len({text.casefold() for text in texts}) == len(texts)
    for text in texts:
        assert not any(sign in text for sign in ("\t", " > ", ";"))
        assert not text.startswith(("=", "+", "-", "@"))
    assert json.loads(skills.taxonomy_of("wheels", as_json=True))["name"] == "Bicycle skills"


def test_what_was_written_is_read_back_into_the_same_skills() -> None:
    framework()
    before = set(Skill.objects.values_list("key", flat=True))
    file = SourceFile("t.csv", skills.taxonomy_of("wheels").encode())
    choice = skills.FrameworkChoice(key="wheels", name="Bicycle skills")
    skills.import_skills(
        [file], choice, format_name="auto", retire_missing=False, now=timezone.now(), actor_id=None
    )
    assert set(Skill.objects.values_list("key", flat=True)) == before


def test_a_circle_of_broader_skills_ends() -> None:
    tags = tagging.arrange({"a": "A", "b": "B"}, {"a": ["b"], "b": ["a"]}, prefix="")
    assert sorted(tag.id for tag in tags) == ["a", "b"]
    assert sum(not tag.parent_id for tag in tags) == 1


def test_the_file_is_for_those_who_see_definitions() -> None:
    framework()
    from microcred_app.applets.badges import api as badges

    badges.define_issuer(
        slug="school", name="A school", url="https://school.example", email="a@school.example"
    )
    address = "/microcred/registrar/frameworks/wheels/taxonomy"
    client = Client(headers={"accept": "text/html"})
    client.force_login(get_user_model().objects.get(pk=make_officer("stella", role="steward")))
    assert client.get(address).content.decode().startswith("id,value,parent_id\n")
    assert client.get(address, {"format": "json"}).json()["tags"]
    assert client.get("/microcred/registrar/frameworks/none/taxonomy").status_code == 404
    assert address in client.get("/microcred/registrar/skills/").content.decode()
    client.force_login(get_user_model().objects.get(pk=make_user("amina")))
    assert client.get(address).status_code == 403
    assert SkillRelation.objects.exists()
