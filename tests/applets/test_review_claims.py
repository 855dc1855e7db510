"""A submission is judged by one person at a time, and nothing that somebody wrote is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import OperationalError

from microcred_app.applets.evidence.models import Review
from microcred_app.applets.reviews import api as reviews
from microcred_app.applets.reviews.models import ReviewClaim, VerdictDraft
from tests.fixtures.catalogue import NOW, make_user
from tests.fixtures.review_world import hand_in

LATER = NOW + timedelta(minutes=31)


@pytest.fixture
def ana(judges: set[int]) -> int:
    user = make_user("ana", first_name="Ana", last_name="Silva")
    judges.add(user)
    return user


@pytest.fixture
def bo(judges: set[int]) -> int:
    user = make_user("bo", first_name="Bo", last_name="Berg")
    judges.add(user)
    return user


def passed(reviewer: int, submission: str, now: object = NOW) -> None:
    reviews.decide(reviewer, submission, passed=True, levels={"c": "2"}, comment="", now=now)


def test_who_reserves_first_is_named_to_the_other(ana: int, bo: int) -> None:
    submission = hand_in(make_user())
    found = reviews.claim(ana, submission, now=NOW)
    assert found.until == NOW + timedelta(minutes=30)
    with pytest.raises(reviews.ClaimHeld, match="Ana Silva is judging this since 09:30"):
        reviews.claim(bo, submission, now=NOW + timedelta(minutes=1))
    with pytest.raises(reviews.ClaimHeld):
        passed(bo, submission, NOW + timedelta(minutes=29))
    assert not Review.objects.exists()
    desk = reviews.open_desk(bo, submission, now=NOW)
    assert desk.claim is not None and (desk.claim.reviewer_name, desk.mine) == ("Ana Silva", False)


def test_a_reservation_is_renewed_and_keeps_its_beginning(ana: int) -> None:
    submission = hand_in(make_user())
    reviews.claim(ana, submission, now=NOW)
    again = reviews.claim(ana, submission, now=NOW + timedelta(minutes=20))
    assert (again.since, again.until) == (NOW, NOW + timedelta(minutes=50))
    assert reviews.claim(ana, submission, now=NOW + timedelta(hours=3)).since == NOW + timedelta(hours=3)


def test_an_ended_reservation_is_taken_over_and_the_late_verdict_is_refused(ana: int, bo: int) -> None:
    submission = hand_in(make_user())
    reviews.claim(ana, submission, now=NOW)
    reviews.claim(bo, submission, now=LATER)
    with pytest.raises(reviews.ClaimHeld, match="Bo Berg"):
        passed(ana, submission, LATER)
    reviews.save_draft(ana, submission, levels={"c": "2", "x": "9"}, comment="Fine work", now=LATER)
    passed(bo, submission, LATER)
    desk = reviews.open_desk(ana, submission, now=LATER)
    assert (desk.draft.comment, dict(desk.draft.levels)) == ("Fine work", {"c": "2"})
    assert "judged already" in desk.why_not


def test_giving_back_frees_it_and_only_ones_own(ana: int, bo: int) -> None:
    submission = hand_in(make_user())
    reviews.claim(ana, submission, now=NOW)
    reviews.release(bo, submission)
    with pytest.raises(reviews.ClaimHeld):
        reviews.claim(bo, submission, now=NOW)
    reviews.release(ana, submission)
    assert reviews.claim(bo, submission, now=NOW).reviewer_id == bo


def test_a_verdict_ends_reservation_and_draft(ana: int) -> None:
    submission = hand_in(make_user())
    reviews.claim(ana, submission, now=NOW)
    reviews.save_draft(ana, submission, levels={}, comment="So far", now=NOW)
    passed(ana, submission)
    assert not ReviewClaim.objects.exists() and not VerdictDraft.objects.exists()
    with pytest.raises(reviews.AlreadyReviewed):
        reviews.claim(ana, submission, now=NOW)


def test_of_many_who_reserve_at_once_one_holds_it(judges: set[int]) -> None:
    submission = hand_in(make_user())
    people = [make_user(f"r{number}") for number in range(6)]
    judges.update(people)

    def press(person: int) -> str:
        for _try in range(20):
            try:
                return "mine" if reviews.claim(person, submission, now=NOW).reviewer_id == person else "?"
            except reviews.ClaimHeld:
                return "held"
            except OperationalError:  # SQLite has one writer
                continue
            finally:
                connection.close()
        return "never"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(press, people))
    assert answers == ["held"] * 5 + ["mine"]
    assert ReviewClaim.objects.count() == 1


def test_reserving_needs_the_right_to_judge(ana: int) -> None:
    learner, stranger = make_user(), make_user("stranger")
    submission = hand_in(learner)
    with pytest.raises(reviews.SubmissionNotFound):
        reviews.claim(stranger, submission, now=NOW)
    with pytest.raises(reviews.SubmissionNotFound):
        reviews.save_draft(stranger, submission, levels={}, comment="x", now=NOW)
    for nothing in ("x", "00000000-0000-0000-0000-000000000000", "' or 1=1"):
        with pytest.raises(reviews.SubmissionNotFound):
            reviews.claim(ana, nothing, now=NOW)


def test_a_draft_is_bounded(ana: int) -> None:
    submission = hand_in(make_user())
    with pytest.raises(reviews.ReviewIncomplete):
        reviews.save_draft(ana, submission, levels={}, comment="x" * 20_001, now=NOW)
    assert not VerdictDraft.objects.exists()
