"""Words around a review: the conversation with the learner, and sentences that are used again."""

import pytest

from microcred_app import learning
from microcred_app.applets.reviews import api as reviews
from microcred_app.applets.reviews.models import FeedbackMessage, SavedComment
from tests.fixtures.catalogue import COURSE, NOW, make_user
from tests.fixtures.review_world import PART, OfficesOnly, add_file, hand_in


@pytest.fixture
def ana(judges: set[int]) -> int:
    user = make_user("ana", first_name="Ana", last_name="Silva")
    judges.add(user)
    return user


def test_learner_and_reviewer_talk_and_the_learner_reads_roles(ana: int) -> None:
    learner = make_user()
    submission = hand_in(learner)
    asked = reviews.say_as_reviewer(ana, submission, text="Which valve?\x00", now=NOW)
    reviews.say_as_learner(learner, submission, text="The left one", answers=str(asked.id), now=NOW)
    seen = learning.feedback(learner, PART)
    assert [(line.text, line.by_reviewer, line.mine, line.author) for line in seen.lines] == [
        ("Which valve?", True, False, ""),
        ("The left one", False, True, ""),
    ]
    assert seen.lines[1].answers == asked.id
    assert seen.page_url == f"/microcred/my/work/{submission}"
    assert [line.author for line in reviews.open_desk(ana, submission, now=NOW).lines] == [
        "Ana Silva",
        "Amina Diallo",
    ]


def test_the_page_of_ones_work_has_every_attempt_and_what_changed(ana: int) -> None:
    learner = make_user()
    first = hand_in(learner)
    reviews.say_as_reviewer(ana, first, text="About the first", now=NOW)
    reviews.decide(ana, first, passed=False, levels={"c": "0"}, comment="Show more", now=NOW)
    second = hand_in(learner, colour="blue")
    work = learning.show_work(learner, second)
    newest, oldest = work.attempts
    assert (newest.submission.attempt, oldest.submission.comment) == (2, "Show more")
    assert newest.change is not None and newest.change.added == ("photo.png",)
    assert [line.text for line in oldest.lines] == ["About the first"]
    desk = reviews.open_desk(ana, second, now=NOW)
    assert desk.change == newest.change
    assert [attempt.submission.attempt for attempt in desk.earlier] == [1]
    # What is only drafted is nobody's business yet.
    reviews.decide(ana, second, passed=False, levels={"c": "0"}, comment="More", now=NOW)
    add_file(learner, "green")
    assert len(learning.show_work(learner, second).attempts) == 2


def test_nobody_reads_or_writes_in_anothers_conversation(ana: int) -> None:
    submission = hand_in(make_user())
    stranger = make_user("stranger")
    for refused in (
        lambda: learning.show_work(stranger, submission),
        lambda: learning.show_work(ana, submission),
        lambda: reviews.say_as_learner(stranger, submission, text="x", now=NOW),
        lambda: reviews.say_as_reviewer(stranger, submission, text="x", now=NOW),
        lambda: reviews.say_as_learner(stranger, "x", text="x", now=NOW),
    ):
        with pytest.raises(reviews.SubmissionNotFound):
            refused()
    assert not FeedbackMessage.objects.exists()


@pytest.mark.parametrize(
    ("text", "answers"),
    [("", ""), (" \x00 ", ""), ("x" * 4001, ""), ("x", "99"), ("x", "y"), ("x", "9" * 40)],
)
def test_messages_are_bounded(ana: int, text: str, answers: str) -> None:
    submission = hand_in(make_user())
    with pytest.raises(reviews.FeedbackRefused):
        reviews.say_as_reviewer(ana, submission, text=text, answers=answers, now=NOW)


def test_a_conversation_ends_somewhere(ana: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microcred_app.applets.reviews.feedback.MAX_MESSAGES", 2)
    submission = hand_in(make_user())
    for _number in range(2):
        reviews.say_as_reviewer(ana, submission, text="x", now=NOW)
    with pytest.raises(reviews.FeedbackRefused, match="full"):
        reviews.say_as_reviewer(ana, submission, text="x", now=NOW)


def test_a_message_does_not_answer_one_of_another_conversation(ana: int) -> None:
    one, two = hand_in(make_user("l1")), hand_in(make_user("l2"))
    line = reviews.say_as_reviewer(ana, one, text="x", now=NOW)
    with pytest.raises(reviews.FeedbackRefused, match="not there"):
        reviews.say_as_reviewer(ana, two, text="x", answers=str(line.id), now=NOW)


def test_saved_comments_are_ones_own_or_the_courses(ana: int, judges: set[int]) -> None:
    bo = make_user("bo")
    judges.add(bo)
    mine = reviews.save_comment(ana, text="Show the valve.", now=NOW)
    assert reviews.save_comment(ana, text=" Show the valve. ", now=NOW).id == mine.id
    shared = reviews.save_comment(ana, text="Well done.", course_key=COURSE, now=NOW)
    assert [one.text for one in reviews.list_comments(ana)] == ["Show the valve.", "Well done."]
    assert [(one.text, one.mine) for one in reviews.list_comments(bo)] == [("Well done.", False)]
    assert reviews.edit_comment(ana, mine.id, text="Show both valves.", now=NOW).text == "Show both valves."
    with pytest.raises(reviews.SubmissionNotFound):
        reviews.edit_comment(bo, mine.id, text="x", now=NOW)
    with pytest.raises(reviews.CommentRefused, match="Only whoever wrote it"):
        reviews.delete_comment(bo, shared.id)
    reviews.delete_comment(ana, shared.id)
    assert SavedComment.objects.count() == 1


def test_the_courses_staff_keep_its_comments_in_order(offices_only: OfficesOnly, ana: int) -> None:
    dean = make_user("dean")
    offices_only.staff.add(dean)
    shared = reviews.save_comment(ana, text="Rude", course_key=COURSE, now=NOW)
    reviews.delete_comment(dean, shared.id)
    assert reviews.list_comments(ana) == ()


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_saved_comments_are_bounded(ana: int, text: str) -> None:
    with pytest.raises(reviews.CommentRefused):
        reviews.save_comment(ana, text=text, now=NOW)


def test_only_reviewers_keep_comments_and_only_for_their_courses(ana: int) -> None:
    for user, course in ((make_user("stranger"), ""), (ana, "course-v1:X+Y+Z")):
        with pytest.raises(reviews.SubmissionNotFound):
            reviews.save_comment(user, text="x", course_key=course, now=NOW)
    with pytest.raises(reviews.SubmissionNotFound):
        reviews.delete_comment(ana, 99)
