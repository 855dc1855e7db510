"""A unit's parts become one attainment, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from microcred_app import api
from microcred_app.applets.append_only import AppendOnlyViolation
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.attainments.models import Attainment, DueEvaluation
from tests.fixtures.catalogue import NOW, do_unit, make_user, unit


def test_a_unit_is_complete_when_its_last_part_is_done() -> None:
    learner, spec = make_user(), unit("a", parts=3)
    for position, part in enumerate(spec.parts):
        assert not Attainment.objects.exists()
        progress = api.record_part(learner, spec, part.usage_key, score=1.0, now=NOW)
        assert (progress.done, progress.total) == (position + 1, 3)
    assert progress.complete
    assert Attainment.objects.get().outcome.key == "o.a"


def test_the_same_part_again_changes_nothing_but_a_better_score() -> None:
    learner, spec = make_user(), unit("a", parts=2)
    first, second = (part.usage_key for part in spec.parts)
    api.record_part(learner, spec, first, score=0.4, now=NOW)
    api.record_part(learner, spec, first, score=0.2, now=NOW)
    progress = api.record_part(learner, spec, first, score=0.8, now=NOW)
    assert progress.done == 1
    assert api.record_part(learner, spec, second, score=1.0, now=NOW).score == pytest.approx(0.9)


def test_repeating_a_completed_unit_makes_no_second_attainment() -> None:
    learner = make_user()
    for _again in range(3):
        do_unit(learner, "a", now=NOW + timedelta(days=_again))
    assert Attainment.objects.count() == 1
    assert Attainment.objects.get().attained_at == NOW


def test_a_part_that_is_not_in_the_unit_is_refused() -> None:
    with pytest.raises(attainments.PartNotFound):
        api.record_part(make_user(), unit("a"), "block-v1:Demo+BIKE+1+type@x+block@other", score=1.0, now=NOW)


def test_a_unit_becomes_whole_when_its_author_takes_the_last_open_part_out() -> None:
    learner, spec = make_user(), unit("a", parts=2)
    api.record_part(learner, spec, spec.parts[0].usage_key, score=1.0, now=NOW)
    shorter = replace(spec, parts=spec.parts[:1])
    assert api.unit_progress(learner, shorter, now=NOW).complete
    assert Attainment.objects.count() == 1


def test_a_completed_unit_stays_complete_when_a_part_is_added() -> None:
    learner = make_user()
    do_unit(learner, "a")
    progress = api.unit_progress(learner, unit("a", parts=2), now=NOW)
    assert progress.complete
    assert progress.done == 1


def test_a_unit_without_parts_is_never_complete() -> None:
    assert not api.unit_progress(make_user(), replace(unit("a"), parts=()), now=NOW).complete


def test_a_unit_without_a_known_outcome_completes_and_proves_nothing() -> None:
    spec = replace(unit("a"), outcome_key="gone")
    progress = api.record_part(make_user(), spec, spec.parts[0].usage_key, score=1.0, now=NOW)
    assert progress.complete
    assert not Attainment.objects.exists()


def test_attainments_cannot_be_changed_or_removed() -> None:
    do_unit(make_user(), "a")
    row = Attainment.objects.get()
    row.score = 0.1
    for attempt in (
        row.save,
        row.delete,
        Attainment.objects.all().delete,
        lambda: Attainment.objects.update(score=0),
    ):
        with pytest.raises(AppendOnlyViolation):
            attempt()
    assert Attainment.objects.get().score == 1.0


def test_the_attainment_stands_when_evaluation_fails_and_is_evaluated_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("database went away")

    with monkeypatch.context() as patch:
        patch.setattr("microcred_app.applets.awards.evaluation.read_standings", broken)
        attainments.record_part(make_user(), unit("a"), unit("a").parts[0].usage_key, score=1.0, now=NOW)
    assert Attainment.objects.count() == 1
    marker = DueEvaluation.objects.get()
    assert marker.tries == 1
    assert "database went away" in marker.last_error
    assert api.run_pending_evaluations(now=NOW) == 1
    assert not DueEvaluation.objects.exists()
