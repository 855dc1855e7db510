"""The queue shows what its reader may judge, narrowed and in pages, and never anything else."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from microcred_app.applets.audit import api as audit
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.keyset import PlaceRefused
from microcred_app.applets.offices import api as offices
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import COURSE, NOW, make_officer, make_user, unit
from tests.fixtures.review_world import OfficesOnly, hand_in

LATER = NOW + timedelta(days=10)


@pytest.fixture
def ana(judges: set[int]) -> int:
    user = make_user("ana")
    judges.add(user)
    return user


def ids(items: Iterable[reviews.QueueItem]) -> list[str]:
    return [item.submission_id for item in items]


def found(reviewer: int, **wanted: object) -> list[str]:
    return ids(reviews.page_queue(reviewer, reviews.QueueFilter(**wanted), now=LATER).items)  # type: ignore[arg-type]


def test_each_part_of_the_filter_narrows(ana: int) -> None:
    one = hand_in(make_user("zoe", first_name="Zoe"), now=NOW)
    two = hand_in(make_user("tim"), now=NOW + timedelta(days=8), spec=unit("b", kind="evidence"))
    three = hand_in(make_user("eva"), now=NOW + timedelta(days=9))
    assert found(ana) == [one, two, three]
    assert found(ana, sort="newest") == [three, two, one]
    assert found(ana, sort="task") == [one, three, two]
    assert found(ana, outcome_key="o.b") == [two]
    assert found(ana, course_key="course-v1:X+Y+Z") == []
    assert found(ana, min_days=7) == [one]
    assert found(ana, text="zoe") == [one]
    assert found(ana, text="unit B") == [two]
    assert found(ana, text="%") == found(ana, text="' or 1=1 --") == []
    reviews.claim(ana, two, now=LATER)
    assert found(ana, state="mine") == found(ana, reviewer_id=ana) == [two]
    reviews.decide(ana, one, passed=True, levels={"c": "2"}, comment="", now=LATER)
    assert found(ana, state="decided") == [one]
    assert found(ana) == [two, three]
    assert found(ana, state="all") == [one, two, three]
    counts = reviews.count_states(ana, reviews.QueueFilter(), now=LATER)
    assert counts == {"waiting": 2, "mine": 1, "second": 0, "third": 0, "decided": 1, "all": 3}
    choices = reviews.choices_for(ana)
    assert [key for key, _title in choices.outcomes] == ["o.a", "o.b"]
    assert choices.reviewers == ((ana, "Ana Diallo"),)


def test_pages_neither_skip_nor_repeat(ana: int) -> None:
    wanted = reviews.QueueFilter()
    made = [hand_in(make_user(f"l{n}"), now=NOW + timedelta(minutes=n // 2)) for n in range(7)]
    seen: list[str] = []
    place = None
    while True:
        page = reviews.page_queue(ana, wanted, now=LATER, after=place, limit=3)
        seen += ids(page.items)
        place = page.next
        if place is None:
            break
    assert sorted(seen) == sorted(made) and len(set(seen)) == 7
    assert [reviews.neighbours(ana, one, wanted, now=LATER) for one in seen] == list(
        zip(["", *seen[:-1]], [*seen[1:], ""], strict=True)
    )
    with pytest.raises(PlaceRefused):
        reviews.page_queue(ana, wanted, now=LATER, after=["x"])


def test_the_next_one_is_the_first_that_nobody_else_holds(ana: int, judges: set[int]) -> None:
    bo = make_user("bo")
    judges.add(bo)
    one, two = hand_in(make_user("l1")), hand_in(make_user("l2"), now=NOW + timedelta(minutes=1))
    wanted = reviews.QueueFilter()
    reviews.claim(bo, one, now=NOW)
    assert reviews.next_free(ana, wanted, now=NOW) == two
    assert reviews.next_free(ana, wanted, now=NOW + timedelta(hours=1)) == one
    assert reviews.next_free(ana, wanted, now=NOW, skip=two) == ""


def test_ones_own_work_and_strangers_courses_are_not_there(ana: int, judges: set[int]) -> None:
    hand_in(ana)
    assert found(ana, state="all") == []
    assert found(make_user("stranger"), state="all") == []
    assert reviews.count_queue(ana) == 0


def test_who_declared_that_they_should_not_judge_a_learner_does_not(ana: int) -> None:
    cousin = make_user("cousin")
    submission = hand_in(cousin)
    file_id = reviews.open_desk(ana, submission, now=NOW).submission.files[0].id
    evidence.declare_recusal(ana, submission, reason="My cousin", now=NOW)
    evidence.declare_recusal(ana, submission, reason="Twice", now=NOW)
    assert found(ana, state="all") == []
    for refused in (
        lambda: reviews.open_desk(ana, submission, now=NOW),
        lambda: reviews.claim(ana, submission, now=NOW),
        lambda: reviews.decide(ana, submission, passed=True, levels={"c": "2"}, comment="", now=NOW),
        lambda: reviews.say_as_reviewer(ana, submission, text="x", now=NOW),
    ):
        with pytest.raises(reviews.MayNotReview):
            refused()
    with pytest.raises(evidence.SubmissionNotFound):
        evidence.open_evidence_file(ana, file_id, now=NOW)
    [one] = evidence.recusals_of(ana)
    assert (one.learner_id, one.reason) == (cousin, "My cousin")
    evidence.take_back_recusal(ana, cousin, now=NOW)
    assert found(ana) == [submission]
    actions = [entry.action for entry in audit.list_entries(actor_id=ana)]
    assert actions == ["recusal.taken_back", "recusal.declared"]


def test_nobody_declares_about_what_they_may_not_see(ana: int) -> None:
    submission = hand_in(make_user())
    for user, one in ((make_user("stranger"), submission), (ana, "x")):
        with pytest.raises(evidence.SubmissionNotFound):
            evidence.declare_recusal(user, one, reason="", now=NOW)


def test_reviewers_of_the_organisation_that_the_courses_staff_named_may_judge(
    offices_only: OfficesOnly,
) -> None:
    dean, rita = make_user("dean"), make_officer("rita", role="reviewer")
    steward, other = make_officer("sten", role="steward"), make_officer("otto", "reviewer", "elsewhere")
    offices_only.staff.add(dean)
    submission = hand_in(make_user())
    assert found(rita) == []
    evidence.set_rules(dean, evidence.ReviewRules(COURSE, issuer_slug="school"), now=NOW)
    assert found(rita) == [submission]
    for person in (steward, other):
        assert found(person) == []
        with pytest.raises(reviews.SubmissionNotFound):
            reviews.open_desk(person, submission, now=NOW)
    reviews.decide(rita, submission, passed=True, levels={"c": "2"}, comment="", now=NOW)
    assert evidence.reviewer_role(rita, COURSE) == "organisation"
    offices.take_role(rita, "school", "reviewer", actor_id=None, now=NOW)
    assert found(rita, state="all") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer_days": 0}, "1 to 365"),
        ({"answer_days": 400}, "1 to 365"),
        ({"issuer_slug": "a b"}, "Choose"),
    ],
)
def test_rules_are_kept_by_staff_and_within_bounds(
    offices_only: OfficesOnly, ana: int, changes: dict[str, object], said: str
) -> None:
    dean = make_user("dean")
    offices_only.staff.add(dean)
    with pytest.raises(evidence.RulesRefused, match=said):
        evidence.set_rules(dean, evidence.ReviewRules(COURSE, **changes), now=NOW)  # type: ignore[arg-type]
    with pytest.raises(evidence.MayNotReview):
        evidence.set_rules(ana, evidence.ReviewRules(COURSE, answer_days=3), now=NOW)
    assert evidence.rules_of(COURSE) == evidence.ReviewRules(COURSE)


def test_a_promised_day_is_shown(offices_only: OfficesOnly, ana: int) -> None:
    dean = make_user("dean")
    offices_only.staff.add(dean)
    evidence.set_rules(dean, evidence.ReviewRules(COURSE, answer_days=3), now=NOW)
    hand_in(make_user())
    assert reviews.list_queue(ana)[0].due_at == NOW + timedelta(days=3)
    assert reviews.course_figures(dean, COURSE, since=None, now=LATER).overdue == 1
