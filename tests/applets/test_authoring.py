"""Unsaved forms are kept for their author only, and every unit that proves an outcome is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.authoring.models import FormDraft, OutcomeSource
from microcred_app.applets.skills import api as skills
from microcred_app.learning import find_orphans, search_outcomes
from tests.fixtures.catalogue import make_user, publish

NOW = datetime(2030, 3, 1, 9, 30, tzinfo=UTC)
COURSE, RERUN = "course-v1:Demo+BIKE+1", "course-v1:Demo+BIKE+2"


def source(name: str, outcome: str = "tyre", course: str = COURSE) -> authoring.SourceInfo:
    return authoring.SourceInfo(f"{course}/{name}", course, outcome, name.title(), 5)


# Unsaved forms


def test_a_form_is_kept_for_its_author_and_block_alone() -> None:
    ines, ben = make_user("ines"), make_user("ben")
    authoring.keep_draft(ines, "u1", {"title": "Half a thought"}, base="b", now=NOW)
    kept = authoring.read_draft(ines, "u1", now=NOW)
    assert kept is not None and kept.values == {"title": "Half a thought"} and kept.base == "b"
    assert authoring.read_draft(ben, "u1", now=NOW) is None
    assert authoring.read_draft(ines, "u2", now=NOW) is None


def test_the_last_version_replaces_the_one_before() -> None:
    ines = make_user("ines")
    for title in ("One", "Two"):
        authoring.keep_draft(ines, "u1", {"title": title}, base="", now=NOW)
    kept = authoring.read_draft(ines, "u1", now=NOW)
    assert kept is not None and kept.values == {"title": "Two"}
    assert FormDraft.objects.count() == 1


def test_a_form_is_forgotten_after_a_month_even_when_nobody_comes_back() -> None:
    ines = make_user("ines")
    authoring.keep_draft(ines, "u1", {}, base="", now=NOW)
    later = NOW + timedelta(days=31)
    assert authoring.read_draft(ines, "u1", now=later) is None
    authoring.keep_draft(ines, "u2", {}, base="", now=later)
    assert [row.usage_key for row in FormDraft.objects.all()] == ["u2"]


def test_a_form_as_large_as_a_book_is_refused_and_keeps_the_one_before() -> None:
    ines = make_user("ines")
    authoring.keep_draft(ines, "u1", {"title": "Small"}, base="", now=NOW)
    with pytest.raises(authoring.DraftTooLarge):
        authoring.keep_draft(ines, "u1", {"title": "x" * authoring.MAX_BYTES}, base="", now=NOW)
    kept = authoring.read_draft(ines, "u1", now=NOW)
    assert kept is not None and kept.values == {"title": "Small"}


def test_an_author_who_opens_everything_keeps_the_newest_forms() -> None:
    ines = make_user("ines")
    for number in range(authoring.MAX_DRAFTS + 3):
        authoring.keep_draft(ines, f"u{number}", {}, base="", now=NOW + timedelta(minutes=number))
    assert FormDraft.objects.count() == authoring.MAX_DRAFTS
    assert not FormDraft.objects.filter(usage_key__in=["u0", "u1", "u2"]).exists()


def test_forms_of_an_account_that_retires_are_forgotten() -> None:
    ines, ben = make_user("ines"), make_user("ben")
    for person in (ines, ben):
        authoring.keep_draft(person, "u1", {}, base="", now=NOW)
    assert authoring.forget_drafts(ines) == 1
    assert authoring.read_draft(ben, "u1", now=NOW) is not None
    authoring.drop_draft(ines, "u1")  # nothing there: no error


# Which unit proves which outcome


def test_saving_a_unit_twice_registers_it_once_with_its_last_outcome() -> None:
    authoring.register_source(source("a"), now=NOW)
    authoring.register_source(source("a", "chain"), now=NOW)
    assert OutcomeSource.objects.count() == 1
    assert [one.title for one in authoring.live_sources("chain")] == ["A"]
    assert authoring.live_sources("tyre") == ()


def test_a_deleted_unit_offers_its_outcome_no_more_and_comes_back_when_it_does() -> None:
    authoring.register_source(source("a"), now=NOW)
    assert authoring.retire_source(source("a").usage_key, now=NOW) is True
    assert authoring.retire_source(source("a").usage_key, now=NOW) is False
    assert authoring.live_sources("tyre") == ()
    authoring.register_source(source("a"), now=NOW)
    assert len(authoring.live_sources("tyre")) == 1


def test_a_rerun_is_another_source_of_the_same_outcomes() -> None:
    authoring.sync_course(COURSE, [source("a"), source("b", "chain")], now=NOW)
    done = authoring.sync_course(RERUN, [source("a", course=RERUN), source("b", "chain", RERUN)], now=NOW)
    assert len(done.added) == 2 and not done.retired
    assert {one.course_key for one in authoring.live_sources("tyre")} == {COURSE, RERUN}


def test_walking_a_course_adds_what_is_new_changes_what_changed_and_retires_what_is_gone() -> None:
    authoring.sync_course(COURSE, [source("a"), source("b"), source("c")], now=NOW)
    done = authoring.sync_course(COURSE, [source("a"), source("b", "chain"), source("d")], now=NOW)
    assert done == authoring.SourceSync((f"{COURSE}/d",), (f"{COURSE}/b",), (f"{COURSE}/c",))
    again = authoring.sync_course(COURSE, [source("a"), source("b", "chain"), source("d")], now=NOW)
    assert again == authoring.SourceSync((), (), ())


def test_a_course_cannot_speak_for_another() -> None:
    authoring.sync_course(COURSE, [source("a")], now=NOW)
    authoring.sync_course(RERUN, [source("a")], now=NOW)
    assert [one.course_key for one in authoring.live_sources("tyre")] == [COURSE]


def test_registrars_see_what_does_not_meet() -> None:
    outcome = skills.create_outcome(statement="Read a tyre's size", actor_id=None, now=NOW)
    lost = skills.create_outcome(statement="Mend a spoke", actor_id=None, now=NOW)
    authoring.register_source(source("a", outcome.key), now=NOW)
    authoring.register_source(source("b", "from.elsewhere"), now=NOW)
    publish("wheels", {"outcome": "o.a"})
    found = find_orphans()
    orphans = {entry.key for entry in found.outcomes}
    assert lost.key in orphans and outcome.key not in orphans
    assert [unit.title for unit in found.units] == ["B"]
    assert "o.a" in found.needed and lost.key not in found.needed, "a badge in force asks for o.a"
    authoring.retire_source(source("a").usage_key, now=NOW)
    assert outcome.key in {entry.key for entry in find_orphans().outcomes}


# Finding and adopting outcomes


def test_outcomes_are_found_by_words_in_any_order_best_first() -> None:
    for statement in ("Mend a tube of a tyre", "Tyre pressure: read it", "Oil a chain", "Choose a tyre"):
        skills.create_outcome(statement=statement, new_skill_name="Wheels", actor_id=None, now=NOW)
    assert [one.statement for one in search_outcomes("tyre")] == [
        "Tyre pressure: read it",
        "Choose a tyre",
        "Mend a tube of a tyre",
    ]
    assert [one.statement for one in search_outcomes("tyre mend")] == ["Mend a tube of a tyre"]
    assert len(search_outcomes("wheels")) == 4, "the skill's name finds too"
    assert search_outcomes("saddle") == ()
    assert search_outcomes("")[0].statement == "Choose a tyre", "without words, what was written last"


def test_a_search_never_answers_more_than_twenty_and_asks_few_questions(
    django_assert_max_num_queries: object,
) -> None:
    for number in range(40):
        skills.create_outcome(statement=f"Do thing {number} well", actor_id=None, now=NOW)
    assert len(search_outcomes("thing", limit=1000)) == 20
    assert search_outcomes("thing", limit=-1) == ()
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        search_outcomes("thing")


@pytest.mark.parametrize("text", ["%", "_", "'; --", "\x00", "a" * 10_000, "﷽ 漢字", "\\", "thing\x00"])
def test_a_search_takes_any_text(text: str) -> None:
    skills.create_outcome(statement="Do a thing well", actor_id=None, now=NOW)
    search_outcomes(text)


def test_percent_and_underscore_are_letters_in_a_search() -> None:
    skills.create_outcome(statement="Reach 90% of snake_case names", actor_id=None, now=NOW)
    skills.create_outcome(statement="Reach nothing", actor_id=None, now=NOW)
    assert len(search_outcomes("90%")) == len(search_outcomes("e_c")) == 1


def test_an_outcome_from_another_site_keeps_its_key() -> None:
    made = skills.adopt_outcome(key="bike.spoke", statement=" Mend  a spoke ", actor_id=None, now=NOW)
    assert (made.key, made.statement) == ("bike.spoke", "Mend a spoke")
    again = skills.adopt_outcome(key="bike.spoke", statement="mend a spoke", actor_id=None, now=NOW)
    assert again.key == made.key
    assert AuditEntry.objects.filter(action="outcome.adopted").count() == 1


@pytest.mark.parametrize(
    ("key", "statement"),
    [
        ("bike.tyre", "Other words than here"),
        ("<script>", "Mend a spoke"),
        ("a b", "Mend a spoke"),
        ("", "Mend a spoke"),
        ("k" * 151, "Mend a spoke"),
        ("fine", ""),
        ("fine", "x" * 501),
    ],
)
def test_an_outcome_that_will_not_do_is_not_adopted(key: str, statement: str) -> None:
    skills.define_outcome(key="bike.tyre", statement="Read a tyre", skill_key="", now=NOW)
    before = skills.list_outcomes()
    with pytest.raises(skills.OutcomeRefused):
        skills.adopt_outcome(key=key, statement=statement, actor_id=None, now=NOW)
    assert skills.list_outcomes() == before
