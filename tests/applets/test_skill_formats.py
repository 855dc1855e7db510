"""Each format is read into the same rows; whatever is wrong is told with its line or path."""

from __future__ import annotations

import codecs
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from microcred_app.applets.skills.formats.checks import check_rows
from microcred_app.applets.skills.formats.detection import parse_files
from microcred_app.applets.skills.formats.rows import ParsedFramework, Problems, SkillRow, SourceFile
from microcred_app.applets.skills.formats.text import MAX_BYTES

FOLDER = Path(__file__).parents[1] / "fixtures" / "frameworks"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def catalogue() -> None:
    """Readers are pure: these tests need no database."""


def read(*names: str, format_name: str = "auto") -> tuple[str, ParsedFramework]:
    files = [SourceFile(name, (FOLDER / name).read_bytes()) for name in names]
    return parse_files(files, format_name=format_name, prefix="f:", today=TODAY)


def parse(content: bytes | str, format_name: str = "auto", name: str = "x") -> ParsedFramework:
    data = content.encode() if isinstance(content, str) else content
    return parse_files([SourceFile(name, data)], format_name=format_name, prefix="f:", today=TODAY)[1]


def complaints(parsed: ParsedFramework) -> list[str]:
    problems = Problems()
    problems.include(parsed.problems)
    check_rows(parsed, problems)
    return [str(problem) for problem in problems.first]


def by_key(parsed: ParsedFramework) -> dict[str, SkillRow]:
    return {row.key: row for row in parsed.skills}


def relations(parsed: ParsedFramework) -> set[tuple[str, str, str]]:
    return {(row.source, row.kind, row.target) for row in parsed.relations}


def test_our_own_table() -> None:
    found, parsed = read("workshop.csv")
    assert found == "csv"
    assert complaints(parsed) == []
    skill = by_key(parsed)["elec.isolate"]
    assert (skill.level, skill.level_scheme, skill.category) == ("4", "EQF", "technical")
    assert skill.clusters == ("Electrical safety", "High risk")
    assert skill.place == "workshop.csv, line 3"
    assert by_key(parsed)["elec.tagout"].place == "workshop.csv, line 7"  # after a cell of two lines
    assert by_key(parsed)["elec.tagout"].retired
    assert by_key(parsed)["elec.tagout"].successor == "elec.isolate"
    assert ("elec.megger", "requires", "elec.isolate") in relations(parsed)
    assert ("elec.isolate", "broader", "elec") in relations(parsed)
    assert ("team.talk", "related", "elec.isolate") in relations(parsed)


def test_esco_skills_groups_and_broader_relations() -> None:
    found, parsed = read("skills_en.csv", "skillGroups_en.csv", "broaderRelationsSkillPillar_en.csv")
    assert found == "esco"
    assert complaints(parsed) == []
    skills = by_key(parsed)
    mend = skills["f:0001aaaa-0000-4000-8000-000000000001"]
    assert (mend.name, mend.category, mend.retired) == ("mend punctures", "technical", False)
    assert mend.uri == "http://data.europa.eu/esco/skill/0001aaaa-0000-4000-8000-000000000001"
    assert mend.statement.endswith("& check the result.")
    assert skills["f:0001aaaa-0000-4000-8000-000000000002"].category == "transversal"
    frisian = skills["f:0001aaaa-0000-4000-8000-000000000003"]
    assert (frisian.category, frisian.retired) == ("language", True)
    assert relations(parsed) == {
        (mend.key, "broader", "f:S6.1"),
        ("f:S6.1", "broader", "f:isced-f-07"),
        ("f:0001aaaa-0000-4000-8000-000000000002", "broader", "f:T4"),
    }
    assert not parsed.closed


def test_esco_occupations_are_no_skills() -> None:
    header = "conceptType,conceptUri,preferredLabel\n"
    row = "Occupation,http://data.europa.eu/esco/occupation/1,baker\n"
    assert "x, line 2: “Occupation” is no skill. Take the files of the skill pillar." in complaints(
        parse(header + row, "esco")
    )
    assert "This is no ESCO file" in complaints(parse("a,b\n1,2\n", "esco"))[0]


@pytest.mark.parametrize("name", ["case_1p0.json", "case_1p1.json"])
def test_case_packages(name: str) -> None:
    found, parsed = read(name)
    assert found == "case"
    assert complaints(parsed) == []
    assert (parsed.title, parsed.version, parsed.language) == ("Workshop safety", "2", "en")
    assert parsed.url == "https://school.example/workshop-safety"
    fire = by_key(parsed)["f:11111111-0000-4000-8000-000000000002"]
    assert fire.name == "WS.1.1 Puts out a small fire"
    assert fire.statement.startswith("Puts out a small fire with")
    assert (fire.level, fire.language) == ("PS, AD", "en-GB")
    assert by_key(parsed)["f:11111111-0000-4000-8000-000000000003"].retired
    found_relations = relations(parsed)
    assert (fire.key, "broader", "f:11111111-0000-4000-8000-000000000001") in found_relations
    assert (fire.key, "related", "f:99999999-0000-4000-8000-000000000009") in found_relations
    assert not any("000000000000" in target for _s, _k, target in found_relations)  # the document is no skill
    needs = (fire.key, "requires", "f:11111111-0000-4000-8000-000000000003")
    assert (needs in found_relations) == (name == "case_1p1.json")


def test_rich_skill_descriptors_as_table_and_as_json_are_the_same_skills() -> None:
    table_format, table = read("osmt.csv")
    json_format, tree = read("rsd.json")
    assert table_format == json_format == "rsd"
    assert complaints(table) == complaints(tree) == []
    key = "f:22222222-0000-4000-8000-000000000001"
    one, other = by_key(table)[key], by_key(tree)[key]
    assert (one.name, one.statement, one.uri, one.clusters) == (
        other.name, other.statement, other.uri, other.clusters,
    )  # fmt: skip
    assert one.clusters == ("Nursing", "Patient Safety")
    assert by_key(tree)["f:22222222-0000-4000-8000-000000000003"].retired


def test_a_collection_of_descriptors_names_the_framework() -> None:
    items = json.loads((FOLDER / "rsd.json").read_text())
    collection = {"type": "RichSkillCollection", "name": "Care", "skills": items}
    parsed = parse(json.dumps(collection))
    assert (parsed.title, len(parsed.skills)) == ("Care", 2)


def test_semicolons_tabs_and_marks_of_spreadsheets_are_understood() -> None:
    text = (FOLDER / "workshop.csv").read_text()
    table = "key;name\na;Über, Brücken\n"
    for content in (
        table.encode(),
        codecs.BOM_UTF8 + table.encode(),
        table.replace(";", "\t").encode("utf-16"),
        codecs.BOM_UTF16_BE + table.encode("utf-16-be"),
        table.replace("\n", "\r\n").encode(),
    ):
        parsed = parse(content)
        assert complaints(parsed) == []
        assert by_key(parsed)["a"].name == "Über, Brücken"
    assert complaints(parse(codecs.BOM_UTF8 + text.encode())) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "x: The file is empty."),
        (b" \n\n", "x: The file is empty."),
        ("key,name\na,Caf\xe9\n".encode("latin-1"), "x, line 2: This is not UTF-8."),
        ("key,name\na,b\n".encode("utf-16-le"), "x, line 1: There is a NUL character."),
        (b"key,name\na,b\x00c\n", "x, line 2: There is a NUL character."),
        (b"\xff\xfe\x00", "The file begins as UTF-16 and is not"),
        (b"\x80" * 5_000, "This is not UTF-8"),
        (b'key,name\na,"never closed\nb,c\n', "x, line 3: The table breaks off here"),
        (b'key,name\na,"quoted"wrong\n', "The table breaks off here"),
        (b"key,name\na,b,c\n", "x, line 2: The line has 3 cells, the header has 2."),
        (b"key,name,name\na,b,c\n", "x, line 1: These columns stand there twice: name."),
        (b"key,name,colour\na,b,red\n", "x: These columns are not known: colour. Known columns are: key"),
        (b"key,statement\na,b\n", "x: The table lacks the columns name."),
        (b",,\n,,\n", "x, line 1: The first line must name the columns."),
        (b"key,name\n", "There is no skill in the file."),
        (b"key,name\n" + b"a" * 140_000 + b",b\n", "The table breaks off here"),
        (("," * 300).encode() + b"\nx\n", "x, line 1: The first line must name the columns."),
        (b"key,name\n,Nameless\n", "x, line 2: The key is missing."),
        (b"key,name\na, \n", "x, line 2: The name is missing."),
        (b"key,name\na b,c\n", "x, line 2: “a b” cannot be a key"),
        ("key,name\n\u0430,cyrillic\n".encode(), "cannot be a key"),
        (b"key,name\na/b,c\n", "cannot be a key"),
        (b"key,name\na,b\nA,c\n", "x, line 3: a stands at x, line 2 already."),
        (b"key,name,uri\na,b,http://x.example/1\nc,d,http://x.example/1\n", "x, line 3: http://x.example/1 stands at"),
        (b"key,name,uri\na,b,javascript:alert(1)\n", "is no http or https address"),
        (b"key,name,uri\na,b,http://[::1\n", "is no http or https address"),
        (b'key,name,uri\na,b,"http://x.example/""><script>"\n', "is no http or https address"),
        (b"key,name,uri\na,b,http:///x\n", "is no http or https address"),
        (b"key,name,category\na,b,soft\n", "“soft” is no category. Choose one of: technical"),
        (b"key,name,language\na,b,English\n", "is no language code"),
        (b"key,name,retired\na,b,perhaps\n", "retired: write yes or no"),
        (b"key,name\na," + b"n" * 300 + b"\n", "name has 300 characters; at most 255 fit"),
        (b"key,name,level\na,b," + b"n" * 70 + b"\n", "level has 70 characters"),
        (b"key,name,clusters\na,b," + b"c|" * 300 + b"\n", "clusters: at most 200 entries"),
        (b"key,name\na,=HYPERLINK(\"http://evil.example\")\n", "begins with = is run as a formula"),
        (b'key,name\na,"=1+1"\n', "name: a text that begins with = is run as a formula"),
        (b"key,name,level\na,b,@SUM(A1)\n", "level: a text that begins with @"),
        (b"key,name,statement\na,b,=cmd|' /C calc'!A0\n", "statement: a text that begins with ="),
        (b"key,name\n+a,b\n", "key: a text that begins with +"),
        (b"{]", "The file cannot be read: This is not JSON"),
        (b"[" * 100_000, "The file cannot be read"),
        (b'{"CFItems": 1}', "x, CFItems: A CASE package has a list CFItems"),
        (b'{"CFItems": [1]}', "x, CFItems[0]: This must be an object."),
        (b'{"CFItems": [{"identifier": "a"}]}', "x, CFItems[0]: The name is missing."),
        (b'{"CFItems": [{"fullStatement": "a"}]}', "x, CFItems[0]: The key is missing."),
        (b'{"CFItems": [], "CFAssociations": [7]}', "x, CFAssociations[0]: This must be an object."),
        (b'{"CFItems": [], "CFAssociations": [{}]}', "x, CFAssociations[0]: The association lacks an end"),
        (b'{"CFItems": [{"identifier": "a", "identifier": "b"}]}', "The file cannot be read"),
        (b'{"CFItems": [{"identifier": "a", "fullStatement": "b", "uri": "javascript:x"}]}', "no http or https"),
        (b'{"x": NaN}', "The file cannot be read"),
        (b'{"x": 1}', "x: The format is not recognised. Name it: csv, case, esco, rsd, tagging."),
        (b'[{"skillName": "a", "id": "https://x.example/1"}, 5]', "x, [1]: This is no Rich Skill Descriptor"),
        (b"7", "x: The table lacks the columns key, name."),
    ],
)  # fmt: skip
def test_bad_files_get_a_message_with_their_place(content: bytes, said: str) -> None:
    told = complaints(parse(content))
    assert any(said in text for text in told), told


@pytest.mark.parametrize("format_name", ["csv", "case", "esco", "rsd"])
@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"[[]]", b"null", b'"text"', b"1e999", b"\x00\x01\x02", b'{"CFItems": {"a": 1}}',
     b'{"CFItems": [{"identifier": {"a": []}, "fullStatement": ["x"]}], "CFAssociations": {"a": 1}}',
     b'{"CFItems": [{"identifier": "a", "educationLevel": {"a": 1}}], "CFDocument": []}',
     b'{"skills": [{"skillName": {"@value": "x"}, "categories": [1, null, {}]}]}',
     b'{"@graph": 5}', b"a,b\n\"", b";;;\n", b"\xef\xbb\xbf"],
)  # fmt: skip
def test_no_reader_crashes_on_what_is_not_its_own(content: bytes, format_name: str) -> None:
    assert complaints(parse(content, format_name))


def test_size_is_refused_before_work_is_spent() -> None:
    told = complaints(parse(b"a" * (MAX_BYTES + 1)))
    assert any("at most 33554432 are read" in text for text in told)


def test_more_skills_than_a_framework_has_are_refused() -> None:
    rows = "".join(f"k{number},Skill\n" for number in range(50_001))
    assert complaints(parse("key,name\n" + rows)) == [
        ": At most 50000 skills and 250000 relations are read at once."
    ]


def test_a_thousand_mistakes_are_counted_and_a_hundred_told() -> None:
    parsed = parse("key,name\n" + "a b,c\n" * 1_000)
    problems = Problems()
    check_rows(parsed, problems)
    assert len(problems.first) == 100
    assert problems.count > 1_000


def test_texts_are_cleaned_as_everything_that_gets_signed() -> None:
    parsed = parse("key,name,statement\na,Tyres &amp; \u202etubes,One\u0007 two\n")
    row = check_rows(parsed, Problems())[0]
    assert (row.name, row.statement) == ("Tyres & tubes", "One two")


def test_case_ends_are_found_where_exporters_put_them() -> None:
    package: dict[str, Any] = {
        "CFItems": [{"identifier": "a", "fullStatement": "A"}, {"identifier": "b", "fullStatement": "B"}],
        "CFAssociations": [
            {"associationType": "isChildOf", "originNodeURI": {"uri": "https://c.example/a"},
             "destinationNodeURI": {"identifier": "b"}},
            {"associationType": "exactMatchOf", "originNodeIdentifier": "a", "destinationNodeURI": "https://c.example/b"},
            {"associationType": "replacedBy", "originNodeIdentifier": "a", "destinationNodeIdentifier": "b"},
        ],
    }  # fmt: skip
    assert relations(parse(json.dumps(package))) == {("f:a", "broader", "f:b"), ("f:a", "equivalent", "f:b")}
