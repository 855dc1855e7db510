"""Everything we tell becomes xAPI and Caliper, made by event-routing-backends, and a real record store takes it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from microcred_app import api
from microcred_app.applets.announcements.api import AnnouncementLane
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.delivery.api import pump_lane
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.responses.api import Response
from microcred_app.applets.reviews import api as reviews
from microcred_app.plugin_settings import plugin_settings
from microcred_app.tracking import TrackedEvent
from tests.fixtures.catalogue import COURSE, NOW, make_officer, make_user, publish, set_up_catalogue
from tests.fixtures.heard_events import HeardEvent, listening
from tests.fixtures.review_world import OfficesOnly, hand_in
from tests.lrs.record_store import PYTHON, RecordStore, make_environment, running_store

HERE = Path(__file__).resolve().parent
CALIPER_ACTIONS = {
    "Activated", "Completed", "Deactivated", "Graded", "Reviewed", "Shared", "Started", "Submitted",
}  # fmt: skip
ACTIONS_OF_TYPE = {
    "AssignableEvent": {"Activated", "Deactivated", "Started", "Completed", "Submitted", "Reviewed"},
    "AssessmentItemEvent": {"Started", "Skipped", "Completed"},
    "GradeEvent": {"Graded"},
    "Event": CALIPER_ACTIONS,
}


@pytest.fixture(scope="module", autouse=True)
def environment() -> None:
    make_environment()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordStore]:
    with running_store(tmp_path_factory.mktemp("ralph")) as found:
        yield found


@pytest.fixture
def told(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[HeardEvent]:
    """A learner's road from the first look at a unit to a badge that is shared, checked and taken back."""
    set_up_catalogue()
    people = OfficesOnly()
    people.install(monkeypatch)
    with listening() as heard:
        publish("micro-a", {"outcome": "o.a"})
        learner, reviewer, officer = make_user(), make_user("tomas"), make_officer()
        people.judges.add(reviewer)
        check = "block-v1:Demo+BIKE+1+type@microcred_check+block@q"
        answer = Response(check, COURSE, 1, "choice", "q", (("", "a"),), 0.5, False)
        for _time in range(2):
            api.record_response(learner, answer, now=NOW)
        submission = hand_in(learner)
        reviews.decide(reviewer, submission, passed=True, levels={"c": "2"}, comment="", now=NOW)
        credential = Credential.objects.get()
        issuance.share_credential(learner, str(credential.pk), now=NOW)
        page = Client().get(f"/microcred/credentials/{credential.pk}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        _work()
        awards.reverse_award(
            str(Award.objects.get().pk), actor_id=officer, reason="Wrong", now=timezone.now()
        )
        _work()
    return [event for event in heard.events if event.name.startswith("microcred.")]


def test_every_event_is_told_once_and_says_nothing_that_was_typed(told: list[HeardEvent]) -> None:
    assert sorted(event.name for event in told) == sorted(map(str, TrackedEvent))
    text = json.dumps([event.raw for event in told], default=str)
    assert "amina" not in text.casefold()
    assert "Wrong" not in text


def test_a_record_store_takes_every_statement_and_keeps_it_once(
    told: list[HeardEvent], store: RecordStore
) -> None:
    found = [statement for (statement,) in _transformed(told)["statements"]]
    assert len(found) == len(TrackedEvent)
    answer = store.ask("POST", json=found)
    assert answer.status_code == 200, answer.text
    assert sorted(answer.json()) == sorted(statement["id"] for statement in found)
    by_verb = {statement["verb"]["display"]["en"]: statement for statement in found}
    assert set(by_verb) == {
        "initialized", "answered", "submitted", "reviewed", "mastered", "earned", "lost", "shared", "evaluated",
    }  # fmt: skip
    for statement in found:
        kept = store.ask("GET", params={"statementId": statement["id"]})
        assert kept.status_code == 200
        (one,) = kept.json()["statements"]
        assert (one["id"], one["verb"]["id"]) == (statement["id"], statement["verb"]["id"])
    assert by_verb["answered"]["result"]["score"] == {"scaled": 0.5}
    assert by_verb["answered"]["result"]["success"] is False
    assert by_verb["mastered"]["object"]["definition"]["name"] == {"en": "Mend part a of a bicycle"}
    assert by_verb["evaluated"]["actor"]["account"]["name"] == "anonymous-visitor"
    assert by_verb["evaluated"]["result"]["success"] is True
    reviewed = by_verb["reviewed"]
    assert reviewed["actor"] != by_verb["submitted"]["actor"]
    (learner,) = [
        value for key, value in reviewed["context"]["extensions"].items() if key.endswith("xapi/learner")
    ]
    assert learner == by_verb["submitted"]["actor"]["account"]["name"]


def test_a_record_store_refuses_what_is_no_statement(store: RecordStore) -> None:
    """The store does look: the test above would mean nothing otherwise."""
    assert store.ask("POST", json=[{"actor": {}, "verb": {"id": "earned"}}]).status_code >= 400


def test_telling_it_again_is_the_same_statement(told: list[HeardEvent], store: RecordStore) -> None:
    again = [
        event for event in told if event.name != TrackedEvent.VERIFIED and event.name != TrackedEvent.STARTED
    ]
    first = [one["id"] for (one,) in _transformed(again)["statements"]]
    later = _transformed(again, timestamp="2031-01-01T00:00:00+00:00")["statements"]
    assert [one["id"] for (one,) in later] == first
    assert len(set(first)) == len(first)
    del store


def test_a_course_that_is_gone_costs_its_name_and_nothing_else(told: list[HeardEvent]) -> None:
    ((statement,),) = _transformed([told[0]], course="course-v1:Demo+GONE+9")["statements"]
    (parent,) = statement["context"]["contextActivities"]["parent"]
    assert parent["id"] == "https://lms.example/course/course-v1:Demo+GONE+9"
    assert "name" not in parent["definition"]


def test_caliper_envelopes_are_whole(told: list[HeardEvent]) -> None:
    envelopes = _transformed(told)["envelopes"]
    assert len(envelopes) == len(TrackedEvent)
    for envelope in envelopes:
        assert set(envelope) == {"sensor", "sendTime", "data", "dataVersion"}
        assert envelope["sensor"].startswith("https://")
        (event,) = envelope["data"]
        assert event["@context"] == envelope["dataVersion"] == "http://purl.imsglobal.org/ctx/caliper/v1p2"
        assert UUID(event["id"].removeprefix("urn:uuid:"))
        assert event["action"] in ACTIONS_OF_TYPE[event["type"]]
        assert event["actor"]["type"] == "Person"
        assert event["object"]["id"].startswith("http")
        assert event["object"]["type"]
        for moment in (event["eventTime"], envelope["sendTime"]):
            assert datetime.fromisoformat(moment.replace("Z", "+00:00"))


def test_the_plugin_adds_its_events_and_takes_nobody_s_away() -> None:
    class Module:
        EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS = ["problem_check"]

    before = Module.EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS
    for _time in range(2):
        plugin_settings(Module)
    assert Module.EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS is before
    assert before == ["problem_check", *map(str, TrackedEvent)]
    assert list(map(str, TrackedEvent)) == Module.EVENT_TRACKING_BACKENDS_ALLOWED_CALIPER_EVENTS  # type: ignore[attr-defined]


def _transformed(events: list[HeardEvent], *, timestamp: str = "", course: str = "") -> dict[str, list[Any]]:
    raw = json.loads(json.dumps([event.raw for event in events], default=datetime.isoformat))
    for event in raw:
        if timestamp:
            event["timestamp"] = timestamp
        if course:
            event["context"]["course_id"] = course
    done = subprocess.run(
        [str(PYTHON), str(HERE / "transform.py")],
        input=json.dumps(raw),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


def _work() -> None:
    pump_lane(AnnouncementLane(), clock=timezone.now, worker="w", seconds=20)
