"""Lists of people by the interface: rows sent, read back with what they would do, started, undone."""

from __future__ import annotations

from typing import Any

import pytest

from microcred_app import jobs
from microcred_app.applets.awards import api as awards
from microcred_app.applets.signoff_lists.models import SignOffList
from tests.fixtures.catalogue import NOW, make_officer, make_user

from .conftest import Call

BODY = {
    "key": "placement",
    "role": "assessor",
    "rows": [{"learner": "amina", "day": "2026-02-01"}, {"learner": "x"}],
}


def work() -> None:
    for job in jobs.open_jobs():
        while jobs.work(job, clock=lambda: NOW, seconds=60):
            pass


def test_rows_are_checked_started_and_undone(call: Call, amina: int, ruth: int) -> None:
    status, found, _ = call("POST", "sign-off-lists", ruth, BODY)
    assert (status, found["state"], found["can_be_done"], found["cannot_be_done"]) == (201, "ready", 1, 1)
    address = f"sign-off-lists/{found['id']}"
    rows = call("GET", f"{address}/rows", ruth)[1]
    assert [(row["row"], row["verdict"]) for row in rows["items"]] == [(1, "earns"), (2, "unknown")]
    assert rows["items"][0]["earns"] == ["Badge placed"]
    rows = call("GET", f"{address}/rows", ruth, verdict="unknown")[1]
    assert [row["row"] for row in rows["items"]] == [2]
    assert "placed" not in awards.held_badges(amina)
    assert call("POST", f"{address}/start", ruth, {"count": 2, "reason": "x"})[0] == 409
    assert call("POST", f"{address}/start", ruth, {"count": 1})[0] == 400
    assert call("POST", f"{address}/start", ruth, {"count": 1, "reason": "Seen"})[1]["state"] == "running"
    assert call("POST", f"{address}/pause", ruth)[1]["state"] == "paused"
    assert call("POST", f"{address}/resume", ruth)[1]["state"] == "running"
    work()
    done = call("GET", address, ruth)[1]
    assert (done["state"], done["signed"], done["granted"]) == ("done", 1, 1)
    assert "placed" in awards.held_badges(amina)
    assert call("POST", f"{address}/cancel", ruth)[0] == 409
    assert call("POST", f"{address}/undo", ruth, {"reason": "Wrong"})[1]["state"] == "undoing"
    work()
    assert call("GET", address, ruth)[1]["state"] == "undone"
    assert "placed" not in awards.held_badges(amina)
    assert [one["id"] for one in call("GET", "sign-off-lists", ruth)[1]["items"]] == [found["id"]]


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": []},
        {"rows": [{"learner": ""}]},
        {"rows": [{"learner": "a", "colour": "red"}]},
        {"rows": [{"learner": "a"}] * 5_001},
        {"rows": "amina"},
        {"key": "other"},
        {"more": 1},
    ],
)
def test_what_is_not_as_described_is_refused(call: Call, ruth: int, changes: dict[str, Any]) -> None:
    assert call("POST", "sign-off-lists", ruth, BODY | changes)[0] == 400
    assert not SignOffList.objects.exists()


def test_a_list_belongs_to_those_who_may_sign_it_off(call: Call, amina: int, ruth: int) -> None:
    found = call("POST", "sign-off-lists", ruth, BODY)[1]
    address = f"sign-off-lists/{found['id']}"
    for person in (amina, make_user("ben"), make_officer("ada", role="auditor")):
        assert call("POST", "sign-off-lists", person, BODY)[0] == 403
        assert call("GET", address, person)[0] == 403
        assert call("POST", f"{address}/start", person, {"count": 1, "reason": "x"})[0] == 403
    assert call("GET", address)[0] in (401, 403)
    rev = make_officer("rev", role="reviewer")
    assert call("GET", address, rev)[0] == 200
    assert "placed" not in awards.held_badges(amina)
