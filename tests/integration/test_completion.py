"""A unit is complete when everything this learner must do is done, whatever was last and whoever was there."""

from __future__ import annotations

from typing import Any

import pytest
from completion.models import BlockCompletion

from demo_site.courses import authoring
from demo_site.courses.models import Grade
from microcred_app.applets.attainments.models import Attainment
from microcred_app.applets.awards.models import Award
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.course_walk import PARTS, Browser, block, photo

from .conftest import Site

CHAIN = str(block("microcred_unit", "chain-unit"))


def finished(site: Site, unit: str, learner: str = "amina") -> tuple[int, list[float], int, int]:
    """Attainments, completion values, grades and awards that the unit has brought the learner."""
    user = site.user(learner)
    key = block("microcred_unit", f"{unit}-unit")
    completions = BlockCompletion.objects.filter(user=user, block_key=key)
    return (
        Attainment.objects.filter(learner_id=user.pk, source_usage_key=str(key)).count(),
        list(completions.values_list("completion", flat=True)),
        Grade.objects.filter(user=user, usage_key=str(key)).count(),
        Award.objects.filter(learner_id=user.pk).count(),
    )


def do_part(browser: Browser, kind: str, name: str) -> Any:
    if kind == "html":
        key = str(block(kind, name))
        return browser.call("microcred_unit", "chain-unit", "go_to", {"to": key, "seen": [key]})
    return browser.answer(name) if kind == "microcred_check" else browser.hand_in("chain")


@pytest.mark.parametrize("last", range(len(PARTS["chain"])), ids=[name for _kind, name in PARTS["chain"]])
def test_whichever_part_is_last_completes_the_unit(site: Site, amina: Browser, last: int) -> None:
    parts = list(PARTS["chain"])
    final = parts.pop(last)
    for kind, name in parts:
        answer = do_part(amina, kind, name)
        assert answer.status_code == 200, answer.content
    assert finished(site, "chain") == (0, [], 0, 0)
    answer = do_part(amina, *final)
    assert answer.status_code == 200, answer.content
    assert finished(site, "chain") == (1, [1.0], 1, 1)
    shown = answer.json()
    earned = shown.get("progress", shown)["earned"]
    assert [(badge["badge_key"], badge["issued"]) for badge in earned] == [("chain-carer", True)]


def test_a_part_for_staff_only_is_not_asked_of_learners(site: Site, amina: Browser) -> None:
    hidden = block("microcred_check", "chain-habits")
    authoring.change_fields(hidden, {"visible_to_staff_only": True})
    authoring.publish(block("microcred_unit", "chain-unit"))
    for kind, name in PARTS["chain"]:
        if name != "chain-habits":
            assert do_part(amina, kind, name).status_code == 200
    assert finished(site, "chain") == (1, [1.0], 1, 1)
    assert str(hidden) not in amina.open_unit("chain")
    assert amina.answer("chain-habits").status_code == 404


def test_a_unit_completed_in_the_past_stays_complete_when_a_part_is_added(site: Site, amina: Browser) -> None:
    amina.do_unit("chain")
    unit = block("microcred_unit", "chain-unit")
    authoring.add_block(unit.course_key, "html", unit, fields={"display_name": "More", "data": "<p>More</p>"})
    authoring.publish(unit)
    progress = amina.call("microcred_unit", "chain-unit", "progress").json()
    assert progress["complete"] is True
    done = len(PARTS["chain"])
    assert (progress["done"], progress["total"]) == (done, done + 1)
    assert finished(site, "chain") == (1, [1.0], 1, 1)


def test_text_counts_by_completion_and_not_by_being_asked_for(site: Site, amina: Browser) -> None:
    amina.open_unit("chain")
    amina.answer_checks("chain")
    amina.hand_in("chain")
    assert finished(site, "chain") == (0, [], 0, 0), "the texts were not read"
    for name in ("chain-measure", "chain-clean"):
        BlockCompletion.objects.submit_completion(
            user=site.user("amina"), block_key=block("html", name), completion=1.0
        )
    amina.call("microcred_unit", "chain-unit", "progress")
    assert finished(site, "chain") == (1, [1.0], 1, 1)


def test_a_verdict_completes_the_unit_of_an_absent_learner_once(site: Site, amina: Browser) -> None:
    amina.do_unit("inspect")
    assert finished(site, "inspect") == (0, [], 0, 0)
    submission = amina.call("microcred_evidence", "inspect-evidence", "status").json()["submission"]["id"]
    reviewer = site.browser("reviewer")

    assert reviewer.review(submission).status_code == 302
    assert finished(site, "inspect") == (1, [1.0], 1, 1)
    assert Credential.objects.filter(learner_id=site.user("amina").pk).count() == 1

    assert reviewer.review(submission).status_code == 409
    amina.open_unit("inspect")  # the learner comes back
    assert finished(site, "inspect") == (1, [1.0], 1, 1)
    attained = Attainment.objects.get()
    assert attained.by_reviewer is True
    assert attained.score == 1.0


def test_a_verdict_below_full_marks_is_what_grade_and_attainment_say(site: Site, amina: Browser) -> None:
    amina.do_unit("inspect")
    submission = amina.call("microcred_evidence", "inspect-evidence", "status").json()["submission"]["id"]
    levels = {"level-complete": "full", "level-findings": "some", "level-verdict": "bare"}
    assert site.browser("reviewer").review(submission, **levels).status_code == 302
    # Three checks with 1 each, and evidence with 4 of 6 points.
    assert Attainment.objects.get().score == pytest.approx((3 + 4 / 6) / 4, abs=1e-4)
    assert Grade.objects.get().earned == pytest.approx((3 + 4 / 6) / 4)


def test_returned_work_starts_a_new_attempt_and_nothing_is_awarded(site: Site, amina: Browser) -> None:
    amina.do_unit("inspect")
    first = amina.call("microcred_evidence", "inspect-evidence", "status").json()["submission"]
    answer = site.browser("reviewer").review(first["id"], verdict="return", comment="Measure the tyres.")
    assert answer.status_code == 302
    assert finished(site, "inspect") == (0, [], 0, 0)
    assert "Measure the tyres." in amina.open_unit("inspect")
    assert amina.upload("inspect-evidence", "again.png", photo(7)).status_code == 200
    second = amina.call("microcred_evidence", "inspect-evidence", "hand_in").json()["submission"]
    assert (second["attempt"], second["state"]) == (2, "in_review")
    assert site.browser("reviewer").review(second["id"]).status_code == 302
    assert finished(site, "inspect") == (1, [1.0], 1, 1)
