"""The upload client that most of the web uses, against a running server: pieces, a break, going on, giving up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from microcred_app import api
from microcred_app.applets.evidence.models import EvidenceFile
from microcred_app.applets.evidence.upload_models import Upload
from tests.fixtures.catalogue import COURSE, make_user, set_up_catalogue, unit
from tests.interop.verifiers import run_client

pytestmark = pytest.mark.interop
SPEC = unit("a", kind="evidence")


@pytest.fixture
def told(transactional_db: None, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the client is told: an enrolled learner's session, a grant, and a text to send."""
    set_up_catalogue()
    monkeypatch.setattr(
        "demo_site.platform.DemoPlatform.is_enrolled", lambda _s, _u, course: course == COURSE
    )
    learner = make_user()
    client = Client()
    client.force_login(get_user_model().objects.get(pk=learner))
    client.get("/sign-in/")
    task = api.EvidenceTask(3, 10_000_000, ("text",), True, True, "staff", {})
    session = client.cookies["microcred_demo_session"].value
    token = "a" * 32
    return {
        "endpoint": f"{live_server.url}/microcred/uploads/",
        "grant": api.upload_grant(learner, SPEC, SPEC.parts[0].usage_key, task).grant,
        "headers": {"Cookie": f"microcred_demo_session={session}; csrftoken={token}", "X-CSRFToken": token},
        "filename": "Grüße aus Köln.txt",
        "size": 5_000_000,
        "chunk": 1_000_000,
        "breakAfter": 2_000_000,
    }


def run(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = run_client("tus.mjs", told)
    return found


def test_it_sends_breaks_off_goes_on_and_gives_up(told: dict[str, Any]) -> None:
    found = run(told)
    assert found["first"]["stopped"]
    assert found["first"]["progress"] == [1_000_000, 2_000_000]
    assert found["second"]["progress"][0] > 2_000_000, "it went on where it had stopped"
    assert found["second"]["progress"][-1] == 5_000_000
    file = EvidenceFile.objects.get()
    assert (file.name, file.sha256) == ("Grüße aus Köln.txt", found["sha256"])
    assert found["gone"] == "terminated"
    assert list(Upload.objects.values_list("state", flat=True)) == ["done"]


def test_it_shows_our_reason_when_a_file_is_refused(told: dict[str, Any]) -> None:
    found = run({**told, "filename": "photo.png", "breakAfter": 0})
    assert found["first"]["status"] == 400
    assert "not of an accepted type" in json.loads(found["first"]["body"])["message"]
