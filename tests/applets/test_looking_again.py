"""After a badge is granted, whatever others wrote meanwhile is looked at again; where nobody wrote, nothing is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from microcred_app.applets.attainments.models import Attainment, DueEvaluation, ReportedFact
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards import evaluation
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.skills.models import Outcome
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

DAY = timedelta(days=1)
SUSPENDED_FOR = awards.SuspensionWords("Under investigation", "We look at your sheet again.", None)


@pytest.fixture
def amina() -> int:
    publish("micro-a", {"outcome": "o.a"})
    return make_user()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many learners each look at everything was about."""
    seen: list[int] = []
    read = evaluation.read_standings

    def counted(learner_ids: Any) -> Any:
        seen.append(len(learner_ids))
        return read(learner_ids)

    monkeypatch.setattr(evaluation, "read_standings", counted)
    return seen


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have *act* happen once, after a learner was looked at and before what was found is written."""
    sign, waiting = issuance.sign_due, [act]

    def first_the_other(*args: Any, **kwargs: Any) -> Any:
        if waiting:
            waiting.pop()()
        return sign(*args, **kwargs)

    monkeypatch.setattr(issuance, "sign_due", first_the_other)


def attain(
    learner: int, letter: str, score: float, corrects: Attainment | None = None, *, counts: bool = True
) -> Attainment:
    """A row that nobody evaluates: only who looks after it was written can find it."""
    row: Attainment = Attainment.objects.create(
        learner_id=learner,
        outcome=Outcome.objects.get(key=f"o.{letter}"),
        score=score,
        attained_at=NOW,
        course_key="course-v1:Demo+BIKE+1",
        source_usage_key=f"block-v1:Demo+BIKE+1+type@microcred_unit+block@{letter}",
        source_title="Unit",
        idempotency_key=uuid4().hex,
        corrects=corrects,
        counts=counts,
    )
    return row


def report(learner: int, corrects: ReportedFact | None = None, *, score: float = 0.5) -> ReportedFact:
    row: ReportedFact = ReportedFact.objects.create(
        learner_id=learner,
        kind="grade",
        key="course-v1:Demo+BIKE+1",
        number=score,
        at=NOW,
        recorded_at=NOW,
        idempotency_key=uuid4().hex,
        corrects=corrects,
    )
    return row


def stack(key: str, *leaves: dict[str, Any]) -> None:
    publish(key, {"all": [{"badge": "micro-a"}, *leaves]}, kind="macro")


def test_where_nobody_wrote_everything_is_read_once(amina: int, looks: list[int]) -> None:
    stack("macro", {"outcome": "o.b"})
    do_unit(amina, "a")
    assert looks == [1]
    do_unit(amina, "b")
    assert set(awards.held_badges(amina)) == {"micro-a", "macro"}
    assert not DueEvaluation.objects.exists()


def test_a_badge_that_somebody_else_granted_meanwhile_makes_a_stack(
    amina: int, looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("micro-b", {"outcome": "o.b"})
    stack("macro", {"badge": "micro-b"})
    meanwhile(monkeypatch, lambda: do_unit(amina, "b"))
    do_unit(amina, "a")
    assert set(awards.held_badges(amina)) == {"micro-a", "micro-b", "macro"}
    assert len(looks) == 3, "ours, the other's, and ours again, which finds the stack"
    assert not DueEvaluation.objects.exists()


def test_an_attainment_and_its_correction_are_seen(amina: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stack("macro", {"outcome": "o.b", "minimum_score": 0.8})
    low = attain(amina, "b", 0.5)
    meanwhile(monkeypatch, lambda: attain(amina, "b", 0.9, low))
    do_unit(amina, "a")
    assert set(awards.held_badges(amina)) == {"micro-a", "macro"}


def test_a_correction_that_takes_back_is_seen_before_anything_is_granted(amina: int) -> None:
    stack("macro", {"outcome": "o.b"})
    attain(amina, "b", 0.0, attain(amina, "b", 0.9), counts=False)
    do_unit(amina, "a")
    assert set(awards.held_badges(amina)) == {"micro-a"}


def test_a_reported_fact_and_its_correction_are_seen(amina: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stack("macro", {"grade": "course-v1:Demo+BIKE+1", "minimum": 0.6})
    first = report(amina)
    meanwhile(monkeypatch, lambda: report(amina, first, score=0.8))
    do_unit(amina, "a")
    assert set(awards.held_badges(amina)) == {"micro-a", "macro"}


def test_a_badge_that_was_published_meanwhile_is_looked_at(
    amina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack("first", {"outcome": "o.c"})
    meanwhile(monkeypatch, lambda: stack("second"))
    do_unit(amina, "a")
    assert set(awards.held_badges(amina)) == {"micro-a", "second"}


def test_a_suspension_that_is_lifted_meanwhile_counts(amina: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ruth = make_officer()
    publish("micro-b", {"outcome": "o.b"}, terms=Terms(document_days=30))
    do_unit(amina, "b")
    award_id = awards.held_badges(amina)["micro-b"]
    awards.suspend_award(award_id, actor_id=ruth, words=SUSPENDED_FOR, now=NOW + DAY)
    stack("macro", {"badge": "micro-b"})
    meanwhile(
        monkeypatch,
        lambda: awards.lift_award(award_id, actor_id=ruth, reason="Nothing found", now=NOW + 2 * DAY),
    )
    do_unit(amina, "a", now=NOW + 2 * DAY)
    assert set(awards.held_badges(amina)) == {"micro-a", "micro-b", "macro"}


def test_what_a_cap_left_out_is_looked_at_again(amina: int) -> None:
    attain(amina, "a", 1.0)
    found = evaluation.find_due({amina: {("outcome", "o.a")}}, now=NOW)
    assert [award.badge.key for award in found.awards] == ["micro-a"]
    assert awards.nothing_follows(found, []) is None, "one was found and none written"
