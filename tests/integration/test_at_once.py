"""The same thing done twice at the same moment is done once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from completion.models import BlockCompletion
from django.db import connection

from demo_site.courses import roles
from demo_site.courses.models import Grade, LearnerState, Role
from microcred_app.applets.attainments.models import Attainment, DueEvaluation, PartResult
from microcred_app.applets.awards.models import Award
from microcred_app.applets.evidence.models import EvidenceFile, Review, Submission
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.course_walk import COURSE, Browser, block, photo

from .conftest import Site

TIMES = 4


def at_once(site: Site, name: str, act: Callable[[Browser, int], Any]) -> list[Any]:
    """What several browsers of one person are answered that *act* at the same moment."""
    browsers = [site.browser(name) for _number in range(TIMES)]
    gate = Barrier(TIMES)

    def one(number: int) -> Any:
        try:
            gate.wait(20)
            return act(browsers[number], number)
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(one, range(TIMES)))


def test_an_answer_sent_several_times_at_once_counts_once(site: Site, amina: Browser) -> None:
    amina.do_unit("chain", but="chain-habits")
    answers = at_once(site, "amina", lambda browser, _number: browser.answer("chain-habits"))

    assert [answer.status_code for answer in answers] == [200] * TIMES, [a.content for a in answers]
    assert all(answer.json()["progress"]["complete"] for answer in answers)
    state = LearnerState.objects.get(subject=str(block("microcred_check", "chain-habits")))
    assert state.fields["attempts_used"] == 1
    part = str(block("microcred_check", "chain-habits"))
    assert PartResult.objects.filter(part_usage_key=part).count() == 1
    unit = str(block("microcred_unit", "chain-unit"))
    counts = [rows.objects.count() for rows in (Attainment, Award, Credential, DueEvaluation)]
    assert counts == [1, 1, 1, 0]
    assert Grade.objects.filter(usage_key=unit).count() == 1
    assert BlockCompletion.objects.filter(block_key=block("microcred_unit", "chain-unit")).count() == 1


def test_a_wrong_answer_sent_several_times_at_once_uses_one_attempt(site: Site, amina: Browser) -> None:
    amina.open_unit("chain")
    answers = at_once(site, "amina", lambda browser, _number: browser.answer("chain-gauge", "wait"))
    assert [answer.status_code for answer in answers] == [200] * TIMES
    state = LearnerState.objects.get(subject=str(block("microcred_check", "chain-gauge")))
    assert state.fields["attempts_used"] == 1
    assert amina.answer("chain-gauge", attempt=2).json()["passed"] is True


def test_handing_in_several_times_at_once_hands_in_once(site: Site, amina: Browser) -> None:
    amina.open_unit("puncture")
    assert amina.read("puncture").status_code == 200
    amina.answer_checks("puncture")
    assert amina.upload("puncture-evidence", "tube.png", photo()).status_code == 200
    answers = at_once(
        site,
        "amina",
        lambda browser, _number: browser.call("microcred_evidence", "puncture-evidence", "hand_in"),
    )
    assert [answer.status_code for answer in answers] == [200] * TIMES, [a.content for a in answers]
    assert [rows.objects.count() for rows in (Submission, Attainment, Award, Credential)] == [1, 1, 1, 1]


def test_the_same_file_sent_several_times_at_once_is_kept_once(site: Site, amina: Browser) -> None:
    amina.open_unit("puncture")
    answers = at_once(
        site, "amina", lambda browser, _number: browser.upload("puncture-evidence", "tube.png", photo())
    )
    assert [answer.status_code for answer in answers] == [200] * TIMES, [a.content for a in answers]
    assert [Submission.objects.count(), EvidenceFile.objects.count(), len(site.stored_files())] == [1, 1, 1]


def test_more_files_at_once_than_the_task_takes_are_not_kept(site: Site, amina: Browser) -> None:
    amina.open_unit("puncture")
    answers = at_once(
        site, "amina", lambda browser, number: browser.upload("puncture-evidence", "tube.png", photo(number))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 400, 400]
    assert [EvidenceFile.objects.count(), len(site.stored_files())] == [2, 2]


def test_two_reviewers_at_once_judge_once(site: Site, amina: Browser) -> None:
    amina.do_unit("inspect")
    submission = str(Submission.objects.get().pk)
    roles.give_role(site.user("ben").pk, COURSE, Role.REVIEWER)

    def judge(browser: Browser, number: int) -> Any:
        verdict = {"verdict": "return", "comment": "Again."} if number % 2 else {"verdict": "pass"}
        return browser.review(submission, **verdict)

    answers = at_once(site, "reviewer", judge)
    assert sorted(answer.status_code for answer in answers) == [302, 409, 409, 409]
    review = Review.objects.get()
    passed = review.verdict == Review.PASSED
    assert Submission.objects.get().state == (Submission.ACCEPTED if passed else Submission.RETURNED)
    assert Attainment.objects.count() == Award.objects.count() == Credential.objects.count() == int(passed)


def test_two_units_finished_at_once_earn_their_stack(site: Site, amina: Browser) -> None:
    amina.do_unit("inspect")
    amina.do_unit("puncture", but="puncture-last-stretch")
    submission = str(Submission.objects.get(part_usage_key__contains="inspect").pk)
    reviewer = site.browser("reviewer")

    def finish(browser: Browser, number: int) -> Any:
        return reviewer.review(submission) if number == 0 else browser.answer("puncture-last-stretch")

    at_once(site, "amina", finish)
    held = set(Award.objects.values_list("version__badge__key", flat=True))
    assert held == {"bike-inspector", "puncture-mender", "roadside-repair"}
    assert Award.objects.count() == Credential.objects.count() == 3
