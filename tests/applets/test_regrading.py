"""A decided submission judged anew: a new row names the old one, credit follows, the platform is told once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.utils import OperationalError

from microcred_app import api
from microcred_app.applets.append_only import AppendOnlyViolation
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.attainments.models import Attainment
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.evidence.models import Review, Submission
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import NOW, make_user, publish
from tests.fixtures.review_world import PART, SPEC, OfficesOnly, hand_in

RUBRIC = {
    "criteria": [
        {
            "id": "c",
            "name": "Care",
            "levels": [
                {"id": "0", "name": "Low", "points": 0},
                {"id": "2", "name": "Enough", "points": 2},
                {"id": "4", "name": "High", "points": 4},
            ],
        }
    ],
    "pass_points": 2,
}


@pytest.fixture
def dean(offices_only: OfficesOnly) -> int:
    user = make_user("dean")
    offices_only.staff.add(user)
    return user


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """What the platform was told: grades that replace, and completions."""
    heard: list[tuple[str, float]] = []
    platform = "demo_site.platform.DemoPlatform"
    monkeypatch.setattr(f"{platform}.submit_grade", lambda _s, _u, _k, e, _p: heard.append(("grade", e)))
    monkeypatch.setattr(f"{platform}.replace_grade", lambda _s, _u, _k, e, _p: heard.append(("replaced", e)))
    monkeypatch.setattr(
        f"{platform}.submit_completion", lambda _s, _u, _k, value: heard.append(("completion", value))
    )
    return heard


def decided(dean: int, learner: int, level: str = "4") -> str:
    submission = hand_in(learner, rubric=RUBRIC)
    passed = level != "0"
    reviews.decide(dean, submission, passed=passed, levels={"c": level}, comment="First", now=NOW)
    return submission


def anew(dean: int, submission: str, level: str, **changes: Any) -> None:
    values = {"comment": "Anew", "reason": "Appeal", "passed": level != "0", **changes}
    reviews.regrade(dean, submission, levels={"c": level}, now=NOW, **values)


def test_a_lower_judgement_counts_and_is_told_once(dean: int, told: list[tuple[str, float]]) -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    submission = decided(dean, learner)
    told.clear()
    anew(dean, submission, "2")
    assert told == [("completion", 1.0), ("replaced", 0.5)]
    old, new = Attainment.objects.order_by("score").reverse()
    assert (new.corrects_id, new.score, new.counts, new.results[0]["levels"]) == (
        old.pk,
        0.5,
        True,
        {"c": "2"},
    )
    assert attainments.best_scores(learner, ["o.a"]) == {"o.a": 0.5}
    first, second = Review.objects.order_by("pk")
    assert (second.purpose, second.replaces_id, second.reason) == ("regrade", first.pk, "Appeal")
    assert set(awards.held_badges(learner)) == {"micro-a"}, "badges stand until a registrar revokes them"
    entry = audit.list_entries(action="evidence.regraded")[0]
    assert (entry.reason, entry.actor_id, entry.object_id) == ("Appeal", dean, submission)


def test_taking_a_pass_away_takes_the_attainment_back(dean: int, told: list[tuple[str, float]]) -> None:
    learner = make_user()
    submission = decided(dean, learner)
    told.clear()
    anew(dean, submission, "0")
    assert told == [("completion", 0.0), ("replaced", 0.0)]
    assert attainments.list_attainments(learner, ["o.a"]) == ()
    assert not api.unit_progress(learner, SPEC, now=NOW).complete
    assert api.current_submission(learner, PART).state == "returned"


def test_a_pass_after_all_credits_and_can_be_taken_back_and_given_again(
    dean: int, told: list[tuple[str, float]]
) -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    submission = decided(dean, learner, "0")
    assert awards.held_badges(learner) == {}
    anew(dean, submission, "4")
    assert set(awards.held_badges(learner)) == {"micro-a"}
    anew(dean, submission, "0")
    anew(dean, submission, "2")
    chain = list(Attainment.objects.order_by("attained_at", "pk"))
    assert len(chain) == 3
    standing = Attainment.objects.get(corrections__isnull=True)
    assert (standing.counts, standing.score) == (True, 0.5)
    assert standing.corrects.counts is False and standing.corrects.corrects.score == 1.0


def test_the_learner_reads_the_judgement_that_stands(dean: int) -> None:
    learner = make_user()
    submission = decided(dean, learner)
    anew(dean, submission, "2", comment="Looked again")
    info = api.current_submission(learner, PART)
    assert (info.comment, info.rubric_result, info.points) == ("Looked again", (("Care", "Enough"),), 2.0)


def test_judgements_and_attainments_are_never_rewritten(dean: int) -> None:
    decided(dean, make_user())
    for row in (Review.objects.get(), Attainment.objects.get()):
        with pytest.raises(AppendOnlyViolation):
            row.save()


def test_of_many_who_judge_anew_at_once_nobody_overwrites_another(
    offices_only: OfficesOnly, dean: int, told: list[tuple[str, float]]
) -> None:
    submission = decided(dean, make_user())
    people = [make_user(f"s{number}") for number in range(4)]
    offices_only.staff.update(people)
    told.clear()

    def press(person: int) -> str:
        for _try in range(30):
            try:
                anew(person, submission, "2")
                return "done"
            except (reviews.AlreadyReviewed, reviews.ReviewIncomplete):
                return "told"
            except OperationalError:  # SQLite has one writer
                continue
            finally:
                connection.close()
        return "never"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, people))
    # The same judgement given again changes nothing, and says so.
    assert answers == ["done", "told", "told", "told"]
    assert [name for name, _value in told] == ["completion", "replaced"]
    assert Attainment.objects.count() == 2


def test_reset_lets_the_learner_hand_in_anew(dean: int, told: list[tuple[str, float]]) -> None:
    learner = make_user()
    submission = decided(dean, learner)
    reviews.reset(dean, submission, reason="Wrong file", comment="Please send the right file.", now=NOW)
    info = api.current_submission(learner, PART)
    assert (info.state, info.comment) == ("returned", "Please send the right file.")
    assert attainments.list_attainments(learner, ["o.a"]) == ()
    again = hand_in(learner, colour="blue", rubric=RUBRIC)
    assert Submission.objects.get(pk=again).attempt == 2
    reviews.decide(dean, again, passed=True, levels={"c": "2"}, comment="", now=NOW)
    assert [fact.score for fact in attainments.list_attainments(learner, ["o.a"])] == [0.5]


def test_reset_before_anybody_judged(dean: int) -> None:
    submission = hand_in(make_user(), rubric=RUBRIC)
    told = reviews.reset(dean, submission, reason="Not theirs", comment="Hand in your own.", now=NOW)
    assert (told.state, told.comment) == ("returned", "Hand in your own.")
    with pytest.raises(reviews.AlreadyReviewed, match="reset before"):
        reviews.reset(dean, submission, reason="Again", comment="Again", now=NOW)


@pytest.mark.parametrize(
    ("level", "changes", "said"),
    [
        ("4", {"reason": " "}, "Give a reason"),
        ("4", {"reason": "x" * 2001}, "Give a reason"),
        ("0", {"passed": True}, "passing needs 2"),
        ("9", {}, "Choose a level"),
        ("0", {"comment": " "}, "what the learner should change"),
        ("4", {"comment": "First"}, "stands already"),
    ],
)
def test_what_is_incomplete_changes_nothing(
    dean: int, level: str, changes: dict[str, Any], said: str
) -> None:
    submission = decided(dean, make_user())
    with pytest.raises(reviews.ReviewIncomplete, match=said):
        anew(dean, submission, level, **changes)
    assert Review.objects.count() == Attainment.objects.count() == 1


def test_only_staff_judge_anew_and_never_themselves(offices_only: OfficesOnly, dean: int) -> None:
    learner, reviewer, stranger = make_user(), make_user("rita"), make_user("stranger")
    offices_only.judges.add(reviewer)
    submission = decided(dean, learner)
    with pytest.raises(reviews.MayNotReview, match="Only the staff"):
        anew(reviewer, submission, "2")
    with pytest.raises(reviews.SubmissionNotFound):
        anew(stranger, submission, "2")
    offices_only.staff.add(learner)
    with pytest.raises(reviews.MayNotReview, match="own work"):
        anew(learner, submission, "2")
    assert Review.objects.count() == 1


def test_an_old_attempt_is_left_alone_once_a_newer_was_handed_in(dean: int) -> None:
    learner = make_user()
    submission = decided(dean, learner, "0")
    hand_in(learner, colour="blue", rubric=RUBRIC)
    with pytest.raises(reviews.AlreadyReviewed, match="newer attempt"):
        anew(dean, submission, "4")
    with pytest.raises(reviews.AlreadyReviewed, match="newer attempt"):
        reviews.reset(dean, submission, reason="x", comment="x", now=NOW)


def test_what_waits_is_judged_from_the_queue(dean: int) -> None:
    submission = hand_in(make_user(), rubric=RUBRIC)
    with pytest.raises(reviews.AlreadyReviewed, match="from the queue"):
        anew(dean, submission, "4")
