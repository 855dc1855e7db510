"""Whoever writes drafts all day: one row for a task, pages that stay short, and queues that do not notice."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcred_app import api
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.authoring.models import FormDraft
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import Submission
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import COURSE, NOW, make_user, unit
from tests.fixtures.review_world import OfficesOnly

MANY = 10_000
SPEC = unit("a", kind="evidence")
PART = SPEC.parts[0].usage_key
TASK = evidence.EvidenceTask(3, 1_000_000, ("image",), True, True, "staff", {}, "Photo")


@pytest.fixture
def amina(offices_only: OfficesOnly) -> int:
    return make_user("amina")


def open_drafts(learner: int, count: int = MANY) -> None:
    Submission.objects.bulk_create(
        [
            Submission(
                learner_id=learner,
                course_key=COURSE,
                unit_usage_key=f"block-v1:Demo+BIKE+1+type@microcred_unit+block@u{number}",
                part_usage_key=f"block-v1:Demo+BIKE+1+type@microcred_evidence+block@e{number}",
                unit_title="x" * 255,
                task_title="y" * 255,
                attempt=1,
                text="z" * 50,
                created_at=NOW,
            )
            for number in range(count)
        ],
        batch_size=500,
    )


def save(learner: int, words: str) -> Any:
    return api.save_evidence_text(learner, SPEC, PART, TASK, text=words, link="", now=NOW)


def test_a_draft_that_is_saved_again_and_again_is_one_row(amina: int) -> None:
    for number in range(300):
        save(amina, f"word {number}")
    assert Submission.objects.get().text == "word 299"
    assert AuditEntry.objects.count() == 0, "typing is no event"


def test_saving_costs_the_same_beside_ten_thousand(amina: int) -> None:
    def cost(words: str) -> int:
        with CaptureQueriesContext(connection) as found:
            save(amina, words)
        return len(found)

    save(amina, "first")
    alone = cost("alone")
    open_drafts(amina)
    begun = time.monotonic()
    assert cost("beside many") == alone
    assert time.monotonic() - begun < 2


def test_the_learners_page_stays_short(amina: int) -> None:
    open_drafts(amina)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=amina))
    with CaptureQueriesContext(connection) as found:
        answer = client.get("/microcred/my/evidence/")
    assert answer.status_code == 200
    assert len(found) < 30
    assert len(answer.content) < 1_500_000


def test_reviewers_do_not_see_them_and_do_not_wait_for_them(amina: int, judges: set[int]) -> None:
    ana = make_user("ana")
    judges.add(ana)
    open_drafts(amina)
    with CaptureQueriesContext(connection) as found:
        assert reviews.list_queue(ana) == ()
        assert reviews.count_queue(ana) == 0
    assert len(found) < 15


def test_an_author_keeps_fifty_open_forms_and_no_more() -> None:
    author = make_user("author")
    for number in range(300):
        authoring.keep_draft(author, f"block{number}", {"title": "x"}, base="", now=NOW)
    assert FormDraft.objects.filter(author_id=author).count() == authoring.MAX_DRAFTS
