"""A course of long pages becomes micro-units: proposed, edited, checked by line, built together or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from opaque_keys.edx.keys import CourseKey, UsageKey

from demo_site.courses.models import Branch, ContentBlock
from demo_site.courses.tree import load_tree
from demo_site.platform import DemoPlatform
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.skills import api as skills
from microcred_app.learning import outline
from tests.fixtures.catalogue import make_user
from tests.fixtures.outline_course import KEY, edited, import_long_course, rows_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MENDED = {"statement": "Mend a flat tyre so that it holds"}
LEFT_OUT = {"make": "no"}


@pytest.fixture
def ines(tmp_path: Path) -> int:
    author = make_user("ines")
    import_long_course(tmp_path / "course", author)
    return author


def proposed() -> list[dict[str, str]]:
    return rows_of(outline.write_sheet(outline.propose_units(KEY)))


def block(block_type: str, name: str) -> UsageKey:
    return CourseKey.from_string(KEY).make_usage_key(block_type, name)


def draft() -> Any:
    return load_tree(CourseKey.from_string(KEY), Branch.DRAFT)


def content() -> list[Any]:
    columns = ("branch", "usage_key", "parent", "position", "fields")
    return list(ContentBlock.objects.order_by("branch", "usage_key").values_list(*columns))


def told(sheet: bytes) -> list[str]:
    return [str(problem) for problem in outline.plan_outline(KEY, sheet).problems]


# The proposal


def test_every_page_with_content_and_without_unit_is_proposed(ines: int) -> None:
    rows = proposed()
    assert [row["page"] for row in rows] == ["vertical@mend", "vertical@about"]
    first, second = rows
    assert first["section"] == "Wheels / Tyres"
    assert first["title"] == first["statement"] == "Mend a flat tyre", "a title that says what people can do"
    assert first["minutes"] == "4", "540 words, a check and a few words"
    assert first["blocks"] == "html@read microcred_check@ask html@more"
    assert second["statement"].startswith("["), "a topic is no outcome: a stub asks for one"


def test_a_title_cannot_run_in_a_spreadsheet_and_comes_back_as_it_was(ines: int) -> None:
    ContentBlock.objects.filter(usage_key=str(block("vertical", "about"))).update(
        fields={"display_name": '=HYPERLINK("https://evil.example")'}
    )
    row = proposed()[1]
    assert row["title"].startswith("'=")
    plan = outline.plan_outline(KEY, edited([row], {"statement": "Oil a chain without waste"}))
    assert plan.units[0].title == '=HYPERLINK("https://evil.example")'


def test_a_course_that_is_not_there_is_told(ines: int) -> None:
    for key in ("course-v1:No+Such+course", "nonsense"):
        with pytest.raises(outline.NoSuchCourse):
            outline.propose_units(key)


# Building


def test_an_edited_sheet_becomes_units_that_hold_the_blocks_themselves(ines: int) -> None:
    change = {**MENDED, "title": "Mend it", "blocks": "microcred_check@ask html@read", "add": "evidence"}
    keys = outline.build_outline(KEY, edited(proposed(), change, LEFT_OUT), author_id=ines, now=NOW)
    tree = draft()
    unit = tree.nodes[UsageKey.from_string(keys[0])]
    assert [key.block_id for key in tree.nodes[block("vertical", "mend")].children] == [
        unit.usage_key.block_id,
        "more",
    ], "the unit stands where the first of its blocks stood"
    assert [str(key) for key in unit.children[:2]] == [
        str(block("microcred_check", "ask")),
        str(block("html", "read")),
    ]
    assert unit.children[2].block_type == "microcred_evidence"
    assert unit.fields["display_name"] == "Mend it" and unit.fields["estimated_minutes"] == 4
    assert unit.fields["outcome_statement"] == MENDED["statement"]
    assert skills.get_outcome(unit.fields["outcome_key"]).statement == MENDED["statement"]
    assert [one.usage_key for one in authoring.live_sources(unit.fields["outcome_key"])] == [keys[0]]
    entry = AuditEntry.objects.get(action="course.units_built")
    assert (entry.object_id, entry.details["units"]) == (KEY, 1)


def test_learners_see_nothing_of_it_before_publishing(ines: int) -> None:
    published = load_tree(CourseKey.from_string(KEY), Branch.PUBLISHED)
    outline.build_outline(KEY, edited(proposed(), MENDED, LEFT_OUT), author_id=ines, now=NOW)
    assert load_tree(CourseKey.from_string(KEY), Branch.PUBLISHED) == published


def test_one_page_can_become_two_units_that_share_an_outcome(ines: int) -> None:
    first = {**MENDED, "blocks": "html@read"}
    second = {
        **MENDED,
        "page": "vertical@mend",
        "title": "Again",
        "blocks": "microcred_check@ask",
        "make": "yes",
    }
    keys = outline.build_outline(KEY, edited(proposed()[:1], first, second), author_id=ines, now=NOW)
    assert len(keys) == 2
    tree = draft()
    outcomes = {tree.nodes[UsageKey.from_string(key)].fields["outcome_key"] for key in keys}
    assert len(outcomes) == 1
    assert [key.block_type for key in tree.nodes[block("vertical", "mend")].children] == [
        "microcred_unit",
        "microcred_unit",
        "html",
    ]


def test_an_outcome_of_the_catalogue_is_used_by_key_or_by_its_words(ines: int) -> None:
    skills.define_outcome(
        key="bike.tyre", statement="Mend a flat tyre so that it holds", skill_key="", now=NOW
    )
    by_key = outline.plan_outline(
        KEY, edited(proposed(), {"outcome": "bike.tyre", "statement": ""}, LEFT_OUT)
    )
    assert by_key.units[0].outcome_key == "bike.tyre" and by_key.new_outcomes == ()
    keys = outline.build_outline(KEY, edited(proposed(), MENDED, LEFT_OUT), author_id=ines, now=NOW)
    assert draft().nodes[UsageKey.from_string(keys[0])].fields["outcome_key"] == "bike.tyre"


def test_building_twice_is_refused_because_the_blocks_have_moved(ines: int) -> None:
    sheet = edited(proposed(), MENDED, LEFT_OUT)
    outline.build_outline(KEY, sheet, author_id=ines, now=NOW)
    before = content()
    with pytest.raises(outline.OutlineRefused) as refused:
        outline.build_outline(KEY, sheet, author_id=ines, now=NOW)
    assert "is no block of this page" in str(refused.value.plan.problems[0])
    assert content() == before


def test_one_wrong_line_builds_nothing_at_all(ines: int) -> None:
    before = content()
    with pytest.raises(outline.OutlineRefused):
        outline.build_outline(KEY, edited(proposed(), MENDED, {"minutes": "90"}), author_id=ines, now=NOW)
    assert content() == before and skills.list_outcomes() == ()


def test_when_the_platform_fails_halfway_nothing_remains(ines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content()
    build = DemoPlatform.build_units

    def fail(self: DemoPlatform, course_key: str, units: Any, *, author_id: int) -> Any:
        build(self, course_key, units, author_id=author_id)
        raise ConnectionError("the store is gone")

    monkeypatch.setattr(DemoPlatform, "build_units", fail)
    with pytest.raises(ConnectionError):
        outline.build_outline(KEY, edited(proposed(), MENDED, LEFT_OUT), author_id=ines, now=NOW)
    assert content() == before and skills.list_outcomes() == ()
    assert not AuditEntry.objects.filter(action="course.units_built").exists()


def test_only_people_who_author_the_course_build_in_it(ines: int) -> None:
    stranger = make_user("stranger")
    before = content()
    with pytest.raises(outline.NotAuthor):
        outline.build_outline(KEY, edited(proposed(), MENDED, LEFT_OUT), author_id=stranger, now=NOW)
    assert content() == before


# Faults, by line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"page": "vertical@gone"}, "is no page of this course"),
        ({"page": "html@read"}, "is no page of this course"),
        ({"make": "perhaps"}, "Write yes or no"),
        ({"title": ""}, "Give the unit a title"),
        ({"title": "x" * 201}, "Give the unit a title"),
        ({"statement": ""}, "Write what learners can do"),
        ({"statement": "[What?] Tyres"}, "Write what learners can do"),
        ({"statement": "x" * 501}, "Keep the statement below 500"),
        ({"statement": "=1+1"}, "begins like a formula"),
        ({"statement": "'@SUM(1)"}, "begins like a formula"),
        ({"outcome": "no.such"}, "There is no outcome"),
        ({"skill": "no.such"}, "There is no skill"),
        ({"minutes": "soon"}, "Minutes are a whole number"),
        ({"minutes": "0"}, "Minutes are a whole number"),
        ({"minutes": "31"}, "Minutes are a whole number"),
        ({"minutes": "9" * 5000}, "Minutes are a whole number"),
        ({"minutes": "٣"}, "Minutes are a whole number"),
        ({"blocks": "html@chains"}, "is no block of this page"),
        ({"blocks": "html@gone"}, "is no block of this page"),
        ({"blocks": "html@read html@read"}, "a block stands in one place"),
        ({"blocks": "", "add": ""}, "The unit would be empty"),
        ({"add": "course"}, "cannot be added"),
        ({"add": "check " * 11}, "at most ten parts"),
    ],
)
def test_each_fault_is_told_with_its_line(ines: int, change: dict[str, str], said: str) -> None:
    problems = told(edited(proposed(), {**MENDED, **change}, LEFT_OUT))
    assert any(said in problem and "line 2" in problem for problem in problems), problems


def test_a_unit_does_not_stand_in_a_unit(ines: int) -> None:
    change = {**MENDED, "page": "vertical@done", "blocks": "microcred_unit@u"}
    assert "units do not stand in units" in told(edited(proposed(), change, LEFT_OUT))[0]


def test_a_sheet_without_the_columns_is_told_which_are_missing(ines: int) -> None:
    assert "minutes, blocks" in told(b"page,make,title\nvertical@mend,yes,T\n")[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(ines: int, encoding: str) -> None:
    sheet = edited(proposed(), {"statement": "Größe eines Reifens ablesen können"}, LEFT_OUT).decode()
    plan = outline.plan_outline(KEY, sheet.replace(",", ";").encode(encoding))
    assert plan.units[0].statement.startswith("Größe") and not plan.problem_count


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        ("page,make\n\xe4".encode("latin-1"), "not UTF-8"),
        (b"\x00\x01\x02", "NUL"),
        (b'page,make,title,minutes,blocks\n"vertical@mend,yes', "quotation mark"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ""),
    ],
)
def test_what_is_no_sheet_is_a_sentence_and_no_crash(ines: int, content: bytes, said: str) -> None:
    problems = told(content)
    assert problems and said in problems[0]


def test_a_hundred_thousand_lines_are_refused_quickly(ines: int) -> None:
    line = "vertical@mend,yes,T,5,html@read\n"
    sheet = ("page,make,title,minutes,blocks\n" + line * 100_000).encode()
    begun = datetime.now(UTC)
    problems = told(sheet)
    assert (datetime.now(UTC) - begun).total_seconds() < 20
    assert problems == ["units.csv: The sheet has 100000 lines; at most 5000 are built at once."]


def test_a_broken_line_far_down_is_told_with_its_number_and_the_rest_only_counted(ines: int) -> None:
    good = "vertical@mend,no,T,5,html@read\n"
    sheet = ("page,make,title,minutes,blocks\n" + good * 4_000 + "vertical@mend,yes,T\n").encode()
    assert "line 4002" in told(sheet)[0]
    wrong = ("page,make,title,minutes,blocks\n" + "x,perhaps,,,\n" * 4_000).encode()
    plan = outline.plan_outline(KEY, wrong)
    assert len(plan.problems) == 100 and plan.problem_count == 4_000


def test_an_unclosed_quote_in_line_90000_is_told_and_swallows_nothing(ines: int) -> None:
    sheet = (
        "page,make,title,minutes,blocks\n" + "vertical@mend,no,T,5,html@read\n" * 89_998 + '"x,yes'
    ).encode()
    assert "line 90000" in told(sheet)[0] and "quotation mark" in told(sheet)[0]


# Sources


def test_walking_the_course_writes_down_its_units(ines: int) -> None:
    done = outline.sync_sources(KEY, now=NOW)
    assert done.added == (str(block("microcred_unit", "u")),)
    assert [one.outcome_key for one in authoring.sources_without_outcome()] == ["far.away"]
    ContentBlock.objects.filter(usage_key=str(block("microcred_unit", "u"))).delete()
    assert outline.sync_sources(KEY, now=NOW).retired == (str(block("microcred_unit", "u")),)


# The command


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("microcred_outline", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_writes_a_sheet_checks_it_and_builds_it(ines: int, tmp_path: Path) -> None:
    sheet = tmp_path / "units.csv"
    assert "2 pages" in run(KEY, "--out", str(sheet))
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbf"), "for Excel"
    assert rows_of(run(KEY))[0]["page"] == "vertical@mend"
    with pytest.raises(CommandError, match="line 3: Write what learners can do"):
        run(KEY, "--apply", str(sheet), "--user", "ines")
    sheet.write_bytes(edited(proposed(), MENDED, LEFT_OUT))
    before = content()
    assert "dry run" in run(KEY, "--apply", str(sheet), "--dry-run")
    assert content() == before
    with pytest.raises(CommandError, match="--user"):
        run(KEY, "--apply", str(sheet))
    make_user("stranger")
    with pytest.raises(CommandError, match="course team"):
        run(KEY, "--apply", str(sheet), "--user", "stranger")
    assert "1 units, 1 new outcomes built" in run(KEY, "--apply", str(sheet), "--user", "ines")
    assert "1 new" in run(KEY, "--sources") or "0 new" in run(KEY, "--sources")
    with pytest.raises(CommandError, match="There is no course"):
        run("course-v1:No+Such+course")
    with pytest.raises(CommandError, match="No such file"):
        run(KEY, "--apply", str(tmp_path / "gone.csv"))
