"""A sample is judged twice: blind, by somebody else, compared, and decided by a third where the two disagree."""

from datetime import timedelta

import pytest

from microcred_app.applets.attainments.models import Attainment
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import Review, Submission
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import COURSE, NOW, make_user
from tests.fixtures.review_world import OfficesOnly, hand_in

SOON = NOW + timedelta(hours=2)


@pytest.fixture
def people(offices_only: OfficesOnly) -> tuple[int, int, int, int]:
    """Three reviewers, and the course's staff."""
    found = tuple(make_user(name) for name in ("ana", "bo", "cy", "dean"))
    offices_only.judges.update(found[:3])
    offices_only.staff.add(found[3])
    return found  # type: ignore[return-value]


def judge(reviewer: int, submission: str, passed: bool, comment: str = "Because") -> evidence.SubmissionInfo:
    levels = {"c": "2" if passed else "0"}
    return reviews.decide(reviewer, submission, passed=passed, levels=levels, comment=comment, now=SOON)


def wait_for_both(staff: int) -> None:
    evidence.set_rules(staff, evidence.ReviewRules(COURSE, both_needed=True), now=NOW)


def state(submission: str) -> tuple[str, str]:
    row = Submission.objects.get(pk=submission)
    return row.state, row.waits_for


def test_the_first_counts_at_once_and_the_second_is_only_compared(people: tuple[int, ...]) -> None:
    ana, bo, *_ = people
    learner = make_user()
    submission = hand_in(learner, second_marker_percent=100)
    judge(ana, submission, True, "Well done")
    assert state(submission) == ("accepted", "second")
    assert Attainment.objects.count() == 1
    judge(bo, submission, True, "Good")
    assert state(submission) == ("accepted", "nobody")
    assert Attainment.objects.count() == 1
    assert [review.purpose for review in Review.objects.order_by("pk")] == ["first", "second"]


def test_nobody_is_asked_twice_when_no_sample_was_asked_for(people: tuple[int, ...]) -> None:
    submission = hand_in(make_user())
    judge(people[0], submission, True)
    assert state(submission) == ("accepted", "nobody")


def test_the_second_reviewer_sees_nothing_of_the_first(people: tuple[int, ...]) -> None:
    ana, bo, *_ = people
    submission = hand_in(make_user(), second_marker_percent=100)
    judge(ana, submission, False, "Secret words of the first")
    reviews.say_as_reviewer(ana, submission, text="More secret words", now=SOON)
    desk = reviews.open_desk(bo, submission, now=SOON)
    assert desk.blind
    assert "ecret" not in repr(desk)
    assert desk.submission.state == desk.item.state == "in_review"
    assert [item.state for item in reviews.list_queue(bo)] == ["in_review"]
    # Nor by asking the list in other ways.
    for wanted in (
        reviews.QueueFilter(state="decided"),
        reviews.QueueFilter(state="all", reviewer_id=ana),
    ):
        assert reviews.page_queue(bo, wanted, now=SOON).items == ()
    with pytest.raises(reviews.FeedbackRefused, match="blind"):
        reviews.say_as_reviewer(bo, submission, text="Hello", now=SOON)
    assert not reviews.open_desk(ana, submission, now=SOON).blind


def test_nobody_gives_two_of_the_judgements(people: tuple[int, ...]) -> None:
    ana, bo, *_ = people
    submission = hand_in(make_user(), second_marker_percent=100)
    judge(ana, submission, True)
    assert reviews.list_queue(ana) == ()
    with pytest.raises(reviews.AlreadyReviewed, match="Somebody else judges it once more"):
        judge(ana, submission, False)
    judge(bo, submission, False)
    for person in (ana, bo):
        with pytest.raises(reviews.AlreadyReviewed):
            judge(person, submission, True)


def test_the_learner_hears_of_the_first_only(people: tuple[int, ...]) -> None:
    ana, bo, *_ = people
    learner = make_user()
    submission = hand_in(learner, second_marker_percent=100)
    judge(ana, submission, False, "Show the valve")
    judge(bo, submission, False, "Words for the comparison")
    told = evidence.current_submission(learner, Submission.objects.get().part_usage_key)
    assert told is not None and told.comment == "Show the valve"


def test_where_both_are_needed_the_learner_waits_for_both(people: tuple[int, ...]) -> None:
    ana, bo, _cy, dean = people
    wait_for_both(dean)
    learner = make_user()
    submission = hand_in(learner, second_marker_percent=100)
    told = judge(ana, submission, True, "Well done")
    assert (told.state, told.comment, told.rubric_result) == ("in_review", "", ())
    assert not Attainment.objects.exists()
    assert judge(bo, submission, True, "Good").comment == "Well done"
    assert state(submission) == ("accepted", "nobody")
    assert Attainment.objects.get().by_reviewer


def test_disagreement_goes_to_a_third_who_sees_both_and_decides(people: tuple[int, ...]) -> None:
    ana, bo, cy, dean = people
    wait_for_both(dean)
    submission = hand_in(make_user(), second_marker_percent=100)
    judge(ana, submission, True, "Well done")
    judge(bo, submission, False, "Not enough")
    assert state(submission) == ("in_review", "third")
    desk = reviews.open_desk(cy, submission, now=SOON)
    assert [(mark.purpose, mark.passed) for mark in desk.marks] == [("first", True), ("second", False)]
    assert judge(cy, submission, False, "The valve is missing").comment == "The valve is missing"
    assert state(submission) == ("returned", "nobody")
    assert not Attainment.objects.exists()


def test_a_third_who_overturns_the_first_corrects_what_followed(people: tuple[int, ...]) -> None:
    ana, bo, cy, _dean = people
    submission = hand_in(make_user(), second_marker_percent=100)
    judge(ana, submission, True, "Well done")
    judge(bo, submission, False)
    assert state(submission) == ("accepted", "third")
    judge(cy, submission, False, "The valve is missing")
    assert state(submission) == ("returned", "nobody")
    taken_back = Attainment.objects.get(counts=False)
    assert taken_back.corrects is not None and taken_back.corrects.counts


def test_a_third_who_confirms_the_first_leaves_everything_as_it_is(people: tuple[int, ...]) -> None:
    ana, bo, cy, _dean = people
    learner = make_user()
    submission = hand_in(learner, second_marker_percent=100)
    judge(ana, submission, True, "Well done")
    judge(bo, submission, False)
    told = judge(cy, submission, True, "Agreed")
    assert (told.state, told.comment) == ("accepted", "Well done")
    assert Attainment.objects.count() == 1


def test_the_report_counts_pairs_and_is_for_staff(people: tuple[int, ...]) -> None:
    ana, bo, _cy, dean = people
    for number, (first, second) in enumerate([(True, True), (True, False), (False, False)]):
        submission = hand_in(make_user(f"l{number}"), second_marker_percent=100)
        judge(ana, submission, first)
        judge(bo, submission, second)
    figures = reviews.course_figures(dean, COURSE, since=None, now=SOON)
    [task] = figures.agreement
    assert (task.verdict.pairs, task.to_third) == (3, 1)
    assert [(one.name, one.exact, one.within_one) for one in task.criteria] == [
        ("Care", pytest.approx(2 / 3), 1.0)
    ]
    assert task.criteria[0].kappa == pytest.approx(0.4)
    assert (figures.whole.judged, figures.whole.median, figures.waiting_third) == (3, timedelta(hours=2), 1)
    assert [(line.name, line.judged, line.passed) for line in figures.reviewers] == [("Ana Diallo", 3, 2)]
    for person in (ana, make_user("stranger")):
        with pytest.raises(reviews.MayNotReview):
            reviews.course_figures(person, COURSE, since=None, now=SOON)
