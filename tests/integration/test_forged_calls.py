"""Calls that name another learner: in the body, the address, a header or a cookie. Who is signed in is who acts."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from demo_site.courses.models import LearnerState
from microcred_app.applets.attainments.models import PartResult
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import EvidenceFile, Submission
from tests.fixtures.course_walk import Browser, block, handler_url, photo

from .conftest import Site

NAMES = (
    "user_id",
    "user",
    "learner",
    "learner_id",
    "student",
    "student_id",
    "username",
    "anonymous_student_id",
)


def of(site: Site, name: str) -> dict[str, Any]:
    """Everything that is kept of one learner."""
    pk = site.user(name).pk
    return {
        "state": list(LearnerState.objects.filter(user_id=pk).order_by("pk").values()),
        "results": list(PartResult.objects.filter(progress__learner_id=pk).order_by("pk").values()),
        "submissions": list(Submission.objects.filter(learner_id=pk).order_by("pk").values()),
        "files": list(EvidenceFile.objects.filter(submission__learner_id=pk).order_by("pk").values()),
    }


@pytest.fixture
def begun(site: Site, amina: Browser) -> dict[str, Any]:
    """Amina is in the middle of her work."""
    amina.open_unit("chain")
    assert amina.answer("chain-gauge").status_code == 200
    assert amina.upload("inspect-evidence", "a.png", photo()).status_code == 200
    assert (
        amina.call("microcred_evidence", "inspect-evidence", "save_draft", {"text": "Mine"}).status_code
        == 200
    )
    return of(site, "amina")


@pytest.mark.parametrize("who", ["id", "name"])
def test_whoever_is_named_in_a_body_or_an_address_is_not_who_acts(
    site: Site, begun: dict[str, Any], who: str
) -> None:
    amina, ben = site.user("amina"), site.browser("ben")
    value = amina.pk if who == "id" else amina.username
    named = dict.fromkeys(NAMES, value)
    query = "?" + "&".join(f"{name}={value}" for name in NAMES)
    ben.open_unit("chain")
    for kind, part, handler, body in (
        ("microcred_check", "chain-gauge", "submit", {"answer": "wait", "attempt": 1}),
        ("microcred_check", "chain-gauge", "save_draft", {"answer": "wait"}),
        ("microcred_evidence", "inspect-evidence", "save_draft", {"text": "Bens", "link": ""}),
        ("microcred_evidence", "inspect-evidence", "hand_in", {"text": "Bens", "link": ""}),
        ("microcred_unit", "chain-unit", "go_to", {"to": str(block("html", "chain-clean")), "seen": []}),
    ):
        url = handler_url(kind, part, handler)
        ben.post_json(url, {**body, **named})
        ben.post_json(url + query, {**body, **named})
        assert of(site, "amina") == begun, (kind, handler)
    assert of(site, "ben") != {"state": [], "results": [], "submissions": [], "files": []}


def test_anothers_files_and_uploads_are_not_there(site: Site, begun: dict[str, Any]) -> None:
    ben = site.browser("ben")
    ben.open_unit("inspect")
    file = EvidenceFile.objects.get()
    call = ("microcred_evidence", "inspect-evidence")
    assert ben.call(*call, "remove_file", {"file_id": str(file.pk)}).status_code == 404
    grant = Browser(site.user("amina")).call(*call, "upload_grant").json()["grant"]
    slot, task = evidence.read_grant(grant)
    upload = evidence.begin_upload(
        slot, task, filename="b.png", length=100, fingerprint="", now=timezone.now()
    )
    assert ben.call(*call, "drop_upload", {"upload_id": upload.id}).status_code in (200, 404)
    assert evidence.read_upload(site.user("amina").pk, upload.id, now=timezone.now()).offset == 0
    assert ben.call(*call, "uploaded", {"upload_id": upload.id}).status_code == 404
    # A grant that was taken from Amina's page is of no use in Ben's browser.
    metadata = (
        f"grant {base64.b64encode(grant.encode()).decode()},filename {base64.b64encode(b'c.png').decode()}"
    )
    answer = ben.client.post(
        reverse("microcred_app:uploads"),
        headers={
            "X-CSRFToken": ben.token,
            "Tus-Resumable": "1.0.0",
            "Upload-Length": "100",
            "Upload-Metadata": metadata,
        },
        content_type="text/plain",
    )
    assert answer.status_code == 403
    assert of(site, "amina") == begun


def test_a_page_made_for_amina_saves_nothing_where_ben_is_signed_in(
    site: Site, begun: dict[str, Any]
) -> None:
    """The mark on a page says for whom it was made; somebody else's mark is no key to their work."""
    shown = Browser(site.user("amina")).open_unit("chain")
    mark = re.search(r"&quot;who&quot;: &quot;([^&]+)&quot;", shown)
    assert mark
    ben = site.browser("ben")
    ben.open_unit("chain")
    before = of(site, "ben")
    answer = ben.client.post(
        handler_url("microcred_check", "chain-gauge", "submit"),
        '{"answer": "wait", "attempt": 1}',
        content_type="application/json",
        headers={"X-CSRFToken": ben.token, "X-Microcred-For": mark[1]},
    )
    assert answer.status_code == 409
    assert of(site, "amina") == begun and of(site, "ben") == before
