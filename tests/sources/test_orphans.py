"""Units that come, go, are copied or come from another site: outcomes follow them, a registrar settles the rest."""

from __future__ import annotations

import io
import sys
from types import ModuleType
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.dispatch import Signal
from django.test import Client
from opaque_keys.edx.keys import CourseKey, UsageKey
from openedx_events.content_authoring import data, signals

from demo_site.courses import authoring as demo_authoring
from demo_site.courses.models import ContentBlock
from microcred_app import platform_courses
from microcred_app.api import record_part
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.attainments.models import Attainment
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.authoring.models import CourseWalk, OutcomeSource
from microcred_app.applets.awards import api as awards
from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills import remapping
from microcred_app.applets.skills.models import OutcomeAlias
from microcred_app.learning import counts_towards, find_orphans
from tests.fixtures.catalogue import COURSE, NOW, make_officer, make_user, publish, unit

KEY = CourseKey.from_string(COURSE)
OTHER = CourseKey.from_string("course-v1:Demo+BIKE+2")
HERE = "/microcred/registrar/orphans/"


def build(course: CourseKey, outcome_key: str, name: str = "u1") -> UsageKey:
    """A course with one page and one unit on it, in draft; the unit's key."""
    parent: UsageKey | None = None
    for kind in ("course", "chapter", "sequential", "vertical"):
        block_id = "course" if kind == "course" else f"{kind}-{name}"
        key = course.make_usage_key(kind, block_id)
        if not ContentBlock.objects.filter(usage_key=str(key)).exists():
            demo_authoring.add_block(course, kind, parent, block_id=block_id)
        parent = key
    fields = {"outcome_key": outcome_key, "display_name": f"Unit {name}"}
    return demo_authoring.add_block(course, "microcred_unit", parent, block_id=name, fields=fields)


def tell(signal: Any, key: UsageKey, **more: Any) -> None:
    kind = data.DuplicatedXBlockData if more else data.XBlockData
    signal.send_event(xblock_info=kind(usage_key=key, block_type=key.block_type, **more))


def proven() -> set[tuple[str, str]]:
    return set(OutcomeSource.objects.filter(retired_at=None).values_list("usage_key", "outcome_key"))


def test_units_that_are_made_copied_and_deleted_are_followed() -> None:
    first = build(KEY, "o.a")
    tell(signals.XBLOCK_CREATED, first)
    assert proven() == {(str(first), "o.a")}
    copy = demo_authoring.duplicate_block(first, "Copy")
    tell(signals.XBLOCK_DUPLICATED, copy, source_usage_key=first)
    assert proven() == {(str(first), "o.a"), (str(copy), "o.a")}
    page = KEY.make_usage_key("vertical", "vertical-u1")
    demo_authoring.delete_block(page)
    tell(signals.XBLOCK_DELETED, page)  # of the container only, as Studio does
    assert proven() == set()
    assert "o.a" in {one.key for one in find_orphans().outcomes}


@pytest.mark.parametrize("name", ["COURSE_RERUN_COMPLETED", "COURSE_IMPORT_COMPLETED"])
def test_a_course_that_is_run_again_or_imported_proves_the_same_outcomes(name: str) -> None:
    tell(signals.XBLOCK_PUBLISHED, build(KEY, "o.a").course_key.make_usage_key("vertical", "vertical-u1"))
    again = build(OTHER, "o.a")
    getattr(signals, name).send_event(course=data.CourseData(course_key=OTHER))
    assert {key for key, _outcome in proven()} == {
        str(again),
        str(KEY.make_usage_key("microcred_unit", "u1")),
    }


def test_other_blocks_libraries_and_other_processes_are_no_reason_to_look() -> None:
    build(KEY, "o.a")
    tell(signals.XBLOCK_CREATED, KEY.make_usage_key("html", "text"))
    tell(signals.XBLOCK_CREATED, UsageKey.from_string("lb:Org:lib:microcred_unit:x"))
    page = data.XBlockData(usage_key=KEY.make_usage_key("vertical", "v"), block_type="vertical")
    from_the_bus = signals.XBLOCK_CREATED.generate_signal_metadata()
    signals.XBLOCK_CREATED.send_event_with_custom_metadata(from_the_bus, xblock_info=page)
    assert proven() == set()
    signals.XBLOCK_CREATED.send_event(xblock_info=page)
    assert proven() != set()


def test_a_deleted_course_offers_nothing_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = ModuleType("xmodule.modulestore.django")
    module.SignalHandler = type("SignalHandler", (), {"course_deleted": Signal()})
    for name in ("xmodule", "xmodule.modulestore"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "xmodule.modulestore.django", module)
    from microcred_app.receivers import on_course_changed

    platform_courses.listen_to_courses(on_course_changed)
    tell(signals.XBLOCK_CREATED, build(KEY, "o.a"))
    demo_authoring.delete_course(KEY)
    module.SignalHandler.course_deleted.send(sender=None, course_key=KEY)
    assert proven() == set()


def test_many_changes_at_once_are_looked_at_once_and_a_rolled_back_one_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[str] = []
    real = authoring.sync_course
    monkeypatch.setattr(
        "microcred_app.learning.outline.proposal.authoring.sync_course",
        lambda course, sources, *, now: looks.append(course) or real(course, sources, now=now),
    )
    key = build(KEY, "o.a")
    with transaction.atomic():
        for _time in range(5):
            tell(signals.XBLOCK_CREATED, key)
    assert looks == [COURSE]

    class Away(Exception):
        pass

    with pytest.raises(Away), transaction.atomic():
        tell(signals.XBLOCK_CREATED, key)
        raise Away
    assert looks == [COURSE]
    assert not CourseWalk.objects.exists()


def test_a_course_that_could_not_be_read_stays_due(monkeypatch: pytest.MonkeyPatch) -> None:
    key = build(KEY, "o.a")

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("modulestore is away")

    monkeypatch.setattr("demo_site.platform.DemoPlatform.course_blocks", away)
    tell(signals.XBLOCK_CREATED, key)  # the author's request does not fail
    assert CourseWalk.objects.get().course_key == COURSE
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="stay due"):
        call_command("microcred_outline", "--due", stdout=out, stderr=err)
    monkeypatch.undo()
    call_command("microcred_outline", "--due", stdout=out, stderr=err)
    assert out.getvalue() == f"{COURSE}: 1 new, 0 changed, 0 retired.\n"
    assert not CourseWalk.objects.exists()
    with pytest.raises(CommandError, match="Name a course"):
        call_command("microcred_outline")


def finish(learner: int, key: str) -> None:
    part = attainments.UnitSpec(
        usage_key=unit("a").usage_key,
        course_key=COURSE,
        outcome_key=key,
        title="From elsewhere",
        minutes=5,
        parts=unit("a").parts,
    )
    for one in part.parts:
        record_part(learner, part, one.usage_key, score=0.9, now=NOW)


def test_units_from_another_site_prove_what_a_registrar_says_also_for_earlier_learners() -> None:
    publish("one", {"outcome": "o.a"})
    officer, early, late = make_officer(), make_user("early"), make_user("late")
    finish(early, "elsewhere.tyres")
    assert awards.held_badges(early) == {}
    client = Client()
    client.force_login(_account(officer))
    tell(signals.XBLOCK_CREATED, build(KEY, "elsewhere.tyres"))
    page = client.get(HERE).content.decode()
    assert "elsewhere.tyres" in page
    assert "Unit u1" in page
    answer = client.post(HERE, {"do": "map", "key": "elsewhere.tyres", "outcome": "o.a"}, follow=True)
    assert "Mend part a of a bicycle" in answer.content.decode()
    assert set(awards.held_badges(early)) == {"one"}
    assert Attainment.objects.get().attained_at == NOW, "the moment they completed it"
    finish(late, "elsewhere.tyres")
    assert set(awards.held_badges(late)) == {"one"}
    assert [fed.badge_key for fed in counts_towards(late, "elsewhere.tyres", now=NOW)] == ["one"]
    assert find_orphans().units == ()
    assert AuditEntry.objects.filter(action="outcome.remapped").count() == 1
    assert "o.a" not in {one.key for one in find_orphans().outcomes}


def test_mapping_goes_on_where_it_stopped_and_counts_nobody_twice() -> None:
    officer = make_officer()
    for number in range(7):
        finish(make_user(f"l{number}"), "elsewhere.x")
    remapping.remap_outcome("elsewhere.x", to="o.a", actor_id=officer, now=NOW)
    assert [attainments.attain_remapped(limit=3) for _time in range(4)] == [3, 3, 1, 0]
    OutcomeAlias.objects.update(attained_until=0)
    attainments.attain_remapped()
    assert Attainment.objects.count() == 7
    assert remapping.remap_outcome("elsewhere.x", to="o.a", actor_id=officer, now=NOW).key == "o.a"


@pytest.mark.parametrize(
    ("key", "to", "said"),
    [
        ("o.b", "o.a", "cannot become another one"),
        ("", "o.a", "name no outcome"),
        ("x" * 151, "o.a", "name no outcome"),
        ("a\x00b", "o.a", "name no outcome"),
        ("elsewhere.x", "nothing", "no outcome “nothing”"),
        ("elsewhere.x", "o.c", "no outcome “o.c”"),
        ("mapped", "o.b", "Somebody else"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_on_the_page(key: str, to: str, said: str) -> None:
    officer = make_officer()
    remapping.remap_outcome("mapped", to="o.a", actor_id=officer, now=NOW)
    remapping.retire_outcome("o.c", actor_id=officer, now=NOW)
    client = Client()
    client.force_login(_account(officer))
    answer = client.post(HERE, {"do": "map", "key": key, "outcome": to})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert OutcomeAlias.objects.count() == 1


def test_an_outcome_is_retired_and_offered_again() -> None:
    publish("needs", {"outcome": "o.b"})
    client = Client()
    client.force_login(_account(make_officer()))
    assert "may be out of reach" in client.get(HERE).content.decode()
    client.post(HERE, {"do": "retire", "key": "o.b"})
    assert "o.b" not in {one.key for one in skills.search_outcomes("")}
    assert "o.b" not in {one.key for one in find_orphans().outcomes}
    assert client.post(HERE, {"do": "retire", "key": "o.b"}).status_code == 400
    client.post(HERE, {"do": "restore", "key": "o.b"})
    assert "o.b" in {one.key for one in skills.search_outcomes("")}
    assert client.post(HERE, {"do": "dance", "key": "o.b"}).status_code == 400


@pytest.mark.parametrize("role", ["auditor", "reviewer", ""])
def test_only_who_looks_after_skills_sees_and_changes_orphans(role: str) -> None:
    person = make_officer("olga", role) if role else make_user("nobody")
    client = Client()
    client.force_login(_account(person))
    assert client.get(HERE).status_code == 403
    assert client.post(HERE, {"do": "retire", "key": "o.a"}).status_code == 403
    assert {one.key for one in skills.search_outcomes("")} == {"o.a", "o.b", "o.c"}


def test_long_lists_are_cut_and_say_so() -> None:
    for number in range(60):
        authoring.register_source(
            authoring.SourceInfo(f"unit{number}", COURSE, f"x.{number}", f"U{number}", 1), now=NOW
        )
    client = Client()
    client.force_login(_account(make_officer()))
    assert "10 more groups follow" in client.get(HERE).content.decode()


def _account(user_id: int) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=user_id)
