"""What reviewers decide: once, by those who may, with everything that follows from it."""

import pytest

from microcred_app import api
from microcred_app.applets.attainments.models import Attainment
from microcred_app.applets.awards import api as awards
from microcred_app.applets.evidence.models import Review, Submission
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import NOW, make_user, publish
from tests.fixtures.review_world import PART, add_file, hand_in, save_text


def test_a_reviewer_passes_and_the_absent_learner_is_credited(judges: set[int]) -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner, reviewer = make_user(), make_user("tomas")
    judges.add(reviewer)
    submission_id = hand_in(learner)
    assert [item.submission_id for item in reviews.list_queue(reviewer)] == [submission_id]
    reviews.decide(reviewer, submission_id, passed=True, levels={"c": "2"}, comment="", now=NOW)
    assert reviews.list_queue(reviewer) == ()
    assert set(awards.held_badges(learner)) == {"micro-a"}
    assert Attainment.objects.get().by_reviewer


def test_sending_back_opens_the_next_attempt_with_the_words_kept(judges: set[int]) -> None:
    learner, reviewer = make_user(), make_user("tomas")
    judges.add(reviewer)
    save_text(learner, "My notes")
    submission_id = hand_in(learner)
    reviews.decide(
        reviewer, submission_id, passed=False, levels={"c": "0"}, comment="Show the valve", now=NOW
    )
    returned = api.current_submission(learner, PART)
    assert (returned.state, returned.comment, returned.rubric_result) == (
        "returned",
        "Show the valve",
        (("Care", "Low"),),
    )
    again = add_file(learner, "blue")
    assert (again.attempt, again.state, again.text) == (2, "draft", "My notes")
    assert not Attainment.objects.exists()


@pytest.mark.parametrize(
    ("passed", "levels", "comment", "said"),
    [
        (True, {}, "", "Choose a level for “Care”"),
        (True, {"c": "9"}, "", "Choose a level for “Care”"),
        (True, {"c": "0"}, "", "passing needs 2"),
        (False, {"c": "0"}, " ", "what the learner should change"),
        (False, {"c": "0"}, "x" * 5_001, "below 5000"),
    ],
)
def test_an_incomplete_judgement_is_refused_and_changes_nothing(
    judges: set[int], passed: bool, levels: dict[str, str], comment: str, said: str
) -> None:
    reviewer = make_user("tomas")
    judges.add(reviewer)
    submission_id = hand_in(make_user())
    with pytest.raises(reviews.ReviewIncomplete, match=said):
        reviews.decide(reviewer, submission_id, passed=passed, levels=levels, comment=comment, now=NOW)
    assert not Review.objects.exists()
    assert Submission.objects.get().state == "in_review"


def test_only_reviewers_of_the_course_judge_and_nobody_judges_their_own(
    judges: set[int],
) -> None:
    learner, stranger = make_user(), make_user("stranger")
    submission_id = hand_in(learner)
    with pytest.raises(reviews.SubmissionNotFound):
        reviews.decide(stranger, submission_id, passed=True, levels={"c": "2"}, comment="", now=NOW)
    judges.add(learner)
    assert reviews.list_queue(learner) == ()
    with pytest.raises(reviews.MayNotReview):
        reviews.decide(learner, submission_id, passed=True, levels={"c": "2"}, comment="", now=NOW)


def test_of_two_reviewers_the_second_is_told(judges: set[int]) -> None:
    one, two = make_user("one"), make_user("two")
    judges.update({one, two})
    submission_id = hand_in(make_user())
    reviews.decide(one, submission_id, passed=True, levels={"c": "2"}, comment="", now=NOW)
    with pytest.raises(reviews.AlreadyReviewed):
        reviews.decide(two, submission_id, passed=False, levels={"c": "0"}, comment="No", now=NOW)
    assert Review.objects.get().reviewer_id == one
