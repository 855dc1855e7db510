"""Nobody writes for somebody else, and nobody sees what is another's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from demo_site.courses import roles
from demo_site.courses.models import Role
from microcred_app.applets.evidence.models import EvidenceFile, Submission
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.course_walk import COURSE, Browser, block, handler_url, photo

from .conftest import Site

WRITES: dict[str, Callable[[Browser], Any]] = {
    "answer": lambda browser: browser.answer("chain-gauge"),
    "keep a draft": lambda browser: browser.call(
        "microcred_check", "chain-gauge", "save_draft", {"answer": "chain"}
    ),
    "read on": lambda browser: browser.read("chain"),
    "say that a part was seen": lambda browser: browser.client.post(
        handler_url("microcred_unit", "chain-unit", "seen"),
        {"seen": str(block("html", "chain-measure"))},
        headers={"X-CSRFToken": browser.token},
    ),
    "upload": lambda browser: browser.upload("inspect-evidence", "a.png", photo()),
    "remove a file": lambda browser: browser.call(
        "microcred_evidence", "inspect-evidence", "remove_file", {"file_id": "x"}
    ),
    "keep a text": lambda browser: browser.call(
        "microcred_evidence", "chain-note", "save_draft", {"text": "Mine", "link": ""}
    ),
    "hand in": lambda browser: browser.call("microcred_evidence", "chain-note", "hand_in", {"text": "Mine"}),
    "ask how it stands": lambda browser: browser.call("microcred_evidence", "chain-note", "status"),
}
NOTHING = "41868c34-2eae-401a-9a1e-731d80d68cd9"


def said(answer: Any) -> str:
    """The sentence of a refusal: of a script's request as JSON, of a plain form as a page."""
    is_page = answer["Content-Type"].startswith("text/html")
    return str(answer.content.decode() if is_page else answer.json()["error"])


def assert_refused(site: Site, answer: Any, before: dict[str, Any], status: int = 403) -> None:
    assert answer.status_code == status, answer.content[:500]
    assert site.kept() == before


@pytest.mark.parametrize("write", WRITES)
def test_who_is_not_enrolled_writes_nothing(site: Site, write: str) -> None:
    get_user_model().objects.create_user("zoe")
    for name in ("zoe", "author", "reviewer", "registrar"):
        browser, before = site.browser(name), site.kept()
        answer = WRITES[write](browser)
        assert_refused(site, answer, before)
        assert "Enrol" in said(answer)


@pytest.mark.parametrize("write", WRITES)
def test_staff_who_look_as_a_learner_write_nothing(site: Site, write: str) -> None:
    browser = site.browser("author")
    roles.enrol(site.user("author").pk, COURSE)  # would be allowed as themselves
    look_as(site, browser, "amina")
    before = site.kept()
    answer = WRITES[write](browser)
    assert_refused(site, answer, before)
    assert "viewing" in said(answer)


def test_looking_at_a_finished_unit_as_its_learner_writes_nothing(site: Site, amina: Browser) -> None:
    amina.do_unit("chain")
    browser = site.browser("author")
    look_as(site, browser, "amina")
    before = site.kept()
    assert "Chain Carer" in browser.open_unit("chain")
    progress = browser.call("microcred_unit", "chain-unit", "progress")
    assert progress.status_code == 200
    assert site.kept() == before


@pytest.mark.parametrize("write", WRITES)
def test_a_visitor_writes_nothing(site: Site, write: str) -> None:
    before = site.kept()
    assert_refused(site, WRITES[write](site.browser()), before)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("token", ["", "x" * 64, "another's"])
def test_a_request_without_the_right_csrf_token_writes_nothing(site: Site, write: str, token: str) -> None:
    browser = site.browser("amina")
    if token == "another's":
        token = site.browser("ben").token
    else:
        assert browser.token
    forged = _Forger(browser, token)
    before = site.kept()
    assert_refused(site, WRITES[write](forged), before)


def test_a_visitor_reads_no_handler(site: Site, nobody: Client) -> None:
    for kind, name, handler in (
        ("microcred_check", "chain-gauge", "submit"),
        ("microcred_unit", "chain-unit", "progress"),
        ("microcred_evidence", "inspect-evidence", "upload"),
    ):
        answer = nobody.get(handler_url(kind, name, handler))
        assert answer.status_code in (403, 405), answer.content


def test_the_door_for_third_parties_knows_nobody(site: Site, amina: Browser) -> None:
    before = site.kept()
    url = reverse("lms:handler-noauth", args=[COURSE, block("microcred_check", "chain-gauge"), "submit"])
    assert_refused(site, amina.post_json(url, {"answer": "chain"}), before)


def test_anothers_evidence_is_not_there(site: Site, amina: Browser) -> None:
    amina.do_unit("inspect")
    file_id, submission_id = str(EvidenceFile.objects.get().pk), str(Submission.objects.get().pk)
    ben, before = site.browser("ben"), site.kept()
    for name in ("ben", "registrar"):
        stranger = site.browser(name)
        assert stranger.page("evidence-file", file_id).status_code == 404
        assert stranger.page("review-submission", submission_id).status_code == 404
        assert stranger.review(submission_id).status_code == 404
        assert submission_id not in stranger.page("review-queue").content.decode()
    assert site.browser().page("evidence-file", file_id).status_code == 302
    removal = ben.call("microcred_evidence", "inspect-evidence", "remove_file", {"file_id": file_id})
    assert removal.status_code == 404
    assert ben.call("microcred_evidence", "inspect-evidence", "status").json()["submission"] is None
    assert site.kept() == before
    for name in ("amina", "reviewer", "author"):
        assert site.browser(name).page("evidence-file", file_id).status_code == 200
    for nothing in (NOTHING, "x", "..%2F..%2Fetc"):
        assert ben.client.get(f"/microcred/evidence/{nothing}").status_code == 404
        assert ben.client.get(f"/microcred/review/{nothing}").status_code == 404


def test_nobody_judges_their_own_work(site: Site, amina: Browser) -> None:
    amina.do_unit("inspect")
    submission_id = str(Submission.objects.get().pk)
    roles.give_role(site.user("amina").pk, COURSE, Role.REVIEWER)
    before = site.kept()
    assert_refused(site, amina.review(submission_id), before)


def test_anothers_credential_stays_closed_until_it_is_shared(site: Site, amina: Browser) -> None:
    amina.do_unit("chain")
    credential = Credential.objects.get()
    ben, before = site.browser("ben"), site.kept()
    visitor = site.browser()
    for stranger in (ben, visitor):
        assert stranger.page("credential", credential.pk).status_code == 403
        url = reverse("microcred_app:credential", args=[credential.pk])
        assert stranger.client.get(url, headers={"Accept": "application/json"}).status_code == 403
    assert "Chain Carer" not in ben.page("my-badges").content.decode()
    for name in ("share", "wallet-send"):
        url = reverse(f"microcred_app:{name}", args=[credential.pk])
        answer = ben.client.post(url, {"connection": NOTHING}, headers={"X-CSRFToken": ben.token})
        assert answer.status_code == 404, (name, answer.content[:300])
    assert ben.page("wallet-send", credential.pk).status_code == 404
    assert ben.page("registrar-award", credential.award_id).status_code == 403
    assert site.kept() == before
    for nothing in (NOTHING, "x", "1", "%00"):
        assert ben.client.get(f"/microcred/credentials/{nothing}").status_code == 404

    shared = amina.client.post(
        reverse("microcred_app:share", args=[credential.pk]), headers={"X-CSRFToken": amina.token}
    )
    assert shared.json()["shared"] is True
    assert visitor.page("credential", credential.pk).status_code == 200


def test_staff_who_look_as_a_learner_change_nothing_of_theirs(site: Site, amina: Browser) -> None:
    amina.do_unit("chain")
    credential = Credential.objects.get()
    browser = site.browser("author")
    look_as(site, browser, "amina")
    before = site.kept()
    answer = browser.client.post(
        reverse("microcred_app:share", args=[credential.pk]), headers={"X-CSRFToken": browser.token}
    )
    assert_refused(site, answer, before, status=answer.status_code)
    assert answer.status_code in (403, 404)


def look_as(site: Site, browser: Browser, name: str) -> None:
    """Staff begin to look through somebody's eyes."""
    answer = browser.client.post(
        reverse("lms:look-as", args=[COURSE]),
        {"learner": str(site.user(name).pk)},
        headers={"X-CSRFToken": browser.token},
    )
    assert answer.status_code == 302


class _Forger(Browser):
    """Posts with the person's session cookie and a token that is not theirs."""

    def __init__(self, browser: Browser, token: str) -> None:
        self.user, self.client, self._token = browser.user, browser.client, token

    @property
    def token(self) -> str:
        return self._token
